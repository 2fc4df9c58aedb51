"""Drafts are their author's alone, one of each kind for a case, and gone once they are sent."""

import pytest

from cases.errors import Forbidden, NotFound
from cases.model import Case
from cases.vocabulary import Channel
from desk.acts import note
from desk.answers import Edited, send_edited
from desk.drafts import drafts_of, keep_draft
from store.drafts import DraftKind
from tests.builders import DeskUnderTest, a_message


async def texts(desk: DeskUnderTest, case: Case, who: str = "operador") -> dict[str, str]:
    found = await drafts_of(desk.desk, desk.people[who], case.number)
    return {str(kind): draft.text for kind, draft in found.items()}


async def test_a_draft_is_kept_replaced_and_forgotten_when_it_is_empty(desk: DeskUnderTest) -> None:
    case, operator = (await desk.receive(a_message())).case, desk.people["operador"]
    await keep_draft(desk.desk, operator, case.number, DraftKind.REPLY, "Hola")
    await keep_draft(desk.desk, operator, case.number, DraftKind.REPLY, "Hola, Rosa", Channel.WHATSAPP)
    await keep_draft(desk.desk, operator, case.number, DraftKind.NOTE, "Llamar mañana")

    assert await texts(desk, case) == {"reply": "Hola, Rosa", "note": "Llamar mañana"}
    assert await texts(desk, case, "supervisor") == {}

    await keep_draft(desk.desk, operator, case.number, DraftKind.NOTE, "  \n")
    assert await texts(desk, case) == {"reply": "Hola, Rosa"}


async def test_what_is_sent_is_no_draft_any_more(desk: DeskUnderTest) -> None:
    case, operator = (await desk.receive(a_message())).case, desk.people["operador"]
    for kind in DraftKind:
        await keep_draft(desk.desk, operator, case.number, kind, "Hola")
        await keep_draft(desk.desk, desk.people["supervisor"], case.number, kind, "Lo mío")

    await send_edited(desk.desk, operator, case.number, Edited("Hola, Rosa."))
    assert await texts(desk, case) == {"note": "Hola"}
    await note(desk.desk, operator, case.number, "Llamar mañana")

    assert await texts(desk, case) == {}
    assert await texts(desk, case, "supervisor") == {"reply": "Lo mío", "note": "Lo mío"}


async def test_a_unit_keeps_notes_of_its_own_cases_and_no_answers(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    with pytest.raises(NotFound):
        await keep_draft(desk.desk, desk.people["uit"], case.number, DraftKind.NOTE, "Hola")
    with pytest.raises(Forbidden):
        await keep_draft(desk.desk, desk.people["uit"], case.number, DraftKind.REPLY, "Hola")
