"""Twilio's webhooks in: who may post, what is kept, which files are fetched, what a report means."""

import asyncio
import base64
import hashlib
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import HMAC_SHA256, RequestValidator

from cases.vocabulary import DeliveryState
from intake.channels.simulated.twilio import Fault
from intake.channels.whatsapp.adapter import PATH
from intake.channels.whatsapp.client import Patience
from tests.intake.channels.whatsapp.stand_ins import (
    ACCOUNT,
    FORMER,
    ROSA,
    TOKEN,
    FakeDoors,
    Scene,
    a_scene,
    payload,
)

STATUS = "/channels/whatsapp/status"
PUBLIC = "https://mesa.example.bo"
PHOTO = b"\xff\xd8\xff\xe0 a photo"


# Who may post


async def test_a_signed_form_is_kept_as_it_came() -> None:
    async with a_scene() as scene:
        assert await scene.post(payload("text")) == 204

    [arrival] = scene.doors.arrivals
    assert (arrival.provider_id, arrival.sender) == ("SM" + "a" * 32, ROSA)
    assert arrival.payload.startswith(b"SmsMessageSid=SMaaaa")
    assert b"\0" not in arrival.payload


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        (PUBLIC, PUBLIC + PATH),
        (PUBLIC, "https://mesa.example.bo:443" + PATH),
        (f"{PUBLIC}:443", PUBLIC + PATH),
        (f"{PUBLIC}:8443", f"{PUBLIC}:8443" + PATH),
        (f"{PUBLIC}:8443", PUBLIC + PATH),
        (f"{PUBLIC}/", PUBLIC + PATH),
        ("http://mesa.example.bo", "http://mesa.example.bo:80" + PATH),
    ],
)
async def test_behind_a_proxy_the_public_address_counts_with_or_without_its_port(
    public: str, signed: str
) -> None:
    async with a_scene(public_url=public) as scene:
        assert await scene.post(payload("text"), signed_url=signed) == 204
        forwarded = {"X-Forwarded-Host": "mesa.example.bo", "X-Forwarded-Proto": "https"}
        assert await scene.post(payload("text"), signed_url=signed, headers=forwarded) == 204
        elsewhere = "https://otra.example.bo" + PATH
        assert await scene.post(payload("text"), signed_url=elsewhere, headers=forwarded) == 403

    assert scene.doors.aside == ["forged"]


async def test_the_query_is_signed_too() -> None:
    async with a_scene() as scene:
        assert await scene.post(payload("text"), PATH + "?mesa=1%202&x") == 204
        assert await scene.post(payload("text"), PATH + "?mesa=2", signed_url=scene.url + PATH) == 403


async def test_all_values_of_a_repeated_field_are_signed_and_the_first_counts() -> None:
    form = MultiDict([*payload("text").items(), ("Body", "otro"), ("Tag", "b"), ("Tag", "a")])
    async with a_scene() as scene:
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(scene.url + PATH, form)}
        async with scene.client.post(scene.url + PATH, data=form, headers=headers) as answer:
            assert answer.status == 204

    assert scene.doors.messages()[0].text == "No carga la página de pagos"


async def test_the_token_before_a_rotation_is_still_good_and_no_other() -> None:
    async with a_scene(twilio_previous_auth_token=FORMER) as scene:
        assert [await scene.post(payload("text"), token=token) for token in (TOKEN, FORMER, "forged")] == [
            204,
            204,
            403,
        ]


async def test_the_newer_signature_is_read_and_an_unknown_one_refused() -> None:
    form = payload("text")
    async with a_scene() as scene:
        signature = RequestValidator(TOKEN).compute_signature(scene.url + PATH, form, HMAC_SHA256)
        for algorithm, status in (("HMAC_SHA256", 204), ("HMAC_SHA512", 403)):
            headers = {
                "X-Twilio-Signature": signature,
                "X-Twilio-Webhooks-Signature-Settings": f"key=webhooks_sharedkey_x,algorithm={algorithm}",
            }
            async with scene.client.post(scene.url + PATH, data=form, headers=headers) as answer:
                assert answer.status == status


async def test_a_body_that_is_no_form_is_refused_whoever_signed_it() -> None:
    body = b'{"Body": "Hola"}'
    async with a_scene() as scene:
        url = f"{scene.url}{PATH}?bodySHA256={hashlib.sha256(body).hexdigest()}"
        good = RequestValidator(TOKEN).compute_signature(url, {})
        for signature, status in ((good, 415), ("forged", 403)):
            headers = {"X-Twilio-Signature": signature, "Content-Type": "application/json"}
            async with scene.client.post(url, data=body, headers=headers) as answer:
                assert answer.status == status

    assert scene.doors.aside == ["unreadable", "forged"]
    assert scene.doors.arrivals == []


async def test_unsigned_and_unreadable_bodies_are_forged() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with a_scene() as scene:
        for body in (b"", b"Body=Hola", b"\xff\xfe", b"\0" * 100_000):
            async with scene.client.post(scene.url + PATH, data=body, headers=form) as answer:
                assert answer.status == 403

    assert scene.doors.aside == ["forged"] * 4


