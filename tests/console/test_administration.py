"""The pages of administration: who sees them, what their forms do, what is shown once."""

import re
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from aiohttp import FormData

from cases.vocabulary import AccountRole, Channel
from console.keys import ADAPTERS, SETTINGS, Shown
from console.setting_words import SPANISH
from desk.acts import assign
from desk.administration import tokens
from intake.channels.channel import Finding
from service.settings import Settings
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Seen, Visit, Visitor
from tests.console.talking import a_template

PAGES = (
    "",
    "/personas",
    "/personas/1",
    "/unidades",
    "/sistemas",
    "/calendario",
    "/plantillas",
    "/procedimientos",
    "/procedimientos/PR01",
    "/fichas",
    "/ajustes",
    "/bitacora?comprobar=1",
)
SHIPPED = files("workflow").joinpath("procedures", "PR03-0.toml")


@pytest.fixture
async def admin(visit: Visit) -> Visitor:
    """An administrator with a browser."""
    return await visit("admin")


def keep(visitor: Visitor, key: object, value: object) -> None:
    """Give the application what the service would, before it starts."""
    app = visitor.client.app
    assert app is not None
    app._state[key] = value  # type: ignore[index]


def shown_once(seen: Seen) -> str:
    found = re.search(r"<output[^>]*>([^<]+)</output>", seen.source)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("page", PAGES)
async def test_administration_is_for_administrators(visit: Visit, page: str) -> None:
    address = f"/administracion{page}"

    statuses = [
        (await (await visit(who)).get(address)).status for who in ("operador", "supervisor", "uit", "admin")
    ]

    assert statuses == [403, 403, 403, 200]
    assert (await (await visit()).get(address)).onward.startswith("/login")


async def test_a_person_is_added_with_a_password_that_is_shown_once(admin: Visitor) -> None:
    form = {"username": "Maria.Quispe", "name": "María Quispe", "role": "unidad", "unit": "uit"}

    added = await admin.post("/administracion/personas", form)
    later = await admin.get("/administracion/personas")
    password = shown_once(added)
    login = await admin.client.post(
        "/login", data={"username": "maria.quispe", "password": password}, allow_redirects=False
    )

    assert added.status == 200
    assert login.status == 303
    assert "María Quispe maria.quispe UIT" in later.words
    assert password not in later.source


async def test_what_is_wrong_with_an_account_stands_at_its_field(admin: Visitor) -> None:
    missing = await admin.post("/administracion/personas", {"username": "ana", "name": "Ana"})
    taken = await admin.post(
        "/administracion/personas", {"username": "uit", "name": "Otra", "role": "operador"}
    )

    assert (missing.status, taken.status) == (422, 409)
    assert "Elija el rol." in missing.words
    assert 'value="Ana"' in missing.source
    assert "Ya existe la cuenta uit." in taken.words


async def test_whoever_leaves_hands_over_the_cases_of_the_list(
    admin: Visitor, desk: DeskUnderTest, visit: Visit
) -> None:
    case = (await desk.receive(a_message())).case
    await assign(desk.desk, desk.people["supervisor"], case.number, "operador")
    leaver = await visit("operador")
    address = f"/administracion/personas/{desk.people['operador'].id}"

    before = await admin.get(address)
    done = await admin.post(f"{address}/baja", {"heir": "operador2"})
    after = await admin.get(done.onward)

    assert f'href="/casos/{case.number}"' in before.source
    assert '<option value="operador2"' in before.source
    assert done.status == 303
    assert "La cuenta está desactivada y sus sesiones terminaron." in after.words
    assert (await leaver.get("/casos")).onward.startswith("/login")
    assert (await desk.case(case.number)).assignee == desk.people["operador2"].id
    assert (await admin.post(f"{address}/alta")).status == 303


async def test_nobody_is_offered_to_close_their_own_account(admin: Visitor, desk: DeskUnderTest) -> None:
    address = f"/administracion/personas/{desk.people['admin'].id}"

    assert f"{address}/baja" not in (await admin.get(address)).source
    assert (await admin.post(f"{address}/baja")).status == 403


async def test_a_session_is_ended_from_the_page(admin: Visitor, desk: DeskUnderTest, visit: Visit) -> None:
    other = await visit("supervisor")
    address = f"/administracion/personas/{desk.people['supervisor'].id}"
    [handle] = re.findall(r'name="session" value="(\w+)"', (await admin.get(address)).source)

    ended = await admin.post(f"{address}/sesiones", {"session": handle})

    assert ended.status == 303
    assert (await other.get("/revision")).status == 303
    assert (await admin.post(f"{address}/sesiones", {"session": handle})).status == 404


async def test_a_token_is_shown_once_and_revoked(admin: Visitor, desk: DeskUnderTest) -> None:
    made = await admin.post("/administracion/fichas", {"name": "tablero", "role": "supervisor"})
    [token] = await tokens.tokens(desk.desk, desk.people["admin"])

    revoked = await admin.post(f"/administracion/fichas/{token.id}/revocacion")

    assert shown_once(made).startswith("vt_")
    assert "tablero Supervisor activa" in made.words
    assert revoked.status == 303
    assert "revocada" in (await admin.get("/administracion/fichas")).words
    assert (await admin.post(f"/administracion/fichas/{token.id}/revocacion")).status == 409


