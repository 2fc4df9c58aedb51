"""Whether a sender is who they say: SPF, DKIM, DMARC and ARC, asked of a table instead of the DNS."""

from collections.abc import Sequence
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from cases.traffic import Checks
from intake.channels.mail.auth_results import statement
from intake.channels.mail.dmarc_check import aligned
from intake.channels.mail.dns import DnsFailed, Lookup
from intake.channels.mail.judge import Judge
from intake.channels.mail.listener import Reception
from intake.channels.mail.mime import split_head
from intake.channels.mail.proof import Handover, examined, reported
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.spf_check import spf_result
from intake.channels.mail.translate import translate
from tests.intake.channels.mail.keys import KEY, PUBLIC
from tests.intake.channels.mail.mails import CITIZEN, DESK, NOW, FakeDoors

THEIRS = "198.51.100.7"
OTHERS = "203.0.113.66"
KEYS = {
    ("s._domainkey.example.org", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    ("s._domainkey.example.net", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    ("s._domainkey.google.com", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC}"],
}
SPF = {("example.org", "TXT"): [f"v=spf1 ip4:{THEIRS} -all"]}
DMARC = {("_dmarc.example.org", "TXT"): ["v=DMARC1; p=none"]}

Table = dict[tuple[str, str], list[str]]


def dns(*tables: Table, failing: Sequence[str] = ()) -> Lookup:
    """Answer from tables; names that end in `failing` get no answer."""

    def lookup(name: str, kind: str) -> Sequence[str]:
        if any(name.endswith(one) for one in failing):
            raise DnsFailed("nada")
        return next((table[name, kind] for table in tables if (name, kind) in table), ())

    return lookup


def mail(sender: str = "Juan <juan@example.org>", body: str = "Hola") -> bytes:
    return f"From: {sender}\r\nTo: {DESK}\r\nSubject: Pago\r\nMessage-ID: <a@example.org>\r\n\r\n{body}\r\n".encode()


def signed(raw: bytes, domain: str = "example.org", **options: Any) -> bytes:
    found: bytes = dkim.sign(raw, b"s", domain.encode(), KEY.encode(), **options)
    return found + raw


def check(
    raw: bytes, lookup: Lookup, address: str = THEIRS, mail_from: str = CITIZEN, helo: str = "mx.example.org"
) -> Checks:
    return examined(raw, Handover(address, helo, mail_from), lookup, ("google.com",))


def test_what_passes_and_speaks_for_the_author_proves() -> None:
    found = check(signed(mail()), dns(SPF, DMARC, KEYS))

    assert found == Checks(
        True, "SPF: pasa (example.org); DKIM: pasa (example.org); DMARC: pasa; ARC: ninguno"
    )
    assert check(mail(), dns(SPF, DMARC)).proven is True
    assert check(mail(), dns(SPF)).proven is True
    assert check(signed(mail()), dns(KEYS)).proven is True
    assert check(signed(mail()), dns(KEYS, SPF), OTHERS).proven is True
    assert check(mail("juan@correo.example.org"), dns(SPF, DMARC)).proven is True


def test_a_failure_that_the_domain_meant_disproves() -> None:
    found = check(mail(), dns(SPF, DMARC), OTHERS)

    assert found == Checks(False, "SPF: falla; DKIM: ninguno; DMARC: falla; ARC: ninguno")
    assert check(mail(), dns(DMARC)).proven is False
    assert check(mail(), dns(SPF), OTHERS).proven is False
    assert check(mail(), dns(DMARC, KEYS), mail_from="x@example.net").proven is False
    other = {("example.net", "TXT"): [f"v=spf1 ip4:{OTHERS} -all"]}
    assert check(mail(), dns(SPF, DMARC, other), OTHERS, "ladron@example.net").proven is False
    assert check(signed(mail(), "example.net"), dns(SPF, DMARC, KEYS), OTHERS).proven is False
    changed = signed(mail()).replace(b"Hola", b"Pague")
    assert check(changed, dns(DMARC, KEYS), OTHERS).proven is False


def test_where_nothing_is_published_or_known_nobody_can_say() -> None:
    assert check(mail(), dns()) == Checks(None, "SPF: ninguno; DKIM: ninguno; DMARC: ninguno; ARC: ninguno")
    soft = {("example.org", "TXT"): ["v=spf1 ~all"]}
    assert check(mail(), dns(soft)).proven is None
    assert check(mail(), dns(failing=[""])).proven is None
    assert "sin respuesta" in check(mail(), dns(failing=[""])).summary
    assert check(signed(mail()), dns(SPF, DMARC, failing=["_domainkey.example.org"]), OTHERS).proven is None
    assert check(mail(), dns(SPF, failing=["_dmarc.example.org"]), OTHERS).proven is None
    assert check(b"Subject: x\r\n\r\nsin remitente\r\n", dns(SPF)).proven is None


@pytest.mark.parametrize(
    "field", ["juan@example.org, jefe@example.com", "juan@example.org\r\nFrom: jefe@example.com"]
)
def test_several_authors_are_never_proven(field: str) -> None:
    found = check(mail(field), dns(SPF, DMARC))

    assert found.proven is None
    assert found.summary.endswith("varios remitentes")


@pytest.mark.parametrize("options", [{"length": True}, {"include_headers": [b"from", b"to"]}])
def test_a_signature_must_cover_the_author_and_all_of_the_text(options: dict[str, Any]) -> None:
    found = check(signed(mail(), **options), dns(KEYS))

    assert found.proven is (True if "length" not in options else None)
    more = signed(mail(), length=True) + b"y esto lo puso otro\r\n"
    assert check(more, dns(KEYS, DMARC), OTHERS).proven is False


def test_strict_alignment_is_obeyed() -> None:
    strict = {("_dmarc.example.org", "TXT"): ["v=DMARC1; p=reject; aspf=s; adkim=s"]}
    author = mail("juan@correo.example.org")

    assert check(author, dns(SPF, strict)).proven is False
    assert check(mail(), dns(SPF, strict)).proven is True
    assert aligned("a.gob.bo", "b.gob.bo") is False
    assert aligned("x.example.bo", "example.bo") is True


def test_two_records_or_none_that_is_one_are_no_policy() -> None:
    for records in (["v=DMARC1; p=none", "v=DMARC1; p=reject"], ["v=DMARC10; p=reject"], ["v=spf1 -all"]):
        assert check(mail(), dns({("_dmarc.example.org", "TXT"): records})).proven is None


SEALS = b"""ARC-Seal: i=1; cv=none; a=rsa-sha256; d=google.com; s=s; t=1772547720;
 b=kyGt8lie2hDmlCmOMXnFQ5jhss1f+RoG+iPgf5x1lXnKTsNsqwoUguKwKqA/1O8kCH/UG
 vUlTVNbTVISfRCGIcj00LUdsXNhJ68+fpC5cyCc9Cfjb/rfdjGx8jGayj/przxXlbiZOB4h
 m/tgjI9KYnexyIdF+CKEG5ihMUjn8QM=
ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed;
 d=google.com; s=s; t=1772547720; h=from : to : subject;
 bh=JHxt86JddlBcBqs1Hkud/E5o8xPc2W/6qi1Zlv4fW7o=;
 b=kxKS+OgpxtZnArEVJqd5HfbJrw9eS2KixmjEnPZ3B2zlZCA0FMfugpkTVwkFHaSRNxZ7U
 XJtgYRg/yxlgGovfzXOxo7OGcGnmxJLZlHDFIohUuQmdbX8/6YK6PGfMMtXOi/yrWKCLWpS
 Gv1yEmBwsQYQHlFP6KSt+hkJmAh+M+Q=
ARC-Authentication-Results: i=1; mx.google.com;
 dmarc=pass header.from=example.org
""".replace(b"\n", b"\r\n")
"""What a server that passes `mail()` on puts in front of it, made with dkimpy and the test's key."""


def test_a_trusted_server_on_the_way_can_vouch_for_a_mail() -> None:
    lists = (DMARC, SPF, KEYS)
    found = check(SEALS + mail(), dns(*lists), OTHERS)

    assert found == Checks(None, "SPF: falla; DKIM: ninguno; DMARC: falla; ARC: pasa (de confianza)")
    stranger = examined(SEALS + mail(), Handover(OTHERS, "x", CITIZEN), dns(*lists), ("example.com",))
    assert stranger.proven is False
    changed = check(SEALS + mail(body="Pague"), dns(*lists), OTHERS)
    assert (changed.proven, changed.summary[-10:]) == (False, "ARC: falla")
    forged = SEALS.replace(b"dmarc=pass", b"dmarc=none") + mail()
    assert check(forged, dns(*lists), OTHERS).proven is False
    cut = SEALS[SEALS.index(b"ARC-Message") :] + mail()
    assert check(cut, dns(*lists), OTHERS).proven is False
    assert check(SEALS + mail(), dns(DMARC, SPF, failing=["google.com"]), OTHERS).proven is False


def test_the_results_of_a_server_in_front_are_read() -> None:
    found = statement(
        b'mx.example.bo (una "nota" (otra)) 1; dkim=pass (2048-bit key; x) header.d=Example.org header.i="@example.org";'
        b" spf=softfail smtp.mailfrom=juan@example.org; dmarc=fail (p=none dis=none) header.from=example.org; arc=none"
    )

    assert found.authserv == "mx.example.bo"
    assert [(one.method, one.value) for one in found.results] == [
        ("dkim", "pass"), ("spf", "softfail"), ("dmarc", "fail"), ("arc", "none"),
    ]  # fmt: skip
    assert found.results[0].properties == {"header.d": "example.org", "header.i": "@example.org"}
    assert statement(b"mx.example.bo; none").results == ()
    assert statement(b"").authserv == ""


RELAYED = [
    ("mx.example.bo; dmarc=pass header.from=example.org", True),
    ("mx.example.bo; dmarc=pass header.from=otro.example", None),
    ("mx.example.bo; dkim=pass header.d=example.org", True),
    ("mx.example.bo; dkim=pass header.i=@correo.example.org", True),
    ("mx.example.bo; dkim=pass header.d=otro.example", None),
    ("mx.example.bo; spf=pass smtp.mailfrom=juan@example.org", True),
    ("mx.example.bo; spf=fail smtp.mailfrom=juan@example.org", False),
    ("mx.example.bo; spf=hardfail smtp.mailfrom=juan@example.org", False),
    ("mx.example.bo; spf=softfail smtp.mailfrom=juan@example.org", None),
    ("mx.example.bo; dmarc=fail header.from=example.org", False),
    ("mx.example.bo; dmarc=fail header.from=example.org; arc=pass", None),
    ("mx.example.bo; none", None),
    ("otro.example; dmarc=pass header.from=example.org", None),
    ("mx.example.bo.evil.example; dmarc=pass header.from=example.org", None),
    ("otro.example; x=y; mx.example.bo; dmarc=pass header.from=example.org", None),
]


@pytest.mark.parametrize(("field", "proven"), RELAYED)
async def test_only_the_trusted_servers_word_is_taken(field: str, proven: bool | None) -> None:  # noqa: FBT001  # a result
    settings = MailSettings(mail_trusted_authserv="MX.example.bo")
    async with Judge(settings, lambda: dns(failing=[""])) as judge:
        found = judge.relayed(f"Authentication-Results: {field}\r\n".encode() + mail())

    assert found is not None
    assert found.proven is proven


async def test_a_forged_result_below_the_trusted_one_is_not_believed() -> None:
    raw = (
        b"Authentication-Results: mx.example.bo; dmarc=fail header.from=example.org\r\nReceived: from x\r\n"
        b"Authentication-Results: mx.example.bo; dmarc=pass header.from=example.org\r\n" + mail()
    )
    async with Judge(MailSettings(mail_trusted_authserv="mx.example.bo")) as judge:
        found = judge.relayed(raw)

    assert found is not None
    assert found.proven is False


def test_the_pass_of_another_author_is_not_taken_over() -> None:
    fields, _ = split_head(mail("jefe@example.com"))

    assert reported(statement(b"mx; dmarc=pass header.from=example.org"), fields).proven is None


async def test_who_is_asked_depends_on_who_hands_over() -> None:
    forged = b"Authentication-Results: mx.example.bo; dmarc=pass header.from=example.org\r\n" + mail()
    chosen = MailSettings(mail_trusted_authserv="mx.example.bo", mail_relays="203.0.113.0/28, 2001:db8::5")
    async with Judge(chosen, lambda: dns(SPF, DMARC)) as judge:
        stranger = await judge.judge(forged, Handover(OTHERS, "x", CITIZEN))
        relay = await judge.judge(forged, Handover("203.0.113.5", "x", CITIZEN))
        near = await judge.judge(forged, Handover("::ffff:127.0.0.1", "x", CITIZEN))
        silent = await judge.judge(mail(), Handover("10.0.0.5", "x", CITIZEN))
    async with Judge(MailSettings(mail_check_senders=False)) as judge:
        off = await judge.judge(forged, Handover(OTHERS, "x", CITIZEN))

    assert [one and one.proven for one in (stranger, relay, near, silent, off)] == [
        False,
        True,
        True,
        None,
        None,
    ]


async def test_a_lookup_that_breaks_loses_no_mail() -> None:
    def broken(_name: str, _kind: str) -> Sequence[str]:
        raise RuntimeError("otra cosa")

    async with Judge(MailSettings(), lambda: broken) as judge:
        found = await judge.judge(mail(), Handover(OTHERS, "x", CITIZEN))

    assert found is not None
    assert found.proven is None


@pytest.mark.parametrize("relays", ["10.0.0.0/99", "servidor"])
def test_relays_that_are_no_networks_stop_the_start(relays: str) -> None:
    with pytest.raises(ValueError, match="VENTANILLA_MAIL_RELAYS"):
        Judge(MailSettings(mail_relays=relays))


RECORDS = [
    ("v=spf1 ip4:198.51.100.0/24 -all", "pass"),
    ("v=spf1 a -all", "pass"),
    ("v=spf1 mx ~all", "pass"),
    ("v=spf1 include:_spf.example.net -all", "pass"),
    ("v=spf1 redirect=_spf.example.net", "pass"),
    ("v=spf1 exists:%{i}.lista.example.net -all", "pass"),
    ("v=spf1 ip6:2001:db8::/32 ?all", "neutral"),
    ("v=spf1 include:nada.example.net -all", "permerror"),
    ("v=spf1 ip4:198.51.100.999 -all", "permerror"),
    ("v=spf1 " + "a:vacio.example.net " * 4 + "-all", "permerror"),
    ("v=spf1 include:caido.example.net -all", "temperror"),
    ("texto", "none"),
]


@pytest.mark.parametrize(("record", "result"), RECORDS)
def test_spf_is_evaluated(record: str, result: str) -> None:
    table = {
        ("example.org", "TXT"): [record],
        ("example.org", "A"): [THEIRS],
        ("example.org", "MX"): ["10 mx.example.org."],
        ("mx.example.org", "A"): [THEIRS],
        ("_spf.example.net", "TXT"): [f"v=spf1 ip4:{THEIRS} -all"],
        (f"{THEIRS}.lista.example.net", "A"): ["127.0.0.2"],
    }
    assert spf_result(THEIRS, CITIZEN, "x", dns(table, failing=["caido.example.net"])) == (
        result,
        "example.org",
    )


def test_a_null_sender_is_checked_by_its_greeting() -> None:
    helo = {("mx.example.org", "TXT"): [f"v=spf1 ip4:{THEIRS} -all"]}

    assert spf_result(THEIRS, "", "mx.example.org", dns(helo)) == ("pass", "mx.example.org")
    assert spf_result(THEIRS, "", "[198.51.100.7]", dns(helo)) == ("none", "")
    assert spf_result("2001:db8::1", "", "mx.example.org", dns(helo))[0] == "fail"


async def test_what_is_found_is_sealed_with_the_mail() -> None:
    doors = FakeDoors()
    async with Judge(MailSettings(), lambda: dns(SPF, DMARC)) as judge:
        reception = Reception(doors, judge, DESK, 120)
        for peer in (THEIRS, OTHERS):
            session, transaction = Session(None), Transaction()
            session.peer, session.host_name = (peer, 4711), "mx.example.org"
            transaction.mail_from, transaction.rcpt_tos = CITIZEN, [DESK]
            transaction.original_content = mail(body=peer)
            said = await reception.handle_DATA(SMTP(reception), session, transaction)
            assert said.startswith("250")

    found = [translate(arrival.payload, NOW).checks for arrival in doors.arrivals]
    assert [one and one.proven for one in found] == [True, False]
