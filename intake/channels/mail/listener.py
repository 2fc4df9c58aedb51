"""The way in: an SMTP or LMTP server that says 250 only once a mail is kept (RFC 5321, 6.1)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, AnyStr

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from cases.model import Arrival
from cases.vocabulary import Channel
from intake.channels.channel import Doors
from intake.channels.mail.addresses import without_detail
from intake.channels.mail.envelope import Envelope, arrival_id, seal
from intake.channels.mail.judge import Judge
from intake.channels.mail.limits import Hourly
from intake.channels.mail.proof import Handover
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.translate import lane

log = structlog.get_logger(__name__)

LINE_LIMIT = 1_048_576
"""RFC 5321, 4.5.3.1.6 allows 1,000 octets a line, but mails with longer ones exist and are not lost here."""
MAX_RECIPIENTS = 100
IDLE_SECONDS = 300
MAX_CONNECTIONS = 200
"""At once, from everywhere; each may hold one mail in memory."""
MAX_FROM_ONE = 20
"""At once from one machine that is no relay of one's own."""
SENDERS_OF_ONE = 10
"""How many senders' hourly share one machine may use up."""
NOT_NOW = "451 4.3.0 Not stored, try again later"
TOO_MUCH = "450 4.7.1 Too much mail from this sender within an hour, try again later"
TOO_MANY = b"421 4.3.2 Too many connections, try again later\r\n"


class Doorway(SMTP):
    """A connection that counts itself, and that closes at once where there are too many."""

    line_length_limit = LINE_LIMIT
    lobby: "Lobby"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a session, also again after STARTTLS."""
        super().connection_made(transport)
        if not self.lobby.enters(self) and isinstance(transport, asyncio.WriteTransport):
            transport.write(TOO_MANY)
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """End a session."""
        self.lobby.inside.pop(self, None)
        super().connection_lost(error)


class DeskSMTP(Doorway):
    """SMTP as the desk speaks it."""


class DeskLMTP(Doorway, LMTP):
    """LMTP, with one answer for each recipient after the data (RFC 2033, 4.2)."""

    answers_owed = 1

    async def push(self, status: AnyStr) -> None:
        """Send a reply line, as often as it is owed."""
        owed, self.answers_owed = self.answers_owed, 1
        if self.envelope is not None and isinstance(status, str) and status.startswith("354"):
            self.answers_owed = max(1, len(self.envelope.rcpt_tos))
        for _ in range(owed):
            await super().push(status)


class Lobby:
    """The open connections and the machines that they are from."""

    def __init__(self, judge: Judge, most: int = MAX_CONNECTIONS) -> None:
        self.inside: dict[Doorway, str] = {}
        self._judge = judge
        self._most = most

    def enters(self, door: Doorway) -> bool:
        """Take a connection in, or say that there are too many."""
        if door in self.inside:
            return True
        host = host_of(door.session)
        same = sum(known == host for known in self.inside.values())
        if len(self.inside) >= self._most or (same >= MAX_FROM_ONE and not self._judge.is_relay(host)):
            log.warning("mail_too_many_connections", peer=host, open=len(self.inside))
            return False
        self.inside[door] = host
        return True

    def close(self) -> None:
        """Cut every connection."""
        for door in list(self.inside):
            if door.transport is not None:
                door.transport.close()


class Reception:
    """What the server does with each command; aiosmtpd finds the methods by their names."""

    def __init__(self, doors: Doors, judge: Judge, desk: str | None, per_hour: int) -> None:
        self._doors = doors
        self._judge = judge
        self._desk = without_detail(desk) if desk else None
        self._senders = Hourly(per_hour)
        self._machines = Hourly(per_hour * SENDERS_OF_ONE)

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Transaction, hostname: str, responses: list[str]
    ) -> list[str]:
        """Announce pipelining too (RFC 2920): commands are read one by one from a buffer."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Transaction, address: str, options: list[str]
    ) -> str:
        """Begin a mail, unless its sender has sent very many."""
        if self._is_too_much(address, host_of(session)):
            log.warning("mail_too_much", peer=host_of(session), sender=address)
            return TOO_MUCH
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Sender ok"

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
        return self._desk is None or without_detail(address) == self._desk

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Transaction) -> str:  # noqa: N802
        """Keep a mail; whatever goes wrong, the other side is asked to try again."""
        now = self._doors.now()
        content = envelope.original_content or b""
        mail_from = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        host = host_of(session)
        handover = Handover(host, str(session.host_name or ""), mail_from)
        try:
            checks = await self._judge.judge(content, handover)
            sealed = seal(
                Envelope(mail_from, tuple(envelope.rcpt_tos), _peer(session), now.astimezone(UTC), checks),
                content,
            )
            arrival = Arrival(Channel.EMAIL, arrival_id(sealed), lane(sealed), sealed, now)
            await self._doors.accept(arrival)
        except Exception:
            log.exception("mail_not_stored", peer=_peer(session), size=len(content))
            return NOT_NOW
        if mail_from and not self._judge.is_relay(host):
            self._senders.note(f"{mail_from.lower()} {host}", now)
            self._machines.note(host, now)
        return "250 2.6.0 Message stored"

    def _is_too_much(self, sender: str, host: str) -> bool:
        """Judge a sender's rate; reports of non-delivery are exempt, and one's own servers, which bring everybody's mail."""
        if sender in ("", "<>") or self._judge.is_relay(host):
            return False
        now = self._doors.now()
        return self._senders.is_full(f"{sender.lower()} {host}", now) or self._machines.is_full(host, now)

    async def handle_exception(self, error: Exception) -> str:
        """Answer what the server itself could not: never with a reply that makes the sender give up."""
        log.error("mail_session_failed", exc_info=error)
        return NOT_NOW


