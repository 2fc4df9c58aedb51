"""One case: what was said, where it stands in the manual, what can be done now, and its record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from aiohttp import web

from cases.model import Account, Evidence, Message, System
from cases.vocabulary import PLACINGS, AccountRole, Category, Direction, Stage
from console import forms, reach, reads, words
from console.editor import AsShown, Editor, as_shown, editor_of, with_draft
from console.forms import Typed
from console.pages.article import sendable
from console.record import Line, earlier_values, lines
from console.rendering import render
from console.snoozing import Choice, choices
from console.times import for_input
from console.visitor import desk_of, who
from desk.around import Around
from desk.evidence import UitEvidence
from desk.knowledge import article
from desk.notes import MENTION
from desk.talk import STRANGER
from desk.views import CaseView, asks_facts

NUMBER = re.compile(r"\d{4}-\d{1,9}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message; a positive weight marks what spoke for the proposal."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation, cut at the evidence; `sent` is how it went out, where it did."""

    message: Message
    parts: Sequence[Part]
    checked: str
    sent: reach.Sent | None


@dataclass(frozen=True, slots=True)
class May:
    """What this person can do with this case now."""

    classify: bool
    step: bool
    pass_on: bool
    assign: bool
    estimate: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """What the forms beside the conversation choose from."""

    systems: Sequence[System]
    names: Mapping[str, str]
    colleagues: Sequence[Account]
    categories: Sequence[Category]
    stages: Sequence[Stage]
    offers: Sequence[reads.Offer]
    prefills: Mapping[str, str]
    soonest: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """The names in a note of people who were not told: nobody has them, or they may not see the case."""

    nobody: Sequence[str] = ()
    barred: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything about one case that this person may see; `typed` is what a refused form held."""

    template: ClassVar[str] = "case.html"
    view: CaseView
    bubbles: Sequence[Bubble]
    record: Sequence[Line]
    back: Line | None
    may: May
    sides: Sides
    handled: str
    uit: UitEvidence
    under_way: bool
    answering: reach.Answering
    editor: Editor
    preview: AsShown | None
    addresses: Sequence[reach.Address]
    stranger: str | None
    asks_stranger: bool
    typed: Typed
    conflict: bool
    done: str
    came_from: str
    around: Around
    snoozing: Sequence[Choice]
    unheard: Unheard


async def show(request: web.Request) -> web.Response:
    """Show a case; `insertar` puts an article's words into the answer, `espera` those of an answer that is held."""
    number = request.match_info["number"]
    desk, account = desk_of(request), who(request)
    wanted = forms.number(request.query.get("insertar", ""))
    draft = sendable(await article(desk, account, wanted)) if wanted is not None else ""
    chosen = reach.channel_named(request.query.get("por", ""))
    instead = forms.number(request.query.get("espera", ""))
    begun = reach.Begun(draft, chosen, instead)
    return await case_page(request, number, begun=begun, done=request.query.get("hecho", ""))


async def case_page(
    request: web.Request,
    number: str,
    *,
    typed: Typed | None = None,
    begun: reach.Begun | None = None,
    done: str = "",
    status: int = 200,
) -> web.Response:
    """Answer with a case as it now stands, and with what was typed into a form that was refused."""
    desk, account = desk_of(request), who(request)
    found = await reads.whole_case(desk, account, number)
    view, said, talk = found.view, found.said, found.talk
    names = {system.id: system.name for system in found.systems}
    record = lines(desk, found.entries, names)
    begun, typed = with_draft(begun or reach.Begun(), found.editing), typed or Typed()
    answering = reach.answering(talk, said, begun, typed)
    page = CasePage(
        view=view,
        bubbles=[_bubble(message, view, reach.sent(desk, message, talk)) for message in said],
        record=record,
        back=sent_back(record),
        may=allowed(account, view),
        sides=Sides(
            systems=found.systems,
            names=names,
            colleagues=found.colleagues,
            categories=tuple(Category),
            stages=tuple(Stage),
            offers=found.offers,
            prefills=earlier_values(found.entries),
            soonest=for_input(desk.now(), desk.timezone),
        ),
        handled=_handled(view, found.uit),
        uit=found.uit,
        under_way=any(reach.under_way(desk, message, talk) for message in said),
        answering=answering,
        editor=editor_of(desk, account, found.editing, said, begun),
        preview=await as_shown(desk, account, number, answering, typed),
        addresses=reach.addresses(talk.identities),
        stranger=talk.stranger,
        asks_stranger=any(entry.kind == STRANGER for entry in found.entries),
        typed=typed,
        conflict=status == HTTPStatus.CONFLICT,
        done=done,
        came_from=_came_from(request),
        around=found.around,
        snoozing=choices(desk.now(), desk.timezone),
        unheard=_unheard(request),
    )
    fresh = f"/casos/{view.case.number}"
    return render(request, page, status=status, live=(f"case-{view.case.number}",), fresh=fresh)


def _came_from(request: web.Request) -> str:
    """Return the number of the case that a split or a join came from."""
    number = request.query.get("de", "")
    return number if NUMBER.fullmatch(number) else ""


def _unheard(request: web.Request) -> Unheard:
    """Return the names that the note just kept could not reach."""

    def names(of: str) -> Sequence[str]:
        return [name for name in request.query.get(of, "").split(",")[:10] if MENTION.fullmatch(f"@{name}")]

    return Unheard(names("nadie"), names("sin-acceso"))


def allowed(account: Account, view: CaseView) -> May:
    """Say what an account can do with a case as it stands; the acts themselves check it again."""
    case, mine = view.case, account.acts_as(view.case.role)
    classify = asks_facts(account, view)
    facts = case.facts
    plain = facts is not None and not (
        facts.availability or facts.functional_design or facts.handled_before_by_uit
    )
    return May(
        classify=classify,
        step=mine,
        pass_on=classify and plain,
        assign=case.closed is None and (mine or account.role is AccountRole.SUPERVISOR),
        estimate=mine,
    )


def sent_back(record: Sequence[Line]) -> Line | None:
    """Return the return that brought the case where it is, if that was its last move."""
    moves = [line for line in record if line.kind in PLACINGS]
    return moves[-1] if moves and moves[-1].kind == "return" else None


def _handled(view: CaseView, uit: UitEvidence) -> str:
    """Return what the form says about H before anybody chose: no, unless something speaks for yes."""
    if view.confirmed is not None:
        return "yes" if view.confirmed.handled_before_by_uit else "no"
    return "" if uit else "no"


def _bubble(message: Message, view: CaseView, sent: reach.Sent | None) -> Bubble:
    pointed = message.id == view.evidence_in and message.direction is Direction.IN
    evidence = view.proposed.evidence if view.proposed is not None and pointed else ()
    checked = words.proven(message.checks.proven) if message.checks is not None else ""
    return Bubble(message, cut(message.text, evidence), checked, sent)


def cut(text: str, evidence: Sequence[Evidence]) -> Sequence[Part]:
    """Cut a text at the spans that spoke for the proposal; spans that do not fit the text are left out."""
    parts: list[Part] = []
    at = 0
    for span in sorted(evidence, key=lambda span: span.start):
        if span.weight > 0 and at <= span.start < span.end <= len(text):
            parts += [Part(text[at : span.start], 0.0), Part(text[span.start : span.end], span.weight)]
            at = span.end
    return [part for part in (*parts, Part(text[at:], 0.0)) if part.text]
