"""Senders, subjects, texts, threads and files of mails as real mailers write them."""

import pytest

from cases.traffic import Checks
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand
from intake.channels.mail.addresses import mailboxes
from intake.channels.mail.envelope import Envelope, seal
from intake.channels.mail.translate import translate
from tests.intake.channels.mail.mails import CITIZEN, DESK, NOW, a_mail, sealed, understood

SENDERS = [
    (b"Juan <juan@example.org>", CITIZEN, "Juan"),
    (b"juan@example.org", CITIZEN, None),
    (b"<juan@example.org>", CITIZEN, None),
    (b"JUAN@Example.ORG", CITIZEN, None),
    (b"juan@example.org (Juan P\xc3\xa9rez)", CITIZEN, "Juan Pérez"),
    (b'"P\xc3\xa9rez, Juan" <juan@example.org>', CITIZEN, "Pérez, Juan"),
    (b"P\xe9rez, Juan <juan@example.org>", CITIZEN, "Pérez, Juan"),
    (b'"Juan \\"Juancho\\" P." <juan@example.org>', CITIZEN, 'Juan "Juancho" P.'),
    (b"=?utf-8?Q?P=C3=A9rez=2C_Juan?= <juan@example.org>", CITIZEN, "Pérez, Juan"),
    (b'"=?iso-8859-1?Q?Juan_P=E9rez?=" <juan@example.org>', CITIZEN, "Juan Pérez"),
    (b"=?UTF-8?B?SnVhbiBQw6lyZXogPGp1YW5AZXhhbXBsZS5vcmc+?=", CITIZEN, "Juan Pérez"),
    (b"=?utf-8?B?SnVhbiBQw6ly?= =?utf-8?B?ZXo=?= <juan@example.org>", CITIZEN, "Juan Pérez"),
    (b"=?utf-8?B?SnVhbiBQww==?=\r\n =?utf-8?B?qXJleg==?= <juan@example.org>", CITIZEN, "Juan Pérez"),
    (b"Juan <juan@example.org", CITIZEN, "Juan"),
    (b"Juan juan@example.org", CITIZEN, "Juan"),
    (b"Juan [juan@example.org]", CITIZEN, "Juan"),
    (b"Juan [mailto:juan@example.org]", CITIZEN, "Juan"),
    (b"Juan <mailto:juan@example.org>", CITIZEN, "Juan"),
    (b'"juan@example.org" <juan@example.org>', CITIZEN, None),
    (b"'juan@example.org' <juan@example.org>", CITIZEN, None),
    (b"otro@example.org <juan@example.org>", CITIZEN, "otro@example.org"),
    (b"Juan <juan@example.org> <copia@example.org>", "copia@example.org", "Juan"),
    (b"Juan <juan@example.org>, Ana <ana@example.org>", CITIZEN, "Juan"),
    (b"Equipo: juan@example.org, ana@example.org;", CITIZEN, None),
    (b"<@a.example,@b.example:juan@example.org>", CITIZEN, None),
    (b"Juan\r\n\t<juan@example.org>", CITIZEN, "Juan"),
    (b"Juan < juan@example.org >", CITIZEN, "Juan"),
    (b"\xe5\xb1\xb1\xe7\x94\xb0 <yamada@example.jp>", "yamada@example.jp", "山田"),
    (b"=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>", "yamada@example.jp", "山田"),
    (b"=?gb2312?B?1cXI/Q==?= <zhang@example.cn>", "zhang@example.cn", "张三"),
    (b"=?koi8-r?B?6dfBzg==?= <ivan@example.ru>", "ivan@example.ru", "Иван"),
    (b"jos\xc3\xa9@ejemplo.bo", "josé@ejemplo.bo", None),
    (b'"juan perez"@example.org', '"juan perez"@example.org', None),
    (b"Juan (Ministerio) <juan@example.org>", CITIZEN, "Juan (Ministerio)"),
    (b"Juan P. M. <juan.perez+pago@sub.example.org>", "juan.perez+pago@sub.example.org", "Juan P. M."),
    (b"MAILER-DAEMON (Mail Delivery System)", "mailer-daemon", "Mail Delivery System"),
    (b"Mail Delivery Subsystem <MAILER-DAEMON>", "mailer-daemon", "Mail Delivery Subsystem"),
    (b"juan@[192.0.2.1]", "juan@[192.0.2.1]", None),
    (b"=?utf-8?Q?Juan?= =?utf-8?Q?_P=C3=A9rez?=<juan@example.org>", CITIZEN, "Juan Pérez"),
    (b"Juan : <juan@example.org>", CITIZEN, "Juan"),
    (b"juan@example.org,", CITIZEN, None),
    (b'Juan" <juan@example.org>', CITIZEN, 'Juan"'),
]


