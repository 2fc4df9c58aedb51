"""Machines that answer machines: every loop ends after one answer, and at the day's limit whatever happens."""

import asyncio
import shutil
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.builders import open_desk
from tests.serving import Served, free_port, serving, some_settings

ANA = "soporte@ana.example.bo"
BETO = "soporte@beto.example.bo"
MARKS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Ventanilla-Case", "Precedence", "X-Loop")


class Relay:
    """A server between two desks that passes every mail on, changed or answered as a test wants."""

    def __init__(self, change: Callable[[EmailMessage], EmailMessage | None]) -> None:
        self.change = change
        self.passed: list[EmailMessage] = []
        self.waiting: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail for the next round."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        self.passed.append(message_from_bytes(raw, policy=policy.default))
        onward = self.change(message_from_bytes(raw, policy=policy.default))
        if onward is not None:
            self.waiting.append(onward)
        return "250 taken"

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[None]:
        """Take mails while the context is open."""
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(self), "127.0.0.1", port)
        async with server:
            yield

    async def hand_on(self, port: int) -> None:
        """Deliver what waits to a listener."""
        mails, self.waiting = self.waiting, []
        for mail in mails:
            await post(port, mail)


async def post(port: int, mail: EmailMessage) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.send_message(mail)

    await asyncio.to_thread(send)


def a_mail(sender: str, to: str, text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Prueba"
    mail["Message-ID"] = make_msgid(domain="ana.example.bo")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def a_database(folder: Path, template: Path) -> str:
    folder.mkdir()
    shutil.copy(template, folder / "desk.db")
    url = f"sqlite:///{folder / 'desk.db'}"
    open_desk(url).desk.database.close()
    return url


@asynccontextmanager
async def a_desk(folder: Path, template: Path, address: str, way_out: int) -> AsyncIterator[Served]:
    url = a_database(folder, template)
    settings = some_settings(
        url, folder, mail_address=address, mail_smarthost=f"smtp://127.0.0.1:{way_out}", simulated=False
    )
    async with serving(settings) as served:
        yield served


@pytest.mark.parametrize("stripped", [False, True], ids=["marked", "marks-stripped"])
async def test_two_desks_answer_each_other_once_or_up_to_the_days_limit(
    sqlite_template: Path, tmp_path: Path, *, stripped: bool
) -> None:
    def change(mail: EmailMessage) -> EmailMessage:
        for mark in MARKS if stripped else ():
            del mail[mark]
        return mail

    to_beto, to_ana = Relay(change), Relay(change)
    ports = free_port(), free_port()
    async with (
        to_beto.listening(ports[0]),
        to_ana.listening(ports[1]),
        a_desk(tmp_path / "ana", sqlite_template, ANA, ports[0]) as ana,
        a_desk(tmp_path / "beto", sqlite_template, BETO, ports[1]) as beto,
    ):
        await post(ana.service.settings.smtp_port, a_mail(BETO, ANA, "No abre el portal desde ayer."))
        for _ in range(40):
            for served, relay, other in ((ana, to_beto, beto), (beto, to_ana, ana)):
                await served.work()
                await relay.hand_on(other.service.settings.smtp_port)
                served.clock.advance(minutes=11)

    sent = len(to_beto.passed), len(to_ana.passed)
    assert sent == (1, 0) if not stripped else (max(sent) <= 10 and min(sent) >= 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"Subject_instead": "Respuesta automática: Prueba"},
        {"Subject_instead": "Out of Office: Prueba"},
    ],
    ids=lambda headers: "-".join(headers.values()),
)
async def test_an_out_of_office_reply_is_recorded_and_ends_it(
    sqlite_template: Path, tmp_path: Path, headers: dict[str, str]
) -> None:
    title = headers.get("Subject_instead")
    marks = {name: value for name, value in headers.items() if name != "Subject_instead"}

    def answer(mail: EmailMessage) -> EmailMessage:
        reply = a_mail("luz@persona.example.bo", ANA, "Estoy de vacaciones hasta el lunes.", **marks)
        reply["In-Reply-To"] = mail["Message-ID"]
        if title:
            reply.replace_header("Subject", title)
        return reply

    office = Relay(answer)
    port = free_port()
    async with office.listening(port), a_desk(tmp_path / "ana", sqlite_template, ANA, port) as ana:
        await post(
            ana.service.settings.smtp_port, a_mail("luz@persona.example.bo", ANA, "No abre el portal.")
        )
        for _ in range(10):
            await ana.work()
            await office.hand_on(ana.service.settings.smtp_port)
            ana.clock.advance(minutes=11)
        [number] = await ana.service.desk.database.read(lambda work: work.cases.all_ids())
        messages = await ana.service.desk.database.read(lambda work: work.messages.of(number))

    assert len(office.passed) == 1
    assert [message.automatic for message in messages] == [False, True, True]
