"""The pages that a person finds in the header: each role's daily ones first, the others behind "Más"."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.model import Account
from cases.rights import RIGHTS, Action
from cases.vocabulary import AccountRole
from console.language import gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the header."""

    address: str
    words: str

    def holds(self, path: str) -> bool:
        """Say whether a page is this one or beneath it."""
        return path == self.address or path.startswith(f"{self.address}/")


@dataclass(frozen=True, slots=True)
class Menu:
    """The pages of one person: those of every day, and the rest; `here` is the one of the rest that is open."""

    daily: Sequence[Place]
    more: Sequence[Place]
    here: Place | None


def menu(account: Account, path: str) -> Menu:
    """Return the pages that this person may open, seen from a path."""
    daily = _DAILY[account.role]
    open_to = {
        address: Place(address, words)
        for address, (action, words) in _pages().items()
        if account.role in RIGHTS[action] and (address != "/unidad" or account.role is AccountRole.UNIDAD)
    }
    if account.role is AccountRole.UNIDAD:
        del open_to["/casos"]
    more = [place for address, place in open_to.items() if address not in daily]
    return Menu(
        daily=[open_to[address] for address in daily if address in open_to],
        more=more,
        here=next((place for place in more if place.holds(path)), None),
    )


_DAILY = {
    AccountRole.OPERADOR: ("/casos", "/telefono", "/llamadas", "/articulos"),
    AccountRole.SUPERVISOR: ("/revision", "/monitor", "/casos", "/reportes", "/articulos"),
    AccountRole.UNIDAD: ("/unidad", "/articulos", "/procedimientos"),
    AccountRole.ADMIN: ("/administracion", "/casos", "/monitor", "/canales", "/articulos"),
}
"""What each role opens all day, in the order of the tabs."""


def _pages() -> dict[str, tuple[Action, str]]:
    """Return every page of the header with the right that opens it, in the order of the list behind "Más"."""
    return {
        "/unidad": (Action.TAKE_STEP, _("Bandeja")),
        "/revision": (Action.TAKE_OVER, _("Revisión")),
        "/casos": (Action.SEE_CASES, _("Casos")),
        "/monitor": (Action.MONITOR, _("Monitor")),
        "/equipo": (Action.MONITOR, _("Equipo")),
        "/resueltos-solos": (Action.CLOSE_MANY, _("Resueltos solos")),
        "/telefono": (Action.PHONE_NOTE, _("Nota telefónica")),
        "/llamadas": (Action.CALL_BACK, _("Llamadas")),
        "/reportes": (Action.MONITOR, _("Reportes")),
        "/canales": (Action.MONITOR, _("Canales")),
        "/articulos": (Action.SEE_ARTICLES, _("Artículos")),
        "/textos": (Action.USE_TEXT, _("Textos")),
        "/procedimientos": (Action.SEE_PROCEDURES, _("Procedimientos")),
        "/aprendizaje": (Action.LEARN, _("Aprendizaje")),
        "/cuarentena": (Action.QUARANTINE, _("Cuarentena")),
        "/administracion": (Action.ADMINISTER, _("Administración")),
    }
