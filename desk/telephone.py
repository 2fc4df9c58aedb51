"""The telephone: an operator's note becomes a case at once or is settled while it lasts; answers become calls to make."""

import asyncio
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.errors import Conflict, Invalid
from cases.model import Account, Arrival, Callback, Case, Inbound, Message
from cases.procedure import Value
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.arrivals import read, take_in
from desk.desk import Desk, open_to
from desk.identities import address_on, consent, joined
from desk.marks import write_entry
from desk.steps import say
from intake.channels.phone.translate import normal_number, translate
from store.callbacks import CallResult, CallRow, told
from store.work import StoreWork

TRY_AGAIN = timedelta(hours=1)
"""Working time after which somebody who was not reached is called again."""
LATE = timedelta(hours=1)
"""Working time after which a call that is due is late."""
ENOUGH = 3
"""Attempts without an answer after which the desk proposes to stop calling."""
NONCE = re.compile(r"[0-9a-f]{32}")
CONSENT = "Lo pidió por teléfono."
SAME_NUMBER = "Llamó del mismo número y pidió escribir en su caso."


@dataclass(frozen=True, slots=True)
class Noted:
    """A call that is registered: its case and its message."""

    case: Case
    message: Message


@dataclass(frozen=True, slots=True)
class Beside:
    """What a note may carry beside its words.

    `nonce` names the form that was filled in, so that sending it twice is one note; `into` is the open case to write
    into; `read` are the articles that were read out; `whatsapp` and `mail` are where the person agrees to be answered.
    """

    nonce: str = ""
    into: str | None = None
    read: tuple[int, ...] = ()
    whatsapp: bool = False
    mail: str = ""

    def agreed(self, phone: str) -> list[tuple[Channel, str]]:
        """Return where the person agrees to be answered; raises Invalid for what is no mail address."""
        wanted = [(Channel.WHATSAPP, phone)] if self.whatsapp else []
        if self.mail.strip():
            try:
                wanted.append((Channel.EMAIL, address_on(Channel.EMAIL, self.mail)))
            except Invalid as refused:
                raise Invalid(str(refused), {"mail": refused.fields["address"]}) from None
        return wanted


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class ToCall:
    """A call to make: how late it is, whether the number is marked wrong, whether it is time to stop calling."""

    row: CallRow
    late: bool
    enough: bool


async def phone_note(
    desk: Desk,
    account: Account,
    phone: str,
    name: str | None,
    text: str,
    system: str | None,
    beside: Beside = NOTHING,
) -> Noted:
    """Register a call: the note goes through the ledger like any message. Raises Invalid naming each wrong field."""
    demand(account, Action.PHONE_NOTE)
    arrival, inbound = _note(desk, account, (phone, name, text), beside, system=system)
    agreed = beside.agreed(inbound.sender)
    [reading] = await asyncio.to_thread(read, desk, [inbound])

    def act(work: StoreWork) -> Noted:
        known = work.messages.named(Channel.PHONE, (arrival.provider_id,))
        if known is not None and known.case is not None:
            return Noted(work.cases.by_id(known.case), known)
        if system is not None and system not in {known.id for known in work.accounts.systems()}:
            raise Invalid("La nota está incompleta.", {"system": f"No existe el sistema {system}."})
        aimed = _into(desk, work, account, inbound, beside.into) if beside.into else inbound
        ledger = work.ledger.accept_understood(arrival)
        received = take_in(desk, work, aimed, reading, arrival.at, ledger=ledger)
        assert received.case is not None  # a person called
        for article in beside.read:
            _was_read(desk, work, account, received.case, article)
        for channel, address in agreed:
            _agree(desk, work, account, (received.case.person, received.case), channel, address)
        return Noted(work.cases.by_id(received.case.id), received.message)

    return await desk.database.write(act)


