"""Twilio's webhooks in, Twilio's Messages API out."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web
from multidict import MultiDict
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.rest import Client

from cases.model import Arrival, Parcel
from cases.vocabulary import Channel
from intake.channels.channel import Adapter, CannotUnderstand, Doors, Later, Refusal, Unknown
from intake.channels.whatsapp.client import RedirectedClient
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.translate import STATES, address, fault, form_of, provider_id

KEPT = 65_536
"""Bytes of a forged request that are kept: enough to see what it was, too little to fill the disk."""

TOO_MANY = 429
SERVER_FAULT = 500


class WhatsApp:
    """The open channel."""

    def __init__(self, settings: WhatsAppSettings, client: Client, doors: Doors) -> None:
        self._settings = settings
        self._public_url = doors.public_url.rstrip("/")
        self._client = client
        self._doors = doors
        tokens = (settings.twilio_auth_token, settings.twilio_previous_auth_token)
        self._validators = [
            RequestValidator(token.get_secret_value()) for token in tokens if token is not None
        ]

    def routes(self) -> Sequence[web.RouteDef]:
        """Return Twilio's two webhooks."""
        return (
            web.post("/channels/whatsapp/messages", self.receive_message),
            web.post("/channels/whatsapp/status", self.receive_status),
        )

    async def receive_message(self, request: web.Request) -> web.Response:
        """Store one message from Twilio durably; the work happens after the answer."""
        payload = await request.read()
        if not self._signed(request, payload):
            return await self._refuse(payload)
        try:
            form = form_of(payload)
        except CannotUnderstand as why:
            await self._doors.quarantine(Channel.WHATSAPP, "unreadable", str(why), payload)
            return web.Response(status=204)
        name = provider_id(form)
        if name is None:
            await self._doors.quarantine(Channel.WHATSAPP, "no-id", "the form has no MessageSid", payload)
            return web.Response(status=204)
        sender = address(form.get("From", ""))
        await self._doors.accept(Arrival(Channel.WHATSAPP, name, sender, payload, self._doors.now()))
        return web.Response(status=204)

    async def receive_status(self, request: web.Request) -> web.Response:
        """Take a report on a message that was sent, in whatever order it comes."""
        payload = await request.read()
        if not self._signed(request, payload):
            return await self._refuse(payload)
        form = form_of(payload)
        name, state = provider_id(form), STATES.get(form.get("MessageStatus") or form.get("SmsStatus") or "")
        if name is not None and state is not None:
            await self._doors.report(Channel.WHATSAPP, name, state, fault(form.get("ErrorCode")))
        return web.Response(status=204)

    def _signed(self, request: web.Request, payload: bytes) -> bool:
        """Say whether Twilio signed this request for the public URL, with the present or the previous token."""
        signature = request.headers.get("X-Twilio-Signature", "")
        try:
            algorithm = get_signature_algorithm(request.headers.get("X-Twilio-Webhooks-Signature-Settings"))
            form = MultiDict(parse_qsl(payload.decode("utf-8"), keep_blank_values=True))
            url = self._public_url + request.raw_path
            return any(validator.validate(url, form, signature, algorithm) for validator in self._validators)
        except (ValueError, UnicodeDecodeError):
            return False

    async def _refuse(self, payload: bytes) -> web.Response:
        await self._doors.quarantine(
            Channel.WHATSAPP, "forged", "the signature is not Twilio's for this address", payload[:KEPT]
        )
        return web.Response(status=403, text="signature does not match")

    async def send(self, parcel: Parcel) -> str:
        """Hand one part to Twilio; returns the message's SID."""
        service = self._settings.twilio_messaging_service_sid
        sender = parcel.desk_address or self._settings.twilio_whatsapp_from
        if service is None and sender is None:
            raise Refusal("Falta el número de WhatsApp del servicio (VENTANILLA_TWILIO_WHATSAPP_FROM).")
        origin = {"messaging_service_sid": service} if service else {"from_": f"whatsapp:{sender}"}
        try:
            sent = await self._client.messages.create_async(
                to=f"whatsapp:{parcel.address}",
                body=parcel.body,
                status_callback=f"{self._public_url}/channels/whatsapp/status",
                **origin,
            )
        except TwilioRestException as refused:
            raise _verdict(refused) from refused
        except aiohttp.ClientConnectorError as unreachable:
            raise Later("No se pudo conectar con Twilio.") from unreachable
        except (TimeoutError, aiohttp.ClientError) as broken:
            raise Unknown("Se cortó la conexión con Twilio al enviar.") from broken
        return str(sent.sid)

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:
        """Ask Twilio for the recipient's recent messages that read like this part."""
        try:
            recent = await self._client.messages.list_async(
                to=f"whatsapp:{parcel.address}", date_sent_after=since - timedelta(minutes=1), limit=50
            )
        except (TimeoutError, TwilioRestException, aiohttp.ClientError) as broken:
            raise Unknown("Twilio no respondió si el mensaje salió.") from broken
        return [str(message.sid) for message in recent if message.body == parcel.body]


def _verdict(refused: TwilioRestException) -> Refusal | Later | Unknown:
    """Say what to do about an error of Twilio's API."""
    why = fault(str(refused.code)) if refused.code else None
    if refused.status == TOO_MANY:
        return Later("Twilio pide ir más despacio.", timedelta(seconds=30))
    if refused.status >= SERVER_FAULT:
        return Unknown(f"Twilio falló al recibir el mensaje (HTTP {refused.status}).")
    return Refusal(why or f"Twilio rechazó el mensaje: {refused.msg}")


def open_whatsapp(settings: WhatsAppSettings, doors: Doors) -> AbstractAsyncContextManager[Adapter] | None:
    """Open the channel, or return None where no account is configured."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    return _opened(settings, doors)


@asynccontextmanager
async def _opened(settings: WhatsAppSettings, doors: Doors) -> AsyncIterator[Adapter]:
    token = settings.twilio_auth_token
    async with aiohttp.ClientSession() as session:
        client = Client(
            settings.twilio_account_sid,
            token.get_secret_value() if token else "",
            http_client=RedirectedClient(session, settings.twilio_api_url),
        )
        yield WhatsApp(settings, client, doors)
