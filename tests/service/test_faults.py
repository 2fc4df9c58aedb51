"""What providers do wrong in the middle of a conversation: nothing is lost, nothing said twice, and what is unsure is shown.

`make faults` takes every fault at every point of the conversation; the suite takes each at the operator's answer.
"""

import os
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cases.model import Account, Message
from cases.vocabulary import AccountRole, Channel, DeliveryState, Direction, Unit
from desk.acts import answer
from intake.channels.channel import Unknown
from service.reconciling import compare
from store.work import StoreWork
from tests.builders import open_desk
from tests.service.talking import FAULTS, SLOW, Person, person_on
from tests.serving import Served, serving, some_settings

EVERYWHERE = "VENTANILLA_FAULTS" in os.environ
POINTS = range(4) if EVERYWHERE else (2,)
SAID = ("No abre la página de pagos", "Sigue igual", "¿Me oyen?", "gracias")
ANSWER = "Ya puede entrar; pruebe otra vez."
BLIND = (Channel.TELEGRAM, Channel.EMAIL)
"""Channels whose provider cannot be asked whether a message went out."""

ARRIVED = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)

CASES = [
    (channel, fault, point)
    for channel, faults in FAULTS.items()
    for fault in faults
    for point in POINTS
    if EVERYWHERE or fault not in SLOW
]


@pytest.fixture
async def served(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A served desk whose workers stand still until told."""
    open_desk(sqlite_url).desk.database.close()
    async with serving(some_settings(sqlite_url, tmp_path)) as running:
        yield running


async def settled(served: Served) -> None:
    """Let the workers try, and try again, over a quarter of an hour."""
    for pause in (0, 10, 40, 130, 700):
        served.clock.advance(seconds=pause)
        await served.work()


async def told(served: Served) -> list[Message]:
    def read(work: StoreWork) -> list[Message]:
        [case] = work.cases.all_ids()
        return list(work.messages.of(case))

    return await served.service.desk.database.read(read)


async def converse(served: Served, person: Person, fault: str, point: int) -> None:
    """Hold a conversation in which the provider goes wrong once."""
    operator = Account(1, "operador", "Operador", AccountRole.OPERADOR, Unit.AIT)
    for turn, text in enumerate(SAID):
        if turn == point:
            person.fail(fault)
        await person.say(text)
        await settled(served)
        if turn == 2:
            await answer(served.service.desk, operator, "2026-000001", ANSWER)
            await settled(served)
        served.clock.advance(minutes=20)
    await settled(served)


async def take_in_what_is_missing(served: Served, channel: Channel) -> None:
    """Compare the day with the provider, as the desk does at night."""
    adapter = served.service.adapters[channel]
    day = served.clock.now().astimezone(served.service.desk.timezone).date()
    if channel is Channel.WHATSAPP:
        try:
            await compare(served.service.desk, channel, adapter, day)  # type: ignore[arg-type]
        except Unknown:  # the fault waited for this question; the desk asks again half an hour later
            await compare(served.service.desk, channel, adapter, day)  # type: ignore[arg-type]
        await settled(served)


@pytest.mark.parametrize(("channel", "fault", "point"), CASES, ids=[f"{c}-{f}-{p}" for c, f, p in CASES])
async def test_a_providers_fault_loses_nothing_and_says_nothing_twice(
    served: Served, channel: Channel, fault: str, point: int
) -> None:
    person = person_on(channel, served)
    await person.ready()

    await converse(served, person, fault, point)
    await take_in_what_is_missing(served, channel)

    messages = await told(served)
    heard = Counter(message.text for message in messages if message.direction is Direction.IN)
    seen = Counter(plain(text) for text in person.seen())
    assert heard == Counter(SAID)
    said: dict[str, list[DeliveryState]] = defaultdict(list)
    for message in messages:
        if message.direction is Direction.OUT:
            assert message.delivery is not None
            said[plain(message.text)].append(message.delivery.state)
            if message.delivery.state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN):
                assert message.delivery.reason
    assert set(seen) <= set(said)
    for text, states in said.items():
        arrived = sum(state in ARRIVED for state in states)
        unsure = states.count(DeliveryState.UNCERTAIN)
        assert arrived + unsure + states.count(DeliveryState.FAILED) == len(states), text
        assert arrived <= seen[text] <= arrived + unsure, text
        assert not unsure or channel in BLIND


def plain(text: str) -> str:
    """Return a text as any channel shows it."""
    return " ".join(text.replace("*", "").split())
