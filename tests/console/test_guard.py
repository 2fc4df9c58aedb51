"""What guards the pages: foreign forms, safe headers, sessions, and failures that tell nothing to strangers."""

from http.cookies import SimpleCookie

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cases.model import Attachment
from console.app import add_console
from console.visitor import COOKIE, local
from desk.entrance import hash_password
from store.work import StoreWork
from tests.builders import DeskUnderTest, a_message
from tests.console.conftest import Visit


async def a_login(desk: DeskUnderTest) -> None:
    hashed = hash_password("demo")

    def act(work: StoreWork) -> None:
        account = desk.people["operador"]
        work.accounts.add("rosario", "Rosario", account.role, account.unit, hashed, desk.clock.now())

    await desk.desk.database.write(act)


async def test_logging_in_opens_a_session_that_scripts_cannot_read(visit: Visit, desk: DeskUnderTest) -> None:
    await a_login(desk)
    nobody = await visit()

    seen = await nobody.post("/login?next=/casos", {"username": "Rosario", "password": "demo"})

    assert (seen.status, seen.onward) == (303, "/casos")
    cookie = SimpleCookie(seen.headers["Set-Cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")


async def test_behind_https_the_session_travels_only_there(visit: Visit, desk: DeskUnderTest) -> None:
    await a_login(desk)
    desk.desk.public_url = "https://soporte.example.bo"

    seen = await (await visit()).post("/login", {"username": "rosario", "password": "demo"})

    assert SimpleCookie(seen.headers["Set-Cookie"])[COOKIE]["secure"] is True


async def test_a_wrong_password_is_refused_and_the_name_kept(visit: Visit, desk: DeskUnderTest) -> None:
    await a_login(desk)

    seen = await (await visit()).post("/login", {"username": "rosario", "password": "no"})

    assert seen.status == 403
    assert "La cuenta o la contraseña no es correcta." in seen.words
    assert 'value="rosario"' in seen.source
    assert "Set-Cookie" not in seen.headers


async def test_logging_out_ends_the_session(visit: Visit) -> None:
    operator = await visit("operador")
    assert (await operator.get("/casos")).status == 200

    assert (await operator.post("/logout")).onward == "/login"

    assert (await operator.get("/casos")).status == 303


async def test_a_page_whose_session_ended_goes_to_the_login_and_comes_back(visit: Visit) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/casos?q=pagos"}

    seen = await (await visit()).get("/casos", **headers)

    assert (seen.status, seen.headers["HX-Redirect"]) == (401, "/login?next=/casos%3Fq%3Dpagos")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("/casos?q=a", "/casos?q=a"),
        ("//evil.example", "/"),
        ("https://evil.example/x", "/"),
        ("casos", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_nobody_is_led_away_after_the_login(address: str, safe: str) -> None:
    assert local(address) == safe


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8080"}, 303),
    ],
)
async def test_only_forms_of_these_pages_are_taken(
    visit: Visit, desk: DeskUnderTest, headers: dict[str, str], status: int
) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")

    seen = await operator.post(f"/casos/{case.number}/nota", {"text": "Una nota"}, **headers)

    assert seen.status == status
    notes = [message for message in await desk.messages(case) if message.direction == "note"]
    assert len(notes) == (1 if status == 303 else 0)


async def test_a_form_from_the_host_that_was_asked_is_ours(visit: Visit, desk: DeskUnderTest) -> None:
    case = (await desk.receive(a_message())).case
    operator = await visit("operador")
    own = str(operator.client.make_url("/")).rstrip("/")

    assert (await operator.post(f"/casos/{case.number}/nota", {"text": "x"}, Origin=own)).status == 303


@pytest.mark.parametrize("address", ["/casos", "/login", "/ayuda", "/nada", "/static/console.css"])
async def test_every_answer_carries_the_safe_headers(visit: Visit, address: str) -> None:
    seen = await (await visit("operador")).get(address)

    assert "default-src 'self'" in seen.headers["Content-Security-Policy"]
    assert "unsafe" not in seen.headers["Content-Security-Policy"]
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.headers["Referrer-Policy"] == "same-origin"


async def test_what_is_private_is_kept_by_no_cache(visit: Visit) -> None:
    assert (await (await visit("operador")).get("/casos")).headers["Cache-Control"] == "no-store"


async def test_a_failure_is_told_without_its_cause(visit: Visit, desk: DeskUnderTest) -> None:
    operator = await visit("operador")
    desk.desk.finder = "not a finder"  # type: ignore[assignment]

    seen = await operator.get("/telefono?text=pagos")

    assert seen.status == 500
    assert "Algo falló de nuestro lado" in seen.words
    assert "Traceback" not in seen.source
    assert "AttributeError" not in seen.source


@pytest.mark.parametrize(("address", "status"), [("/nada", 404), ("/logout", 405)])
async def test_an_address_that_is_none_gets_a_page(visit: Visit, address: str, status: int) -> None:
    seen = await (await visit()).get(address)

    assert seen.status == status
    assert "<main" in seen.source


async def test_a_file_is_handed_over_to_keep_and_never_shown_as_a_page(
    visit: Visit, desk: DeskUnderTest
) -> None:
    page = Attachment("captura é.html", "text/html", b"<script>alert(1)</script>")
    case = (await desk.receive(a_message(attachments=(page,)))).case
    [message] = [message for message in await desk.messages(case) if message.attachments]
    file = message.attachments[0]
    operator = await visit("operador")

    seen = await operator.get(f"/adjuntos/{file.id}")

    assert f'href="/adjuntos/{file.id}"' in (await operator.get(f"/casos/{case.number}")).source
    assert seen.headers["Content-Type"] == "application/octet-stream"
    assert seen.headers["Content-Disposition"] == "attachment; filename*=UTF-8''captura%20%C3%A9.html"
    assert seen.headers["Content-Security-Policy"].startswith("sandbox")
    assert (await (await visit("uit")).get(f"/adjuntos/{file.id}")).status == 404


async def test_the_neighbours_in_the_application_keep_their_own_manners(desk: DeskUnderTest) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        raise web.HTTPForbidden(text="theirs")

    app = web.Application()
    app.add_routes([web.post("/channels/x", refuse)])
    add_console(app, desk.desk, development=False)
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/channels/x", headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status, await answer.text()) == (403, "theirs")
        assert "Content-Security-Policy" not in answer.headers
