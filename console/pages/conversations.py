"""The supervisors' list of conversations: who waits, on which channel, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console.rendering import render
from console.visitor import desk_of, who
from desk.views import conversations
from store.queries import ConversationRow

LIMIT = 100


@dataclass(frozen=True, slots=True)
class ConversationsPage:
    """The conversations with their last message, the newest first."""

    template: ClassVar[str] = "conversations.html"
    rows: Sequence[ConversationRow]
    waiting: int


async def show(request: web.Request) -> web.Response:
    """Show the latest conversations."""
    rows = await conversations(desk_of(request), who(request), limit=LIMIT)
    waiting = sum(row.waiting_since is not None for row in rows)
    return render(request, ConversationsPage(rows, waiting), live=("case-changed",))
