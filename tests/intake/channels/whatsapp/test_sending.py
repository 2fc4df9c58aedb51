"""Answers out by the real SDK: texts and files."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.model import Attachment, Parcel
from cases.vocabulary import DeliveryState
from intake.channels.channel import Refusal
from intake.channels.whatsapp.kind import WHATSAPP
from tests.intake.channels.whatsapp.stand_ins import DESK, NOW, ROSA, FakeDoors, Scene, a_parcel, a_scene

GUIDE = Attachment("guía.pdf", "application/pdf", b"%PDF-1.7 guide", 12)


def posts(scene: Scene) -> int:
    return sum(call.startswith("POST /2010") for call in scene.twin.calls)


async def test_a_text_arrives_and_its_delivery_is_reported() -> None:
    async with a_scene() as scene:
        sid = await scene.channel.send(a_parcel("Ya funciona, Rosa. ¡Gracias!"))
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)

    assert (scene.last().sid, scene.last().body) == (sid, "Ya funciona, Rosa. ¡Gracias!")
    assert [(name, state) for name, state, _, _ in scene.doors.reports] == [
        (sid, DeliveryState.SENT),
        (sid, DeliveryState.DELIVERED),
    ]


@pytest.mark.parametrize(
    ("settings", "desk", "sender", "service"),
    [
        ({}, DESK, DESK, None),
        ({}, None, DESK, None),
        ({}, "+59170000098", "+59170000098", None),
        ({"twilio_messaging_service_sid": "MG1"}, "+59170000098", "+59170000098", "MG1"),
        ({"twilio_messaging_service_sid": "MG1"}, None, DESK, "MG1"),
    ],
)
async def test_the_answer_goes_out_from_the_number_that_was_written_to(
    settings: dict[str, Any], desk: str | None, sender: str, service: str | None
) -> None:
    async with a_scene(**settings) as scene:
        await scene.channel.send(a_parcel(desk_address=desk))

    assert (scene.last().sender, scene.last().service) == (f"whatsapp:{sender}", service)


async def test_without_any_number_it_is_refused_with_the_settings_name() -> None:
    async with a_scene(twilio_whatsapp_from=None) as scene:
        with pytest.raises(Refusal, match="VENTANILLA_TWILIO_WHATSAPP_FROM"):
            await scene.channel.send(a_parcel(desk_address=None))


async def test_the_longest_text_is_one_message_and_nothing_is_none() -> None:
    async with a_scene() as scene:
        await scene.channel.send(a_parcel("ñ" * WHATSAPP.can.part_length))
        for body in ("x" * (WHATSAPP.can.part_length + 1), " \n "):
            with pytest.raises(Refusal):
                await scene.channel.send(a_parcel(body))

    assert len(scene.last().body) == 1600
    assert len(scene.twin.phones[ROSA]) == 1


def a_file(**changes: object) -> Parcel:
    return a_parcel("", attachments=(replace(GUIDE, **changes),))  # type: ignore[arg-type]


async def test_a_file_is_fetched_by_twilio_from_an_address_good_for_an_hour() -> None:
    async with a_scene(FakeDoors(files={12: GUIDE})) as scene:
        await scene.channel.send(a_file())
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)
        address = scene.channel._links.address(12)
        answers = []
        for time, url in (
            (NOW, address),
            (NOW + timedelta(minutes=59), address),
            (NOW + timedelta(minutes=61), address),
            (NOW, address[:-1]),
            (NOW, address.replace("/12.", "/13.")),
            (NOW, scene.channel._links.address(13)),
            (NOW, address.rpartition("/")[0] + "/ñ.1.x"),
        ):
            scene.doors.moment = time
            async with scene.client.get(url) as answer:
                answers.append(answer.status)
                if answer.ok:
                    assert await answer.read() == GUIDE.content
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
                    assert answer.headers["Content-Type"] == "application/pdf"
                    assert answer.content_disposition is not None
                    assert answer.content_disposition.filename == "guía.pdf"
        scene.doors.moment = NOW
        async with scene.client.head(address) as answer:
            assert answer.status == 200

    [file] = scene.last().files
    assert (file.media_type, file.content, file.name) == ("application/pdf", GUIDE.content, "guía.pdf")
    assert answers == [200, 200, 404, 404, 404, 404, 404]


async def test_a_file_that_twilio_cannot_fetch_is_reported() -> None:
    async with a_scene() as scene:
        await scene.channel.send(a_file())
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)

    assert "no pudo descargar el archivo" in (scene.doors.reports[-1][2] or "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": None},
        {"content": b""},
        {"content": b"x" * (16 * 1024 * 1024 + 1)},
        {"media_type": "image/png", "content": b"x" * (5 * 1024 * 1024 + 1)},
    ],
)
async def test_a_file_that_whatsapp_would_not_carry_is_refused(wrong: dict[str, object]) -> None:
    async with a_scene() as scene:
        with pytest.raises(Refusal, match=r"guía\.pdf"):
            await scene.channel.send(a_file(**wrong))
        assert posts(scene) == 0


async def test_one_key_before_a_rotation_still_opens_addresses() -> None:
    async with a_scene(FakeDoors(files={12: GUIDE})) as before:
        token = before.channel._links.address(12).rpartition("/")[2]
    rotated: dict[str, Any] = {"twilio_auth_token": "a-new-token", "twilio_previous_auth_token": "a-token"}
    doors = FakeDoors(files={12: GUIDE}, listens=False)
    async with (
        a_scene(doors, **rotated) as scene,
        scene.client.get(f"{scene.url}/channels/whatsapp/media/{token}") as answer,
    ):
        assert answer.status == 200