async def settled_call(
    desk: Desk, account: Account, phone: str, name: str | None, text: str, beside: Beside = NOTHING
) -> Message:
    """Keep a call that was settled while it lasted: in the ledger and among the person's messages, without a case."""
    demand(account, Action.PHONE_NOTE)
    arrival, inbound = _note(desk, account, (phone, name, text), beside, settled=True)
    agreed = beside.agreed(inbound.sender)

    def act(work: StoreWork) -> Message:
        known = work.messages.named(Channel.PHONE, (arrival.provider_id,))
        if known is not None:
            return known
        now = arrival.at
        person = work.people.at(Channel.PHONE, inbound.sender, inbound.sender_name, now)
        talk = work.people.conversation(person.id, Channel.PHONE, inbound.sender, now)
        work.people.heard(talk.id, inbound.recipient, now)
        used = [work.articles.get(article).external_id for article in beside.read]
        mark = f"[Resuelto en la llamada con {', '.join(used)}]" if used else "[Resuelto en la llamada]"
        said = replace(inbound, text=f"{inbound.text}\n{mark}")
        ledger = work.ledger.accept_understood(arrival)
        kept = work.messages.take(said, talk.id, None, person.name or inbound.sender, ledger)
        for channel, address in agreed:
            _agree(desk, work, account, (person.id, work.cases.open_of(person.id)), channel, address)
        work.publish("queue-changed")
        return kept

    return await desk.database.write(act)


def _note(
    desk: Desk,
    account: Account,
    typed: tuple[str, str | None, str],
    beside: Beside,
    *,
    system: str | None = None,
    settled: bool = False,
) -> tuple[Arrival, Inbound]:
    """Make an arrival of what was typed; raises Invalid naming each wrong field."""
    phone, name, text = typed
    number = normal_number(phone)
    faults = {}
    if number is None:
        faults["phone"] = "No es un número de teléfono. Escriba los 8 dígitos o el número con +591."
    if not text.strip():
        faults["text"] = "Escriba qué reporta la persona."
    if number is None or faults:
        raise Invalid("La nota está incompleta.", faults)
    note: dict[str, object] = {
        "phone": number,
        "name": (name or "").strip(),
        "text": text.strip(),
        "system": system,
        "by": account.username,
    }
    if settled:
        note["settled"] = True
    if beside.read:
        note["read"] = list(beside.read)
    note["id"] = _id(beside.nonce, note)
    payload = json.dumps(note, ensure_ascii=False).encode()
    arrival = Arrival(Channel.PHONE, str(note["id"]), number, payload, desk.now())
    return arrival, translate(payload, arrival.at)


def _id(nonce: str, note: dict[str, object]) -> str:
    """Name a note by its form and its content: sent twice it is one, changed after going back it is another."""
    if not NONCE.fullmatch(nonce):
        return secrets.token_hex(16)
    digest = hashlib.sha256(json.dumps(note, sort_keys=True).encode()).hexdigest()
    return f"{nonce}-{digest[:16]}"


def _into(desk: Desk, work: StoreWork, account: Account, inbound: Inbound, number: str) -> Inbound:
    """Aim a note at an open case of the person, or of who writes from the same number; it then is one person."""
    case = open_to(work, account, number)
    if case.closed is not None:
        raise Invalid("No se puede escribir en ese caso.", {"into": f"El caso {number} está cerrado."})
    own = {
        known.person
        for channel in (Channel.PHONE, Channel.WHATSAPP)
        if (known := work.identities.find(channel, inbound.sender)) is not None
    }
    if case.person not in own:
        raise Invalid("No se puede escribir en ese caso.", {"into": "Ese caso no es de quien llama."})
    joined(desk, work, Channel.PHONE, inbound.sender, case.person, "operator", SAME_NUMBER, account.username)
    return replace(inbound, token=case.reply_token)


def _was_read(desk: Desk, work: StoreWork, account: Account, case: Case, article: int) -> None:
    now = desk.now()
    found = work.articles.get(article)
    work.articles.used(case.id, found.id, "opened", now)
    data: dict[str, Value] = {"text": "Se le leyó durante la llamada.", "article": found.id}
    write_entry(desk, work, case, "article_opened", data, account.username, now)


def _agree(
    desk: Desk,
    work: StoreWork,
    account: Account,
    whose: tuple[int, Case | None],
    channel: Channel,
    address: str,
) -> None:
    """Record that a person agrees to be answered elsewhere; a mail address that is somebody else's needs a proof."""
    person, case = whose
    known = work.identities.find(channel, address)
    if channel is Channel.EMAIL and known is not None and known.person != person:
        raise Invalid(
            "La dirección no vale.",
            {"mail": "Ese correo ya es de otra persona: únalo desde el caso, con un código o con un motivo."},
        )
    if case is not None:
        consent(desk, work, case, channel, address, account)
        return
    joined(desk, work, channel, address, person, "consent", CONSENT, account.username)
    work.people.conversation(person, channel, address, desk.now())


