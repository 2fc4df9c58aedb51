"""Texts that are used again and again: who writes them, what they may leave open, and what a case puts in."""

from datetime import timedelta

import pytest

from cases.errors import Forbidden, Invalid
from desk.acts import set_estimate
from desk.texts import VARIABLES, all_texts, fill, keep_text, switch_text, texts_for
from tests.builders import DeskUnderTest, a_message


async def test_a_text_is_filled_in_for_a_case_and_what_is_not_known_stays_open(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    words = " · ".join(f"{{{name}}}" for name in VARIABLES)
    await keep_text(desk.desk, desk.people["supervisor"], None, ";Todo", "Todo", words)

    [text] = await texts_for(desk.desk, desk.people["operador"], case.number)

    system, stage = "Plataforma de Pagos", "identificación y análisis"
    parts = text.text.split(" · ")
    assert text.shortcut == "todo"
    assert parts[:2] == ["Rosa Mamani", case.number]
    assert system.casefold()[:10] in parts[2].casefold()
    assert parts[3:] == [
        "Operador",
        stage,
        "{estimacion}",
        f"{desk.desk.public_url}/caso/{case.token}",
    ]

    at = desk.clock.now() + timedelta(days=2)
    await set_estimate(desk.desk, desk.people["operador"], case.number, at, None)
    [text] = await texts_for(desk.desk, desk.people["operador"], case.number)
    assert desk.desk.local(at) in text.text


def test_a_variable_is_known_however_it_is_written() -> None:
    assert fill("Hola { Nombre }, {otra}", {"nombre": "Rosa"}) == "Hola Rosa, {otra}"


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("shortcut", {"shortcut": "dos palabras"}, "sin espacios"),
        ("shortcut", {"shortcut": "está"}, "sin acento"),
        ("title", {"title": " "}, "título"),
        ("text", {"words": ""}, "texto"),
        ("text", {"words": "Hola {apellido}"}, "No se conoce {apellido}. Puede usar: {nombre}, {caso}"),
    ],
)
async def test_what_does_not_do_is_refused_beside_its_field(
    desk: DeskUnderTest, field: str, given: dict[str, str], said: str
) -> None:
    values = {"shortcut": "hola", "title": "Saludo", "words": "Hola"} | given

    with pytest.raises(Invalid) as refused:
        await keep_text(
            desk.desk, desk.people["admin"], None, values["shortcut"], values["title"], values["words"]
        )

    assert list(refused.value.fields) == [field]
    assert said in refused.value.fields[field]


async def test_a_shortcut_is_one_texts_alone(desk: DeskUnderTest) -> None:
    boss = desk.people["supervisor"]
    kept = await keep_text(desk.desk, boss, None, "hola", "Saludo", "Hola")
    other = await keep_text(desk.desk, boss, None, "chau", "Despedida", "Chau")

    with pytest.raises(Invalid) as refused:
        await keep_text(desk.desk, boss, other.id, "hola", "Despedida", "Chau")

    assert "Ya hay un texto" in refused.value.fields["shortcut"]
    assert (await keep_text(desk.desk, boss, kept.id, "hola", "Saludo", "Hola, {nombre}")).text.endswith("}")


async def test_a_text_out_of_use_is_kept_but_not_offered(desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    kept = await keep_text(desk.desk, desk.people["supervisor"], None, "hola", "Saludo", "Hola")

    await switch_text(desk.desk, desk.people["supervisor"], kept.id, active=False)

    assert await texts_for(desk.desk, desk.people["operador"], case.number) == []
    assert [text.active for text in await all_texts(desk.desk, desk.people["operador"])] == [False]


@pytest.mark.parametrize("who", ["operador", "uit"])
async def test_only_supervisors_and_administrators_write_texts(desk: DeskUnderTest, who: str) -> None:
    with pytest.raises(Forbidden):
        await keep_text(desk.desk, desk.people[who], None, "hola", "Saludo", "Hola")


async def test_units_have_no_use_of_them(desk: DeskUnderTest) -> None:
    with pytest.raises(Forbidden):
        await all_texts(desk.desk, desk.people["uit"])