async def test_a_form_without_an_id_is_set_aside_and_not_asked_for_again() -> None:
    async with a_scene() as scene:
        form = payload("text", MessageSid="", SmsSid="", SmsMessageSid="")
        assert await scene.post(form) == 204

    assert scene.doors.aside == ["no-id"]


async def test_what_cannot_be_kept_is_not_confirmed() -> None:
    async with a_scene(FakeDoors(full=True)) as scene:
        assert await scene.post(payload("text")) == 503


async def test_a_message_that_is_posted_twice_is_one() -> None:
    async with a_scene() as scene:
        scene.twin.faults.append(Fault.WEBHOOK_TWICE)
        assert await scene.twin.send_file(ROSA, PHOTO, "image/jpeg", "Me sale esto") == 204

    [message] = scene.doors.messages()
    assert message.attachments[0].content == PHOTO


# Files


async def test_a_photo_is_fetched_with_the_accounts_password_and_follows_twilio_to_its_files() -> None:
    async with a_scene() as scene:
        assert await scene.twin.send_file(ROSA, PHOTO, "image/jpeg", "Me sale esto") == 204

    [message] = scene.doors.messages()
    assert message.text == "Me sale esto\n[Adjunto: image/jpeg]"
    assert [(file.media_type, file.content) for file in message.attachments] == [("image/jpeg", PHOTO)]
    assert scene.doors.arrivals[0].payload.startswith(b"SmsMessageSid=MM")


def files_at(seen: list[tuple[str, str]], **answer: Any) -> web.RouteDef:
    """Serve files beside the twin, all with this answer; note who asks with which password."""

    async def give(request: web.Request) -> web.StreamResponse:
        seen.append((request.match_info["name"], request.headers.get("Authorization", "")))
        return web.Response(**answer)

    return web.get("/files/{name}", give)


async def taken(scene: Scene, url: str, kind: str = "image/jpeg") -> str:
    form = payload("image", MediaUrl0=url, MediaContentType0=kind, Body="")
    assert await scene.post(form) == 204
    return scene.doors.messages()[-1].text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.bo/x.jpg",
        "http://api.twilio.com/x",
        "https://api.twilio.com.example.bo/x",
        "https://api.twilio.com:8443/x",
        "https://user:pass@api.twilio.com/x",
        "https://media.twiliocdn.com@example.bo/x",
        "ftp://api.twilio.com/x",
        "//api.twilio.com/x",
        "file:///etc/passwd",
        "",
    ],
)
async def test_files_elsewhere_are_never_asked_for(url: str) -> None:
    async with a_scene() as scene:
        assert "no es de Twilio" in await taken(scene, url)


async def test_an_address_that_is_none_is_told_too() -> None:
    async with a_scene() as scene:
        assert "no lo entregó" in await taken(scene, "https://api.twilio.com:port/x")


async def test_a_redirect_elsewhere_is_not_followed() -> None:
    seen: list[tuple[str, str]] = []
    there = {"Location": "http://169.254.169.254/latest"}
    async with a_scene(more=[files_at(seen, status=302, headers=there)]) as scene:
        assert "no es de Twilio" in await taken(scene, f"{scene.url}/files/moved")

    assert [name for name, _ in seen] == ["moved"]


async def test_redirects_end() -> None:
    seen: list[tuple[str, str]] = []
    async with a_scene(more=[files_at(seen, status=307, headers={"Location": "round"})]) as scene:
        assert "no lo entregó" in await taken(scene, f"{scene.url}/files/round")

    assert len(seen) == 4
    assert {password for _, password in seen} == {aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}


async def test_a_file_that_is_too_large_is_told_and_the_message_kept() -> None:
    async with a_scene(more=[files_at([], body=b"x" * 2000)], whatsapp_media_max=1000) as scene:
        assert "no se pudo traer: pesa más de" in await taken(scene, f"{scene.url}/files/large")


@pytest.mark.parametrize(
    ("kind", "is_taken"),
    [
        ("image/png", True),
        ("AUDIO/OGG; codecs=opus", True),
        ("video/mp4", True),
        ("application/pdf", True),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", True),
        ("application/vnd.ms-excel", True),
        ("text/plain", True),
        ("text/x-vcard", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/zip", False),
        ("application/vnd.android.package-archive", False),
        ("", False),
    ],
)
async def test_only_some_types_are_taken(kind: str, *, is_taken: bool) -> None:
    seen: list[tuple[str, str]] = []
    async with a_scene(more=[files_at(seen, body=b"x")]) as scene:
        text = await taken(scene, f"{scene.url}/files/x", kind)

    assert ("no se aceptan" not in text) is bool(seen) is is_taken


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.FLOOD, Fault.RESET, Fault.CUT])
async def test_whatever_becomes_of_a_file_its_message_is_kept(fault: Fault) -> None:
    async with a_scene() as scene:
        scene.twin.faults.extend([fault, fault])  # a connection that was kept open is tried a second time
        assert await scene.twin.send_file(ROSA, PHOTO, "image/jpeg", "Me sale esto") == 204

    [message] = scene.doors.messages()
    assert message.text.startswith("Me sale esto\n[Adjunto: image/jpeg; no se pudo traer: ")


