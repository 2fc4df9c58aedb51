"""Choices to press and templates, inside and outside the 24 hours."""

import pytest

from cases.traffic import Choice, TemplateUse
from cases.vocabulary import DeliveryState
from intake.channels.channel import Refusal, Unknown
from intake.channels.simulated.twilio import TwilioTwin
from intake.channels.whatsapp.kind import WHATSAPP
from tests.intake.channels.whatsapp.stand_ins import NOW, OFFERS, ROSA, YES_NO, a_parcel, a_scene, hours


async def test_choices_are_numbered_where_no_template_is_registered() -> None:
    async with a_scene() as scene:
        await scene.channel.send(a_parcel("Esto puede ayudarle:", choices=OFFERS))
        first = scene.last().body
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=YES_NO))

    assert first == (
        "Esto puede ayudarle:\n1. Recuperar la contraseña de Ciudadanía Digital\n"
        "2. Borrar los datos del navegador\nResponda con el número."
    )
    assert scene.last().body == "¿Esto resolvió su problema? Responda *sí* o *no*."


async def test_short_choices_are_buttons_and_pressing_sends_the_payload() -> None:
    async with a_scene(prepare=TwilioTwin.learn_choices) as scene:
        sid = await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=YES_NO))
        bubble = scene.last()
        assert await scene.twin.press(ROSA, sid, 1) == 204

    assert (bubble.body, bubble.opener, bubble.error) == ("¿Esto resolvió su problema?", "", None)
    assert [(button.title, button.id) for button in bubble.buttons] == [("Sí", "sí"), ("No", "no")]
    [message] = scene.doors.messages()
    assert (message.text, message.choice, message.references) == ("No", "no", (sid,))


async def test_long_choices_are_a_list_that_shows_them_whole() -> None:
    async with a_scene(prepare=TwilioTwin.learn_choices) as scene:
        sid = await scene.channel.send(a_parcel("Esto puede ayudarle:", choices=OFFERS))
        bubble = scene.last()
        await scene.twin.press(ROSA, sid, 0)

    assert bubble.opener == "Ver opciones"
    assert [(button.title, button.line) for button in bubble.buttons] == [
        ("Recuperar la contraseña…", "Recuperar la contraseña de Ciudadanía Digital"),
        ("Borrar los datos del na…", "Borrar los datos del navegador"),
    ]
    [message] = scene.doors.messages()
    assert (message.text, message.choice) == ("Recuperar la contraseña…", "1")


@pytest.mark.parametrize("count", range(1, 11))
async def test_up_to_ten_choices_can_be_pressed(count: int) -> None:
    choices = tuple(Choice(f"Opción {n}", f"p{n}") for n in range(count))
    async with a_scene(prepare=TwilioTwin.learn_choices) as scene:
        sid = await scene.channel.send(a_parcel("Elija:", choices=choices))
        await scene.twin.press(ROSA, sid, count - 1)

    assert bool(scene.last().opener) is False
    assert len(scene.twin.phones[ROSA][0].buttons) == count
    assert bool(scene.twin.phones[ROSA][0].opener) is (count > 3)
    assert scene.doors.messages()[0].choice == f"p{count - 1}"


@pytest.mark.parametrize(
    ("body", "choices"),
    [
        ("x" * 1025, YES_NO),
        ("Elija:", tuple(Choice(f"Opción {n}", f"p{n}") for n in range(11))),
        ("Elija:", (Choice("Sí", "sí"), Choice("Sí", "si"))),
        ("Elija:", (Choice("Sí", "x" * 201), Choice("No", "no"))),
    ],
)
async def test_what_does_not_fit_on_buttons_is_a_text(body: str, choices: tuple[Choice, ...]) -> None:
    async with a_scene(prepare=TwilioTwin.learn_choices) as scene:
        await scene.channel.send(a_parcel(body, choices=choices))

    assert scene.last().buttons == []
    assert scene.last().body.startswith(body)


async def test_choices_that_no_longer_fit_under_their_text_follow_it() -> None:
    async with a_scene() as scene:
        first = await scene.channel.send(a_parcel("x" * 1590, choices=OFFERS))

    assert len(scene.twin.said(ROSA)[0]) == 1590
    assert scene.twin.said(ROSA)[1].startswith("1. Recuperar")
    assert scene.twin.phones[ROSA][0].sid == first


