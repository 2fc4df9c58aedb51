"""Twilio's own list of a time's messages, both ways, to be compared with what the desk has."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from twilio.rest import Client

from cases.traffic import Listed
from cases.vocabulary import Direction
from intake.channels.channel import Unknown
from intake.channels.whatsapp.form import address
from intake.channels.whatsapp.templates import BROKEN

A_PAGE = 500


async def listing(client: Client, api_url: str, since: datetime, until: datetime) -> Sequence[Listed]:
    """Return the WhatsApp messages that were sent from `since` to before `until`, the oldest first; raises Unknown.

    An incoming one has the form that its webhook would have posted, so that a lost one can be taken in.
    """
    try:
        messages = await client.messages.list_async(
            date_sent_after=since, date_sent_before=until, page_size=A_PAGE
        )
        chosen = [m for m in messages if _over_whatsapp(m) and since <= _at(m, since) < until]
        return [
            await _listed(client, api_url, message, _at(message, since))
            for message in sorted(chosen, key=lambda m: (_at(m, since), str(m.sid)))
        ]
    except BROKEN as broken:
        raise Unknown("Twilio no respondió qué mensajes hubo.") from broken


def _over_whatsapp(message: Any) -> bool:
    return any(str(one or "").startswith("whatsapp:") for one in (message.to, message.from_))


def _at(message: Any, otherwise: datetime) -> datetime:
    """Return when a message was sent; one that still waits at Twilio has no such time yet."""
    at = message.date_sent or message.date_created
    if not isinstance(at, datetime):
        return otherwise
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _listed(client: Client, api_url: str, message: Any, at: datetime) -> Listed:
    if not str(message.direction).startswith("inbound"):
        return Listed(str(message.sid), Direction.OUT, address(str(message.to or "")), at)
    payload = urlencode(await _form(client, api_url, message)).encode("ascii")
    return Listed(str(message.sid), Direction.IN, address(str(message.from_ or "")), at, payload)


async def _form(client: Client, api_url: str, message: Any) -> dict[str, str]:
    """Write a listed message as its webhook would have posted it, as far as the list tells."""
    sid = str(message.sid)
    form = {
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "AccountSid": str(message.account_sid or ""),
        "From": str(message.from_ or ""),
        "To": str(message.to or ""),
        "Body": str(message.body or ""),
        "NumSegments": str(message.num_segments or "1"),
        "NumMedia": str(message.num_media or "0"),
        "SmsStatus": "received",
        "ApiVersion": str(message.api_version or ""),
    }
    if message.messaging_service_sid:
        form["MessagingServiceSid"] = str(message.messaging_service_sid)
    if form["NumMedia"] != "0":
        for number, media in enumerate(await client.messages(sid).media.list_async()):
            form[f"MediaContentType{number}"] = str(media.content_type or "")
            form[f"MediaUrl{number}"] = api_url.rstrip("/") + str(media.uri or "").removesuffix(".json")
    return form
