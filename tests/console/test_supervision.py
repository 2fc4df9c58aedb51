"""What supervisors see of the talk, and the quarantine."""

from cases.vocabulary import Channel
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def test_conversations_show_who_waits(visit: Visit, desk: DeskUnderTest) -> None:
    await desk.receive(a_message(text="¿Hay alguien?"))
    await desk.receive(a_message(text="¿Hay alguien ahí?"))

    seen = await (await visit("supervisor")).get("/conversaciones")

    assert "Rosa Mamani" in seen.words
    assert "pidió una persona" not in seen.words


async def test_a_forged_message_can_only_be_discarded(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    now = desk.clock.now()

    def keep(work: StoreWork) -> None:
        work.ledger.quarantine(Channel.WHATSAPP, "forged", "firma", b"Body=<b>hola</b>", now)

    await desk.desk.database.write(keep)
    page = await operator.get("/cuarentena")
    assert "Firma falsa o ausente" in page.words
    assert "Body=<b>hola</b>" in page.words
    assert "liberar" not in page.source

    assert (await operator.post("/cuarentena/1/liberar")).status == 409
    assert (await operator.post("/cuarentena/1/descartar")).onward == "/cuarentena"
    assert (await operator.post("/cuarentena/1/descartar")).status == 409
    assert "La cuarentena está vacía" in (await operator.get("/cuarentena")).words
