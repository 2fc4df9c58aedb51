"""The telephone: an operator's note becomes a case at once, and answers become calls to make."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.errors import Invalid
from cases.model import Account, Arrival, Callback, Case, Message
from cases.rights import Action, demand
from cases.vocabulary import Channel
from desk.arrivals import read, take_in
from desk.desk import Desk
from intake.channels.phone.translate import normal_number, translate
from store.work import StoreWork

TRY_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Noted:
    """A call that is registered: its case and its message."""

    case: Case
    message: Message


async def phone_note(
    desk: Desk, account: Account, phone: str, name: str | None, text: str, system: str | None
) -> Noted:
    """Register a call: the note goes through the ledger like any message. Raises Invalid naming each wrong field."""
    demand(account, Action.PHONE_NOTE)
    number = normal_number(phone)
    faults = {}
    if number is None:
        faults["phone"] = "No es un número de teléfono. Escriba los 8 dígitos o el número con +591."
    if not text.strip():
        faults["text"] = "Escriba qué reporta la persona."
    if faults:
        raise Invalid("La nota está incompleta.", faults)
    note = {
        "id": secrets.token_hex(16),
        "phone": number,
        "name": (name or "").strip(),
        "text": text.strip(),
        "system": system,
        "by": account.username,
    }
    payload = json.dumps(note, ensure_ascii=False).encode()
    now = desk.now()
    inbound = translate(payload, now)
    [reading] = await asyncio.to_thread(read, desk, [inbound])

    def act(work: StoreWork) -> Noted:
        if system is not None and system not in {known.id for known in work.accounts.systems()}:
            raise Invalid("La nota está incompleta.", {"system": f"No existe el sistema {system}."})
        arrival = Arrival(Channel.PHONE, inbound.provider_id, inbound.sender, payload, now)
        ledger = work.ledger.accept_understood(arrival)
        received = take_in(desk, work, inbound, reading, now, ledger=ledger)
        assert received.case is not None  # a person called
        return Noted(received.case, received.message)

    return await desk.database.write(act)


async def call_outcome(
    desk: Desk, account: Account, callback: int, *, reached: bool, text: str, again: datetime | None
) -> Callback:
    """Record what came of a call; if nobody answered it is made again, in an hour unless said otherwise."""
    demand(account, Action.CALL_BACK)

    def act(work: StoreWork) -> Callback:
        now = desk.now()
        if again is not None and again <= now:
            raise Invalid("La hora no vale.", {"again_at": "La próxima llamada tiene que ser en el futuro."})
        done = work.callbacks.outcome(
            callback,
            reached=reached,
            text=text.strip(),
            by=account.username,
            again=again or now + TRY_AGAIN,
            now=now,
        )
        work.publish("case-changed", case=done.case)
        work.publish("callbacks-changed")
        return done

    return await desk.database.write(act)
