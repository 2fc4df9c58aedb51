"""What mail asks of the DNS, as a function, so that a test can answer from a table."""

import time
from collections.abc import Callable, Sequence

from dns import exception, resolver
from dns.rdatatype import RdataType

from intake.channels.mail.text import one_line

Lookup = Callable[[str, str], Sequence[str]]
"""`lookup(name, kind)` returns the records of a name as text: `TXT` joined, `MX` as "10 mx.example.bo", none as
nothing; raises `DnsFailed` where nobody knows. It blocks, and is called outside the event loop."""

QUERY_SECONDS = 3.0
MAIL_SECONDS = 8.0
"""Everything that one mail may ask together; a sender's slow servers do not hold up its reception for longer."""


class DnsFailed(Exception):
    """No answer, or none that says whether there is something."""


def over_the_net(asked: resolver.Resolver | None = None) -> Lookup:
    """Return a lookup for one mail, over the host's resolvers; after eight seconds it only fails."""
    until = time.monotonic() + MAIL_SECONDS

    def lookup(name: str, kind: str) -> Sequence[str]:
        left = min(QUERY_SECONDS, until - time.monotonic())
        if left <= 0:
            raise DnsFailed("El DNS no respondió a tiempo.")
        try:
            servers = asked or resolver.get_default_resolver()
            found = servers.resolve(name, kind, lifetime=left, raise_on_no_answer=False)
        except resolver.NXDOMAIN:
            return ()
        except (exception.DNSException, OSError, UnicodeError, ValueError) as error:
            raise DnsFailed(one_line(str(error))[:200]) from error
        if found.rdtype == RdataType.TXT:
            return [
                b"".join(record.strings).decode("utf-8", "surrogateescape") for record in found.rrset or ()
            ]
        return [record.to_text() for record in found.rrset or ()]

    return lookup
