"""Header fields as mailers really write them: encoded words, parameters, addresses."""

import base64
import binascii
import quopri
import re
from urllib.parse import unquote_to_bytes

from intake.channels.mail.charsets import codec, decode
from intake.channels.mail.text import one_line, storable, unfolded

_WORD = re.compile(r"=\?([^?\s]+)\?[ \t]{0,2}([bBqQ])[ \t]{0,2}\?(.*?)(?:\?=|$)", re.DOTALL)


def header_text(value: bytes, hint: str = "") -> str:
    """Return a field's text in one line, its encoded words decoded (RFC 2047), whatever the raw bytes are.

    Words broken in the middle of a character, in quotes, without an end or with blanks inside are read as mail
    clients read them.
    """
    return unfolded(decode_words(decode(value, hint=hint)))


def decode_words(text: str) -> str:
    """Decode the encoded words of a text; the blanks between two of them go (RFC 2047, 6.2)."""
    pieces: list[str] = []
    run: list[tuple[str, bytes]] = []
    end = 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        if run and between.strip():
            pieces.append(_join(run))
            run = []
        if not run:
            pieces.append(between)
        run.append((word[1].split("*")[0], _payload(word[2], word[3])))
        end = word.end()
    pieces.append(_join(run))
    pieces.append(text[end:])
    return "".join(pieces)


def _payload(how: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    if how in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" ").replace(b"\n", b""), header=False) if raw else b""
    return loose_base64(raw)


_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


def loose_base64(raw: bytes) -> bytes:
    """Decode base64 as far as it goes: stray characters are skipped, missing padding is added."""
    decoded = bytearray()
    for piece in raw.translate(None, _NOT_BASE64).split(b"="):
        usable = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        try:
            decoded += base64.b64decode(usable + b"=" * (-len(usable) % 4))
        except (binascii.Error, ValueError):
            break
    return bytes(decoded)


def _join(run: list[tuple[str, bytes]]) -> str:
    """Decode neighbouring words; those of one charset together, as a character may be split between them."""
    text = ""
    position = 0
    while position < len(run):
        charset, data = run[position]
        position += 1
        while position < len(run) and run[position][0].lower() == charset.lower() and not _stateful(charset):
            data += run[position][1]
            position += 1
        text += decode(data, charset)
    return text


def _stateful(charset: str) -> bool:
    return (codec(charset) or "").startswith(("iso2022", "utf_7", "hz", "utf_16"))


_PARAMETER = re.compile(
    r""";?\s*([A-Za-z0-9!#$&+\-^_`{}~.]+(?:\*\d+)?\*?)\s*=\s*("(?:[^"\\]|\\.)*"|"[^"]*$|[^;]*)""", re.DOTALL
)


_FORGOTTEN = re.compile(r"[A-Za-z][\w-]{2,20}'[\w-]{0,10}'[^%]*%[0-9A-Fa-f]{2}")


def parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """Return a structured field's main value in lower case and its parameters (RFC 2045, 5.1; RFC 2231).

    Encoded words inside parameters are decoded too: forbidden (RFC 2047, 5), and very common.
    """
    text = decode(value)
    main, _, rest = text.partition(";")
    if (
        "=" in main
        and not rest
        and (found := re.match(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+|\w+)\s+(?=[\w*-]+\s*=)", main))
    ):
        main, rest = found[1], main[found.end() :]
    plain: dict[str, str] = {}
    extended: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(rest):
        name, raw = found[1].lower(), _unquoted(found[2])
        if simple := re.fullmatch(r"([^*]+)\*(\d+)?(\*)?", name):
            coded = simple[3] is not None or simple[2] is None
            extended.setdefault(simple[1], []).append((int(simple[2] or 0), coded, raw))
        elif name not in plain:
            plain[name] = raw
    for name, raw in plain.items():
        # filename="UTF-8''a%20b.pdf": the star was forgotten.
        if _FORGOTTEN.match(raw) and name not in extended:
            extended[name] = [(0, True, raw)]
    found_values = {name: one_line(decode_words(raw)) for name, raw in plain.items()}
    for name, pieces in extended.items():
        if whole := one_line(_extended(pieces)):
            found_values[name] = whole
    return re.sub(r"\([^()]*\)", "", storable(main)).strip().lower(), found_values


def _unquoted(raw: str) -> str:
    raw = raw.strip()
    if raw.startswith('"'):
        return re.sub(r'\\(["\\])', r"\1", raw[1:-1] if len(raw) > 1 and raw.endswith('"') else raw[1:])
    return raw.strip("'") if raw.startswith("'") and raw.endswith("'") else raw


def _extended(pieces: list[tuple[int, bool, str]]) -> str:
    """Join the sections of an extended parameter and decode them with the charset that the first one names."""
    charset = ""
    data = b""
    for place, (_, coded, section) in enumerate(sorted(pieces, key=lambda piece: piece[0])):
        raw = section
        if coded and place == 0 and (found := re.match(r"([^']*)'[^']*'", raw)):
            charset, raw = found[1], raw[found.end() :]
        data += unquote_to_bytes(raw) if coded else raw.encode("utf-8", "replace")
    return decode_words(decode(data, charset))
