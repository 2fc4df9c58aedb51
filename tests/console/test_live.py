"""The live stream: names to those who listen, and nobody waits for a browser that does not."""

import asyncio

import pytest

from console.keys import CONSOLE
from console.live import CAPACITY, Listener, Live
from desk.acts import note
from store.work import Event
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def test_a_change_reaches_an_open_page_by_name_alone(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")
    async with operator.client.get("/live", headers=operator.headers) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        await note(desk.desk, desk.people["operador"], case.number, "Secreto de la nota")

        async with asyncio.timeout(2):
            said = (await stream.content.readuntil(b"\r\n\r\n")).decode()

    assert said == f"event: case-changed\r\ndata: {case.number}\r\n\r\n"


async def test_when_the_service_stops_every_stream_ends(visit: Visit) -> None:
    operator = await visit("operador")
    app = operator.client.app
    assert app is not None
    live = app[CONSOLE].live
    async with operator.client.get("/live", headers=operator.headers) as stream:
        assert len(live) == 1
        live.close()

        async with asyncio.timeout(2):
            assert await stream.read() == b""
    assert len(live) == 0


async def test_a_browser_that_takes_nothing_is_dropped_and_nobody_waits() -> None:
    async def take(listener: Listener) -> list[tuple[str, str]]:
        return [name async for name in listener.names()]

    live = Live()
    with live.listening() as slow, live.listening() as quick:
        taking = asyncio.create_task(take(quick))
        await asyncio.sleep(0)
        for number in range(CAPACITY + 1):
            live.hear([Event("case-changed", {"case": f"2026-{number:06d}"})])
            await asyncio.sleep(0)
        assert slow.dropped
        assert not quick.dropped
        quick.drop()

        assert len(await taking) == CAPACITY + 1
    assert len(live) == 0


async def test_the_same_change_many_times_is_told_once() -> None:
    listener = Listener()
    for _ in range(CAPACITY * 2):
        listener.tell("queue-changed", "")
    listener.tell("case-changed", "2026-000001")
    heard = listener.names()

    assert [await anext(heard), await anext(heard)] == [
        ("queue-changed", ""),
        ("case-changed", "2026-000001"),
    ]
    listener.drop()
    with pytest.raises(StopAsyncIteration):
        await anext(heard)


async def test_what_only_workers_need_to_know_stays_inside() -> None:
    live = Live()
    with live.listening() as listener:
        live.hear([Event("outbox"), Event("ledger"), Event("queue-changed")])

        assert await anext(listener.names()) == ("queue-changed", "")
