"""The simulated smarthost fails as told, and the way out takes each failure for what it is."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.mail.smarthost import Smarthost, read_address
from intake.channels.simulated.mailbox import Mailbox, MailFault
from tests.intake.channels.mail.mails import CITIZEN, DESK, Sink, a_mail, a_smarthost

FAULTS = [
    ("MAIL", MailFault.GREYLISTED, Later, 0, False),
    ("RCPT", MailFault.GREYLISTED, Later, 0, False),
    ("DATA", MailFault.GREYLISTED, Later, 0, False),
    ("MAIL", MailFault.BUSY, Later, 0, False),
    ("RCPT", MailFault.NO_SUCH_USER, Refusal, 0, True),
    ("RCPT", MailFault.REFUSED, Refusal, 0, False),
    ("DATA", MailFault.REFUSED, Refusal, 0, False),
    ("MAIL", MailFault.RESET, Later, 0, False),
    ("RCPT", MailFault.CUT, Later, 0, False),
    ("DATA", MailFault.RESET, Unknown, 0, False),
    ("DATA", MailFault.CUT, Unknown, 1, False),
]


@pytest.fixture
async def mailbox() -> AsyncIterator[tuple[Mailbox, Smarthost]]:
    twin = Mailbox()
    async with twin.listening("127.0.0.1", 0) as port:
        smarthost = Smarthost(read_address(f"smtp://127.0.0.1:{port}"), "example.bo")
        yield twin, smarthost
        await smarthost.close()


@pytest.mark.parametrize(("command", "fault", "kind", "kept", "unreachable"), FAULTS)
async def test_each_failure_is_taken_for_what_it_is(
    mailbox: tuple[Mailbox, Smarthost],
    command: str,
    fault: MailFault,
    kind: type[NotSent],
    *,
    kept: int,
    unreachable: bool,
) -> None:
    twin, smarthost = mailbox
    await smarthost.send(DESK, CITIZEN, a_mail("antes"))
    twin.fail(command, fault)
    with pytest.raises(kind) as raised:
        await smarthost.send(DESK, CITIZEN, a_mail("ahora"))
    after = len(twin.mails)
    await smarthost.send(DESK, CITIZEN, a_mail("después"))

    assert after == 1 + kept
    assert len(twin.mails) == after + 1
    assert getattr(raised.value, "unreachable", False) is unreachable
    assert twin.envelopes[-1] == (DESK, (CITIZEN,))


@pytest.mark.parametrize(
    ("reply", "unreachable"),
    [
        ("550 5.1.1 User unknown", True), ("550 5.2.1 Mailbox disabled", True), ("550 No such user here", True),
        ("550 5.7.1 Spam", False), ("554 5.7.1 Relay access denied", False), ("552 5.2.2 Mailbox full", False), ("550 Denied", False),
    ],
)  # fmt: skip
async def test_only_an_address_that_is_none_is_unreachable(reply: str, unreachable: bool) -> None:  # noqa: FBT001  # a result
    async with a_smarthost(Sink(answers={"RCPT": reply})) as sink:
        smarthost = Smarthost(read_address(f"smtp://127.0.0.1:{sink.port}"), "example.bo")
        with pytest.raises(Refusal) as raised:
            await smarthost.send(DESK, CITIZEN, a_mail())
        await smarthost.close()

    assert raised.value.unreachable is unreachable


async def test_faults_may_be_ordered_over_the_web() -> None:
    twin = Mailbox()
    app = web.Application()
    app.add_routes(twin.routes())
    async with TestClient(TestServer(app)) as client:
        taken = await client.post(
            "/simulated/mailbox/faults",
            data=FormData([("command", "data"), ("fault", "cut"), ("fault", "busy")]),
        )
        wrong = await client.post("/simulated/mailbox/faults", data={"command": "QUIT", "fault": "cut"})
        unknown = await client.post("/simulated/mailbox/faults", data={"command": "DATA", "fault": "nada"})

    assert (taken.status, wrong.status, unknown.status) == (204, 400, 400)
    assert list(twin.faults["DATA"]) == [MailFault.CUT, MailFault.BUSY]


async def test_what_was_kept_without_an_answer_may_have_been_sent() -> None:
    twin = Mailbox()
    async with twin.listening("127.0.0.1", 0) as port:
        twin.fail("DATA", MailFault.UNANSWERED)
        smarthost = Smarthost(read_address(f"smtp://127.0.0.1:{port}"), "example.bo")
        twin.let_go()
        with pytest.raises(Unknown):
            await smarthost.send(DESK, CITIZEN, a_mail())

    assert len(twin.mails) == 1
