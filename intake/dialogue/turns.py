"""What goes into a turn of the conversation and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.traffic import Choice
from cases.vocabulary import Stage, Status
from intake.dialogue.states import DialogueState, Offer


class Deed(StrEnum):
    """What the desk must note beside the answer."""

    PERSON_WANTED = "person_wanted"
    COMPLAINT = "complaint"
    KIND_TOLD = "kind_told"
    ARTICLE_OPENED = "article_opened"
    ARTICLE_NO_HELP = "article_no_help"
    SELF_SOLVED = "self_solved"
    RATED = "rated"
    COMMENTED = "commented"


@dataclass(frozen=True, slots=True)
class Done:
    """One thing to note: the article that it is about, the mark that was given, or the words.

    `case` is the number of the case that it concerns, where that is not the one of the message.
    """

    deed: Deed
    case: str | None = None
    article: int | None = None
    rating: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person said: the text or the payload that they pressed, what was found for it, whether it is clear."""

    text: str
    offers: Sequence[Offer] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What may be told to the citizen about the case: never more.

    `opens` is when the desk works again by its own clock, where it does not work now, and `today` its date; `late` says that the estimate has passed.
    """

    number: str
    opened_now: bool
    reopened_now: bool
    linked_now: bool
    status: Status
    stage: Stage
    unit_name: str
    estimate: str | None
    page: str
    opens: datetime | None = None
    today: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """One thing that the assistant says, with what may be pressed in answer to it."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the assistant says and notes; `show` is an article whose approved text is to be sent."""

    state: DialogueState
    says: tuple[Say, ...] = ()
    show: int | None = None
    done: tuple[Done, ...] = ()
