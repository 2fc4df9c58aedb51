"""PR01 through the desk: who may act, what is recorded, what the citizen hears."""

from datetime import timedelta

import pytest

from cases.chain import GENESIS
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.vocabulary import Category, Channel, DeliveryState, Status
from desk.acts import answer, assign, merge, note, reopen, set_estimate, split, wait
from desk.steps import Classified, classify, moves_for
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, a_message


async def test_nothing_can_be_derived_before_an_operator_confirms(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    assert moves_for(desk.desk, case, desk.people["operador"]) == ()


async def test_the_whole_of_pr01_with_a_return(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)
    assert (str(case.place), case.status) == ("PR01 9", Status.IN_REVIEW)

    case = await desk.step(case, "supervisor", "return", observation="Falta decir qué navegador.")
    assert (str(case.place), case.facts, case.status) == ("PR01 3", None, Status.OPEN)
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )

    assert (case.status, case.place, case.closed) == (Status.CLOSED, None, desk.clock.now())
    record = await desk.record(case)
    steps = [entry.step for entry in record if entry.kind != "classification"]
    assert steps == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "3", "4", "5", "6", "7", "8", "9", "10"]
    assert record[-1].output == "Cierre del problema en la herramienta OstTicket"


async def test_the_record_is_a_chain_that_holds(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW)

    record = await desk.record(case)

    assert [entry.seq for entry in record] == list(range(1, len(record) + 1))
    assert [entry.previous for entry in record] == [GENESIS, *(entry.hash for entry in record[:-1])]
    assert await desk.desk.database.read(lambda work: work.record.broken(case.id)) is None


async def test_notifying_sends_the_text_and_the_entry_names_the_message(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW[:5])

    last = (await desk.messages(case))[-1]
    entry = (await desk.record(case))[-1]
    assert last.text == "Borre los datos del navegador y entre otra vez."
    assert (entry.step, entry.data["message"]) == ("7", last.id)


async def test_a_step_is_only_its_own_roles(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)

    for other in ("supervisor", "admin"):
        with pytest.raises(Forbidden):
            await desk.step(case, other, "not-uit")
    with pytest.raises(NotFound):
        await desk.step(case, "uit", "not-uit")

    assert await desk.case(case.number) == case


