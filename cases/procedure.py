"""What the parts need to know of a procedure: a place in it, the facts it asks, the acts it causes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from cases.vocabulary import Category

Value: TypeAlias = str | bool | int | datetime
"""What a field of a step may hold; an article's is its number."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a case stands: one numbered step of one version of one procedure."""

    procedure: str
    version: str
    step: str

    def __str__(self) -> str:
        """The step as the contract writes it, such as `PR02 3.C.2`."""
        return f"{self.procedure} {self.step}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The operator's confirmed answers to what PR01 3 and 4 ask."""

    availability: bool
    functional_design: bool
    handled_before_by_uit: bool

    @classmethod
    def of(cls, category: Category, *, handled_before_by_uit: bool) -> "Facts":
        """Set A and F from the confirmed category; H is asked beside it."""
        return cls(
            availability=category is Category.AVAILABILITY,
            functional_design=category is Category.FUNCTIONAL_DESIGN,
            handled_before_by_uit=handled_before_by_uit,
        )


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One line of a case's record before it has an actor, a time and a number."""

    place: Place
    kind: str
    data: dict[str, Value] = field(default_factory=dict)
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the citizen, on the channel that the report came from."""

    text: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """Set or revise when the case will be solved; a revision has a reason."""

    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Solve:
    """Register what solved the case."""

    text: str


@dataclass(frozen=True, slots=True)
class WriteArticle:
    """Propose a new article, or a new version of `article` when that is given."""

    body: str
    title: str | None = None
    article: int | None = None


@dataclass(frozen=True, slots=True)
class LinkArticle:
    """The case is already in the knowledge base: tie it to that article."""

    article: int


@dataclass(frozen=True, slots=True)
class AskClassificationAgain:
    """The case is back at PR01 3: its confirmation no longer counts."""


@dataclass(frozen=True, slots=True)
class Prioritise:
    """ACGII classified and ranked the incident (PR02 3.C.2)."""

    incident_class: str
    priority: str


Effect: TypeAlias = (
    Notify | Estimate | Solve | WriteArticle | LinkArticle | AskClassificationAgain | Prioritise
)
