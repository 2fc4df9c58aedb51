"""What Twilio's message states and error codes mean to the desk, and what is to be done about each, in Spanish."""

from dataclasses import dataclass
from datetime import timedelta

from cases.vocabulary import DeliveryState
from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.whatsapp.form import one_line, storable

STATES = {
    "accepted": DeliveryState.SENT,
    "scheduled": DeliveryState.SENT,
    "queued": DeliveryState.SENT,
    "sending": DeliveryState.SENT,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "partially_delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "failed": DeliveryState.FAILED,
    "undelivered": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
}
"""Twilio's message states as the desk's; everything that Twilio has taken counts as sent."""

UNAUTHORIZED, TOO_MANY, SERVER_FAULT = 401, 429, 500
SLOWER = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
AFTER_REPAIR = timedelta(minutes=10)
"""When to try again what waits for an administrator."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error code in words: `why` it happened and what is `to_do`.

    `unreachable`: nothing else will reach this person here; `after`: it may be tried again by itself, then.
    """

    why: str
    to_do: str
    unreachable: bool = False
    after: timedelta | None = None


_OTHER_WAY = "Ofrézcale otro canal o llame por teléfono."
_CHECK_NUMBER = "Revise el número con la persona o use otro canal."
_ADMIN = "Avise a quien administra la cuenta de Twilio."
_AGAIN_BY_HAND = "Reintente más tarde."
_TEMPLATE = "Revise la plantilla en Twilio o elija otra."

