"""Internal notes: whom they name with `@`, and those that are whispered to the one who has the case."""

import re
from dataclasses import dataclass
from datetime import datetime

from cases.errors import Conflict, Invalid
from cases.model import Account, Case, Message
from cases.rights import RIGHTS, Action, demand
from cases.vocabulary import AccountRole
from desk.desk import Desk, open_to
from desk.notices import tell
from store.drafts import DraftKind
from store.work import StoreWork

MENTION = re.compile(r"(?<![\w@.+-])@([A-Za-z0-9](?:[\w.-]{0,62}\w)?)")
"""A name after an `@` that is no part of a mail address."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that is kept; `unknown` are names that nobody has, `barred` those of people who may not see the case."""

    message: Message
    unknown: tuple[str, ...]
    barred: tuple[str, ...]


async def write_note(desk: Desk, account: Account, number: str, text: str, *, whisper: bool = False) -> Noted:
    """Write an internal note, which never leaves the desk, and tell those whom it names.

    A whisper is a supervisor's word to the one who has the case, seen by them and by supervisors alone. Raises Invalid
    for an empty note, Conflict for a whisper where nobody has the case.
    """
    demand(account, Action.WHISPER if whisper else Action.NOTE)
    if not text.strip():
        raise Invalid("La nota está vacía.", {"text": "Escriba la nota."})

    def act(work: StoreWork) -> Noted:
        case = open_to(work, account, number)
        work.drafts.clear(account.id, case.id, DraftKind.NOTE)
        return put_note(work, account, case, text.strip(), desk.now(), whisper=whisper)

    return await desk.database.write(act)


def put_note(
    work: StoreWork, account: Account, case: Case, text: str, now: datetime, *, whisper: bool = False
) -> Noted:
    """Keep a note within the caller's transaction (see `write_note`)."""
    if whisper and case.assignee is None:
        raise Conflict("Nadie atiende este caso: escriba una nota para todos, o entréguelo antes.")
    to = case.assignee if whisper else None
    written = work.messages.note(case, account.name, text, now, whisper_to=to)
    unknown, barred = [], []
    for name, person in _named(work, text).items():
        if person is None:
            unknown.append(name)
        elif not _may_read(work, person, case, to):
            barred.append(name)
        elif person.id not in (account.id, to):
            tell(work, person.id, "mention", case, account.name, now, message=written.id)
    if to is not None and to != account.id:
        tell(work, to, "whisper", case, account.name, now, message=written.id)
    work.publish("case-changed", case=case.number)
    return Noted(written, tuple(unknown), tuple(barred))


def may_hear(account: Account, message: Message) -> bool:
    """Say whether a note is for this account: a whisper is for its addressee, and for those who may whisper."""
    return message.whisper_to in (None, account.id) or account.role in RIGHTS[Action.WHISPER]


def may_see(work: StoreWork, account: Account, case: Case) -> bool:
    """Say whether an account may see a case; the table of `cases.rights` says that everybody sees some."""
    return account.role is not AccountRole.UNIDAD or work.cases.is_seen_by(case.id, account.unit)


def _may_read(work: StoreWork, person: Account, case: Case, to: int | None) -> bool:
    heard = to in (None, person.id) or person.role in RIGHTS[Action.WHISPER]
    return heard and may_see(work, person, case)


def _named(work: StoreWork, text: str) -> dict[str, Account | None]:
    """Return the accounts that a text names, each once, and None for a name that nobody has."""
    names = dict.fromkeys(name.lower() for name in MENTION.findall(text))
    found = {name: work.accounts.named(name) for name in names}
    return {name: account[0] if account is not None else None for name, account in found.items()}
