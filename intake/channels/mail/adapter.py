"""Mail's input and output: the listener, and the answers through the smarthost."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from aiohttp import web

from cases.model import Parcel
from intake.channels.channel import Doors, Refusal, Unknown
from intake.channels.mail.compose import compose, deliverable
from intake.channels.mail.listener import listen
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.signature import signer
from intake.channels.mail.smarthost import Smarthost, read_address


class MailAdapter:
    """Mail as the desk has it open; `port` is where the listener waits."""

    def __init__(
        self,
        desk: str | None,
        doors: Doors,
        port: int,
        smarthost: Smarthost | None,
        sign: Callable[[bytes, str], bytes] | None,
    ) -> None:
        self.port = port
        self._desk = desk
        self._doors = doors
        self._smarthost = smarthost
        self._sign = sign

    async def send(self, parcel: Parcel) -> str:
        """Send one part as a mail and return its Message-ID; raises Refusal, Later or Unknown."""
        if self._smarthost is None:
            raise Refusal("No hay servidor de correo de salida configurado (VENTANILLA_MAIL_SMARTHOST).")
        mail = compose(parcel, self._desk, self._doors.now())
        sender = deliverable(self._desk or parcel.desk_address or "")
        recipient = deliverable(parcel.address)
        raw = mail.as_bytes()
        if self._sign is not None:
            raw = self._sign(raw, sender.rpartition("@")[2])
        options = () if (sender + recipient).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        await self._smarthost.send(sender, recipient, raw, options)
        return str(mail["Message-ID"])

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:  # noqa: ARG002  # the protocol's names
        """Mail has nobody to ask whether a part was sent."""
        raise Unknown("El correo no permite preguntar si un mensaje salió.")

    def routes(self) -> Sequence[web.RouteDef]:
        """Return none: nothing of mail comes over the web."""
        return ()


@asynccontextmanager
async def open_mail(settings: MailSettings, doors: Doors) -> AsyncIterator[MailAdapter]:
    """Listen for mail and be ready to send; OSError or ValueError where the settings cannot work."""
    desk = settings.mail_address
    name = (desk or "").rpartition("@")[2] or "ventanilla"
    url = settings.mail_smarthost
    smarthost = Smarthost(read_address(url.get_secret_value()), name) if url else None
    sign = signer(Path(settings.mail_dkim_key)) if settings.mail_dkim_key else None
    try:
        async with AsyncExitStack() as stack:
            port = await stack.enter_async_context(listen(settings, doors)) if doors.listens else 0
            yield MailAdapter(desk, doors, port, smarthost, sign)
    finally:
        if smarthost is not None:
            await smarthost.close()