FAULTS: dict[int, Fault] = {
    # the account
    20003: Fault(
        "Twilio no acepta la cuenta o el token del servicio.",
        "Revise VENTANILLA_TWILIO_ACCOUNT_SID y VENTANILLA_TWILIO_AUTH_TOKEN; se intentará de nuevo.",
        after=AFTER_REPAIR,
    ),
    20005: Fault("La cuenta de Twilio no está activa.", _ADMIN, after=AFTER_REPAIR),
    20404: Fault("Twilio no encuentra lo que se le pidió.", _ADMIN),
    20429: Fault("Twilio pide ir más despacio.", "Se intentará de nuevo solo.", after=SLOWER),
    20500: Fault("Twilio falló al recibir el mensaje.", "Se comprueba si salió antes de repetirlo."),
    21611: Fault(
        "La cola de mensajes de Twilio está llena.", "Se intentará de nuevo solo.", after=timedelta(minutes=2)
    ),
    30001: Fault("La cola de mensajes de Twilio se desbordó.", _AGAIN_BY_HAND),
    30002: Fault("La cuenta de Twilio está suspendida.", _ADMIN),
    # the number of the person
    21211: Fault("El número no es válido.", _CHECK_NUMBER, unreachable=True),
    21217: Fault("El número no parece de teléfono.", _CHECK_NUMBER, unreachable=True),
    21604: Fault("Falta el número de la persona.", _CHECK_NUMBER),
    21614: Fault("El número no puede recibir mensajes.", _CHECK_NUMBER, unreachable=True),
    21408: Fault("La cuenta no tiene permiso para escribir a ese país.", _ADMIN),
    21610: Fault(
        "La persona pidió no recibir más mensajes (escribió STOP).",
        "No le escriba por WhatsApp hasta que escriba ella; use otro canal.",
        unreachable=True,
    ),
    30003: Fault("El teléfono está apagado o no se puede alcanzar.", _AGAIN_BY_HAND),
    30004: Fault("La persona o su operador bloquea los mensajes.", _OTHER_WAY, unreachable=True),
    30005: Fault("El número no existe o ya no está en uso.", _CHECK_NUMBER, unreachable=True),
    30006: Fault("El número es de un teléfono fijo o no se puede alcanzar.", _OTHER_WAY, unreachable=True),
    30007: Fault("El mensaje fue retenido como no deseado.", "Cambie el texto o use otro canal."),
    30008: Fault("El operador no dijo por qué no se entregó.", _AGAIN_BY_HAND),
    # the number of the desk
    21212: Fault("El número del servicio no es válido.", "Revise VENTANILLA_TWILIO_WHATSAPP_FROM."),
    21603: Fault("Falta el número del servicio.", "Revise VENTANILLA_TWILIO_WHATSAPP_FROM."),
    21606: Fault("El número del servicio no puede enviar mensajes.", _ADMIN),
    21703: Fault("El servicio de mensajería no tiene números.", _ADMIN),
    21712: Fault("El número del servicio no pertenece al servicio de mensajería.", _ADMIN),
    63002: Fault("WhatsApp no encuentra el número del servicio.", _ADMIN),
    63007: Fault(
        "El número del servicio no está dado de alta en WhatsApp.",
        "Revise VENTANILLA_TWILIO_WHATSAPP_FROM y el remitente en Twilio.",
    ),
    63015: Fault(
        "El número del servicio es el de pruebas de Twilio y la persona no se unió a él.",
        "Use el número propio, o pida a la persona que se una.",
    ),
    63020: Fault(
        "La institución no aceptó la invitación de WhatsApp, o su cuenta tiene un problema.", _ADMIN
    ),
    63022: Fault("WhatsApp no acepta el nombre visible del servicio.", _ADMIN),
    63038: Fault("La cuenta llegó a su límite de mensajes del día.", "Reintente mañana o use otro canal."),
    63051: Fault("WhatsApp restringió o bloqueó la cuenta del servicio.", _ADMIN),
    # the message
    21602: Fault("El mensaje está vacío.", "Escriba un texto."),
    21617: Fault("El mensaje es demasiado largo para WhatsApp.", "Divídalo en mensajes más cortos."),
    21620: Fault("Twilio no acepta la dirección del archivo.", "Revise VENTANILLA_PUBLIC_URL."),
    21654: Fault("Twilio no encuentra la plantilla.", _TEMPLATE),
    21655: Fault("Twilio no encuentra la plantilla.", _TEMPLATE),
    21656: Fault("Los datos de la plantilla no son válidos.", _TEMPLATE),
    12300: Fault("WhatsApp no lleva archivos de este tipo.", "Envíelo por correo o en otro formato."),
    63005: Fault(
        "WhatsApp no aceptó el contenido del mensaje.", "Cambie el texto o el archivo y responda de nuevo."
    ),
    63006: Fault("El contenido no tiene la forma que WhatsApp pide.", "Cambie el texto o el archivo."),
    63013: Fault("WhatsApp retuvo el mensaje por sus reglas de uso.", "Cambie el texto o use otro canal."),
    63016: Fault(
        "Se cerró la ventana de 24 horas desde el último mensaje de la persona: WhatsApp no admite texto libre.",
        "Envíe una plantilla aprobada, espere a que la persona escriba o use otro canal.",
    ),
    63019: Fault(
        "Twilio no pudo descargar el archivo.",
        "Revise que VENTANILLA_PUBLIC_URL se alcance desde fuera y reintente.",
    ),
    63021: Fault("WhatsApp rechazó el contenido.", "Acorte el texto o envíe el archivo en otro formato."),
    63027: Fault("La plantilla no existe en ese idioma.", _TEMPLATE),
    63028: Fault("A la plantilla le faltan datos o le sobran.", _TEMPLATE),
    63029: Fault("El teléfono de la persona no pudo abrir la plantilla.", _OTHER_WAY),
    63030: Fault("La plantilla tiene algo que WhatsApp no admite.", _TEMPLATE),
    63040: Fault("WhatsApp rechazó la plantilla.", _TEMPLATE),
    63041: Fault("WhatsApp puso la plantilla en pausa por su baja calidad.", _TEMPLATE),
    63042: Fault("WhatsApp desactivó la plantilla.", _TEMPLATE),
    # the person on WhatsApp
    63001: Fault("WhatsApp no acepta la cuenta del servicio.", _ADMIN),
    63003: Fault(
        "WhatsApp no encuentra ese número: puede que no tenga WhatsApp.", _OTHER_WAY, unreachable=True
    ),
    63014: Fault("La persona bloqueó el número del servicio.", _OTHER_WAY, unreachable=True),
    63024: Fault(
        "La persona no puede recibir mensajes en WhatsApp: no lo tiene, no aceptó sus condiciones o su versión es antigua.",
        _OTHER_WAY,
        unreachable=True,
    ),
    63031: Fault("El número de la persona es el del propio servicio.", _CHECK_NUMBER),
    63032: Fault(
        "WhatsApp no entrega este mensaje a esta persona (participa en una prueba de Meta).", _OTHER_WAY
    ),
    63033: Fault("La persona bloqueó el número del servicio.", _OTHER_WAY, unreachable=True),
    63049: Fault(
        "Meta decidió no entregar la plantilla a esta persona para no recargarla de mensajes.",
        "Espere al menos un día antes de repetirla, o use otro canal.",
    ),
    # WhatsApp itself
    63008: Fault("El canal de WhatsApp está mal configurado en Twilio.", _ADMIN),
    63009: Fault("WhatsApp devolvió un error.", _AGAIN_BY_HAND),
    63010: Fault("Twilio falló por dentro.", _AGAIN_BY_HAND),
    63011: Fault("Twilio no pudo tratar el mensaje.", _AGAIN_BY_HAND),
    63012: Fault("WhatsApp falló por dentro.", _AGAIN_BY_HAND),
    63017: Fault("Se enviaron demasiados mensajes a la vez.", _AGAIN_BY_HAND, after=SLOWER),
    63018: Fault("Se enviaron demasiados mensajes a la vez.", _AGAIN_BY_HAND, after=SLOWER),
    63023: Fault("WhatsApp no dijo por qué no se entregó.", _AGAIN_BY_HAND),
}
"""Twilio's error codes as its error dictionary has them."""

