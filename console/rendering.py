"""Templates to pages: the environment, what every page shares, and the answer to a request."""

from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urlencode

import aiohttp_jinja2
import jinja2
from aiohttp import web
from babel.numbers import format_percent
from markupsafe import Markup

from cases.model import Account
from cases.rights import RIGHTS, Action
from console import calendar, language, theme, times, words
from console.keys import ACCOUNT, CONSOLE, STANDING, Console
from console.menu import Menu, menu
from desk.attendance import Standing
from kb.markdown import summary, to_html

SUMMARY = 180
"""Characters of an article that a list shows."""

TEMPLATES = Path(__file__).with_name("templates")


class Page(Protocol):
    """What one page shows: a frozen dataclass that names its template."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has around it.

    `layout` is the whole document or, for a page that fetches itself again, its main part alone; `fresh` is the
    address to fetch and `live` what makes it do so. `here` is where the language switch comes back to; `standing`
    what the header says of the person who looks.
    """

    account: Account | None
    standing: Standing | None
    path: str
    here: str
    layout: str
    fresh: str
    live: str
    theme: str
    year: int
    language: str
    languages: dict[str, str]
    development: bool
    menu: Menu | None

    def may(self, action: str) -> bool:
        """Say whether the person who looks may do this at all."""
        return self.account is not None and self.account.role in RIGHTS[Action(action)]


def set_up(app: web.Application, console: Console) -> None:
    """Build the template environment."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=console.development,
        default_helpers=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        language.gettext, language.ngettext, newstyle=True
    )
    environment.globals.update(static=console.assets.url, query=query)
    environment.globals.update(
        working_days=partial(calendar.days, console.desk),
        working_offer=partial(calendar.offer, console.desk),
        return_reasons=words.return_reasons,
    )
    environment.filters.update(filters(console))


def filters(console: Console) -> dict[str, Callable[..., Any]]:
    """Return the words and times that templates write."""
    zone, now = console.desk.timezone, console.desk.now
    named = (
        words.channel,
        words.category,
        words.category_short,
        words.status,
        words.section,
        words.stage,
        words.role,
        words.confidence,
        words.delivery,
        words.kind,
        words.clock,
        words.notice,
        words.quarantine,
        words.audience,
    )
    spoken: dict[str, Callable[..., str]] = {f"{word.__name__}_word": word for word in named}
    return {
        **spoken,
        "ago": lambda at: times.ago(at, now()),
        "left": lambda at: times.until(at, now()),
        "waited": lambda at: times.waited(at, now()),
        "wait_level": lambda at: times.wait_level(at, now()),
        "moment": partial(times.moment, zone=zone),
        "short_moment": lambda at: times.short(at, now(), zone),
        "for_input": partial(times.for_input, zone=zone),
        "markdown": lambda text: Markup(to_html(text)),  # noqa: S704 - to_html gives clean HTML
        "summary": lambda text: summary(text, SUMMARY),
        "pair": lambda system: (system.id, system.name),
        "person": lambda account: (account.username, account.name),
        "role_of": lambda account: words.account_role(account.role, account.unit),
        "with_word": lambda value, of: (value, spoken[f"{of}_word"](value)),
        "percent": percent,
    }


def percent(share: float) -> str:
    """Write a share in whole hundredths; what is not quite certain never reads as certain."""
    shown = share if share in (0.0, 1.0) else min(max(share, 0.01), 0.99)
    return format_percent(shown, locale=language.locale())


def query(**values: object) -> str:
    """Return the part of an address after the question mark, without what is empty."""
    given = {name: str(value) for name, value in values.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""


def render(
    request: web.Request, page: Page, *, status: int = 200, live: Sequence[str] = (), fresh: str | None = None
) -> web.Response:
    """Answer with a page; `live` names the changes that make it fetch itself again, from `fresh` if not from here."""
    console = request.app[CONSOLE]
    part = "HX-Request" in request.headers
    account = request.get(ACCOUNT)
    frame = Frame(
        account=account,
        standing=request.get(STANDING),
        path=request.path,
        here=request.path_qs if fresh is None else fresh,
        layout="part.html" if part else "whole.html",
        fresh=request.path_qs if fresh is None else fresh,
        live=", ".join(f"live:{name} from:body throttle:500ms" for name in (*live, "again")) if live else "",
        theme=theme.chosen(request),
        year=console.desk.now().astimezone(console.desk.timezone).year,
        language=language.code(),
        languages=language.LANGUAGES,
        development=console.development,
        menu=menu(account, request.path) if account is not None else None,
    )
    shown = {each.name: getattr(page, each.name) for each in fields(page)}
    response = aiohttp_jinja2.render_template(
        page.template, request, {**shown, "frame": frame}, status=status
    )
    response.headers["Vary"] = "Cookie, HX-Request, Accept-Language, Accept-Encoding"
    response.enable_compression()
    return response
