"""The register of templates, Twilio's list of messages, and what the twin shows over HTTP."""

import aiohttp
import pytest

from cases.vocabulary import DeliveryState, Direction
from intake.channels.channel import Later, Lists, Unknown
from intake.channels.simulated.twilio import Bubble, Fault, TwilioTwin
from intake.channels.whatsapp.kind import WHATSAPP
from intake.channels.whatsapp.settings import WhatsAppSettings
from intake.channels.whatsapp.translate import translate
from tests.intake.channels.whatsapp.stand_ins import (
    DESK,
    NOW,
    ROSA,
    YES_NO,
    FakeDoors,
    a_parcel,
    a_scene,
    hours,
)


async def test_the_register_is_taken_over_with_languages_variables_and_status() -> None:
    def prepare(twin: TwilioTwin) -> None:
        types = {
            "twilio/text": {"body": "Hola {{nombre}}, caso {{10}} y {{2}}"},
            "twilio/quick-reply": {"body": "¿Sigue, {{1}}?", "actions": [{"title": "{{2}}", "id": "x"}]},
        }
        twin.learn("dos_formas", types, {"1": "Rosa"}, "approved", "es_MX")
        twin.learn("solo_texto", {"twilio/text": types["twilio/text"]}, {}, "Rejected")

    async with a_scene(prepare=prepare) as scene:
        await scene.doors.until(lambda: scene.doors.register is not None)
        kept = {template.name: template for template in scene.doors.register or []}

    assert set(kept) == {"ventanilla_aviso", "dos_formas", "solo_texto"}
    both = kept["dos_formas"]
    assert (both.kind, both.language, both.status) == ("twilio/quick-reply", "es_MX", "approved")
    assert (both.body, both.variables) == ("¿Sigue, {{1}}?", ("1", "2"))
    assert kept["solo_texto"].variables == ("2", "10", "nombre")
    assert kept["solo_texto"].status == "rejected"


async def test_many_templates_are_many_pages() -> None:
    def prepare(twin: TwilioTwin) -> None:
        for number in range(1100):
            twin.learn(f"t{number}", {"twilio/text": {"body": "x"}})

    async with a_scene(prepare=prepare) as scene:
        assert len(scene.doors.register or []) == 1101
        assert await scene.channel.sync() == 1101


async def test_a_register_that_cannot_be_read_is_read_later() -> None:
    async with a_scene(
        prepare=lambda twin: twin.faults.extend([Fault.BROKEN, Fault.CUT, Fault.CUT, Fault.FLOOD])
    ) as scene:
        assert len(scene.doors.register or []) == 1


async def test_the_templates_for_choices_are_registered_once() -> None:
    async with a_scene() as scene:
        assert await scene.channel.register.add_choices() == 13
        assert await scene.channel.register.add_choices() == 0
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=YES_NO))

    assert [button.title for button in scene.last().buttons] == ["Sí", "No"]


async def test_what_twilio_lists_both_ways_can_be_compared_and_taken_in() -> None:
    async with a_scene() as scene:
        assert isinstance(scene.channel, Lists)
        await scene.twin.send(ROSA, "ayer")
        scene.doors.moment = NOW + hours(2)
        scene.twin.faults.append(Fault.WEBHOOK_MISSING)
        assert await scene.twin.send_file(ROSA, b"\xff\xd8 photo", "image/jpeg", "Me sale esto") == 0
        sid = await scene.channel.send(a_parcel())
        scene.doors.moment = NOW + hours(30)
        await scene.twin.send(ROSA, "mañana")
        incoming, outgoing = await scene.channel.listing(NOW + hours(1), NOW + hours(25))
        assert incoming.payload is not None
        whole = await scene.channel.complete(incoming.payload)

    assert (outgoing.provider_id, outgoing.direction, outgoing.address) == (sid, Direction.OUT, ROSA)
    assert outgoing.payload is None
    assert (incoming.direction, incoming.address, incoming.at) == (Direction.IN, ROSA, NOW + hours(2))
    message = translate(incoming.payload, incoming.at)
    assert message.text == "Me sale esto\n[Adjunto: image/jpeg]"
    assert message.provider_id == incoming.provider_id
    assert translate(whole, incoming.at).attachments[0].content == b"\xff\xd8 photo"


async def test_a_long_list_is_read_to_its_end() -> None:
    async with a_scene() as scene:
        for number in range(1201):
            bubble = Bubble(f"SM{number:032}", "out", "x", NOW, f"whatsapp:{ROSA}", f"whatsapp:{DESK}")
            scene.twin.phones[ROSA].append(bubble)
        assert len(await scene.channel.listing(NOW, NOW + hours(1))) == 1201


async def test_a_list_that_cannot_be_had_is_told() -> None:
    async with a_scene() as scene:
        scene.twin.faults.append(Fault.BROKEN)
        with pytest.raises(Unknown, match="Twilio no respondió"):
            await scene.channel.listing(NOW, NOW + hours(1))


async def test_faults_can_be_ordered_over_http_and_a_look_at_the_page_is_a_read_receipt() -> None:
    async with a_scene() as scene:
        ordered = f"{scene.url}/simulated/twilio/faults"
        async with scene.client.post(ordered, json={"faults": ["flood"]}) as answer:
            assert await answer.json() == {"faults": ["flood"]}
        async with scene.client.post(ordered, json={"faults": ["storm"]}) as answer:
            assert answer.status == 400
        with pytest.raises(Later):
            await scene.channel.send(a_parcel())
        await scene.channel.send(a_parcel())
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)
        await look(scene.client, f"{scene.url}/simulated/phone/{ROSA}?read")

    assert scene.doors.reports[-1][1] is DeliveryState.READ


async def look(client: aiohttp.ClientSession, url: str) -> None:
    async with client.get(url) as answer:
        assert answer.status == 200


def test_without_an_account_the_channel_is_off() -> None:
    for settings in (WhatsAppSettings(), WhatsAppSettings(twilio_account_sid="AC1")):
        assert WHATSAPP.open(settings, FakeDoors()) is None
