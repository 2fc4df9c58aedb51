"""The way in by the webhook: nothing lost, nothing doubled, nothing taken from others."""

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from pydantic import ValidationError

from intake.channels.channel import Unknown
from intake.channels.simulated.telegram import Fault
from intake.channels.simulated.telegram_screen import OF_WEBHOOK
from intake.channels.telegram.adapter import PATH, SECRET_HEADER, open_telegram, webhook_secret
from intake.channels.telegram.files import LARGEST
from intake.channels.telegram.settings import TelegramSettings
from tests.intake.channels.telegram.stand_ins import (
    IMPATIENT,
    NOW,
    ROSA,
    TOKEN,
    FakeDoors,
    Scene,
    a_message,
    a_parcel,
    a_scene,
)

SECRET = "s3creto_de-prueba"


async def post(scene: Scene, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Post whatever one likes to the webhook."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{scene.url}{PATH}", data=body, headers=headers) as answer,
    ):
        return answer.status


async def test_without_a_token_the_channel_is_off() -> None:
    assert open_telegram(TelegramSettings(), FakeDoors()) is None
    assert open_telegram(TelegramSettings.model_validate({"telegram_token": ""}), FakeDoors()) is None


def test_a_secret_that_telegram_would_refuse_is_no_setting() -> None:
    with pytest.raises(ValidationError, match="256"):
        TelegramSettings.model_validate({"telegram_secret": "con espacio"})


async def test_telegram_is_told_where_to_call_and_with_which_secret() -> None:
    async with a_scene(telegram_secret=SECRET) as scene:
        assert scene.twin.updates.webhook == f"{scene.url}{PATH}"
        assert scene.twin.updates.secret == SECRET


async def test_without_a_secret_one_is_made_from_the_token() -> None:
    async with a_scene() as scene:
        made = scene.twin.updates.secret
        status = await scene.twin.send(ROSA, "Hola")

    assert made == webhook_secret(TelegramSettings(), TOKEN) != webhook_secret(TelegramSettings(), "2:other")
    assert len(made) == 64
    assert status == 200


async def test_the_start_does_not_wait_for_telegram_and_tries_until_it_is_there() -> None:
    faults = (Fault.RESET, Fault.BROKEN, Fault.CUT)

    async with a_scene(prepare=lambda twin: twin.fail("setWebhook", *faults)) as scene:
        await scene.heard("setWebhook", len(faults) + 1)

        assert scene.twin.updates.webhook == f"{scene.url}{PATH}"


async def test_what_was_written_before_telegram_knew_where_to_call_comes_then() -> None:
    async with a_scene(prepare=lambda twin: twin.fail("setWebhook", *[Fault.BROKEN] * 2)) as scene:
        early = await scene.twin.send(ROSA, "Hola")
        await scene.heard("setWebhook", 3)
        await scene.doors.holding(arrivals=1)

    assert early in (None, 200)
    assert [message.text for message in scene.doors.messages()] == ["Hola"]


async def test_a_node_that_only_sends_does_not_ask_for_updates() -> None:
    for mode in ("webhook", "polling"):
        async with a_scene(FakeDoors(listens=False), telegram_mode=mode) as scene:
            await scene.channel.send(a_parcel())

        assert scene.twin.calls == ["sendmessage"]


async def test_an_update_is_kept_as_it_came_and_then_acknowledged() -> None:
    async with a_scene(telegram_secret=SECRET) as scene:
        body = json.dumps({"update_id": 10000, "message": a_message(text="Hola")}, indent=1).encode()
        status = await post(scene, body, {SECRET_HEADER: SECRET})

    [arrival] = scene.doors.arrivals
    assert status == 200
    assert (arrival.provider_id, arrival.sender, arrival.payload) == (f"{ROSA}:1365", str(ROSA), body)
    assert arrival.at == NOW


