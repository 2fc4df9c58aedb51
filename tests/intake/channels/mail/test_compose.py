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

KEY = """-----BEGIN RSA PRIVATE KEY-----
MIICXAIBAAKBgQDM8WS1OgtvHSnFhg7xBVd633gtJzzENpRmdA+NRhf+DpKd9Y2Z
g7etrMAEEoZTp/ipW1xDuxiKHUtOEPBWq0mfhPT5oxOxzyK2h3kvYp3crI/X3TUs
x30J8h23/VNFhB7ER5Fr3pYokzRj6lsYNymAP/GkbrThgvF7Rj4N7IdRFwIDAQAB
AoGADOVzzOOmLIvNQRy6e/g2FQlS6qR5cm9szzWmdOFgSSBpoX7+NhbPzCH+w0LX
KRR81UtmduyjEq3dO0Bdn1aP/1jtWQ3m2VcqzcDfT9scjFCM9PbDjrVnk5FDALgx
xaauW73SFcBHqApPfblyoCTRSAyN45sEFE+V4qxgMSUGIyECQQDpeUwWrAhEoC0N
yOoI9YJF2OFk6BfGslSu0yhHOHGoArhkxqm7kUQUHzKr4NBwtqnNz3j13kAqiSaf
DP0DH2zjAkEA4LdlVscOuS6Nt3MkrBGrR5kSi6LnQXT7upC1QT92OLnRBu5KzgMi
czF/Jx2Qj/tZrxh54SUiu1gNAGcaBgFVPQJBAMQcUA5nOJa0WMPQdM1Ls76J22HQ
FlCfcMRct+ODBO0UQ+Dagq376kxgnEaFk3Bp7p3i3P7hTdKs25UT6t6ZofMCQBgV
j9btHrbaNnYi8RtACYty7Hnqy75IO3KTb9m+Y31Q7QZBI+NQkrCl7WrT0FqeJc6O
YQGwaTiLB1mzsyZRnkECQBqXqoGHm4p6js7BBbttaAAwaGbzN9vezSg2RBJOzhP/
8Uref6+YMGPmplLqO1vem60HgocOmboZwpFXEwHfloI=
-----END RSA PRIVATE KEY-----
"""
PUBLIC = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDM8WS1OgtvHSnFhg7xBVd633gtJzzENpRmdA+NRhf+DpKd9Y2Zg7etrMAEEoZTp/ipW1xDuxiK"
    "HUtOEPBWq0mfhPT5oxOxzyK2h3kvYp3crI/X3TUsx30J8h23/VNFhB7ER5Fr3pYokzRj6lsYNymAP/GkbrThgvF7Rj4N7IdRFwIDAQAB"
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
