"""A Bot API update → a message. Field names are those of https://core.telegram.org/bots/api#update."""

import hashlib
import re
from datetime import datetime

from cases.model import Attachment, Inbound
from cases.traffic import DeliveryReport
from cases.vocabulary import Channel, DeliveryState
from intake.channels.channel import CannotUnderstand
from intake.channels.telegram.kinds import SERVICE, file_of, links, named
from intake.channels.telegram.update import (
    Fetched,
    Json,
    message_in,
    number_in,
    object_in,
    objects_in,
    one_line,
    opened,
    text_in,
)

_START = re.compile(r"/start(?:@\w+)?(?:\s+([\w-]{1,64}))?\s*", re.ASCII)
_CASE = re.compile(r"[a-z2-7]{26}")
"""A case's token (`Case.reply_token`), as the link to the bot carries it."""

_CALLBACK_ID = re.compile(r"[\w-]{1,128}", re.ASCII)

BLOCKED = "La persona bloqueó el bot."
_GONE = frozenset({"kicked", "left"})
_BACK = frozenset({"member", "restricted", "administrator", "creator"})
"""The Bot API's words for the bot's standing in a chat; in a private one it uses `kicked` and `member`."""


def translate(payload: bytes, received: datetime) -> Inbound:
    """Make a message of an update; raises CannotUnderstand."""
    update, fetched = opened(payload)
    name, chat = provider_id(update), sender(update)
    if name is None or not chat:
        raise CannotUnderstand(f"an update of a kind that the desk does not take: {_kind(update)}")
    if object_in(update, "callback_query"):
        return _press(update, name, chat, received)
    if _standing(update):
        return _standing_changed(update, name, chat, received)
    message = message_in(update)
    edited = "message" not in update
    payload_of_start = None if edited else start_payload(message)
    is_link = payload_of_start is not None and _CASE.fullmatch(payload_of_start) is not None
    return Inbound(
        channel=Channel.TELEGRAM,
        provider_id=name,
        sender=chat,
        recipient="",
        sender_name=_name(object_in(message, "from")) or _name(object_in(message, "chat")),
        text=_text(message, fetched, payload_of_start),
        references=(*_ids(object_in(message, "reply_to_message")), *(_ids(message) if edited else ())),
        automatic=_by_machine(message, edited=edited),
        attachments=_attachments(message, fetched),
        token=payload_of_start if is_link else None,
        edits=_ids(message)[0] if edited else None,
        album=_album(message, chat),
        greeting=payload_of_start is not None and not is_link,
        at=received,
    )


def _press(update: Json, name: str, chat: str, received: datetime) -> Inbound:
    """Make a message of a button: its label is the text, its data the choice."""
    callback, message = object_in(update, "callback_query"), message_in(update)
    data = text_in(callback, "data")
    return Inbound(
        channel=Channel.TELEGRAM,
        provider_id=name,
        sender=chat,
        recipient="",
        sender_name=_name(object_in(callback, "from")),
        text=label_of(message, data) or data or "[Botón sin datos]",
        choice=data or None,
        references=_ids(message),
        at=received,
    )


def _standing_changed(update: Json, name: str, chat: str, received: datetime) -> Inbound:
    """Record that the person blocked the bot, so that nothing more is sent in vain, or took it back."""
    change = object_in(update, "my_chat_member")
    gone = _standing(update) in _GONE
    return Inbound(
        channel=Channel.TELEGRAM,
        provider_id=name,
        sender=chat,
        recipient="",
        sender_name=_name(object_in(change, "from")) or _name(object_in(change, "chat")),
        text="[La persona bloqueó el bot]" if gone else "[La persona volvió a permitir el bot]",
        automatic=True,
        report=DeliveryReport((), DeliveryState.FAILED, BLOCKED, unreachable=True) if gone else None,
        at=received,
    )


def provider_id(update: Json) -> str | None:
    """Return the desk's name for an update, None where it is of a kind that the desk does not take.

    A message is `chat:message`, an edit has `:e`, its time and a digest of its text behind it (times are whole
    seconds), a change of the bot's standing is `chat:status:time`. A button is `cb:` with its message and a digest of its data: pressed twice before it is gone
    from the screen, it counts once.
    """
    callback = object_in(update, "callback_query")
    if callback:
        return _press_name(callback)
    standing, message = _standing(update), message_in(update)
    if standing:
        when = number_in(message, "date") or 0
        return f"{sender(update)}:{standing}:{when}" if sender(update) else None
    if not _ids(message):
        return None
    if "message" in update:
        return _ids(message)[0]
    said = _digest(f"{text_in(message, 'text')}\n{text_in(message, 'caption')}")
    return f"{_ids(message)[0]}:e{number_in(message, 'edit_date') or 0}:{said}"


