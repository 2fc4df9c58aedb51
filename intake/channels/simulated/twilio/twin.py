"""The twin as the service and the tests hold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from intake.channels.simulated.twilio.api import Api
from intake.channels.simulated.twilio.phones import Phones
from intake.channels.simulated.twilio.state import Content, State, new_sid
from intake.channels.whatsapp.choices import definitions

NOTICE = "Tenemos novedades sobre su caso {{1}}. Responda a este mensaje para leerlas."


@dataclass(slots=True)
class TwilioTwin(State):
    """Twilio with its phones; what it knows and how it is made to fail is in `State`.

    It begins with one approved template, `ventanilla_aviso`.
    """

    def __post_init__(self) -> None:
        self.learn("ventanilla_aviso", {"twilio/text": {"body": NOTICE}}, {"1": "2026-000123"}, "approved")

    def routes(self) -> Sequence[web.RouteDef]:
        """Return Twilio's API as far as the SDK uses it here, and the phones."""
        return (*Api(self).routes(), *self.hands.routes())

    @property
    def hands(self) -> Phones:
        """What people do on their phones."""
        return Phones(self)

    def learn(
        self,
        name: str,
        types: dict[str, Any],
        variables: dict[str, str] | None = None,
        status: str = "unsubmitted",
        language: str = "es",
    ) -> Content:
        """Register a template."""
        template = Content(new_sid("HX"), name, language, variables or {}, types, self.now(), status)
        self.contents[template.sid] = template
        return template

    def learn_choices(self) -> None:
        """Register the templates by which the desk shows choices to press, as an administrator does once."""
        for each in definitions():
            self.learn(each["friendly_name"], each["types"], each["variables"])

    async def send(self, number: str, text: str, name: str = "", *, to: str | None = None) -> int:
        """Send a text from a phone; returns the webhook's status."""
        return await self.hands.send(number, text, name, to=to)

    async def send_file(self, number: str, content: bytes, media_type: str, text: str = "") -> int:
        """Send a file from a phone; returns the webhook's status."""
        return await self.hands.send_file(number, content, media_type, text)

    async def press(self, number: str, sid: str, place: int) -> int:
        """Press what stands at a place (from 0) under a message; returns the webhook's status."""
        return await self.hands.press(number, sid, place)

    def said(self, number: str) -> list[str]:
        """Return the texts that a phone got from the desk."""
        return [bubble.body for bubble in self.phones.get(number, []) if bubble.direction == "out"]
