"""The register of templates, taken over from Twilio's Content API: at the start, and every hour."""

import asyncio
import re
from typing import Any

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from cases.traffic import Template
from cases.vocabulary import Channel
from intake.channels.channel import Doors, Unknown
from intake.channels.whatsapp.choices import definitions
from intake.channels.whatsapp.client import Patience, Throttled
from intake.channels.whatsapp.form import one_line, storable

log = structlog.get_logger(__name__)

BROKEN = (TwilioException, Throttled, TimeoutError, aiohttp.ClientError, ValueError, KeyError)
"""What asking Twilio may end with."""

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Register:
    """Keeps the desk's copy of the templates that Twilio has."""

    def __init__(self, client: Client, doors: Doors, patience: Patience) -> None:
        self._client = client
        self._doors = doors
        self._patience = patience

    async def sync(self) -> int:
        """Take over what Twilio has now and return how many; raises Unknown where it does not answer."""
        try:
            listed = await self._client.content.v1.content_and_approvals.list_async(page_size=500)
        except BROKEN as broken:
            raise Unknown("Twilio no respondió qué plantillas hay.") from broken
        templates = [template for template in map(template_of, listed) if template is not None]
        await self._doors.keep_templates(Channel.WHATSAPP, templates)
        return len(templates)

    async def add_choices(self) -> int:
        """Register the templates for choices that are missing and return how many; raises Unknown.

        They need no approval: they go out inside the 24 hours only.
        """
        try:
            listed = await self._client.content.v1.content_and_approvals.list_async(page_size=500)
            known = {content.friendly_name for content in listed}
            wanted = [each for each in definitions() if each["friendly_name"] not in known]
            for each in wanted:
                await self._client.content.v1.contents.create_async(_Request(each))
        except BROKEN as broken:
            raise Unknown("Twilio no dejó registrar las plantillas de opciones.") from broken
        await self.sync()
        return len(wanted)

    async def run(self) -> None:
        """Keep the copy fresh for as long as the channel is open; a Twilio that cannot be reached does no harm."""
        failures = 0
        while True:
            wait = self._patience.hourly
            try:
                await self.sync()
                failures = 0
            except Exception as failed:  # the old copy stays good until Twilio answers again
                if not isinstance(failed, Unknown):
                    log.exception("whatsapp_templates_not_kept")
                log.info("whatsapp_templates_not_read", error=type(failed.__cause__ or failed).__name__)
                wait = self._patience.pauses[min(failures, len(self._patience.pauses) - 1)]
                failures += 1
            await asyncio.sleep(wait)


class _Request(ContentList.ContentCreateRequest):  # type: ignore[misc]  # the SDK is not typed
    """A template as a plain object: the SDK's own writes a null for every property that a type does not have."""

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__({})
        self._payload = payload

    def to_dict(self) -> dict[str, Any]:
        """Return what is posted."""
        return self._payload


def template_of(content: Any) -> Template | None:
    """Make a template of the Content API's `ContentAndApprovals`, or None of what has no id or text.

    Where a template has several forms, the first that WhatsApp shows counts; `status` is WhatsApp's word on it.
    """
    types = content.types if isinstance(content.types, dict) else {}
    kind = next((name for name in (*_FORMS, *types) if isinstance(types.get(name), dict)), None)
    if not content.sid or kind is None:
        return None
    body = types[kind].get("body") or types[kind].get("title") or ""
    approval = content.approval_requests if isinstance(content.approval_requests, dict) else {}
    given = content.variables if isinstance(content.variables, dict) else {}
    places = {*map(str, given), *_PLACE.findall(str(types[kind]))}
    return Template(
        sid=str(content.sid),
        name=one_line(storable(str(content.friendly_name or content.sid))),
        language=one_line(storable(str(content.language or ""))),
        kind=kind,
        body=storable(str(body)),
        variables=tuple(sorted(places, key=lambda place: (not place.isdecimal(), len(place), place))),
        status=one_line(storable(str(approval.get("status") or "unsubmitted"))).lower(),
    )


_FORMS = (
    "whatsapp/card",
    "twilio/quick-reply",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/card",
    "twilio/media",
    "twilio/text",
)


def rendered(body: str, variables: dict[str, str]) -> str:
    """Return a template's text with what stands in its places."""
    return _PLACE.sub(lambda found: variables.get(found[1], found[0]), body)
