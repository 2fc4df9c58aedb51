"""How a person is reached, in words: what became of each answer, and by which channels the next one can go out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from cases.errors import Conflict, Invalid
from cases.model import Message
from cases.traffic import DeliveryProof
from cases.vocabulary import CITIZEN, Channel, DeliveryState, Direction
from console import words
from console.forms import Typed
from console.forms import number as numbered
from console.language import gettext as _
from desk.desk import Desk
from desk.talk import MOST_BYTES, MOST_FILES, CaseTalk, Way
from store.identities import Identity

REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Begun:
    """An answer that a link began: its words, its channel, and the held answer in whose place it goes."""

    draft: str = ""
    channel: Channel | None = None
    instead: int | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt to send a part, or one report on it."""

    at: datetime
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class SentPart:
    """How one part of an answer went out."""

    proof: DeliveryProof
    state: str
    tries: Sequence[Try]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an answer: in words, whether it can be sent again, and by which free channels if it is held."""

    words: str
    state: DeliveryState
    held: bool
    twice: bool
    parts: Sequence[SentPart]
    instead: Sequence[Way]
    withdrawn: bool = False

    @property
    def again(self) -> bool:
        """Say whether it makes sense to send it once more."""
        return self.state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN) and not self.withdrawn


@dataclass(frozen=True, slots=True)
class Choice:
    """A channel of the answer's form; `note` says what will happen, `warns` that the answer does not go out at once."""

    way: Way
    note: str
    warns: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """What the answer's form starts with."""

    choices: Sequence[Choice]
    draft: str
    instead: Message | None
    most_files: int
    most_bytes: int

    @property
    def origin(self) -> Choice | None:
        """The case's own channel."""
        return next((choice for choice in self.choices if choice.way.origin), None)

    @property
    def others(self) -> Sequence[Choice]:
        """Other channels by which an answer goes out at once."""
        return [choice for choice in self.choices if choice.way.free and not choice.way.origin]

    @property
    def carries_files(self) -> bool:
        """Whether any of the channels takes files."""
        return any(choice.way.attachments for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a person and how it was found to be theirs."""

    identity: Identity
    how: str
    by: str


def channel_named(word: str) -> Channel | None:
    """Return a channel by its word, or None if there is none."""
    return Channel(word) if word in list(Channel) else None


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Say what stands against a form beside the field that it is about."""
    try:
        yield
    except Conflict as known:
        raise Invalid(_("Revise los campos marcados."), {name: str(known)}) from known


def sent(desk: Desk, message: Message, talk: CaseTalk) -> Sent | None:
    """Return what became of an outgoing message; None of another."""
    delivery = message.delivery
    if message.direction is not Direction.OUT or delivery is None:
        return None
    held = message.id in talk.held
    kind = desk.channels.get(message.channel)
    said = words.delivery(delivery)
    if message.withdrawn is not None:
        return Sent(_("Retirada antes de salir"), delivery.state, False, False, (), (), withdrawn=True)
    if message.undo_until is not None and message.undo_until > desk.now() and not held:
        said = _("Sale en unos segundos")
    elif held:
        said = _("En espera: %(reason)s") % {"reason": delivery.reason}
    elif delivery.state is DeliveryState.QUEUED and delivery.reason:
        said = _("En cola, se intentará otra vez: %(reason)s") % {"reason": delivery.reason}
    elif delivery.state is DeliveryState.QUEUED and kind is not None and kind.can.by_voice:
        said = _("Por llamar: alguien la lee por teléfono")
    return Sent(
        words=said,
        state=delivery.state,
        held=held,
        twice=delivery.state is DeliveryState.UNCERTAIN,
        parts=[_part(proof) for proof in talk.proofs.get(message.id, ())],
        instead=[way for way in talk.ways if held and way.free and way.channel is not message.channel],
    )


def under_way(desk: Desk, message: Message, talk: CaseTalk) -> bool:
    """Say whether an answer is about to go out: its state changes within seconds."""
    delivery, kind = message.delivery, desk.channels.get(message.channel)
    if delivery is None or message.id in talk.held:
        return False
    if delivery.state is DeliveryState.QUEUED:
        return delivery.reason is None and kind is not None and not kind.can.by_voice
    return delivery.state is DeliveryState.SENDING


def _part(proof: DeliveryProof) -> SentPart:
    tries = [
        Try(attempt.at, words.delivery_state(attempt.outcome), attempt.detail or "")
        for attempt in proof.attempts
    ]
    return SentPart(proof, words.delivery_state(proof.state), tries)


def answering(talk: CaseTalk, said: Sequence[Message], begun: Begun, typed: Typed) -> Answering:
    """Return what the answer's form starts with: what was typed, else what a link began, on the case's own channel."""
    sent_back = typed.about(REPLY)
    chosen = channel_named(typed.value(REPLY, "channel")) if sent_back else begun.channel
    wanted = numbered(typed.value(REPLY, "instead")) if sent_back else begun.instead
    instead = next((message for message in said if message.id == wanted and wanted in talk.held), None)
    if chosen not in {way.channel for way in talk.ways}:
        chosen = next((way.channel for way in talk.ways if way.origin), None)
    return Answering(
        choices=[Choice(way, note(way), not way.free, chosen=way.channel is chosen) for way in talk.ways],
        draft=begun.draft or (instead.text if instead is not None else ""),
        instead=instead,
        most_files=MOST_FILES,
        most_bytes=MOST_BYTES,
    )


def note(way: Way) -> str:
    """Say what will become of an answer by a channel, where it is not simply sent."""
    if way.unreachable is not None:
        return _("No se le puede escribir por aquí: %(reason)s La respuesta esperaría a que escriba.") % {
            "reason": way.unreachable.rstrip(".") + "."
        }
    if way.closed and way.announces:
        return _(
            "Pasó el plazo en que este canal deja escribir libremente: se le avisa una vez con una plantilla "
            "aprobada y la respuesta espera a que escriba."
        )
    if way.closed:
        return _(
            "Pasó el plazo en que este canal deja escribir libremente: la respuesta espera a que la persona escriba."
        )
    if way.by_voice:
        return _("Queda en la lista de llamadas: alguien llama y la lee.")
    return "" if way.attachments else _("No lleva archivos.")


def addresses(identities: Sequence[Identity]) -> Sequence[Address]:
    """Return a person's addresses with how each was joined."""
    return [
        Address(
            identity,
            words.proof(identity.proof) if identity.proof else "",
            identity.by if identity.by and identity.by != CITIZEN else "",
        )
        for identity in identities
    ]
