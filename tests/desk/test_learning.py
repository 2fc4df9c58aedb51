"""What the desk learns from: whose words, whose say, what counts no more, and what speaks for the UIT."""

from dataclasses import replace

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.model import Attachment, Case
from cases.vocabulary import Category, Channel
from desk.evidence import UitEvidence, uit_evidence
from desk.learning import (
    JUDGES,
    NOT_WORSE,
    Comparison,
    Material,
    Side,
    ask_retraining,
    counted_from,
    go_back,
    judge,
    learning_view,
    lessons,
    material,
    withdraw,
)
from desk.masking import masked
from desk.steps import Classified, classify
from desk.views import case_view
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message, a_verdict

SAME = Side(0.95, 0.95, 0.014, 0.94, 0.93)


def a_comparison(**said: int) -> Comparison:
    counts = {
        "held_out": 800,
        "won": 0,
        "lost": 0,
        "won_shipped": 0,
        "lost_shipped": 0,
        "judging": 5,
        "judged_new": 4,
        "judged_running": 4,
        "judged_won": 0,
        "judged_lost": 0,
    }
    return Comparison(new=SAME, running=SAME, **(counts | said))


async def confirmed(
    desk: DeskUnderTest, number: int = 1, category: Category = Category.SUPPORT, **said: object
) -> Case:
    values: dict[str, object] = {"sender": f"+591700001{number:02d}", "text": "Olvidé mi clave"}
    case = (await desk.receive(a_message(**(values | said)))).case
    return await desk.confirm(case, category)


async def gathered(desk: DeskUnderTest) -> Material:
    return await desk.desk.database.read(material)


async def test_a_confirmation_is_an_example_with_its_author_and_without_its_person(
    desk: DeskUnderTest,
) -> None:
    text = "Soy Rosa Mamani, CI 4567890 LP, cel. 71234567, rosa@example.bo. Error 503 al pagar"
    case = await confirmed(desk, text=text, channel=Channel.EMAIL, subject="Rosa: no puedo pagar")

    [lesson] = await desk.desk.database.read(lessons)
    [known] = await desk.desk.database.read(lambda work: work.learning.confirmed())

    assert lesson.text == "Soy fulano fulano, CI dato, cel. dato, dato. Error 503 al pagar"
    assert (lesson.subject, lesson.channel) == ("fulano: no puedo pagar", "email")
    assert (lesson.category, lesson.system) == ("support", "ppte")
    assert (known.case, known.by, known.model) == (case.number, "operador", "test-1")
    assert (known.at, known.proposed) == (desk.clock.at, Category.AVAILABILITY)


@pytest.mark.parametrize(
    ("said", "learnt"),
    [
        ("me llamo Juan Quispe y no abre", "me llamo fulano y no abre"),
        ("Atte. María Flores Choque", "Atte. fulano"),
        ("ROSA MAMANI no puede entrar", "fulano fulano no puede entrar"),
        ("llamar al +591 700 00 001 o al 2-2445566", "llamar al dato o al dato"),
        ("700 00 001 es mi número", "dato es mi número"),
        ("CI 4567890-1A La Paz", "CI dato La Paz"),
        ("caso 2026-000123 del 2025", "caso dato del 2025"),
        ("errores 503 504 500 a las 10:30", "errores 503 504 500 a las 10:30"),
        ("la rosa de los vientos", "la fulano de los vientos"),
        ("", ""),
    ],
)
def test_what_tells_who_somebody_is_becomes_a_neutral_word(said: str, learnt: str) -> None:
    assert masked(said, ["Rosa Mamani", None]) == learnt


async def test_the_newest_confirmation_of_a_case_counts(desk: DeskUnderTest) -> None:
    case = await confirmed(desk)
    await desk.confirm(case, Category.FUNCTIONAL_DESIGN)

    found = await desk.desk.database.read(lessons)

    assert [lesson.category for lesson in found] == ["functional_design"]


