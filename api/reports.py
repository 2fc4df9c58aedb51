"""The supervisors' reports, one part each: the same numbers as on the console's page."""

from datetime import timedelta
from typing import Any, TypeVar

from pydantic import BaseModel

from api.models.reports import (
    AgreementShown,
    ArticlesUsedShown,
    BacklogShown,
    PeriodAsked,
    ReturnsShown,
    SurveyShown,
    TimesShown,
    VolumeShown,
)
from api.routing import Answer, Call, Route
from desk import reports
from desk.report_shapes import Asked

USUAL = timedelta(days=29)
M = TypeVar("M", bound=BaseModel)


async def _part(call: Call, make: reports.Part[Any], model: type[M]) -> M:
    given = call.asked(PeriodAsked)
    until = given.until or call.desk.now().astimezone(call.desk.timezone).date()
    asked = Asked(
        given.since or until - USUAL, until, given.channel, given.system, given.category, given.unit
    )
    return model.model_validate(await reports.part(call.desk, call.account, asked, make))


async def report_on_volume(call: Call) -> VolumeShown:
    """Count the cases of a period that were opened and closed; for supervisors and administrators."""
    return await _part(call, reports.volume, VolumeShown)


async def report_on_times(call: Call) -> TimesShown:
    """Measure in working time how long answers, solutions and steps took; for supervisors and administrators."""
    return await _part(call, reports.times, TimesShown)


async def report_on_backlog(call: Call) -> BacklogShown:
    """Count the cases that were open at a period's end by age; for supervisors and administrators."""
    return await _part(call, reports.backlog, BacklogShown)


async def report_on_returns(call: Call) -> ReturnsShown:
    """Count what was given back in a period, by step and reason; for supervisors and administrators."""
    return await _part(call, reports.returns, ReturnsShown)


async def report_on_agreement(call: Call) -> AgreementShown:
    """Compare what the classifier proposed with what operators confirmed; for supervisors and administrators."""
    return await _part(call, reports.agreement, AgreementShown)


async def report_on_article_use(call: Call) -> ArticlesUsedShown:
    """Count in how many cases articles were offered, opened, sent, and solved them; for supervisors and administrators."""
    return await _part(call, reports.articles, ArticlesUsedShown)


async def report_on_survey(call: Call) -> SurveyShown:
    """Sum up how people said they were served, with the newest comments; for supervisors and administrators."""
    return await _part(call, reports.survey, SurveyShown)


_PARTS: tuple[tuple[str, str, Answer, type[BaseModel]], ...] = (
    ("volume", "Count cases by day, channel, system, category and hour", report_on_volume, VolumeShown),
    ("times", "Measure answers, solutions, steps and estimates", report_on_times, TimesShown),
    ("backlog", "Count open cases by age", report_on_backlog, BacklogShown),
    ("returns", "Count returns by reason", report_on_returns, ReturnsShown),
    ("agreement", "Compare proposals with confirmations", report_on_agreement, AgreementShown),
    ("articles", "Count the use of articles", report_on_article_use, ArticlesUsedShown),
    ("survey", "Sum the survey up", report_on_survey, SurveyShown),
)
PARTS = tuple(name for name, *_ in _PARTS)
ROUTES = tuple(
    Route("GET", f"/reports/{name}", summary, answer, model, query=PeriodAsked, refuses=(403, 422))
    for name, summary, answer, model in _PARTS
)
