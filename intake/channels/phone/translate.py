"""An operator's note → a message."""

import json
from datetime import datetime

import phonenumbers

from cases.model import Inbound
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand

REGION = "BO"


def normal_number(typed: str) -> str | None:
    """Return a number as E.164, read as a Bolivian one unless it says otherwise; None if it cannot be one."""
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_dialled(number: str) -> str:
    """Return an E.164 number as people of its country dial it; anything else as it is."""
    try:
        return str(phonenumbers.parse(number).national_number)
    except phonenumbers.NumberParseException:
        return number


def translate(payload: bytes, received: datetime) -> Inbound:
    """Make a message of a note; raises CannotUnderstand."""
    try:
        note = json.loads(payload)
        return Inbound(
            channel=Channel.PHONE,
            provider_id=note["id"],
            sender=note["phone"],
            recipient=note["by"],
            sender_name=note["name"] or None,
            text=note["text"],
            system=note.get("system"),
            at=received,
        )
    except (ValueError, KeyError, TypeError) as broken:
        raise CannotUnderstand(f"the note is incomplete: {broken}") from broken
