"""What is done to a case from its page: each form becomes one act of the desk, and the page comes back."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from cases.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from cases.model import Account, Attachment, Case
from cases.procedure import Value
from cases.vocabulary import Category, Channel
from console import calendar, forms
from console.forms import Form, Typed
from console.language import gettext as _
from console.pages.case import case_page
from console.reach import at_field, channel_named
from console.security import status_of
from console.times import from_input
from console.visitor import desk_of, who
from desk import acts, identities
from desk.answers import Edited, send_edited
from desk.desk import Desk
from desk.drafts import LONGEST, keep_draft
from desk.steps import REASON_CODE, Classified, classify, move, moves_for
from desk.talk import keep_apart
from desk.views import case_view
from store.drafts import DraftKind
from workflow.definition import Answer

MEDIA_TYPE = re.compile(r"[\w.+-]{1,63}/[\w.+-]{1,63}")
Act = Callable[[Desk, Account, str, Form], Awaitable[object]]


async def _do(request: web.Request, form_name: str, act: Act, *, part: str = "") -> web.Response:
    """Do an act and come back to the case; if it is refused, with what was typed."""
    number, form = request.match_info["number"], await forms.read(request)
    try:
        await act(desk_of(request), who(request), number, form)
    except (NotFound, Forbidden):
        raise
    except Refused as refused:
        return await case_page(
            request, number, typed=Typed.refused(form_name, form, refused), status=status_of(refused)
        )
    address = f"/casos/{number}?hecho={form_name.partition(':')[0]}{part}"
    return web.Response(status=303, headers={"Location": address})


async def reply(request: web.Request) -> web.Response:
    """Answer on the channel that was chosen, the case's own unless said otherwise, with the files that were attached."""
    files = await _files(request)

    again = tuple(await forms.read_many(request, "again"))

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        chosen = channel_named(form.get("channel", ""))
        if form.get("channel") and chosen is None:
            raise Invalid(_("Revise los campos marcados."), {"channel": _("Elija el canal.")})
        text, instead = form.get("text", ""), forms.number(form.get("instead", ""))
        try:
            return await send_edited(desk, account, number, Edited(text, chosen, files, again, instead))
        except (Invalid, Conflict):
            await keep_draft(desk, account, number, DraftKind.REPLY, text[:LONGEST], chosen)
            raise

    return await _do(request, "reply", act, part="#conversacion")


async def _files(request: web.Request) -> tuple[Attachment, ...]:
    """Return the files of a form, their names clean of folders and of what no file name carries."""
    data = await request.post()
    sent = [file for file in data.getall("files", []) if isinstance(file, web.FileField)]
    return tuple(
        Attachment(
            re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\]", file.filename)[-1])[-255:] or "archivo",
            file.content_type if MEDIA_TYPE.fullmatch(file.content_type) else "application/octet-stream",
            file.file.read(),
        )
        for file in sent
    )


async def confirm(request: web.Request) -> web.Response:
    """Confirm or correct what a case is; with `then`, take it on to the numeral where it is solved."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        case = await classify(desk, account, number, _classified(form))
        if form.get("then") == "solve":
            return await _pass_on(desk, account, case)
        return case

    return await _do(request, "classification", act)


def _classified(form: Form) -> Classified:
    faults = {}
    if form.get("category") not in list(Category):
        faults["category"] = _("Elija la categoría.")
    if form.get("handled") not in ("yes", "no"):
        faults["handled"] = _("Diga si la UIT ya atendió este problema.")
    if faults:
        raise Invalid(_("Revise los campos marcados."), faults)
    return Classified(
        category=Category(form["category"]),
        system=form.get("system") or None,
        handled_before_by_uit=form["handled"] == "yes",
        revision=forms.whole(form, "revision"),
    )


async def pass_on(request: web.Request) -> web.Response:
    """Take a confirmed support case on to the numeral where it is solved, one act a numeral."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        case = (await case_view(desk, account, number)).case
        if case.revision != forms.whole(form, "revision"):
            raise Conflict(
                _("Otra persona cambió este caso mientras usted lo veía. Esto es lo que hay ahora.")
            )
        return await _pass_on(desk, account, case)

    return await _do(request, "step", act)


