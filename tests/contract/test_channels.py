"""What every channel promises, whichever provider is behind it."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.model import Inbound, Parcel
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand, Later, Refusal, Unknown
from intake.channels.registry import CHANNELS
from store.ledger import LedgerItem
from store.work import StoreWork
from tests.builders import START, open_desk
from tests.service.talking import Person, person_on
from tests.serving import Served, serving, some_settings

WRITTEN = (Channel.WHATSAPP, Channel.TELEGRAM, Channel.EMAIL)
ADDRESSES = {
    Channel.WHATSAPP: "+59170000001",
    Channel.TELEGRAM: "7000001",
    Channel.EMAIL: "rosa@example.bo",
}
LATER = {Channel.WHATSAPP: "flood", Channel.TELEGRAM: "flood", Channel.EMAIL: "greylisted"}
NEVER = {Channel.TELEGRAM: "blocked", Channel.EMAIL: "refused"}
BROKEN_AFTER = {Channel.WHATSAPP: "cut", Channel.TELEGRAM: "cut", Channel.EMAIL: "cut"}


@pytest.fixture
async def served(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A served desk whose workers stand still."""
    open_desk(sqlite_url).desk.database.close()
    async with serving(some_settings(sqlite_url, tmp_path)) as running:
        yield running


@pytest.fixture(params=WRITTEN)
async def person(request: pytest.FixtureRequest, served: Served) -> Person:
    """Somebody on each channel that is written to."""
    someone = person_on(request.param, served)
    await someone.ready()
    return someone


def a_parcel(channel: Channel, body: str = "Ya puede entrar.") -> Parcel:
    return Parcel(
        delivery=1,
        message=1,
        part=0,
        channel=channel,
        address=ADDRESSES[channel],
        desk_address="soporte@example.bo" if channel is Channel.EMAIL else None,
        body=body,
        subject="Pagos",
        automatic=False,
        references=(),
        case="2026-000001",
        attempts=1,
        last_inbound=START,
    )


async def arrived(served: Served) -> list[LedgerItem]:
    def claim(work: StoreWork) -> list[LedgerItem]:
        return list(work.ledger.claim("test", 10, served.clock.now()))

    return await served.service.desk.database.write(claim)


async def test_what_a_person_writes_is_one_arrival_that_reads_as_written(
    served: Served, person: Person
) -> None:
    await person.say("No abre la página de pagos 😟")

    [item] = await arrived(served)
    inbound = CHANNELS[person.channel].translate(item.payload, item.received)
    assert (inbound.channel, inbound.sender) == (person.channel, ADDRESSES[person.channel])
    assert inbound.text.strip() == "No abre la página de pagos 😟"
    assert inbound.automatic is False


async def test_a_part_arrives_once_and_has_the_providers_id(served: Served, person: Person) -> None:
    await person.say("No abre")

    name = await served.service.adapters[person.channel].send(a_parcel(person.channel))

    assert name
    assert person.seen() == ["Ya puede entrar."]


async def test_a_provider_that_is_busy_is_asked_again_later(served: Served, person: Person) -> None:
    await person.say("No abre")
    person.fail(LATER[person.channel])

    with pytest.raises(Later) as later:
        await served.service.adapters[person.channel].send(a_parcel(person.channel))

    assert later.value.why
    assert later.value.after is None or later.value.after > timedelta()
    assert person.seen() == []


async def test_what_a_provider_refuses_is_given_up_with_a_reason(served: Served, person: Person) -> None:
    await person.say("No abre")
    adapter = served.service.adapters[person.channel]
    if person.channel in NEVER:
        person.fail(NEVER[person.channel])
        parcel = a_parcel(person.channel)
    else:
        parcel = a_parcel(person.channel, body="x" * 2_000)

    with pytest.raises(Refusal) as refused:
        await adapter.send(parcel)

    assert refused.value.why
    assert person.seen() == []


async def test_a_connection_that_breaks_after_the_part_was_taken_leaves_it_unknown_or_found(
    served: Served, person: Person
) -> None:
    await person.say("No abre")
    person.fail(BROKEN_AFTER[person.channel])
    adapter, parcel = served.service.adapters[person.channel], a_parcel(person.channel)

    with pytest.raises(Unknown):
        await adapter.send(parcel)

    assert person.seen() == ["Ya puede entrar."]
    try:
        found = await adapter.find(parcel, START)
    except Unknown:
        return
    assert len(found) == 1


async def test_a_long_answer_is_cut_into_parts_that_the_channel_takes(served: Served, person: Person) -> None:
    await person.say("No abre")
    can = CHANNELS[person.channel].can
    body = ("palabra " * can.part_length)[: can.part_length].strip()

    assert await served.service.adapters[person.channel].send(a_parcel(person.channel, body=body))


async def test_a_full_store_makes_the_provider_bring_it_again(served: Served, person: Person) -> None:
    served.service.desk.database.close()  # nothing can be kept any more

    try:
        await person.say("No abre")
    except smtplib.SMTPException as told:
        assert "451" in str(told)  # noqa: PT017 - the server's answer is what is tested
    await asyncio.sleep(0)

    assert person.seen() == []


@pytest.mark.parametrize("channel", list(CHANNELS))
@given(payload=st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_payload_breaks_the_translation(channel: Channel, payload: bytes) -> None:
    try:
        understood = CHANNELS[channel].translate(payload, START)
    except CannotUnderstand as why:
        assert str(why)  # noqa: PT017 - a reason is what is promised
    else:
        assert isinstance(understood, Inbound)


def test_every_channel_says_what_it_can() -> None:
    assert len(CHANNELS) >= len(WRITTEN)
    for name, kind in CHANNELS.items():
        assert (kind.name, kind.can.part_length > 0, bool(kind.label)) == (name, True, True)
        assert kind.can.window is None or kind.can.templates
