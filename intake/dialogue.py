"""The conversation with the citizen: what the assistant says to a message, as a pure function.

The state is a small JSON object kept with the conversation. The assistant acknowledges, offers articles by
number, tells how a case goes and calls a person; once a person of the desk writes, it only answers when asked.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.traffic import Choice
from cases.vocabulary import STAGE_TITLES, Stage, Status

QUIET = timedelta(minutes=10)
"""After an acknowledgement of an addition, further ones are not acknowledged for this long."""

STATUS_WORDS = frozenset({"estado", "como va mi caso", "como va", "estado de mi caso", "ver estado"})
PERSON_WORDS = frozenset(
    {
        "persona",
        "hablar con una persona",
        "humano",
        "operador",
        "quiero hablar con una persona",
        "agente",
        "quiero hablar con alguien",
        "hablar con un operador",
        "asesor",
    }
)
THANKS_WORDS = frozenset(
    {
        "gracias",
        "muchas gracias",
        "mil gracias",
        "ok",
        "ok gracias",
        "listo",
        "listo gracias",
        "perfecto",
        "perfecto gracias",
        "excelente",
        "buenisimo",
        "genial",
        "gracias muy amable",
        "muy amable",
        "ya gracias",
        "dios le pague",
        "",
    }
)
YES_WORDS = frozenset(
    {"si", "sii", "ya funciona", "si gracias", "si me sirvio", "resuelto", "listo ya funciona"}
)
NO_WORDS = frozenset({"no", "noo", "no me sirvio", "no funciona", "todavia no", "no gracias"})


class Deed(StrEnum):
    """What the desk must note beside the answer."""

    PERSON_WANTED = "person_wanted"
    ARTICLE_OPENED = "article_opened"
    SELF_SOLVED = "self_solved"


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that was offered, as the state keeps it."""

    article: int
    title: str


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where the conversation is."""

    offered: tuple[Offer, ...] = ()
    asked_about: int | None = None
    wants_person: bool = False
    person_writes: bool = False
    acknowledged: datetime | None = None

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "DialogueState":
        """Read what the conversation keeps; an empty object is a new conversation."""
        acknowledged = kept.get("acknowledged")
        return cls(
            offered=tuple(Offer(**offer) for offer in kept.get("offered", ())),
            asked_about=kept.get("asked_about"),
            wants_person=kept.get("wants_person", False),
            person_writes=kept.get("person_writes", False),
            acknowledged=datetime.fromisoformat(acknowledged) if acknowledged else None,
        )

    def dump(self) -> dict[str, Any]:
        """Write the state as the conversation keeps it."""
        return {
            "offered": [{"article": offer.article, "title": offer.title} for offer in self.offered],
            "asked_about": self.asked_about,
            "wants_person": self.wants_person,
            "person_writes": self.person_writes,
            "acknowledged": self.acknowledged.isoformat() if self.acknowledged else None,
        }


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What may be told to the citizen about the case: never more."""

    number: str
    opened_now: bool
    reopened_now: bool
    linked_now: bool
    status: Status
    stage: Stage
    unit_name: str
    estimate: str | None
    page: str


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
    deeds: tuple[Deed, ...] = field(default=())


