"""How Twilio writes things: its resources as JSON, its errors, its webhooks as signed forms."""

import asyncio
import hmac
from collections.abc import Mapping
from email.utils import format_datetime

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from intake.channels.simulated.twilio.state import (
    SENT_BY_PHONE,
    WEBHOOK_FAULTS,
    Bubble,
    Content,
    Fault,
    File,
    Json,
    State,
)

API_VERSION = "2010-04-01"
API = f"/{API_VERSION}/Accounts"


def error(status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Write an error as the API does."""
    about = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": about, "status": status}
    return web.json_response(body, status=status, headers=headers)


def known(state: State, request: web.Request) -> bool:
    """Say whether a request has the account's password."""
    wanted = aiohttp.encode_basic_auth(state.account, state.token)
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode())


def message(state: State, bubble: Bubble, *, fresh: bool = False) -> Json:
    """Write a message as Twilio's Message resource; a `fresh` one was only just taken and not sent yet."""
    at = format_datetime(bubble.at)
    uri = f"{API}/{state.account}/Messages/{bubble.sid}"
    return {
        "account_sid": state.account,
        "api_version": API_VERSION,
        "body": bubble.body,
        "date_created": at,
        "date_sent": None if fresh else at,
        "date_updated": at,
        "direction": "inbound" if bubble.direction == SENT_BY_PHONE else "outbound-api",
        "error_code": bubble.error,
        "error_message": None,
        "from": None if fresh and bubble.service else bubble.sender,
        "messaging_service_sid": bubble.service,
        "num_media": str(len(bubble.files)),
        "num_segments": "0" if fresh and bubble.service else "1",
        "price": None,
        "price_unit": None,
        "sid": bubble.sid,
        "status": bubble.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": bubble.to,
        "uri": f"{uri}.json",
    }


def media(state: State, bubble: Bubble, file: File) -> Json:
    """Write a file as Twilio's Media resource."""
    at = format_datetime(bubble.at)
    return {
        "account_sid": state.account,
        "content_type": file.media_type,
        "date_created": at,
        "date_updated": at,
        "parent_sid": bubble.sid,
        "sid": file.sid,
        "uri": f"{API}/{state.account}/Messages/{bubble.sid}/Media/{file.sid}.json",
    }


def content(state: State, template: Content) -> Json:
    """Write a template as the Content API does, with WhatsApp's word on it."""
    at = template.at.isoformat().replace("+00:00", "Z")
    return {
        "sid": template.sid,
        "account_sid": state.account,
        "friendly_name": template.name,
        "language": template.language,
        "variables": template.variables,
        "types": template.types,
        "date_created": at,
        "date_updated": at,
        "url": f"https://content.twilio.com/v1/Content/{template.sid}",
        "links": {},
        "approval_requests": {
            "name": template.name,
            "category": "UTILITY",
            "content_type": next(iter(template.types), ""),
            "status": template.status,
            "rejection_reason": "",
            "allow_category_change": True,
        },
    }


async def post(state: State, url: str, form: Mapping[str, str]) -> int:
    """Post a webhook, signed; returns the status, 502 where nobody answers."""
    headers = {"X-Twilio-Signature": RequestValidator(state.token).compute_signature(url, form)}
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=form, headers=headers) as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 502


async def deliver(state: State, bubble: Bubble, fault: Fault | None = None) -> None:
    """Bring a message to its phone and report on that, as well or as badly as is asked."""
    statuses = ["failed"] if bubble.error else ["sent", "delivered"]
    if bubble.error and bubble.error >= 63000:  # noqa: PLR2004 - WhatsApp's own codes, found out later
        statuses = ["sent", "undelivered"]
    mixed = fault is Fault.REPORTS_REORDERED
    for status in reversed(statuses) if mixed else statuses:
        bubble.status = statuses[-1] if mixed else status
        for _ in range(2 if fault is Fault.REPORTS_TWICE else 1):
            if fault is not Fault.REPORTS_MISSING:
                await report(state, bubble, status)


async def report(state: State, bubble: Bubble, status: str) -> None:
    """Post one status callback, if one was asked for."""
    if not bubble.callback:
        return
    form = {
        "MessageSid": bubble.sid,
        "SmsSid": bubble.sid,
        "AccountSid": state.account,
        "From": bubble.sender,
        "To": bubble.to,
        "MessageStatus": status,
        "SmsStatus": status,
        "ApiVersion": API_VERSION,
        "ChannelPrefix": "whatsapp",
        "EventType": status.upper(),
    }
    if bubble.service:
        form["MessagingServiceSid"] = bubble.service
    if bubble.error and status in {"failed", "undelivered"}:
        form["ErrorCode"] = str(bubble.error)
    await post(state, bubble.callback, form)


async def bring(state: State, bubble: Bubble) -> int:
    """Post an incoming message to the service's webhook; returns the HTTP status, 0 where none is posted."""
    fault = state.take(WEBHOOK_FAULTS)
    if fault is Fault.WEBHOOK_MISSING:
        return 0
    form = {
        "SmsMessageSid": bubble.sid,
        "NumMedia": str(len(bubble.files)),
        "MessageType": "text",
        "SmsSid": bubble.sid,
        "WaId": bubble.sender.removeprefix("whatsapp:+"),
        "SmsStatus": "received",
        "Body": bubble.body,
        "To": bubble.to,
        "NumSegments": "1",
        "MessageSid": bubble.sid,
        "AccountSid": state.account,
        "From": bubble.sender,
        "ApiVersion": API_VERSION,
        **bubble.extra,
    }
    for number, file in enumerate(bubble.files):
        form[f"MediaContentType{number}"] = file.media_type
        form[f"MediaUrl{number}"] = f"{state.url}{API}/{state.account}/Messages/{bubble.sid}/Media/{file.sid}"
    times = 2 if fault is Fault.WEBHOOK_TWICE else 1
    statuses = await asyncio.gather(*(post(state, state.messages_url, form) for _ in range(times)))
    return statuses[-1]
