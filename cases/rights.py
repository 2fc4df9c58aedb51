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
    USE_TEXT = "use_text"
    WRITE_TEXT = "write_text"
    WRITE_ARTICLE = "write_article"
    APPROVE_ARTICLE = "approve_article"
    SHARE_VIEW = "share_view"
    MONITOR = "monitor"
    TAKE_OVER = "take_over"
    SEND_REPORTS = "send_reports"
    QUARANTINE = "quarantine"
    LEARN = "learn"
    SNOOZE = "snooze"
    WHISPER = "whisper"
    HAND_OVER = "hand_over"
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
    Action.USE_TEXT: frozenset({OPERADOR, SUPERVISOR, ADMIN}),
    Action.WRITE_TEXT: frozenset({SUPERVISOR, ADMIN}),
    Action.WRITE_ARTICLE: frozenset({OPERADOR, SUPERVISOR, ADMIN}),
    Action.APPROVE_ARTICLE: frozenset({SUPERVISOR, ADMIN}),
    Action.SHARE_VIEW: frozenset({SUPERVISOR, ADMIN}),
    Action.MONITOR: frozenset({SUPERVISOR, ADMIN}),
    Action.TAKE_OVER: frozenset({SUPERVISOR}),
    Action.SEND_REPORTS: frozenset({SUPERVISOR, ADMIN}),
    Action.QUARANTINE: frozenset({OPERADOR, SUPERVISOR, ADMIN}),
    Action.LEARN: frozenset({SUPERVISOR, ADMIN}),
    Action.SNOOZE: DESK,
    Action.WHISPER: frozenset({SUPERVISOR}),
    Action.HAND_OVER: frozenset({SUPERVISOR, ADMIN}),
    Action.ADMINISTER: frozenset({ADMIN}),
}
"""A unit's people see and touch only cases that their unit has or has had; see `desk.desk.open_to`."""


def demand(account: Account, action: Action) -> None:
    """Raise `Forbidden` unless the account's role may do this."""
    if account.role not in RIGHTS[action]:
        raise Forbidden("Su cuenta no tiene permiso para hacer esto.")