async def test_what_is_learnt_is_the_message_that_was_classified(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(text="Necesito ayuda con un trámite por favor"))).case
    answer = await desk.receive(a_message(text="La página de pagos no carga"))
    said = [message for message in await desk.messages(case) if message.text.startswith("La página")]
    at = desk.clock.at
    await desk.desk.database.write(
        lambda work: work.cases.propose(case.id, said[0].id, a_verdict(model="test-2"), at)
    )
    await desk.confirm(await desk.case(case.number), Category.AVAILABILITY)

    [lesson] = await desk.desk.database.read(lessons)

    assert answer.case.number == case.number
    assert lesson.text == "La página de pagos no carga"


async def test_a_message_without_text_teaches_nothing(desk: DeskUnderTest) -> None:
    picture = Attachment("pantalla.png", "image/png", b"\x89PNG")
    await confirmed(desk, 1, text="", attachments=(picture,))
    await confirmed(desk, 2, text="  \n", attachments=(picture,))
    await confirmed(desk, 3, text="Se cayó el portal")

    found = await desk.desk.database.read(lessons)

    assert [lesson.text for lesson in found] == ["Se cayó el portal"]


async def test_a_withdrawn_confirmation_counts_no_more_and_the_record_says_why(desk: DeskUnderTest) -> None:
    case = await confirmed(desk)
    supervisor = desk.people["supervisor"]

    await withdraw(desk.desk, supervisor, case.number, " Era otra cosa. ")

    entry = (await desk.record(case))[-1]
    assert (await gathered(desk)).learnt == []
    assert (entry.kind, entry.actor, entry.internal) == ("confirmation_withdrawn", "supervisor", True)
    assert entry.data["reason"] == "Era otra cosa."
    assert (await desk.case(case.number)).category is Category.SUPPORT
    with pytest.raises(Conflict):
        await withdraw(desk.desk, supervisor, case.number, "Otra vez.")


async def test_confirming_again_after_a_withdrawal_teaches_again(desk: DeskUnderTest) -> None:
    case = await confirmed(desk)
    await withdraw(desk.desk, desk.people["admin"], case.number, "Era otra cosa.")
    await desk.confirm(case, Category.AVAILABILITY)

    [lesson] = (await gathered(desk)).learnt

    assert lesson.category == "availability"


async def test_a_withdrawal_needs_a_reason_and_a_confirmation(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    admin = desk.people["admin"]

    with pytest.raises(NotFound):
        await withdraw(desk.desk, admin, case.number, "Porque sí.")
    with pytest.raises(NotFound):
        await withdraw(desk.desk, admin, "2026-999999", "Porque sí.")
    with pytest.raises(Invalid):
        await withdraw(desk.desk, admin, case.number, " ")


@pytest.mark.parametrize("who", ["operador", "uit"])
async def test_learning_is_the_supervisors_and_the_administrators(desk: DeskUnderTest, who: str) -> None:
    case = await confirmed(desk)
    account = desk.people[who]

    for act in (
        learning_view(desk.desk, account),
        withdraw(desk.desk, account, case.number, "No."),
        ask_retraining(desk.desk, account),
        go_back(desk.desk, account, 1, "No."),
    ):
        with pytest.raises(Forbidden):
            await act


async def test_each_fifth_confirmation_judges_and_is_not_learnt(desk: DeskUnderTest) -> None:
    for number in range(1, 11):
        await confirmed(desk, number, text=f"Olvidé mi clave {number}")

    given = await gathered(desk)

    known = [int(lesson.id.removeprefix("confirmation-")) for lesson in given.judging]
    assert (len(given.learnt), len(given.judging)) == (8, 2)
    assert all(number % JUDGES == 0 for number in known)
    assert given.last == max(known)


async def test_a_second_training_is_not_asked_for_while_one_waits(desk: DeskUnderTest) -> None:
    await ask_retraining(desk.desk, desk.people["supervisor"])

    with pytest.raises(Conflict):
        await ask_retraining(desk.desk, desk.people["admin"])


async def test_what_waits_is_counted_once_a_case_and_without_what_was_withdrawn(desk: DeskUnderTest) -> None:
    one, two = await confirmed(desk, 1), await confirmed(desk, 2)
    await desk.confirm(one, Category.AVAILABILITY)
    await withdraw(desk.desk, desk.people["admin"], two.number, "Era otra cosa.")

    view = await learning_view(desk.desk, desk.people["admin"])

    assert view.waiting == 1
    assert await desk.desk.database.read(counted_from) == 0


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (a_comparison(), NOT_WORSE),
        (a_comparison(won=4, lost=12), NOT_WORSE),  # 8 of 16: a coin does that
        (a_comparison(won=3, lost=13), "worse-held-out"),
        (a_comparison(won_shipped=0, lost_shipped=5), "worse-than-shipped"),
        (a_comparison(judged_new=3, judged_lost=1), NOT_WORSE),  # one alone may be chance
        (a_comparison(judged_new=2, judged_lost=2), "worse-newest"),
        (a_comparison(judged_new=5, judged_won=1), NOT_WORSE),
        (a_comparison(judging=0, judged_new=0, judged_running=0), NOT_WORSE),
    ],
)
def test_a_model_is_judged_by_what_no_model_was_taught(found: Comparison, said: str) -> None:
    assert judge(found) == said
    assert Comparison.read(found.stored()) == found