def respond(  # noqa: PLR0911 - one way out for each thing that a person may say
    state: DialogueState, text: str, case: CaseFacts, offers: Sequence[Offer], now: datetime, *, chat: bool
) -> Turn:
    """Answer one message; `offers` are the articles found for it, `chat` whether the channel has short turns."""
    if case.opened_now:
        return _acknowledge(case, offers, now, chat=chat)
    if case.reopened_now:
        text = f"Reabrí su caso {case.number}. Una persona del equipo lo revisará otra vez y le responderá por aquí."
        return Turn(DialogueState(acknowledged=now), (Say(text),))
    said = plain(text)
    if case.linked_now or said in STATUS_WORDS:
        return Turn(state, (Say(status_text(case)),))
    if said in PERSON_WORDS:
        return Turn(
            replace(state, wants_person=True),
            (
                Say(
                    f"De acuerdo. Avisé al equipo que quiere hablar con una persona; le escribirán por aquí sobre el caso {case.number}."
                ),
            ),
            deeds=(Deed.PERSON_WANTED,),
        )
    if state.person_writes or case.status is Status.CLOSED:
        return Turn(state)
    if said.isdecimal() and 1 <= int(said) <= len(state.offered):
        chosen = state.offered[int(said) - 1]
        return Turn(
            replace(state, asked_about=chosen.article), show=chosen.article, deeds=(Deed.ARTICLE_OPENED,)
        )
    if state.asked_about is not None and said in YES_WORDS:
        return Turn(
            replace(state, asked_about=None, offered=()),
            (Say(f"¡Qué bien! Lo anoto en su caso {case.number}. Si vuelve a pasar, escríbanos por aquí."),),
            deeds=(Deed.SELF_SOLVED,),
        )
    if state.asked_about is not None and said in NO_WORDS:
        return Turn(
            replace(state, asked_about=None),
            (
                Say(
                    f"Gracias por avisar. Su caso {case.number} sigue abierto y una persona del equipo lo revisará."
                ),
            ),
        )
    return _addition(state, case, now)


def _acknowledge(case: CaseFacts, offers: Sequence[Offer], now: datetime, *, chat: bool) -> Turn:
    lines = [
        "Hola, soy el asistente automático de la mesa de soporte.",
        f"Registré su reporte con el número *{case.number}*. Una persona del equipo lo revisará y le responderá por aquí.",
    ]
    if chat:
        lines.append("Escriba *estado* para saber cómo va, o *persona* para hablar con una persona.")
    lines.append(f"También puede seguir su caso aquí: {case.page}")
    if offers:
        lines.append("Mientras tanto, esto puede ayudarle:")
    text = "\n\n".join(lines)
    choices = tuple(Choice(offer.title, str(place)) for place, offer in enumerate(offers, start=1))
    return Turn(
        DialogueState(offered=tuple(offers), acknowledged=now),
        (Say(text if chat else text.replace("*", ""), choices),),
    )


def helped() -> Say:
    """Ask whether an article was enough."""
    return Say("¿Esto resolvió su problema?", (Choice("Sí", "sí"), Choice("No", "no")))


def greet(case: CaseFacts | None) -> Say:
    """Greet somebody who only opened the conversation; with a case, tell how it goes."""
    if case is not None:
        return Say(status_text(case))
    return Say(
        "Hola, soy el asistente automático de la mesa de soporte. Cuénteme en un mensaje qué pasa y en qué sistema; "
        "lo registro y una persona del equipo le responde por aquí."
    )


def _addition(state: DialogueState, case: CaseFacts, now: datetime) -> Turn:
    if state.acknowledged is not None and now - state.acknowledged < QUIET:
        return Turn(state)
    return Turn(replace(state, acknowledged=now), (Say(f"Agregué su mensaje al caso {case.number}."),))


def status_text(case: CaseFacts) -> str:
    """Say how a case goes: stage, unit and estimate, never internal notes (reading of the manual, figure 1)."""
    if case.status is Status.CLOSED:
        return f"Su caso {case.number} está cerrado. Si el problema sigue, escríbanos y lo revisamos."
    lines = [
        f"Caso {case.number}",
        f"Etapa {case.stage} de 3: {STAGE_TITLES[case.stage]}.",
        f"Lo tiene: {case.unit_name}.",
        f"Solución estimada: {case.estimate}."
        if case.estimate
        else "Aún no hay una fecha estimada de solución.",
    ]
    if case.status is Status.WAITING:
        lines.append("Esperamos su respuesta para continuar.")
    return "\n".join(lines)


def reopens(text: str) -> bool:
    """Say whether a message to a closed case brings it back: thanks and a question for its state do not."""
    return plain(text) not in STATUS_WORDS | THANKS_WORDS


def plain(text: str) -> str:
    """Write a short message as it is compared: lower case, no accents, marks or doubled spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]", " ", letters).split())
