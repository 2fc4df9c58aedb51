"""Every component in every state, for whoever changes the console; served by a development desk alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from aiohttp import web

from cases.vocabulary import Category, Channel, Role, Stage, Status, Unit
from console.forms import Typed
from console.keys import CONSOLE
from console.reads import Offer
from console.rendering import render
from console.visitor import desk_of
from store.queries import CaseRow

FORM = "muestra"


@dataclass(frozen=True, slots=True)
class ComponentsPage:
    """The components with made-up values; `fresh` is an untouched form, `refused` one that was sent back."""

    template: ClassVar[str] = "components.html"
    fresh: Typed
    refused: Typed
    rows: Sequence[CaseRow]
    names: Mapping[str, str]
    offers: Sequence[Offer]
    stages: Sequence[Stage]
    statuses: Sequence[Status]
    channels: Sequence[Channel]
    tokens: Sequence[str]
    icons: Sequence[str]
    now: datetime


async def show(request: web.Request) -> web.Response:
    """Show all components; where people work there is no such page."""
    console = request.app[CONSOLE]
    if not console.development:
        raise web.HTTPNotFound
    now = desk_of(request).now()
    refused = Typed(
        FORM,
        {"nombre": "", "texto": "Ya probé dos veces.", "tipo": "support"},
        {"nombre": "Escriba el nombre.", "texto": "Diga qué probó.", "tipo": "Elija otro."},
        "Revise los campos marcados.",
    )
    page = ComponentsPage(
        fresh=Typed(),
        refused=refused,
        rows=_rows(now),
        names={"ppte": "Pagos de trámites"},
        offers=[Offer(1, "Recuperar la contraseña", 0.92, True), Offer(2, "Pasos internos", 0.31, False)],
        stages=tuple(Stage),
        statuses=tuple(Status),
        channels=tuple(Channel),
        tokens=TOKENS,
        icons=ICONS,
        now=now,
    )
    return render(request, page)


TOKENS = (
    "paper", "surface", "sunken", "raised", "ink", "soft", "line", "edge", "accent", "accent-strong", "accent-soft", "good",
    "good-soft", "warn", "warn-soft", "bad", "bad-soft", "note", "note-soft", "mark", "focus",
)  # fmt: skip
ICONS = ("brand", "search", "check", "person", "lock", "tray", "clock", "alert", "bell", *Channel)


def _rows(now: datetime) -> Sequence[CaseRow]:
    plain = CaseRow(
        id=1,
        person_id=1,
        number="2026-000001",
        subject="No carga la página de pagos y sale un error al confirmar",
        person="Persona de muestra",
        channel=Channel.WHATSAPP,
        status=Status.OPEN,
        stage=Stage.IDENTIFICATION,
        step="PR01 3",
        role=Role.OPERADOR,
        unit=Unit.AIT,
        category=Category.AVAILABILITY,
        confirmed=False,
        system="ppte",
        assignee=None,
        opened=now - timedelta(hours=3),
        updated=now - timedelta(minutes=12),
        estimate=None,
        wants_person=True,
        confidence=0.87,
    )
    waiting = replace(
        plain,
        number="2026-000002",
        status=Status.WAITING,
        confirmed=True,
        assignee="operador",
        channel=Channel.EMAIL,
    )
    bare = replace(
        plain, number="2026-000003", person=None, category=None, wants_person=False, confidence=None
    )
    closed = replace(waiting, number="2026-000004", status=Status.CLOSED, step=None, role=None)
    return (plain, waiting, bare, closed)
