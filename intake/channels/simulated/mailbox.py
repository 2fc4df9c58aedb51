"""A twin of a smarthost: takes the desk's mails, shows them, and fails on demand."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 200


class MailFault(StrEnum):
    """What can go wrong with one command of a session (MAIL, RCPT or DATA)."""

    GREYLISTED = "greylisted"
    """451: come back later."""
    BUSY = "busy"
    """421, and the connection ends."""
    NO_SUCH_USER = "no-such-user"
    """550 5.1.1."""
    REFUSED = "refused"
    """554 5.7.1: not this mail."""
    RESET = "reset"
    """The connection breaks before the command is done."""
    CUT = "cut"
    """The command is done (after DATA: the mail is kept), and the connection breaks before the answer."""
    UNANSWERED = "unanswered"
    """The command is done, and no answer comes."""


ANSWERS = {
    MailFault.GREYLISTED: "451 4.7.1 Greylisted, try again later",
    MailFault.BUSY: "421 4.3.2 Too busy",
    MailFault.NO_SUCH_USER: "550 5.1.1 No such user here",
    MailFault.REFUSED: "554 5.7.1 Message refused by policy",
}


@dataclass(slots=True)
class Mailbox:
    """The mails that the desk has sent, the newest last; `faults` are what happens to the next commands, see `fail`.

    `envelopes` are the sender and the recipients of each mail; both lists are cut to the last 200.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    faults: dict[str, deque[MailFault]] = field(default_factory=lambda: defaultdict(deque))
    _let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, command: str, *faults: MailFault) -> None:
        """Let the next commands of one kind go wrong, one after another."""
        if command.upper() not in ("MAIL", "RCPT", "DATA"):
            raise ValueError("only MAIL, RCPT and DATA fail")
        self.faults[command.upper()].extend(faults)

    def let_go(self) -> None:
        """Answer what hangs, as a server does that is about to stop."""
        self._let_go.set()

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name, as below
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a sender."""
        fault = self._next("MAIL", server)
        if fault not in ANSWERS:
            envelope.mail_from = address
        return await self._answer(fault, server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient."""
        fault = self._next("RCPT", server)
        if fault not in ANSWERS:
            envelope.rcpt_tos.append(address)
        return await self._answer(fault, server)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one mail."""
        fault = self._next("DATA", server)
        if fault not in ANSWERS and fault is not MailFault.RESET:
            content = envelope.content
            raw = content if isinstance(content, bytes) else (content or "").encode()
            self.mails.append(message_from_bytes(raw, policy=policy.default))
            self.envelopes.append((envelope.mail_from or "", tuple(envelope.rcpt_tos)))
            del self.mails[:-KEPT], self.envelopes[:-KEPT]
        return await self._answer(fault, server)

    def _next(self, command: str, server: SMTP) -> MailFault | None:
        """Return what goes wrong with a command, and break the connection where it breaks first."""
        fault = self.faults[command].popleft() if self.faults[command] else None
        if fault is MailFault.RESET:
            _abort(server)
        return fault

    async def _answer(self, fault: MailFault | None, server: SMTP) -> str:
        if fault is MailFault.UNANSWERED:
            await self._let_go.wait()
        if fault in (MailFault.UNANSWERED, MailFault.CUT):
            _abort(server)
        elif fault is MailFault.BUSY and server.transport is not None:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return "250 kept" if fault is None else ANSWERS.get(fault, "250 kept")

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Take mails while the context is open; gives the port (0 asks for a free one)."""
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="mailbox.example.bo", enable_SMTPUTF8=True), host, port
        )
        async with server:
            try:
                yield server.sockets[0].getsockname()[1]
            finally:
                self.let_go()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the mailbox as a person's mail program sees it, and how to make it fail."""
        return (
            web.get("/simulated/mailbox", self.show),
            web.post("/simulated/mailbox/faults", self.take_fault),
        )

    async def show(self, _request: web.Request) -> web.Response:
        """Return the mails, the newest first."""
        return web.json_response([_described(mail) for mail in reversed(self.mails)])

    async def take_fault(self, request: web.Request) -> web.Response:
        """Let the next commands fail: the form's `command`, and `fault` once for each."""
        form = await request.post()
        try:
            self.fail(
                str(form.get("command", "")), *(MailFault(str(one)) for one in form.getall("fault", []))
            )
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.Response(status=204)


def _abort(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def _described(mail: EmailMessage) -> dict[str, str]:
    body = mail.get_body(("plain",))
    headers = {
        name: str(mail.get(name, ""))
        for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To")
    }
    return {**headers, "text": body.get_content() if body is not None else ""}
