"""The doors: mails in over SMTP and LMTP, answers out through a smarthost."""

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TypeVar

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from intake.channels.channel import Later, Refusal, Unknown
from intake.channels.mail.adapter import MailAdapter, open_mail
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.smarthost import read_address
from tests.intake.channels.mail.mails import CITIZEN, DESK, FakeDoors, Sink, a_mail, a_parcel, a_smarthost

T = TypeVar("T")


def settings(**changes: object) -> MailSettings:
    return MailSettings.model_validate({"smtp_port": 0, "mail_address": DESK} | changes)


async def talk(port: int, what: Callable[[smtplib.SMTP], T]) -> T:
    """Run a blocking client against the listener."""

    def run() -> T:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            return what(client)

    return await asyncio.to_thread(run)


async def post(
    port: int, raw: bytes, sender: str = CITIZEN, recipient: str = DESK
) -> dict[str, tuple[int, bytes]]:
    """Send one mail as any program would."""
    return await talk(port, lambda client: client.sendmail(sender, [recipient], raw))


async def converse(port: int, *lines: bytes) -> list[bytes]:
    """Send raw lines at once, say QUIT, and return every reply line."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\r\n".join((*lines, b"QUIT", b"")))
    replies = (await reader.read()).split(b"\r\n")
    writer.close()
    await writer.wait_closed()
    return replies[:-1]


async def test_a_mail_is_acknowledged_once_it_is_kept() -> None:
    doors = FakeDoors()
    async with open_mail(settings(), doors) as mail:
        refused = await post(mail.port, a_mail("..\n.\nfin\n"))

    (arrival,) = doors.arrivals
    assert refused == {}
    assert arrival.sender == CITIZEN
    assert arrival.provider_id.startswith("<a@example.org>:")
    assert arrival.payload.endswith(b"\r\n\r\n..\r\n.\r\nfin\r\n")


async def test_a_mail_that_cannot_be_kept_is_asked_for_again_and_then_kept() -> None:
    doors = FakeDoors(broken=OSError("disk full"))
    async with open_mail(settings(), doors) as mail:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await post(mail.port, a_mail())
        doors.broken = None
        await post(mail.port, a_mail())

    assert refused.value.smtp_code == 451
    assert len(doors.arrivals) == 1


async def test_the_same_mail_twice_is_one_although_relays_add_fields() -> None:
    doors = FakeDoors()
    async with open_mail(settings(), doors) as mail:
        for mark in (b"Received: from a\r\n", b"Received: from b\r\nX-Spam: no\r\n", b""):
            await post(mail.port, mark + a_mail())

    assert len(doors.arrivals) == 1


async def test_a_reused_message_id_and_mails_without_one_are_kept_each() -> None:
    doors = FakeDoors()
    bare = b"From: a@example.org\r\n\r\n"
    async with open_mail(settings(), doors) as mail:
        for raw in (a_mail("uno"), a_mail("dos"), bare + b"x\r\n", bare + b"y\r\n", bare + b"y\r\n"):
            await post(mail.port, raw)

    assert len(doors.arrivals) == 5


async def test_a_relayed_mail_without_message_id_is_one_when_it_comes_again() -> None:
    doors = FakeDoors()
    raw = b"Received: by mx (Postfix) id ABC\r\nFrom: a@example.org\r\n\r\nx\r\n"
    async with open_mail(settings(), doors) as mail:
        for _ in range(2):
            await post(mail.port, raw)

    assert len(doors.arrivals) == 1


@pytest.mark.parametrize(
    ("recipient", "code"),
    [(DESK, 250), ("SOPORTE@Example.BO", 250), ("soporte+abc@example.bo", 250), ("otra@example.bo", 550),
     ("soporte@example.org", 550), ("soporte@example.bo@evil.example", 553), ("soporte%example.bo@evil.example", 550)],
)  # fmt: skip
async def test_only_the_desks_own_addresses_are_taken(recipient: str, code: int) -> None:
    async with open_mail(settings(), FakeDoors()) as mail:
        replies = await converse(
            mail.port, b"EHLO x", b"MAIL FROM:<>", b"RCPT TO:<" + recipient.encode() + b">"
        )

    assert replies[-2].startswith(str(code).encode())


async def test_without_an_own_address_any_is_taken() -> None:
    async with open_mail(settings(mail_address=None), FakeDoors()) as mail:
        refused = await post(mail.port, a_mail(), recipient="quien@donde.bo")

    assert refused == {}


async def test_the_size_is_announced_and_enforced_and_the_next_mail_passes() -> None:
    doors = FakeDoors()
    async with open_mail(settings(mail_max_size=2000), doors) as mail:
        long = a_mail("x" * 500 + "\n" + ("y" * 900 + "\n") * 3)

        def run(client: smtplib.SMTP) -> tuple[int, int, int]:
            client.ehlo()
            announced = client.esmtp_features
            assert announced["size"] == "2000"
            assert "pipelining" in announced
            assert "smtputf8" in announced
            declared = client.mail(CITIZEN, ["SIZE=2001"])[0]
            client.rset()
            client.mail(CITIZEN)
            client.rcpt(DESK)
            found = client.data(long)[0]
            client.sendmail(CITIZEN, [DESK], a_mail())
            return declared, found, len(doors.arrivals)

        declared, found, kept = await talk(mail.port, run)

    assert (declared, found, kept) == (552, 552, 1)


async def test_lines_longer_than_allowed_and_the_null_sender_are_taken() -> None:
    doors = FakeDoors()
    async with open_mail(settings(), doors) as mail:
        await post(mail.port, a_mail("z" * 200_000, sender=""), sender="")

    assert doors.arrivals[0].payload.startswith(b'{"mail_from": "",')


async def test_commands_may_be_pipelined_and_addresses_international() -> None:
    doors = FakeDoors()
    async with open_mail(settings(), doors) as mail:
        replies = await converse(
            mail.port, b"EHLO x", "MAIL FROM:<josé@ejemplo.bo> SMTPUTF8".encode(), b"RCPT TO:<" + DESK.encode() + b">",
            b"DATA", b"From: =?utf-8?q?jos=C3=A9?= <a@b.bo>", b"", b"hola", b".",
        )  # fmt: skip

    assert replies[-2] == b"250 2.6.0 Message stored"
    assert "josé@ejemplo.bo" in doors.arrivals[0].payload.split(b"\n")[0].decode("unicode_escape")


async def test_lmtp_answers_once_for_each_recipient() -> None:
    doors = FakeDoors()
    to = [b"RCPT TO:<" + DESK.encode() + b">", b"RCPT TO:<x@y.example>", b"RCPT TO:<soporte+1@example.bo>"]
    async with open_mail(settings(smtp_lmtp=True), doors) as mail:
        replies = await converse(
            mail.port, b"LHLO x", b"MAIL FROM:<>", *to, b"DATA", b"From: a@b.bo", b"", b"x", b"."
        )
        doors.broken = OSError("no")
        later = await converse(
            mail.port, b"LHLO x", b"MAIL FROM:<>", *to, b"DATA", b"From: a@b.bo", b"", b"y", b"."
        )
        helo = await converse(mail.port, b"EHLO x")

    assert replies[-4:-1] == [b"354 End data with <CR><LF>.<CR><LF>", *[b"250 2.6.0 Message stored"] * 2]
    assert [line[:3] for line in later[-4:-1]] == [b"354", b"451", b"451"]
    assert helo[1].startswith(b"500")
    assert len(doors.arrivals) == 1


async def test_many_connections_at_once_lose_nothing() -> None:
    doors = FakeDoors()
    async with open_mail(settings(), doors) as mail:

        async def client(number: int) -> None:
            smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=mail.port)
            async with smtp:
                for turn in range(10):
                    raw = a_mail("x").replace(b"<a@", f"<{number}-{turn}@".encode())
                    await smtp.sendmail(CITIZEN, [DESK], raw)

        await asyncio.gather(*map(client, range(16)))

    assert len(doors.arrivals) == 160


async def test_an_answer_goes_out_in_its_thread() -> None:
    async with (
        a_smarthost(Sink()) as sink,
        open_mail(settings(mail_smarthost=f"smtp://127.0.0.1:{sink.port}"), FakeDoors()) as mail,
    ):
        name = await mail.send(a_parcel())
        again = await mail.send(a_parcel(attempts=1))

    sent = message_from_bytes(sink.mails[0], policy=default)
    assert (sent["Message-ID"], sent["In-Reply-To"]) == (name, "<a@example.org>")
    assert (sink.envelopes[0].mail_from, sink.envelopes[0].rcpt_tos) == (DESK, [CITIZEN])
    assert again == name
    assert sink.connections == 1


async def test_answers_at_once_and_after_a_closed_connection_arrive() -> None:
    async with (
        a_smarthost(Sink()) as sink,
        open_mail(settings(mail_smarthost=f"smtp://127.0.0.1:{sink.port}"), FakeDoors()) as mail,
    ):
        await asyncio.gather(*(mail.send(a_parcel(delivery=number)) for number in range(8)))
        sink.hang_up()
        await mail.send(a_parcel(delivery=9))

    assert len(sink.mails) == 9


FAULTS = [
    ("RCPT", "550 5.1.1 No such user", Refusal, "550 5.1.1 No such user"),
    ("RCPT", "451 4.7.1 Greylisted", Later, "451 4.7.1 Greylisted"),
    ("MAIL", "553 5.1.8 Bad sender", Refusal, "553"),
    ("DATA", "552 5.3.4 Too big", Refusal, "552"),
    ("DATA", "452 4.3.1 Disk full", Later, "452"),
    ("MAIL", "421 4.3.2 Going down", Later, "421"),
]


@pytest.mark.parametrize(("command", "answer", "kind", "words"), FAULTS)
async def test_the_servers_answer_decides(
    command: str, answer: str, kind: type[Exception], words: str
) -> None:
    async with (
        a_smarthost(Sink(answers={command: answer})) as sink,
        open_mail(settings(mail_smarthost=f"smtp://127.0.0.1:{sink.port}"), FakeDoors()) as mail,
    ):
        with pytest.raises(kind, match=words):
            await mail.send(a_parcel())
        sink.answers.clear()
        assert await mail.send(a_parcel())


@pytest.mark.parametrize(("command", "kind"), [("MAIL", Later), ("RCPT", Later), ("DATA", Unknown)])
async def test_a_connection_that_breaks_after_the_data_may_have_sent(
    command: str, kind: type[Exception]
) -> None:
    async with (
        a_smarthost(Sink(hang_up_at=command)) as sink,
        open_mail(settings(mail_smarthost=f"smtp://127.0.0.1:{sink.port}"), FakeDoors()) as mail,
    ):
        with pytest.raises(kind):
            await mail.send(a_parcel())


async def test_the_way_out_is_encrypted_when_offered_and_logs_in() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).with_name("smarthost.pem"))
    logins: list[LoginPassword] = []

    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
    ) -> AuthResult:
        logins.append(login)
        return AuthResult(success=login.password == b"cla:ve", handled=False)

    async with a_smarthost(Sink(), tls_context=tls, require_starttls=True, authenticator=check) as sink:
        for password, user in (("cla%3Ave", "mesa%40example.bo"), ("otra", "mesa")):
            url = f"smtp://{user}:{password}@127.0.0.1:{sink.port}"
            async with open_mail(settings(mail_smarthost=url), FakeDoors()) as mail:
                if password == "otra":
                    with pytest.raises(Later, match=r"5\.7\.8"):
                        await mail.send(a_parcel())
                else:
                    await mail.send(a_parcel())

    assert logins[0] == LoginPassword(b"mesa@example.bo", b"cla:ve")
    assert len(sink.mails) == 1


def test_a_certificate_must_be_good_where_a_password_goes_over_the_net() -> None:
    verified = {url: read_address(url).is_verified for url in (
        "smtp://relay.example", "smtp://u:p@relay.example", "smtps://relay.example", "smtps://u:p@localhost:465"
    )}  # fmt: skip
    assert list(verified.values()) == [False, True, True, False]
    assert [read_address(url).port for url in verified] == [25, 587, 465, 465]


async def test_a_smarthost_that_is_away_is_tried_later_and_none_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    async with open_mail(settings(mail_smarthost=f"smtp://127.0.0.1:{closed}"), FakeDoors()) as mail:
        with pytest.raises(Later, match="no recibe"):
            await mail.send(a_parcel())
    async with open_mail(settings(), FakeDoors()) as mail:
        with pytest.raises(Refusal, match="VENTANILLA_MAIL_SMARTHOST"):
            await mail.send(a_parcel())
        with pytest.raises(Unknown):
            await mail.find(a_parcel(), FakeDoors().now())
        assert mail.routes() == ()


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smarthost.example"])
async def test_a_smarthost_that_is_no_address_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="VENTANILLA_MAIL_SMARTHOST"):
        async with open_mail(settings(mail_smarthost=url), FakeDoors()):
            pass


async def test_open_connections_do_not_hold_up_the_end() -> None:
    async with open_mail(settings(), FakeDoors()) as mail:
        assert isinstance(mail, MailAdapter)
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        await reader.readline()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
