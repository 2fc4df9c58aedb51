"""A person on each channel: writes through the provider's twin, and sees what the desk sent."""

import asyncio
import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Protocol

from cases.vocabulary import Channel
from intake.channels.simulated.mailbox import Mailbox, MailFault
from intake.channels.simulated.telegram import Fault as TelegramFault
from intake.channels.simulated.telegram import TelegramTwin
from intake.channels.simulated.twilio import Fault as TwilioFault
from intake.channels.simulated.twilio import TwilioTwin
from service.wiring import Twins
from tests.serving import Served

SLOW = {"unanswered"}
"""Faults that take as long as the channel's own time-out: five minutes by mail."""


class Person(Protocol):
    """Somebody who talks to the desk on one channel."""

    channel: Channel

    async def ready(self) -> None:
        """Wait until the provider knows where the desk is."""
        ...

    async def say(self, text: str) -> None:
        """Write a message."""
        ...

    def seen(self) -> list[str]:
        """Return what the desk sent, as the person sees it."""
        ...

    def fail(self, fault: str) -> None:
        """Let the provider go wrong once, at the next occasion."""
        ...


@dataclass
class OnWhatsApp:
    """Rosa with her phone."""

    twin: TwilioTwin
    number: str = "+59170000001"
    channel: Channel = Channel.WHATSAPP

    async def ready(self) -> None:
        pass

    async def say(self, text: str) -> None:
        await self.twin.send(self.number, text, "Rosa Mamani")

    def seen(self) -> list[str]:
        return self.twin.said(self.number)

    def fail(self, fault: str) -> None:
        self.twin.faults.append(TwilioFault(fault))


@dataclass
class OnTelegram:
    """Rosa in her chat with the bot."""

    twin: TelegramTwin
    chat: int = 7_000_001
    channel: Channel = Channel.TELEGRAM

    async def ready(self) -> None:
        async with asyncio.timeout(20):
            await self.twin.heard("setWebhook")

    async def say(self, text: str) -> None:
        await self.twin.send(self.chat, text)
        await self.twin.updates.deliver()

    def seen(self) -> list[str]:
        return self.twin.said(self.chat)

    def fail(self, fault: str) -> None:
        kind = TelegramFault(fault)
        where = "webhook" if kind in (TelegramFault.TWICE, TelegramFault.SWAPPED) else "sendMessage"
        self.twin.fail(where, kind)


@dataclass
class ByMail:
    """Rosa at her mail program; each mail answers the last one that she got."""

    mailbox: Mailbox
    port: int
    channel: Channel = Channel.EMAIL
    twice: list[bool] = field(default_factory=list)

    async def ready(self) -> None:
        pass

    async def say(self, text: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = "Rosa Mamani <rosa@example.bo>", "soporte@example.bo"
        mail["Subject"], mail["Message-ID"] = "Pagos", make_msgid(domain="example.bo")
        if self.mailbox.mails:
            mail["In-Reply-To"] = self.mailbox.mails[-1]["Message-ID"]
        mail.set_content(text)

        def post() -> None:
            for _ in range(2 if self.twice and self.twice.pop() else 1):
                with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
                    client.send_message(mail)

        await asyncio.to_thread(post)

    def seen(self) -> list[str]:
        bodies = [mail.get_body(("plain",)) for mail in self.mailbox.mails]
        return [re.split(r"\r?\n-- \r?\n", body.get_content())[0].strip() for body in bodies if body]

    def fail(self, fault: str) -> None:
        if fault == "twice":
            self.twice.append(True)
            return
        self.mailbox.fail("DATA", MailFault(fault))


FAULTS: Mapping[Channel, Sequence[str]] = {
    Channel.WHATSAPP: [fault.value for fault in TwilioFault],
    Channel.TELEGRAM: [fault.value for fault in TelegramFault],
    Channel.EMAIL: [*(fault.value for fault in MailFault), "twice"],
}
"""What can go wrong at each provider."""


def person_on(channel: Channel, served: Served) -> Person:
    """Return somebody who talks to a served desk on this channel."""
    twins = served.service.twins
    assert isinstance(twins, Twins)
    if channel is Channel.WHATSAPP:
        return OnWhatsApp(twins.twilio)
    if channel is Channel.TELEGRAM:
        return OnTelegram(twins.telegram)
    return ByMail(twins.mailbox, served.service.settings.smtp_port)
