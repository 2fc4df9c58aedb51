"""Who may do what: one table, asked by `desk` for every act of every page and of the API."""

from enum import StrEnum

from cases.errors import Forbidden
from cases.model import Account
from cases.vocabulary import AccountRole

OPERADOR, SUPERVISOR, UNIDAD, ADMIN = AccountRole
DESK = frozenset({OPERADOR, SUPERVISOR})
EVERYONE = frozenset(AccountRole)


class Action(StrEnum):
    """What can be done at the desk."""

    SEE_CASES = "see_cases"
    SEE_ARTICLES = "see_articles"
    SEE_PROCEDURES = "see_procedures"
    TAKE_STEP = "take_step"
    CLASSIFY = "classify"
    REPLY = "reply"
    NOTE = "note"
    PHONE_NOTE = "phone_note"
    ASSIGN = "assign"
    ESTIMATE = "estimate"
    WAIT = "wait"
    REOPEN = "reopen"
    SPLIT = "split"
    MERGE = "merge"
    CALL_BACK = "call_back"
    RETRY = "retry"
    CLOSE_MANY = "close_many"
    JOIN_IDENTITIES = "join_identities"
    WRITE_ARTICLE = "write_article"
    APPROVE_ARTICLE = "approve_article"
    MONITOR = "monitor"
    QUARANTINE = "quarantine"
    LEARN = "learn"
    ADMINISTER = "administer"


RIGHTS: dict[Action, frozenset[AccountRole]] = {
    Action.SEE_CASES: EVERYONE,
    Action.SEE_ARTICLES: EVERYONE,
    Action.SEE_PROCEDURES: EVERYONE,
    Action.TAKE_STEP: EVERYONE - {ADMIN},
    Action.CLASSIFY: frozenset({OPERADOR}),
    Action.REPLY: DESK,
    Action.NOTE: EVERYONE,
    Action.PHONE_NOTE: DESK,
    Action.ASSIGN: EVERYONE - {ADMIN},
    Action.ESTIMATE: EVERYONE - {ADMIN},
    Action.WAIT: DESK,
    Action.REOPEN: DESK,
    Action.SPLIT: DESK,
    Action.MERGE: DESK,
    Action.CALL_BACK: DESK,
    Action.RETRY: DESK,
    Action.CLOSE_MANY: DESK,
    Action.JOIN_IDENTITIES: DESK,
    Action.WRITE_ARTICLE: frozenset({OPERADOR, SUPERVISOR, ADMIN}),
    Action.APPROVE_ARTICLE: frozenset({SUPERVISOR, ADMIN}),
    Action.MONITOR: frozenset({SUPERVISOR, ADMIN}),
    Action.QUARANTINE: frozenset({OPERADOR, SUPERVISOR, ADMIN}),
    Action.LEARN: frozenset({SUPERVISOR, ADMIN}),
    Action.ADMINISTER: frozenset({ADMIN}),
}
"""A unit's people see and touch only cases that their unit has or has had; see `desk.desk.open_to`."""


def demand(account: Account, action: Action) -> None:
    """Raise `Forbidden` unless the account's role may do this."""
    if account.role not in RIGHTS[action]:
        raise Forbidden("Su cuenta no tiene permiso para hacer esto.")