async def test_the_same_update_again_is_one_message_and_the_same_answer() -> None:
    async with a_scene() as scene:
        update = {"update_id": 10000, "message": a_message(text="Hola")}
        statuses = [await scene.twin.updates.post(update) for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert len(scene.doors.arrivals) == 1


async def test_an_update_that_cannot_be_kept_comes_again() -> None:
    async with a_scene(FakeDoors(broken=[OSError("disk full")])) as scene:
        refused = await scene.twin.send(ROSA, "Hola")
        [waiting] = scene.twin.updates.pending
        taken = await scene.twin.updates.post(waiting)

    assert (refused, taken) == (500, 200)
    assert [message.text for message in scene.doors.messages()] == ["Hola"]


@pytest.mark.parametrize(
    "headers",
    [None, {SECRET_HEADER: ""}, {SECRET_HEADER: "s3creto_de-pruebA"}, {SECRET_HEADER: "ñ"}],
)
async def test_a_forged_update_is_refused_and_set_aside_unread(headers: dict[str, str] | None) -> None:
    async with a_scene(telegram_secret=SECRET) as scene:
        status = await post(scene, b"{not json" * 10_000, headers)

    assert status == 403
    assert scene.doors.arrivals == []
    assert [(reason, len(payload)) for reason, payload in scene.doors.aside] == [("forged", 65_536)]


@pytest.mark.parametrize(
    ("body", "reason"), [(b"{not json", "unreadable"), (b'{}\0{"missing":null}\0x', "unreadable"), (b"{}", "no-id")]
)  # fmt: skip
async def test_what_cannot_be_read_is_set_aside_and_not_asked_for_again(body: bytes, reason: str) -> None:
    async with a_scene(telegram_secret=SECRET) as scene:
        status = await post(scene, body, {SECRET_HEADER: SECRET})

    assert status == 200
    assert scene.doors.aside == [(reason, body)]


async def test_an_update_of_another_kind_is_kept_under_its_own_number() -> None:
    async with a_scene() as scene:
        await scene.twin.updates.post({"update_id": 10000, "inline_query": {"id": "1", "from": {"id": ROSA}}})

    assert [arrival.provider_id for arrival in scene.doors.arrivals] == ["update:10000"]


async def test_a_photo_comes_with_its_content() -> None:
    async with a_scene() as scene:
        photo = [{"file_id": scene.twin.keep(b"\x89PNG\0"), "width": 9, "height": 9}]
        await scene.twin.send(ROSA, photo=photo, caption="Sale esto")

    [message] = scene.doors.messages()
    assert message.text == "Sale esto\n[Foto]"
    assert [(file.media_type, file.content) for file in message.attachments] == [("image/jpeg", b"\x89PNG\0")]


@pytest.mark.parametrize("fault", sorted(set(Fault) - OF_WEBHOOK))
async def test_a_file_that_cannot_be_fetched_does_not_lose_its_message(fault: Fault) -> None:
    def prepare(twin: Any) -> None:
        twin.fail("getFile", fault)

    async with a_scene(prepare=prepare, patience=replace(IMPATIENT, file=0.2)) as scene:
        status = await scene.twin.send(ROSA, photo=[{"file_id": scene.twin.keep(b"x")}])

    [message] = scene.doors.messages()
    assert status == 200
    assert message.text == "[Foto]\n[El archivo no se pudo traer: Telegram no lo entregó]"


async def test_files_beyond_the_limit_or_elsewhere_are_not_fetched() -> None:
    async with a_scene() as scene:
        huge, large = scene.twin.keep(b"x" * (LARGEST + 1)), scene.twin.keep(b"x")
        await scene.twin.send(ROSA, document={"file_id": huge})
        await scene.twin.send(ROSA, document={"file_id": large, "file_size": LARGEST + 1})
        await scene.twin.send(ROSA, document={"file_id": "unknown"})
        scene.twin.files["../../a"] = b"x"
        await scene.twin.send(ROSA, document={"file_id": "../../a"})

    texts = [message.text.rpartition(": ")[2] for message in scene.doors.messages()]
    assert texts == [
        "pesa más de 20 MB]",
        "pesa más de 20 MB]",
        "Telegram no lo entregó]",
        "Telegram no lo entregó]",
    ]
    assert scene.twin.calls.count("getfile") == 3


async def test_telegram_cannot_be_asked_what_was_sent() -> None:
    async with a_scene() as scene:
        with pytest.raises(Unknown):
            await scene.channel.find(a_parcel(), NOW)
