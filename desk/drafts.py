"""Drafts: what somebody writes about a case is kept as they type, for them alone, until it is sent."""

from collections.abc import Mapping
from datetime import datetime

from cases.errors import Invalid
from cases.model import Account
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.desk import Desk, open_to
from store.drafts import Draft, DraftKind
from store.work import StoreWork

LONGEST = 100_000
"""Characters of one draft: what the widest channel carries."""

NEEDED = {DraftKind.REPLY: Action.REPLY, DraftKind.NOTE: Action.NOTE}


async def keep_draft(
    desk: Desk, account: Account, number: str, kind: DraftKind, text: str, channel: Channel | None = None
) -> datetime | None:
    """Keep what somebody has begun to write, and return when; an empty draft is forgotten (None).

    Nobody else is told of it: no screen but its author's shows it.
    """
    demand(account, NEEDED[kind])
    if len(text) > LONGEST:
        raise Invalid("El borrador es demasiado largo.", {"text": f"Son más de {LONGEST} letras."})

    def act(work: StoreWork) -> datetime | None:
        case, now = open_to(work, account, number), desk.now()
        if not text.strip():
            work.drafts.clear(account.id, case.id, kind)
            return None
        work.drafts.keep(account.id, case.id, Draft(kind, text, channel, None, now))
        return now

    return await desk.database.write(act)


async def drafts_of(desk: Desk, account: Account, number: str) -> Mapping[DraftKind, Draft]:
    """Return what this person has begun to write about a case."""
    return await desk.database.read(
        lambda work: work.drafts.of(account.id, open_to(work, account, number).id)
    )
