"""The quarantine."""

import pytest

from cases.model import Arrival
from cases.vocabulary import Channel
from store.work import StoreWork
from tests.builders import DeskUnderTest
from tests.console.conftest import Visit


async def test_a_forged_message_can_only_be_discarded(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    now = desk.clock.now()

    def keep(work: StoreWork) -> None:
        work.ledger.quarantine(Channel.WHATSAPP, "forged", "firma", b"Body=<b>hola</b>", now)

    await desk.desk.database.write(keep)
    page = await operator.get("/cuarentena")
    assert "Firma falsa o ausente" in page.words
    assert "puede haberlo enviado cualquiera" in page.words
    assert "No se puede liberar: solo puede descartarse." in page.words
    assert "Body=<b>hola</b>" in page.words
    assert "<b>hola" not in page.source
    assert "/liberar" not in page.source

    assert (await operator.post("/cuarentena/1/liberar")).status == 409
    assert (await operator.post("/cuarentena/1/descartar")).onward == "/cuarentena"
    assert (await operator.post("/cuarentena/1/descartar")).status == 409
    assert "La cuarentena está vacía" in (await operator.get("/cuarentena")).words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("forged", "Firma falsa o ausente"),
        ("unreadable", "No se pudo leer"),
        ("no-id", "Sin identificador del mensaje"),
        ("group-chat", "La mesa atiende a cada persona por separado"),
        ("oversize", "Pasa del tamaño que la mesa acepta"),
        ("not-understood", "No se encontró en él un mensaje de una persona"),
        ("translator-failed", "El programa falló al interpretarlo"),
        ("not-taken-in", "no se pudo guardar después de varios intentos"),
        ("sender-not-proven", "para que nadie hable en nombre de otro"),
        ("Correo demasiado grande", "Correo demasiado grande"),
    ],
)
async def test_every_reason_is_told_in_words(
    visit: Visit, desk: DeskUnderTest, reason: str, words: str
) -> None:
    now = desk.clock.now()
    await desk.desk.database.write(
        lambda work: work.ledger.quarantine(Channel.EMAIL, reason, "el detalle", b"Hola", now)
    )

    page = await (await visit("operador")).get("/cuarentena")

    assert words in page.words
    assert "el detalle" in page.words


async def test_what_can_be_released_says_what_that_does(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    now = desk.clock.now()

    def keep(work: StoreWork) -> None:
        work.ledger.accept([Arrival(Channel.EMAIL, "<a@example.bo>", "ana@example.bo", b"x", now)])
        [item] = work.ledger.claim("test", 1, now)
        work.ledger.set_aside(item, "sender-not-proven", "DMARC: no pasa", now)

    await desk.desk.database.write(keep)
    page = await operator.get("/cuarentena")

    assert "hágalo solo si sabe que es de la persona" in page.words
    assert "DMARC: no pasa" in page.words
    assert (await operator.post("/cuarentena/1/liberar")).onward == "/cuarentena"


async def test_a_payload_is_shown_as_text_and_only_its_beginning(visit: Visit, desk: DeskUnderTest) -> None:
    now = desk.clock.now()
    payload = b"<script>alert(1)</script>\x00\x1b[31m\xff" + b"a" * 5000 + b"EL FINAL"
    await desk.desk.database.write(
        lambda work: work.ledger.quarantine(Channel.EMAIL, "unreadable", "", payload, now)
    )

    page = await (await visit("operador")).get("/cuarentena")

    assert "<script>alert" not in page.source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\N{REPLACEMENT CHARACTER}" in page.source
    assert "\x1b" not in page.source
    assert "EL FINAL" not in page.source
    assert "Es el comienzo; todo pesa 5.0 kB." in page.words
