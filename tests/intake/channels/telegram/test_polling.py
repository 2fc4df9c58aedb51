"""The way in by polling: nothing lost and nothing doubled."""

import asyncio
from typing import Any

import structlog

from cases.model import Arrival
from intake.channels.simulated.telegram import Fault
from intake.channels.telegram.adapter import open_telegram
from intake.channels.telegram.groups import PRIVATELY
from intake.channels.telegram.settings import TelegramSettings
from tests.intake.channels.telegram.stand_ins import (
    IMPATIENT,
    ROSA,
    SOON,
    TOKEN,
    FakeDoors,
    a_message,
    a_scene,
)

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Vecinos"}


async def test_polling_takes_each_update_once_and_confirms_it_when_it_is_kept() -> None:
    def waiting(twin: Any) -> None:
        twin.updates.webhook = "https://elsewhere.example/"

    async with a_scene(prepare=waiting, telegram_mode="polling") as scene:
        for text in ("uno", "dos", "tres"):
            assert await scene.twin.send(ROSA, text) is None
        await scene.doors.holding(arrivals=3)
        await scene.twin.send(ROSA, "cuatro")
        await scene.doors.holding(arrivals=4)

    assert [message.text for message in scene.doors.messages()] == ["uno", "dos", "tres", "cuatro"]
    assert {update["message"]["text"] for update in scene.twin.updates.pending} <= {"cuatro"}


async def test_polling_goes_on_after_whatever_fails_and_loses_nothing() -> None:
    def failing(twin: Any) -> None:
        twin.fail("deleteWebhook", Fault.BROKEN)
        twin.fail("getUpdates", Fault.RESET, Fault.BROKEN, Fault.CUT)

    async with a_scene(
        FakeDoors(broken=[OSError("busy"), OSError("busy")]), prepare=failing, telegram_mode="polling"
    ) as scene:
        for text in ("uno", "dos"):
            await scene.twin.send(ROSA, text)
        await scene.doors.holding(arrivals=2)

    assert [message.text for message in scene.doors.messages()] == ["uno", "dos"]


class StuckDoors(FakeDoors):
    """Is asked to keep something and never gets it done."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def accept(self, arrival: Arrival) -> None:
        self.asked.set()
        await asyncio.Event().wait()
        await super().accept(arrival)


async def test_what_was_not_kept_when_the_service_stops_waits_at_telegram() -> None:
    stuck = StuckDoors()

    async with a_scene(stuck, telegram_mode="polling") as scene:
        await scene.twin.send(ROSA, "uno")
        async with asyncio.timeout(SOON):
            await stuck.asked.wait()

    assert stuck.arrivals == []
    assert [update["message"]["text"] for update in scene.twin.updates.pending] == ["uno"]


async def test_polling_removes_a_webhook_that_somebody_sets_meanwhile() -> None:
    async with a_scene(telegram_mode="polling") as scene:
        scene.twin.updates.webhook = "https://elsewhere.example/"
        scene.twin.updates.wake()
        await scene.heard("deleteWebhook", 2)
        await scene.twin.send(ROSA, "uno")
        await scene.doors.holding(arrivals=1)

    assert scene.twin.updates.webhook == ""


async def test_two_pollers_take_each_message_once_and_say_that_there_are_two() -> None:
    with structlog.testing.capture_logs() as logs:
        async with a_scene(telegram_mode="polling") as scene:
            settings = TelegramSettings.model_validate(
                {
                    "telegram_token": TOKEN,
                    "telegram_api_url": f"{scene.url}/simulated/telegram",
                    "telegram_mode": "polling",
                }
            )
            other = open_telegram(settings, scene.doors, IMPATIENT)
            assert other is not None
            async with other:
                await scene.heard("deleteWebhook", 3)
                for text in ("uno", "dos", "tres"):
                    await scene.twin.send(ROSA, text)
                await scene.doors.holding(arrivals=3)

    assert sorted(message.text for message in scene.doors.messages()) == ["dos", "tres", "uno"]
    assert any(line["event"] == "telegram_polling_conflict" for line in logs)


async def test_polling_refuses_groups_and_answers_buttons_too() -> None:
    async with a_scene(telegram_mode="polling") as scene:
        await scene.twin.updates.give(message=a_message(chat=GROUP, text="Hola"))
        await scene.twin.press(ROSA, "solved:yes")
        await scene.doors.holding(arrivals=1, aside=1)
        await scene.heard("sendMessage")
        await scene.heard("answerCallbackQuery")

    assert scene.twin.said(-1001234567890) == [PRIVATELY]
