"""What a text names: systems and symptoms by their words, codes and numbers by their shape."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cases.model import System
from intake.classifier.text import normal

Pattern = dict[str, Any]

WHOM = "me|le|les|nos|te|lo|la"
ENTER = "entrar|ingresar|acceder|iniciar|loguear*|logear*"
SECRET = "contraseña*|pin|contras"  # noqa: S105 - the words for one
SYMPTOMS = {
    "down": (
        "esta|estan|estaba caid*", "caido|caida|caidos|caidas", f"se {WHOM}? cay*", f"se {WHOM}? cuelg*|colg*|tranc*",
        f"no {WHOM}? carg*|abr*|respond*", "no anda|andan", f"no {WHOM}? esta|estan cargando|abriendo|funcionando|respondiendo",
        "no funciona|funcionan", "no hay|tenemos|tengo sistema|servicio|conexion", "fuera de servicio|linea",
        "servicio|pagina|sistema no disponible", f"se {WHOM}? cierra|cerro",
    ),
    "slow": (
        "muy|super|demasiado|tan|bien|re|recontra? lent*", "tarda|tardan|demora|demoran mucho|demasiado|horas",
        "da|dando vueltas", "se queda|quedo cargando|pensando", "tiempo de espera", "time out", "timeout",
    ),
    "server_error": (
        "bad gateway", "gateway time out", "gateway timeout", "internal server error", "error interno",
        "error del? servidor", "service unavailable",
    ),
    "blank": ("pantalla|pagina|ventana|hoja|todo en? blanc*", "queda|sale|aparece en blanc*"),
    "access": (
        f"no puedo|puede|podemos|pueden|pude|logro {ENTER}", f"no {WHOM}? deja|dejan|permite {ENTER}",
        f"{WHOM} bota|saca|expulsa|boto|saco", "sesion expirada|caducada|vencida",
    ),
    "password": (
        f"olvid* mi|su|la|el|de? la|mi? {SECRET}", f"no recuerdo|recuerda|acuerdo mi|su|la|el? {SECRET}",
        f"{SECRET} olvidad*|incorrect*|invalid*|vencid*|caducad*|errone*|mal*", f"perdi|perdio mi|su|la|el? {SECRET}",
        f"recuperar|restablecer|resetear mi|su|la|el? {SECRET}", f"{SECRET} no? es? incorrect*|invalid*",
    ),
    "locked": (
        "cuenta|usuario|pin|token bloquead*", f"se {WHOM}? bloqueo|bloquea mi|su|la|el? cuenta|usuario|pin|token",
        f"{WHOM} bloquearon|bloqueo", f"cuenta|usuario se? {WHOM}? bloqueo",
    ),
    "delivery": (
        f"no {WHOM}? esta|estan|ha|han? lleg* el|la|los|las|un|ni|ningun|mi|su? codigo*|sms|correo*|mensaje*|notificacion*|token",
        "sin recibir el|los? codigo*|sms|correo*|mensaje*", f"no {WHOM}? mandan|envian|manda|envia el|los|un? codigo*|sms|correo*",
    ),
    "missing": (
        "no existe|hay|aparece|figura|sale|encuentro|veo|tiene la|el|ninguna|una|esa? opcion*|boton|casilla|campo|pestaña",
        "falta|faltan la|el|una? opcion|boton|casilla|campo", "desaparecio|quitaron la|el? opcion|boton|casilla|campo",
    ),
    "payment": (
        f"no se? {WHOM}? acredit*|reflej*|confirm* el|mi|su? pago", "pago no se? acredit*|reflej*|confirm*|registr*",
        "no se acredit*|reflej*", "cobro doble|duplicado", "doble cobro",
    ),
    "token": (
        f"no {WHOM}? reconoce|detecta|lee|agarra el|mi|su? token", "token no se? reconoc*|detect*|lee|reconocido|detectado",
        "certificado vencid*|expirad*|revocad*|caducad*",
    ),
}  # fmt: skip
"""Kinds of symptom and how people put them: `a|b` either, `abc*` whatever begins so, `a?` may be left out."""

NUMBER = r"(?:n(?:ro|um|[°ºo])?\.?\s{0,2})?[:#-]?\s{0,2}"
HTTP = "400|401|403|404|405|408|409|413|422|429|500|501|502|503|504"
SHAPES = (
    ("CASE", re.compile(r"(?<![\w/-])20\d\d-\d{6}(?![\w/-])")),
    ("CPT", re.compile(rf"\b(?:cpt|c[oó]digo de pago)\s{{0,2}}{NUMBER}\d[\d-]{{2,24}}(?!\w)", re.IGNORECASE)),
    (
        "HOJA_DE_RUTA",
        re.compile(
            rf"\b(?:hojas? de ruta|nur|h\.?\s?r\.?)\s{{0,2}}{NUMBER}"
            r"(?:[A-Z]{1,8}[-/ ]){0,3}\d{1,8}(?:[-/]\w{1,8}){0,3}(?!\w)",
            re.IGNORECASE,
        ),
    ),
    ("EMAIL", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")),
    ("URL", re.compile(r"(?:https?://|www\.)[^\s<>\"']{3,300}(?<![.,;:!?)\]])", re.IGNORECASE)),
    (
        "URL",
        re.compile(r"(?<![\w@.-])(?:[a-z0-9-]{1,40}\.){1,4}(?:bo|com|org|net|app|io)(?:/[^\s<>\"']{0,200})?(?<![.,;:!?)\]])(?![\w@-])", re.IGNORECASE),
    ),
    (
        "PHONE",
        re.compile(
            r"(?<![\w/.-])(?:\+?\(?591\)?[ -]?)?"
            r"(?:[67]\d{7}|[67]\d\d[ -]\d{5}|[67]\d{3}[ -]\d{4}|\(?[234]\)?[ -]\d{7}|800[ -]?\d\d[ -]?\d{4})(?![/-]?\w)"
        ),
    ),
    # "error 500" and "503" are a server's words; "500 Bs" and "400 personas" are not
    (
        "HTTP",
        re.compile(
            rf"\b(?:error|http|https|status|code|c[oó]digo|estado|erro|err)[\s:#-]{{1,3}}(?:http\s|n(?:ro|°)?\.?\s)?(?P<after>{HTTP})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "HTTP",
        re.compile(
            r"(?<![\w.,/-])(?P<bare>40[1-9]|413|422|429|50[1-4])(?![\w/-]|[.,]\d|\s?(?:bs|bolivianos|personas|usuarios|%|mb|kb|mil|d[oó]lares|us)\b)"
            r"|(?<![\w.,/-])(?P<said>[45]00)(?=\s(?:internal|bad|server|interno|gateway|del servidor))",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip
"""Shapes of codes and numbers; a named group, where there is one, is the code itself."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Something named in a text; `id` is the system's id or the symptom's kind, for codes it is empty."""

    label: str
    id: str
    start: int
    end: int


