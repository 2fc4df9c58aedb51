"""A twin of a smarthost: takes the desk's mails and shows them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 200


@dataclass(slots=True)
class Mailbox:
    """The mails that the desk has sent, the newest last."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.mails.append(message_from_bytes(raw, policy=policy.default))
        del self.mails[:-KEPT]
        return "250 kept"

    @asynccontextmanager
    async def listening(self, host: str, port: int) -> AsyncIterator[int]:
        """Take mails while the context is open; gives the port (0 asks for a free one)."""
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(self, hostname="mailbox.example.bo", enable_SMTPUTF8=True), host, port
        )
        async with server:
            yield server.sockets[0].getsockname()[1]

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the mailbox as a person's mail program sees it."""
        return (web.get("/simulated/mailbox", self.show),)

    async def show(self, _request: web.Request) -> web.Response:
        """Return the mails, the newest first."""
        return web.json_response([_described(mail) for mail in reversed(self.mails)])


def _described(mail: EmailMessage) -> dict[str, str]:
    body = mail.get_body(("plain",))
    headers = {
        name: str(mail.get(name, "")) for name in ("From", "To", "Subject", "Message-ID", "In-Reply-To")
    }
    return {**headers, "text": body.get_content() if body is not None else ""}
