"""The phones of Telegram's twin: what people do on them becomes updates for the bot."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intake.channels.simulated.telegram_screen import SENT_BY_DESK, SENT_BY_PHONE, Bubble, Json
from intake.channels.simulated.telegram_updates import Updates

ROSA = "Rosa"


@dataclass(slots=True)
class Phones:
    """Telegram's phones, for one bot; `now` tells the time.

    Each act returns the webhook's status, None where no webhook is set. The bot cannot write to `strangers`, who have
    never written to it, nor to those who `blocked` it.
    """

    token: str
    now: Callable[[], datetime]
    username: str = "mesa_de_ayuda_bot"
    updates: Updates = field(default_factory=Updates)
    chats: dict[int, list[Bubble]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, str] = field(default_factory=dict)
    strangers: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    queries: set[str] = field(default_factory=set)
    _messages: int = 100

    async def send(self, chat: int, text: str = "", name: str = ROSA, **parts: Any) -> int | None:
        """Write as a person; `parts` are further fields of the message."""
        self.names[chat] = name
        bubble = self.put(chat, SENT_BY_PHONE, text)
        bubble.parts = parts
        return await self.updates.give(message=self.message(chat, bubble))

    async def send_photo(
        self, chat: int, content: bytes, caption: str = "", name: str = ROSA, album: str | None = None
    ) -> int | None:
        """Send a picture; those with the same `album` are one."""
        self.names[chat] = name
        photo = {"file_id": self.keep(content), "file_unique_id": "u", "width": 9, "height": 9}
        parts = {"photo": [photo | {"file_size": len(content)}]} | (
            {"media_group_id": album} if album else {}
        )
        return await self._send_file(chat, caption, ("foto.jpg", content), parts, photo=True)

    async def send_document(
        self, chat: int, file_name: str, content: bytes, caption: str = "", name: str = ROSA
    ) -> int | None:
        """Send a file as a document."""
        self.names[chat] = name
        document = {"file_id": self.keep(content), "file_unique_id": "u", "file_name": file_name}
        parts = {"document": document | {"file_size": len(content)}}
        return await self._send_file(chat, caption, (file_name, content), parts)

    async def send_album(self, chat: int, pictures: Sequence[bytes], caption: str = "") -> list[int | None]:
        """Send several pictures as one message; only the first has a caption, as on a phone."""
        album = str(secrets.randbits(53))
        captions = [caption, *("" for _ in pictures[1:])]
        return [
            await self.send_photo(chat, picture, said, album=album)
            for picture, said in zip(pictures, captions, strict=True)
        ]

    async def _send_file(
        self, chat: int, caption: str, file: tuple[str, bytes], parts: Json, *, photo: bool = False
    ) -> int | None:
        bubble = self.put(chat, SENT_BY_PHONE, caption)
        bubble.file, bubble.photo, bubble.parts = file, photo, parts
        return await self.updates.give(message=self.message(chat, bubble))

    async def edit(self, chat: int, number: int, text: str) -> int | None:
        """Change what one wrote before; raises KeyError where it is not one's own."""
        bubble = self.bubble(chat, number, SENT_BY_PHONE)
        bubble.text, bubble.edited = text, self.now()
        return await self.updates.give(edited_message=self.message(chat, bubble))

    async def press(self, chat: int, data: str, under: int | Json | None = None) -> int | None:
        """Press an inline button, under a message by its number or as the Bot API gives it."""
        if isinstance(under, int):
            under = self.message(chat, self.bubble(chat, under, SENT_BY_DESK))
        name = secrets.token_hex(8)
        self.queries.add(name)
        pressed: Json = {"id": name, "from": self.person(chat), "data": data, "chat_instance": "1"}
        return await self.updates.give(callback_query=pressed | ({"message": under} if under else {}))

    async def block(self, chat: int, *, blocks: bool = True) -> int | None:
        """Block the bot, or take it back."""
        (self.blocked.add if blocks else self.blocked.discard)(chat)
        before, after = ("member", "kicked") if blocks else ("kicked", "member")
        return await self.updates.give(
            my_chat_member={
                "chat": self.chat(chat),
                "from": self.person(chat),
                "date": int(self.now().timestamp()),
                "old_chat_member": self._standing(before),
                "new_chat_member": self._standing(after),
            }
        )

    def _standing(self, status: str) -> Json:
        return {"user": self.bot(), "status": status} | ({"until_date": 0} if status == "kicked" else {})

    def keep(self, content: bytes) -> str:
        """Keep a file as somebody sends it; returns its file_id."""
        name = secrets.token_hex(8)
        self.files[name] = content
        return name

    def said(self, chat: int) -> list[str]:
        """Return the texts that a phone got from the desk."""
        return [bubble.text for bubble in self.chats.get(chat, []) if bubble.direction == SENT_BY_DESK]

    def put(self, chat: int, direction: str, text: str) -> Bubble:
        """Put a message on a phone's screen."""
        self._messages += 1
        bubble = Bubble(self._messages, direction, text, self.now())
        self.chats[chat].append(bubble)
        return bubble

    def bubble(self, chat: int, number: int, direction: str) -> Bubble:
        """Return a message of a phone by its number; raises KeyError."""
        for bubble in self.chats.get(chat, []):
            if bubble.number == number and bubble.direction == direction:
                return bubble
        raise KeyError(number)

    def message(self, chat: int, bubble: Bubble) -> Json:
        """Write a message as the Bot API's `Message`."""
        by_desk, with_file = bubble.direction == SENT_BY_DESK, bubble.file is not None or bool(bubble.parts)
        message: Json = {
            "message_id": bubble.number,
            "from": self.bot() if by_desk else self.person(chat),
            "chat": self.chat(chat),
            "date": int(bubble.at.timestamp()),
        }
        if bubble.edited is not None:
            message["edit_date"] = int(bubble.edited.timestamp())
        if bubble.text:
            message["caption" if with_file else "text"] = bubble.text
        if bubble.entities:
            message["caption_entities" if with_file else "entities"] = bubble.entities
        if bubble.markup:
            message["reply_markup"] = bubble.markup
        return message | bubble.parts

    def chat(self, chat: int) -> Json:
        """Write a private chat as the Bot API's `Chat`."""
        return {"id": chat, "type": "private", "first_name": self.names.get(chat, ROSA)}

    def person(self, chat: int) -> Json:
        """Write the owner of a phone as the Bot API's `User`."""
        name = self.names.get(chat, ROSA)
        return {"id": chat, "is_bot": False, "first_name": name, "language_code": "es"}

    def bot(self) -> Json:
        """Write the bot as the Bot API's `User`."""
        number = self.token.partition(":")[0]
        return {
            "id": int(number) if number.isdecimal() else 1,
            "is_bot": True,
            "first_name": "Mesa de ayuda",
            "username": self.username,
        }
