"""Twilio's forms → messages: what its documentation shows, and whatever else may come."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.model import Inbound
from intake.channels.channel import CannotUnderstand
from intake.channels.whatsapp.form import Fetched, form_of, opened, provider_id, sealed
from intake.channels.whatsapp.translate import translate
from intake.channels.whatsapp.vcard import cards_in
from tests.intake.channels.whatsapp.stand_ins import NOW, PAYLOADS, payload, posted

FUZZ = settings(
    max_examples=int(os.environ.get("VENTANILLA_FUZZ", "150")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

UNSUPPORTED = "Mensaje de un tipo que WhatsApp no entrega a este canal"
SAID = {
    "text": "No carga la página de pagos",
    "image": "Me sale esto\n[Adjunto: image/jpeg]",
    "voice": "[Adjunto: audio/ogg]",
    "video": "[Adjunto: video/mp4]",
    "document": "factura marzo.pdf\n[Adjunto: application/pdf]",
    "sticker": "[Sticker]",
    "contacts": "[Adjunto: text/vcard]",
    "location": "[Ubicación: -16.500000, -68.150000 (AGETIC Calle Pedro Salazar, La Paz)]",
    "live-location": "[Ubicación: -16.5, -68.15]",
    "button": "Sí",
    "list": "Recuperar la contrase…",
    "flow": "[Formulario de WhatsApp]\nsistema: pagos\nurgente: True",
    "forwarded": "[Reenviado]\nMañana no habrá atención",
    "often-forwarded": "[Reenviado muchas veces]\nPásalo",
    "reply": "Sigue igual",
    "reaction": "[Reacción: 👍]",
    "order": "[Pedido de un catálogo]",
    "unsupported": f"[{UNSUPPORTED}]",
    "system": "[Aviso de WhatsApp]",
    "unknown": f"[{UNSUPPORTED}: hologram]",
    "advertisement": "Hola\n[Llegó desde un anuncio: Trámites en línea · Escríbanos · https://fb.me/3cr4Wqqkv]",
}

VCARD = "\r\n".join(
    (
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:Quispe;Juan;;;",
        "FN:Juan Quispe\\, contador",
        "item1.TEL;waid=59170000002:+591 700 000 02",
        "item1.X-ABLabel:Celular",
        "EMAIL;TYPE=INTERNET:juan@",
        " example.bo",
        "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 300,
        "END:VCARD",
        "",
    )
)


def test_every_payload_is_expected() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(SAID)


@pytest.mark.parametrize(("name", "text"), SAID.items())
def test_what_a_message_says(name: str, text: str) -> None:
    form = payload(name)
    message = translate(posted(form), NOW)

    assert message.text == text
    assert (message.provider_id, message.sender) == (form["MessageSid"], "+59170000001")
    assert (message.recipient, message.sender_name, message.at) == ("+59170000099", "Rosa Mamani", NOW)


@pytest.mark.parametrize(
    ("name", "choice", "references"),
    [
        ("button", "sí", ("MM" + "c" * 32,)),
        ("list", "2", ("SM" + "d" * 32,)),
        ("reply", None, ("SM" + "d" * 32,)),
        ("reaction", None, ("SM" + "d" * 32,)),
        ("text", None, ()),
    ],
)
def test_what_was_pressed_and_answered(name: str, choice: str | None, references: tuple[str, ...]) -> None:
    message = translate(posted(payload(name)), NOW)

    assert (message.choice, message.references) == (choice, references)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("image", "foto-1.jpg"),
        ("voice", "audio-1.ogg"),
        ("video", "video-1.mp4"),
        ("document", "factura marzo.pdf"),
        ("sticker", "foto-1.webp"),
    ],
)
def test_a_fetched_file_is_attached_and_named(name: str, files: str) -> None:
    form = payload(name)
    message = translate(sealed(posted(form), [Fetched(b"\0bytes\0")]), NOW)

    [file] = message.attachments
    assert (file.name, file.media_type, file.content) == (files, form["MediaContentType0"], b"\0bytes\0")
    assert message.text == SAID[name]


def test_twilios_own_name_of_a_file_goes_before_ours() -> None:
    message = translate(sealed(posted(payload("image")), [Fetched(b"x", None, "../captura.jpg")]), NOW)

    assert message.attachments[0].name == ".._captura.jpg"


def test_a_file_that_could_not_be_fetched_is_told_with_the_reason() -> None:
    message = translate(sealed(posted(payload("image")), [Fetched(None, "pesa más de 16 MB")]), NOW)

    assert message.text == "Me sale esto\n[Adjunto: image/jpeg; no se pudo traer: pesa más de 16 MB]"
    assert message.attachments == ()


def test_a_contact_is_read_and_attached() -> None:
    message = translate(sealed(posted(payload("contacts")), [Fetched(VCARD.encode())]), NOW)

    assert message.text == "[Contacto: Juan Quispe, contador, +591 700 000 02, juan@example.bo]"
    assert message.attachments[0].name == "contacto-1.vcf"


def test_an_old_phones_card_is_read() -> None:
    card = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=B1oz;Mar=C3=ADa\nTEL;CELL:70000003\nEND:VCARD"

    assert [str(one) for one in cards_in(card.encode())] == ["María Muñoz, 70000003"]


def test_several_cards_are_several_lines() -> None:
    cards = "".join(f"BEGIN:VCARD\nFN:Persona {n}\nTEL:7000000{n}\nEND:VCARD\n" for n in range(3))
    message = translate(sealed(posted(payload("contacts")), [Fetched(cards.encode())]), NOW)

    assert message.text.splitlines() == [f"[Contacto: Persona {n}, 7000000{n}]" for n in range(3)]


def test_several_files_keep_their_order_and_what_is_missing() -> None:
    form = payload("image", NumMedia="3", MediaContentType1="application/zip", MediaContentType2="image/png")
    files = [Fetched(b"uno"), Fetched(None, "no se aceptan archivos de este tipo"), Fetched(b"tres")]
    message = translate(sealed(posted(form), files), NOW)

    assert [(f.name, f.content) for f in message.attachments] == [
        ("foto-1.jpg", b"uno"),
        ("foto-3.png", b"tres"),
    ]
    assert "[Adjunto: application/zip; no se pudo traer: no se aceptan archivos de este tipo]" in message.text


def test_a_count_of_files_that_cannot_be_is_not_believed() -> None:
    for count in ("999999999", "-1", "²", "1e3", ""):
        assert len(translate(posted(payload("text", NumMedia=count)), NOW).text) < 1000


@pytest.mark.parametrize("lacking", ["MessageSid", "From"])
def test_a_form_without_id_or_sender_is_not_understood(lacking: str) -> None:
    form = payload("text", **{lacking: ""})
    if lacking == "MessageSid":
        form |= {"SmsMessageSid": "", "SmsSid": ""}
    with pytest.raises(CannotUnderstand):
        translate(posted(form), NOW)


def test_opening_the_conversation_is_a_greeting() -> None:
    message = translate(posted(payload("text", MessageType="request_welcome", Body="")), NOW)

    assert (message.greeting, message.text) == (True, "[Abrió la conversación]")


def test_an_edit_shows_its_text_if_there_is_one() -> None:
    for body, text in (
        ("Nuevo", "Nuevo\n[Editado]"),
        ("", "[La persona editó un mensaje, y WhatsApp no entrega el texto nuevo]"),
    ):
        assert translate(posted(payload("text", MessageType="edited", Body=body)), NOW).text == text


def test_what_is_no_utf_8_is_not_understood() -> None:
    for broken in (b"Body=\xff", b"Body=x\0{", b"Body=x\0\xff\0"):
        with pytest.raises(CannotUnderstand):
            translate(broken, NOW)


def acceptable(message: Inbound) -> bool:
    """Say whether a database keeps it and a person can read it."""
    words = [
        message.text,
        message.sender,
        message.sender_name or "",
        message.provider_id,
        message.choice or "",
    ]
    words += [*message.references, *(file.name for file in message.attachments)]
    return bool(message.text) and all("\0" not in word and word.encode() is not None for word in words)


def made_of(payload: bytes) -> Inbound | None:
    try:
        return translate(payload, NOW)
    except CannotUnderstand:
        return None


FIELDS = sorted({name for path in PAYLOADS.glob("*.json") for name in payload(path.stem)})
FORMS = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(["0", "1", "10", "true", "sticker", "order", "text/vcard", "{}"]),
    ),
)


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_not_understood(body: bytes) -> None:
    message = made_of(body)
    assert message is None or acceptable(message)


@FUZZ
@given(
    FORMS, st.sampled_from(sorted(SAID)), st.lists(st.one_of(st.none(), st.binary(max_size=200)), max_size=12)
)
def test_any_form_is_a_message_or_not_understood(
    changes: dict[str, str], name: str, files: list[bytes | None]
) -> None:
    body = posted(
        {key: value.encode("utf-8", "replace").decode() for key, value in payload(name, **changes).items()}
    )
    fetched = [Fetched(file, None if file is not None else "no se pudo") for file in files]
    for given_ in (body, sealed(body, fetched)):
        message = made_of(given_)
        assert message is None or acceptable(message)


@FUZZ
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_stands_behind_a_form_is_read_or_not_understood(about: bytes, contents: bytes) -> None:
    message = made_of(posted(payload("image")) + b"\0" + about + b"\0" + contents)
    assert message is None or acceptable(message)


@FUZZ
@given(st.lists(st.tuples(st.binary(max_size=50), st.booleans(), st.text(max_size=9)), max_size=10))
def test_what_is_sealed_is_opened_again(given_files: list[tuple[bytes, bool, str]]) -> None:
    body = posted(payload("image"))
    files = tuple(Fetched(None, "no") if gone else Fetched(content) for content, gone, _ in given_files)

    assert opened(sealed(body, files)) == (form_of(body), files)
    assert provider_id(form_of(body)) == "MM" + "b" * 32


@FUZZ
@given(st.binary(max_size=400))
def test_any_card_is_read(content: bytes) -> None:
    for content_ in (content, b"BEGIN:VCARD\n" + content + b"\nEND:VCARD"):
        assert all("\0" not in str(card) for card in cards_in(content_))
