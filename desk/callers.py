"""Who calls, and what may help while they talk: read as an operator types a number and a note."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account, Callback, Case, Suggestion, Verdict
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.desk import Desk
from intake.channels.phone.translate import NumberFault, fault_of, normal_number
from kb.markdown import to_plain
from store.callbacks import CallWithoutCase
from store.work import StoreWork

EARLIER = 5
LOOKED_AT = 40
"""How many of a person's newest cases are looked at for open ones."""
TOP = 5
SHORTEST = 4
"""Characters of a note from which it says something."""
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever has a number, however it was typed.

    `joins` is the open case that a note of this call goes to by itself, `others` further open ones of the person, or of
    who writes from the same number elsewhere; `waiting` are answers that were to be read out to them.
    """

    number: str | None
    fault: NumberFault | None
    names: Sequence[str] = ()
    channels: Sequence[Channel] = ()
    unreachable: str | None = None
    joins: Case | None = None
    others: Sequence[Case] = ()
    closed: Sequence[Case] = ()
    settled: Sequence[CallWithoutCase] = ()
    waiting: Sequence[Callback] = ()

    @property
    def known(self) -> bool:
        """Say whether the desk knows anybody by this number."""
        return bool(self.names or self.joins or self.others or self.closed or self.settled)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article to read out, in plain words; `internal`: for the operator alone."""

    article: int
    title: str
    text: str
    score: float
    internal: bool


@dataclass(frozen=True, slots=True)
class Help:
    """What may help with what is typed so far."""

    proposed: Verdict | None = None
    readings: Sequence[Reading] = ()


async def caller(desk: Desk, account: Account, typed: str) -> Caller:
    """Return what the desk knows of a number, as far as it is typed."""
    demand(account, Action.PHONE_NOTE)
    number = normal_number(typed)
    if number is None:
        return Caller(None, fault_of(typed) if typed.strip() else None)
    return await desk.database.read(lambda work: _caller(work, number, fault_of(typed)))


def _caller(work: StoreWork, number: str, fault: NumberFault | None) -> Caller:
    found = [work.identities.find(channel, number) for channel in (Channel.PHONE, Channel.WHATSAPP)]
    people = list(dict.fromkeys(identity.person for identity in found if identity is not None))
    theirs = [case for person in people for case in work.queries.of_person(person, 0, LOOKED_AT)]
    line = work.callbacks.line(number)
    joins = work.cases.open_in(line.conversation) if line is not None else None
    if joins is None and found[0] is not None:
        joins = work.cases.open_of(found[0].person)
    names = [work.people.get(person).name for person in people]
    channels = dict.fromkeys(
        identity.channel
        for person in people
        for identity in work.identities.of(person)
        if (identity.channel, identity.address) != (Channel.PHONE, number)
    )
    return Caller(
        number=number,
        fault=fault,
        names=list(dict.fromkeys(filter(None, names))),
        channels=list(channels),
        unreachable=line.unreachable if line is not None else None,
        joins=joins,
        others=[case for case in theirs if case.closed is None and (joins is None or case.id != joins.id)],
        closed=[case for case in theirs if case.closed is not None][:EARLIER],
        settled=work.callbacks.without_case(people, EARLIER) if people else (),
        waiting=work.callbacks.waiting_at(number),
    )


async def help_with(desk: Desk, account: Account, typed: str, ticked: Sequence[int]) -> Help:
    """Propose what a note is and which articles answer it; those that were read already stay, whatever is typed."""
    demand(account, Action.PHONE_NOTE)
    text = typed.strip()[:LONGEST]
    proposed, found = await asyncio.to_thread(_think, desk, text) if len(text) >= SHORTEST else (None, ())
    scores = {hit.article: hit.score for hit in found}
    wanted = [*scores, *(article for article in dict.fromkeys(ticked) if article not in scores)]

    def act(work: StoreWork) -> Sequence[Reading]:
        articles = [work.articles.get(number) for number in wanted]
        return [
            Reading(
                article=article.id,
                title=article.title,
                text=to_plain(article.body),
                score=scores.get(article.id, 0.0),
                internal=not article.approved or article.audience != "public",
            )
            for article in articles
        ]

    return Help(proposed, await desk.database.read(act) if wanted else ())


def _think(desk: Desk, text: str) -> tuple[Verdict | None, Sequence[Suggestion]]:
    found = desk.finder.search(text, TOP, internal=True) if desk.finder is not None else ()
    if desk.classifier is None:
        return None, found
    [verdict] = desk.classifier.classify([(Channel.PHONE, None, text)])
    return verdict, found
