"""A twin of Twilio with the phones behind it: its Messages and Content APIs, its webhooks, and faults on demand.

`twin.py` puts it together; the real SDK talks to it and notices no difference.
"""

from intake.channels.simulated.twilio.state import Bubble, Fault
from intake.channels.simulated.twilio.twin import TwilioTwin

__all__ = ["Bubble", "Fault", "TwilioTwin"]
