"""Twilio's webhooks in, Twilio's Messages API out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import aiohttp
from aiohttp import web
from twilio.rest import Client

from cases.model import Arrival, Parcel
from cases.traffic import Listed
from cases.vocabulary import Channel, DeliveryState
from intake.channels.channel import Adapter, CannotUnderstand, Doors, Finding
from intake.channels.whatsapp.client import Patience, RedirectedClient
from intake.channels.whatsapp.faults import STATES, UNNAMED, explained, fault_of
from intake.channels.whatsapp.form import address, form_of, provider_id
from intake.channels.whatsapp.links import PATH as MEDIA_PATH
from intake.channels.whatsapp.links import Links
from intake.channels.whatsapp.listing import listing
from intake.channels.whatsapp.media import Media
from intake.channels.whatsapp.probing import probe
from intake.channels.whatsapp.sending import STATUS_PATH, Sender
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.signature import Signatures, is_form
from intake.channels.whatsapp.templates import Register

PATH = "/channels/whatsapp/messages"
KEPT = 65_536
"""Bytes of a forged request that are kept: enough to see what it was, too little to fill the disk."""


class WhatsApp:
    """The open channel."""

    def __init__(
        self, settings: WhatsAppSettings, session: aiohttp.ClientSession, doors: Doors, patience: Patience
    ) -> None:
        tokens = tokens_of(settings)
        account, self._api_url = settings.twilio_account_sid or "", settings.twilio_api_url
        self._client = Client(
            account, tokens[0], http_client=RedirectedClient(session, self._api_url, patience)
        )
        self._doors = doors
        self._signatures = Signatures(doors.public_url, tokens)
        self._links = Links(doors, tokens)
        self._media = Media(session, self._api_url, account, tokens[0], settings.whatsapp_media_max, patience)
        self._settings = settings
        self._sender = Sender(self._client, settings, self._links, doors)
        self.register = Register(self._client, doors, patience)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return Twilio's two webhooks, and the files that it fetches."""
        return (
            web.post(PATH, self.receive_message),
            web.post(STATUS_PATH, self.receive_status),
            web.get(MEDIA_PATH + "{token}", self._links.give),
        )

    async def receive_message(self, request: web.Request) -> web.Response:
        """Store one message from Twilio durably, with its files; the work happens after the answer."""
        payload = await request.read()
        refused = await self._refused(request, payload)
        if refused is not None:
            return refused
        try:
            form = form_of(payload)
        except CannotUnderstand as why:
            await self._doors.quarantine(Channel.WHATSAPP, "unreadable", str(why), payload)
            return web.Response(status=204)
        name = provider_id(form)
        if name is None:
            await self._doors.quarantine(Channel.WHATSAPP, "no-id", "the form has no MessageSid", payload)
            return web.Response(status=204)
        kept = await self._media.with_files(form, payload)
        sender = address(form.get("From", ""))
        await self._doors.accept(Arrival(Channel.WHATSAPP, name, sender, kept, self._doors.now()))
        return web.Response(status=204)

    async def receive_status(self, request: web.Request) -> web.Response:
        """Take a report on a message that was sent, in whatever order it comes."""
        payload = await request.read()
        refused = await self._refused(request, payload)
        if refused is not None:
            return refused
        form = form_of(payload)
        name, state = provider_id(form), STATES.get(form.get("MessageStatus") or form.get("SmsStatus") or "")
        if name is not None and state is not None:
            await self._report(name, state, form.get("ErrorCode"), form.get("ChannelStatusMessage"))
        return web.Response(status=204)

    async def _report(self, name: str, state: DeliveryState, code: str | None, said: str | None) -> None:
        """Pass a report on; only one of a failure has a reason and says whether the person can be reached at all."""
        if state is not DeliveryState.FAILED:
            await self._doors.report(Channel.WHATSAPP, name, state, None)
            return
        reason = explained(code, said) or f"{UNNAMED.why} {UNNAMED.to_do}"
        await self._doors.report(
            Channel.WHATSAPP, name, state, reason, unreachable=fault_of(code).unreachable
        )

    async def _refused(self, request: web.Request, payload: bytes) -> web.Response | None:
        """Return the answer to a request that Twilio did not sign or that is no form, or None to one that is good."""
        content_type = request.content_type
        if not self._signatures.signed(request.headers, request.raw_path, content_type, payload):
            detail = "the signature is not Twilio's for this address"
            await self._doors.quarantine(Channel.WHATSAPP, "forged", detail, payload[:KEPT])
            return web.Response(status=403, text="signature does not match")
        if not is_form(content_type):
            await self._doors.quarantine(
                Channel.WHATSAPP, "unreadable", f"{content_type} is no form", payload[:KEPT]
            )
            return web.Response(status=415, text="a form is expected")
        return None

    async def send(self, parcel: Parcel) -> str:
        """Hand one part to Twilio; returns the message's SID."""
        return await self._sender.send(parcel)

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:
        """Ask Twilio for the recipient's recent messages that read like this part."""
        return await self._sender.find(parcel, since)

    async def listing(self, since: datetime, until: datetime) -> Sequence[Listed]:
        """Return the messages that Twilio had in a time, both ways."""
        return await listing(self._client, self._api_url, since, until)

    async def complete(self, payload: bytes) -> bytes:
        """Fetch the files of an incoming message that `listing` found and the webhook never brought."""
        return await self._media.with_files(form_of(payload), payload)

    async def sync(self) -> int:
        """Take over Twilio's templates now; returns how many. Raises Unknown where it does not answer."""
        return await self.register.sync()

    async def probe(self) -> Sequence[Finding]:
        """Ask Twilio whether it accepts the account."""
        return await probe(self._client, self._settings, f"{self._doors.public_url.rstrip('/')}{PATH}")

    async def add_choices(self) -> int:
        """Register the choice templates that are missing; returns how many. Raises Unknown."""
        return await self.register.add_choices()


def tokens_of(settings: WhatsAppSettings) -> list[str]:
    """Return the auth token and, while it is being changed, the one before it."""
    tokens = (settings.twilio_auth_token, settings.twilio_previous_auth_token)
    return [token.get_secret_value() for token in tokens if token is not None]


def open_whatsapp(
    settings: WhatsAppSettings, doors: Doors, patience: Patience | None = None
) -> AbstractAsyncContextManager[Adapter] | None:
    """Open the channel, or return None where no account is configured."""
    if settings.twilio_account_sid is None or settings.twilio_auth_token is None:
        return None
    return _opened(settings, doors, patience or Patience())


@asynccontextmanager
async def _opened(settings: WhatsAppSettings, doors: Doors, patience: Patience) -> AsyncIterator[Adapter]:
    async with aiohttp.ClientSession() as session:
        channel = WhatsApp(settings, session, doors, patience)
        beside = asyncio.create_task(channel.register.run()) if doors.listens else None
        try:
            yield channel
        finally:
            if beside is not None:
                beside.cancel()
                await asyncio.gather(beside, return_exceptions=True)
