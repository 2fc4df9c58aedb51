"""Updates as Telegram's documentation shows them, and what the desk reads."""

import json
from typing import Any

import pytest

from cases.model import Attachment, Inbound
from cases.traffic import DeliveryReport
from cases.vocabulary import Channel, DeliveryState
from intake.channels.channel import CannotUnderstand
from intake.channels.telegram.kinds import file_of
from intake.channels.telegram.translate import is_group, start_payload, translate
from intake.channels.telegram.update import Fetched, sealed
from tests.intake.channels.telegram.stand_ins import NOW, ROSA, a_message

PHOTO = [
    {"file_id": "small", "file_unique_id": "a", "width": 90, "height": 67, "file_size": 1253},
    {"file_id": "large", "file_unique_id": "b", "width": 1280, "height": 960, "file_size": 141253},
    {"file_id": "middle", "file_unique_id": "c", "width": 320, "height": 240, "file_size": 19624},
]
DOCUMENT = {
    "file_id": "AwADBAADbXXXXXXXXXXXGBdhD2l6_XX",
    "file_name": "Testfile.pdf",
    "mime_type": "application/pdf",
    "file_size": 536392,
}
USER = {"id": 222222, "is_bot": False, "first_name": "Forward Firstname", "last_name": "Forward Lastname"}
CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Test channel"}


def understood(update: dict[str, Any], fetched: Fetched | None = None) -> Inbound:
    body = json.dumps(update).encode()
    return translate(body if fetched is None else sealed(body, fetched), NOW)


def said(**parts: Any) -> str:
    return understood({"update_id": 10000, "message": a_message(**parts)}).text


def test_a_text_is_a_message_from_its_chat() -> None:
    assert understood({"update_id": 10000, "message": a_message(text="No carga la página")}) == Inbound(
        channel=Channel.TELEGRAM,
        provider_id=f"{ROSA}:1365",
        sender=str(ROSA),
        recipient="",
        sender_name="Test Firstname Test Lastname",
        text="No carga la página",
        at=NOW,
    )


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({"text": "Bold and italics", "entities": [{"type": "italic", "offset": 9, "length": 7}]}, "Bold and italics"),
        ({"photo": PHOTO, "caption": "Sale esto"}, "Sale esto\n[Foto]"),
        ({"document": DOCUMENT}, "[Documento: Testfile.pdf]"),
        ({"animation": {"file_id": "x"}, "document": DOCUMENT}, "[GIF]"),
        ({"voice": {"file_id": "x", "duration": 5, "mime_type": "audio/ogg"}}, "[Mensaje de voz, 0:05]"),
        ({"audio": {"file_id": "x", "duration": 243, "title": "Test music file"}}, "[Audio: Test music file, 4:03]"),
        ({"video": {"file_id": "x", "duration": 61}, "caption": "Así"}, "Así\n[Video, 1:01]"),
        ({"video_note": {"file_id": "x", "duration": 7}}, "[Video circular, 0:07]"),
        ({"sticker": {"file_id": "x", "emoji": "👍"}}, "[Sticker: 👍]"),
        ({"location": {"latitude": -16.4897, "longitude": -68.1193}}, "[Ubicación: -16.4897, -68.1193]"),
        (
            {"location": {"latitude": -16.5, "longitude": -68, "live_period": 900}},
            "[Ubicación en vivo: -16.5, -68]",
        ),
        (
            {
                "location": {"latitude": -16.5, "longitude": -68.1},
                "venue": {
                    "location": {"latitude": -16.5, "longitude": -68.1},
                    "title": "AGETIC",
                    "address": "Calle Pedro Salazar 631",
                },
            },
            "[Ubicación: -16.5, -68.1 (AGETIC Calle Pedro Salazar 631)]",
        ),
        (
            {"contact": {"phone_number": "+59170000001", "first_name": "Rosa", "last_name": "Mamani"}},
            "[Contacto: Rosa Mamani, +59170000001]",
        ),
        ({"poll": {"id": "1", "question": "¿Funciona?", "options": []}}, "[Encuesta: ¿Funciona?]"),
        ({"dice": {"emoji": "🎲", "value": 5}}, "[Dado 🎲: 5]"),
        ({"story": {"chat": CHANNEL, "id": 1}}, "[Historia de Telegram]"),
        ({"pinned_message": a_message(text="Hola")}, "[Fijó un mensaje]"),
        ({"hologram": {"depth": 3}}, "[Mensaje de un tipo que este canal no muestra: hologram]"),
        ({}, "[Mensaje sin contenido]"),
        (
            {
                "text": "Entre aquí",
                "entities": [{"type": "text_link", "offset": 6, "length": 4, "url": "https://gob.example/a"}],
            },
            "Entre aquí\n[Enlace: https://gob.example/a]",
        ),
        (
            {"forward_origin": {"type": "user", "date": 1, "sender_user": USER}, "text": "Hola"},
            "[Reenviado de Forward Firstname Forward Lastname]\nHola",
        ),
        (
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Alguien"}, "text": "Hola"},
            "[Reenviado de Alguien]\nHola",
        ),
        (
            {"forward_origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 3}, "text": "Hola"},
            "[Reenviado de Test channel]\nHola",
        ),
        ({"forward_from": USER, "forward_date": 1441645550, "text": "Hola"}, "[Reenviado de Forward Firstname Forward Lastname]\nHola"),
        ({"forward_from": CHANNEL, "forward_date": 1441645550, "text": "Hola"}, "[Reenviado de Test channel]\nHola"),
        ({"forward_date": 1441645550, "text": "Hola"}, "[Reenviado]\nHola"),
        ({"text": "uno\0 dos\ud83d tres\n"}, "uno dos tres\n"),
        ({"text": "\ud83d\ude00"}, "😀"),
    ],
)  # fmt: skip
def test_every_kind_is_named(parts: dict[str, Any], text: str) -> None:
    assert said(**parts) == text


