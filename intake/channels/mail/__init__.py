"""Mail: SMTP, LMTP or a mailbox in, a smarthost out.

`kind.py` is what the registry lists; what does I/O is `adapter.py`, `listener.py`, `polling.py`, `imap.py`, `judge.py`, `dns.py` and `smarthost.py`, the rest is pure.
"""
