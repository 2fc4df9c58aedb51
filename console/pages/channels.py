"""How the channels do: what came and went, what waits, what did not arrive, the templates, the nightly comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.traffic import Template
from cases.vocabulary import Channel
from console import words
from console.rendering import render
from console.visitor import desk_of, who
from desk.channels import ChannelsReport, ChannelState, channels_report
from store.traffic_report import Trouble

OPEN_CHANNELS = web.AppKey("open_channels", frozenset[Channel])
"""The channels that this node has open; who builds the application knows them."""


@dataclass(frozen=True, slots=True)
class Approved:
    """One template and what its provider says about it."""

    kept: Template
    status: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """One answer that did not arrive, or may have."""

    trouble: Trouble
    state: str


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """One channel; `configured` is None where this node does not know."""

    state: ChannelState
    configured: bool | None
    failed: Sequence[Wrong]
    uncertain: Sequence[Wrong]
    templates: Sequence[Approved] | None


@dataclass(frozen=True, slots=True)
class ChannelsPage:
    """Every channel, and what the latest nights found."""

    template: ClassVar[str] = "channels.html"
    cards: Sequence[ChannelCard]
    report: ChannelsReport


async def show(request: web.Request) -> web.Response:
    """Show how the channels do."""
    report = await channels_report(desk_of(request), who(request))
    known = request.app.get(OPEN_CHANNELS)
    cards = [_card(state, known) for state in report.channels]
    return render(request, ChannelsPage(cards, report), live=("case-changed", "callbacks-changed"))


def _card(state: ChannelState, known: frozenset[Channel] | None) -> ChannelCard:
    wrong = [Wrong(trouble, words.delivery_state(trouble.state)) for trouble in state.troubles]
    return ChannelCard(
        state=state,
        configured=None if known is None else state.channel in known,
        failed=[one for one in wrong if one.trouble.state == "failed"],
        uncertain=[one for one in wrong if one.trouble.state == "uncertain"],
        templates=None
        if state.templates is None
        else [Approved(template, words.template_status(template.status)) for template in state.templates],
    )
