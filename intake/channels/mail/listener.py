"""The way in: an SMTP or LMTP server that says 250 only once a mail is kept (RFC 5321, 6.1)."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, AnyStr
from weakref import WeakSet

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from cases.model import Arrival
from cases.vocabulary import Channel
from intake.channels.channel import Doors
from intake.channels.mail.envelope import Envelope, arrival_id, seal
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.translate import lane

log = structlog.get_logger(__name__)

LINE_LIMIT = 1_048_576
"""RFC 5321, 4.5.3.1.6 allows 1,000 octets a line, but mails with longer ones exist and are not lost here."""
MAX_RECIPIENTS = 100
IDLE_SECONDS = 300
NOT_NOW = "451 4.3.0 Not stored, try again later"


class DeskSMTP(SMTP):
    """SMTP as the desk speaks it."""

    line_length_limit = LINE_LIMIT


class DeskLMTP(LMTP):
    """LMTP, with one answer for each recipient after the data (RFC 2033, 4.2)."""

    line_length_limit = LINE_LIMIT
    answers_owed = 1

    async def push(self, status: AnyStr) -> None:
        """Send a reply line, as often as it is owed."""
        owed, self.answers_owed = self.answers_owed, 1
        if self.envelope is not None and isinstance(status, str) and status.startswith("354"):
            self.answers_owed = max(1, len(self.envelope.rcpt_tos))
        for _ in range(owed):
            await super().push(status)


class Reception:
    """What the server does with each command; aiosmtpd finds the methods by their names."""

    def __init__(self, doors: Doors, desk: str | None) -> None:
        self._doors = doors
        self._desk = desk.lower() if desk else None

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Transaction, hostname: str, responses: list[str]
    ) -> list[str]:
        """Announce pipelining too (RFC 2920): commands are read one by one from a buffer."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        """Take the desk's own addresses, relay for nobody."""
        if not self.is_ours(address):
            return "550 5.7.1 Relaying denied: this host takes mail for the desk only"
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient ok"

    def is_ours(self, address: str) -> bool:
        """Say whether an address is the desk's own or one of its plus-addresses (RFC 5233)."""
        if self._desk is None:
            return True
        return re.sub(r"\+[^@]*(?=@)", "", address.lower(), count=1) == self._desk

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Transaction) -> str:  # noqa: N802
        """Keep a mail; whatever goes wrong, the other side is asked to try again."""
        now = self._doors.now()
        content = envelope.original_content or b""
        mail_from = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        sealed = seal(
            Envelope(mail_from, tuple(envelope.rcpt_tos), _peer(session), now.astimezone(UTC)), content
        )
        try:
            arrival = Arrival(Channel.EMAIL, arrival_id(sealed), lane(sealed), sealed, now)
            await self._doors.accept(arrival)
        except Exception:
            log.exception("mail_not_stored", peer=_peer(session), size=len(content))
            return NOT_NOW
        return "250 2.6.0 Message stored"

    async def handle_exception(self, error: Exception) -> str:
        """Answer what the server itself could not: never with a reply that makes the sender give up."""
        log.error("mail_session_failed", exc_info=error)
        return NOT_NOW


def _peer(session: Session) -> str:
    peer: Any = session.peer
    return ":".join(map(str, peer[:2])) if isinstance(peer, tuple) else str(peer or "")


@asynccontextmanager
async def listen(settings: MailSettings, doors: Doors) -> AsyncIterator[int]:
    """Listen for mail and give the port; OSError if the address is taken.

    At the end open connections are cut: a mail whose 250 was not said yet comes again and is the same arrival.
    """
    loop = asyncio.get_running_loop()
    kind = DeskLMTP if settings.smtp_lmtp else DeskSMTP
    reception = Reception(doors, settings.mail_address)
    connections: WeakSet[SMTP] = WeakSet()
    domain = (settings.mail_address or "").rpartition("@")[2]

    def connection() -> SMTP:
        opened = kind(
            reception,
            data_size_limit=settings.mail_max_size,
            enable_SMTPUTF8=True,
            hostname=domain or "ventanilla",
            ident="Ventanilla",
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        connections.add(opened)
        return opened

    server = await loop.create_server(connection, settings.smtp_host, settings.smtp_port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for opened in list(connections):
            if opened.transport is not None:
                opened.transport.close()
        await server.wait_closed()
