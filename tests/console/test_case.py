"""A case's page: what it shows, and the whole of PR01 taken through its forms."""

from cases.model import Case, Evidence
from cases.vocabulary import Category, Status
from console.pages.case import cut
from store.work import StoreWork
from tests.builders import SUPPORT_TO_REVIEW, DeskUnderTest, SureClassifier, a_message, a_verdict
from tests.console.conftest import Visit, Visitor

SOLUTION = "Borre los datos del navegador y entre otra vez."


async def a_case(desk: DeskUnderTest, category: Category = Category.SUPPORT, **said: object) -> Case:
    desk.desk.classifier = SureClassifier(a_verdict(category=category, **said))
    return (await desk.receive(a_message(text="No puedo entrar a mi cuenta"))).case


async def send(visitor: Visitor, desk: DeskUnderTest, case: Case, act: str, **form: str) -> Case:
    """Send one of the case's forms, as its page would, and return the case afterwards."""
    now = await desk.case(case.number)
    seen = await visitor.post(f"/casos/{case.number}/{act}", {"revision": str(now.revision), **form})
    assert seen.status == 303, seen.words
    return await desk.case(case.number)


async def test_the_page_quotes_the_manual_word_for_word(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).get(f"/casos/{case.number}")

    step = desk.desk.library.procedure("PR01").step("3")
    assert "Ahora toca PR01 3" in seen.words
    assert step.activity in seen.words
    assert step.output in seen.words
    for entry in await desk.record(case):
        assert entry.output in seen.words
        assert entry.hash[:10] in seen.words


async def test_what_spoke_for_the_proposal_is_marked_in_the_message(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk, evidence=(Evidence(3, 16, 1.4), Evidence(19, 21, -0.5)))

    seen = await (await visit("operador")).get(f"/casos/{case.number}")

    assert '<mark title="Pesó en la propuesta">puedo entrar </mark>' in seen.source
    assert seen.source.count("<mark") == 1


def test_evidence_that_does_not_fit_the_text_is_left_out() -> None:
    spans = [Evidence(0, 2, 1.0), Evidence(1, 3, 1.0), Evidence(3, 99, 1.0), Evidence(2, 4, 1.0)]

    parts = cut("abcd", spans)

    assert [(part.text, part.weight) for part in parts] == [("ab", 1.0), ("cd", 1.0)]


async def test_what_people_write_is_shown_as_text_and_runs_nothing(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(text="<img src=x onerror=alert(1)>", sender_name="<b>Eva</b>"))).case

    seen = await (await visit("operador")).get(f"/casos/{case.number}")

    assert "<img" not in seen.source
    assert "<b>Eva" not in seen.source
    assert "<img src=x onerror=alert(1)>" in seen.words


async def test_the_whole_of_pr01_goes_through_the_forms(visit: Visit, desk: DeskUnderTest) -> None:
    operator, supervisor = await visit("operador"), await visit("supervisor")
    case = await a_case(desk)

    case = await send(operator, desk, case, "clasificacion", category="support", system="ppte", handled="no")
    case = await send(operator, desk, case, "hasta-resolver")
    assert str(case.place) == "PR01 5"
    case = await send(operator, desk, case, "paso", move="solve", solution=SOLUTION)
    case = await send(operator, desk, case, "paso", move="not-needed", reason="Ya está escrito.")
    page = await operator.get(f"/casos/{case.number}")
    assert f"{SOLUTION}</textarea>" in page.source  # numeral 7 starts with the solution
    case = await send(operator, desk, case, "paso", move="notify", text=SOLUTION)
    case = await send(operator, desk, case, "paso", move="derive-supervisor")

    assert case.number in (await supervisor.get("/revision")).words
    case = await send(
        supervisor,
        desk,
        case,
        "paso",
        move="return",
        observation="Falta el paso dos.",
        reason_code="incomplete_answer",
    )
    assert str(case.place) == "PR01 3"
    assert case.number in (await operator.get("/casos?seccion=devueltos")).words
    assert "Falta el paso dos." in (await operator.get(f"/casos/{case.number}")).words

    case = await send(
        operator, desk, case, "clasificacion", category="support", system="ppte", handled="no", then="solve"
    )
    assert str(case.place) == "PR01 5"
    for form in (
        {"move": "solve", "solution": SOLUTION},
        {"move": "not-needed", "reason": "Igual."},
        {"move": "notify", "text": SOLUTION},
        {"move": "derive-supervisor"},
    ):
        case = await send(operator, desk, case, "paso", **form)
    case = await send(supervisor, desk, case, "paso", move="approve")
    case = await send(supervisor, desk, case, "paso", move="close")

    assert case.status is Status.CLOSED
    steps = [f"{entry.procedure} {entry.step}" for entry in await desk.record(case) if "answer" in entry.data]
    first = [f"PR01 {number}" for number in range(1, 10)]
    assert steps == [*first, *[f"PR01 {number}" for number in range(3, 11)]]


