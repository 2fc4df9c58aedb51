"""A mailbox elsewhere: each mail is kept once, in its order, whatever breaks, and nothing changes there before it is kept."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from intake.channels.mail.adapter import open_mail
from intake.channels.mail.imap import Mailbox, MailboxFailed, quoted, read_mailbox
from intake.channels.mail.judge import Judge
from intake.channels.mail.polling import Poller
from intake.channels.mail.settings import MailSettings
from intake.channels.mail.translate import translate
from intake.channels.simulated.imap import ImapFault, ImapTwin
from tests.intake.channels.mail.mails import DESK, NOW, FakeDoors, a_mail

SEEN = r"\Seen"
NAME = "imap:soporte@example.bo@127.0.0.1/INBOX"


def numbered(number: int) -> bytes:
    return a_mail(f"mensaje {number}").replace(b"<a@", f"<{number}@".encode())


def settings(**changes: object) -> MailSettings:
    return MailSettings.model_validate({"smtp_port": 0, "mail_address": DESK} | changes)


def url(twin: ImapTwin, word: str = "clave", folder: str = "") -> str:
    return f"imap://soporte%40example.bo:{word}@127.0.0.1:{twin.port}/{folder}"


class Pauses:
    """Stands in for waiting: lets everybody else go on and says how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def reading(
    twin: ImapTwin,
    doors: FakeDoors,
    pause: Callable[[float], Awaitable[None]] | None = None,
    **changes: object,
) -> AsyncIterator[None]:
    """Read the twin's mailbox while the context is open."""
    chosen = settings(**changes)
    async with Judge(chosen) as judge:
        poller = Poller(read_mailbox(url(twin)), chosen, doors, judge, pause or Pauses())
        task = asyncio.create_task(poller.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def texts(doors: FakeDoors) -> list[str]:
    return [translate(arrival.payload, NOW).text for arrival in doors.arrivals]


def mark(doors: FakeDoors, validity: int, uid: int) -> Callable[[], bool]:
    return lambda: doors.bookmarks.get(NAME) == f"{validity}:{uid}"


@pytest.mark.parametrize("idles", [True, False])
async def test_mails_are_kept_and_then_marked_as_seen(idles: bool) -> None:  # noqa: FBT001  # what the server can
    doors = FakeDoors()
    async with ImapTwin(idles=idles).listening() as twin:
        twin.put(numbered(1))
        async with reading(twin, doors):
            await doors.until(mark(doors, 1, 1))
            twin.put(numbered(2))
            twin.put(numbered(3))
            await doors.until(mark(doors, 1, 3))

    assert texts(doors) == ["mensaje 1", "mensaje 2", "mensaje 3"]
    assert all(kept.flags == {SEEN} for kept in twin.mails.values())
    assert twin.connections == 1


async def test_the_service_reads_the_mailbox_that_is_set() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1))
        async with open_mail(settings(mail_imap_url=url(twin)), doors):
            await doors.until(mark(doors, 1, 1))
        doors.listens = False
        async with open_mail(settings(mail_imap_url=url(twin)), doors):
            pass

    assert texts(doors) == ["mensaje 1"]
    assert twin.connections == 1


async def test_the_mailbox_may_be_reached_over_tls() -> None:
    doors = FakeDoors(bookmarks={NAME: "1:0"})
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).with_name("smarthost.pem"))
    async with ImapTwin().listening(tls=tls) as twin:
        chosen = settings(mail_imap_url=url(twin).replace("imap:", "imaps:"))
        async with open_mail(chosen, doors):
            for number in (1, 2, 3):
                twin.put(numbered(number))
                await doors.until(mark(doors, 1, number))

    assert texts(doors) == ["mensaje 1", "mensaje 2", "mensaje 3"]
    assert twin.connections == 1


async def test_mails_may_be_deleted_once_they_are_kept() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1), r"\Seen", r"\Deleted")
        twin.put(numbered(2))
        async with reading(twin, doors, mail_imap_after="delete"):
            await doors.until(mark(doors, 1, 2))

    assert texts(doors) == ["mensaje 2"]
    assert list(twin.mails) == [1]


