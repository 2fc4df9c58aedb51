"""How the channels do: what came and went, what waits, what went wrong, templates and nights."""

from datetime import timedelta

import pytest

from cases.vocabulary import Channel
from console.pages.channels import OPEN_CHANNELS
from intake.reply import NOTICE
from store.work import StoreWork
from tests.builders import DeskUnderTest
from tests.console.conftest import Visit
from tests.console.talking import a_case, a_template, end, say


async def test_the_page_of_the_channels_tells_how_each_does(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk, mail=True)
    await a_template(desk)
    await say(desk, case, "Una.")
    await end(desk, "failed", "El número no tiene WhatsApp")
    await say(desk, case, "Dos.")
    await end(desk, "uncertain", "Se cortó la conexión")
    desk.clock.advance(hours=25)
    held = await say(desk, case, "Tres.")
    await say(desk, case, "Cuatro.", channel=Channel.EMAIL)
    desk.clock.advance(minutes=40)
    found = {"seen": 9, "missing_here": ["SM1", "SM2"], "taken_in": ["SM1"], "missing_there": ["SM3"]}

    def night(work: StoreWork) -> None:
        work.upkeep.keep_reconciliation(Channel.WHATSAPP, "2026-03-02", found, desk.clock.now())

    await desk.desk.database.write(night)

    seen = await (await visit("supervisor")).get("/canales")

    link = f'href="/casos/{case.number}#mensaje-'
    assert "El número no tiene WhatsApp" in seen.words
    assert "Se cortó la conexión" in seen.words
    assert f"{link}{held.id}" in seen.source
    assert seen.source.count(link) >= 3
    assert f"{NOTICE} es aprobada Su caso {{{{1}}}} tiene una respuesta." in seen.words
    assert "faltaban 2 aquí" in seen.words
    assert "1 se registró tarde" in seen.words
    assert "falta 1 en el proveedor" in seen.words
    assert "hace 40 min" in seen.words
    assert "configurado" not in seen.words


async def test_the_page_of_the_channels_tells_which_are_configured(visit: Visit) -> None:
    supervisor = await visit("supervisor")
    app = supervisor.client.app
    assert app is not None
    app._state[OPEN_CHANNELS] = frozenset({Channel.EMAIL})  # as the service does before it starts

    seen = await supervisor.get("/canales")

    mail = seen.source.split('id="channel-email"')[1].split("</div>")[0]
    phone = seen.source.split('id="channel-phone"')[1].split("</div>")[0]
    assert '<span class="badge good">configurado</span>' in mail
    assert "sin configurar" in phone


@pytest.mark.parametrize(
    ("who", "status"), [("operador", 403), ("uit", 403), ("supervisor", 200), ("admin", 200)]
)
async def test_the_page_of_the_channels_is_for_those_who_watch_over_them(
    visit: Visit, who: str, status: int
) -> None:
    assert (await (await visit(who)).get("/canales")).status == status


async def test_old_troubles_are_left_out(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)
    await say(desk, case)
    await end(desk, "failed", "El número no tiene WhatsApp")
    desk.clock.at += timedelta(days=8)

    seen = await (await visit("admin")).get("/canales")

    assert "El número no tiene WhatsApp" not in seen.words
    assert "Nada falló en los últimos 7 días." in seen.words