async def test_a_part_that_is_half_out_goes_on_where_it_stopped() -> None:
    parcel = a_parcel("x" * 1590, choices=OFFERS)
    async with a_scene() as scene:
        first = await scene.channel.send(parcel)
        scene.twin.phones[ROSA].pop()  # as if the process had died between the two

        assert await scene.channel.find(parcel, NOW) == []
        assert await scene.channel.send(parcel) == first
        assert await scene.channel.find(parcel, NOW) == [first]

    assert len(scene.twin.phones[ROSA]) == 2


@pytest.mark.parametrize("choices", [YES_NO, OFFERS])
async def test_a_part_is_found_again_whatever_was_registered_when_it_went_out(
    choices: tuple[Choice, ...],
) -> None:
    parcel = a_parcel("¿Qué necesita?", choices=choices)
    async with a_scene(prepare=TwilioTwin.learn_choices) as scene:
        pressed = await scene.channel.send(parcel)
        known, scene.doors.register = scene.doors.register, []
        assert await scene.channel.find(parcel, NOW) == [pressed]
        scene.twin.phones[ROSA].clear()
        numbered = await scene.channel.send(parcel)
        scene.doors.register = known
        assert await scene.channel.find(parcel, NOW) == [numbered]
        scene.twin.phones[ROSA].clear()
        assert await scene.channel.find(parcel, NOW) == []


async def test_a_template_goes_out_with_what_stands_in_its_places() -> None:
    async with a_scene() as scene:
        [notice] = await scene.doors.templates(WHATSAPP.name)
        parcel = a_parcel("…", template=TemplateUse(notice.sid, {"1": "2026-000123"}))
        sid = await scene.channel.send(parcel)
        assert await scene.channel.find(parcel, NOW) == [sid]
        other = a_parcel("…", template=TemplateUse(notice.sid, {"1": "2026-000124"}))
        assert await scene.channel.find(other, NOW) == []
        with pytest.raises(Unknown):
            await scene.channel.find(a_parcel(template=TemplateUse("HXgone", {})), NOW)
        with pytest.raises(Refusal, match="plantilla"):
            await scene.channel.send(a_parcel(template=TemplateUse("HXgone", {})))

    assert (
        scene.last().body
        == "Tenemos novedades sobre su caso 2026-000123. Responda a este mensaje para leerlas."
    )


async def test_outside_the_24_hours_a_text_is_reported_and_a_template_arrives() -> None:
    async with a_scene() as scene:
        await scene.twin.send(ROSA, "Hola")
        scene.doors.moment = NOW + hours(24.1)
        await scene.channel.send(a_parcel())
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)
        [notice] = await scene.doors.templates(WHATSAPP.name)
        await scene.channel.send(a_parcel(template=TemplateUse(notice.sid, {"1": "2026-000123"})))
        await scene.doors.until(lambda: len(scene.doors.reports) == 4)

    assert "Se cerró la ventana de 24 horas" in (scene.doors.reports[1][2] or "")
    assert scene.doors.reports[3][1] is DeliveryState.DELIVERED


async def test_outside_the_24_hours_buttons_do_not_go_out_and_a_phone_unheard_of_is_outside_if_so_wished() -> (
    None
):
    def prepare(twin: TwilioTwin) -> None:
        twin.learn_choices()
        twin.strict = True

    async with a_scene(prepare=prepare) as scene:
        await scene.channel.send(a_parcel("¿Esto resolvió su problema?", choices=YES_NO))
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)

    assert "63016" in (scene.doors.reports[1][2] or "")


async def test_a_blocked_desk_and_a_person_who_said_stop() -> None:
    async with a_scene() as scene:
        scene.twin.hands.block(ROSA, blocks=True)
        await scene.channel.send(a_parcel())
        await scene.doors.until(lambda: len(scene.doors.reports) == 2)
        scene.twin.opted_out.add(ROSA)
        with pytest.raises(Refusal, match="STOP") as caught:
            await scene.channel.send(a_parcel())

    assert scene.doors.reports[1][3] is True
    assert caught.value.unreachable
