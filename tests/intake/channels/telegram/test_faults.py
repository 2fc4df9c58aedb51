"""Every fault at every point of a conversation: nothing is lost, nothing is doubled, what is uncertain says so."""

from dataclasses import replace

import pytest

from cases.model import Attachment, Parcel
from cases.traffic import Choice
from intake.channels.channel import Later, Refusal, Unknown
from intake.channels.simulated.telegram import Fault
from intake.channels.simulated.telegram_screen import OF_WEBHOOK
from tests.intake.channels.telegram.stand_ins import IMPATIENT, PNG, ROSA, FakeDoors, Scene, a_parcel, a_scene

ANSWERS = (
    a_parcel("¿Esto resolvió su problema?", choices=(Choice("Sí", "solved:yes"), Choice("No", "solved:no"))),
    a_parcel("Vea la captura.", Attachment("captura.png", "image/png", PNG)),
    a_parcel("La guía.", Attachment("guia.pdf", "application/pdf", b"%PDF")),
)
METHODS = (
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "getFile",
    "answerCallbackQuery",
    "editMessageReplyMarkup",
)


async def deliver(scene: Scene, parcel: Parcel) -> str:
    """Send as the outbox does: again where it is to be tried later, never again where it may be out."""
    while True:
        try:
            await scene.channel.send(parcel)
        except Later:
            continue
        except Unknown:
            return "uncertain"
        except Refusal:
            return "refused"
        return "sent"


async def converse(scene: Scene) -> list[str]:
    """Write, get an answer, press a button, send a photo, change what was written; gives how the answers fared."""
    await scene.twin.send(ROSA, "No carga la pagina")
    fates = [await deliver(scene, parcel) for parcel in ANSWERS]
    asked = next((each for each in scene.twin.chats[ROSA] if each.markup), None)
    if asked is not None:
        await scene.twin.press(ROSA, "solved:no", asked.number)
    await scene.twin.send_photo(ROSA, PNG, "Sale esto")
    await scene.twin.edit(ROSA, scene.twin.chats[ROSA][0].number, "No carga la página")
    await scene.twin.updates.deliver()
    return fates


def check(scene: Scene, fates: list[str]) -> None:
    """Compare what each side has of the conversation."""
    heard = [message.text.partition("\n")[0] for message in scene.doors.messages()]
    pressed = ["No"] if any(each.markup for each in scene.twin.chats[ROSA]) else []
    assert sorted(heard) == sorted(["No carga la pagina", *pressed, "Sale esto", "No carga la página"])
    assert scene.twin.updates.pending == []
    said = scene.twin.said(ROSA)
    for parcel, fate in zip(ANSWERS, fates, strict=True):
        assert said.count(parcel.body) in {"sent": {1}, "uncertain": {0, 1}, "refused": {0}}[fate]


@pytest.mark.parametrize("fault", sorted(set(Fault) - OF_WEBHOOK))
@pytest.mark.parametrize("method", METHODS)
async def test_a_call_that_goes_wrong(method: str, fault: Fault) -> None:
    patience = replace(IMPATIENT, answer=0.2, upload=0.2, file=0.2)

    async with a_scene(prepare=lambda twin: twin.fail(method, fault), patience=patience) as scene:
        fates = await converse(scene)

    check(scene, fates)
    assert fates.count("sent") >= len(ANSWERS) - 1


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("fault", sorted(OF_WEBHOOK))
async def test_an_update_that_comes_twice_or_late(fault: Fault, place: int) -> None:
    async with a_scene(prepare=lambda twin: twin.updates.faults.extend([*[None] * place, fault])) as scene:
        fates = await converse(scene)

    check(scene, fates)
    assert fates == ["sent"] * len(ANSWERS)


@pytest.mark.parametrize("place", range(4))
async def test_an_update_that_cannot_be_kept(place: int) -> None:
    async with a_scene(FakeDoors(broken=[*[None] * place, OSError("disk full")])) as scene:
        fates = await converse(scene)

    check(scene, fates)
    assert fates == ["sent"] * len(ANSWERS)
