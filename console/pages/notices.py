"""One's own notices: what happened in one's cases, how to hear of it, and whether one is available."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console import forms, words
from console.rendering import query, render
from console.visitor import desk_of, local, who
from desk import attendance, notices
from desk.notices import Ways
from store.notices import Notice

LIMIT = 50
PLACES = {"assigned": "", "returned": "#ahora", "due": "#ahora", "back": "#ahora"}
"""Where in the case a notice leads that names no message."""


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """Somebody's notices, newest first, and how they want to hear of new ones."""

    template: ClassVar[str] = "notices.html"
    notices: Sequence[Notice]
    unread: int
    ways: Ways
    older: str


async def show(request: web.Request) -> web.Response:
    """Show one's notices."""
    before = forms.number(request.query.get("antes", ""))
    found = await notices.notices_of(desk_of(request), who(request), before=before, limit=LIMIT)
    older = f"/avisos{query(antes=found.found[-1].id)}" if found.more else ""
    page = NoticesPage(found.found, found.unread, found.ways, older)
    return render(request, page, live=("notices-changed",))


async def go(request: web.Request) -> web.Response:
    """Mark a notice as read and go to its place in the case."""
    notice = await notices.open_notice(desk_of(request), who(request), int(request.match_info["notice"]))
    return web.Response(status=303, headers={"Location": f"/casos/{notice.number}{_place(notice)}"})


def _place(notice: Notice) -> str:
    return PLACES.get(notice.kind, "") if notice.message is None else f"#mensaje-{notice.message}"


async def read(request: web.Request) -> web.Response:
    """Mark one notice, or all, as read."""
    form = await forms.read(request)
    chosen = None if form.get("all") == "yes" else forms.whole(form, "notice")
    await notices.read_notices(desk_of(request), who(request), chosen)
    return web.Response(status=303, headers={"Location": "/avisos"})


async def news(request: web.Request) -> web.Response:
    """Tell a page how many notices are unread, and the kind and case number of those that are new to it; no more than that."""
    after = forms.number(request.query.get("despues", ""))
    account = who(request)
    found = await notices.notices_of(desk_of(request), account, limit=10)
    fresh = [one for one in found.found if one.read is None and after is not None and one.id > after]
    return web.json_response(
        {
            "unread": found.unread,
            "newest": max((one.id for one in found.found), default=0),
            "news": [{"id": one.id, "said": words.notice(one.kind), "number": one.number} for one in fresh],
        }
    )


async def choose(request: web.Request) -> web.Response:
    """Keep how somebody wants to hear of notices while they look elsewhere."""
    desk, account, form = desk_of(request), who(request), await forms.read(request)
    known = (await notices.notices_of(desk, account, limit=1)).ways
    ways = Ways(
        desktop=form["desktop"] == "yes" if "desktop" in form else known.desktop,
        sound=form["sound"] == "yes" if "sound" in form else known.sound,
    )
    await notices.choose_ways(desk, account, ways)
    return web.Response(status=303, headers={"Location": "/avisos#como"})


async def declare(request: web.Request) -> web.Response:
    """Keep whether somebody says that they are available, and go back to where they were."""
    form = await forms.read(request)
    await attendance.declare(desk_of(request), who(request), available=form.get("available") == "yes")
    return web.Response(status=303, headers={"Location": local(form.get("next", "/"))})
