"""How a message is read before anything is counted: spelling, and the parts that carry information."""

import re
import unicodedata
from typing import NamedTuple

LIMIT = 6_000
"""Characters of a text that are looked at; what a report is stands nearer its beginning."""
SUBJECT_LIMIT = 300
CODE_LENGTH = 3
"""Digits of a server's code (502); longer numbers are somebody's own."""

PIECE = re.compile(r"[^\W\d_]+|\d+|[?!]+")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""What JSON can say and UTF-8 cannot; spaCy refuses it."""
LONG_RUN = re.compile(r"(.)\1{2,}")
QUOTE_HEAD = re.compile(
    r"^\s*(?:(?:el|on)\b.{5,120}?(?:escribi[óo]|wrote)\s*:\s*$"
    r"|-{2,}\s*(?:original message|mensaje original|mensaje reenviado|forwarded message).*$)",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)

SPELLINGS = {
    "q": "que", "k": "que", "ke": "que", "qe": "que", "xq": "porque", "pq": "porque", "xk": "porque", "pk": "porque",
    "porq": "porque", "tb": "tambien", "tmb": "tambien", "tbn": "tambien", "tbien": "tambien", "tmbn": "tambien",
    "dsd": "desde", "dsde": "desde", "x": "por", "d": "de", "dl": "del", "xfa": "por favor", "pls": "por favor",
    "porfa": "por favor", "porfavor": "por favor", "xfavor": "por favor", "plis": "por favor", "tpoco": "tampoco",
    "tmp": "tampoco", "cdo": "cuando", "cuando": "cuando", "kuando": "cuando", "msj": "mensaje", "msg": "mensaje",
    "msn": "mensaje", "mensajito": "mensaje", "celu": "celular", "cel": "celular", "selular": "celular",
    "compu": "computadora", "pc": "computadora", "maq": "maquina", "wasap": "whatsapp", "wsp": "whatsapp",
    "wpp": "whatsapp", "ofi": "oficina", "cod": "codigo", "tramit": "tramite", "doc": "documento", "docs": "documentos",
    "docu": "documento", "pag": "pagina", "sist": "sistema", "usr": "usuario", "usu": "usuario", "sra": "señora",
    "sr": "señor", "srta": "señorita", "lic": "licenciado", "ing": "ingeniero", "pa": "para", "ps": "pues", "pe": "pues",
    "nomas": "nomas", "toy": "estoy", "ta": "esta", "tan": "tan", "aki": "aqui", "ahi": "ahi", "ay": "hay", "ai": "hay",
    "a": "a", "bn": "bien", "info": "informacion", "sgte": "siguiente", "hrs": "horas", "hr": "hr", "min": "minutos",
    "wifi": "wifi", "inst": "instituto", "cta": "cuenta", "num": "numero", "nro": "numero", "tel": "telefono",
    "fono": "telefono", "correito": "correo", "mail": "correo", "email": "correo", "grax": "gracias", "grs": "gracias",
    "contra": "contraseña", "clave": "contraseña", "password": "contraseña", "pass": "contraseña", "pwd": "contraseña",
}  # fmt: skip
"""Words of the chat, as written → as read. One word each way; "por favor" counts as one."""


class Piece(NamedTuple):
    """A word as it is counted, and where it stands, in characters."""

    word: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text in lower case without accents; ñ stays."""
    plain = unicodedata.normalize("NFD", text.lower().replace("ñ", "\0"))
    return "".join(char for char in plain if not unicodedata.combining(char)).replace("\0", "ñ")


def normal(word: str) -> str:
    """Return one word as it is counted: folded, runs shortened, chat spellings written out."""
    plain = LONG_RUN.sub(r"\1", fold(word)) if not word.isdigit() else word
    return SPELLINGS.get(plain, plain)


def number(digits: str) -> str:
    """Keep a number that may be a server's code; of a longer one only the length counts."""
    return digits if len(digits) <= CODE_LENGTH else "#" * min(len(digits), 9)


def pieces(token: str) -> tuple[Piece, ...]:
    """Return what is counted in one token: words, numbers, question and exclamation marks."""
    found = []
    for match in PIECE.finditer(token):
        word = match.group()
        if word[0] in "?!":
            read = "?" if "?" in word else "!"
        else:
            read = number(word) if word.isdigit() else normal(word)
        found.append(Piece(read, match.start(), match.end()))
    return tuple(found)


def quoted(text: str) -> list[tuple[int, int]]:
    """Return the ranges of a mail that are somebody's earlier words, in order."""
    if ">" not in text and "\n" not in text:
        return []
    head = QUOTE_HEAD.search(text)
    ranges = [match.span() for match in QUOTED_LINE.finditer(text)]
    if head and text[: head.start()].strip():
        return [span for span in ranges if span[1] <= head.start()] + [(head.start(), len(text))]
    return ranges
