"""Every fault of Twilio at every point of a conversation, through a whole served desk."""

from pathlib import Path

import pytest

from cases.vocabulary import DeliveryState
from intake.channels.simulated.twilio import Fault, TwilioTwin
from store.work import StoreWork
from tests.serving import Served, serving, some_settings

BAD = 300
SAID = ("No puedo entrar a ciudadanía digital, sale error 503", "Sigue igual desde ayer", "estado")
FAULTS = [fault for fault in Fault if fault not in {Fault.UNANSWERED, Fault.WEBHOOK_MISSING}]
"""An answer that never comes is to the adapter what a broken connection is, and would take its real seconds here."""


def twin_of(served: Served) -> TwilioTwin:
    assert served.service.twins is not None
    return served.service.twins.twilio


async def settled(served: Served) -> None:
    """Let time pass until all that is to be tried again has been."""
    for minutes in (0, 1, 5, 10, 30):
        served.clock.advance(minutes=minutes)
        await served.work()


async def conversation(served: Served, phone: str, fault: Fault, turn: int) -> list[str]:
    """Hold a conversation with one fault at one turn; returns what the phone got."""
    twin = twin_of(served)
    for number, text in enumerate(SAID):
        if number == turn:
            twin.faults.append(fault)
        if await twin.send(phone, text) >= BAD:
            await twin.send(phone, text)
        await settled(served)
        assert not twin.faults
    return twin.said(phone)


def said_by_the_people(work: StoreWork) -> list[str]:
    return [m.text for case in work.cases.all_ids() for m in work.messages.of(case) if m.direction == "in"]


def on_their_way(work: StoreWork) -> set[DeliveryState]:
    messages = [m for case in work.cases.all_ids() for m in work.messages.of(case) if m.direction == "out"]
    return {m.delivery.state for m in messages if m.delivery is not None}


@pytest.mark.parametrize("fault", FAULTS)
async def test_nothing_is_lost_and_nothing_is_said_twice(desk_url: str, tmp_path: Path, fault: Fault) -> None:
    async with serving(some_settings(desk_url, tmp_path)) as served:
        got = [await conversation(served, f"+591700000{turn:02}", fault, turn) for turn in range(len(SAID))]
        heard = await served.service.desk.database.read(said_by_the_people)
        states = await served.service.desk.database.read(on_their_way)

    assert sorted(heard) == sorted(SAID * len(SAID))
    assert [(len(answers), len(set(answers))) for answers in got] == [(3, 3)] * len(SAID)
    assert states <= {DeliveryState.SENT, DeliveryState.DELIVERED}