async def test_at_first_only_what_nobody_has_read_is_taken_and_later_everything() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1), SEEN)
        twin.put(numbered(2))
        twin.put(numbered(3), SEEN)
        async with reading(twin, doors):
            await doors.until(mark(doors, 1, 3))
            twin.put(numbered(4), SEEN)
            await doors.until(mark(doors, 1, 4))

    assert texts(doors) == ["mensaje 2", "mensaje 4"]


async def test_nothing_is_read_again_after_a_restart() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        for number in (1, 2):
            twin.put(numbered(number))
            async with reading(twin, doors):
                await doors.until(mark(doors, 1, number))

    assert texts(doors) == ["mensaje 1", "mensaje 2"]
    assert twin.commands.count("FETCH") == 4


async def test_a_mail_that_cannot_be_kept_stays_as_it_is_and_is_kept_later() -> None:
    doors = FakeDoors(broken=OSError("disk full"))
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1))

        async def pause(_seconds: float) -> None:
            assert twin.mails[1].flags == set()
            assert doors.bookmarks == {}
            doors.broken = None
            await asyncio.sleep(0)

        async with reading(twin, doors, pause):
            await doors.until(mark(doors, 1, 1))

    assert texts(doors) == ["mensaje 1"]
    assert twin.mails[1].flags == {SEEN}


FAULTS = [
    ("AUTHENTICATE", ImapFault.REFUSED), ("SELECT", ImapFault.RESET), ("SELECT", ImapFault.REFUSED), ("SEARCH", ImapFault.CUT),
    ("SEARCH", ImapFault.GARBAGE), ("SEARCH", ImapFault.REFUSED), ("FETCH", ImapFault.RESET), ("FETCH", ImapFault.CUT),
    ("FETCH", ImapFault.GARBAGE), ("STORE", ImapFault.RESET), ("STORE", ImapFault.CUT), ("STORE", ImapFault.REFUSED),
    ("STORE", ImapFault.GARBAGE), ("IDLE", ImapFault.RESET), ("IDLE", ImapFault.REFUSED), ("IDLE", ImapFault.GARBAGE),
]  # fmt: skip


@pytest.mark.parametrize(("command", "fault"), FAULTS)
async def test_whatever_breaks_each_mail_is_kept_once(command: str, fault: ImapFault) -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        doors.bookmarks[NAME] = "1:0"
        for number in (1, 2, 3):
            twin.put(numbered(number))
        twin.fail(command, fault)
        async with reading(twin, doors):
            await doors.until(mark(doors, 1, 3))
            twin.put(numbered(4))
            await doors.until(mark(doors, 1, 4))

    assert texts(doors) == [f"mensaje {number}" for number in (1, 2, 3, 4)]
    assert doors.quarantined == []


async def test_a_mail_that_the_server_does_not_give_never_holds_up_the_next() -> None:
    doors = FakeDoors(bookmarks={NAME: "1:0"})
    async with ImapTwin().listening() as twin:
        for number in (1, 2, 3):
            twin.put(numbered(number))
        twin.fail("FETCH", ImapFault.REFUSED, *[ImapFault.RESET] * 3)
        async with reading(twin, doors):
            await doors.until(mark(doors, 1, 3))

    assert texts(doors) == ["mensaje 3"]
    assert [reason for reason, _, _ in doors.quarantined] == ["unreadable"] * 2
    assert ["UID 1" in doors.quarantined[0][1], "UID 2" in doors.quarantined[1][1]] == [True, True]
    assert twin.mails[1].flags == set()


async def test_a_mail_that_is_too_large_stays_and_is_noted() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1), size=30_000_000)
        twin.put(numbered(2))
        async with reading(twin, doors, mail_imap_after="delete"):
            await doors.until(mark(doors, 1, 2))

    ((reason, detail, payload),) = doors.quarantined
    assert reason == "oversize"
    assert "28,6 MB" in detail
    assert translate(payload, NOW).sender == "juan@example.org"
    assert texts(doors) == ["mensaje 2"]
    assert list(twin.mails) == [1]