def test_a_reply_names_the_message_that_it_answers() -> None:
    reply = a_message(text="Sí", reply_to_message=a_message(message_id=1334, text="Original"))

    assert understood({"update_id": 10000, "message": reply}).references == (f"{ROSA}:1334",)


def test_an_edited_message_is_a_new_version_of_the_old_one() -> None:
    edited = a_message(
        text="Edited text", edit_date=1441646600, reply_to_message=a_message(message_id=1334, text="Original")
    )

    message = understood({"update_id": 10000, "edited_message": edited})
    in_the_same_second = understood({"update_id": 10001, "edited_message": edited | {"text": "Otra vez"}})

    assert (message.text, message.edits) == ("Edited text", f"{ROSA}:1365")
    assert message.provider_id.startswith(f"{ROSA}:1365:e1441646600:")
    assert message.provider_id != in_the_same_second.provider_id
    assert message.references == (f"{ROSA}:1334", f"{ROSA}:1365")
    assert not message.automatic


def test_a_start_that_is_edited_is_only_a_text() -> None:
    message = understood({"update_id": 1, "edited_message": a_message(text="/start", edit_date=1)})

    assert (message.text, message.greeting, message.token) == ("/start", False, None)


def test_the_pictures_of_an_album_belong_together_within_their_chat() -> None:
    parts = {"photo": PHOTO, "media_group_id": "13541234567890"}
    first = understood({"update_id": 1, "message": a_message(**parts, caption="Sale esto")})
    second = understood({"update_id": 2, "message": a_message(**parts, message_id=1366)})
    other = understood({"update_id": 3, "message": a_message(**parts, chat={"id": 5, "type": "private"})})
    alone = understood({"update_id": 4, "message": a_message(photo=PHOTO, media_group_id=" ")})

    assert (first.text, second.text) == ("Sale esto\n[Foto]", "[Foto]")
    assert first.album == second.album == f"{ROSA}:13541234567890"
    assert (other.album, alone.album) == ("5:13541234567890", None)


def standing(status: str, **parts: Any) -> dict[str, Any]:
    """Return the update of somebody who blocks the bot or takes it back."""
    change = {
        "chat": a_message()["chat"],
        "from": a_message()["from"],
        "date": 1441645532,
        "old_chat_member": {"user": {"id": 123456, "is_bot": True, "first_name": "Mesa"}, "status": "member"},
        "new_chat_member": {
            "user": {"id": 123456, "is_bot": True, "first_name": "Mesa"},
            "status": status,
            "until_date": 0,
        },
    }
    return {"update_id": 10000, "my_chat_member": change | parts}