async def test_the_slower_of_two_people_is_told(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    await desk.step(case, "operador", "not-uit")

    with pytest.raises(Conflict):
        await desk.step(case, "operador2", "not-uit")


async def test_a_missing_field_is_named_and_changes_nothing(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW[:2])

    with pytest.raises(Invalid) as refused:
        await desk.step(case, "operador", "solve")

    assert list(refused.value.fields) == ["solution"]
    assert await desk.case(case.number) == case


async def test_a_classification_is_confirmed_only_where_the_manual_asks(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW[:2])

    with pytest.raises(Invalid, match="PR01 3"):
        await desk.confirm(case, Category.AVAILABILITY)


async def test_an_unknown_system_is_refused(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    said = Classified(Category.SUPPORT, "no_such", handled_before_by_uit=False, revision=case.revision)
    with pytest.raises(Invalid) as refused:
        await classify(desk.desk, desk.people["operador"], case.number, said)

    assert list(refused.value.fields) == ["system"]


async def test_a_derived_case_is_the_units_to_see_and_others_not(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.AVAILABILITY, before=True)
    case = await desk.walk(case, ("operador", "derive-uit", {}), ("operador", "derive-uit", {}))

    assert (str(case.place), case.unit) == ("PR02 2", "uit")
    case = await desk.step(case, "uit", "analyse", analysis="Dos nodos caídos")
    with pytest.raises(NotFound):
        await desk.step(case, "upat", "uit")


async def test_the_citizen_hears_an_estimate_and_each_revision_with_its_reason(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.AVAILABILITY, before=True)
    case = await desk.walk(
        case,
        ("operador", "derive-uit", {}),
        ("operador", "derive-uit", {}),
        ("uit", "analyse", {"analysis": "x"}),
        ("uit", "uit", {}),
        ("uit", "estimate", {"estimate": desk.clock.now() + timedelta(hours=4)}),
    )
    assert (await desk.messages(case))[-1].text.endswith("estimamos tener la solución el 02/03/2026 13:00.")

    later = desk.clock.now() + timedelta(hours=8)
    with pytest.raises(Invalid):
        await set_estimate(desk.desk, desk.people["uit"], case.number, later, None)
    case = await set_estimate(desk.desk, desk.people["uit"], case.number, later, "Falta un repuesto")

    assert case.estimate == later
    assert "Falta un repuesto" in (await desk.messages(case))[-1].text


async def test_waiting_ends_with_the_citizens_next_message(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await wait(desk.desk, desk.people["operador"], case.number, "Falta el número de trámite")
    assert case.status is Status.WAITING

    await desk.receive(a_message(text="Es el 123"))

    assert (await desk.case(case.number)).status is Status.OPEN


async def test_an_answer_goes_out_in_the_operators_name_and_silences_the_assistant(
    desk: DeskUnderTest,
) -> None:
    case = (await desk.receive(a_message())).case
    await answer(desk.desk, desk.people["operador"], case.number, "¿Qué navegador usa?")
    desk.clock.advance(hours=1)

    await desk.receive(a_message(text="Firefox"))

    last = await desk.messages(case)
    assert [(message.direction, message.author) for message in last[-2:]] == [
        ("out", "Operador"),
        ("in", "Rosa Mamani"),
    ]


async def test_an_internal_article_cannot_be_sent(desk: DeskUnderTest) -> None:
    article = await desk.article(audience="internal")
    case = (await desk.receive(a_message())).case

    with pytest.raises(Invalid):
        await answer(desk.desk, desk.people["operador"], case.number, "", article=article.id)


async def test_a_note_never_leaves(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    written = await note(desk.desk, desk.people["operador"], case.number, "Es la tercera vez")

    assert (written.direction, written.delivery) == ("note", None)


async def test_assigning_is_only_to_somebody_who_may_take_the_step(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    case = await assign(desk.desk, desk.people["supervisor"], case.number, "operador2")
    assert case.assignee == desk.people["operador2"].id

    with pytest.raises(Invalid):
        await assign(desk.desk, desk.people["operador"], case.number, "uit")


async def test_two_problems_become_two_cases(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    second = await desk.receive(a_message(text="Además no me llega el correo"))

    other = await split(desk.desk, desk.people["operador"], case.number, [second.message.id])

    assert other.number != case.number
    assert [m.text for m in await desk.messages(other)] == ["Además no me llega el correo"]
    assert [entry.kind for entry in await desk.record(other)] == ["step", "step", "split"]
    assert (await desk.record(case))[-1].data == {"into": other.number}


async def test_merging_closes_one_and_its_number_leads_to_the_other(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    second = await desk.receive(a_message(text="Además no me llega el correo"))
    other = await split(desk.desk, desk.people["operador"], case.number, [second.message.id])

    await merge(desk.desk, desk.people["operador"], other.number, case.number)

    gone = await desk.case(other.number)
    assert (gone.status, gone.merged_into) == (Status.CLOSED, case.id)
    assert "Además no me llega el correo" in [m.text for m in await desk.messages(case)]


async def test_cases_of_two_people_are_not_merged(desk: DeskUnderTest) -> None:
    one = (await desk.receive(a_message())).case
    other = (await desk.receive(a_message(sender="+59170000002", sender_name="Juan"))).case

    with pytest.raises(Invalid):
        await merge(desk.desk, desk.people["operador"], one.number, other.number)


async def test_reopening_puts_a_closed_case_back_at_pr01_3(desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.SUPPORT)
    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )

    case = await reopen(desk.desk, desk.people["operador"], case.number, "Volvió a fallar")

    assert (str(case.place), case.status, case.closed) == ("PR01 3", Status.OPEN, None)
    assert (await desk.record(case))[-1].kind == "reopening"


async def test_an_answer_outside_the_channels_window_waits_visibly(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    desk.clock.advance(hours=25)

    said = await answer(desk.desk, desk.people["operador"], case.number, "¿Sigue el problema?")

    assert said.delivery is not None
    assert said.delivery.state is DeliveryState.QUEUED
    assert "Pasó el plazo" in (said.delivery.reason or "")


async def test_an_answer_to_a_phone_case_is_a_call_to_make(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(channel=Channel.PHONE, recipient="operador"))).case

    await answer(desk.desk, desk.people["operador"], case.number, "Ya puede pagar.")

    [call] = await desk.desk.database.read(lambda work: work.callbacks.waiting(10))
    assert (call.case, call.phone, call.text) == (case.number, "+59170000001", "Ya puede pagar.")
