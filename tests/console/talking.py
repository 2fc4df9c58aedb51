"""Short words for the tests of a case's conversation."""

from typing import Any

from aiohttp import FormData

from cases.model import Case, Message
from cases.traffic import Template
from cases.vocabulary import Channel
from desk.acts import answer
from desk.identities import join
from intake.reply import NOTICE
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Seen, Visit

ROSA_MAIL = "rosa@example.bo"
BY_MAIL = {"channel": Channel.EMAIL, "recipient": "soporte@example.bo"}


async def a_case(desk: DeskUnderTest, *, mail: bool = False, **said: Any) -> Case:
    """Open a case of Rosa's on WhatsApp, with the assistant's answers already out; `mail`: she has an address, too."""
    case = (await desk.receive(a_message(**said))).case
    await desk.dispatch()
    if mail:
        await join(desk.desk, desk.people["operador"], case.number, Channel.EMAIL, ROSA_MAIL, "Lo dijo ella.")
    return case


async def say(desk: DeskUnderTest, case: Case, text: str = "Pruebe ahora.", **how: Any) -> Message:
    return await answer(desk.desk, desk.people["operador"], case.number, text, **how)


async def end(desk: DeskUnderTest, outcome: str, reason: str) -> None:
    """Let everything that is due end so."""
    now = desk.clock.now()

    def act(work: StoreWork) -> None:
        for parcel in work.outbox.claim("test", 20, now):
            getattr(work.outbox, outcome)(parcel.delivery, reason, now)

    await desk.desk.database.write(act)


async def see(visit: Visit, case: Case, more: str = "", who: str = "operador") -> Seen:
    return await (await visit(who)).get(f"/casos/{case.number}{more}")


def a_form(*files: tuple[str, bytes], **fields: str) -> FormData:
    form = FormData(quote_fields=False, default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, content in files:
        form.add_field("files", content, filename=name, content_type="text/plain")
    return form


async def a_template(desk: DeskUnderTest) -> None:
    notice = Template("HX1", NOTICE, "es", "text", "Su caso {{1}} tiene una respuesta.", ("1",), "approved")
    await desk.desk.database.write(lambda work: work.upkeep.keep_templates(Channel.WHATSAPP, [notice]))
