"""Mails that were damaged on their way, and trees of parts that nobody would write, are understood or said not to be.

`VENTANILLA_FUZZ=10000` runs so many of each kind.
"""

import os
import random
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.model import Inbound
from cases.vocabulary import DeliveryState
from intake.channels.channel import CannotUnderstand
from intake.channels.mail.auth_results import statement
from intake.channels.mail.dkim_check import arc_chain, dkim_results
from intake.channels.mail.dns import Lookup
from intake.channels.mail.envelope import Envelope, arrival_id, seal
from intake.channels.mail.mime import split_head
from intake.channels.mail.proof import Handover, examined, reported
from intake.channels.mail.translate import lane, translate
from tests.intake.channels.mail.keys import PUBLIC
from tests.intake.channels.mail.mails import NOW, sealed
from tests.intake.channels.mail.test_bounces import PEOPLE, REPORTS, RESPONDERS
from tests.intake.channels.mail.test_senders import SEALS, mail, signed

often = settings(
    max_examples=int(os.environ.get("VENTANILLA_FUZZ", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

RICH = (
    b"Return-Path: <juan@example.org>\r\nReceived: from a by b; Tue, 3 Mar 2026 10:22:00 -0400\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from:to; bh=YQ==; b=YQ==\r\n"
    b"From: =?iso-8859-1?Q?Juan_P=E9rez?= <juan@example.org>\r\nTo: soporte+abcdefghijklmnopqrstuvwx27@example.bo\r\n"
    b"Reply-To: otra@example.org\r\nSubject: =?utf-8?B?UGFnbyBjYcOtZG8=?=\r\nMessage-ID: <r@example.org>\r\n"
    b"In-Reply-To: <1@x>\r\nReferences: <0@x>\r\n <1@x>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n'
    b"--a\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Ya prob=C3=A9.\r\n\r\nEl lun, 3 mar 2025 a las 10:22, Mesa (<soporte@example.bo>) escribi=C3=B3:\r\n> =C2=BFY?\r\n"
    b"--a\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n<p>Ya prob\xe9.</p><blockquote>x</blockquote>\r\n--a--\r\n"
    b"--m\r\nContent-Type: image/png; name*0*=utf-8''%C3%B1; name*1=.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n"
    b"--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: dentro\r\n\r\nx\r\n--m\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n"
    b"--m\r\n\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n--m--\r\n"
)
SEEDS = [
    RICH,
    *(text.replace("\n", "\r\n").encode() for text, *_ in REPORTS.values()),
    *(text.replace("\n", "\r\n").encode() for text in (*RESPONDERS.values(), *PEOPLE.values())),
    SEALS + signed(mail()),
]


def flip(raw: bytearray, chance: random.Random) -> None:
    if raw:
        raw[chance.randrange(len(raw))] = chance.randrange(256)


def insert(raw: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(raw) + 1)
    raw[place:place] = chance.randbytes(chance.randrange(1, 9))


def delete(raw: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(raw) + 1)
    del raw[place : place + chance.randrange(1, 200)]


def duplicate(raw: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(raw) + 1)
    piece = raw[place : place + chance.randrange(1, 400)]
    raw[place:place] = piece * chance.randrange(1, 4)


def swap(raw: bytearray, chance: random.Random) -> None:
    lines = raw.split(b"\n")
    chance.shuffle(lines)
    raw[:] = b"\n".join(lines)


def graft(raw: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(raw) + 1)
    raw[place:] = chance.choice(SEEDS)[chance.randrange(200) :]


DAMAGES: list[Callable[[bytearray, random.Random], None]] = [flip, insert, delete, duplicate, swap, graft]


def damaged(seed: bytes, damages: list[Callable[[bytearray, random.Random], None]], number: int) -> bytes:
    raw = bytearray(seed)
    chance = random.Random(number)  # noqa: S311  # no secret: a damage that can be repeated
    for damage in damages:
        damage(raw, chance)
    return bytes(raw)


mutants = st.builds(
    damaged,
    st.sampled_from(SEEDS),
    st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=12),
    st.integers(0, 2**32),
)

KINDS = [
    "text/plain", "text/html", "text/plain; charset=utf-16", "text/plain; charset=hz", "image/png", "application/ms-tnef",
    "message/rfc822", "message/delivery-status", "text/rfc822-headers", "multipart/signed", "text/x; charset=\xff", "", "/", "a/b;c",
]  # fmt: skip
ENCODINGS = ["", "base64", "quoted-printable", "x-uuencode", "7bit", "8bit", "binary", "nada"]
leaves = st.builds(
    lambda kind, encoding, name, body: (
        f"Content-Type: {kind}{name}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode("latin-1")
        + body
    ),
    st.sampled_from(KINDS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(
        [
            "",
            '; name="=?utf-8?Q?a=C3?="',
            "; name*=utf-8''%ff%00",
            '; filename="..\\\\..\\\\x"',
            "; charset=;",
        ]
    ),
    st.one_of(st.binary(max_size=60), st.sampled_from(SEEDS), st.text(max_size=40).map(str.encode)),
)


def branch(kind: str, boundary: str, parts: list[bytes], *, closed: bool) -> bytes:
    mark = f"--{boundary}".encode()
    joined = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
        + joined
        + (mark + b"--\r\n" if closed else b"")
    )


trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        branch,
        st.sampled_from(["mixed", "alternative", "related", "report", "digest", "signed", "encrypted", "x"]),
        st.sampled_from(["a", "b", "ab", "", "a b", "=", "--"]),
        st.lists(inner, max_size=5),
        closed=st.booleans(),
    ),
    max_leaves=12,
).map(lambda tree: b"From: juan@example.org\r\nMessage-ID: <t@example.org>\r\n" + tree)