async def calls_to_make(
    desk: Desk, account: Account, *, mine: bool, limit: int
) -> tuple[list[ToCall], int, int]:
    """Return the calls to make, the one due first at the top, how many there are, and how many are one's own.

    One's own are those of the cases that one has, and of the answers that one wrote.
    """
    demand(account, Action.CALL_BACK)

    def act(work: StoreWork) -> tuple[list[ToCall], int, int]:
        found = work.callbacks.rows(account if mine else None, limit)
        return (
            [_to_call(desk, row) for row in found],
            work.callbacks.count(None),
            work.callbacks.count(account),
        )

    return await desk.database.read(act)


def _to_call(desk: Desk, row: CallRow) -> ToCall:
    due, now = row.call.due, desk.now()
    late = due < now and desk.calendar.working_between(due, now) > LATE
    return ToCall(row, late, row.call.attempts >= ENOUGH or row.unreachable is not None)


async def call_outcome(
    desk: Desk, account: Account, callback: int, *, reached: bool, text: str, again: datetime | None
) -> Callback:
    """Record what came of a call in the contract's words: reached, or called again later."""
    result = CallResult.ANSWERED if reached else CallResult.NO_ANSWER
    return await call_made(desk, account, callback, result, text=text, again=again)


async def call_made(
    desk: Desk,
    account: Account,
    callback: int,
    result: CallResult,
    *,
    text: str,
    again: datetime | None = None,
    seen: int | None = None,
) -> Callback:
    """Record one call; without an answer it is made again, after a working hour unless said otherwise.

    `seen` is how many attempts the caller knew of. Raises Invalid, or Conflict if somebody called in between.
    """
    demand(account, Action.CALL_BACK)

    def act(work: StoreWork) -> Callback:
        now = desk.now()
        if again is not None and again <= now and not result.ends:
            raise Invalid("La hora no vale.", {"again_at": "La próxima llamada tiene que ser en el futuro."})
        if seen is not None and work.callbacks.get(callback).attempts != seen:
            raise Conflict("Otra persona ya anotó una llamada: mire qué pasó antes de guardar.")
        at = again or desk.calendar.add_working(now, TRY_AGAIN)
        return _record(desk, work, account, callback, result, text.strip(), at)

    return await desk.database.write(act)


async def stop_calling(desk: Desk, account: Account, callback: int, reason: str) -> Callback:
    """Take a call off the list although nobody spoke to the person; raises Invalid without a reason."""
    demand(account, Action.CALL_BACK)
    if not reason.strip():
        raise Invalid("Falta el motivo.", {"reason": "Diga por qué ya no hace falta llamar."})
    return await desk.database.write(
        lambda work: _record(desk, work, account, callback, CallResult.CLOSED, reason.strip(), desk.now())
    )


async def write_instead(desk: Desk, account: Account, callback: int, channel: Channel) -> Message:
    """Send what was to be read out on another channel that the person has, and take the call off the list."""
    demand(account, Action.CALL_BACK)
    demand(account, Action.REPLY)
    if channel is Channel.PHONE:
        raise Invalid("No se puede responder por ese canal.", {"channel": "Elija otro canal."})

    def act(work: StoreWork) -> Message:
        label = desk.channels[channel].label if channel in desk.channels else str(channel)
        call = _record(
            desk, work, account, callback, CallResult.CLOSED, f"Se respondió por {label}.", desk.now()
        )
        case = open_to(work, account, call.case)
        message = say(desk, work, case, call.text, account, desk.now(), channel=channel)
        work.publish("outbox")
        return work.messages.get(message)

    return await desk.database.write(act)


def _record(
    desk: Desk,
    work: StoreWork,
    account: Account,
    callback: int,
    result: CallResult,
    text: str,
    again: datetime,
) -> Callback:
    now = desk.now()
    case = open_to(work, account, work.callbacks.get(callback).case)
    done = work.callbacks.outcome(callback, result, text=text, by=account.username, again=again, now=now)
    data: dict[str, Value] = {"text": told(result, text)}
    if not result.ends:
        data["due"] = done.due
    write_entry(desk, work, case, "call_attempt", data, account.username, now, internal=True)
    work.publish("case-changed", case=case.number)
    work.publish("callbacks-changed")
    return done
