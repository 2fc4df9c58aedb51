"""A test of the bot: does Telegram know it, and do its updates arrive."""

from collections.abc import Sequence

from telegram import Bot, User, WebhookInfo
from telegram.error import Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from intake.channels.channel import Finding
from intake.channels.telegram.client import Flooded, NotReached

BOT, UPDATES = "Bot", "Mensajes que entran"


async def probe(bot: Bot, webhook: str | None) -> Sequence[Finding]:
    """Ask Telegram who the bot is and where its updates go; `webhook` is where they should, None where they are polled."""
    try:
        me = await bot.get_me()
        found = await bot.get_webhook_info()
    except TelegramError as failed:
        return [Finding(BOT, good=False, said=_why(failed))]
    return [_known(me), _arriving(found, webhook)]


def _known(me: User) -> Finding:
    name = f"@{me.username}" if me.username else str(me.id)
    return Finding(BOT, good=True, said=f"Telegram reconoce el bot {name}.")


def _arriving(found: WebhookInfo, wanted: str | None) -> Finding:
    waiting = f" Esperan {found.pending_update_count} sin entregar." if found.pending_update_count else ""
    if wanted is None:
        if found.url:
            said = "El bot tiene un webhook y aquí se consulta por sondeo: los mensajes van a otra parte."
            return Finding(UPDATES, good=False, said=said + waiting)
        return Finding(UPDATES, good=True, said="Se consultan por sondeo." + waiting)
    if found.url != wanted:
        said = (
            f"Telegram los envía a otra dirección ({found.url})." if found.url else "El bot no tiene webhook."
        )
        return Finding(UPDATES, good=False, said=f"{said} Debería ser {wanted}.{waiting}")
    if found.last_error_message and found.pending_update_count:
        return Finding(
            UPDATES, good=False, said=f"Telegram no logra entregar: {found.last_error_message}.{waiting}"
        )
    return Finding(UPDATES, good=True, said=f"Telegram los envía a {wanted}.{waiting}")


def _why(failed: TelegramError) -> str:
    match failed:
        case InvalidToken() | Forbidden():
            return "Telegram no acepta el token: revise VENTANILLA_TELEGRAM_TOKEN."
        case Flooded() | RetryAfter():
            return "Telegram pide ir más despacio: pruebe en un rato."
        case NotReached():
            return "No hay conexión con Telegram: revise la red o VENTANILLA_TELEGRAM_API_URL."
        case TimedOut():
            return "Telegram no respondió a tiempo."
        case NetworkError():
            return "La conexión con Telegram se cortó."
        case _:
            return f"Telegram respondió algo que no se esperaba ({type(failed).__name__})."
