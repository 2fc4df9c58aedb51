"""Twilio's form → a message. Field names are those of Twilio's "Messaging webhooks" page."""

from datetime import datetime
from urllib.parse import parse_qsl

from cases.model import Inbound
from cases.vocabulary import Channel, DeliveryState
from intake.channels.channel import CannotUnderstand

STATES = {
    "accepted": DeliveryState.SENT,
    "queued": DeliveryState.SENT,
    "sending": DeliveryState.SENT,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
}
"""Twilio's message states as the desk's; everything that Twilio has taken counts as sent."""

FAULTS = {
    "21211": "El número no es válido.",
    "21408": "La cuenta no tiene permiso para escribir a ese país.",
    "21610": "La persona pidió no recibir más mensajes (escribió STOP).",
    "21614": "El número no puede recibir mensajes.",
    "30003": "El teléfono está apagado o no se puede alcanzar.",
    "30004": "La persona bloqueó los mensajes.",
    "30005": "El número no existe o ya no está en uso.",
    "30008": "El operador no dijo por qué no se entregó.",
    "63003": "WhatsApp no encuentra ese número: puede que no tenga WhatsApp.",
    "63016": "Pasaron más de 24 horas desde su último mensaje: solo se puede enviar una plantilla aprobada.",
    "63018": "Demasiados mensajes a la vez; se intentará más tarde.",
    "63024": "La persona no puede recibir este mensaje en WhatsApp.",
}
"""What Twilio's error codes mean to the desk."""


def form_of(payload: bytes) -> dict[str, str]:
    """Read a form as Twilio posts it; of a repeated field the first value counts."""
    try:
        pairs = parse_qsl(payload.decode("utf-8"), keep_blank_values=True, strict_parsing=False)
    except (UnicodeDecodeError, ValueError) as broken:
        raise CannotUnderstand(f"the form is not UTF-8: {broken}") from broken
    form: dict[str, str] = {}
    for name, value in pairs:
        form.setdefault(name, value)
    return form


def provider_id(form: dict[str, str]) -> str | None:
    """Return Twilio's id of an incoming message."""
    return form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or None


def translate(payload: bytes, received: datetime) -> Inbound:
    """Make a message of an incoming form; raises CannotUnderstand."""
    form = form_of(payload)
    name, sender = provider_id(form), address(form.get("From", ""))
    if name is None or not sender:
        raise CannotUnderstand("the form has no MessageSid or no From")
    return Inbound(
        channel=Channel.WHATSAPP,
        provider_id=name,
        sender=sender,
        recipient=address(form.get("To", "")),
        sender_name=form.get("ProfileName") or None,
        text="\n".join(filter(None, (form.get("Body", ""), *_other_kinds(form)))),
        choice=form.get("ButtonPayload") or form.get("ListId") or None,
        references=tuple(filter(None, (form.get("OriginalRepliedMessageSid"),))),
        at=received,
    )


def address(value: str) -> str:
    """Return the number of `whatsapp:+591…`."""
    return value.removeprefix("whatsapp:").strip()


def _other_kinds(form: dict[str, str]) -> list[str]:
    """Name what came beside the text, in words."""
    lines: list[str] = []
    if form.get("Latitude") and form.get("Longitude"):
        label = " ".join(filter(None, (form.get("Label"), form.get("Address"))))
        lines.append(f"[Ubicación: {form['Latitude']}, {form['Longitude']}{f' ({label})' if label else ''}]")
    count = form.get("NumMedia", "0")
    for number in range(int(count) if count.isdecimal() else 0):
        kind = form.get(f"MediaContentType{number}") or "archivo"
        lines.append(f"[Adjunto: {kind}]")
    return lines


def fault(code: str | None) -> str | None:
    """Explain an error code in Spanish, with the code for whoever must look it up."""
    if not code or code == "0":
        return None
    return f"{FAULTS.get(code, 'Twilio no pudo entregar el mensaje.')} (código {code})"
