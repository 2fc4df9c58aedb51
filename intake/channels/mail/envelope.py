"""A mail as the ledger keeps it: one line of JSON about its journey, then the bytes as they arrived."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cases.traffic import Checks
from intake.channels.channel import CannotUnderstand
from intake.channels.mail.mime import Fields, split_head
from intake.channels.mail.text import storable

ID_LENGTH = 400
"""The ledger's column has 512 characters and the digest takes 65 of them."""

TRACE = re.compile(
    r"received|return-path|delivered-to|envelope-to|delivery-date|x-.*|authentication-results|arc-.*|dkim-signature"
    r"|domainkey-signature|received-spf|status|lines|content-length|resent-.*"
)
"""Fields that relays add or change on the way; two copies of one mail differ in them (RFC 5321, 4.4)."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the connection said of a mail (RFC 5321, 2.3.1); a null reverse-path is an empty `mail_from`.

    `checks` is what was found out about the sender at reception: what the DNS says later is another matter.
    """

    mail_from: str
    rcpt_tos: tuple[str, ...]
    peer: str
    received: datetime
    checks: Checks | None = None


def seal(envelope: Envelope, mail: bytes) -> bytes:
    """Return the payload that the ledger keeps."""
    facts = asdict(envelope) | {"received": envelope.received.isoformat()}
    return json.dumps(facts).encode() + b"\n" + mail


def unseal(payload: bytes) -> tuple[Envelope, bytes]:
    """Return the envelope and the mail of a payload; CannotUnderstand if it was not made by `seal`."""
    line, found, mail = payload.partition(b"\n")
    try:
        facts = json.loads(line)
        recipients = list(facts["rcpt_tos"] if found else facts["no line end"])
        envelope = Envelope(
            "" if facts["mail_from"] in ("<>", None) else storable(str(facts["mail_from"])).strip(),
            tuple(storable(str(recipient)) for recipient in recipients),
            storable(str(facts["peer"])),
            datetime.fromisoformat(facts["received"]),
            _checks(facts.get("checks")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CannotUnderstand(
            "El correo guardado no tiene sobre: no se puede saber de dónde vino."
        ) from error
    return envelope, mail


def _checks(found: Any) -> Checks | None:
    """Read what was found out about the sender; mails sealed before it was asked have nothing."""
    if found is None:
        return None
    proven = found["proven"]
    return Checks(proven if isinstance(proven, bool) else None, storable(str(found["summary"]))[:500])


def message_id(fields: Fields) -> str | None:
    """Return the Message-ID with its angle brackets, or None (RFC 5322, 3.6.4).

    An id without brackets gets them, as repliers write it into References that way.
    """
    value = storable(fields.first("message-id").decode("utf-8", "replace")).strip()
    if not value:
        return None
    found = re.search(r"<([^<>]+)>", value)
    bare = "".join((found[1] if found else value.strip("<>")).split())
    if not bare:
        return None
    return f"<{shortened(bare)}>"


def shortened(name: str) -> str:
    """Return a Message-ID that fits its column, the overlong part as a digest."""
    return name if len(name) <= ID_LENGTH else f"{name[:300]}.{hashlib.sha256(name.encode()).hexdigest()}"


def arrival_id(payload: bytes) -> str:
    """Return the id under which a sealed mail is one arrival.

    With a Message-ID: that and a digest of what the author wrote, so that a repeated delivery is one message
    although relays add fields on the way, and a reused id with another content is another message. Without one, a
    relayed mail is told by its bytes and envelope (a relay's retry repeats them, its Received names each mail);
    one handed in directly, which nothing distinguishes, is always a message of its own.
    """
    _, _, mail = payload.partition(b"\n")
    fields, body = split_head(mail)
    name = message_id(fields)
    if name is not None:
        digest = hashlib.sha256()
        for field, value in fields.items:
            if not TRACE.fullmatch(field):
                digest.update(field.encode() + b":" + b" ".join(value.split()) + b"\n")
        digest.update(b"\n" + body)
        return f"{name}:{digest.hexdigest()}"
    if fields.first("received"):
        envelope, _ = unseal(payload)
        facts = json.dumps([envelope.mail_from, envelope.rcpt_tos]).encode()
        return f"sha256:{hashlib.sha256(facts + mail).hexdigest()}"
    return f"sha256:{hashlib.sha256(payload).hexdigest()}"
