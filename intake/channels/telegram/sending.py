"""Answers out: one part as one message, and what an error of the Bot API means to the desk."""

from collections.abc import Callable
from datetime import timedelta

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, MessageEntity
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    TelegramError,
    TimedOut,
)

from cases.model import Attachment, Parcel
from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.telegram.buttons import keyboard, with_choices
from intake.channels.telegram.client import Flooded, NotReached
from intake.channels.telegram.marks import units, without_marks
from intake.channels.telegram.translate import BLOCKED
from intake.channels.telegram.update import one_line, storable

LARGEST = 50 * 1024 * 1024
"""Bytes of the largest file that a bot may send."""

LARGEST_PHOTO = 10 * 1000 * 1000
"""Bytes of the largest photo; a larger one goes as a document."""

LONGEST_CAPTION = 1_024
"""Characters that may stand under a file; counted in UTF-16 units, which are never fewer."""

PHOTOS = frozenset({"image/jpeg", "image/png"})

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""Telegram opens an address to preview it; the page of a case is the citizen's alone."""

FORBIDDEN = {
    "bot was blocked by the user": BLOCKED,
    "user is deactivated": "La cuenta de Telegram de la persona ya no existe.",
    "bot can't initiate conversation with a user": "La persona no ha iniciado la conversación con el bot.",
    "bot can't send messages to bots": "La dirección es la de un bot.",
}
NOWHERE = {
    "chat not found": "Telegram no encuentra esa conversación: la persona aún no ha escrito al bot.",
    "peer_id_invalid": "Telegram no encuentra esa conversación.",
}
BAD_REQUEST = NOWHERE | {
    "message is too long": "El mensaje es demasiado largo para Telegram.",
    "message text is empty": "El mensaje está vacío.",
    "request entity too large": "El archivo es demasiado grande para Telegram.",
    "file must be non-empty": "El archivo adjunto está vacío.",
}
"""What the Bot API's descriptions mean to the desk, by what they contain."""

_NO_PHOTO = ("photo_", "image_process_failed")
"""How the descriptions begin with which Telegram refuses a picture that is fine as a document."""


class Sender:
    """Sends parts, each as one message."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, parcel: Parcel) -> str:
        """Send a text, or a file with what is said about it; returns the id, `chat:message`. Raises NotSent."""
        chat = _chat(parcel.address)
        if len(parcel.attachments) > 1:
            raise Refusal("Telegram lleva un solo archivo por mensaje.")
        if not parcel.attachments and not parcel.body.strip():
            raise Refusal(BAD_REQUEST["message text is empty"])
        try:
            message = await self._one(chat, parcel)
        except TelegramError as failed:
            raise verdict(failed) from failed
        return f"{message.chat.id}:{message.message_id}"

    async def _one(self, chat: int, parcel: Parcel) -> Message:
        text, marked = without_marks(storable(with_choices(parcel.body, parcel.choices)))
        entities = [MessageEntity(each.kind, each.offset, each.length) for each in marked] or None
        buttons = keyboard(parcel.choices)
        if parcel.attachments:
            [file] = parcel.attachments
            return await self._file(chat, file, text, entities, buttons)
        return await self._bot.send_message(
            chat, text, entities=entities, link_preview_options=NO_PREVIEW, reply_markup=buttons
        )

    async def _file(
        self,
        chat: int,
        file: Attachment,
        caption: str,
        entities: list[MessageEntity] | None,
        buttons: InlineKeyboardMarkup | None,
    ) -> Message:
        """Send a picture as a photo where Telegram takes it as one, anything else as a document."""
        if len(file.content) > LARGEST:
            raise Refusal("El archivo pesa más de 50 MB, que es lo más que Telegram acepta de un bot.")
        if units(caption) > LONGEST_CAPTION:
            raise Refusal(
                "El texto es demasiado largo para ir con un archivo en Telegram: envíelos por separado."
            )
        name = one_line(storable(file.name)).replace("/", "_") or "adjunto"
        upload = InputFile(file.content, filename=name)
        said = caption if caption.strip() else None
        marked = entities if said else None
        if file.media_type in PHOTOS and len(file.content) <= LARGEST_PHOTO:
            try:
                return await self._bot.send_photo(
                    chat, upload, caption=said, caption_entities=marked, reply_markup=buttons
                )
            except BadRequest as refused:
                if not any(word in refused.message.lower() for word in _NO_PHOTO):
                    raise
        return await self._bot.send_document(
            chat, upload, caption=said, caption_entities=marked, reply_markup=buttons
        )


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Refusal(f"«{one_line(address)}» no es una conversación de Telegram.") from None


def verdict(failed: TelegramError) -> NotSent:
    """Say what to do about an error of the Bot API."""
    if isinstance(failed, Flooded):
        return Later("Telegram pide ir más despacio.", failed.after)
    judge = next((judge for kind, judge in _VERDICTS if isinstance(failed, kind)), None)
    if judge is None:
        return Unknown("La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje.")
    return judge(failed.message)


def _explained(message: str, known: dict[str, str], otherwise: str) -> str:
    said = message.lower()
    found = next((why for words, why in known.items() if words in said), None)
    return found or f"{otherwise}: {one_line(message)}"


_VERDICTS: tuple[tuple[type[TelegramError], Callable[[str], NotSent]], ...] = (
    (NotReached, lambda _: Later("No se pudo conectar con Telegram.")),
    (
        InvalidToken,
        lambda _: Later(
            "Telegram no acepta el token del bot (VENTANILLA_TELEGRAM_TOKEN).", timedelta(minutes=10)
        ),
    ),
    (Conflict, lambda _: Later("Telegram está ocupado con otra petición del bot.")),
    (
        Forbidden,
        lambda said: Refusal(
            _explained(said, FORBIDDEN, "Telegram no deja escribir a esta persona"), unreachable=True
        ),
    ),
    (
        BadRequest,
        lambda said: Refusal(
            _explained(said, BAD_REQUEST, "Telegram rechazó el mensaje"),
            unreachable=any(words in said.lower() for words in NOWHERE),
        ),
    ),
    (ChatMigrated, lambda _: Refusal("La dirección es la de un grupo; el servicio solo escribe en privado.")),
    (TimedOut, lambda _: Unknown("Telegram no respondió a tiempo.")),
)
"""What each error means, the more special before the more general: a BadRequest is a NetworkError to the SDK."""
