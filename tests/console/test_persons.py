"""Whose each address is, and what becomes of a stranger's reply."""

import pytest

from cases.model import Case
from desk.identities import identities_of
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit
from tests.console.talking import BY_MAIL, ROSA_MAIL, a_case, see


async def test_an_address_is_joined_with_a_reason_and_separated_again(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    operator, base = await visit("operador"), f"/casos/{case.number}"

    joined = await operator.post(
        f"{base}/direcciones", {"channel": "email", "address": "Rosa@example.bo", "reason": "Lo dijo ella."}
    )
    page = await operator.get(base)
    [link] = [
        each.link
        for each in await identities_of(desk.desk, desk.people["operador"], case.number)
        if each.link is not None
    ]
    empty = await operator.post(f"{base}/direcciones/{link}/separacion", {"reason": " "})
    apart = await operator.post(f"{base}/direcciones/{link}/separacion", {"reason": "Son dos Rosas."})

    assert (joined.status, joined.onward) == (303, f"{base}?hecho=join#persona")
    assert ROSA_MAIL in page.words
    assert "la unió el personal (operador): Lo dijo ella." in page.words
    assert "Dirección unida a la persona" in page.words
    assert (empty.status, f'id="separate-{link}-reason-fault"' in empty.source) == (422, True)
    assert apart.status == 303
    after = await operator.get(base)
    assert ROSA_MAIL not in after.source
    assert "Dirección separada de la persona" in after.words


@pytest.mark.parametrize(
    ("act", "form", "field"),
    [
        ("direcciones", {"channel": "email", "address": "rosa", "reason": "Es ella."}, "join-address"),
        ("direcciones", {"channel": "email", "address": ROSA_MAIL, "reason": ""}, "join-reason"),
        ("direcciones", {"channel": "", "address": ROSA_MAIL, "reason": "Es ella."}, "join-channel"),
        ("direcciones", {"channel": "whatsapp", "address": "70000001", "reason": "Es ella."}, "join-address"),
        ("codigo", {"channel": "email", "address": "rosa"}, "code-address"),
        ("codigo", {"channel": "whatsapp", "address": "70000002"}, "code-address"),
        ("codigo", {"channel": "phone", "address": "70000002"}, "code-channel"),
    ],
)
async def test_what_is_wrong_with_an_address_is_named_beside_its_field(
    visit: Visit, desk: DeskUnderTest, act: str, form: dict[str, str], field: str
) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).post(f"/casos/{case.number}/{act}", form)

    assert seen.status == 422
    assert f'id="{field}-fault"' in seen.source


async def test_a_code_goes_to_the_other_address_and_says_nothing_of_the_case(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)

    seen = await (await visit("operador")).post(
        f"/casos/{case.number}/codigo", {"channel": "email", "address": ROSA_MAIL}
    )

    assert seen.onward == f"/casos/{case.number}?hecho=code#persona"
    [mail] = await desk.dispatch()
    assert (mail.address, mail.case) == (ROSA_MAIL, None)
    assert case.number not in mail.body


async def test_addresses_are_joined_and_separated_by_the_desk_alone(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = await a_case(desk)
    admin = await visit("admin")

    for act in ("direcciones", "codigo", "aparte"):
        form = {"channel": "email", "address": ROSA_MAIL, "reason": "Es ella."}
        assert (await admin.post(f"/casos/{case.number}/{act}", form)).status == 403
    assert "Unir una dirección" not in (await admin.get(f"/casos/{case.number}")).words


async def a_strangers_case(desk: DeskUnderTest) -> tuple[Case, Case]:
    """Open a case by mail, and one by somebody else's reply to its answer."""
    first = (await desk.receive(a_message(**BY_MAIL, sender=ROSA_MAIL))).case
    ids = tuple(f"<{parcel.delivery}@desk>" for parcel in await desk.dispatch())
    other = await desk.receive(
        a_message(**BY_MAIL, sender="eva@example.bo", text="Adjunto la captura", references=ids)
    )
    assert other.case.parent == first.id
    return first, other.case


async def test_a_strangers_reply_is_merged_where_it_belongs(visit: Visit, desk: DeskUnderTest) -> None:
    first, other = await a_strangers_case(desk)
    page = await see(visit, other)
    assert f"Escribió alguien que no es la persona del caso {first.number}" in page.words
    assert "escribieron sobre" in page.words

    seen = await (await visit("operador")).post(f"/casos/{other.number}/union", {"into": first.number})

    assert seen.onward.startswith(f"/casos/{first.number}?")
    assert "Adjunto la captura" in (await see(visit, first)).words


async def test_a_strangers_reply_that_is_another_matter_stays_apart(
    visit: Visit, desk: DeskUnderTest
) -> None:
    _, other = await a_strangers_case(desk)
    operator = await visit("operador")

    seen = await operator.post(f"/casos/{other.number}/aparte")

    assert seen.onward == f"/casos/{other.number}?hecho=apart"
    page = await operator.get(f"/casos/{other.number}")
    assert "Es del mismo caso: unir" not in page.words
    assert "Quedó aparte: es otro asunto" in page.words
    assert (await operator.post(f"/casos/{other.number}/aparte")).status == 409
