"""The quarantine: what could not be trusted or understood, to take up again or to discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.model import Quarantined
from console import words
from console.rendering import render
from console.visitor import desk_of, who
from desk.safekeeping import discard, quarantined, release

PREVIEW = 4096
"""Bytes of a payload that are shown."""
LIMIT = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing in quarantine: what it means, what releasing it does, and the beginning of what arrived, as text.

    `cut` is the size of the whole where only its beginning is shown.
    """

    item: Quarantined
    why: str
    release: str
    preview: str
    cut: int


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """What waits for somebody's decision, the newest first."""

    template: ClassVar[str] = "quarantine.html"
    kept: Sequence[Kept]
    more: bool


async def show(request: web.Request) -> web.Response:
    """Show what is in quarantine."""
    items = await quarantined(desk_of(request), who(request), limit=LIMIT + 1)
    kept = [_kept(item) for item in items[:LIMIT]]
    return render(request, QuarantinePage(kept, len(items) > LIMIT), live=("quarantine-changed",))


def _kept(item: Quarantined) -> Kept:
    size = len(item.payload)
    return Kept(
        item=item,
        why=words.quarantine_why(item.reason),
        release=words.quarantine_release(item.reason),
        preview=as_text(item.payload[:PREVIEW]),
        cut=size if size > PREVIEW else 0,
    )


def as_text(payload: bytes) -> str:
    """Return bytes as a text that can only be read: what no text holds is shown as a mark."""
    said = payload.decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in said
    )


async def settle(request: web.Request) -> web.Response:
    """Take something up again, or discard it."""
    act = release if request.match_info["act"] == "liberar" else discard
    await act(desk_of(request), who(request), int(request.match_info["item"]))
    return web.Response(status=303, headers={"Location": "/cuarentena"})
