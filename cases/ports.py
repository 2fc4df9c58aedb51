"""What the use cases need of the outside, as small protocols; `store` and the tests implement them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from cases.model import (
    Account,
    Article,
    Case,
    Confirmation,
    Conversation,
    Entry,
    Inbound,
    Message,
    Outgoing,
    Person,
    Suggestion,
    Verdict,
)
from cases.procedure import EntryDraft, Facts, Place
from cases.traffic import Template
from cases.vocabulary import Category, Channel

T = TypeVar("T")


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class People(Protocol):
    """Persons, their addresses and their conversations."""

    def at(self, channel: Channel, address: str, name: str | None, now: datetime) -> Person:
        """Return who writes from this address, registering them the first time."""
        ...

    def get(self, person: int) -> Person:
        """Return one person."""
        ...

    def conversation(self, person: int, channel: Channel, address: str, now: datetime) -> Conversation:
        """Return the person's conversation on this channel, opening it the first time."""
        ...

    def conversation_of(self, conversation: int) -> Conversation:
        """Return one conversation."""
        ...

    def heard(
        self, conversation: int, desk_address: str, now: datetime, *, answer_to: str | None = None
    ) -> None:
        """Note when the person last wrote, to which of the desk's addresses, and where they want to be answered."""
        ...

    def remember(self, conversation: int, state: dict[str, Any]) -> None:
        """Keep the dialogue's state."""
        ...


class Cases(Protocol):
    """Cases and what was proposed and confirmed about them."""

    def open(self, conversation: Conversation, subject: str, place: Place, year: int, now: datetime) -> Case:
        """Give a new case its number and put it at a place."""
        ...

    def get(self, number: str) -> Case:
        """Return one case by its number; raises `NotFound`."""
        ...

    def by_id(self, case: int) -> Case:
        """Return one case by its row; raises `NotFound`."""
        ...

    def open_in(self, conversation: int) -> Case | None:
        """Return the newest case of a conversation that is not closed."""
        ...

    def open_of(self, person: int) -> Case | None:
        """Return the newest case of a person that is not closed, whichever channel it came by."""
        ...

    def by_reply_token(self, token: str) -> Case | None:
        """Return the case that answers with this token belong to."""
        ...

    def latest_in(self, conversation: int) -> Case | None:
        """Return the newest case of a conversation, closed or not."""
        ...

    def save(self, case: Case, expected: int, now: datetime) -> Case:
        """Store a changed case as the next revision; raises `Conflict` if `expected` is not the stored one."""
        ...

    def index(self, case: int, text: str) -> None:
        """Make a case findable by these words."""
        ...

    def propose(self, case: int, message: int | None, verdict: Verdict, now: datetime) -> None:
        """Keep what the classifier proposed."""
        ...

    def proposal(self, case: int) -> Verdict | None:
        """Return the newest proposal."""
        ...

    def confirm(
        self, case: int, by: Account, category: Category, system: str | None, facts: Facts, now: datetime
    ) -> None:
        """Keep what an operator confirmed."""
        ...

    def confirmation(self, case: int) -> Confirmation | None:
        """Return the newest confirmation."""
        ...


class Record(Protocol):
    """The case records: appended, never changed."""

    def append(
        self, case: Case, draft: EntryDraft, words: tuple[str, str], actor: str, now: datetime
    ) -> Entry:
        """Add one entry; `words` are the step's responsible and output."""
        ...

    def of(self, case: int) -> Sequence[Entry]:
        """Return a case's entries in order."""
        ...


class Messages(Protocol):
    """Messages and the way they go out."""

    def take(
        self, inbound: Inbound, conversation: int, case: int | None, author: str, ledger: int | None
    ) -> Message:
        """Store an incoming message."""
        ...

    def say(
        self, case: Case | None, conversation: Conversation, outgoing: Outgoing, now: datetime
    ) -> Message:
        """Store an outgoing message and put it into the outbox, in one transaction with everything else."""
        ...

    def edit(self, inbound: Inbound, conversation: int) -> Message | None:
        """Give a message of this conversation its new text and keep the old one; None if it is not known."""
        ...

    def add_to_album(self, inbound: Inbound, conversation: int) -> Message | None:
        """Put a file of a known album into that album's message; None for a new album's first."""
        ...

    def automatic_since(self, conversation: int, since: datetime) -> int:
        """Count what the desk sent by itself in a conversation since then."""
        ...

    def noticed_since(self, conversation: int, since: datetime | None) -> bool:
        """Say whether an approved template went out to the person since then."""
        ...

    def release(self, conversation: int, now: datetime) -> None:
        """Let go out what was held until the person wrote again."""
        ...

    def note(self, case: Case, author: str, text: str, now: datetime) -> Message:
        """Store an internal note."""
        ...

    def of(self, case: int) -> Sequence[Message]:
        """Return a case's messages in order."""
        ...

    def named(self, channel: Channel, provider_ids: Sequence[str]) -> Message | None:
        """Return the newest message that carries one of these provider ids."""
        ...


class Articles(Protocol):
    """The knowledge base's articles."""

    def get(self, article: int) -> Article:
        """Return one article; raises `NotFound`."""
        ...

    def draft(
        self, title: str, body: str, category: Category, system: str, author: str, now: datetime
    ) -> Article:
        """Store a new article as a draft."""
        ...

    def revise(self, article: int, title: str | None, body: str, author: str, now: datetime) -> int:
        """Store a new version of an article and return its number."""
        ...

    def used(self, case: int, article: int, how: str, now: datetime) -> None:
        """Note that an article was offered, sent, linked or written for a case."""
        ...


class Work(Protocol):
    """One transaction: everything in it is stored together or not at all."""

    @property
    def people(self) -> People:
        """Persons and conversations."""
        ...

    @property
    def cases(self) -> Cases:
        """Cases, proposals, confirmations."""
        ...

    @property
    def record(self) -> Record:
        """The case records."""
        ...

    @property
    def messages(self) -> Messages:
        """Messages and deliveries."""
        ...

    @property
    def articles(self) -> Articles:
        """The knowledge base."""
        ...

    def templates(self, channel: Channel) -> Sequence[Template]:
        """Return a channel's registered templates."""
        ...

    def publish(self, event: str, **about: str) -> None:
        """Tell the live screens, once the transaction is stored."""
        ...


class Classifier(Protocol):
    """Proposes what a message is."""

    @property
    def version(self) -> str:
        """The model's version, as each proposal records it."""
        ...

    def classify(self, texts: Sequence[tuple[Channel, str | None, str]]) -> Sequence[Verdict]:
        """Return one verdict a (channel, subject, text), in order."""
        ...


class Finder(Protocol):
    """Finds articles for a text."""

    def search(self, text: str, top: int, *, internal: bool) -> Sequence[Suggestion]:
        """Return the nearest articles, best first; internal ones only for the desk's own people."""
        ...
