"""Mailed reports: scheduled on a page, written with their tables and their paper, in the language asked for."""

import io
import zipfile

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from cases.model import Parcel
from console.pages.schedules import MAIL_GOES_OUT
from console.report_mail import letters
from desk.scheduled_reports import schedule, send_due, send_now
from intake.channels.mail.compose import compose
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit

HERE = "/reportes/envios"


async def test_a_mailing_is_scheduled_sent_and_stopped(visit: Visit) -> None:
    supervisor = await visit("supervisor")
    assert "Ningún envío programado" in (await supervisor.get(HERE)).words
    wrong = await supervisor.post(HERE, {"address": "nadie", "every": "week", "language": "es"})
    assert wrong.status == 422
    assert "Escriba una dirección de correo" in wrong.words

    added = await supervisor.post(HERE, {"address": "ana@example.bo", "every": "month", "language": "en"})
    assert added.onward == f"{HERE}?hecho=agregado"
    page = await supervisor.get(added.onward)
    assert "ana@example.bo" in page.words
    assert "cada día 1: el mes anterior" in page.words
    assert "todavía no salió ninguno" in page.words

    assert (await supervisor.post(f"{HERE}/1/ahora")).onward == f"{HERE}?hecho=enviando"
    assert (await (await visit("operador")).post(f"{HERE}/1/quitar")).status == 403
    assert (await supervisor.post(f"{HERE}/1/quitar")).onward == f"{HERE}?hecho=quitado"
    assert (await supervisor.post(f"{HERE}/1/quitar")).status == 404


@pytest.mark.parametrize(("goes", "said"), [(False, True), (True, False)])
async def test_a_desk_without_mail_says_so(
    visit: Visit, client: TestClient[web.Request, web.Application], *, goes: bool, said: bool
) -> None:
    client.app._state[MAIL_GOES_OUT] = goes

    seen = await (await visit("supervisor")).get(HERE)

    assert ("no tiene correo de salida" in seen.words) is said


@pytest.mark.parametrize(
    ("language", "title", "lead"),
    [
        ("es", "Informe del día: 2 mar 2026", "Llegaron 1 casos y se cerraron 0."),
        ("en", "Report of the day: 2 Mar 2026", "1 cases came in and 0 were closed."),
    ],
)
async def test_a_letter_has_words_a_workbook_and_a_paper_that_stands_alone(
    desk: DeskUnderTest, language: str, title: str, lead: str
) -> None:
    supervisor, sent = desk.people["supervisor"], list[Parcel]()
    await desk.receive(a_message())
    desk.clock.advance(days=1)
    number = await schedule(desk.desk, supervisor, "ana@example.bo", "day", language)
    await send_now(desk.desk, supervisor, number)

    async def post(parcel: Parcel) -> str:
        sent.append(parcel)
        return "<a@example.bo>"

    assert await send_due(desk.desk, letters(desk.desk), post) == 1

    [parcel] = sent
    assert (parcel.subject or "").replace("Mar 2, 2026", "2 Mar 2026") == title
    assert lead in parcel.body
    assert "http://127.0.0.1:8080/reportes?" in parcel.body
    book, paper = parcel.attachments
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None
    page = paper.content.decode()
    assert "<style>" in page
    assert "--accent" in page
    assert 'href="/' not in page
    assert "src=" not in page
    mail = compose(parcel, "mesa@example.bo", desk.clock.now())
    assert mail["Subject"] == parcel.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert len(list(mail.iter_attachments())) == 2
