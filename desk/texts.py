"""Texts that are used again and again: kept with a shortcut, their variables checked, and filled in for one case."""

import re
from collections.abc import Iterable, Mapping, Sequence

from cases.errors import Conflict, Invalid
from cases.model import Account, Case
from cases.rights import Action, demand
from cases.vocabulary import Stage
from desk.desk import Desk, open_to
from store.texts import CannedText
from store.work import StoreWork

VARIABLES = {
    "nombre": "nombre de la persona",
    "caso": "número del caso",
    "sistema": "sistema del que trata",
    "operador": "nombre de quien responde",
    "etapa": "etapa en que está el caso",
    "estimacion": "fecha estimada de solución",
    "enlace": "página de la persona con su caso",
}
"""What a text may leave open, and what is put there."""

STAGES = {
    Stage.IDENTIFICATION: "identificación y análisis",
    Stage.PROCESSING: "coordinación y procesamiento",
    Stage.NOTIFICATION: "notificación de la solución",
}
OPEN = re.compile(r"\{\s*([^\W\d_]\w*)\s*\}")
SHORTCUT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
LONGEST_TITLE, LONGEST_TEXT = 120, 4_000


def left_open(text: str) -> tuple[str, ...]:
    """Return what a text still leaves open, as it is written, each once and in order."""
    return tuple(dict.fromkeys(found[0] for found in OPEN.finditer(text)))


def unfilled(text: str) -> tuple[str, ...]:
    """Return what of a text's variables nobody filled in; other words in braces are somebody's own, as `/personas/{ci}`."""
    return tuple(name for name in left_open(text) if _name(name) in VARIABLES)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put in what is known; what is not stays open, so that its writer sees it."""
    return OPEN.sub(lambda found: values.get(found[1].lower()) or found[0], text)


def check_filled(text: str) -> None:
    """Raise Invalid for an answer that still leaves something open."""
    if rest := unfilled(text):
        raise Invalid(
            "La respuesta tiene algo sin completar.",
            {"text": f"Quedó sin completar: {', '.join(rest)}. Escríbalo o quítelo antes de enviar."},
        )


def values_for(desk: Desk, work: StoreWork, case: Case, account: Account) -> dict[str, str]:
    """Return what the variables stand for in one case; an estimate whose time is over is not told again."""
    systems = {system.id: system.name for system in work.accounts.systems()}
    return {
        "nombre": work.people.get(case.person).name or "",
        "caso": case.number,
        "sistema": systems.get(case.system or "", ""),
        "operador": account.name,
        "etapa": STAGES[case.stage],
        "estimacion": desk.local(case.estimate) if case.estimate and case.estimate > desk.now() else "",
        "enlace": f"{desk.public_url.rstrip('/')}/caso/{case.token}",
    }


async def all_texts(desk: Desk, account: Account) -> Sequence[CannedText]:
    """Return every text, those out of use too."""
    demand(account, Action.USE_TEXT)
    return await desk.database.read(lambda work: work.texts.all())


async def text_of(desk: Desk, account: Account, text: int) -> CannedText:
    """Return one text; raises NotFound."""
    demand(account, Action.USE_TEXT)
    return await desk.database.read(lambda work: work.texts.get(text))


async def texts_for(desk: Desk, account: Account, number: str) -> Sequence[CannedText]:
    """Return the texts in use with what this case puts into them."""
    demand(account, Action.USE_TEXT)

    def read(work: StoreWork) -> Sequence[CannedText]:
        values = values_for(desk, work, open_to(work, account, number), account)
        return [
            CannedText(one.id, one.shortcut, one.title, fill(one.text, values), one.by, one.at, one.active)
            for one in work.texts.all(active=True)
        ]

    return await desk.database.read(read)


async def keep_text(
    desk: Desk, account: Account, text: int | None, shortcut: str, title: str, words: str
) -> CannedText:
    """Add a text, or change one; raises Invalid naming each field that does not do, NotFound."""
    demand(account, Action.WRITE_TEXT)
    shortcut, title, words = shortcut.strip().lstrip(";").lower(), title.strip(), words.strip()
    faults = dict(_faults(shortcut, title, words))
    if faults:
        raise Invalid("Revise los campos marcados.", faults)

    def act(work: StoreWork) -> CannedText:
        try:
            return work.texts.keep(text, shortcut, title, words, account.name, desk.now())
        except Conflict as taken:
            raise Invalid("Revise los campos marcados.", {"shortcut": str(taken)}) from None

    return await desk.database.write(act)


def _name(written: str) -> str:
    return written.strip("{} \t\n").lower()


def _faults(shortcut: str, title: str, words: str) -> Iterable[tuple[str, str]]:
    """Yield each field that does not do, with a sentence."""
    if not SHORTCUT.fullmatch(shortcut):
        yield "shortcut", "Hasta 32 letras sin acento, números o guiones, sin espacios: por ejemplo, gracias."
    if not title:
        yield "title", "Escriba el título."
    elif len(title) > LONGEST_TITLE:
        yield "title", f"Es demasiado largo: hasta {LONGEST_TITLE} letras."
    unknown = [name for name in left_open(words) if _name(name) not in VARIABLES]
    if not words:
        yield "text", "Escriba el texto."
    elif len(words) > LONGEST_TEXT:
        yield "text", f"Es demasiado largo: hasta {LONGEST_TEXT} letras."
    elif unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        yield "text", f"No se conoce {', '.join(unknown)}. Puede usar: {known}."


async def switch_text(desk: Desk, account: Account, text: int, *, active: bool) -> None:
    """Take a text out of use, or put it back; raises NotFound."""
    demand(account, Action.WRITE_TEXT)
    await desk.database.write(lambda work: work.texts.switch(text, account.name, desk.now(), active=active))
