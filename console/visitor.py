"""Who looks at a page: the session's cookie, and the account that it stands for."""

import contextlib
from urllib.parse import quote, urlsplit

from aiohttp import web

from cases.model import Account
from console.keys import ACCOUNT, CONSOLE, STANDING
from desk import attendance
from desk.desk import Desk
from store.writer import Busy

COOKIE = "ventanilla_session"


class LogInFirstError(Exception):
    """A page that only people of the desk see was asked for by somebody unknown."""


async def recognise(request: web.Request) -> None:
    """Note in the request whose session it belongs to, and now and then that this person is here."""
    key, desk = request.cookies.get(COOKIE), desk_of(request)
    found = await attendance.visit(desk, key) if key else None
    if found is not None:
        request[ACCOUNT], request[STANDING] = found
        if found[1].stale:
            with contextlib.suppress(Busy):  # the page matters more than the sign
                await attendance.sign(desk, found[0])


def who(request: web.Request) -> Account:
    """Return the account that looks; raises LogInFirstError."""
    account: Account | None = request.get(ACCOUNT)
    if account is None:
        raise LogInFirstError
    return account


def desk_of(request: web.Request) -> Desk:
    """Return the desk that the console shows."""
    return request.app[CONSOLE].desk


def let_in(response: web.StreamResponse, desk: Desk, key: str) -> None:
    """Give a browser its session; it ends with the browser, or when the desk ends it."""
    secure = urlsplit(desk.public_url).scheme == "https"
    response.set_cookie(COOKIE, key, httponly=True, samesite="Lax", secure=secure)


def to_login(request: web.Request) -> web.Response:
    """Send somebody unknown to the login page, and back here afterwards."""
    if "HX-Request" in request.headers:
        here = urlsplit(request.headers.get("HX-Current-URL", "/"))
        address = login_for(f"{here.path}?{here.query}" if here.query else here.path)
        return web.Response(status=401, headers={"HX-Redirect": address})
    address = login_for(request.path_qs if request.method == "GET" else "/")
    return web.Response(status=303, headers={"Location": address})


def login_for(address: str) -> str:
    """Return the login page's address that leads on to another one."""
    return "/login" if address == "/" else f"/login?next={quote(address, safe='/')}"


def local(address: str) -> str:
    """Return an address to go on to if it is one of these pages, else the start page."""
    parts = urlsplit(address)
    foreign = parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//")
    if foreign or "\\" in address or any(letter < " " for letter in address):
        return "/"
    return address
