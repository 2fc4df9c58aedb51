"""What a Telegram message holds beside its text, named in Spanish. Field names are those of the Bot API's `Message`."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.channels.telegram.update import Json, number_in, object_in, objects_in, one_line, text_in

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_FIELD_NAME = re.compile(r"[a-z][a-z_]{0,40}", re.ASCII)
_LINKS = ("http://", "https://", "tg://", "mailto:")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message as Telegram describes it; `size` is in bytes, None where Telegram does not say."""

    file_id: str
    name: str
    media_type: str
    size: int | None


def _duration(value: Json) -> str:
    seconds = number_in(value, "duration")
    if seconds is None or seconds < 0:
        return ""
    return f", {seconds // 60}:{seconds % 60:02d}"


def _place(value: Json) -> str:
    numbers = [value.get(name) for name in ("latitude", "longitude")]
    good = [
        str(n) for n in numbers if isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n)
    ]
    return ", ".join(good) if len(good) == len(numbers) else "sin coordenadas"


def _location(value: Json) -> str:
    live = " en vivo" if number_in(value, "live_period") else ""
    return f"[Ubicación{live}: {_place(value)}]"


def _venue(value: Json) -> str:
    label = one_line(" ".join(filter(None, (text_in(value, "title"), text_in(value, "address")))))
    return f"[Ubicación: {_place(object_in(value, 'location'))}{f' ({label})' if label else ''}]"


def _contact(value: Json) -> str:
    name = one_line(f"{text_in(value, 'first_name')} {text_in(value, 'last_name')}")
    number = one_line(text_in(value, "phone_number"))
    return f"[Contacto: {', '.join(filter(None, (name, number))) or 'sin datos'}]"


def _labelled(label: str, name: str) -> Callable[[Json], str]:
    """Name a kind by its label and the text in one of its fields."""

    def line(value: Json) -> str:
        said = one_line(text_in(value, name))
        return f"[{label}: {said}]" if said else f"[{label}]"

    return line


def _document(value: Json) -> str:
    name = one_line(text_in(value, "file_name")) or one_line(text_in(value, "mime_type"))
    return f"[Documento: {name or 'sin nombre'}]"


def _audio(value: Json) -> str:
    title = one_line(text_in(value, "title")) or one_line(text_in(value, "file_name"))
    return f"[Audio{f': {title}' if title else ''}{_duration(value)}]"


def _dice(value: Json) -> str:
    return f"[Dado {text_in(value, 'emoji')}: {number_in(value, 'value') or '?'}]"


_KINDS: dict[str, Callable[[Json], str]] = {
    "animation": lambda _: "[GIF]",
    "document": _document,
    "voice": lambda value: f"[Mensaje de voz{_duration(value)}]",
    "audio": _audio,
    "video": lambda value: f"[Video{_duration(value)}]",
    "video_note": lambda value: f"[Video circular{_duration(value)}]",
    "sticker": _labelled("Sticker", "emoji"),
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _labelled("Encuesta", "question"),
    "checklist": _labelled("Lista de tareas", "title"),
    "dice": _dice,
    "game": _labelled("Juego", "title"),
    "story": lambda _: "[Historia de Telegram]",
    "paid_media": lambda _: "[Contenido de pago]",
    "invoice": _labelled("Factura de Telegram", "title"),
    "successful_payment": lambda _: "[Pago de Telegram]",
    "giveaway": lambda _: "[Sorteo]",
    "gift": lambda _: "[Regalo de Telegram]",
    "passport_data": lambda _: "[Datos de Telegram Passport]",
    "web_app_data": lambda _: "[Datos de una miniaplicación]",
    "users_shared": lambda _: "[Compartió usuarios de Telegram]",
    "chat_shared": lambda _: "[Compartió un chat de Telegram]",
}
"""The kinds that are named, the more telling of two that come together first."""

_HIDES = {"animation": "document", "venue": "location"}
"""What Telegram sends along for older clients."""

SERVICE = {
    "pinned_message": "[Fijó un mensaje]",
    "message_auto_delete_timer_changed": "[Cambió el borrado automático de los mensajes]",
    "write_access_allowed": "[Permitió que el bot le escriba]",
    "chat_background_set": "[Cambió el fondo de la conversación]",
    "connected_website": "[Entró a un sitio con su cuenta de Telegram]",
}
"""What Telegram itself says when somebody does something in the chat: recorded, never answered."""

