"""The closed sets of words that the contract fixes."""

from enum import StrEnum


class Channel(StrEnum):
    """A way in; `api` is osTicket's create call, answered by mail."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    EMAIL = "email"
    PHONE = "phone"
    API = "api"


class Category(StrEnum):
    """What a report is: the facts A and F of PR01 3 and 4, or neither."""

    AVAILABILITY = "availability"
    FUNCTIONAL_DESIGN = "functional_design"
    SUPPORT = "support"


class Status(StrEnum):
    """How a case stands; `in_review` from the derivation to the supervisor on."""

    OPEN = "open"
    WAITING = "waiting"
    IN_REVIEW = "in_review"
    CLOSED = "closed"


class AccountRole(StrEnum):
    """What an account may be."""

    OPERADOR = "operador"
    SUPERVISOR = "supervisor"
    UNIDAD = "unidad"
    ADMIN = "admin"


class Unit(StrEnum):
    """The manual's units and areas; operators and supervisors belong to AIT."""

    AIT = "ait"
    UIT = "uit"
    UPAT = "upat"
    ACGII = "acgii"
    ADT = "adt"


class Role(StrEnum):
    """Who is responsible for a step of a procedure."""

    USUARIO = "usuario"
    OPERADOR = "operador"
    SUPERVISOR = "supervisor"
    UIT = "uit"
    UPAT = "upat"
    ACGII = "acgii"
    ADT = "adt"

    @property
    def unit(self) -> Unit:
        """The unit in which a case stands while this role has it."""
        return Unit(self.value) if self.value in list(Unit) else Unit.AIT


ASSISTANT, SYSTEM, CITIZEN = "asistente", "sistema", Role.USUARIO.value
"""Who acts where no account does: what writes by itself, what registers, and whoever reports (the manual's word)."""


class Direction(StrEnum):
    """Where a message goes; a note never leaves the desk."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class DeliveryState(StrEnum):
    """How far an outgoing message got; a provider's reports only move them forward (see `rank`).

    `uncertain` is a send of which nobody knows whether it arrived ("may have been sent").
    """

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """The place in the order in which states may follow one another."""
        return list(DeliveryState).index(self)


class Stage(StrEnum):
    """The manual's figure 1: what a citizen is shown."""

    IDENTIFICATION = "1"
    PROCESSING = "2"
    NOTIFICATION = "3"


STAGE_TITLES = {
    Stage.IDENTIFICATION: "Identificación y análisis del incidente reportado",
    Stage.PROCESSING: "Coordinación y procesamiento del incidente",
    Stage.NOTIFICATION: "Notificación de la solución del incidente",
}


class ReturnReason(StrEnum):
    """Why a case is given back, in a word that can be counted; the words beside it say the rest."""

    INCOMPLETE = "incomplete_answer"
    CLASSIFICATION = "wrong_classification"
    UNIT = "wrong_unit"
    EVIDENCE = "missing_evidence"
    TONE = "tone"
    NOT_SOLVED = "not_solved"
    OTHER = "other"


MOVES = ("step", "interpretation", "return")
"""The kinds of entries by which a case leaves a step."""
PLACINGS = (*MOVES, "reopening")
"""The kinds of entries that bring a case where it stands."""
