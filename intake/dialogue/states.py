"""Where a conversation is: one thing at a time that the assistant waits for, and what it remembers beside."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that was offered; `link` opens it where messages carry links."""

    article: int
    title: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Nothing is waited for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The one question was asked: what kind of problem it is."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Articles were offered by number."""

    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An article was sent, and whether it helped was asked; others may still be chosen."""

    article: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """A case was closed, and a mark from 1 to 5 was asked for."""

    case: str


@dataclass(frozen=True, slots=True)
class Commenting:
    """A mark was given; a comment may follow."""

    case: str


Phase = Listening | Asked | Offered | Shown | Rating | Commenting
_PHASES: dict[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (Listening, Asked, Offered, Shown, Rating, Commenting)
}


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What a conversation keeps: its phase, the language, and who writes.

    `wants_person`: the person asked for one; `person_writes`: somebody of the desk has answered, so the assistant only
    speaks when asked. `acknowledged`: when an addition was last acknowledged; `introduced`: when the assistant last said
    what it is.
    """

    phase: Phase = Listening()
    language: str = "es"
    wants_person: bool = False
    person_writes: bool = False
    acknowledged: datetime | None = None
    introduced: datetime | None = None

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "DialogueState":
        """Read what the conversation keeps; an empty object is a new conversation, an unknown phase none."""
        return cls(
            phase=_phase(kept.get("phase") or {}),
            language=kept.get("language", "es"),
            wants_person=kept.get("wants_person", False),
            person_writes=kept.get("person_writes", False),
            acknowledged=_moment(kept.get("acknowledged")),
            introduced=_moment(kept.get("introduced")),
        )

    def dump(self) -> dict[str, Any]:
        """Write the state as the conversation keeps it."""
        return {
            "phase": {"kind": type(self.phase).__name__.lower(), **asdict(self.phase)},
            "language": self.language,
            "wants_person": self.wants_person,
            "person_writes": self.person_writes,
            "acknowledged": self.acknowledged.isoformat() if self.acknowledged else None,
            "introduced": self.introduced.isoformat() if self.introduced else None,
        }

    def taken_over(self) -> "DialogueState":
        """Return the state once somebody of the desk writes: the assistant waits for nothing any more."""
        return replace(self, phase=Listening(), person_writes=True, wants_person=False)


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _phase(kept: dict[str, Any]) -> Phase:
    values = dict(kept)
    kind = _PHASES.get(values.pop("kind", ""), Listening)
    if "offers" in values:
        values["offers"] = tuple(Offer(**offer) for offer in values["offers"])
    try:
        phase: Phase = kind(**values)
    except TypeError:
        return Listening()
    return phase
