"""A test of the account: does Twilio accept the service's credentials, is the account active, is there a sender."""

from collections.abc import Sequence

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from intake.channels.channel import Finding
from intake.channels.whatsapp.client import Throttled
from intake.channels.whatsapp.faults import UNAUTHORIZED
from intake.channels.whatsapp.form import one_line, storable
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.templates import BROKEN

ACCOUNT, SENDER, CALLBACK = "Cuenta de Twilio", "Número que envía", "Mensajes que entran"
STATES = {"suspended": "suspendida", "closed": "cerrada"}


async def probe(client: Client, settings: WhatsAppSettings, webhook: str) -> Sequence[Finding]:
    """Ask Twilio for the account, and say what the settings lack."""
    return [await _account(client, settings), _sender(settings), _callback(webhook)]


async def _account(client: Client, settings: WhatsAppSettings) -> Finding:
    try:
        account = await client.api.v2010.accounts(settings.twilio_account_sid).fetch_async()
    except BROKEN as broken:
        return Finding(ACCOUNT, good=False, said=_why(broken))
    state = str(account.status or "active")
    name = one_line(storable(str(account.friendly_name or "")))[:80]
    if state != "active":
        return Finding(ACCOUNT, good=False, said=f"La cuenta «{name}» está {STATES.get(state, state)}.")
    return Finding(ACCOUNT, good=True, said=f"Twilio acepta las credenciales de la cuenta «{name}».")


def _why(broken: BaseException) -> str:
    if isinstance(broken, TwilioRestException):
        if broken.status == UNAUTHORIZED:
            return (
                "Twilio no acepta la cuenta o el token: revise VENTANILLA_TWILIO_ACCOUNT_SID y"
                " VENTANILLA_TWILIO_AUTH_TOKEN."
            )
        return f"Twilio respondió {broken.status}: {one_line(storable(str(broken.msg)))[:200]}"
    if isinstance(broken, Throttled):
        return "Twilio pide ir más despacio: pruebe en un rato."
    if isinstance(broken, TimeoutError):
        return "Twilio no respondió a tiempo."
    return "No hay conexión con Twilio: revise la red o VENTANILLA_TWILIO_API_URL."


def _sender(settings: WhatsAppSettings) -> Finding:
    if settings.twilio_messaging_service_sid:
        said = f"Envía el servicio de mensajes {settings.twilio_messaging_service_sid}."
        return Finding(SENDER, good=True, said=said)
    if settings.twilio_whatsapp_from:
        return Finding(SENDER, good=True, said=f"Envía {settings.twilio_whatsapp_from}.")
    said = "Falta VENTANILLA_TWILIO_WHATSAPP_FROM o VENTANILLA_TWILIO_MESSAGING_SERVICE_SID: no se puede responder."
    return Finding(SENDER, good=False, said=said)


def _callback(webhook: str) -> Finding:
    """Say where Twilio has to be told to send; it cannot be asked where it sends what comes over WhatsApp."""
    return Finding(
        CALLBACK, good=True, said=f"En Twilio, la dirección de los mensajes que entran debe ser {webhook}."
    )
