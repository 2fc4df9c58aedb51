"""What goes wrong when something is sent, and what each failure leads to."""

from datetime import timedelta

import pytest

from cases.vocabulary import DeliveryState
from intake.channels.channel import Later, NotSent, Refusal, Unknown
from intake.channels.simulated.twilio import Fault
from intake.channels.whatsapp.client import Patience
from intake.channels.whatsapp.faults import FAULTS, explained, verdict
from tests.intake.channels.whatsapp.stand_ins import (
    NOW,
    ROSA,
    FakeDoors,
    Scene,
    a_parcel,
    a_scene,
)


def posts(scene: Scene) -> int:
    return sum(call.startswith("POST /2010") for call in scene.twin.calls)


@pytest.mark.parametrize(
    ("fault", "outcome", "copies"),
    [
        (Fault.RESET, Unknown, 0),
        (Fault.BROKEN, Unknown, 0),
        (Fault.FLOOD, Later, 0),
        (Fault.CUT, Unknown, 1),
        (Fault.BROKEN_AFTER, Unknown, 1),
        (Fault.UNANSWERED, Unknown, 1),
    ],
)
async def test_after_each_fault_twilio_is_asked_before_anything_is_repeated(
    fault: Fault, outcome: type[NotSent], copies: int
) -> None:
    async with a_scene(patience=Patience(total=0.3, pauses=(0,))) as scene:
        scene.twin.faults.append(fault)
        with pytest.raises(outcome):
            await scene.channel.send(a_parcel())
        found = await scene.channel.find(a_parcel(), NOW)
        assert posts(scene) == 1

    assert len(found) == len(scene.twin.phones[ROSA]) == copies


async def test_a_flood_says_how_long_to_wait() -> None:
    async with a_scene() as scene:
        scene.twin.faults.append(Fault.FLOOD)
        with pytest.raises(Later, match="más despacio") as caught:
            await scene.channel.send(a_parcel())

    assert caught.value.after == timedelta(seconds=scene.twin.retry_after)


async def test_reports_may_come_first_twice_reordered_or_never() -> None:
    async with a_scene() as scene:
        for fault in (
            Fault.REPORTS_FIRST,
            Fault.REPORTS_TWICE,
            Fault.REPORTS_REORDERED,
            Fault.REPORTS_MISSING,
        ):
            scene.twin.faults.append(fault)
            await scene.channel.send(a_parcel(fault))
        await scene.channel.send(a_parcel("fin"))
        await scene.doors.until(lambda: len(scene.doors.reports) == 2 + 4 + 2 + 0 + 2)

    names = [bubble.sid for bubble in scene.twin.phones[ROSA]]
    states = [[state for name, state, _, _ in scene.doors.reports if name == sid] for sid in names]
    sent, delivered = DeliveryState.SENT, DeliveryState.DELIVERED
    assert states == [
        [sent, delivered],
        [sent, sent, delivered, delivered],
        [delivered, sent],
        [],
        [sent, delivered],
    ]


async def test_a_wrong_password_waits_for_whoever_can_mend_it() -> None:
    async with a_scene(FakeDoors(listens=False), twilio_auth_token="wrong") as scene:
        with pytest.raises(Later, match="VENTANILLA_TWILIO_AUTH_TOKEN") as caught:
            await scene.channel.send(a_parcel())
        with pytest.raises(Unknown):
            await scene.channel.find(a_parcel(), NOW)

    assert caught.value.after == timedelta(minutes=10)


async def test_a_twilio_that_is_not_there_is_tried_later() -> None:
    doors = FakeDoors(listens=False)
    async with a_scene(doors, twilio_api_url="http://127.0.0.1:9/x") as scene:
        with pytest.raises(Later, match="No se pudo conectar"):
            await scene.channel.send(a_parcel())
        for asking in (scene.channel.find(a_parcel(), NOW), scene.channel.sync()):
            with pytest.raises(Unknown):
                await asking


async def test_a_number_that_is_none_is_refused() -> None:
    async with a_scene() as scene:
        for address in ("", "591", "+591 700", "rosa@example.bo"):
            with pytest.raises(Refusal):
                await scene.channel.send(a_parcel(address=address))


@pytest.mark.parametrize(
    ("status", "code", "kind", "unreachable"),
    [
        (400, 21211, Refusal, True),
        (400, 21408, Refusal, False),
        (400, 21610, Refusal, True),
        (400, 21611, Later, False),
        (401, 20003, Later, False),
        (401, None, Later, False),
        (403, 20005, Later, False),
        (404, 20404, Refusal, False),
        (429, 20429, Later, False),
        (429, 63018, Later, False),
        (429, None, Later, False),
        (500, 20500, Unknown, False),
        (503, None, Unknown, False),
        (400, None, Refusal, False),
        (400, 12345, Refusal, False),
    ],
)
def test_what_each_answer_leads_to(
    status: int, code: int | None, kind: type[NotSent], *, unreachable: bool
) -> None:
    judged = verdict(status, code, "Some words.")

    assert type(judged) is kind
    assert getattr(judged, "unreachable", False) is unreachable
    assert judged.why.endswith((".", ")", "»."))
    if isinstance(judged, Later):
        assert judged.after is not None


def test_every_code_is_told_with_what_to_do() -> None:
    for code, fault in FAULTS.items():
        told = explained(str(code)) or ""
        assert fault.why.endswith(".")
        assert fault.to_do.endswith(".")
        assert told == f"{fault.why} (código {code}) {fault.to_do}"
    assert explained(None) is explained("0") is explained("") is explained("x") is None