async def test_a_mailbox_that_is_numbered_anew_loses_and_doubles_nothing() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin:
        for number in (1, 2):
            twin.put(numbered(number))
        twin.put(b"From: sin@example.org\r\n\r\nsin nombre\r\n")
        async with reading(twin, doors):
            await doors.until(mark(doors, 1, 3))
            del twin.mails[1]
            twin.put(numbered(4))
            await doors.until(mark(doors, 1, 4))
            twin.renumber()
            twin.put(numbered(5))
            await doors.until(mark(doors, 2, 4))

    assert texts(doors) == ["mensaje 1", "mensaje 2", "sin nombre", "mensaje 4", "mensaje 5"]


async def test_a_server_that_is_away_is_tried_ever_less_often() -> None:
    doors = FakeDoors()
    pauses = Pauses()
    async with ImapTwin().listening() as twin:
        twin.put(numbered(1))
        twin.fail("SELECT", *[ImapFault.RESET] * 10)
        async with reading(twin, doors, pauses):
            await doors.until(mark(doors, 1, 1))

    assert pauses.seconds[:10] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


async def test_the_envelope_is_what_the_mailbox_says() -> None:
    doors = FakeDoors()
    bounce = b"Return-Path: <>\r\nFrom: x@example.org\r\n\r\nhola"
    checked = (
        b"Return-Path: <j@example.org>\r\nAuthentication-Results: mx; dmarc=pass header.from=example.org\r\n"
        + numbered(2)
    )
    async with ImapTwin().listening() as twin:
        for raw in (bounce, checked, numbered(3)):
            twin.put(raw)
        async with reading(twin, doors, mail_trusted_authserv="mx"):
            await doors.until(mark(doors, 1, 3))

    found = [translate(arrival.payload, NOW) for arrival in doors.arrivals]
    assert [one.automatic for one in found] == [True, False, False]
    assert [one.checks and one.checks.proven for one in found] == [None, True, None]
    assert {one.recipient for one in found} == {DESK}


async def test_the_end_does_not_wait_for_the_mailbox() -> None:
    doors = FakeDoors()
    async with ImapTwin().listening() as twin, asyncio.timeout(5), reading(twin, doors):
        await doors.until(mark(doors, 1, 0))


async def test_a_wrong_password_or_folder_is_said() -> None:
    async with ImapTwin().listening() as twin:
        for wrong in (url(twin, "otra"), url(twin, folder="Otra")):
            with pytest.raises(MailboxFailed):
                await asyncio.to_thread(Mailbox, read_mailbox(wrong))


def test_the_mailbox_is_read_from_its_address() -> None:
    found = read_mailbox("imaps://mesa%40example.bo:cla%3Ave@imap.example.bo/Bandeja%20de%20entrada/Mesa")

    assert (found.host, found.port, found.tls) == ("imap.example.bo", 993, True)
    assert (found.user, found.password, found.folder) == (
        "mesa@example.bo",
        "cla:ve",
        "Bandeja de entrada/Mesa",
    )
    assert found.name == "imap:mesa@example.bo@imap.example.bo/Bandeja de entrada/Mesa"
    assert read_mailbox("imap://a:b@localhost").port == 143
    assert read_mailbox("imap://a:b@localhost/").folder == "INBOX"
    assert quoted('Trámites & "más"') == '"Tr&AOE-mites &- \\"m&AOE-s\\""'


@pytest.mark.parametrize("wrong", ["http://a:b@x", "imaps://", "imaps://x", "imaps://a:b@x:puerto", "buzon"])
async def test_a_mailbox_that_is_no_address_stops_the_start(wrong: str) -> None:
    with pytest.raises(ValueError, match="VENTANILLA_MAIL_IMAP_URL"):
        async with open_mail(settings(mail_imap_url=wrong), FakeDoors()):
            pass