async def solved_by_uit(desk: DeskUnderTest, sender: str, text: str) -> Case:
    """Open a case, and let the UIT have it and solve it."""
    case = (await desk.receive(a_message(sender=sender, text=text))).case
    case = await desk.confirm(case, Category.AVAILABILITY, before=True)

    def act(work: StoreWork) -> None:
        work.cases.seen_by(case.id, desk.people["uit"].unit)
        work.cases.save(replace(case, solution="Se reinició el servicio."), case.revision, desk.clock.at)

    await desk.desk.database.write(act)
    return case


async def evidence(desk: DeskUnderTest, who: str, number: str) -> UitEvidence:
    """Return what the page of a case would show to somebody."""
    view = await case_view(desk.desk, desk.people[who], number)
    return await uit_evidence(desk.desk, desk.people[who], number, view.suggestions)


async def test_like_cases_that_the_uit_solved_and_its_articles_speak_for_it(desk: DeskUnderTest) -> None:
    like = await solved_by_uit(desk, "+59170000011", "La pasarela de pagos da error 503 al pagar con QR")
    await solved_by_uit(desk, "+59170000012", "Quiero saber los requisitos del título")
    article = await desk.article(title="Error 503 al pagar con QR", solved_by="uit", system="ppte")
    await desk.article(title="Recibo de pago con QR", solved_by="operador", system="ppte")
    case = (await desk.receive(a_message(text="Sale error 503 cuando quiero pagar con el QR"))).case

    found = await evidence(desk, "operador", case.number)

    assert [earlier.number for earlier in found.cases] == [like.number]
    assert found.cases[0].solution == "Se reinició el servicio."
    assert 0.12 <= found.cases[0].near <= 1
    assert [hit.article for hit in found.articles] == [article.id]


async def test_a_case_of_another_system_or_one_the_uit_never_had_is_no_evidence(desk: DeskUnderTest) -> None:
    await confirmed(desk, 1, Category.AVAILABILITY, text="Sale error 503 cuando quiero pagar con el QR")
    case = (await desk.receive(a_message(text="Sale error 503 cuando quiero pagar con el QR"))).case

    found = await evidence(desk, "operador", case.number)

    assert not found


async def test_a_units_people_get_no_evidence_and_no_foreign_case(desk: DeskUnderTest) -> None:
    earlier = await solved_by_uit(desk, "+59170000011", "No carga la página de pagos")
    await solved_by_uit(desk, "+59170000012", "No carga la página de pagos")
    foreign = (await desk.receive(a_message(text="No carga la página de pagos"))).case

    assert not await evidence(desk, "uit", earlier.number)
    with pytest.raises(NotFound):
        await evidence(desk, "uit", foreign.number)


async def test_the_act_of_the_desk_is_what_the_operator_did(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message(text="Olvidé mi clave"))).case
    said = Classified(Category.SUPPORT, None, False, case.revision)
    await classify(desk.desk, desk.people["operador2"], case.number, said)

    [lesson] = await desk.desk.database.read(lessons)
    [known] = await desk.desk.database.read(lambda work: work.learning.confirmed())

    assert (lesson.category, lesson.system, known.by) == ("support", None, "operador2")
