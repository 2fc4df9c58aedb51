"""Mail's input and output: the listener and the mailbox, and the answers through the smarthost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aiohttp import web

from cases.model import Parcel
from intake.channels.channel import Doors, Finding, Later, Refusal, Unknown
from intake.channels.mail.compose import compose, deliverable, reply_address
from intake.channels.mail.dns import Lookup, over_the_net
from intake.channels.mail.imap import Mailbox, MailboxAddress, MailboxFailed, NotDone, read_mailbox
from intake.channels.mail.judge import Judge
from intake.channels.mail.listener import listen
from intake.channels.mail.polling import Poller
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
        mailbox: MailboxAddress | None = None,
    ) -> None:
        self.port = port
        self._mailbox = mailbox
        self._desk = desk
        self._doors = doors
        self._smarthost = smarthost
        self._sign = sign

    async def send(self, parcel: Parcel) -> str:
        """Send one part as a mail and return its Message-ID; raises Refusal, Later or Unknown."""
        if self._smarthost is None:
            raise Refusal("No hay servidor de correo de salida configurado (VENTANILLA_MAIL_SMARTHOST).")
        if parcel.case_page and parcel.case_page.startswith("/"):
            parcel = replace(parcel, case_page=self._doors.public_url.rstrip("/") + parcel.case_page)
        mail = compose(parcel, self._desk, self._doors.now())
        sender = deliverable(self._desk or parcel.desk_address or "")
        recipient = deliverable(parcel.address)
        raw = mail.as_bytes()
        if self._sign is not None:
            raw = self._sign(raw, sender.rpartition("@")[2])
        options = () if (sender + recipient).isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        # Reports of non-delivery come back to the envelope's sender, and so to the case, whatever they quote.
        await self._smarthost.send(reply_address(parcel, sender), recipient, raw, options)
        return str(mail["Message-ID"])

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:  # noqa: ARG002  # the protocol's names
        """Mail has nobody to ask whether a part was sent."""
        raise Unknown("El correo no permite preguntar si un mensaje salió.")

    async def probe(self) -> Sequence[Finding]:
        """Open a session with the smarthost and log in to the mailbox; the listener's state is this node's own."""
        found = [await self._way_out()]
        if self.port:
            found.append(Finding("Correo que entra", good=True, said=f"Se espera en el puerto {self.port}."))
        if self._mailbox is not None:
            found.append(await self._box(self._mailbox))
        return found

    async def _way_out(self) -> Finding:
        part = "Servidor de salida"
        if self._smarthost is None:
            return Finding(part, good=False, said="No está configurado (VENTANILLA_MAIL_SMARTHOST).")
        try:
            return Finding(part, good=True, said=await self._smarthost.probe())
        except Later as away:
            return Finding(part, good=False, said=away.why)

    async def _box(self, mailbox: MailboxAddress) -> Finding:
        part = "Buzón (IMAP)"

        def look() -> int:
            opened = Mailbox(mailbox)
            try:
                return len(opened.unseen())
            finally:
                opened.cut()

        try:
            unseen = await asyncio.to_thread(look)
        except (MailboxFailed, NotDone) as failed:
            return Finding(part, good=False, said=f"{mailbox.host} no deja entrar: {failed}")
        return Finding(part, good=True, said=f"{mailbox.host}, carpeta {mailbox.folder}: {unseen} sin leer.")

    def routes(self) -> Sequence[web.RouteDef]:
        """Return none: nothing of mail comes over the web."""
        return ()


@asynccontextmanager
async def open_mail(
    settings: MailSettings, doors: Doors, *, lookups: Callable[[], Lookup] = over_the_net
) -> AsyncIterator[MailAdapter]:
    """Listen for mail, read the mailbox if there is one, and be ready to send.

    `lookups` makes the DNS function with which one mail's sender is checked. OSError or ValueError where the settings
    cannot work.
    """
    desk = settings.mail_address
    name = (desk or "").rpartition("@")[2] or "ventanilla"
    url = settings.mail_smarthost
    smarthost = Smarthost(read_address(url.get_secret_value()), name) if url else None
    mailbox = read_mailbox(settings.mail_imap_url.get_secret_value()) if settings.mail_imap_url else None
    sign = signer(Path(settings.mail_dkim_key)) if settings.mail_dkim_key else None
    try:
        async with AsyncExitStack() as stack:
            judge = await stack.enter_async_context(Judge(settings, lookups))
            port = await stack.enter_async_context(listen(settings, doors, judge)) if doors.listens else 0
            if doors.listens and mailbox is not None:
                await stack.enter_async_context(_working(Poller(mailbox, settings, doors, judge)))
            yield MailAdapter(desk, doors, port, smarthost, sign, mailbox)
    finally:
        if smarthost is not None:
            await smarthost.close()


@asynccontextmanager
async def _working(poller: Poller) -> AsyncIterator[None]:
    """Let a mailbox be read while the context is open."""
    task = asyncio.create_task(poller.run(), name="mail-imap")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
