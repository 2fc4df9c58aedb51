"""What lists are read from: the section a case is in, counts that stop, searches from the newest on; and the bench's rows."""

from datetime import timedelta

import sqlalchemy as sa

from bench.crowd import COLUMNS
from bench.loading import load
from bench.phrases import SEVERAL, SEVERAL_SAY
from cases.model import Account, Case, Inbound
from cases.vocabulary import AccountRole, Category, Unit
from store.database import Database
from store.queries import FINDS, CaseFilter
from store.sections import Section
from store.tables import cases
from store.work import StoreWork
from tests.builders import START, DeskUnderTest, a_message

OPERATOR = Account(0, "operador", "Operador", AccountRole.OPERADOR, Unit.AIT)


async def opened(desk: DeskUnderTest, inbound: Inbound) -> Case:
    """Take in a message that opens a case."""
    case = (await desk.receive(inbound)).case
    assert case is not None
    return case


async def sections_of(desk: DeskUnderTest, number: str) -> set[Section]:
    """Return in which sections an operator finds a case."""

    def look(work: StoreWork) -> set[Section]:
        asked = {each: CaseFilter(section=each, now=desk.clock.now()) for each in Section}
        return {
            each
            for each, wanted in asked.items()
            if number in [row.number for row in work.queries.cases(wanted, OPERATOR, oldest=True)]
        }

    return await desk.desk.database.read(look)


async def test_a_case_is_in_the_section_of_its_last_move(desk: DeskUnderTest) -> None:
    case = await opened(desk, a_message())
    assert await sections_of(desk, case.number) == {Section.CONFIRM}

    case = await desk.confirm(case, Category.SUPPORT)
    case = await desk.step(case, "operador", "not-uit")
    assert await sections_of(desk, case.number) == {Section.ANSWER}
    assert case.last_move == "step"


async def test_who_asks_for_a_person_is_found_by_it(desk: DeskUnderTest) -> None:
    case = await opened(desk, a_message())
    await desk.desk.database.write(
        lambda work: work.people.remember(case.conversation, {"wants_person": True})
    )
    assert Section.PERSON in await sections_of(desk, case.number)

    await desk.desk.database.write(lambda work: work.people.remember(case.conversation, {}))
    assert Section.PERSON not in await sections_of(desk, case.number)


async def test_the_last_word_of_a_search_may_be_unfinished(desk: DeskUnderTest) -> None:
    case = await opened(desk, a_message(text="No carga la página de pagos"))

    def found(words: str) -> list[str]:
        return [
            row.number
            for row in desk.desk.database.read_now(lambda w: w.queries.cases(CaseFilter(q=words), OPERATOR))
        ]

    assert found("pagina pag") == [case.number]
    assert found("PÁGINA") == [case.number]
    assert found("pag pagina") == []
    assert found("!!") == []


def test_a_made_up_desk_is_whole_and_is_counted_only_so_far(database_url: str) -> None:
    load(database_url, 2_000)
    database = Database(database_url)

    def look(work: StoreWork) -> None:
        for table in COLUMNS:
            assert work.connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() > 0, table  # noqa: S608 - our own tables' names
        now = START + timedelta(days=10_000)
        counts = {each: work.queries.count(CaseFilter(section=each, now=now), OPERATOR) for each in Section}
        assert all(counts[each] > 0 for each in Section if each is not Section.SNOOZED)
        assert work.queries.count(CaseFilter(q=SEVERAL_SAY), OPERATOR) == SEVERAL
        assert work.queries.count(CaseFilter(q="pagina"), OPERATOR) == FINDS
        newest = work.queries.cases(CaseFilter(q="pagina"), OPERATOR, limit=FINDS + 1)
        few = work.queries.cases(CaseFilter(q="pagina"), OPERATOR, limit=50)
        assert [row.id for row in few] == [row.id for row in newest][:50]
        older = work.queries.cases(CaseFilter(q="pagina"), OPERATOR, before=few[-1].id, limit=50)
        assert [row.id for row in older] == [row.id for row in newest][50:100]
        closed = sa.select(sa.func.count()).select_from(cases).where(cases.c.role.is_(None))
        assert work.connection.execute(closed).scalar_one() > 0

    try:
        database.read_now(look)
    finally:
        database.close()