async def test_going_on_to_numeral_5_is_offered_only_where_the_facts_lead_there(
    visit: Visit, desk: DeskUnderTest
) -> None:
    operator = await visit("operador")
    case = await desk.confirm(await a_case(desk), Category.AVAILABILITY, before=True)

    assert "hasta-resolver" not in (await operator.get(f"/casos/{case.number}")).source
    seen = await operator.post(f"/casos/{case.number}/hasta-resolver", {"revision": str(case.revision)})

    assert seen.status == 409
    assert str((await desk.case(case.number)).place) == "PR01 3"


async def test_a_missing_field_is_named_beside_it_and_nothing_typed_is_lost(
    visit: Visit, desk: DeskUnderTest
) -> None:
    operator = await visit("operador")
    case = await desk.confirm(await a_case(desk), Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW[:3])
    form = {
        "move": "new-article",
        "title": " ",
        "body": "Un texto largo que nadie quiere repetir.",
        "revision": str(case.revision),
    }

    seen = await operator.post(f"/casos/{case.number}/paso", form)

    assert seen.status == 422
    assert "Falta «Título del artículo»." in seen.words
    assert 'id="step-new-article-title-fault"' in seen.source
    assert 'aria-describedby="step-new-article-title-fault"' in seen.source
    assert "Un texto largo que nadie quiere repetir.</textarea>" in seen.source
    assert str((await desk.case(case.number)).place) == "PR01 6"


async def test_an_unfinished_classification_says_what_is_missing(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/clasificacion",
        {"category": "functional_design", "revision": str(case.revision)},
    )

    assert seen.status == 422
    assert "Diga si la UIT ya atendió este problema." in seen.words
    assert 'value="functional_design" required checked' in seen.source


async def test_an_empty_answer_is_refused_beside_its_field(visit: Visit, desk: DeskUnderTest) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).post(f"/casos/{case.number}/respuesta", {"text": "  "})

    assert seen.status == 422
    assert "Escriba la respuesta." in seen.words
    assert (
        f'name="next" value="/casos/{case.number}"' in seen.source
    )  # where the language switch comes back to


async def test_who_comes_late_sees_the_new_state_and_keeps_the_text(
    visit: Visit, desk: DeskUnderTest
) -> None:
    operator = await visit("operador")
    case = await desk.confirm(await a_case(desk), Category.SUPPORT)
    late = await desk.walk(case, *SUPPORT_TO_REVIEW[:2])
    await desk.step(late, "operador2", "solve", solution="La otra solución.")

    seen = await operator.post(
        f"/casos/{case.number}/paso",
        {"move": "solve", "solution": "Mi solución, ya escrita entera.", "revision": str(late.revision)},
    )

    assert seen.status == 409
    assert "Otra persona cambió este caso" in seen.words
    assert "Mi solución, ya escrita entera." in seen.words
    assert "Ahora toca PR01 6" in seen.words


