"""Nothing that can be sent makes the channel fail otherwise than by saying that it cannot understand."""

import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.model import Inbound
from intake.channels.channel import CannotUnderstand
from intake.channels.mail.bounces import bounced
from intake.channels.mail.envelope import arrival_id
from intake.channels.mail.translate import lane, translate
from tests.intake.channels.mail.mails import NOW, a_mail, sealed, understood

often = settings(
    max_examples=int(os.environ.get("VENTANILLA_FUZZ", "500")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

TOKENS = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b"\x00", b"\xff", b"\xc3", b"--b", b"--b--", b"--", b"=?utf-8?Q?", b"?=", b"=?",
    b"From: ", b"To: ", b"Subject: ", b"Content-Type: ", b"Content-Disposition: attachment; ", b"filename*0*=utf-8''%C3",
    b'filename="', b"multipart/mixed; boundary=b", b'multipart/alternative; boundary="b"', b"message/rfc822",
    b"message/delivery-status", b"text/plain; charset=utf-7", b"text/html; charset=x", b"charset=punycode",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"x-uuencode", b"=3", b"=C3=",
    b"begin 644 a\r\nM", b"end", b"<", b">", b"@", b"a@b.bo", b'"', b"\\", b"(", b")", b",", b";", b":", b"[",
    b"<blockquote>", b"</div>", b"<a href='https://x'>", b"<li>", b"<!--", b"<![", b"&#xD800;", b"&#0;", b"<ol>", b"<pre>",
    b"> ", b"-- ", b"wrote:", b"On 2025-01-01 10:00 ", b"De: x\r\nPara: y\r\nAsunto: z\r\n", b"Message-ID: <", b"References: ",
    b"Final-Recipient: rfc822; ", b"Status: 5.1.1", b"Auto-Submitted: ", b"\x1b$B", b"+AD", b"~{",
]  # fmt: skip

mails = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from(TOKENS), max_size=60).map(b"".join),
    st.lists(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=8)), max_size=40).map(
        lambda pieces: b"From: a@b.bo\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(pieces)
    ),
)


def outcome(payload: bytes) -> Inbound | CannotUnderstand:
    try:
        return translate(payload, NOW)
    except CannotUnderstand as reason:
        return reason


def storable(found: Inbound) -> bool:
    texts = (
        found.text,
        found.subject or "",
        found.sender,
        found.sender_name or "",
        found.recipient,
        *found.references,
    )
    names = [file.name for file in found.attachments]
    sizes = 0 < len(found.sender) <= 320 and len(found.recipient) <= 320 and all(names)
    return sizes and all("\x00" not in text and text.encode() is not None for text in (*texts, *names))


@often
@given(mails)
def test_any_bytes_are_a_message_or_cannot_be_understood(raw: bytes) -> None:
    payload = sealed(raw)
    assert len(arrival_id(payload)) <= 512
    assert 0 < len(lane(payload)) <= 320
    bounced(payload)
    found = outcome(payload)
    assert isinstance(found, CannotUnderstand) or storable(found)


@often
@given(st.one_of(st.binary(max_size=200), st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["mail_from", "rcpt_tos", "peer", "received", "x"]), inner), max_leaves=8,
).map(lambda facts: json.dumps(facts).encode() + b"\nFrom: a@b.bo\r\n\r\nx")))  # fmt: skip
def test_any_payload_is_a_message_or_cannot_be_understood(payload: bytes) -> None:
    found = outcome(payload)
    assert isinstance(found, CannotUnderstand) or storable(found)


def test_a_thousand_parts_are_read_and_more_are_refused() -> None:
    def mail(parts: int) -> bytes:
        return a_mail("--b\n\nx\n" * parts + "--b--\n", "Content-Type: multipart/mixed; boundary=b")

    assert understood(mail(999)).text.count("x") == 999
    with pytest.raises(CannotUnderstand, match="1000 partes"):
        understood(mail(1000))