@pytest.mark.parametrize(("field", "address", "name"), SENDERS)
def test_the_sender_is_found(field: bytes, address: str, name: str | None) -> None:
    found = understood(b"From: " + field + b"\r\nMessage-ID: <a@b>\r\n\r\nHola\r\n")

    assert (found.sender, found.sender_name) == (address, name)


def test_without_from_the_next_best_is_the_sender() -> None:
    rest = b"\r\nMessage-ID: <a@b>\r\n\r\nHola\r\n"
    assert understood(b"Sender: Juan <juan@example.org>" + rest).sender == CITIZEN
    assert understood(b"Reply-To: juan@example.org" + rest).sender == CITIZEN
    assert understood(b"Return-Path: <juan@example.org>" + rest).sender == CITIZEN
    assert understood(b"From: \r\nSubject: x" + rest, mail_from="Juan@example.org").sender == CITIZEN
    assert understood(b"Subject: x" + rest, mail_from="").sender == "mailer-daemon"
    assert understood(a_mail("x", "Reply-To: otro@example.org")).sender == CITIZEN


SUBJECTS = [
    (b"Pago", "Pago"),
    (b"=?utf-8?Q?Pago_ca=C3=ADdo?=", "Pago caído"),
    (b"=?UTF-8?B?UGFnbyBjYcOtZG8=?=", "Pago caído"),
    (b"=?utf-8?B?UGFnbyBjYcOtZG8?=", "Pago caído"),
    (b"=?iso-8859-1?q?Pago=20ca=EDdo?=", "Pago caído"),
    (b"=?windows-1252?Q?=93Pago=94?=", "“Pago”"),
    (b"=?iso-8859-1?Q?=93Pago=94?=", "“Pago”"),
    (b"Re: =?utf-8?Q?Pago?= =?utf-8?Q?_ca=C3=ADdo?= hoy", "Re: Pago caído hoy"),
    (b"=?utf-8?Q?Pago_ca=C3?=\r\n =?utf-8?Q?=ADdo?=", "Pago caído"),
    (b"=?utf-8?Q?Pago ca=C3=ADdo?=", "Pago caído"),
    (b"Pago ca\xc3\xaddo", "Pago caído"),
    (b"Pago ca\xeddo", "Pago caído"),
    (b"Pago\r\n ca\xc3\xaddo\r\n\thoy", "Pago caído hoy"),
    (b"=?utf-8*es?Q?Pago_ca=C3=ADdo?=", "Pago caído"),
    (b"=?unknown-8bit?Q?Pago_ca=EDdo?=", "Pago caído"),
    (b"=?utf-7?Q?Pago_ca+AO0-do?=", "Pago caído"),
    (b"=?x-inventado?Q?Pago_ca=C3=ADdo?=", "Pago caído"),
    (b"=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
    (b"\x1b$B$3$s$K$A$O\x1b(B", "こんにちは"),
    (b"=?Shift_JIS?B?grGC8YLJgr+CzQ==?=", "こんにちは"),
    (b"=?gb2312?B?xOO6ww==?=", "你好"),
    (b"=?big5?B?p0Gmbg==?=", "你好"),
    (b"=?euc-kr?B?vsiz58fPvLy/5A==?=", "안녕하세요"),
    (b"=?koi8-r?B?8NLJ18XU?=", "Привет"),
    (b"=?windows-1251?B?z/Do4uXy?=", "Привет"),
    (b"=?iso-8859-8-i?B?+ezl7Q==?=", "שלום"),
    (b"=?windows-1256?B?48ra09g=?=", "متعسط"),
    (b"=?utf-8?Q?=F0=9F=98=80_listo?=", "😀 listo"),
    (b"=?UTF-8?Q?Pago?=sin=?UTF-8?Q?_luz?=", "Pagosin luz"),
    (b"a =?utf-8?Q??= b", "a  b"),
    (b"2 + 2 =? 4", "2 + 2 =? 4"),
    (b"=?utf-8?B?UGFnbyBjYcOtZG8gZW4gbGEgcGFzYXJlbGE", "Pago caído en la pasarela"),
    (b"Pago \x00nulo\x07", "Pago nulo"),
    (b"=?utf-8?Q?Pago=0D=0ABcc:_x?=", "Pago Bcc: x"),
    (b"", None),
]  # fmt: skip


@pytest.mark.parametrize(("field", "subject"), SUBJECTS)
def test_the_subject_is_decoded(field: bytes, subject: str | None) -> None:
    assert understood(b"From: a@b.bo\r\nSubject: " + field + b"\r\n\r\nHola\r\n").subject == subject


BROKEN = [
    b"From: juan@example.org\r\nSubject: partido\r\nsin sangrar\r\nX-Otro: 1\r\nMessage-ID: <a@b>\r\n\r\nHola\r\n",
    b"From juan@example.org Mon Mar  3 10:22:00 2025\r\nFrom: juan@example.org\r\nSubject: partido sin sangrar\r\n\r\nHola",
    b"\r\n\r\nFrom: juan@example.org\r\nSubject: partido sin sangrar\r\n\r\nHola",
    b"From: juan@example.org\nSubject: partido sin sangrar\n\nHola\n",
    b"From: juan@example.org\rSubject: partido sin sangrar\r\rHola\r",
    b"From: juan@example.org\r\r\nSubject: partido sin sangrar\r\r\n\r\r\nHola\r\r\n",
    b"From : juan@example.org\r\nSUBJECT:partido sin sangrar\r\n\r\nHola",
    b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nHola",
    b"From: juan@example.org\r\nSubject:\r\n partido\r\n \r\n sin sangrar\r\nTo: x\r\n\r\nHola",
    b"\xef\xbb\xbfFrom: juan@example.org\r\nSubject: partido sin sangrar\r\n\r\nHola",
    b"From: juan@example.org\r\nSubject:\r\nSubject: partido sin sangrar\r\n\r\nHola",
    (
        b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nContent-Type: text/plain; boundary\r\n"
        b"Content-Transfer-Encoding: 7-bit\r\n\r\nHola"
    ),
    (
        b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;"
        b' boundary="b"\r\n\r\n--b\r\n\r\nHola\r\n'
    ),
    (
        b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nContent-Type: multipart/mixed\r\n\r\n"
        b"--=_b1\r\nContent-Type: text/plain\r\n\r\nHola\r\n--=_b1--\r\n"
    ),
    (
        b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nHola\r\n--b--\r\n--b--\r\n"
    ),
    (
        b"From: juan@example.org\r\nSubject: partido sin sangrar\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nHola\r\n--b\r\n\r\n--b--\r\n"
    ),
    (
        b'From: juan@example.org\r\nSubject: partido sin sangrar\r\nContent-Type: multipart/mixed; boundary="b"; type=x\r\n\r\n'
        b'--b\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHola\r\n--b--\r\n'
    ),
]


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_mails_are_read_as_mail_clients_read_them(raw: bytes) -> None:
    found = understood(raw)

    assert (found.sender, found.subject, found.text) == (CITIZEN, "partido sin sangrar", "Hola")


THREADS = [
    (("References: <1@x> <2@x>", "In-Reply-To: <2@x>"), ("<1@x>", "<2@x>")),
    (("References: <1@x> <2@x> <3@x>", "In-Reply-To: <2@x>"), ("<1@x>", "<3@x>", "<2@x>")),
    (("In-Reply-To: <2@x> (Juan, ayer)",), ("<2@x>",)),
    (("In-Reply-To: Su mensaje del lunes",), ()),
    (("In-Reply-To: 2@x",), ("<2@x>",)),
    (("References: <1@x>\r\n\t<2@x>", ""), ("<1@x>", "<2@x>")),
    (("References: <1@x><2@x>,<1@x>",), ("<1@x>", "<2@x>")),
    ((), ()),
]


@pytest.mark.parametrize(("fields", "references"), THREADS)
def test_the_thread_is_named_the_nearest_last(fields: tuple[str, ...], references: tuple[str, ...]) -> None:
    assert understood(a_mail("x", *filter(None, fields))).references == references


def test_the_message_is_named_as_answers_will_name_it() -> None:
    named = understood(a_mail())
    long = understood(a_mail().replace(b"<a@", b"<" + b"x" * 900 + b"@"))
    bare = understood(b"From: a@b.bo\r\nMessage-ID: sin.corchetes@b.bo\r\n\r\nx")

    assert (named.channel, named.provider_id, named.at) == (Channel.EMAIL, "<a@example.org>", NOW)
    assert bare.provider_id == "<sin.corchetes@b.bo>"
    assert len(long.provider_id) <= 512
    assert understood(b"From: a@b.bo\r\n\r\nx").provider_id.startswith("sha256:")


def test_the_recipient_is_the_desks_address() -> None:
    assert (
        understood(a_mail(), rcpt_tos=("Soporte+x@example.bo", "otra@example.bo")).recipient
        == "soporte+x@example.bo"
    )
    assert understood(a_mail(), rcpt_tos=()).recipient == DESK


def test_a_quoted_answer_is_separated_by_its_subject_and_thread() -> None:
    body = "Ya está.\n\nEl lun, 3 mar 2025 a las 10:22, Mesa (<soporte@example.bo>) escribió:\n\n> ¿Y?\n"

    assert understood(a_mail(body, "Subject: Re: Pago", "In-Reply-To: <1@x>")).text == "Ya está."


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "sobre"),
        (b"{}\n", "sobre"),
        (b"[1]\nx", "sobre"),
        (b"nada", "sobre"),
        (sealed(b" \r\n"), "vacío"),
    ],
)
def test_what_is_no_mail_is_refused_with_its_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(CannotUnderstand, match=reason):
        translate(payload, NOW)


