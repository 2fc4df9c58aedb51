"""Answers out: one part as a message by the Messages API, and the question whether it went out."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from cases.model import Attachment, Parcel
from cases.traffic import TemplateUse
from cases.vocabulary import Channel
from intake.channels.channel import Doors, Later, NotSent, Refusal, Unknown
from intake.channels.choices import in_words
from intake.channels.whatsapp.choices import pressable
from intake.channels.whatsapp.client import Throttled
from intake.channels.whatsapp.faults import FAULTS, SLOWER, verdict
from intake.channels.whatsapp.links import Links
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.templates import BROKEN, rendered

LONGEST = 1600
"""Characters of one message; Twilio refuses more (21617)."""

LARGEST, LARGEST_IMAGE = 16 * 1024 * 1024, 5 * 1024 * 1024
"""Bytes of a file that WhatsApp carries."""

HALFWAY = 1_000
"""How many parts are remembered of which one message is out and another is not."""

MOST_RECENT = 50
STATUS_PATH = "/channels/whatsapp/status"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to Twilio: a text, a text with a file, or a template with what stands in its places."""

    body: str = ""
    file: Attachment | None = None
    template: TemplateUse | None = None


class Sender:
    """Sends parts; a part of two messages goes on where it stopped when it is tried again."""

    def __init__(self, client: Client, settings: WhatsAppSettings, links: Links, doors: Doors) -> None:
        self._client = client
        self._settings = settings
        self._links = links
        self._doors = doors
        self._status_url = f"{doors.public_url.rstrip('/')}{STATUS_PATH}"
        self._halfway: OrderedDict[tuple[int, int], list[str]] = OrderedDict()

    async def send(self, parcel: Parcel) -> str:
        """Hand one part to Twilio; returns the first message's SID. Raises Refusal, Later or Unknown."""
        origin, letters = self._origin(parcel), await self._letters(parcel)
        key = (parcel.delivery, parcel.part)
        sent = self._halfway.pop(key, [])[: len(letters)]
        for letter in letters[len(sent) :]:
            try:
                sent.append(await self._post(parcel.address, origin, letter))
            except NotSent:
                self._remember(key, sent)
                raise
        return sent[0]

    async def find(self, parcel: Parcel, since: datetime) -> Sequence[str]:
        """Ask Twilio for the recipient's recent messages that read like this part; raises Unknown.

        Of a part of two messages that is half out, nothing is returned: the next attempt sends the other half alone.
        """
        try:
            recent = await self._client.messages.list_async(
                to=f"whatsapp:{parcel.address}",
                date_sent_after=since - timedelta(minutes=1),
                limit=MOST_RECENT,
            )
        except BROKEN as broken:
            raise Unknown("Twilio no respondió si el mensaje salió.") from broken
        for letters in await self._forms(parcel):
            found = [[str(m.sid) for m in recent if await self._is(m, letter)] for letter in letters]
            if all(found):
                return found[0]
            if found[0]:
                self._remember((parcel.delivery, parcel.part), [sids[-1] for sids in found if sids])
        return []

    def _origin(self, parcel: Parcel) -> dict[str, str]:
        """Say which number sends: the one that the person wrote to, since the 24 hours count for that one alone."""
        service = self._settings.twilio_messaging_service_sid
        sender = parcel.desk_address or (None if service else self._settings.twilio_whatsapp_from)
        if service is None and not sender:
            raise Refusal("Falta el número de WhatsApp del servicio (VENTANILLA_TWILIO_WHATSAPP_FROM).")
        origin = {"messaging_service_sid": service} if service else {}
        return origin | ({"from_": f"whatsapp:{sender}"} if sender else {})

    async def _letters(self, parcel: Parcel) -> list[Letter]:
        """Say which messages a part is: one, but for a text that leaves no room for its choices."""
        if parcel.template is not None:
            return [Letter(template=parcel.template)]
        if parcel.attachments:
            for file in parcel.attachments:
                _check(file)
            captions = [parcel.body, *[""] * (len(parcel.attachments) - 1)]
            return [Letter(text, file) for text, file in zip(captions, parcel.attachments, strict=True)]
        if not parcel.body.strip():
            raise Refusal(f"{FAULTS[21602].why} {FAULTS[21602].to_do}")
        if not parcel.choices:
            return [Letter(parcel.body)]
        template = pressable(parcel.body, parcel.choices, await self._doors.templates(Channel.WHATSAPP))
        return [Letter(template=template)] if template is not None else _numbered(parcel)

    async def _forms(self, parcel: Parcel) -> list[list[Letter]]:
        """Say how a part may have gone out: with choices, a template that is registered now was not always, or is no more."""
        if not parcel.choices or parcel.template is not None or parcel.attachments:
            return [await self._letters(parcel)]
        written = _numbered(parcel)
        return [[Letter(parcel.body)], written] if len(written) == 1 else [written]

    async def _post(self, to: str, origin: dict[str, str], letter: Letter) -> str:
        given: dict[str, Any] = dict(origin)
        if letter.template is not None:
            given["content_sid"] = letter.template.sid
            given["content_variables"] = json.dumps(letter.template.variables, ensure_ascii=False)
        if letter.body.strip():
            given["body"] = letter.body
        if letter.file is not None and letter.file.number is not None:
            given["media_url"] = [self._links.address(letter.file.number)]
        try:
            sent = await self._client.messages.create_async(
                to=f"whatsapp:{to}", status_callback=self._status_url, **given
            )
        except Throttled as slower:
            raise verdict(429, 20429, "", slower.after or SLOWER) from slower
        except (TwilioRestException, TwilioServiceException) as refused:
            said = getattr(refused, "msg", None) or getattr(refused, "detail", None) or ""
            raise verdict(int(refused.status), refused.code, str(said)) from refused
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.InvalidURL,
        ) as unreachable:
            raise Later("No se pudo conectar con Twilio.") from unreachable
        except (TimeoutError, aiohttp.ClientError) as broken:
            raise Unknown("Se cortó la conexión con Twilio al enviar.") from broken
        except (TwilioException, ValueError, KeyError) as odd:
            raise Unknown("No se entendió la respuesta de Twilio al enviar.") from odd
        return str(sent.sid)

    async def _is(self, message: Any, letter: Letter) -> bool:
        """Say whether a message that Twilio lists is this one."""
        has_files = str(message.num_media or "0") != "0"
        if letter.template is None:
            return has_files == (letter.file is not None) and _same(message.body, letter.body)
        templates = await self._doors.templates(Channel.WHATSAPP)
        known = next((t for t in templates if t.sid == letter.template.sid), None)
        if known is None:
            raise Unknown("No se puede saber si la plantilla salió: ya no está registrada.")
        return _same(message.body, rendered(known.body, letter.template.variables))

    def _remember(self, key: tuple[int, int], sent: list[str]) -> None:
        if sent:
            self._halfway[key] = sent
        if len(self._halfway) > HALFWAY:
            self._halfway.popitem(last=False)


def _numbered(parcel: Parcel) -> list[Letter]:
    """Write a part's choices under its text, or after it where both are too long for one message."""
    whole, options = in_words(parcel.body, parcel.choices), in_words("", parcel.choices).strip()
    return [Letter(whole)] if len(whole) <= LONGEST else [Letter(parcel.body), Letter(options[:LONGEST])]


def _same(listed: str | None, ours: str) -> bool:
    """Compare texts without regard to white space, of which Twilio drops some."""
    return (listed or "").split() == ours.split()


def _check(file: Attachment) -> None:
    """Refuse a file that WhatsApp would not carry; raises Refusal."""
    largest = LARGEST_IMAGE if file.media_type.startswith("image/") else LARGEST
    if file.number is None:
        raise Refusal(f"El archivo «{file.name}» no está guardado, y WhatsApp lo lee de aquí.")
    if not file.content:
        raise Refusal(f"El archivo «{file.name}» está vacío.")
    if len(file.content) > largest:
        raise Refusal(
            f"El archivo «{file.name}» pesa más de los {largest // 1_048_576} MB que WhatsApp lleva. Envíelo por correo."
        )