def test_blocking_the_bot_is_a_report_that_nothing_arrives_any_more() -> None:
    message = understood(standing("kicked"))

    assert message == Inbound(
        channel=Channel.TELEGRAM,
        provider_id=f"{ROSA}:kicked:1441645532",
        sender=str(ROSA),
        recipient="",
        sender_name="Test Firstname Test Lastname",
        text="[La persona bloqueó el bot]",
        automatic=True,
        report=DeliveryReport((), DeliveryState.FAILED, "La persona bloqueó el bot.", unreachable=True),
        at=NOW,
    )


def test_taking_it_back_is_recorded_and_never_answered() -> None:
    message = understood(standing("member"))

    assert (message.text, message.automatic, message.report) == (
        "[La persona volvió a permitir el bot]",
        True,
        None,
    )


def test_a_position_that_follows_a_phone_is_recorded_and_not_answered() -> None:
    place = {"latitude": -16.5, "longitude": -68.1, "live_period": 900}

    first = understood({"update_id": 1, "message": a_message(location=place)})
    moved = understood({"update_id": 2, "edited_message": a_message(location=place, edit_date=1441646600)})

    assert (first.automatic, moved.automatic) == (False, True)


def test_what_a_bot_or_telegram_itself_says_is_never_answered() -> None:
    by_bot = a_message(text="Hola") | {"from": {"id": ROSA, "is_bot": True, "first_name": "Otro bot"}}

    assert understood({"update_id": 1, "message": by_bot}).automatic
    assert understood({"update_id": 2, "message": a_message(pinned_message=a_message())}).automatic


def test_a_button_is_its_label_and_its_data() -> None:
    keyboard = {
        "inline_keyboard": [[{"text": "Sí, resuelto", "callback_data": "solved:yes"}], [{"text": "No"}]]
    }
    query = {
        "id": "4382bfdwdsb323b2d9",
        "from": a_message()["from"],
        "data": "solved:yes",
        "message": a_message(text="¿Resolvió?", reply_markup=keyboard),
    }

    message = understood({"update_id": 10000, "callback_query": query})

    assert (message.text, message.choice) == ("Sí, resuelto", "solved:yes")
    assert message.sender == str(ROSA)
    assert message.references == (f"{ROSA}:1365",)


def test_a_button_that_is_pressed_twice_under_a_message_counts_once() -> None:
    def pressed(name: str, data: str, number: int) -> str:
        query = {"id": name, "from": a_message()["from"], "data": data}
        under = {"message": a_message(message_id=number)}
        return understood({"update_id": 10000, "callback_query": query | under}).provider_id

    assert pressed("1", "solved:yes", 7) == pressed("2", "solved:yes", 7)
    assert (
        len({pressed("1", "solved:yes", 7), pressed("1", "solved:no", 7), pressed("1", "solved:yes", 8)}) == 3
    )


def test_a_button_without_its_message_comes_from_who_pressed_it() -> None:
    query = {
        "id": "4382bfdwdsb323b2d9",
        "from": a_message()["from"],
        "data": "Data from button callback",
        "inline_message_id": "1234csdbsk4839",
    }

    message = understood({"update_id": 10000, "callback_query": query})

    assert (message.sender, message.text, message.references) == (str(ROSA), "Data from button callback", ())
    assert message.provider_id == "cb:4382bfdwdsb323b2d9"


CASE = "abcdefghijklmnopqrstuvw234"


@pytest.mark.parametrize(
    ("text", "payload", "token", "shown"),
    [
        ("/start", "", None, "[Abrió la conversación]"),
        ("/start@mesa_bot", "", None, "[Abrió la conversación]"),
        ("/start aZ_09-x", "aZ_09-x", None, "[Abrió la conversación desde un enlace]"),
        (f"/start {CASE[:-1]}8", f"{CASE[:-1]}8", None, "[Abrió la conversación desde un enlace]"),
        (f"/start {CASE.upper()}", CASE.upper(), None, "[Abrió la conversación desde un enlace]"),
        (f"/start {CASE}", CASE, CASE, "[Abrió la conversación desde un enlace]"),
        ("/start dos palabras", None, None, "/start dos palabras"),
        ("/startx", None, None, "/startx"),
    ],
)
def test_a_link_to_a_case_gives_its_token_and_any_other_start_is_a_greeting(
    text: str, payload: str | None, token: str | None, shown: str
) -> None:
    message = understood({"update_id": 10000, "message": a_message(text=text)})

    assert (message.token, message.text, message.choice) == (token, shown, None)
    assert message.greeting is (payload is not None and token is None)
    assert start_payload(a_message(text=text)) == payload