_ABOUT = frozenset(
    {
        *(
            "message_id",
            "message_thread_id",
            "direct_messages_topic",
            "from",
            "sender_chat",
            "date",
            "edit_date",
        ),
        *("sender_boost_count", "sender_business_bot", "business_connection_id", "chat", "forward_origin"),
        *("forward_from", "forward_from_chat", "forward_from_message_id", "forward_signature"),
        *(
            "forward_sender_name",
            "forward_date",
            "is_topic_message",
            "is_automatic_forward",
            "reply_to_message",
        ),
        *("external_reply", "quote", "reply_to_story", "reply_to_checklist_task_id", "via_bot"),
        *("has_protected_content", "is_from_offline", "is_paid_post", "media_group_id", "author_signature"),
        *("paid_star_count", "entities", "caption_entities", "link_preview_options", "suggested_post_info"),
        *("effect_id", "show_caption_above_media", "has_media_spoiler", "reply_markup", "text", "caption"),
    }
)
"""Fields that say something about a message and are no kind of it."""


def named(message: Json) -> list[str]:
    """Say what a message holds beside its text, a line each; a kind that nobody foresaw by its field's name."""
    hidden = {other for kind, other in _HIDES.items() if kind in message}
    lines = ["[Foto]"] if objects_in(message, "photo") else []
    for kind, line in _KINDS.items():
        if kind in message and kind not in hidden:
            value = message[kind]
            lines.append(line(value if isinstance(value, dict) else {}))
    lines += [line for kind, line in SERVICE.items() if kind in message]
    if not lines and not text_in(message, "text") and not text_in(message, "caption"):
        unknown = next((name for name in message if name not in _ABOUT and _FIELD_NAME.fullmatch(name)), None)
        lines.append(
            f"[Mensaje de un tipo que este canal no muestra: {unknown}]"
            if unknown
            else "[Mensaje sin contenido]"
        )
    return lines


def links(message: Json) -> list[str]:
    """Return the addresses that stand hidden behind words of the text."""
    entities = [*objects_in(message, "entities"), *objects_in(message, "caption_entities")]
    urls = [text_in(entity, "url") for entity in entities if entity.get("type") == "text_link"]
    return [f"[Enlace: {one_line(url)}]" for url in urls if url.startswith(_LINKS)]


def file_of(message: Json) -> File | None:
    """Return the file of a message, of a photo the largest size; None where there is none to fetch."""
    number = number_in(message, "message_id") or 0
    photos = objects_in(message, "photo")
    if photos:
        return _file(max(photos, key=_area), f"foto-{number}.jpg", "image/jpeg")
    fallbacks = {
        "document": ("documento", "application/octet-stream"),
        "voice": (f"voz-{number}.ogg", "audio/ogg"),
        "audio": (f"audio-{number}.mp3", "audio/mpeg"),
        "video": (f"video-{number}.mp4", "video/mp4"),
        "video_note": (f"video-{number}.mp4", "video/mp4"),
        "animation": (f"animacion-{number}.mp4", "video/mp4"),
    }
    for kind, (name, media_type) in fallbacks.items():
        found = _file(object_in(message, kind), name, media_type)
        if found is not None:
            return found
    return None


def _area(photo: Json) -> tuple[int, int]:
    width, height = number_in(photo, "width") or 0, number_in(photo, "height") or 0
    return width * height, number_in(photo, "file_size") or 0


def _file(value: Json, name: str, media_type: str) -> File | None:
    file_id: Any = value.get("file_id")
    if not isinstance(file_id, str) or not file_id.isascii() or not file_id.isprintable():
        return None
    given = one_line(text_in(value, "file_name")).replace("/", "_").replace("\\", "_")
    kind = text_in(value, "mime_type")
    return File(
        file_id=file_id,
        name=given[-_LONGEST_NAME:] or name,
        media_type=kind.lower() if _MEDIA_TYPE.fullmatch(kind) else media_type,
        size=number_in(value, "file_size"),
    )
