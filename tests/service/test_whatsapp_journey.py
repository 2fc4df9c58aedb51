"""WhatsApp from the signed form to the answer on the phone, through the real SDK and Twilio's twin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cases.model import Case
from cases.vocabulary import DeliveryState
from store.work import StoreWork
from tests.serving import Served, a_form, serving, some_settings

PHONE = "+59170000001"


@pytest.fixture
async def served(desk_url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A served desk whose workers stand still until told."""
    async with serving(some_settings(desk_url, tmp_path)) as running:
        yield running


async def cases(served: Served) -> list[Case]:
    def read(work: StoreWork) -> list[Case]:
        return [work.cases.by_id(number) for number in work.cases.all_ids()]

    return await served.service.desk.database.read(read)


def on_the_phone(served: Served) -> list[str]:
    twins = served.service.twins
    assert twins is not None
    return [bubble.body for bubble in twins.twilio.phones[PHONE]]


async def test_a_signed_form_opens_a_case_and_the_phone_hears_its_number(served: Served) -> None:
    assert await served.post_signed(a_form()) == 204
    await served.work()

    [case] = await cases(served)
    assert f"*{case.number}*" in on_the_phone(served)[0]


async def test_the_same_post_again_changes_nothing(served: Served) -> None:
    await served.post_signed(a_form())
    await served.work()

    assert await served.post_signed(a_form()) == 204
    await served.work()

    assert len(await cases(served)) == 1
    assert len(on_the_phone(served)) == 1


async def test_a_forged_form_is_refused_and_quarantined(served: Served) -> None:
    assert await served.post_signed(a_form(), token="somebody else's") == 403
    await served.work()

    [kept] = await served.service.desk.database.read(lambda work: work.ledger.quarantined(None, 10))
    assert kept.reason == "forged"
    assert await cases(served) == []
    assert on_the_phone(served) == []


async def test_a_form_without_a_signature_is_refused(served: Served) -> None:
    async with served.client.post(f"{served.url}/channels/whatsapp/messages", data=a_form()) as answer:
        assert answer.status == 403


async def test_a_repeated_field_is_signed_with_all_its_values(served: Served) -> None:
    from multidict import MultiDict
    from twilio.request_validator import RequestValidator

    from tests.serving import TOKEN

    form = MultiDict([*a_form().items(), ("Tag", "b"), ("Tag", "a")])
    url = f"{served.url}/channels/whatsapp/messages"
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    async with served.client.post(url, data=form, headers={"X-Twilio-Signature": signature}) as answer:
        assert answer.status == 204


async def test_the_query_is_part_of_what_is_signed(served: Served) -> None:
    assert await served.post_signed(a_form(), path="/channels/whatsapp/messages?desk=1%202") == 204


async def test_the_twin_reports_delivery_and_the_message_says_so(served: Served) -> None:
    await served.post_signed(a_form())
    await served.work()

    [case] = await cases(served)
    messages = await served.service.desk.database.read(lambda work: work.messages.of(case.id))
    assert messages[-1].delivery is not None
    assert messages[-1].delivery.state is DeliveryState.DELIVERED


async def test_a_late_report_never_moves_a_message_backwards(served: Served) -> None:
    await served.post_signed(a_form())
    await served.work()
    [case] = await cases(served)
    messages = await served.service.desk.database.read(lambda work: work.messages.of(case.id))
    name = messages[-1].provider_id or ""

    late = {"MessageSid": name, "MessageStatus": "sent", "AccountSid": "AC1"}
    assert await served.post_signed(late, path="/channels/whatsapp/status") == 204

    messages = await served.service.desk.database.read(lambda work: work.messages.of(case.id))
    assert messages[-1].delivery is not None
    assert messages[-1].delivery.state is DeliveryState.DELIVERED


async def test_a_failure_report_is_explained_in_spanish(served: Served) -> None:
    await served.post_signed(a_form(From="whatsapp:+59170000007"))
    service = served.service
    await service.workers[0].step()
    [parcel] = await service.desk.database.write(
        lambda work: work.outbox.claim("test", 1, served.clock.now())
    )
    await service.desk.database.write(
        lambda work: work.outbox.sent(parcel.delivery, "SMx", served.clock.now())
    )

    report = {"MessageSid": "SMx", "MessageStatus": "undelivered", "ErrorCode": "63016"}
    await served.post_signed(report, path="/channels/whatsapp/status")

    [message] = await service.desk.database.read(lambda work: [work.messages.get(parcel.message)])
    assert message.delivery is not None
    assert message.delivery.state is DeliveryState.FAILED
    assert "24 horas" in (message.delivery.reason or "")
    assert "63016" in (message.delivery.reason or "")


async def test_a_report_that_comes_before_the_sends_own_answer_is_applied_then(served: Served) -> None:
    await served.post_signed(a_form())
    service = served.service
    await service.workers[0].step()
    [parcel] = await service.desk.database.write(
        lambda work: work.outbox.claim("test", 1, served.clock.now())
    )
    early = {"MessageSid": "SMearly", "MessageStatus": "delivered"}
    await served.post_signed(early, path="/channels/whatsapp/status")

    await service.desk.database.write(
        lambda work: work.outbox.sent(parcel.delivery, "SMearly", served.clock.now())
    )

    message = await service.desk.database.read(lambda work: work.messages.get(parcel.message))
    assert message.delivery is not None
    assert message.delivery.state is DeliveryState.DELIVERED


async def test_a_sender_that_died_asks_twilio_before_repeating(served: Served) -> None:
    """The part was handed over and the process died before it could be marked: it must not go twice."""
    await served.post_signed(a_form())
    service = served.service
    await service.workers[0].step()
    [parcel] = await service.desk.database.write(
        lambda work: work.outbox.claim("dead", 1, served.clock.now())
    )
    await service.adapters[parcel.channel].send(parcel)
    assert len(on_the_phone(served)) == 1

    served.clock.advance(minutes=5)
    await served.work()

    assert len(on_the_phone(served)) == 1
    message = await service.desk.database.read(lambda work: work.messages.get(parcel.message))
    assert message.delivery is not None
    assert message.delivery.state.rank >= DeliveryState.SENT.rank


async def test_a_sender_that_died_before_sending_sends_after_all(served: Served) -> None:
    await served.post_signed(a_form())
    service = served.service
    await service.workers[0].step()
    await service.desk.database.write(lambda work: work.outbox.claim("dead", 1, served.clock.now()))

    served.clock.advance(minutes=5)
    await served.work()
    served.clock.advance(minutes=5)
    await served.work()

    assert len(on_the_phone(served)) == 1


async def test_a_message_that_cannot_be_understood_is_set_aside_and_the_next_goes_on(served: Served) -> None:
    await served.post_signed(a_form(From=""))
    await served.post_signed(a_form(MessageSid="SM" + "b" * 32))
    await served.work()

    [kept] = await served.service.desk.database.read(lambda work: work.ledger.quarantined(None, 10))
    assert kept.reason == "not-understood"
    assert len(await cases(served)) == 1