def test_telegrams_first_example_has_no_type_of_chat() -> None:
    update = {
        "update_id": 10000,
        "message": {
            "date": 1441645532,
            "chat": {"last_name": "Test Lastname", "id": 1111111, "first_name": "Test", "username": "Test"},
            "message_id": 1365,
            "from": {"last_name": "Test Lastname", "id": 1111111, "first_name": "Test", "username": "Test"},
            "text": "/start",
        },
    }

    assert understood(update).sender == "1111111"
    assert not is_group(update)


@pytest.mark.parametrize(
    ("chat", "group"),
    [
        ({"id": ROSA, "type": "private"}, False),
        ({"id": -100, "type": "group"}, True),
        ({"id": -1001234567890, "type": "supergroup"}, True),
        ({"id": -1001234567890, "type": "channel"}, True),
        ({"id": -100}, True),
    ],
)
def test_groups_are_told_from_people(chat: dict[str, Any], group: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_group({"update_id": 1, "message": a_message(chat=chat)}) is group
    assert is_group({"update_id": 1, "edited_message": a_message(chat=chat)}) is group
    assert is_group({"update_id": 1, "callback_query": {"message": a_message(chat=chat)}}) is group
    assert is_group(standing("member", chat=chat)) is group


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"[]",
        b"1" * 5000,
        b"[" * 100_000,
        b'{"update_id":10000,"inline_query":{"id":134567890097,"from":{"id":1111111},"query":"inline query","offset":""}}',
        b'{"update_id":10000,"chosen_inline_result":{"result_id":"12","from":{"id":1111111},"query":"inline query"}}',
        b'{"update_id":10000,"message":{"message_id":1}}',
        b'{"update_id":10000,"message":{"message_id":true,"chat":{"id":1}}}',
        b'{"update_id":10000,"message":{"message_id":1,"chat":{"id":9223372036854775808}}}',
        b'{"update_id":10000,"callback_query":{"id":"a b","from":{"id":1}}}',
        b'{"update_id":10000,"my_chat_member":{"chat":{"id":1},"new_chat_member":{"status":"hologram"}}}',
        b'{"update_id":10000,"my_chat_member":{"new_chat_member":{"status":"kicked"}}}',
    ],
)
def test_what_is_no_message_says_why(payload: bytes) -> None:
    with pytest.raises(CannotUnderstand, match=r"^(the|an) update"):
        translate(payload, NOW)


def test_a_fetched_file_is_an_attachment_and_the_largest_photo_is_taken() -> None:
    message = a_message(photo=PHOTO, caption="Sale esto")
    photo = {"update_id": 1, "message": message}
    document = {"update_id": 1, "message": a_message(document=DOCUMENT)}

    content = b"\x00\xff\x00"

    assert (found := file_of(message)) is not None
    assert found.file_id == "large"
    assert understood(photo, Fetched(content)).attachments == (
        Attachment("foto-1365.jpg", "image/jpeg", content),
    )
    assert understood(document, Fetched(content)).attachments == (
        Attachment("Testfile.pdf", "application/pdf", content),
    )
    assert understood(document).attachments == ()


def test_a_file_that_could_not_be_fetched_says_so() -> None:
    message = understood(
        {"update_id": 1, "message": a_message(photo=PHOTO)}, Fetched(None, "pesa más de 20 MB")
    )

    assert message.text == "[Foto]\n[El archivo no se pudo traer: pesa más de 20 MB]"
    assert message.attachments == ()


def test_a_file_has_a_name_and_a_type_that_do_no_harm() -> None:
    file = file_of(
        a_message(document=DOCUMENT | {"file_name": "../../etc/a\nb", "mime_type": "text/html; x"})
    )

    assert file is not None
    assert (file.name, file.media_type) == (".._.._etc_a b", "application/octet-stream")
