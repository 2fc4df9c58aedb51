"""The kinds of messages that WhatsApp has beside text, named in words. Field names are those of Twilio's webhook page."""

import json
import mimetypes
from collections.abc import Sequence

from cases.model import Attachment
from intake.channels.whatsapp.form import Fetched, Form, media_count, media_type, one_line, storable
from intake.channels.whatsapp.vcard import cards_in

VCARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})

NAMED = {
    "order": "Pedido de un catálogo",
    "system": "Aviso de WhatsApp",
    "revoked": "La persona eliminó un mensaje",
    "deleted": "La persona eliminó un mensaje",
    "edited": "La persona editó un mensaje, y WhatsApp no entrega el texto nuevo",
    "product": "Consulta por un producto de un catálogo",
    "product_inquiry": "Consulta por un producto de un catálogo",
    "payment": "Pago",
    "poll": "Encuesta",
    "poll_creation": "Encuesta",
    "call": "Llamada por WhatsApp",
    "event": "Evento",
    "request_welcome": "Abrió la conversación",
    "sticker": "Sticker",
}
"""Values of `MessageType` for which a message is only named."""

UNSUPPORTED = "Mensaje de un tipo que WhatsApp no entrega a este canal"
PLAIN = frozenset(
    {
        "",
        "text",
        "image",
        "audio",
        "voice",
        "video",
        "document",
        "location",
        "contacts",
        "contact",
        "button",
        "interactive",
        "list",
        "reaction",
        "media",
    }
)
"""Values of `MessageType` of which the other fields tell all there is."""

MOST_ANSWERS = 20

_STEMS = (("image/", "foto"), ("audio/", "audio"), ("video/", "video"), ("text/vcard", "contacto"))
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "video/3gpp": ".3gp",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/directory": ".vcf",
}


def is_greeting(form: Form) -> bool:
    """Say whether the person only opened the conversation."""
    return kind_of(form) == "request_welcome"


def kind_of(form: Form) -> str:
    """Return Twilio's word for a message's kind."""
    return form.get("MessageType", "").strip().lower()


def words_of(form: Form, files: tuple[Fetched, ...] | None) -> str:
    """Return a message's text with all that came beside it named, a line each."""
    kind = kind_of(form)
    lines = [
        *_passed_on(form),
        *_said(form, kind),
        *_place(form),
        *_media(form, kind, files),
        *_answers(form),
    ]
    lines += _kind_alone(kind, bool(lines))
    return "\n".join([*lines, *_advertisement(form)])


def attachments_of(form: Form, files: tuple[Fetched, ...] | None) -> tuple[Attachment, ...]:
    """Return the files that were fetched."""
    return tuple(
        Attachment(
            _file_name(form, number, file),
            media_type(form, number) or "application/octet-stream",
            file.content,
        )
        for number, file in enumerate((files or ())[: media_count(form)])
        if file.content is not None
    )


def _passed_on(form: Form) -> list[str]:
    if form.get("FrequentlyForwarded", "").lower() == "true":
        return ["[Reenviado muchas veces]"]
    return ["[Reenviado]"] if form.get("Forwarded", "").lower() == "true" else []


def _said(form: Form, kind: str) -> list[str]:
    """Return the text, or the label of what was pressed."""
    body = form.get("Body", "")
    if kind == "reaction":
        return [f"[Reacción: {one_line(form.get('ReactionEmoji') or body) or 'retirada'}]"]
    text = body if body.strip() else form.get("ButtonText") or form.get("ListTitle") or ""
    return [text] if text.strip() else []


def _place(form: Form) -> list[str]:
    latitude, longitude = one_line(form.get("Latitude", "")), one_line(form.get("Longitude", ""))
    if not latitude or not longitude:
        return []
    label = one_line(" ".join(filter(None, (form.get("Label"), form.get("Address")))))
    return [f"[Ubicación: {latitude}, {longitude}{f' ({label})' if label else ''}]"]


def _media(form: Form, kind: str, files: Sequence[Fetched] | None) -> list[str]:
    lines: list[str] = []
    for number in range(media_count(form)):
        file = files[number] if files is not None and number < len(files) else None
        lines += _one_file(media_type(form, number), kind, file)
    return lines


def _one_file(type_: str, kind: str, file: Fetched | None) -> list[str]:
    if file is not None and file.missing:
        return [f"[Adjunto: {type_ or 'archivo'}; no se pudo traer: {one_line(file.missing)}]"]
    if type_ in VCARDS and file is not None and file.content is not None:
        cards = cards_in(file.content)
        return [f"[Contacto: {card}]" for card in cards] or ["[Contacto: una tarjeta que no se pudo leer]"]
    return ["[Sticker]"] if kind == "sticker" else [f"[Adjunto: {type_ or 'archivo'}]"]


def _answers(form: Form) -> list[str]:
    """Return what was filled into a form inside WhatsApp (a flow), a line each."""
    given = form.get("FlowData") or form.get("InteractiveData")
    if not given or form.get("ButtonPayload") or form.get("ListId"):
        return []
    try:
        read = json.loads(given)
    except (ValueError, RecursionError):
        read = None
    fields = read if isinstance(read, dict) else {}
    filled = [
        f"{one_line(storable(str(name)))}: {one_line(storable(str(value)))}"
        for name, value in list(fields.items())[:MOST_ANSWERS]
        if isinstance(value, str | int | float)
    ]
    return ["[Formulario de WhatsApp]", *filled]


def _kind_alone(kind: str, something: bool) -> list[str]:  # noqa: FBT001 - a helper of one caller
    """Name the message's kind where that is all, or where there is more to it than was said."""
    if kind == "edited" and something:
        return ["[Editado]"]
    if kind in NAMED and not (kind == "sticker" and something):
        return [f"[{NAMED[kind]}]"]
    if kind == "unsupported" or (not something and kind in PLAIN):
        return [f"[{UNSUPPORTED}]"]
    return [] if kind in PLAIN or kind == "sticker" else [f"[{UNSUPPORTED}: {one_line(kind)[:60]}]"]


def _advertisement(form: Form) -> list[str]:
    """Say from which advertisement or post somebody came."""
    headline, url = one_line(form.get("ReferralHeadline", "")), one_line(form.get("ReferralSourceUrl", ""))
    if not headline and not url:
        return []
    source = "una publicación" if form.get("ReferralSourceType", "").lower() == "post" else "un anuncio"
    about = " · ".join(filter(None, (headline, one_line(form.get("ReferralBody", "")), url)))
    return [f"[Llegó desde {source}: {about}]"]


def _file_name(form: Form, number: int, file: Fetched) -> str:
    """Name a file: as Twilio's answer or, of a document, its message does, else by its kind."""
    type_ = media_type(form, number)
    ending = _ENDINGS.get(type_) or mimetypes.guess_extension(type_) or ""
    told = one_line(file.name or "")
    body = one_line(form.get("Body", ""))
    if not told and media_count(form) == 1 and ending and body.lower().endswith(ending) and "/" not in body:
        told = body
    stem = next((stem for start, stem in _STEMS if type_.startswith(start)), "")
    stem = stem or ("contacto" if type_ in VCARDS else "documento")
    return told.replace("/", "_").replace("\\", "_")[:150] or f"{stem}-{number + 1}{ending}"
