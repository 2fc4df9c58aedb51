"""A report of non-delivery in the desk's words: what became of the message, why, and whether to try that address again."""

import re

from cases.traffic import DeliveryReport
from cases.vocabulary import DeliveryState
from intake.channels.mail.bounce_words import GAVE_UP, GOES_ON, NOBODY, REFUSED
from intake.channels.mail.bounces import Bounce

NOBODY_THERE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.310"})
"""Codes of addresses and mailboxes that are not there (RFC 3463, 3.2 and 3.3; Exchange's and Gmail's own)."""

_VAGUE = re.compile(r"[45]\.(?:0\.0|\d+\.0)|5\.4\.[14]|5\.5\.\d+|5\.7\.(?:0|1)")
"""Codes under which servers also say that nobody is there; then their words decide."""

REASONS = {
    "5.1.1": "La dirección no existe",
    "5.1.2": "El dominio de la dirección no existe",
    "5.1.3": "La dirección está mal escrita",
    "5.1.4": "La dirección es ambigua en su servidor",
    "5.1.6": "El buzón se mudó y no dejó dirección",
    "5.1.8": "El servidor no acepta al remitente",
    "5.1.10": "La dirección no existe",
    "5.2.0": "El buzón tiene un problema",
    "5.2.1": "El buzón está deshabilitado",
    "5.2.2": "El buzón está lleno",
    "5.2.3": "El mensaje es demasiado grande para el buzón",
    "5.3.4": "El mensaje es demasiado grande para el servidor",
    "5.4.1": "El servidor del destinatario no lo aceptó",
    "5.4.4": "No se encontró el servidor del destinatario",
    "5.4.6": "El correo daba vueltas entre servidores",
    "5.4.7": "Se agotó el plazo de entrega",
    "5.4.310": "El dominio de la dirección no existe",
    "4.2.2": "El buzón está lleno",
    "4.4.1": "El servidor del destinatario no responde",
    "4.4.2": "Se cortó la conexión con el servidor del destinatario",
    "4.4.7": "Se agotó el plazo de entrega",
    "5.6": "El servidor no acepta el formato del mensaje",
    "5.7": "El servidor rechazó el mensaje por sus reglas",
    "4.7": "El servidor pide esperar por sus reglas",
    "5.1": "La dirección no sirve",
    "5.2": "El buzón no recibe",
    "5.3": "El servidor del destinatario tiene un problema",
    "4.3": "El servidor del destinatario tiene un problema",
    "5.4": "No se llegó al servidor del destinatario",
    "4.4": "No se llega al servidor del destinatario",
    "4.2": "El buzón no recibe por ahora",
    "5": "El servidor rechazó el mensaje",
    "4": "La entrega se retrasa",
}
"""Enhanced status codes (RFC 3463; RFC 7372; IANA's register) in words that a desk can act on; the nearest is used."""


def delivery_report(bounce: Bounce) -> DeliveryReport:
    """Return a bounce as the desk takes it: failed, or sent and late; never as delivered."""
    late = is_late(bounce)
    return DeliveryReport(
        bounce.message_ids,
        DeliveryState.SENT if late else DeliveryState.FAILED,
        _reason(bounce, late=late),
        unreachable=not late and nobody_is_there(bounce.status, bounce.reason, bounce.words),
    )


def is_late(bounce: Bounce) -> bool:
    """Say whether delivery goes on; a report that says `failed` is final, whatever its code (RFC 3464, 2.3.3)."""
    if bounce.action == "failed":
        return False
    if bounce.action == "delayed":
        return True
    told = f"{bounce.reason}\n{bounce.words}"
    if (bounce.status or "").startswith("4"):
        return not GAVE_UP.search(told)
    return bounce.status is None and bool(GOES_ON.search(told)) and not GAVE_UP.search(told)


def nobody_is_there(status: str | None, reason: str, words: str = "") -> bool:
    """Say whether a refusal is about the address, so that nothing will ever reach it, and not about the mail.

    `words` are what else is said around the reason; they decide where it says neither.
    """
    if status is not None and status.startswith("4"):
        return False
    if status in NOBODY_THERE:
        return True
    vague = status is None or _VAGUE.fullmatch(status) is not None
    if not vague:
        return False
    told = next((text for text in (reason, words) if NOBODY.search(text) or REFUSED.search(text)), "")
    return NOBODY.search(told) is not None and not REFUSED.search(NOBODY.sub("", told))


def in_spanish(status: str) -> str:
    """Return what an enhanced status code means."""
    parts = status.split(".")
    known = (".".join(parts[:length]) for length in (3, 2, 1))
    return next((REASONS[code] for code in known if code in REASONS), "El servidor no entregó el mensaje")


def _reason(bounce: Bounce, *, late: bool) -> str:
    status = bounce.status
    if status is None:
        what = "La entrega se retrasa" if late else "El correo no se pudo entregar"
        if not late and nobody_is_there(None, bounce.reason, bounce.words):
            what = REASONS["5.1.1"]
    elif not late and _VAGUE.fullmatch(status) and nobody_is_there(status, bounce.reason, bounce.words):
        what = f"{REASONS['5.1.1']} ({status})"
    else:
        what = f"{in_spanish(status)} ({status})"
    if late and not (status or "").startswith("4"):
        what = f"{what}; se sigue intentando" if "retrasa" not in what else what
    return f"{what}: {bounce.reason}"[:500] if bounce.reason else what
