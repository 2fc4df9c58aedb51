"""One person on several channels: addresses are joined by the person's own proof or by an operator with a reason."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Account, Case, Conversation
from cases.rights import Action, demand
from cases.vocabulary import CITIZEN, Channel
from desk.desk import Desk, open_to
from desk.marks import write_entry
from intake.channels.phone.translate import normal_number
from intake.reply import Written, reply, window_closed
from store.identities import Identity
from store.work import StoreWork

CODE_LIFE = timedelta(minutes=15)
MOST_TRIES = 5
MOST_CODES = 3
"""Codes that one address gets in a day: enough for a person, too few to annoy one who never asked."""
MOST_ASKED = 6
"""Codes that one person may ask for in a day, to whatever addresses."""
PROVED = "Listo: comprobé que también es su dirección. Sus casos quedan juntos."
NOT_THE_CODE = "Ese no es el código. Revíselo y escríbalo otra vez."
TOO_OFTEN = "Ese código ya no vale: se probó demasiadas veces. Pida otro."


def address_on(channel: Channel, typed: str) -> str:
    """Return an address as its channel knows it; raises Invalid."""
    text = typed.strip()
    if channel is Channel.EMAIL:
        if not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[\w-]+(\.[\w-]+)+", text):
            raise Invalid("La dirección no vale.", {"address": "Escriba un correo, como ana@example.bo."})
        return text.lower()
    if channel in (Channel.WHATSAPP, Channel.PHONE):
        number = normal_number(text)
        if number is None:
            raise Invalid("La dirección no vale.", {"address": "Escriba los 8 dígitos o el número con +591."})
        return number
    raise Invalid(
        "No se puede unir ese canal desde aquí.",
        {"channel": "La persona lo une ella misma, con el enlace de su caso."},
    )


async def send_code(desk: Desk, account: Account, number: str, channel: Channel, typed: str) -> None:
    """Send a code to another address of a case's person; typed where the person writes already, it joins the two."""
    demand(account, Action.JOIN_IDENTITIES)

    def act(work: StoreWork) -> None:
        case = open_to(work, account, number)
        code_to(desk, work, case, channel, address_on(channel, typed), account.username)

    await desk.database.write(act)


async def ask_for_code(desk: Desk, token: str, typed: str) -> None:
    """Send a code to the mail address that a citizen gives on the page of a case."""

    def act(work: StoreWork) -> None:
        case = work.cases.by_token(token)
        code_to(desk, work, case, Channel.EMAIL, address_on(Channel.EMAIL, typed), CITIZEN)

    await desk.database.write(act)


async def type_code(desk: Desk, token: str, typed: str) -> str:
    """Take the code that a citizen types on the page of a case; raises Invalid if it is not the one."""

    def act(work: StoreWork) -> str:
        case = work.cases.by_token(token)
        return prove(desk, work, case.person, typed) or "Ese código ya no vale. Pida otro."

    said = await desk.database.write(act)
    if said != PROVED:
        raise Invalid("El código no vale.", {"code": said})
    return said


def code_to(desk: Desk, work: StoreWork, case: Case, channel: Channel, address: str, by: str) -> None:
    """Send a code, which says nothing of the case, to an address; raises Invalid or Conflict."""
    now = desk.now()
    known = work.identities.find(channel, address)
    if known is not None and known.person == case.person:
        raise Conflict("Esa dirección ya es de esta persona.")
    can = desk.channels[channel].can
    if can.by_voice:
        raise Invalid(
            "No se puede enviar un código.",
            {"channel": "Por teléfono no hay código: únalo con el motivo, después de hablar con la persona."},
        )
    day = now - timedelta(days=1)
    if work.identities.codes_of(case.person, day) >= MOST_ASKED:
        raise Conflict("Hoy ya se pidieron demasiados códigos. Intente mañana.")
    if work.identities.codes_since(channel, address, day) >= MOST_CODES:
        raise Conflict("A esa dirección ya se enviaron varios códigos hoy. Intente mañana.")
    person = work.people.at(channel, address, None, now)
    talk = work.people.conversation(person.id, channel, address, now)
    if window_closed(can, talk.last_inbound, now):
        raise Invalid(
            "No se puede enviar un código.",
            {"address": "Por ese canal solo se puede escribir a quien escribió en las últimas 24 horas."},
        )
    code = f"{secrets.randbelow(1_000_000):06d}"
    work.identities.add_code(case.person, channel, address, _digest(code), now, now + CODE_LIFE)
    text = (
        f"Su código de la mesa de soporte es {code}. Escríbalo donde ya habla con nosotros; vale 15 minutos. "
        "Si no lo pidió, no haga nada."
    )
    sent = reply(work, can, None, talk, Written(text, by, automatic=True), now)
    if sent is None:
        raise Conflict("A esa dirección ya se enviaron demasiados mensajes automáticos hoy. Intente mañana.")