def _press_name(callback: Json) -> str | None:
    data, under = text_in(callback, "data"), _ids(object_in(callback, "message"))
    if data and under:
        return f"cb:{under[0]}:{_digest(data)}"
    name = str(callback.get("id", ""))
    return f"cb:{name}" if _CALLBACK_ID.fullmatch(name) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _standing(update: Json) -> str:
    """Return the bot's new standing in a chat, empty where the update says nothing of it."""
    status = text_in(object_in(update, "my_chat_member", "new_chat_member"), "status")
    return status if status in _GONE | _BACK else ""


def joins(update: Json) -> bool:
    """Say whether somebody lets the bot into a chat with this update."""
    return _standing(update) in _BACK


def sender(update: Json) -> str:
    """Return the chat that an update belongs to, as text; empty where there is none."""
    chat = number_in(object_in(message_in(update), "chat"), "id")
    if chat is None:
        chat = number_in(object_in(update, "callback_query", "from"), "id")
    return "" if chat is None else str(chat)


def is_group(update: Json) -> bool:
    """Say whether an update comes from a group or a channel, where the desk does not talk about cases."""
    chat = object_in(message_in(update), "chat")
    kind = chat.get("type")
    if isinstance(kind, str):
        return kind not in ("private", "sender")
    return (number_in(chat, "id") or 0) < 0


def start_payload(message: Json) -> str | None:
    """Return what a link `t.me/bot?start=…` carried, empty for «Iniciar» alone; None for any other message."""
    found = _START.fullmatch(text_in(message, "text"))
    return None if found is None else found[1] or ""


def _text(message: Json, fetched: Fetched | None, payload_of_start: str | None) -> str:
    said = text_in(message, "text") or text_in(message, "caption")
    if payload_of_start is not None:
        said = "[Abrió la conversación desde un enlace]" if payload_of_start else "[Abrió la conversación]"
    lines = [*_forwarded(message), said, *named(message), *links(message)]
    if fetched is not None and fetched.missing:
        lines.append(f"[El archivo no se pudo traer: {fetched.missing}]")
    return "\n".join(filter(None, lines))


def _album(message: Json, chat: str) -> str | None:
    group = one_line(text_in(message, "media_group_id"))
    return f"{chat}:{group}" if group else None


def _forwarded(message: Json) -> list[str]:
    """Say whose message this was, in the Bot API's present form or the one before 7.0."""
    origin = object_in(message, "forward_origin")
    names = (
        _name(object_in(origin, "sender_user")),
        text_in(origin, "sender_user_name"),
        _name(object_in(origin, "sender_chat")),
        _name(object_in(origin, "chat")),
        _name(object_in(message, "forward_from")),
        _name(object_in(message, "forward_from_chat")),
        text_in(message, "forward_sender_name"),
    )
    who = next((one_line(name) for name in names if name and one_line(name)), None)
    if who is not None:
        return [f"[Reenviado de {who}]"]
    return ["[Reenviado]"] if origin or "forward_date" in message else []


def _by_machine(message: Json, *, edited: bool) -> bool:
    """Say whether nobody typed this: a bot's message, a position that follows a phone, Telegram's own notice."""
    moving = edited and "location" in message
    return (
        moving or object_in(message, "from").get("is_bot") is True or any(kind in message for kind in SERVICE)
    )


def _attachments(message: Json, fetched: Fetched | None) -> tuple[Attachment, ...]:
    file = file_of(message)
    if file is None or fetched is None or fetched.content is None:
        return ()
    return (Attachment(file.name, file.media_type, fetched.content),)


def _ids(message: Json) -> tuple[str, ...]:
    """Return a message's id as the desk writes it, `chat:message`; nothing where either is missing."""
    chat, number = number_in(object_in(message, "chat"), "id"), number_in(message, "message_id")
    return () if chat is None or number is None else (f"{chat}:{number}",)


def _name(who: Json) -> str | None:
    """Return the name of a user or chat."""
    full = one_line(f"{text_in(who, 'first_name')} {text_in(who, 'last_name')}")
    return full or one_line(text_in(who, "title")) or one_line(text_in(who, "username")) or None


def label_of(message: Json, data: str) -> str:
    """Return what stands on the button that carries this data."""
    rows = object_in(message, "reply_markup").get("inline_keyboard")
    buttons = [
        button
        for row in (rows if isinstance(rows, list) else [])
        for button in objects_in({"row": row}, "row")
        if text_in(button, "callback_data") == data
    ]
    return text_in(buttons[0], "text") if buttons else ""


def _kind(update: Json) -> str:
    kinds = [name for name in update if name != "update_id" and re.fullmatch(r"[a-z_]{1,40}", name)]
    return ", ".join(kinds[:3]) or "none"
