"""The nightly comparison: what is missing here is taken in, what is missing there is told."""

from datetime import date, timedelta

from cases.model import Arrival
from cases.traffic import Listed
from cases.vocabulary import Channel, Direction
from desk.reconciliation import Reconciled, reconcile
from service.reconciling import Reconciling
from tests.builders import START, DeskUnderTest, a_message

DAY = date(2026, 3, 2)
FORM = b"MessageSid=SMlost&From=whatsapp%3A%2B59170000001&To=whatsapp%3A%2B59170000099&Body=Se+perdi%C3%B3"


def incoming(name: str, payload: bytes | None = None) -> Listed:
    return Listed(name, Direction.IN, "+59170000001", START, payload)


async def compared(desk: DeskUnderTest, *listed: Listed) -> Reconciled:
    return await desk.desk.database.write(
        lambda work: reconcile(desk.desk, work, Channel.WHATSAPP, DAY, listed)
    )


async def arrived(desk: DeskUnderTest, name: str) -> None:
    arrival = Arrival(Channel.WHATSAPP, name, "+59170000001", b"x", START)
    await desk.desk.database.write(lambda work: work.ledger.accept([arrival]))


async def test_a_message_that_never_arrived_is_taken_in_and_told(desk: DeskUnderTest) -> None:
    await arrived(desk, "SMhere")

    found = await compared(desk, incoming("SMhere"), incoming("SMlost", FORM))

    kept = await desk.desk.database.read(
        lambda work: work.upkeep.known_arrivals(Channel.WHATSAPP, ["SMhere", "SMlost"])
    )
    assert (found.missing_here, found.taken_in, found.missing_there) == (("SMlost",), ("SMlost",), ())
    assert kept == {"SMhere", "SMlost"}


async def test_comparing_again_takes_nothing_in_twice(desk: DeskUnderTest) -> None:
    await compared(desk, incoming("SMlost", FORM))

    again = await compared(desk, incoming("SMlost", FORM))

    assert again.missing_here == ()


async def test_what_the_provider_does_not_list_is_told(desk: DeskUnderTest) -> None:
    await arrived(desk, "SMonly-here")
    await desk.receive(a_message())
    [answered] = await desk.dispatch()

    found = await compared(desk)

    assert found.missing_there == (f"<{answered.delivery}@desk>", "SMonly-here")


class ListingOnly:
    """A provider that is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def listing(self, since, until):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.asked += 1
        assert until - since == timedelta(hours=26)
        return [Listed("SMlost", Direction.IN, "+59170000001", START, FORM)]

    async def complete(self, payload: bytes) -> bytes:
        return payload + b"&NumMedia=0"


async def test_yesterday_is_compared_once_and_not_before_two(desk: DeskUnderTest) -> None:
    provider = ListingOnly()
    desk.clock.at = START.replace(day=3, hour=5)  # one in the morning of the third, in La Paz
    worker = Reconciling(desk.desk, {Channel.WHATSAPP: provider})  # type: ignore[dict-item]
    steps = []
    for _ in range(4):
        steps.append(await worker.step())
        desk.clock.advance(hours=1)

    assert steps == [0, 1, 0, 0]
    assert provider.asked == 1
