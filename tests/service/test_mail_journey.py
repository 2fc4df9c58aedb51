"""Mail from a real SMTP client to the listener, and the answer at the smarthost, in the same thread."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from cases.model import Case
from desk.acts import answer
from store.work import StoreWork
from tests.serving import Served, serving, some_settings


@pytest.fixture
async def served(desk_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A served desk whose workers stand still until told."""
    async with serving(some_settings(desk_url, tmp_path)) as running:
        yield running


def a_mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    defaults = {
        "From": "Elena Vargas <elena@example.bo>",
        "To": "soporte@example.bo",
        "Subject": "Página de pagos",
        "Message-ID": "<first@example.bo>",
    }
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in (defaults | said).items():
        mail[name] = value
    mail.set_content("Buenos días:\n\nNo carga la página de pagos en toda la oficina.\n\nElena")
    return mail


async def send(served: Served, mail: EmailMessage) -> None:
    port = served.service.settings.smtp_port

    def post() -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.send_message(mail)

    await asyncio.to_thread(post)


async def the_case(served: Served) -> Case:
    def read(work: StoreWork) -> Case:
        [number] = work.cases.all_ids()
        return work.cases.by_id(number)

    return await served.service.desk.database.read(read)


async def test_a_mail_opens_a_case_and_the_answer_is_a_reply_in_its_thread(served: Served) -> None:
    await send(served, a_mail())
    await served.work()
    case = await the_case(served)
    operator = await served.service.desk.database.read(lambda work: work.accounts.named("operador"))
    assert operator is not None
    await answer(served.service.desk, operator[0], case.number, "Ya se restableció la página de pagos.")
    await served.work()

    assert case.subject == "Página de pagos"
    assert served.service.twins is not None
    acknowledgement, reply = served.service.twins.mailbox.mails
    assert acknowledgement["In-Reply-To"] == "<first@example.bo>"
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert reply["In-Reply-To"] == "<first@example.bo>"
    assert "<first@example.bo>" in str(reply["References"])
    assert str(reply["Subject"]).startswith("Re: Página de pagos")
    assert case.number in str(reply["Subject"])
    assert reply["Auto-Submitted"] is None
    plain, html = reply.get_body(("plain",)), reply.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Ya se restableció la página de pagos." in plain.get_content()


async def test_a_reply_to_the_answer_joins_the_case(served: Served) -> None:
    await send(served, a_mail())
    await served.work()
    case = await the_case(served)
    assert served.service.twins is not None
    name = str(served.service.twins.mailbox.mails[0]["Message-ID"])

    await send(
        served, a_mail(Message_ID="<second@example.bo>", In_Reply_To=name, Subject="Re: Página de pagos")
    )
    await served.work()

    messages = await served.service.desk.database.read(lambda work: work.messages.of(case.id))
    assert [message.provider_id is not None for message in messages if message.direction == "in"] == [
        True,
        True,
    ]


async def test_the_same_mail_again_is_one_message(served: Served) -> None:
    for _ in range(2):
        await send(served, a_mail())
    await served.work()

    case = await the_case(served)
    messages = await served.service.desk.database.read(lambda work: work.messages.of(case.id))
    assert len([message for message in messages if message.direction == "in"]) == 1