async def test_a_system_is_added_edited_and_removed(admin: Visitor) -> None:
    form = {
        "id": "catastro",
        "name": "Catastro",
        "unit": "upat",
        "aliases": "Catastro Nacional\ncatastro único",
    }
    address = "/administracion/sistemas"

    assert (await admin.post(address, form)).status == 303
    changed = await admin.post(f"{address}/catastro", form | {"name": "Catastro Único", "unit": "adt"})
    seen = await admin.get(changed.onward)
    wrong = await admin.post(f"{address}/ppte", {"name": "", "unit": "uit", "aliases": ""})
    refused = await admin.post(f"{address}/otro/retiro")
    removed = await admin.post(f"{address}/catastro/retiro")

    assert "Catastro Único catastro" in seen.words
    assert "catastro nacional, catastro unico" in seen.words
    assert (wrong.status, refused.status, removed.status) == (422, 409, 303)
    assert 'id="edit-ppte" open' in wrong.source
    assert "catastro" not in (await admin.get(address)).words


async def test_the_calendar_names_its_holidays_and_reckons(admin: Visitor, desk: DeskUnderTest) -> None:
    desk.desk.named_holidays = lambda year, _: {datetime(year, 8, 6, tzinfo=UTC).date(): "Día de la Patria"}
    address = "/administracion/calendario"

    now = await admin.get(address)
    friday = await admin.get(f"{address}?desde=2026-03-06T18:00&horas=2")
    nonsense = await admin.get(f"{address}?desde=mañana&horas=dos")
    closed = await admin.post(address, {"day": "2026-03-09", "works": "no", "name": "Aniversario"})
    later = await admin.get(f"{address}?desde=2026-03-06T18:00&horas=2")
    missing = await admin.post(address, {"day": "", "works": "no", "name": "x"})
    dropped = await admin.post(f"{address}/2026-03-09/retiro")

    assert "Día de la Patria" in now.words
    assert "2 horas de trabajo terminan el lun 2 mar 2026, 11:00" in now.words
    assert "lun 9 mar 2026, 10:00" in friday.words
    assert nonsense.status == 200
    assert closed.status == 303
    assert "mar 10 mar 2026, 10:00" in later.words
    assert "cerrado Aniversario · admin" in later.words
    assert missing.status == 422
    assert (dropped.status, (await admin.post(f"{address}/2026-13-09/retiro")).status) == (303, 404)


async def test_a_faulty_version_shows_every_fault_and_a_good_one_is_compared_and_used(admin: Visitor) -> None:
    address = "/administracion/procedimientos"
    source = SHIPPED.read_text("utf-8")
    changed = source.replace('version = "0"', 'version = "1"', 1)

    def upload(text: str) -> FormData:
        form = FormData()
        form.add_field("file", text.encode(), filename="PR03-1.toml", content_type="application/toml")
        return form

    faulty = await admin.post(address, upload('code = "PR03"\nversion = 3\n'))
    none = await admin.post(address)
    again = await admin.post(address, upload(source))
    good = await admin.post(address, upload(changed))
    seen = await admin.get(good.onward)
    late = await admin.post(f"{address}/PR03/vigencia", {"de": "1", "a": "1"})
    used = await admin.post(f"{address}/PR03/vigencia", {"de": "0", "a": "1"})

    assert (faulty.status, none.status, again.status) == (422, 422, 409)
    assert len(re.findall(r"<li>", faulty.source.split('class="faults"')[1].split("</ul>")[0])) > 3
    assert (good.status, seen.status) == (303, 200)
    assert "Nada: las dos dicen lo mismo." in seen.words
    assert (late.status, used.status) == (409, 303)
    assert "La versión 1 ya es la vigente." in (await admin.get(f"{address}/PR03?de=0&a=1")).words


