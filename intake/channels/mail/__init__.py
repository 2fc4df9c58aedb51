"""Mail: SMTP or LMTP in, a smarthost out.

`kind.py` is what the registry lists; everything but `adapter.py`, `listener.py` and `smarthost.py` is pure.
"""
