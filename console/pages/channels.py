"""How the channels do: what came and went, what waits, what did not arrive, the templates, the nightly comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import Conflict, NotFound
from cases.rights import RIGHTS, Action
from cases.traffic import Template
from cases.vocabulary import Channel
from console import forms, words
from console.forms import Typed
from console.keys import ADAPTERS, SETTINGS
from console.pages.admin_settings import SettingLine, line
from console.rendering import render
from console.visitor import desk_of, who
from desk.administration.channels import Upkeep, probe_channel, upkeep
from desk.channels import ChannelsReport, ChannelState, channels_report
from intake.channels.channel import Probes
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
    """One channel; `configured` is None where this node does not know. `settings` are its own, for administrators."""

    state: ChannelState
    configured: bool | None
    failed: Sequence[Wrong]
    uncertain: Sequence[Wrong]
    templates: Sequence[Approved] | None
    upkeep: Upkeep
    settings: Sequence[SettingLine]
    testable: bool


@dataclass(frozen=True, slots=True)
class ChannelsPage:
    """Every channel, and what the latest nights found."""

    template: ClassVar[str] = "channels.html"
    cards: Sequence[ChannelCard]
    report: ChannelsReport
    typed: Typed


async def show(request: web.Request) -> web.Response:
    """Show how the channels do."""
    return await _page(request)


async def _page(request: web.Request, *, typed: Typed | None = None, status: int = 200) -> web.Response:
    desk, account = desk_of(request), who(request)
    report = await channels_report(desk, account)
    kept = await upkeep(desk, account)
    cards = [_card(request, state, kept[state.channel]) for state in report.channels]
    live = ("case-changed", "callbacks-changed", "administration-changed")
    page = ChannelsPage(cards, report, typed or Typed())
    return render(request, page, status=status, live=live, fresh="/canales")


async def probe(request: web.Request) -> web.Response:
    """Test a channel: ask its provider whether it would work now."""
    name = request.match_info["channel"]
    if name not in list(Channel):
        raise NotFound(f"No existe el canal {name}.")
    channel = Channel(name)
    try:
        adapter = request.app.get(ADAPTERS, {}).get(channel)
        await probe_channel(desk_of(request), who(request), channel, adapter)
    except Conflict as refused:
        typed = Typed(f"probe:{channel}", await forms.read(request), {}, str(refused))
        return await _page(request, typed=typed, status=409)
    return web.Response(status=303, headers={"Location": f"/canales#channel-{channel}"})


PREFIXES = {
    Channel.WHATSAPP: ("VENTANILLA_TWILIO_", "VENTANILLA_WHATSAPP_"),
    Channel.TELEGRAM: ("VENTANILLA_TELEGRAM_",),
    Channel.EMAIL: ("VENTANILLA_MAIL_", "VENTANILLA_SMTP_"),
}


def _settings(request: web.Request, channel: Channel) -> Sequence[SettingLine]:
    """Return what of a channel was configured, for administrators alone; what is as it comes is left out."""
    if who(request).role not in RIGHTS[Action.ADMINISTER]:
        return ()
    shown = [
        one for one in request.app.get(SETTINGS, ()) if one.key.startswith(PREFIXES.get(channel, ("-",)))
    ]
    return [told for told in map(line, shown) if told.own and told.value]


def _card(request: web.Request, state: ChannelState, kept: Upkeep) -> ChannelCard:
    known = request.app.get(OPEN_CHANNELS)
    adapter = request.app.get(ADAPTERS, {}).get(state.channel)
    wrong = [Wrong(trouble, words.delivery_state(trouble.state)) for trouble in state.troubles]
    return ChannelCard(
        state=state,
        configured=None if known is None else state.channel in known,
        failed=[one for one in wrong if one.trouble.state == "failed"],
        uncertain=[one for one in wrong if one.trouble.state == "uncertain"],
        templates=None
        if state.templates is None
        else [Approved(template, words.template_status(template.status)) for template in state.templates],
        upkeep=kept,
        settings=_settings(request, state.channel),
        testable=isinstance(adapter, Probes),
    )
