"""A twin of Twilio's Messages API with the phones behind it: it takes messages, reports on them, and signs webhooks."""

import hmac
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

SENT_BY_PHONE, SENT_BY_DESK = "in", "out"
BAD = 300


@dataclass(slots=True)
class Bubble:
    """One message on a phone; `status` is Twilio's word for how far it got."""

    sid: str
    direction: str
    body: str
    at: datetime
    to: str
    sender: str
    status: str = "delivered"


@dataclass(slots=True)
class TwilioTwin:
    """Twilio with its phones, for one account and one number.

    `messages_url` is the service's inbound webhook; `now` tells the time; webhooks are signed with `token`.
    """

    account: str
    token: str
    number: str
    messages_url: str
    now: Callable[[], datetime]
    phones: dict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))

    def routes(self) -> Sequence[web.RouteDef]:
        """Return Twilio's API as far as the SDK uses it here, and the phones."""
        api = "/simulated/twilio/2010-04-01/Accounts/{account}/Messages.json"
        return (
            web.post(api, self.create),
            web.get(api, self.list),
            web.get("/simulated/phone/{number}", self.show),
            web.post("/simulated/phone/{number}", self.write),
        )

    async def create(self, request: web.Request) -> web.Response:
        """Take a message for a phone, as `POST Messages.json` does, and report its delivery."""
        if not self._known(request):
            return _error(401, 20003, "Authenticate")
        form = await request.post()
        to, body = str(form.get("To", "")), str(form.get("Body", ""))
        if not to.startswith("whatsapp:+"):
            return _error(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        bubble = Bubble(
            f"SM{secrets.token_hex(16)}",
            SENT_BY_DESK,
            body,
            self.now(),
            to,
            str(form.get("From", "")),
            "queued",
        )
        self.phones[to.removeprefix("whatsapp:")].append(bubble)
        callback = str(form.get("StatusCallback", ""))
        answer = web.json_response(self._resource(bubble), status=201)
        if callback:
            await answer.prepare(request)
            await answer.write_eof()
            await self._deliver(bubble, callback)
        return answer

    async def list(self, request: web.Request) -> web.Response:
        """Return a phone's messages from the desk, as `GET Messages.json?To=` does."""
        if not self._known(request):
            return _error(401, 20003, "Authenticate")
        bubbles = self.phones.get(request.query.get("To", "").removeprefix("whatsapp:"), [])
        found = [self._resource(bubble) for bubble in reversed(bubbles) if bubble.direction == SENT_BY_DESK]
        return web.json_response({"messages": found, "next_page_uri": None, "page": 0, "page_size": 50})

    async def show(self, request: web.Request) -> web.Response:
        """Return what is on a phone's screen."""
        bubbles = self.phones.get(request.match_info["number"], [])
        return web.json_response(
            [
                {"direction": b.direction, "body": b.body, "at": b.at.isoformat(), "status": b.status}
                for b in bubbles
            ]
        )

    async def write(self, request: web.Request) -> web.Response:
        """Send what somebody typed on a phone to the service, signed; answers with the webhook's status."""
        typed = await request.json()
        status = await self.send(request.match_info["number"], str(typed["text"]), str(typed.get("name", "")))
        return web.json_response({"status": status})

    async def send(self, number: str, text: str, name: str = "") -> int:
        """Post one message of a phone to the service's webhook as Twilio does; returns the HTTP status."""
        sid = f"SM{secrets.token_hex(16)}"
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self.account,
            "From": f"whatsapp:{number}",
            "To": f"whatsapp:{self.number}",
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "ProfileName": name,
            "WaId": number.removeprefix("+"),
            "ApiVersion": "2010-04-01",
            "SmsStatus": "received",
        }
        bubble = Bubble(
            sid, SENT_BY_PHONE, text, self.now(), f"whatsapp:{self.number}", f"whatsapp:{number}", "sent"
        )
        self.phones[number].append(bubble)
        status = await self._post(self.messages_url, form)
        bubble.status = "delivered" if status < BAD else "failed"
        return status

    async def _deliver(self, bubble: Bubble, callback: str) -> None:
        for status in ("sent", "delivered"):
            bubble.status = status
            form = {
                "MessageSid": bubble.sid,
                "SmsSid": bubble.sid,
                "AccountSid": self.account,
                "From": bubble.sender,
                "To": bubble.to,
                "MessageStatus": status,
                "SmsStatus": status,
                "ApiVersion": "2010-04-01",
            }
            await self._post(callback, form)

    async def _post(self, url: str, form: dict[str, str]) -> int:
        signature = RequestValidator(self.token).compute_signature(url, form)
        headers = {"X-Twilio-Signature": signature}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=form, headers=headers) as answer,
        ):
            return answer.status

    def _known(self, request: web.Request) -> bool:
        wanted = aiohttp.encode_basic_auth(self.account, self.token)
        return hmac.compare_digest(request.headers.get("Authorization", ""), wanted)

    def _resource(self, bubble: Bubble) -> dict[str, object]:
        """Write a message as Twilio's Message resource."""
        at = format_datetime(bubble.at)
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": bubble.body,
            "date_created": at,
            "date_sent": at,
            "date_updated": at,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": bubble.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": bubble.sid,
            "status": bubble.status,
            "subresource_uris": {},
            "to": bubble.to,
            "uri": f"/2010-04-01/Accounts/{self.account}/Messages/{bubble.sid}.json",
        }


def _error(status: int, code: int, message: str) -> web.Response:
    return web.json_response(
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
        status=status,
    )