def test_absurd_nesting_is_refused() -> None:
    levels = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(200)
    )
    with pytest.raises(CannotUnderstand, match="niveles"):
        understood(f"From: a@b.bo\n{levels}")


SLOW = {
    "headers": b"From: a@b.bo\r\n" + b"X: y\r\n" * 150_000 + b"\r\nx",
    "broken headers": b"From: a@b.bo\r\n" + b"no es campo\r\n" * 100_000 + b"Subject: x\r\n\r\nx",
    "folded": b"From: a@b.bo\r\nSubject: x\r\n" + b" y\r\n" * 150_000 + b"\r\nx",
    "parentheses": b"From: " + b"(" * 300_000 + b"\r\nContent-Type: " + b"(" * 300_000 + b"\r\n\r\nx",
    "quotes": b"From: "
    + b'"a' * 200_000
    + b"\r\nContent-Type: text/plain; "
    + b'a="' * 100_000
    + b"\r\n\r\nx",
    "angles": b"From: " + b"<a" * 200_000 + b"\r\nReferences: " + b"<" * 300_000 + b"\r\n\r\nx",
    "words": b"From: a@b.bo\r\nSubject: " + b"=?utf-8?Q?" * 100_000 + b"\r\n\r\nx",
    "uu": b"From: a@b.bo\r\n\r\n" + b"begin 644 a\r\nM\r\n" * 100_000,
    "html": b"From: a@b.bo\r\nContent-Type: text/html\r\n\r\n"
    + b"<div><b><a href='https://x'>y</i></p>" * 60_000,
    "comments": b"From: a@b.bo\r\nContent-Type: text/html\r\n\r\n" + b"<!--<![<?" * 100_000,
    "text": b"From: a@b.bo\r\n\r\n" + b"On 2025-01-01 10:00 a@b.bo\r\n" * 100_000,
    "colons": b"From: a@b.bo\r\n\r\n" + b"De: x\r\nOn a:\r\n" * 100_000,
    "one line": b"From: a@b.bo\r\n\r\n" + b"a@" * 600_000,
    "spaces": b"From: a@b.bo\r\n\r\n" + b" " * 600_000 + b"x\r\n" + b"_" * 600_000,
    "quoted-printable": b"From: a@b.bo\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    + b"=C3=B1= \t" * 200_000,
    "base64": b"From: a@b.bo\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"QUJD\r\n" * 300_000,
    "daemon": b"From: mailer-daemon@b.bo\r\nSubject: undeliverable\r\n\r\n" + b"delivered not " * 100_000,
    "empty lines": b"From: mailer-daemon@b.bo\r\n\r\n" + b" \r\n\t\r\n" * 200_000 + b"x",
    "report": b"From: a@b.bo\r\nSubject: delivery failed\r\n\r\nUser unknown\r\n"
    + b"*" * 30_000
    + b"to"
    + b" " * 30_000
    + b"x\r\n"
    + b"to: a@" * 5_000,
    "dashes": b"From: a@b.bo\r\nSubject: Re: x\r\n\r\n"
    + (b"-" * 590 + b"x\r\n" + b"-" * 599 + b"\r\n") * 5_000,
    "shared lines": b"From: a@b.bo\r\nSubject: Re: x\r\n\r\n"
    + (b"a wrote On - " * 45 + b"wrote:\r\n> (http://" + b"(http://" * 60 + b"\r\n") * 5_000,
    "brackets": b"From: " + b"<a@b>x" * 100_000 + b"\r\n\r\nx",
    "delimiters": b"From: a@b.bo\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--bb\r\n" * 200_000,
}


@pytest.mark.parametrize("raw", SLOW.values(), ids=SLOW.keys())
def test_no_mail_takes_long(raw: bytes) -> None:
    payload = sealed(raw)
    began = time.process_time()
    arrival_id(payload)
    lane(payload)
    outcome(payload)
    assert time.process_time() - began < 5
