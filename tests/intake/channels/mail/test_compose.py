"""An answer as a mail: in its thread, readable everywhere, the same each time, and signed."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.model import Attachment
from intake.channels.channel import Refusal
from intake.channels.mail.adapter import open_mail
from intake.channels.mail.compose import compose
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.signature import signer
from tests.intake.channels.mail.keys import KEY, PUBLIC
from tests.intake.channels.mail.mails import (
    CITIZEN,
    DESK,
    NOW,
    FakeDoors,
    Sink,
    a_parcel,
    a_smarthost,
    understood,
)


def sent(desk: str | None = DESK, **changes: Any) -> EmailMessage:
    """Return an answer as the other side parses it."""
    return message_from_bytes(compose(a_parcel(**changes), desk, NOW).as_bytes(), policy=default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_an_answer_is_a_reply_in_its_thread() -> None:
    mail = sent(references=("<1@x>", "<2@x>:0123abcd", "sha256:ff", "<3@x>"))

    assert mail["From"] == "Mesa de ayuda <soporte@example.bo>"
    assert (mail["To"], mail["Subject"]) == (CITIZEN, "Re: No carga el pago [2026-000123]")
    assert (mail["In-Reply-To"], mail["References"]) == ("<3@x>", "<1@x> <2@x> <3@x>")
    assert mail["Date"].datetime == NOW
    assert mail["X-Ventanilla-Case"] == "2026-000123"
    assert "Auto-Submitted" not in mail


def test_the_same_part_has_the_same_name_and_another_part_another() -> None:
    assert sent()["Message-ID"] == sent(attempts=3)["Message-ID"]
    assert (
        len({sent(**changes)["Message-ID"] for changes in ({}, {"delivery": 8}, {"part": 1}, {"body": "x"})})
        == 4
    )
    assert sent()["Message-ID"].endswith("@example.bo>")


def test_an_automatic_answer_says_so_and_is_never_answered() -> None:
    mail = sent(automatic=True)

    assert mail["Auto-Submitted"] == "auto-replied"
    assert understood(mail.as_bytes(), DESK, (CITIZEN,)).automatic


SUBJECTS = [
    ({"subject": "Re: RE: Rv: Pago"}, "Re: Pago [2026-000123]"),
    ({"subject": "Re: Pago [2026-000123]"}, "Re: Pago [2026-000123]"),
    ({"subject": "RE[2]: Pago", "case": None}, "Re: Pago"),
    ({"subject": "Re:"}, "Re: Su solicitud a la mesa de ayuda [2026-000123]"),
    ({"subject": None, "references": (), "case": None}, "Su solicitud a la mesa de ayuda"),
    ({"subject": "Pago\r\nBcc: todos@example.org"}, "Re: Pago Bcc: todos@example.org [2026-000123]"),
    ({"subject": "Trámite nº 5 — ñandú 😀"}, "Re: Trámite nº 5 — ñandú 😀 [2026-000123]"),
    ({"subject": "x" * 900}, f"Re: {'x' * 900} [2026-000123]"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "subject"), SUBJECTS)
def test_the_subject_is_the_threads_with_the_number_once(changes: dict[str, Any], subject: str) -> None:
    assert sent(**changes)["Subject"] == subject


def test_the_text_is_plain_and_html_with_the_case_below() -> None:
    mail = sent(body="Vea https://example.bo/a?b=1&c=2.\n\nUse <script>\ny ñ")
    line = "Mesa de ayuda · Caso 2026-000123 · Para agregar información, responda a este correo."

    assert body(mail, "plain") == f"Vea https://example.bo/a?b=1&c=2.\n\nUse <script>\ny ñ\n\n-- \n{line}\n"
    page = body(mail, "html")
    assert '<a href="https://example.bo/a?b=1&amp;c=2">https://example.bo/a?b=1&amp;c=2</a>.' in page
    assert "Use &lt;script&gt;<br>\ny ñ" in page
    assert line in page
    assert "Caso" not in body(sent(case=None), "plain")


TOKEN = "abcdefghijklmnopqrstuvwx27"


def test_answers_come_back_to_the_case_by_its_token() -> None:
    mail = sent(reply_token=TOKEN)

    assert mail["Reply-To"] == f"Mesa de ayuda <soporte+{TOKEN}@example.bo>"
    assert mail["From"] == "Mesa de ayuda <soporte@example.bo>"
    assert sent()["Reply-To"] is None
    assert sent(reply_token="x@y\r\nBcc: z")["Reply-To"] is None
    assert (
        sent("soporte+mesa@example.bo", reply_token=TOKEN)["Reply-To"].addresses[0].username
        == f"soporte+{TOKEN}"
    )
    back = understood(
        b"From: juan@example.org\r\nTo: " + mail["Reply-To"].encode() + b"\r\n\r\nGracias", rcpt_tos=()
    )
    assert back.token == TOKEN


def test_the_page_of_the_case_stands_below_the_answer() -> None:
    mail = sent(case_page="https://mesa.example.bo/caso/abc")

    assert "\nEstado de su caso: https://mesa.example.bo/caso/abc\n" in body(mail, "plain")
    assert '<a href="https://mesa.example.bo/caso/abc">' in body(mail, "html")
    assert "Estado" not in body(sent(case_page="javascript:alert(1)"), "html")
    assert understood(mail.as_bytes(), DESK, (CITIZEN,)).text == "Buenos días:\n\nYa funciona."


def test_only_what_goes_to_many_can_be_unsubscribed() -> None:
    notice = compose(a_parcel(automatic=True), DESK, NOW, unsubscribe="https://mesa.example.bo/baja/abc")

    assert notice["List-Unsubscribe"] == "<https://mesa.example.bo/baja/abc>"
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent(automatic=True)["List-Unsubscribe"] is None


async def test_the_envelope_and_the_page_are_the_cases() -> None:
    async with a_smarthost(Sink()) as sink:
        chosen = {"smtp_port": 0, "mail_address": DESK, "mail_smarthost": f"smtp://127.0.0.1:{sink.port}"}
        async with open_mail(MailSettings.model_validate(chosen), FakeDoors()) as mail:
            await mail.send(a_parcel(reply_token=TOKEN, case_page="/caso/abc"))

    assert sink.envelopes[0].mail_from == f"soporte+{TOKEN}@example.bo"
    assert b"https://mesa.example.bo/caso/abc" in sink.mails[0]


def test_files_go_with_it() -> None:
    files = (
        Attachment("año 2025.pdf", "application/pdf", b"%PDF"), Attachment("x\r\ny", "roto", b"\x00"),
        Attachment("m.eml", "message/rfc822", b"From: a@b"), Attachment("nota.txt", "text/plain", "ñ".encode("latin-1")),
    )  # fmt: skip
    found = [
        (part.get_filename(), part.get_payload(decode=True))
        for part in sent(attachments=files).iter_attachments()
    ]

    assert found == [
        ("año 2025.pdf", b"%PDF"),
        ("x y", b"\x00"),
        ("m.eml", b"From: a@b"),
        ("nota.txt", b"\xf1"),
    ]


def test_the_desk_reads_its_own_answer_back() -> None:
    found = understood(compose(a_parcel(), DESK, NOW).as_bytes(), DESK, (CITIZEN,))

    assert found.text == "Buenos días:\n\nYa funciona."
    assert found.references == ("<a@example.org>",)


@pytest.mark.parametrize(
    "address", ["mailer-daemon", "", "@x", "a@", "a b@x.bo", "a@x.bo\r\nBcc: b@x.bo", "a@b@c.bo", "a@ñ..bo"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal, match="no es una dirección"):
        sent(address=address)


def test_without_an_own_address_the_answer_comes_from_where_the_person_wrote() -> None:
    assert sent(None)["From"] == "Mesa de ayuda <soporte@example.bo>"
    assert sent(address="juan@ñandú.bo")["To"] == "juan@xn--and-6ma2c.bo"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_is_a_mail(subject: str, text: str, references: list[str]) -> None:
    parcel = a_parcel(subject=subject, body=text, references=tuple(references), case="2026-000123\r\nX: y")
    raw = compose(parcel, DESK, NOW).as_bytes()

    assert understood(raw).sender == DESK
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


async def test_answers_are_signed(tmp_path: Path) -> None:
    key = tmp_path / "ventanilla.private"
    key.write_text(KEY)
    options = {"smtp_port": 0, "mail_dkim_key": str(key)}
    async with a_smarthost(Sink()) as sink:
        url = f"smtp://127.0.0.1:{sink.port}"
        async with open_mail(
            MailSettings.model_validate(options | {"mail_smarthost": url}), FakeDoors()
        ) as mail:
            await mail.send(a_parcel(body=".punto\n" + "largo " * 300))

    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return f"v=DKIM1; k=rsa; p={PUBLIC}; t={timeout and 'y'}".encode()

    assert dkim.verify(sink.mails[0], dnsfunc=dns)
    assert asked == [b"ventanilla._domainkey.example.bo."]


def test_a_key_that_is_none_stops_the_start(tmp_path: Path) -> None:
    key = tmp_path / "x.private"
    key.write_text("nada")
    with pytest.raises(ValueError, match="VENTANILLA_MAIL_DKIM_KEY"):
        signer(key)
    with pytest.raises(OSError, match="falta"):
        signer(tmp_path / "falta.private")
