"""The twin against Twilio's SDK as it is, with its own HTTP client: it notices no difference."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from intake.channels.simulated.twilio import Fault, TwilioTwin
from tests.intake.channels.whatsapp.stand_ins import ACCOUNT, DESK, NOW, ROSA, TOKEN, FakeDoors, a_scene

# The SDK's own client still uses what aiohttp 4 will drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

TO, FROM = f"whatsapp:{ROSA}", f"whatsapp:{DESK}"


@asynccontextmanager
async def a_client(token: str = TOKEN) -> AsyncIterator[tuple[Client, TwilioTwin, FakeDoors]]:
    async with a_scene() as scene, AsyncTwilioHttpClient() as http:
        client = Client(ACCOUNT, token, http_client=http)
        client.api.base_url = client.content.base_url = f"{scene.url}/simulated/twilio"
        yield client, scene.twin, scene.doors


async def test_a_message_is_taken_fetched_and_listed() -> None:
    async with a_client() as (client, _, _):
        made = await client.messages.create_async(to=TO, from_=FROM, body="Hola")
        fetched = await client.messages(made.sid).fetch_async()
        [listed] = await client.messages.list_async(to=TO)

    assert (made.status, made.date_sent, made.error_code, made.num_media) == ("queued", None, None, "0")
    assert (fetched.status, fetched.body, fetched.direction) == ("delivered", "Hola", "outbound-api")
    assert (listed.sid, listed.to, listed.from_, listed.date_sent) == (made.sid, TO, FROM, NOW)


async def test_a_messaging_service_chooses_its_number_later() -> None:
    async with a_client() as (client, _, _):
        made = await client.messages.create_async(to=TO, messaging_service_sid="MG" + "2" * 32, body="Hola")
        fetched = await client.messages(made.sid).fetch_async()

    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    assert (fetched.from_, fetched.messaging_service_sid) == (FROM, "MG" + "2" * 32)


async def test_lists_are_filtered_and_paged() -> None:
    async with a_client() as (client, twin, doors):
        for day in range(5):
            doors.moment = NOW + timedelta(days=day)
            await client.messages.create_async(to=TO, from_=FROM, body=f"día {day}")
            await twin.send("+59170000002", f"de vuelta {day}")
        every = await client.messages.list_async(page_size=3)
        ours = await client.messages.list_async(from_=FROM, page_size=2)
        some = await client.messages.list_async(
            to=TO, date_sent_after=NOW + timedelta(days=1), date_sent_before=NOW + timedelta(days=3)
        )
        limited = await client.messages.list_async(to=TO, limit=2)

    assert len(every) == len({message.sid for message in every}) == 10
    assert {message.direction for message in every} == {"inbound", "outbound-api"}
    assert [message.body for message in ours] == [f"día {day}" for day in (4, 3, 2, 1, 0)]
    assert [message.body for message in some] == ["día 3", "día 2", "día 1"]
    assert [message.body for message in limited] == ["día 4", "día 3"]


async def test_the_files_of_a_message_are_listed() -> None:
    async with a_client() as (client, twin, _):
        await twin.send_file(ROSA, b"photo", "image/jpeg")
        [message] = await client.messages.list_async(from_=TO)
        [media] = await client.messages(message.sid).media.list_async()

    assert (message.num_media, media.content_type, media.parent_sid) == ("1", "image/jpeg", message.sid)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "whatsapp:rosa"}, 21211),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"from_": None}, 21603),
        ({"from_": "whatsapp:+59170000077"}, 63007),
        ({"from_": TO}, 63031),
        ({"content_sid": "HXnone", "body": None}, 21655),
        ({"to": "whatsapp:+59170000009"}, 21610),
    ],
)
async def test_what_is_wrong_is_refused_with_twilios_code(wrong: dict[str, str | None], code: int) -> None:
    async with a_client() as (client, twin, _):
        twin.opted_out.add("+59170000009")
        twin.numbers = {DESK, ROSA} if wrong.get("from_") == TO else {DESK}
        given = {"to": TO, "from_": FROM, "body": "Hola"} | wrong
        with pytest.raises(TwilioRestException) as caught:
            await client.messages.create_async(
                **{name: value for name, value in given.items() if value is not None}
            )

    assert (caught.value.status, caught.value.code) == (400, code)
    assert twin.said(ROSA) == []


async def test_a_wrong_password_and_an_unknown_message() -> None:
    async with a_client("wrong") as (client, _, _):
        with pytest.raises(TwilioRestException) as caught:
            await client.messages.create_async(to=TO, from_=FROM, body="Hola")
    assert (caught.value.status, caught.value.code) == (401, 20003)

    async with a_client() as (client, _, _):
        with pytest.raises(TwilioRestException) as caught:
            await client.messages("SM" + "0" * 32).fetch_async()
    assert (caught.value.status, caught.value.code) == (404, 20404)


@pytest.mark.parametrize(
    ("fault", "status", "copies"),
    [(Fault.FLOOD, 429, 0), (Fault.BROKEN, 500, 0), (Fault.BROKEN_AFTER, 500, 1)],
)
async def test_the_sdk_sees_each_fault(fault: Fault, status: int, copies: int) -> None:
    async with a_client() as (client, twin, _):
        twin.faults.append(fault)
        with pytest.raises(TwilioRestException) as caught:
            await client.messages.create_async(to=TO, from_=FROM, body="Hola")

    assert (caught.value.status, len(twin.said(ROSA))) == (status, copies)


async def test_a_fault_waits_for_the_request_that_it_fits() -> None:
    async with a_client() as (client, twin, doors):
        twin.faults.extend([Fault.WEBHOOK_TWICE, Fault.FLOOD])
        await client.messages.create_async(to=TO, from_=FROM, body="Hola")
        await twin.send(ROSA, "Hola")
        with pytest.raises(TwilioRestException):
            await client.messages.create_async(to=TO, from_=FROM, body="Hola")

    assert len(doors.arrivals) == 1
    assert not twin.faults


async def test_templates_are_listed_with_their_approval() -> None:
    async with a_client() as (client, twin, _):
        twin.learn("saludo", {"twilio/text": {"body": "Hola {{1}}"}}, {"1": "Rosa"}, "pending")
        notice, greeting = await client.content.v1.content_and_approvals.list_async()
        plain = await client.content.v1.contents.list_async()

    assert (notice.friendly_name, notice.approval_requests["status"]) == ("ventanilla_aviso", "approved")
    assert (greeting.variables, greeting.types) == ({"1": "Rosa"}, {"twilio/text": {"body": "Hola {{1}}"}})
    assert [content.sid for content in plain] == [notice.sid, greeting.sid]


@pytest.mark.parametrize("title", ["Una etiqueta demasiado larga", ""])
async def test_content_that_whatsapp_refuses_is_reported_and_not_shown(title: str) -> None:
    async with a_client() as (client, twin, _):
        actions = [{"type": "QUICK_REPLY", "title": "{{1}}", "id": "x"}]
        made = twin.learn("uno", {"twilio/quick-reply": {"body": "¿Sí?", "actions": actions}})
        sent = await client.messages.create_async(
            to=TO, from_=FROM, content_sid=made.sid, content_variables=f'{{"1": "{title}"}}'
        )
        fetched = await client.messages(sent.sid).fetch_async()

    assert (fetched.status, fetched.error_code) == ("undelivered", 63021)