async def _pass_on(desk: Desk, account: Account, case: Case) -> Case:
    """Take the only plain way on while the facts decide; each numeral gets its own entry."""
    while case.place is not None and desk.library.step(case.place).asks_facts:
        here = case.place
        ways = [
            answer
            for answer in moves_for(desk, case, account)
            if answer.kind == "step" and answer.to is not None and answer.to.procedure == here.procedure
        ]
        if len(ways) != 1:
            raise Conflict(_("Con estos hechos el caso no pasa solo al numeral 5: elija el paso."))
        case = await move(desk, account, case.number, ways[0].id, {}, case.revision)
    return case


async def step(request: web.Request) -> web.Response:
    """Take a step of the manual."""
    chosen = (await forms.read(request)).get("move", "")

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        view = await case_view(desk, account, number)
        answer = next((each for each in view.moves if each.id == chosen), None)
        values = read_move(desk, answer, form) if answer is not None else {}
        return await move(desk, account, number, chosen, values, forms.whole(form, "revision"))

    return await _do(request, f"step:{chosen}", act)


def read_move(desk: Desk, answer: Answer, form: Form) -> dict[str, Value | None]:
    """Read what a step's form gave: its moments are working ones, and a return says its code. Raises Invalid."""
    values = forms.read_fields(answer, form, desk.timezone)
    calendar.check(desk, answer, values)
    if answer.kind == "return":
        if not form.get(REASON_CODE):
            raise Invalid(_("Revise los campos marcados."), {REASON_CODE: _("Elija por qué se devuelve.")})
        values[REASON_CODE] = form[REASON_CODE]
    return values


async def wait(request: web.Request) -> web.Response:
    """Wait for the person's answer."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        return await acts.wait(desk, account, number, form.get("reason", ""))

    return await _do(request, "wait", act)


async def estimate(request: web.Request) -> web.Response:
    """Set or revise when the case will be solved."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        try:
            at = from_input(form.get("at", ""), desk.timezone)
        except ValueError:
            raise Invalid(_("La estimación no vale."), {"at": _("Escriba la fecha y la hora.")}) from None
        calendar.demand_working(desk, "at", at)
        return await acts.set_estimate(desk, account, number, at, form.get("reason", "").strip() or None)

    return await _do(request, "estimate", act)


async def reopen(request: web.Request) -> web.Response:
    """Open a closed case again."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> object:
        return await acts.reopen(desk, account, number, form.get("reason", ""))

    return await _do(request, "reopen", act)


async def retry(request: web.Request) -> web.Response:
    """Send again what did not arrive."""

    async def act(desk: Desk, account: Account, _number: str, _form: Form) -> object:
        return await acts.retry(desk, account, int(request.match_info["message"]))

    return await _do(request, "retry", act, part="#conversacion")


async def send_code(request: web.Request) -> web.Response:
    """Send a code to another address of the person."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> None:
        with at_field("address"):
            await identities.send_code(desk, account, number, _channel(form), form.get("address", ""))

    return await _do(request, "code", act, part="#persona")


async def join(request: web.Request) -> web.Response:
    """Join an address to the person."""

    async def act(desk: Desk, account: Account, number: str, form: Form) -> None:
        with at_field("address"):
            await identities.join(
                desk, account, number, _channel(form), form.get("address", ""), form.get("reason", "")
            )

    return await _do(request, "join", act, part="#persona")


async def separate(request: web.Request) -> web.Response:
    """Undo a join that was a mistake."""
    link = int(request.match_info["link"])

    async def act(desk: Desk, account: Account, number: str, form: Form) -> None:
        await identities.separate(desk, account, number, link, form.get("reason", ""))

    return await _do(request, f"separate:{link}", act, part="#persona")


def _channel(form: Form) -> Channel:
    chosen = channel_named(form.get("channel", ""))
    if chosen is None:
        raise Invalid(_("Revise los campos marcados."), {"channel": _("Elija el canal.")})
    return chosen


async def apart(request: web.Request) -> web.Response:
    """Decide that a stranger's reply is a matter of its own."""

    async def act(desk: Desk, account: Account, number: str, _form: Form) -> object:
        return await keep_apart(desk, account, number)

    return await _do(request, "apart", act)


async def take(request: web.Request) -> web.Response:
    """Give the case to oneself."""

    async def act(desk: Desk, account: Account, number: str, _form: Form) -> object:
        return await acts.assign(desk, account, number, account.username)

    return await _do(request, "assign", act)
