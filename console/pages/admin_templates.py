"""The texts that a provider approves beforehand, with its word on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web

from cases.errors import NotFound
from cases.model import Account
from cases.traffic import Template
from cases.vocabulary import Channel
from console import words
from console.administering import administrator, do
from console.forms import Form, Typed
from console.keys import ADAPTERS
from console.language import gettext as _
from console.rendering import render
from desk.administration.channels import refresh_templates, templates
from desk.desk import Desk

ADDRESS = "/administracion/plantillas"


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template and what its provider says about it; `tone` is how good that is."""

    kept: Template
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class ChannelTemplates:
    """A channel's templates; `open`: this node can ask for them."""

    channel: Channel
    lines: Sequence[TemplateLine]
    open: bool


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """Every channel that has templates."""

    template: ClassVar[str] = "admin_templates.html"
    channels: Sequence[ChannelTemplates]
    done: str
    typed: Typed


INSIDE = ("twilio/quick-reply", "twilio/list-picker")
"""Choices: they go out inside the 24 hours only, and need nobody's approval."""
TONES = {"approved": "good", "rejected": "bad", "disabled": "bad"}


async def show(request: web.Request) -> web.Response:
    """Show the templates."""
    return await _page(request)


async def _page(request: web.Request, *, typed: Typed | None = None, status: int = 200) -> web.Response:
    found = await templates(*administrator(request))
    known = request.app.get(ADAPTERS, {})
    page = TemplatesPage(
        channels=[
            ChannelTemplates(channel, [_line(one) for one in kept], channel in known)
            for channel, kept in found.items()
        ],
        done="" if typed else request.query.get("hecho", ""),
        typed=typed or Typed(),
    )
    return render(request, page, status=status, live=("administration-changed",), fresh=ADDRESS)


def _line(kept: Template) -> TemplateLine:
    if kept.status == "unsubmitted" and kept.kind in INSIDE:
        return TemplateLine(kept, _("no necesita aprobación"), "")
    return TemplateLine(kept, words.template_status(kept.status), TONES.get(kept.status, "warn"))


async def refresh(request: web.Request) -> web.Response:
    """Take over what the provider has now."""
    name = request.match_info["channel"]
    if name not in list(Channel):
        raise NotFound(f"No existe el canal {name}.")
    channel = Channel(name)
    adapter = request.app.get(ADAPTERS, {}).get(channel)

    async def act(desk: Desk, account: Account, form: Form) -> None:
        await refresh_templates(desk, account, channel, adapter, add_choices=form.get("add") == "choices")

    return await do(request, f"refresh:{channel}", act, _page, ADDRESS)
