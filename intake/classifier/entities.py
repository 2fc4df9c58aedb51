"""The patterns of the entity ruler: systems, error codes, payment codes, case numbers, addresses, symptoms."""

from collections.abc import Iterable
from typing import Any

from cases.model import System
from intake.classifier.text import normal

Pattern = dict[str, Any]

SYMPTOMS = {
    "down": ("no carga", "no abre", "esta caido", "se cayo", "no responde", "fuera de servicio", "pagina en blanco",
             "se cuelga", "da vueltas", "servicio no disponible", "muy lento", "time out", "timeout", "tiempo de espera"),
    "access": ("no puedo entrar", "no me deja entrar", "no puedo ingresar", "no me deja ingresar", "olvide mi contraseña",
               "cuenta bloqueada", "usuario bloqueado", "contraseña incorrecta"),
    "delivery": ("no llega", "no me llega", "no llegan", "no me llego", "no esta llegando"),
    "missing": ("no existe la opcion", "no hay opcion", "no aparece la opcion", "falta la opcion", "no tiene opcion"),
}  # fmt: skip


def patterns(systems: Iterable[System]) -> list[Pattern]:
    """Return the ruler's patterns: phrases by their norms, codes by their shapes."""
    found: list[Pattern] = [
        {"label": "SYSTEM", "id": system.id, "pattern": words(phrase)}
        for system in systems
        for phrase in dict.fromkeys((system.name, *system.aliases))
        if system.id != "otro"
    ]
    found += [
        {"label": "SYMPTOM", "id": kind, "pattern": words(phrase)}
        for kind, phrases in SYMPTOMS.items()
        for phrase in phrases
    ]
    found += [{"label": "HTTP", "pattern": [{"TEXT": code}]} for code in HTTP_CODES]
    found += [
        {"label": "CASE", "pattern": [{"SHAPE": {"IN": ["dddd-dddd", "dddd-dddddd"]}}]},
        {"label": "CPT", "pattern": [{"NORM": "cpt"}, {"IS_PUNCT": True, "OP": "?"}, {"IS_DIGIT": True}]},
        {"label": "HOJA_DE_RUTA", "pattern": [{"NORM": {"IN": ["nur", "hr", "ruta"]}}, {"TEXT": {"IN": ["/", "-", ":", "nro"]}, "OP": "?"},
                                              {"SHAPE": {"IN": SHAPES}}]},
        {"label": "URL", "pattern": [{"LIKE_URL": True}]},
        {"label": "EMAIL", "pattern": [{"LIKE_EMAIL": True}]},
        {"label": "PHONE", "pattern": [{"TEXT": {"IN": ["+591", "591"]}, "OP": "?"}, {"SHAPE": "dddd", "LENGTH": 8}]},
    ]  # fmt: skip
    return found


HTTP_CODES = (
    "400",
    "401",
    "403",
    "404",
    "405",
    "408",
    "409",
    "413",
    "422",
    "429",
    "500",
    "501",
    "502",
    "503",
    "504",
)
SHAPES = ["dddd", "dddd-dddd", "dddd/dddd", "X-dddd/dddd", "XXX-dddd/dddd", "xxx-dddd/dddd", "dddd-dd"]


def words(phrase: str) -> list[Pattern]:
    """Return a phrase as a pattern of norms."""
    return [{"NORM": normal(word)} for word in phrase.split()]