async def test_open_cases_pass_to_another_version_by_a_plan(admin: Visitor, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    assert case.place is not None
    address = "/administracion/procedimientos"
    source = files("workflow").joinpath("procedures", "PR01-0.toml").read_text("utf-8")
    form = FormData()
    form.add_field("file", source.replace('version = "0"', 'version = "1"', 1).encode(), filename="a.toml")
    await admin.post(address, form)

    seen = await admin.get(f"{address}/PR01?de=0&a=1")
    unsafe = await admin.get(f"{address}/PR01?de=0&a=1&paso-{case.place.step}=99")
    moved = await admin.post(f"{address}/PR01/migracion", {"de": "0", "a": "1"})

    assert "Pasar 1 caso" in seen.words
    assert "El plan todavía no se puede aplicar" in unsafe.words
    assert "/migracion" not in unsafe.source
    assert moved.onward.endswith("casos=1")
    place = (await desk.case(case.number)).place
    assert place is not None
    assert place.version == "1"


async def test_an_extension_is_switched_off_and_on(admin: Visitor, desk: DeskUnderTest) -> None:
    answer = min(desk.desk.library.extensions)
    address = f"/administracion/procedimientos/extensiones/{answer}"

    assert (await admin.post(f"{address}/apagar")).status == 303
    assert desk.desk.switched_off == {answer}
    assert (await admin.post(f"{address}/encender")).status == 303
    assert desk.desk.switched_off == frozenset()


async def test_the_settings_are_shown_with_their_origin_and_meaning(admin: Visitor, visit: Visit) -> None:
    keep(
        admin,
        SETTINGS,
        (
            Shown("VENTANILLA_PORT", "8080", "environment", "Port."),
            Shown("VENTANILLA_TWILIO_AUTH_TOKEN", "********", "file a.toml", "Token."),
            Shown("VENTANILLA_MAIL_ADDRESS", "(unset)", "default", "Address."),
        ),
    )

    spanish = await admin.get("/administracion/ajustes")
    english = await (await visit("admin", "en")).get("/administracion/ajustes")

    assert "VENTANILLA_PORT 8080 entorno Puerto en el que espera el servidor web." in spanish.words
    assert "WhatsApp VENTANILLA_TWILIO_AUTH_TOKEN ******** archivo a.toml" in spanish.words
    assert "VENTANILLA_MAIL_ADDRESS sin definir de fábrica" in spanish.words
    assert "VENTANILLA_PORT 8080 environment Port." in english.words


def test_every_setting_has_its_meaning_in_spanish() -> None:
    assert set(SPANISH) == set(Settings.model_fields)


async def test_the_book_is_filtered_and_its_chain_is_checked(admin: Visitor) -> None:
    await admin.post("/administracion/fichas", {"name": "tablero", "role": "supervisor"})
    await admin.post(
        "/administracion/calendario", {"day": "2026-03-09", "works": "no", "name": "Aniversario"}
    )

    everything = await admin.get("/administracion/bitacora?comprobar=1")
    tokens_only = await admin.get("/administracion/bitacora?acto=token-added&quien=admin")
    nobody = await admin.get("/administracion/bitacora?quien=nadie")

    assert "Los 2 actos están enteros." in everything.words
    assert "Día cerrado admin Nombre: Aniversario Día: 2026-03-09 Plazos movidos: 0" in everything.words
    assert "Ficha de API creada" in tokens_only.source.split("</form>")[-1] or "tablero" in tokens_only.words
    assert "2026-03-09" not in tokens_only.words
    assert "Ningún acto." in nobody.words


class Answering:
    """An adapter whose provider answers what it is told to."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings

    async def probe(self) -> tuple[Finding, ...]:
        return self.findings

    async def sync(self) -> int:
        return 3

    async def add_choices(self) -> int:
        return 0


async def test_a_channel_is_tested_and_the_page_remembers_what_came_out(admin: Visitor, visit: Visit) -> None:
    bad = Finding("Cuenta de Twilio", good=False, said="Twilio no acepta la cuenta o el token.")
    keep(admin, ADAPTERS, {Channel.WHATSAPP: Answering(bad), Channel.PHONE: object()})
    keep(admin, SETTINGS, (Shown("VENTANILLA_TWILIO_AUTH_TOKEN", "********", "environment", "Token."),))

    before = await admin.get("/canales")
    tested = await admin.post("/canales/whatsapp/prueba")
    after = await admin.get("/canales")
    supervisor = await (await visit("supervisor")).get("/canales")

    assert "Todavía no se probó." in before.words
    assert "VENTANILLA_TWILIO_AUTH_TOKEN ******** entorno" in before.words
    assert tested.onward == "/canales#channel-whatsapp"
    assert "prueba con fallas" in after.words
    assert "Twilio no acepta la cuenta o el token." in after.words
    assert "Twilio no acepta la cuenta o el token." in supervisor.words
    assert "/prueba" not in supervisor.source
    assert "VENTANILLA_TWILIO_AUTH_TOKEN" not in supervisor.source
    assert (await (await visit("supervisor")).post("/canales/whatsapp/prueba")).status == 403
    assert (await admin.post("/canales/phone/prueba")).status == 409
    assert (await admin.post("/canales/email/prueba")).status == 409
    assert (await admin.post("/canales/fax/prueba")).status == 404


async def test_the_templates_are_listed_and_taken_over_anew(admin: Visitor, desk: DeskUnderTest) -> None:
    await a_template(desk)
    off = await admin.post("/administracion/plantillas/whatsapp")
    keep(admin, ADAPTERS, {Channel.WHATSAPP: Answering()})

    done = await admin.post("/administracion/plantillas/whatsapp")

    assert (off.status, done.status) == (409, 303)
    assert "Su caso {{1}} tiene una respuesta." in (await admin.get(done.onward)).words


async def test_the_roles_of_a_form_are_those_of_the_desk(admin: Visitor) -> None:
    seen = await admin.get("/administracion/personas")

    assert all(f'<option value="{role}"' in seen.source for role in AccountRole)
