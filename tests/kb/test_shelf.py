"""Articles as the desk keeps them, on each store: versions, what they did, and until when they hold."""

from datetime import timedelta

import pytest

from cases.errors import Conflict, Forbidden
from cases.vocabulary import Category
from desk.knowledge import (
    approve_article,
    article_view,
    gaps,
    keep_article,
    lapse_articles,
    shelf,
    write_article,
)
from store.article_report import Usage
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message, an_article_text
from tests.kb.articles import OUTAGE, PASSWORD, RECEIPT


async def test_a_version_brings_all_that_it_says_once_it_is_approved(desk: DeskUnderTest) -> None:
    operator, supervisor = desk.people["operador"], desk.people["supervisor"]
    text = an_article_text(keywords=("clave",))
    kept = await write_article(desk.desk, supervisor, text)
    changed = an_article_text(
        external_id=text.external_id, category=Category.AVAILABILITY, system="ppte", keywords=("pago",)
    )

    await write_article(desk.desk, operator, changed, kept.id)
    before = (await shelf(desk.desk, operator)).articles
    assert [(one.system, one.keywords) for one in before] == [("ciudadania_digital", ("clave",))]
    assert (await shelf(desk.desk, operator)).waiting == {kept.id}
    after = await approve_article(desk.desk, supervisor, kept.id, 2)

    assert (after.version, after.category, after.system) == (2, Category.AVAILABILITY, "ppte")
    assert after.keywords == ("pago",)
    view = await article_view(desk.desk, operator, kept.id)
    assert [version.settled_by for version in view.versions] == ["supervisor", None]
    with pytest.raises(Conflict):
        await approve_article(desk.desk, supervisor, kept.id)


async def test_a_step_that_revises_an_article_keeps_what_it_is_about(desk: DeskUnderTest) -> None:
    article = await desk.article(keywords=("clave",), system="ppte")

    def revise(work: StoreWork) -> None:
        version = work.articles.revise(article.id, None, "Otro texto.", "operador", desk.clock.now())
        work.articles.approve(article.id, version, desk.clock.now())

    await desk.desk.database.write(revise)
    [kept] = (await shelf(desk.desk, desk.people["operador"])).articles
    assert (kept.title, kept.body, kept.system) == (article.title, "Otro texto.", "ppte")
    assert kept.keywords == ("clave",)


async def test_what_an_article_did_is_counted_by_case(desk: DeskUnderTest) -> None:
    article = await desk.article()
    cases = [(await desk.receive(a_message(sender=f"+5917000000{n}"))).case for n in range(3)]

    def use(work: StoreWork) -> None:
        for number, how in (
            (0, "offered"),
            (0, "offered"),
            (0, "solved"),
            (1, "opened"),
            (1, "sent"),
            (2, "written"),
        ):
            case = cases[number]
            assert case is not None
            work.articles.used(case.id, article.id, how, desk.clock.now())

    await desk.desk.database.write(use)
    seen = (await article_view(desk.desk, desk.people["uit"], article.id)).usage
    assert seen == Usage(offered=1, opened=1, sent=1, linked=0, written=1, cases=2, solved=1)
    assert seen.share == 0.5
    assert (await shelf(desk.desk, desk.people["uit"])).usage == {article.id: seen}


async def test_an_article_lapses_once_and_holds_again_when_it_is_confirmed(desk: DeskUnderTest) -> None:
    article, supervisor = await desk.article(), desk.people["supervisor"]
    with pytest.raises(Forbidden):
        await keep_article(desk.desk, desk.people["operador"], article.id, None)
    await keep_article(desk.desk, supervisor, article.id, desk.clock.now() + timedelta(days=40))
    assert (await shelf(desk.desk, supervisor)).ending == {}

    desk.clock.advance(days=41)
    assert [await lapse_articles(desk.desk), await lapse_articles(desk.desk)] == [1, 0]
    assert desk.desk.finder is not None
    assert desk.desk.finder.search("olvidé mi contraseña", 3, internal=True) == []
    assert not (await article_view(desk.desk, supervisor, article.id)).article.approved
    await keep_article(desk.desk, supervisor, article.id, None)

    assert desk.desk.finder.search("olvidé mi contraseña", 3, internal=True) != []


async def test_gaps_are_of_cases_that_no_article_answers(desk: DeskUnderTest) -> None:
    for about in PASSWORD, RECEIPT, OUTAGE:
        await desk.article(title=about.title, body=about.body, keywords=about.keywords, system=about.system)
    for number, text in enumerate(("el bono no me sale", "mi bono no sale", "olvidé mi contraseña")):
        await desk.receive(a_message(sender=f"+5917000000{number}", text=text))

    found = await gaps(desk.desk, desk.people["operador"])

    assert [len(gap.questions) for gap in found] == [2]
    assert (found[0].unfit, found[0].unused) == (2, 0)
    with pytest.raises(Forbidden):
        await gaps(desk.desk, desk.people["uit"])
    desk.clock.advance(days=91)
    assert await gaps(desk.desk, desk.people["operador"]) == []