async def test_a_file_that_does_not_come_in_time_does_not_hold_the_message_up() -> None:
    patience = Patience(files=0.05, pauses=(0,))
    async with a_scene(patience=patience) as scene:
        scene.twin.faults.append(Fault.UNANSWERED)
        assert await scene.twin.send_file(ROSA, PHOTO, "image/jpeg") == 204

    assert "no lo entregó a tiempo" in scene.doors.messages()[0].text


# Reports


def a_report(status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": "SMx", "SmsSid": "SMx", "MessageStatus": status, "AccountSid": ACCOUNT} | more


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", DeliveryState.SENT),
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
        ("read", DeliveryState.READ),
        ("failed", DeliveryState.FAILED),
        ("undelivered", DeliveryState.FAILED),
        ("canceled", DeliveryState.FAILED),
    ],
)
async def test_each_status_is_passed_on(status: str, state: DeliveryState) -> None:
    async with a_scene() as scene:
        assert await scene.post(a_report(status), STATUS) == 204

    [(name, told, reason, unreachable)] = scene.doors.reports
    assert (name, told, unreachable) == ("SMx", state, False)
    assert (reason is not None) is (state is DeliveryState.FAILED)


@pytest.mark.parametrize(
    ("code", "words", "unreachable"),
    [
        ("63016", "24 horas", False),
        ("63003", "no encuentra ese número", True),
        ("63024", "no puede recibir", True),
        ("21610", "STOP", True),
        ("63032", "Meta", False),
        ("63049", "al menos un día", False),
        ("63018", "demasiados", False),
        ("99999", "Twilio no pudo entregar", False),
    ],
)
async def test_a_failure_says_why_and_what_to_do(code: str, words: str, *, unreachable: bool) -> None:
    async with a_scene() as scene:
        await scene.post(
            a_report("undelivered", ErrorCode=code, ChannelStatusMessage="131026 not \n delivered"), STATUS
        )

    [(_, state, reason, told)] = scene.doors.reports
    assert (state, told) == (DeliveryState.FAILED, unreachable)
    assert reason is not None
    assert words in reason
    assert f"(código {code})" in reason
    assert reason.endswith("WhatsApp dice: «131026 not delivered».")


async def test_a_report_that_says_nothing_is_taken_and_forgotten() -> None:
    async with a_scene() as scene:
        for form in (a_report("wondering"), {"MessageStatus": "sent"}, {"x": "y"}):
            assert await scene.post(form, STATUS) == 204
        assert await scene.post(a_report("sent"), STATUS, token="forged") == 403

    assert scene.doors.reports == []
    assert scene.doors.aside == ["forged"]


# Several numbers, and what else comes by the phones


async def test_the_number_that_was_written_to_is_kept() -> None:
    async with a_scene() as scene:
        await scene.twin.send(ROSA, "Hola", to="+59170000098")

    assert scene.doors.messages()[0].recipient == "+59170000098"


async def act(scene: Scene, **what: Any) -> tuple[int, Any]:
    phone = f"{scene.url}/simulated/phone/{ROSA}"
    async with scene.client.post(phone, json=what) as answer:
        return answer.status, await answer.json()


async def test_a_phones_page_writes_sends_files_and_places() -> None:
    photo = base64.b64encode(PHOTO).decode()
    async with a_scene() as scene:
        assert await act(scene, text="Hola", name="Rosa") == (200, {"status": 204})
        assert await act(scene, file=photo, type="image/png") == (200, {"status": 204})
        assert await act(scene, file=photo, type="application/pdf", file_name="guía.pdf") == (
            200,
            {"status": 204},
        )
        assert await act(scene, location=[-16.5, -68.15]) == (200, {"status": 204})
        for wrong in ({}, {"press": 0, "under": "SMx"}, {"file": "%", "type": "image/png"}, {"location": 3}):
            assert (await act(scene, **wrong))[0] == 400
        async with scene.client.get(f"{scene.url}/simulated/phone/{ROSA}") as answer:
            bubbles = await answer.json()

    texts = [message.text for message in scene.doors.messages()]
    assert texts == [
        "Hola",
        "[Adjunto: image/png]",
        "guía.pdf\n[Adjunto: application/pdf]",
        "[Ubicación: -16.5, -68.15]",
    ]
    assert scene.doors.messages()[2].attachments[0].name == "guía.pdf"
    assert [bubble["direction"] for bubble in bubbles] == ["in"] * 4


async def test_many_at_once_are_all_kept() -> None:
    async with a_scene() as scene:
        numbers = [f"+591700000{n:02}" for n in range(30)]
        statuses = await asyncio.gather(*(scene.twin.send(number, "Hola") for number in numbers))

    assert set(statuses) == {204}
    assert sorted(arrival.sender for arrival in scene.doors.arrivals) == numbers
