"""Builders and stand-ins for the tests of mail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Transaction

from cases.model import Arrival, Inbound, Parcel
from cases.vocabulary import Channel
from intake.channels.mail.envelope import Envelope, seal
from intake.channels.mail.translate import translate
from tests.intake.channels.doors import MemoryDoors

NOW = datetime(2026, 3, 3, 14, 22, tzinfo=UTC)
DESK = "soporte@example.bo"
CITIZEN = "juan@example.org"


def sealed(mail: str | bytes, mail_from: str = CITIZEN, rcpt_tos: tuple[str, ...] = (DESK,)) -> bytes:
    """Return a mail as the ledger keeps it; a text is written in UTF-8 with CRLF."""
    raw = mail.replace("\n", "\r\n").encode() if isinstance(mail, str) else mail
    return seal(Envelope(mail_from, rcpt_tos, "192.0.2.1:4711", NOW), raw)


def understood(mail: str | bytes, mail_from: str = CITIZEN, rcpt_tos: tuple[str, ...] = (DESK,)) -> Inbound:
    """Return what the channel makes of a mail."""
    return translate(sealed(mail, mail_from, rcpt_tos), NOW)


def a_mail(body: str | bytes = "Hola", *fields: str, sender: str = "Juan <juan@example.org>") -> bytes:
    """Return a mail with the fields a mail has, any others in front of the body."""
    own = "".join(f"{line}\r\n" for line in fields)
    start = f"From: {sender}\r\nTo: {DESK}\r\nMessage-ID: <a@example.org>\r\n{own}\r\n"
    return start.encode() + (body.replace("\n", "\r\n").encode() if isinstance(body, str) else body)


def a_parcel(**changes: Any) -> Parcel:
    """Return one part of an answer to a citizen."""
    facts: dict[str, Any] = {
        "delivery": 7, "message": 5, "part": 0, "channel": Channel.EMAIL, "address": CITIZEN, "desk_address": DESK,
        "body": "Buenos días:\n\nYa funciona.", "subject": "No carga el pago", "automatic": False,
        "references": ("<a@example.org>",), "case": "2026-000123", "attempts": 0,
    }  # fmt: skip
    return Parcel(**(facts | changes))


@dataclass
class FakeDoors(MemoryDoors):
    """Keeps bookmarks and what was set aside too; `broken` makes keeping fail."""

    public_url: str = "https://mesa.example.bo"
    moment: datetime = NOW
    soon: float = 10
    quarantined: list[tuple[str, str, bytes]] = field(default_factory=list)
    bookmarks: dict[str, str] = field(default_factory=dict)
    broken: Exception | None = None

    async def accept(self, arrival: Arrival) -> None:
        if self.broken is not None:
            raise self.broken
        await super().accept(arrival)

    async def quarantine(self, channel: Channel, reason: str, detail: str, payload: bytes) -> None:
        assert channel is Channel.EMAIL
        self.quarantined.append((reason, detail, payload))
        await self.tell()

    async def bookmark(self, name: str) -> str | None:
        return self.bookmarks.get(name)

    async def keep_bookmark(self, name: str, value: str) -> None:
        self.bookmarks[name] = value
        await self.tell()


@dataclass
class Sink:
    """A smarthost's twin: keeps what it is sent and answers as told."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    envelopes: list[Transaction] = field(default_factory=list)
    connections: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    hang_up_at: str | None = None
    opened: list[SMTP] = field(default_factory=list)

    def hang_up(self) -> None:
        """Close every connection, as servers do with idle ones."""
        for known in self.opened:
            if known.transport is not None:
                known.transport.close()

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Transaction, address: str, _options: Any
    ) -> str:
        """Take the sender."""
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Any, envelope: Transaction, address: str, _options: Any
    ) -> str:
        """Take a recipient."""
        envelope.rcpt_tos.append(address)
        return self._answer("RCPT", server)

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Transaction) -> str:  # noqa: N802
        """Keep a mail."""
        self.mails.append(envelope.original_content or b"")
        self.envelopes.append(envelope)
        return self._answer("DATA", server)

    def _answer(self, command: str, server: SMTP) -> str:
        if self.hang_up_at == command and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return self.answers.get(command, "250 OK")


@asynccontextmanager
async def a_smarthost(sink: Sink, **options: Any) -> AsyncIterator[Sink]:
    """Run a sink on a port of its own."""

    def connection() -> SMTP:
        sink.connections += 1
        sink.opened.append(
            SMTP(sink, hostname="smarthost.example", loop=asyncio.get_running_loop(), **options)
        )
        return sink.opened[-1]

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        sink.hang_up()
        await server.wait_closed()
