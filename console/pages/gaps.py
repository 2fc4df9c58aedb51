"""What people ask and no article answers, alike questions together: what should be written next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from console import reads
from console.rendering import render
from console.visitor import desk_of, who
from desk.knowledge import COUNTED, Gap, gaps

SEVERAL = 2
"""From how many alike questions on something is asked often."""

MOST = 60


@dataclass(frozen=True, slots=True)
class GapsPage:
    """The gaps; `often` was asked more than once, `once` a single time."""

    template: ClassVar[str] = "gaps.html"
    often: Sequence[Gap]
    once: Sequence[Gap]
    days: int
    names: Mapping[str, str]


async def show(request: web.Request) -> web.Response:
    """Show the gaps."""
    desk = desk_of(request)
    found = await gaps(desk, who(request))
    page = GapsPage(
        often=[gap for gap in found if len(gap.questions) >= SEVERAL][:MOST],
        once=[gap for gap in found if len(gap.questions) < SEVERAL][:MOST],
        days=COUNTED.days,
        names={system.id: system.name for system in await reads.systems(desk)},
    )
    return render(request, page)
