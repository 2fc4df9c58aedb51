"""A citizen's own page: the stage, the unit and the estimate; nothing internal, and no way to guess it."""

import re
from datetime import timedelta

import pytest

from cases.vocabulary import Category, Channel
from desk.acts import answer, merge, set_estimate
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def test_the_page_tells_the_stage_the_unit_and_the_estimate(visit: Visit, desk: DeskUnderTest) -> None:
    case = await desk.confirm((await desk.receive(a_message())).case, Category.AVAILABILITY, before=True)
    case = await desk.walk(
        case, ("operador", "derive-uit", {"comment": "Ojo"}), ("operador", "derive-uit", {})
    )
    at = desk.clock.now() + timedelta(hours=5)
    await set_estimate(desk.desk, desk.people["uit"], case.number, at, None)

    seen = await (await visit()).get(f"/caso/{case.token}")

    assert "Unidad de Infraestructura Tecnológica" in seen.words
    assert "lun 2 mar 2026, 14:00" in seen.words
    assert "No carga la página de pagos" in seen.words
    for hidden in ("Ojo", "PR02", "operador", "ppte"):
        assert hidden not in seen.source
    assert seen.headers["X-Robots-Tag"] == "noindex"
    assert "<script" not in seen.source


async def test_without_an_estimate_the_page_says_that_it_is_pending(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = (await desk.receive(a_message())).case

    assert "Aún no hay una fecha estimada" in (await (await visit()).get(f"/caso/{case.token}")).words


async def test_a_guessed_token_opens_nothing(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case

    for token in ("x" * 43, case.token[:-1], case.number):
        assert (await (await visit()).get(f"/caso/{token}")).status == 404


async def code_sent(desk: DeskUnderTest) -> str:
    [mail] = [parcel for parcel in await desk.dispatch() if parcel.channel is Channel.EMAIL]
    found = re.search(r"\b(\d{6})\b", mail.body)
    assert found is not None
    return found[1]


async def test_a_citizen_adds_their_mail_with_the_code_that_they_get(
    visit: Visit, desk: DeskUnderTest
) -> None:
    case = (await desk.receive(a_message())).case
    nobody, page = await visit(), f"/caso/{case.token}"
    assert "Enviarme un código" in (await nobody.get(page)).words

    asked = await nobody.post(f"{page}/correo", {"address": "Rosa@example.bo"})
    assert (asked.status, asked.onward) == (303, f"{page}?hecho=codigo#correo")
    assert "Enviamos un código de seis números a r•••@example.bo." in (await nobody.get(page)).words
    code = await code_sent(desk)

    done = await nobody.post(f"{page}/codigo", {"code": f" {code[:3]} {code[3:]} "})

    assert (done.status, done.onward) == (303, f"{page}?hecho=correo#correo")
    seen = await nobody.get(done.onward.split("#")[0])
    assert "Listo: comprobamos que el correo es suyo." in seen.words
    assert "r•••@example.bo" in seen.words
    assert "rosa@example.bo" not in seen.source
    said = await answer(
        desk.desk, desk.people["operador"], case.number, "Ya puede pagar.", channel=Channel.EMAIL
    )
    assert said.channel is Channel.EMAIL


@pytest.mark.parametrize(
    ("act", "form", "fault"),
    [
        ("correo", {"address": "rosa"}, "Escriba un correo, como ana@example.bo."),
        ("codigo", {"code": "12a"}, "El código tiene seis números."),
        ("codigo", {"code": "000000"}, "Ese código ya no vale. Pida otro."),
    ],
)
async def test_what_is_wrong_with_a_mail_or_a_code_is_said_there(
    visit: Visit, desk: DeskUnderTest, act: str, form: dict[str, str], fault: str
) -> None:
    case = (await desk.receive(a_message())).case

    seen = await (await visit()).post(f"/caso/{case.token}/{act}", form)

    assert seen.status == 422
    assert fault in seen.words
    assert seen.headers["X-Robots-Tag"] == "noindex"


async def test_a_wrong_code_is_named_beside_its_field(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    nobody = await visit()
    await nobody.post(f"/caso/{case.token}/correo", {"address": "rosa@example.bo"})
    wrong = "111111" if await code_sent(desk) == "000000" else "000000"

    seen = await nobody.post(f"/caso/{case.token}/codigo", {"code": wrong})

    assert seen.status == 422
    assert 'id="code-code-fault"' in seen.source
    assert "Ese no es el código. Revíselo y escríbalo otra vez." in seen.words


@pytest.mark.parametrize("act", ["correo", "codigo"])
async def test_without_the_token_nothing_is_sent_or_joined(
    visit: Visit, desk: DeskUnderTest, act: str
) -> None:
    await desk.receive(a_message())

    seen = await (await visit()).post(
        f"/caso/{'x' * 43}/{act}", {"address": "rosa@example.bo", "code": "123456"}
    )

    assert seen.status == 404


async def test_a_stranger_whose_reply_was_merged_sees_how_it_goes_but_not_what_others_said(
    visit: Visit, desk: DeskUnderTest
) -> None:
    mail = {"channel": Channel.EMAIL, "recipient": "soporte@example.bo"}
    first = (await desk.receive(a_message(**mail, sender="rosa@example.bo", text="Mi clave secreta"))).case
    ids = [f"<{parcel.delivery}@desk>" for parcel in await desk.dispatch()]
    stranger = await desk.receive(
        a_message(**mail, sender="eva@example.bo", text="Yo también", references=tuple(ids))
    )
    await merge(desk.desk, desk.people["operador"], stranger.case.number, first.number)

    seen = await (await visit()).get(f"/caso/{stranger.case.token}")

    assert "Yo también" in seen.words
    assert "Mi clave secreta" not in seen.source
    assert "Mi clave secreta" in (await (await visit()).get(f"/caso/{first.token}")).words


async def test_the_page_leads_to_telegram_where_the_bot_is_known(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    assert case is not None
    address = f"https://t.me/mesa_bot?start={case.reply_token}"
    visitor = await visit()
    assert address not in (await visitor.get(f"/caso/{case.token}")).source

    desk.desk.telegram_bot = "mesa_bot"

    assert address in (await visitor.get(f"/caso/{case.token}")).source
