"""Reports that go out by mail by themselves: once for each time that is due, whatever crashes in between."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import structlog

from cases.errors import Invalid, Refused
from cases.model import Account, Attachment, Parcel
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.desk import Desk
from desk.report_shapes import Asked, Report
from desk.reports import report
from intake.channels.channel import Later, Refusal, Unknown
from store.schedules import Every, Schedule
from store.work import StoreWork

log = structlog.get_logger()

HOUR = time(7, 30)
"""When reports go out, in the desk's zone: they lie there when the day begins."""
EVERY: tuple[Every, ...] = ("day", "week", "month")
MOST = 50
"""Schedules of a desk; more are a mistake or an abuse."""
DAY = timedelta(days=1)
MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]+\.[^\s@.<>,;:\"()\[\]\\]+")
AGAIN = timedelta(minutes=15)
"""After so long what the mail server did not take is offered again."""
GONE = "La cuenta de quien lo pidió está desactivada: quite este envío, o pídalo otra persona."
INTERRUPTED = "El servicio se detuvo mientras lo enviaba: puede que haya salido. No se repite solo."


@dataclass(frozen=True, slots=True)
class Letter:
    """A report as it is mailed."""

    subject: str
    text: str
    attachments: tuple[Attachment, ...]


Write = Callable[[Schedule, Report, Sequence[tuple[str, str]]], Awaitable[Letter]]
"""Puts a report into words and files; it is given the systems as (id, name) pairs."""
Post = Callable[[Parcel], Awaitable[str]]
"""Hands one mail over; raises Refusal, Later or Unknown."""


async def schedules(desk: Desk, account: Account) -> Sequence[Schedule]:
    """Return every schedule of the desk, the next one first."""
    demand(account, Action.SEND_REPORTS)
    return await desk.database.read(lambda work: work.schedules.all())


async def schedule(desk: Desk, account: Account, address: str, every: str, language: str) -> int:
    """Let a report go out from the next usual time on; raises Invalid for what is no mail address or no rhythm."""
    demand(account, Action.SEND_REPORTS)
    faults = {}
    if not MAIL.fullmatch(address) or len(address) > 320:  # noqa: PLR2004 - the column's length
        faults["address"] = "Escriba una dirección de correo, como ana@example.bo."
    chosen = next((one for one in EVERY if one == every), None)
    if chosen is None:
        faults["every"] = "Elija cada cuánto."
    if faults or chosen is None:
        raise Invalid("Revise los campos marcados.", faults)
    first = following(desk, chosen, desk.now())

    def act(work: StoreWork) -> int:
        known = work.schedules.all()
        if any(one.address == address and one.every == chosen for one in known):
            raise Invalid("Revise los campos marcados.", {"address": "Ya se le envía con ese ritmo."})
        if len(known) >= MOST:
            raise Invalid("Ya hay demasiados envíos; quite alguno antes de agregar otro.")
        number = work.schedules.add(account.id, address, chosen, language, first)
        work.publish("schedules-changed")
        return number

    return await desk.database.write(act)


async def stop(desk: Desk, account: Account, number: int) -> None:
    """Send this one no more; raises NotFound."""
    demand(account, Action.SEND_REPORTS)

    def act(work: StoreWork) -> None:
        work.schedules.get(number)
        work.schedules.remove(number)
        work.publish("schedules-changed")

    await desk.database.write(act)


async def send_now(desk: Desk, account: Account, number: int) -> None:
    """Let one go out at once, beside its usual times; raises NotFound."""
    demand(account, Action.SEND_REPORTS)

    def act(work: StoreWork) -> None:
        work.schedules.get(number)
        work.schedules.hurry(number, desk.now())
        work.publish("schedules-changed")

    await desk.database.write(act)


