"""The tokens with which programs use the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Refused
from cases.model import Account
from console import forms
from console.administering import Secret, administrator, again, do, role_in, roles, unit_in, units
from console.forms import Form, Typed
from console.rendering import render
from desk.administration.tokens import add_token, revoke_token, tokens
from desk.desk import Desk
from store.staff import Token

ADDRESS = "/administracion/fichas"


@dataclass(frozen=True, slots=True)
class TokensPage:
    """Every token, those that work first; `secret` is a new one, shown once."""

    template: ClassVar[str] = "admin_tokens.html"
    tokens: Sequence[Token]
    roles: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    secret: Secret | None
    done: str
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show the tokens."""
    return await _page(request)


async def _page(
    request: web.Request, *, typed: Typed | None = None, status: int = 200, secret: Secret | None = None
) -> web.Response:
    page = TokensPage(
        tokens=await tokens(*administrator(request)),
        roles=roles(),
        units=units(),
        secret=secret,
        done="" if typed or secret else request.query.get("hecho", ""),
        typed=typed or Typed(),
    )
    live = () if secret else ("administration-changed",)
    return render(request, page, status=status, live=live, fresh=ADDRESS)


async def add(request: web.Request) -> web.Response:
    """Make a token and show it, once."""
    desk, account = administrator(request)
    form = await forms.read(request)
    try:
        token = await add_token(desk, account, form.get("name", ""), role_in(form), unit_in(form))
    except Refused as refused:
        return await again(request, "token", form, refused, _page)
    return await _page(request, secret=Secret(form.get("name", "").strip(), token))


async def revoke(request: web.Request) -> web.Response:
    """Let a token open nothing any more."""
    token = int(request.match_info["token"])

    async def act(desk: Desk, account: Account, _form: Form) -> None:
        await revoke_token(desk, account, token)

    return await do(request, "revoke", act, _page, ADDRESS)