UNNAMED = Fault("Twilio no pudo entregar el mensaje.", _AGAIN_BY_HAND)


def fault_of(code: str | None) -> Fault:
    """Return what a code means; one that is not known is Twilio's own matter."""
    return FAULTS.get(number_of(code) or 0, UNNAMED)


def number_of(code: str | None) -> int | None:
    """Return an error code as a number, or None where there is none."""
    text = (code or "").strip()
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 8 else None  # noqa: PLR2004 - codes have five


def explained(code: str | None, said: str | None = None) -> str | None:
    """Explain an error in Spanish, with the code for whoever must look it up and the channel's own words."""
    number, words = number_of(code), one_line(storable(said or ""))[:300]
    if number is None and not words:
        return None
    fault = fault_of(code)
    named = f" (código {number})" if number is not None else ""
    told = f" WhatsApp dice: «{words}»." if words else ""
    return f"{fault.why}{named} {fault.to_do}{told}"


def verdict(status: int, code: int | None, said: str, wait: timedelta | None = None) -> NotSent:
    """Say what to do about an error of Twilio's API: give up, try again later, or ask whether it went out."""
    known = FAULTS.get(code or 0)
    why = explained(str(code or ""), None if known else said) or f"Twilio respondió con el error {status}."
    if status == TOO_MANY:
        after = min(wait or (known and known.after) or SLOWER, LONGEST_WAIT)
        return Later(why if known else f"{FAULTS[20429].why} {FAULTS[20429].to_do}", after)
    if status >= SERVER_FAULT:
        return Unknown(f"Twilio falló al recibir el mensaje (HTTP {status}).")
    if known is not None and known.after is not None:
        return Later(why, wait or known.after)
    if status == UNAUTHORIZED:
        return Later(f"{FAULTS[20003].why} {FAULTS[20003].to_do}", AFTER_REPAIR)
    return Refusal(why, unreachable=known is not None and known.unreachable)