def following(desk: Desk, every: Every, now: datetime) -> datetime:
    """Return the next usual time after a moment: every morning, Monday mornings, or the first morning of a month."""
    day = now.astimezone(desk.timezone).date()
    while True:
        at = datetime.combine(day, HOUR, desk.timezone).astimezone(UTC)
        fits = {"day": True, "week": day.weekday() == 0, "month": day.day == 1}[every]
        if fits and at > now:
            return at
        day += DAY


def period(every: Every, today: date) -> Asked:
    """Return what a report of a day tells: the day before, the week before from Monday, or the month before."""
    match every:
        case "day":
            return Asked(today - DAY, today - DAY)
        case "week":
            monday = today - timedelta(days=today.weekday())
            return Asked(monday - timedelta(days=7), monday - DAY)
        case "month":
            last = today.replace(day=1) - DAY
            return Asked(last.replace(day=1), last)


async def send_due(desk: Desk, write: Write, post: Post | None) -> int:
    """Send what is due, one after another; returns how many were due.

    Its next time is stored before a report is sent, so that a crash can only lose one, never repeat it; what became of
    it is noted afterwards, and until then the schedule says that nobody knows.
    """
    done = 0
    while (due := await _claim(desk)) is not None:
        done += 1
        try:
            fault = await _send(desk, due, write, post)
        except Exception as broken:  # one report that breaks must not keep back the others
            log.exception("scheduled report failed", schedule=due.id)
            fault = f"Error interno: {type(broken).__name__}"
        await _note(desk, due, fault)
    return done


async def _claim(desk: Desk) -> Schedule | None:
    now = desk.now()
    if not await desk.database.read(lambda work: work.schedules.is_due(now)):
        return None

    def act(work: StoreWork) -> Schedule | None:
        due = work.schedules.due(now)
        if due is not None:
            work.schedules.claim(due.id, following(desk, due.every, now), INTERRUPTED)
        return due

    return await desk.database.write(act)


async def _send(desk: Desk, due: Schedule, write: Write, post: Post | None) -> str | None:
    """Make and send one report; returns why it did not go out, or None."""
    if post is None:
        return "El correo de salida no está configurado (VENTANILLA_MAIL_SMARTHOST)."
    account = await desk.database.read(lambda work: _still_here(work, due))
    if account is None:
        return GONE
    today = desk.now().astimezone(desk.timezone).date()
    try:
        found = await report(desk, account, period(due.every, today))
        named = await desk.database.read(lambda work: [(s.id, s.name) for s in work.accounts.systems()])
        letter = await write(due, found, named)
        await post(_parcel(due, letter))
    except Later as later:
        again = min(desk.now() + (later.after or AGAIN), following(desk, due.every, desk.now()))
        await desk.database.write(lambda work: work.schedules.hurry(due.id, again))
        return later.why
    except (Refusal, Unknown) as missed:
        return missed.why
    except Refused as refused:
        return f"Quien lo pidió ya no puede verlo: {refused}"
    return None


def _still_here(work: StoreWork, due: Schedule) -> Account | None:
    """Return who asked for a report, unless the account is closed."""
    found = work.accounts.named(work.accounts.get(due.user).username)
    return found[0] if found is not None else None


def _parcel(due: Schedule, letter: Letter) -> Parcel:
    """Return the mail; its name follows from the schedule and the time that was due, so that a repetition is one mail."""
    return Parcel(
        delivery=due.id,
        message=int(due.next.timestamp()),
        part=1,
        channel=Channel.EMAIL,
        address=due.address,
        desk_address=None,
        body=letter.text,
        subject=letter.subject,
        automatic=True,
        references=(),
        case=None,
        attempts=1,
        attachments=letter.attachments,
        opens=True,
    )


async def _note(desk: Desk, due: Schedule, fault: str | None) -> None:
    def act(work: StoreWork) -> None:
        if fault is None:
            work.schedules.sent(due.id, desk.now())
        else:
            work.schedules.failed(due.id, fault)
        work.publish("schedules-changed")

    await desk.database.write(act)