TOKEN = "abcdefghijklmnopqrstuvwx27"


@pytest.mark.parametrize(
    ("fields", "recipients", "token"),
    [
        ((), (f"soporte+{TOKEN}@example.bo",), TOKEN),
        ((), ("soporte@example.bo", f"Soporte+{TOKEN.upper()}@example.bo"), TOKEN),
        ((f"Cc: Mesa <soporte+{TOKEN}@example.bo>",), (DESK,), TOKEN),
        ((f"Delivered-To: soporte+{TOKEN}@example.bo",), (), TOKEN),
        ((), (f"soporte+{TOKEN}a@example.bo",), None),
        ((), ("soporte+abc@example.bo",), None),
        ((), (f"{TOKEN}@example.bo",), None),
        ((f"Subject: soporte+{TOKEN}@example.bo",), (DESK,), None),
    ],
)
def test_the_case_is_named_by_the_address(
    fields: tuple[str, ...], recipients: tuple[str, ...], token: str | None
) -> None:
    assert understood(a_mail("x", *fields), rcpt_tos=recipients).token == token


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        (("Reply-To: Otra <otra@example.org>",), "otra@example.org"),
        (("Reply-To: juan@example.org",), None),
        (("Reply-To: JUAN@Example.org",), None),
        (("Reply-To: otra@example.org, tercera@example.org",), None),
        (("Reply-To: otra@example.org, Otra <OTRA@example.org>",), "otra@example.org"),
        (("Reply-To: otra@localhost",), None),
        (("Reply-To: Soporte+x@example.bo",), None),
        (("Reply-To: nadie",), None),
        (("Reply-To: ",), None),
        (("Reply-To: otra@example.org", "List-Id: <x.example.org>"), None),
        (("Reply-To: otra@example.org", "Auto-Submitted: auto-replied"), None),
        ((), None),
    ],
)
def test_a_person_may_ask_to_be_answered_elsewhere(fields: tuple[str, ...], address: str | None) -> None:
    assert understood(a_mail("x", *fields)).reply_to == address


def test_what_was_found_out_about_the_sender_stays_with_the_mail() -> None:
    checks = Checks(proven=True, summary="SPF: pasa")
    payload = seal(Envelope(CITIZEN, (DESK,), "192.0.2.1:4711", NOW, checks), a_mail())

    assert translate(payload, NOW).checks == checks
    assert translate(payload.replace(b'"SPF: pasa"', b"7"), NOW).checks == Checks(proven=True, summary="7")
    assert understood(a_mail()).checks is None
    older = payload.replace(b', "checks": {"proven": true, "summary": "SPF: pasa"}', b"")
    assert older != payload
    assert translate(older, NOW).checks is None
    with pytest.raises(CannotUnderstand):
        translate(payload.replace(b'{"proven": true, "summary": "SPF: pasa"}', b"[1]"), NOW)


def test_two_authors_without_a_comma_are_two() -> None:
    found = mailboxes(b"Ana Rojas <ana@example.org> Juan <juan@example.org>")

    assert [(box.address, box.name) for box in found] == [
        ("ana@example.org", "Ana Rojas"),
        ("juan@example.org", "Juan"),
    ]
    assert [box.address for box in mailboxes(b"ana@example.org <x@y> <juan@example.org>")] == [
        "juan@example.org"
    ]
