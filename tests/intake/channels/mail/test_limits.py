"""What the listener asks of those who connect: not too much at once, not too much in an hour, TLS where offered."""

import asyncio
import smtplib
import ssl
from datetime import timedelta
from pathlib import Path

import aiosmtplib
import pytest
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Transaction

from intake.channels.mail.adapter import open_mail
from intake.channels.mail.judge import Judge
from intake.channels.mail.limits import KNOWN, Hourly
from intake.channels.mail.listener import Lobby, Reception, listen
from intake.channels.mail.settings import MailSettings
from tests.intake.channels.mail.mails import CITIZEN, DESK, NOW, FakeDoors, a_mail

PEM = Path(__file__).with_name("smarthost.pem")
STRANGER = "203.0.113.66"


def settings(**changes: object) -> MailSettings:
    return MailSettings.model_validate({"smtp_port": 0, "mail_address": DESK} | changes)


async def hand_over(reception: Reception, sender: str, peer: str, number: int) -> str:
    """Hand one mail over from a machine somewhere."""
    session, transaction = Session(None), Transaction()
    session.peer, session.host_name = (peer, 4711), "x"
    said = await reception.handle_MAIL(SMTP(reception), session, transaction, sender, [])
    if not said.startswith("250"):
        return said
    transaction.rcpt_tos = [DESK]
    transaction.original_content = a_mail().replace(b"<a@", f"<{number}@".encode())
    return await reception.handle_DATA(SMTP(reception), session, transaction)


async def test_a_sender_gets_so_many_mails_in_an_hour_and_is_asked_to_come_later() -> None:
    doors = FakeDoors()
    async with Judge(settings(mail_check_senders=False)) as judge:
        reception = Reception(doors, judge, DESK, 3)
        said = [await hand_over(reception, CITIZEN, STRANGER, number) for number in range(4)]
        other = await hand_over(reception, "ana@example.org", STRANGER, 5)
        elsewhere = await hand_over(reception, CITIZEN.upper(), "203.0.113.67", 6)
        doors.moment = NOW + timedelta(minutes=60, seconds=1)
        later = await hand_over(reception, CITIZEN, STRANGER, 7)

    assert [one[:9] for one in said] == ["250 2.6.0"] * 3 + ["450 4.7.1"]
    assert [one[:3] for one in (other, elsewhere, later)] == ["250"] * 3
    assert len(doors.arrivals) == 6


async def test_one_machine_cannot_take_the_place_of_many_senders() -> None:
    async with Judge(settings(mail_check_senders=False)) as judge:
        reception = Reception(FakeDoors(), judge, DESK, 1)
        said = [await hand_over(reception, f"{number}@example.org", STRANGER, number) for number in range(11)]

    assert [one[:3] for one in said] == ["250"] * 10 + ["450"]


@pytest.mark.parametrize(
    ("sender", "peer"), [("<>", STRANGER), (CITIZEN, "127.0.0.1"), (CITIZEN, "192.168.3.4"), (CITIZEN, "")]
)
async def test_reports_and_ones_own_servers_are_not_limited(sender: str, peer: str) -> None:
    async with Judge(settings(mail_check_senders=False)) as judge:
        reception = Reception(FakeDoors(), judge, DESK, 1)
        said = [await hand_over(reception, sender, peer, number) for number in range(3)]

    assert [one[:3] for one in said] == ["250"] * 3


async def test_a_mail_that_was_not_kept_does_not_count() -> None:
    doors = FakeDoors(broken=OSError("disk full"))
    async with Judge(settings(mail_check_senders=False)) as judge:
        reception = Reception(doors, judge, DESK, 1)
        first = await hand_over(reception, CITIZEN, STRANGER, 1)
        doors.broken = None
        again = await hand_over(reception, CITIZEN, STRANGER, 1)

    assert (first[:3], again[:3]) == ("451", "250")


def test_a_flood_of_names_costs_no_memory() -> None:
    counted = Hourly(1)
    for number in range(KNOWN + 5):
        counted.note(str(number), NOW)

    assert not counted.is_full("0", NOW)
    assert counted.is_full(str(KNOWN), NOW)