def host_of(session: Session | None) -> str:
    """Return the machine at the other end of a session; empty for a local socket."""
    peer: Any = session.peer if session is not None else None
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


def _peer(session: Session) -> str:
    peer: Any = session.peer
    return ":".join(map(str, peer[:2])) if isinstance(peer, tuple) else str(peer or "")


def _tls(settings: MailSettings) -> ssl.SSLContext | None:
    """Return the certificate to offer; OSError or ValueError if it cannot be used."""
    if settings.smtp_tls_cert is None:
        if settings.smtp_tls_key is not None:
            raise ValueError(
                "VENTANILLA_SMTP_TLS_KEY: falta VENTANILLA_SMTP_TLS_CERT, el certificado de esa clave."
            )
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.smtp_tls_cert, settings.smtp_tls_key)
    except ssl.SSLError as error:
        raise ValueError(
            f"VENTANILLA_SMTP_TLS_CERT: {settings.smtp_tls_cert} no sirve con su clave: {error}"
        ) from error
    return context


@asynccontextmanager
async def listen(
    settings: MailSettings, doors: Doors, judge: Judge, *, most: int = MAX_CONNECTIONS
) -> AsyncIterator[int]:
    """Listen for mail and give the port; OSError if the address is taken, ValueError if the certificate is unusable.

    At the end open connections are cut: a mail whose 250 was not said yet comes again and is the same arrival.
    """
    loop = asyncio.get_running_loop()
    kind = DeskLMTP if settings.smtp_lmtp else DeskSMTP
    ours = None if settings.mail_any_recipient else settings.mail_address
    reception = Reception(doors, judge, ours, settings.mail_per_hour)
    lobby = Lobby(judge, most)
    tls = _tls(settings)
    domain = (settings.mail_address or "").rpartition("@")[2]

    def connection() -> Doorway:
        opened = kind(
            reception,
            data_size_limit=settings.mail_max_size,
            enable_SMTPUTF8=True,
            hostname=domain or "ventanilla",
            ident="Ventanilla",
            timeout=IDLE_SECONDS,
            tls_context=tls,
            loop=loop,
        )
        opened.lobby = lobby
        return opened

    server = await loop.create_server(connection, settings.smtp_host, settings.smtp_port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        lobby.close()
        await server.wait_closed()