def prove(desk: Desk, work: StoreWork, person: int, typed: str) -> str | None:
    """Take what may be a code; returns what to say, or None where no code is waited for."""
    now, said = desk.now(), typed.strip()
    if not re.fullmatch(r"\d{6}", said, re.ASCII):
        return None
    waiting = work.identities.code_for(person, now)
    if waiting is None:
        return None
    if waiting.tries >= MOST_TRIES:
        return TOO_OFTEN
    if not hmac.compare_digest(_digest(said), waiting.digest):
        work.identities.tried(waiting.id)
        return NOT_THE_CODE
    work.identities.used(waiting.id, now)
    joined(
        desk, work, waiting.channel, waiting.address, person, "code", "Escribió el código enviado.", CITIZEN
    )
    return PROVED


def joined(
    desk: Desk,
    work: StoreWork,
    channel: Channel,
    address: str,
    person: int,
    proof: str,
    reason: str,
    by: str,
) -> None:
    """Make an address a person's, and write it into the record of the person's open cases (without the address)."""
    now = desk.now()
    if work.people.at(channel, address, None, now).id == person:
        return
    known = work.identities.find(channel, address)
    assert known is not None  # `at` has registered it
    work.identities.join(known.id, person, proof, reason, by, now)
    case = work.cases.open_of(person)
    if case is not None:
        data = {"channel": str(channel), "proof": proof, "reason": reason}
        write_entry(desk, work, case, "identity_joined", {**data}, by, now, internal=True)
        work.publish("case-changed", case=case.number)


async def join(desk: Desk, account: Account, number: str, channel: Channel, typed: str, reason: str) -> None:
    """Join an address to a case's person because an operator knows it is theirs."""
    demand(account, Action.JOIN_IDENTITIES)
    if not reason.strip():
        raise Invalid("Falta el motivo.", {"reason": "Diga cómo sabe que es la misma persona."})

    def act(work: StoreWork) -> None:
        case = open_to(work, account, number)
        address = address_on(channel, typed)
        known = work.identities.find(channel, address)
        if known is not None and known.person == case.person:
            raise Conflict("Esa dirección ya es de esta persona.")
        joined(desk, work, channel, address, case.person, "operator", reason.strip(), account.username)

    await desk.database.write(act)


async def separate(desk: Desk, account: Account, number: str, link: int, reason: str) -> None:
    """Undo a join that was a mistake: the address and its cases go back to whose they were."""
    demand(account, Action.JOIN_IDENTITIES)
    if not reason.strip():
        raise Invalid("Falta el motivo.", {"reason": "Diga por qué no es la misma persona."})

    def act(work: StoreWork) -> None:
        case = open_to(work, account, number)
        if link not in {identity.link for identity in work.identities.of(case.person)}:
            raise NotFound("No existe esa unión de direcciones.")
        now = desk.now()
        work.identities.separate(link, account.username, reason.strip(), now)
        data = {"reason": reason.strip()}
        write_entry(desk, work, case, "identity_separated", {**data}, account.username, now, internal=True)
        work.publish("case-changed", case=case.number)

    await desk.database.write(act)


async def identities_of(desk: Desk, account: Account, number: str) -> Sequence[Identity]:
    """Return the addresses of a case's person, each with how it was joined."""
    return await desk.database.read(lambda work: work.identities.of(open_to(work, account, number).person))


def consent(desk: Desk, work: StoreWork, case: Case, channel: Channel, typed: str, by: Account) -> None:
    """Record that a person who called agrees to be answered on another channel, and make it reachable there."""
    address = address_on(channel, typed)
    now = desk.now()
    joined(desk, work, channel, address, case.person, "consent", "Lo pidió por teléfono.", by.username)
    work.people.conversation(case.person, channel, address, now)
    write_entry(desk, work, case, "consent", {"channel": str(channel)}, by.username, now)


def joiner(desk: Desk, work: StoreWork) -> Callable[[Conversation, Case], Conversation]:
    """Return what makes a writer and a case's person one: the writer had the case's token."""

    def join_writer(conversation: Conversation, case: Case) -> Conversation:
        reason = "Abrió el enlace de su caso."
        joined(desk, work, conversation.channel, conversation.address, case.person, "link", reason, CITIZEN)
        return replace(work.people.conversation_of(conversation.id), state={})

    return join_writer


def talk_on(desk: Desk, work: StoreWork, case: Case, channel: Channel, now: datetime) -> Conversation:
    """Return the conversation of a case's person on a channel; raises Invalid where they have none."""
    if channel is case.channel:
        return work.people.conversation_of(case.conversation)
    address = work.people.addresses(case.person).get(channel)
    if address is None or channel not in desk.channels:
        raise Invalid(
            "No se puede responder por ese canal.",
            {"channel": "La persona no tiene una dirección en ese canal."},
        )
    return work.people.conversation(case.person, channel, address, now)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