async def test_too_many_connections_are_asked_to_come_later() -> None:
    chosen = settings()
    async with Judge(chosen) as judge, listen(chosen, FakeDoors(), judge, most=2) as port:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        assert [(await reader.readline())[:3] for reader, _ in opened] == [b"220", b"220"]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        refused = await reader.read()
        writer.close()
        opened[0][1].write(b"QUIT\r\n")
        await opened[0][0].read()
        again, last = await asyncio.open_connection("127.0.0.1", port)
        greeted = await again.readline()
        for one in (*(writer for _, writer in opened), last):
            one.close()

    assert refused == b"421 4.3.2 Too many connections, try again later\r\n"
    assert greeted.startswith(b"220")


async def test_one_machine_may_not_take_all_connections() -> None:
    class Door:
        def __init__(self, peer: str) -> None:
            self.session = Session(None)
            self.session.peer = (peer, 1)

    async with Judge(settings()) as judge:
        lobby = Lobby(judge)
        entered = [lobby.enters(Door(STRANGER)) for _ in range(21)]  # type: ignore[arg-type]  # only its session is asked
        near = [lobby.enters(Door("127.0.0.1")) for _ in range(21)]  # type: ignore[arg-type]  # likewise

    assert entered == [True] * 20 + [False]
    assert all(near)


async def test_connections_are_encrypted_where_a_certificate_is_set() -> None:
    doors = FakeDoors()
    trusting = ssl.create_default_context(cafile=str(PEM))
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE

    def run(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.ehlo()
            assert client.has_extn("starttls")
            client.starttls(context=trusting)
            client.ehlo()
            assert not client.has_extn("starttls")
            assert client.has_extn("pipelining")
            client.sendmail(CITIZEN, [DESK], a_mail())

    async with open_mail(settings(smtp_tls_cert=str(PEM), smtp_tls_key=str(PEM)), doors) as mail:
        await asyncio.to_thread(run, mail.port)
    async with open_mail(settings(), doors) as mail:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=mail.port, start_tls=False)
        async with client:
            assert not client.supports_extension("starttls")

    assert len(doors.arrivals) == 1


async def test_commands_sent_before_tls_are_not_obeyed_after_it() -> None:
    async with open_mail(settings(smtp_tls_cert=str(PEM)), FakeDoors()) as mail:
        reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
        await reader.readline()
        writer.write(b"EHLO x\r\n")
        while (await reader.readline()).startswith(b"250-"):
            pass
        writer.write(b"STARTTLS\r\nMAIL FROM:<ladron@example.org>\r\n")
        assert (await reader.readline()).startswith(b"220")
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        await writer.start_tls(context)
        writer.write(b"EHLO x\r\nRCPT TO:<" + DESK.encode() + b">\r\nQUIT\r\n")
        replies = (await reader.read()).split(b"\r\n")
        writer.close()

    assert not any(line.startswith(b"250 2.1") for line in replies)
    assert any(line.startswith(b"503") for line in replies)


@pytest.mark.parametrize("change", [{"smtp_tls_key": str(PEM)}, {"smtp_tls_cert": __file__}])
async def test_a_certificate_that_is_none_stops_the_start(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="VENTANILLA_SMTP_TLS"):
        async with open_mail(settings(**change), FakeDoors()):
            pass


@pytest.mark.parametrize("lmtp", [False, True])
async def test_a_thousand_mails_over_sixteen_connections_are_a_thousand(lmtp: bool) -> None:  # noqa: FBT001  # a setting
    doors = FakeDoors()
    hello = b"LHLO x\r\n" if lmtp else b"EHLO x\r\n"
    async with open_mail(settings(smtp_lmtp=lmtp, mail_per_hour=1), doors) as mail:

        async def client(numbers: range) -> list[bytes]:
            reader, writer = await asyncio.open_connection("127.0.0.1", mail.port)
            await reader.readline()
            writer.write(hello)
            while (await reader.readline()).startswith(b"250-"):
                pass
            said = []
            for number in numbers:
                raw = a_mail("x\n").replace(b"<a@", f"<{number}@".encode())
                writer.write(
                    f"MAIL FROM:<{CITIZEN}>\r\nRCPT TO:<{DESK}>\r\nDATA\r\n".encode() + raw + b".\r\n"
                )
                said += [await reader.readline() for _ in range(4)]
            writer.write(b"QUIT\r\n")
            await reader.read()
            writer.close()
            return said[3::4]

        said = await asyncio.gather(*(client(range(start, 1000, 16)) for start in range(16)))

    assert [line for lines in said for line in lines] == [b"250 2.6.0 Message stored\r\n"] * 1000
    assert len({arrival.provider_id for arrival in doors.arrivals}) == 1000
