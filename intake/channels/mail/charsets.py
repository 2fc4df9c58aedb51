"""Bytes to text, whatever the label says: labels are often wrong, missing or from another century."""

import codecs
import re

_LABELS = {
    "gb18030": "gb2312 gbk x-gbk gb_2312-80 chinese",
    "hz": "hz hz-gb-2312",
    "cp950": "big5 x-big5",
    "big5hkscs": "big5-hkscs",
    "cp949": "ks_c_5601-1987 ks_c_5601 euc-kr korean ksc5601 x-windows-949",
    "cp932": "shift_jis shift-jis x-sjis sjis windows-31j",
    "euc_jp": "x-euc-jp",
    "iso2022_jp_ext": "iso-2022-jp cp50220 cp50221 iso-2022-jp-ms",
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 iso_8859-1 x-cp1252 ansi windows-1252http-equiv",
    "cp1254": "iso-8859-9",
    "cp1250": "x-cp1250",
    "cp1251": "x-cp1251",
    "iso8859_6": "iso-8859-6-i iso-8859-6-e",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e logical",
    "cp874": "windows-874 tis-620 iso-8859-11",
    "mac_roman": "macintosh x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic",
    "mac_latin2": "x-mac-ce",
    "mac_turkish": "x-mac-turkish",
    "mac_greek": "x-mac-greek",
    "utf_7": "unicode-1-1-utf-7 x-unicode-2-0-utf-7",
    "utf_8": "unicode-1-1-utf-8 utf8mb4 utf-8mb4 x-utf-8",
    "utf_16": "unicode",
    "koi8_r": "koi8",
    "cp850": "cp-850",
    "cp437": "cp-437",
}
_ALIASES = {label: name for name, labels in _LABELS.items() for label in labels.split()}
"""Labels that Python does not know, or that mean more than they say (the WHATWG's encoding standard, 4.2)."""

_UNDECLARED = {
    "", "us-ascii", "ascii", "ansi_x3.4-1968", "iso-ir-6", "646", "unknown-8bit", "unknown", "x-unknown", "default",
    "default_charset", "7bit", "8bit", "none", "binary", "utf-8", "utf8", "x-user-defined", "charset", "en", "plain",
}  # fmt: skip
_NO_CHARSETS = {
    "idna", "punycode", "unicode_escape", "raw_unicode_escape", "base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib",
    "undefined", "mbcs", "oem",
}  # fmt: skip
_SINGLE_BYTE = re.compile(r"iso8859[_-]\d+|cp125\d|cp8\d\d|cp437|mac_\w+|koi8_\w|latin_1|hp_roman8|tis_620")
_HIGH = re.compile(rb"[\x80-\xff]")
_LATIN = re.compile(rb"[A-Za-z]")
_LETTER = re.compile(r"[^\W\d_]")
_ESCAPES = re.compile(rb"\x1b\$|\x1b\([JI]")
_SHIFTING = ("utf_7", "hz", "utf_16", "utf_32", "iso2022")
_IMPLAUSIBLE = ("utf_8", "utf_16", "utf_32", "utf_7", "ascii")
_MARKS = {codecs.BOM_UTF16_LE: "utf_16", codecs.BOM_UTF16_BE: "utf_16", codecs.BOM_UTF8: "utf_8_sig"}


def codec(label: str) -> str | None:
    """Return the Python codec of a charset label, or None where the label says nothing (RFC 2978)."""
    name = label.strip().strip("\"'").lower()
    name = re.sub(r"^(?:charset|iso)\s*=\s*", "", name).split(";")[0].split("*")[0].strip()
    name = re.sub(r"^cs(?=iso|shift|euc|big5|koi)", "", name)
    if name in _UNDECLARED:
        return None
    candidates = (_ALIASES.get(name), _ALIASES.get(name.replace("_", "-")), name, name.replace(" ", "-"))
    for candidate in filter(None, (*candidates, re.sub(r"^x-", "", name), _loose(name))):
        try:
            found = codecs.lookup(candidate)
        except (LookupError, ValueError, UnicodeError):
            continue
        if found.name not in _NO_CHARSETS:
            return found.name.replace("-", "_")
    return None


def _loose(name: str) -> str | None:
    """Read `windows1252`, `cp_1252`, `win-1251`, `iso88591` and the like."""
    if found := re.fullmatch(r"(?:windows|win|cp|ms|x-ms-cp|ansi)[-_ ]?(125\d)", name):
        return f"cp{found[1]}"
    if found := re.fullmatch(r"iso[-_ ]?8859[-_ ]?(\d{1,2})", name):
        return _ALIASES.get(f"iso-8859-{found[1]}", f"iso8859-{found[1]}")
    return "utf_8" if re.match(r"utf[-_ ]?8", name) else None


_GUESSES = (
    ("koi8_r", re.compile(r"[\u0430-\u044f]")),
    ("cp1251", re.compile(r"[\u0430-\u044f]")),
    ("euc_jp", re.compile(r"[\u3040-\u30ff]")),
    ("cp932", re.compile(r"[\u3040-\u30ff]")),
    ("cp949", re.compile(r"[\uac00-\ud7a3]")),
    ("gb18030", re.compile(r"[\u4e00-\u9fff]")),
    ("cp950", re.compile(r"[\u4e00-\u9fff]")),
)
"""Codecs to try on text without a label, and the letters that two thirds of it must then be."""


def decode(data: bytes, label: str = "", hint: str = "") -> str:
    """Return the text of some bytes; never raises.

    Valid multi-byte UTF-8 is believed against any single-byte or missing label, as it does not arise by chance.
    `hint` is a label found nearby (a message's other part, an HTML meta element) for bytes without their own.
    """
    for mark, marked in _MARKS.items():
        if data.startswith(mark):
            return data.decode(marked, "replace")
    name = codec(label) or codec(hint)
    if not _HIGH.search(data):
        return _seven_bit(data, name)
    trusted = name is not None and not _SINGLE_BYTE.fullmatch(name)
    text = _first(data, name, "utf_8") if trusted else _first(data, "utf_8", name)
    if text is not None:
        return text
    if name is None or name in _IMPLAUSIBLE:
        return _undeclared(data)
    return data.decode(name, "replace")


def _first(data: bytes, *names: str | None) -> str | None:
    """Return the text by the first codec that fits without an error."""
    for name in filter(None, names):
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    return None


def _seven_bit(data: bytes, name: str | None) -> str:
    wanted = (name,) if name is not None and name.startswith(_SHIFTING) else ()
    if _ESCAPES.search(data):
        text = _first(data, *wanted, "iso2022_jp_ext", "iso2022_jp_2", "iso2022_kr")
        return data.decode("iso2022_jp_ext", "replace") if text is None else text
    text = _first(data, *wanted)
    return data.decode("ascii") if text is None else text


def _undeclared(data: bytes) -> str:
    """Read 8-bit bytes of unknown kind: damaged UTF-8, a Far Eastern set, Cyrillic, or else Windows Latin."""
    text = data.decode("utf_8", "replace")
    if text.count("\ufffd") * 8 < sum(character > "\x7f" for character in text):
        return text
    if len(_HIGH.findall(data)) > len(_LATIN.findall(data)):
        for name, expected in _GUESSES:
            guess = _first(data, name)
            if guess is not None and len(expected.findall(guess)) * 3 >= len(_LETTER.findall(guess)) * 2:
                return guess
    return data.decode("cp1252", "replace")
