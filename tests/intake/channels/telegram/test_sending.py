"""The way out: what a phone shows, and what each fault means to the desk."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from cases.model import Attachment
from cases.traffic import Choice
from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.simulated.telegram import Fault
from intake.channels.telegram.client import Patience
from intake.channels.telegram.kind import TELEGRAM
from intake.channels.telegram.sending import LARGEST, LARGEST_PHOTO, verdict
from tests.intake.channels.telegram.stand_ins import IMPATIENT, PNG, ROSA, FakeDoors, Scene, a_parcel, a_scene

PDF = Attachment("Guía «paso a paso».pdf", "application/pdf", b"%PDF-1.7\r\n--boundary\0")
SOON = replace(IMPATIENT, answer=0.2, upload=0.2)


def sending(*faults: Fault, method: str = "sendMessage", patience: Patience = IMPATIENT) -> Any:
    """Open a channel that only sends, with faults for the next calls."""
    return a_scene(FakeDoors(listens=False), lambda twin: twin.fail(method, *faults), patience)


async def refused(scene: Scene, *files: Attachment) -> NotSent:
    with pytest.raises(NotSent) as caught:
        await scene.channel.send(a_parcel("Ya *funciona*.", *files))
    return caught.value


async def test_an_answer_arrives_with_its_marks_as_bold() -> None:
    async with sending() as scene:
        name = await scene.channel.send(a_parcel("😀 Su caso es *2026-000123*.\nVea https://a.example/_b_"))

    [bubble] = scene.twin.chats[ROSA]
    assert bubble.text == "😀 Su caso es 2026-000123.\nVea https://a.example/_b_"
    assert bubble.entities == [{"type": "bold", "offset": 14, "length": 11}]
    assert name == f"{ROSA}:{bubble.number}"


async def test_a_file_goes_as_a_document_with_what_is_said_about_it() -> None:
    async with sending() as scene:
        alone = await scene.channel.send(a_parcel("", PDF))
        await scene.channel.send(a_parcel("Vea la *guía*.", Attachment("a\r\nb", "text/plain", b"x")))

    pdf, other = scene.twin.chats[ROSA]
    assert (pdf.text, pdf.file, pdf.photo) == ("", (PDF.name, PDF.content), False)
    assert (other.text, other.file) == ("Vea la guía.", ("a b", b"x"))
    assert other.entities == [{"type": "bold", "offset": 7, "length": 4}]
    assert alone == f"{ROSA}:{pdf.number}"


async def test_a_picture_goes_as_a_photo_and_as_a_document_where_telegram_wants_none() -> None:
    large = Attachment("grande.png", "image/png", PNG + bytes(LARGEST_PHOTO))
    odd = Attachment("rara.jpg", "image/jpeg", b"no picture")

    async with sending() as scene:
        for file in (Attachment("captura.png", "image/png", PNG), large, odd):
            await scene.channel.send(a_parcel("Vea.", file))

    assert [(bubble.photo, bubble.text) for bubble in scene.twin.chats[ROSA]] == [
        (True, "Vea."),
        (False, "Vea."),
        (False, "Vea."),
    ]
    assert scene.twin.calls == ["sendphoto", "senddocument", "sendphoto", "senddocument"]


async def test_choices_are_buttons_one_under_the_other() -> None:
    choices = (
        Choice("Sí, *resuelto*", "solved:yes"),
        Choice("x" * 80, "article:12"),
        Choice("ñ" * 3, "ñ" * 32),
    )

    async with sending() as scene:
        await scene.channel.send(a_parcel("¿Resolvió?", choices=choices))

    [bubble] = scene.twin.chats[ROSA]
    assert bubble.text == "¿Resolvió?"
    assert bubble.markup is not None
    assert bubble.markup["inline_keyboard"] == [
        [{"text": "Sí, *resuelto*", "callback_data": "solved:yes"}],
        [{"text": f"{'x' * 63}…", "callback_data": "article:12"}],
        [{"text": "ñññ", "callback_data": "ñ" * 32}],
    ]


async def test_a_choice_that_no_button_can_carry_is_numbered_in_the_text() -> None:
    choices = (Choice("Uno", "a"), Choice("Dos", "ñ" * 33), Choice("Tres", ""))

    async with sending() as scene:
        await scene.channel.send(a_parcel("Elija:", choices=choices))

    [bubble] = scene.twin.chats[ROSA]
    assert bubble.text == "Elija:\n2. Dos\n3. Tres"
    assert [button["text"] for button in bubble.buttons()] == ["Uno"]


@pytest.mark.parametrize(
    ("fault", "kind", "why"),
    [
        (Fault.BLOCKED, Refusal, "La persona bloqueó el bot."),
        (Fault.FLOOD, Later, "Telegram pide ir más despacio."),
        (Fault.BROKEN, Unknown, "La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje."),
        (Fault.RESET, Unknown, "La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje."),
        (Fault.CUT, Unknown, "La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje."),
        (Fault.UNANSWERED, Unknown, "Telegram no respondió a tiempo."),
    ],
)  # fmt: skip
async def test_every_fault_says_what_to_do(fault: Fault, kind: type[NotSent], why: str) -> None:
    async with sending(fault, patience=SOON) as scene:
        failure = await refused(scene)

    assert (type(failure), failure.why) == (kind, why)
    assert not isinstance(failure, Later) or failure.after == timedelta(seconds=7)
    assert len(scene.twin.said(ROSA)) == (fault in {Fault.CUT, Fault.UNANSWERED})


async def test_where_nothing_listens_it_is_tried_later() -> None:
    async with a_scene(FakeDoors(listens=False), telegram_api_url="http://127.0.0.1:9") as scene:
        failure = await refused(scene)

    assert (type(failure), failure.why) == (Later, "No se pudo conectar con Telegram.")


@pytest.mark.parametrize(
    ("parcel", "why"),
    [
        (a_parcel("x" * 4097), "El mensaje es demasiado largo para Telegram."),
        (a_parcel(" "), "El mensaje está vacío."),
        (a_parcel(address="+59170000001a"), "«+59170000001a» no es una conversación de Telegram."),
        (
            a_parcel(address="5"),
            "Telegram no encuentra esa conversación: la persona aún no ha escrito al bot.",
        ),
        (a_parcel("", Attachment("a.txt", "text/plain", b"")), "El archivo adjunto está vacío."),
        (
            a_parcel("", Attachment("a.txt", "text/plain", bytes(LARGEST + 1))),
            "El archivo pesa más de 50 MB, que es lo más que Telegram acepta de un bot.",
        ),
        (a_parcel("Dos.", PDF, PDF), "Telegram lleva un solo archivo por mensaje."),
        (
            a_parcel("😀" * 513, PDF),
            "El texto es demasiado largo para ir con un archivo en Telegram: envíelos por separado.",
        ),
    ],
)
async def test_what_telegram_will_never_take_is_refused(parcel: Any, why: str) -> None:
    async with a_scene(FakeDoors(listens=False), lambda twin: twin.strangers.add(5)) as scene:
        with pytest.raises(Refusal) as caught:
            await scene.channel.send(parcel)

    assert caught.value.why == why


async def test_what_a_server_before_telegram_finds_too_large_is_refused() -> None:
    huge = Attachment("a.bin", "application/octet-stream", bytes(LARGEST))

    async with a_scene(FakeDoors(listens=False), largest_upload=LARGEST // 2) as scene:
        failure = await refused(scene, huge)

    assert (type(failure), failure.why) == (Refusal, "El archivo es demasiado grande para Telegram.")


async def test_a_wrong_token_is_a_matter_for_the_administrator_and_loses_nothing() -> None:
    async with a_scene(FakeDoors(listens=False), telegram_token="1:wrong") as scene:
        failure = await refused(scene)

    assert isinstance(failure, Later)
    assert "VENTANILLA_TELEGRAM_TOKEN" in failure.why


@pytest.mark.parametrize(
    ("error", "unreachable"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), True),
        (Forbidden("Forbidden: user is deactivated"), True),
        (BadRequest("Chat not found"), True),
        (BadRequest("Message is too long"), False),
        (ChatMigrated(-1001), False),
    ],
)
def test_who_cannot_be_reached_any_more_is_said(error: TelegramError, unreachable: bool) -> None:  # noqa: FBT001 - a parameter
    meant = verdict(error)

    assert isinstance(meant, Refusal)
    assert meant.unreachable is unreachable


@pytest.mark.parametrize(
    ("error", "kind", "why"),
    [
        (Forbidden("Forbidden: user is deactivated"), Refusal, "La cuenta de Telegram de la persona ya no existe."),
        (Forbidden("Forbidden: no"), Refusal, "Telegram no deja escribir a esta persona: Forbidden: no"),
        (ChatMigrated(-1001), Refusal, "La dirección es la de un grupo; el servicio solo escribe en privado."),
        (Conflict("Conflict: no"), Later, "Telegram está ocupado con otra petición del bot."),
        (InvalidToken(), Later, "Telegram no acepta el token del bot (VENTANILLA_TELEGRAM_TOKEN)."),
        (TimedOut(), Unknown, "Telegram no respondió a tiempo."),
        (
            NetworkError("Bad Gateway"),
            Unknown,
            "La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje.",
        ),
        (
            TelegramError("the answer is not one of the Bot API's"),
            Unknown,
            "La conexión con Telegram se cortó al enviar, o Telegram falló al recibir el mensaje.",
        ),
    ],
)  # fmt: skip
def test_every_error_of_the_sdk_has_its_meaning(error: TelegramError, kind: type[NotSent], why: str) -> None:
    meant = verdict(error)

    assert (type(meant), meant.why) == (kind, why)


def test_the_registry_can_list_it() -> None:
    assert (TELEGRAM.name, TELEGRAM.label, TELEGRAM.can.part_length) == ("telegram", "Telegram", 4096)
    assert TELEGRAM.can.chat
    assert TELEGRAM.can.attachments
    assert TELEGRAM.can.files_apart
    assert (TELEGRAM.can.buttons, TELEGRAM.can.per_second) == (8, 25)
    assert (TELEGRAM.can.window, TELEGRAM.can.automatic_per_day) == (None, None)
