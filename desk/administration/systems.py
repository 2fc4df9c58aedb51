"""The systems that the desk supports: named, owned by a unit, never removed while anything points at them."""

import re
import unicodedata
from collections.abc import Sequence

from cases.errors import Conflict, Invalid, NotFound
from cases.model import Account, System
from cases.rights import Action, demand
from cases.vocabulary import Unit
from desk.administration.book import note
from desk.desk import Desk
from store.governing import KeptSystem
from store.work import StoreWork

IDENT = re.compile(r"[a-z][a-z0-9_]{1,40}")
LONGEST = 120
MOST_ALIASES = 60


async def kept_systems(desk: Desk, account: Account) -> Sequence[KeptSystem]:
    """Return every system with how much points at it."""
    demand(account, Action.ADMINISTER)
    return await desk.database.read(lambda work: work.governing.systems())


async def add_system(desk: Desk, account: Account, wanted: System) -> None:
    """Add a system. Raises Invalid naming each field, or Conflict if its id is taken."""
    demand(account, Action.ADMINISTER)
    clean = _checked(wanted)

    def act(work: StoreWork) -> None:
        others = [kept.system for kept in work.governing.systems()]
        if any(other.id == clean.id for other in others):
            raise Conflict(f"Ya existe el sistema {clean.id}.")
        _apart(clean, others)
        work.governing.add_system(clean, account.username)
        note(work, account, "system-added", _told(clean), desk.now())

    await desk.database.write(act)


async def change_system(desk: Desk, account: Account, wanted: System) -> None:
    """Change a system's name, aliases or owner; from then on the installed file does not touch it. Raises NotFound."""
    demand(account, Action.ADMINISTER)
    clean = _checked(wanted)

    def act(work: StoreWork) -> None:
        systems = [kept.system for kept in work.governing.systems()]
        before = next((system for system in systems if system.id == clean.id), None)
        if before is None:
            raise NotFound(f"No existe el sistema {clean.id}.")
        if before == clean:
            return
        _apart(clean, [system for system in systems if system.id != clean.id])
        work.governing.change_system(clean, account.username)
        note(work, account, "system-changed", {**_told(clean), "before": _told(before)}, desk.now())

    await desk.database.write(act)


async def remove_system(desk: Desk, account: Account, ident: str) -> None:
    """Remove a system that was added by hand and at which nothing points. Raises NotFound or Conflict."""
    demand(account, Action.ADMINISTER)

    def act(work: StoreWork) -> None:
        found = next((kept for kept in work.governing.systems() if kept.system.id == ident), None)
        if found is None:
            raise NotFound(f"No existe el sistema {ident}.")
        if found.used:
            raise Conflict(f"{found.system.name} está en uso: no se puede quitar.")
        if found.added_by is None:
            raise Conflict(f"{found.system.name} viene del archivo de sistemas y volvería con él.")
        work.governing.remove_system(ident)
        note(work, account, "system-removed", _told(found.system), desk.now())

    await desk.database.write(act)


def read_aliases(typed: str) -> tuple[str, ...]:
    """Read aliases from lines or commas: in lower case, without accents, each once."""
    words = (plain(each) for each in re.split(r"[\n,;]", typed))
    return tuple(dict.fromkeys(word for word in words if word))


def plain(text: str) -> str:
    """Return a text in lower case without accents and with single spaces; ñ stays."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("ñ", "\0"))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.replace("\0", "ñ").split())


def _checked(wanted: System) -> System:
    name, faults = " ".join(wanted.name.split()), {}
    if not IDENT.fullmatch(wanted.id):
        faults["id"] = "De 2 a 41 letras minúsculas sin acentos, números o guiones bajos, como firma_digital."
    if not name or len(name) > LONGEST:
        faults["name"] = "Escriba el nombre del sistema."
    if wanted.unit not in list(Unit):
        faults["unit"] = "Elija la unidad."
    if len(wanted.aliases) > MOST_ALIASES:
        faults["aliases"] = f"A lo sumo {MOST_ALIASES} alias."
    if faults:
        raise Invalid("Revise los campos marcados.", faults)
    return System(wanted.id, name, wanted.aliases, wanted.unit)


def _apart(wanted: System, others: Sequence[System]) -> None:
    """Refuse a name or alias by which another system is known."""
    mine = {plain(wanted.name): "name"} | {plain(alias): "aliases" for alias in wanted.aliases}
    for other in others:
        for word in (other.name, *other.aliases):
            if plain(word) in mine:
                said = f"Así ya se llama {other.name}: «{word}»."
                raise Invalid("Revise los campos marcados.", {mine[plain(word)]: said})


def _told(system: System) -> dict[str, object]:
    return {"system": system.id, "name": system.name, "aliases": list(system.aliases), "unit": system.unit}