async def test_a_step_of_somebody_else_is_forbidden(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm(await a_case(desk), Category.SUPPORT)
    supervisor = await visit("supervisor")

    seen = await supervisor.post(
        f"/casos/{case.number}/paso", {"move": "not-uit", "revision": str(case.revision)}
    )

    assert seen.status == 403
    assert "paso" not in (await supervisor.get(f"/casos/{case.number}")).source.split("</header>")[0]
    assert "Este paso le toca a: Operador." in (await supervisor.get(f"/casos/{case.number}")).words


async def test_where_the_manual_is_open_the_page_says_so(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm(await a_case(desk, Category.AVAILABILITY), Category.AVAILABILITY)

    seen = await (await visit("operador")).get(f"/casos/{case.number}")

    assert "el manual lo deja abierto (Previsión, sección 4)" in seen.words


async def test_an_answer_goes_out_and_a_note_stays(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await a_case(desk)

    await send(operator, desk, case, "respuesta", text="Ya lo vemos.\r\nGracias.")
    await send(operator, desk, case, "nota", text="Ojo con este caso.")

    said = {str(message.direction): message.text for message in await desk.messages(case)}
    assert said["out"] == "Ya lo vemos.\nGracias."
    assert said["note"] == "Ojo con este caso."
    page = await operator.get(f"/casos/{case.number}")
    assert "Nota interna" in page.words
    assert "En cola" in page.words
    public = await (await visit()).get(f"/caso/{case.token}")
    assert "Ya lo vemos." in public.words
    assert "Ojo con este caso." not in public.words


async def test_cases_are_taken_handed_over_and_kept_waiting(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await a_case(desk)

    case = await send(operator, desk, case, "tomar")
    assert case.assignee == desk.people["operador"].id
    case = await send(operator, desk, case, "asignacion", user="operador2")
    assert case.assignee == desk.people["operador2"].id
    case = await send(operator, desk, case, "asignacion", user="")
    assert case.assignee is None
    case = await send(operator, desk, case, "espera", reason="Una captura")
    assert case.status is Status.WAITING
    assert case.number in (await operator.get("/casos?seccion=esperando")).words


async def test_two_problems_are_split_and_two_reports_merged(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await a_case(desk)
    second = await desk.receive(a_message(text="Y además no sale mi factura"))

    seen = await operator.post(f"/casos/{case.number}/division", {"messages": str(second.message.id)})
    other = seen.onward.split("/")[2].split("?")[0]
    assert other != case.number
    assert "Y además no sale mi factura" in (await operator.get(seen.onward)).words

    wrong = await operator.post(f"/casos/{other}/union", {"into": "2026-777777"})
    assert (wrong.status, "No existe el caso 2026-777777." in wrong.words) == (422, True)
    joined = await operator.post(f"/casos/{other}/union", {"into": case.number})
    assert joined.onward.startswith(f"/casos/{case.number}?")


async def test_a_closed_case_is_reopened_with_a_reason(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await desk.confirm(await a_case(desk), Category.SUPPORT)
    case = await desk.walk(
        case, *SUPPORT_TO_REVIEW, ("supervisor", "approve", {}), ("supervisor", "close", {})
    )
    assert "Caso cerrado" in (await operator.get(f"/casos/{case.number}")).words

    assert (await operator.post(f"/casos/{case.number}/reapertura", {"reason": " "})).status == 422
    case = await send(operator, desk, case, "reapertura", reason="Volvió a pasar")

    assert str(case.place) == "PR01 3"


async def test_an_estimate_is_read_in_the_desks_own_time(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await a_case(desk)

    wrong = await operator.post(f"/casos/{case.number}/estimacion", {"at": "mañana"})
    assert (wrong.status, "Escriba la fecha y la hora." in wrong.words) == (422, True)
    case = await send(operator, desk, case, "estimacion", at="2026-03-03T18:00")

    assert case.estimate is not None
    assert case.estimate.isoformat() == "2026-03-03T22:00:00+00:00"


async def test_only_articles_for_the_public_go_into_an_answer(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    public = await desk.article(title="Entrar a la cuenta", body="1. Abra **la página**.")
    internal = await desk.article(title="Entrar al servidor", body="La clave es otra.", audience="internal")
    case = await a_case(desk)

    page = await operator.get(f"/casos/{case.number}?insertar={public.id}")
    assert "1. Abra la página.</textarea>" in page.source
    text = await operator.get(f"/articulos/{public.id}/texto")
    assert text.source == "Entrar a la cuenta\n\n1. Abra la página."
    assert (await operator.get(f"/articulos/{internal.id}/texto")).status == 409
    assert f"insertar={internal.id}" not in page.source


async def test_a_failed_answer_can_be_sent_again(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    case = await a_case(desk)
    await send(operator, desk, case, "respuesta", text="Pruebe ahora.")
    now = desk.clock.now()

    def fail(work: StoreWork) -> None:
        while parcels := work.outbox.claim("test", 10, now):
            for parcel in parcels:
                work.outbox.failed(parcel.delivery, "El número no tiene WhatsApp", now)

    await desk.desk.database.write(fail)
    page = await operator.get(f"/casos/{case.number}")
    assert "No salió: El número no tiene WhatsApp" in page.words
    message = next(m for m in await desk.messages(case) if m.text == "Pruebe ahora.")

    await send(operator, desk, case, f"mensajes/{message.id}/reintento")

    again = next(m for m in await desk.messages(case) if m.id == message.id)
    assert again.delivery is not None
    assert again.delivery.state == "queued"


async def test_the_diagram_marks_where_the_case_stands(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm(await a_case(desk), Category.SUPPORT)
    case = await desk.walk(case, *SUPPORT_TO_REVIEW[:2])

    seen = await (await visit("operador")).get(f"/procedimientos/PR01/0?caso={case.number}")

    assert "el caso está en el numeral 5" in seen.words
    assert "aquí está el caso" in seen.words
