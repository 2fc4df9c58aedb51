"""The start page: where each role's day begins."""

from aiohttp import web

from cases.vocabulary import AccountRole
from console.visitor import who

BEGINNINGS = {
    AccountRole.OPERADOR: "/casos",
    AccountRole.SUPERVISOR: "/revision",
    AccountRole.UNIDAD: "/unidad",
    AccountRole.ADMIN: "/cuarentena",
}


async def show(request: web.Request) -> web.Response:
    """Go to where this person's day begins."""
    return web.Response(status=303, headers={"Location": BEGINNINGS[who(request).role]})