envelopes = st.tuples(
    st.one_of(st.just(""), st.text(max_size=30)), st.lists(st.text(max_size=60), max_size=3).map(tuple)
)


def understood_or_not(payload: bytes) -> None:
    """Nothing else may come out, and what comes out can be stored."""
    assert 0 < len(arrival_id(payload)) <= 512
    assert 0 < len(lane(payload)) <= 320
    try:
        found = translate(payload, NOW)
    except CannotUnderstand:
        return
    assert isinstance(found, Inbound)
    report = found.report
    texts = [
        found.text,
        found.subject or "",
        found.sender,
        found.sender_name or "",
        found.recipient,
        found.provider_id,
    ]
    texts += [
        *found.references,
        found.token or "",
        found.reply_to or "",
        *(file.name for file in found.attachments),
    ]
    if report is not None:
        assert found.automatic
        assert report.state in (DeliveryState.FAILED, DeliveryState.SENT)
        assert 0 < len(report.reason) <= 500
        assert not (report.unreachable and report.state is DeliveryState.SENT)
        texts += [report.reason, *report.provider_ids]
    for text in texts:
        assert "\x00" not in text
        assert text.encode() is not None
    assert all(len(name) <= 512 for name in (found.provider_id, *found.references))
    assert found.reply_to is None or not found.automatic


@often
@given(mutants)
def test_a_damaged_mail_is_a_message_or_cannot_be_understood(raw: bytes) -> None:
    understood_or_not(sealed(raw))


@often
@given(trees)
def test_any_tree_of_parts_is_a_message_or_cannot_be_understood(raw: bytes) -> None:
    understood_or_not(sealed(raw))


@often
@given(st.binary(max_size=2000), envelopes)
def test_any_bytes_in_any_envelope_are_a_message_or_cannot_be_understood(
    raw: bytes, envelope: tuple[str, tuple[str, ...]]
) -> None:
    understood_or_not(seal(Envelope(envelope[0], envelope[1], "192.0.2.1:4711", NOW), raw))


def records(answers: list[str]) -> Lookup:
    """Answer every question with the same records, as a hostile DNS might."""
    return lambda name, kind: (
        [] if len(name) > 253 else [f"10 {one}" if kind == "MX" else one for one in answers]
    )


hostile = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from([
            f"v=DKIM1; p={PUBLIC}", "v=DKIM1; p=", "v=DKIM1; k=ed25519; p=YQ==", "v=DMARC1; p=none", "v=DMARC1", "v=spf1 -all",
            "v=spf1 include:example.org -all", "v=spf1 redirect=example.org", "v=spf1 a mx ptr exists:%{s} ?all", "v=spf1 %{", "192.0.2.1",
            "v=spf1 ip4:1/99 ip6:::/x", "\udcff",
        ]),
    ),
    max_size=3,
)  # fmt: skip


@often
@given(
    mutants,
    hostile,
    st.sampled_from(["192.0.2.1", "2001:db8::1"]),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_checking_any_sender_against_any_records_says_something(
    raw: bytes, answers: list[str], address: str, helo: str, mail_from: str
) -> None:
    lookup = records(answers)
    dkim_results(raw, lookup)
    arc_chain(raw, lookup)
    assert examined(raw, Handover(address, helo, mail_from), lookup, ("google.com",)).summary


@often
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='abc.=;:()"\\/@ 12', max_size=80).map(str.encode)))
def test_any_result_of_a_server_is_read(value: bytes) -> None:
    fields, _ = split_head(mail())
    assert reported(statement(value), fields).summary