def patterns(systems: Iterable[System]) -> list[Pattern]:
    """Return the entity ruler's patterns, phrases by their norms: the systems' names and the symptoms."""
    found: list[Pattern] = [
        {"label": "SYSTEM", "id": system.id, "pattern": [{"NORM": normal(word)} for word in phrase.split()]}
        for system in systems
        for phrase in dict.fromkeys((system.name, *system.aliases))
        if system.id != "otro"
    ]
    found += [
        {"label": "SYMPTOM", "id": kind, "pattern": [_token(word) for word in phrase.split()]}
        for kind, phrases in SYMPTOMS.items()
        for phrase in phrases
    ]
    return found


def _token(word: str) -> Pattern:
    """Return one word of a phrase as the ruler's pattern."""
    either = [normal(each) if not each.endswith("*") else each for each in word.removesuffix("?").split("|")]
    if any(each.endswith("*") for each in either):
        ways = "|".join(f"{normal(each[:-1])}.*" if each.endswith("*") else each for each in either)
        found: Pattern = {"NORM": {"REGEX": f"^(?:{ways})$"}}
    else:
        found = {"NORM": {"IN": either}}
    return {**found, "OP": "?"} if word.endswith("?") else found


def codes(text: str) -> list[Entity]:
    """Return what a text's shapes say: case and payment numbers, hojas de ruta, addresses, phones, a server's codes."""
    found = []
    for label, shape in SHAPES:
        for match in shape.finditer(text):
            group = next((name for name, value in match.groupdict().items() if value), 0)
            found.append(Entity(label, "", *match.span(group)))
    return found


def apart(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that do not overlap, in reading order: the longest first, of equal ones the earlier named."""
    kept: list[Entity] = []
    for each in sorted(entities, key=lambda each: each.start - each.end):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
