"""Authentication-Results: what another server found out about a mail's sender (RFC 8601)."""

import re
from dataclasses import dataclass

from intake.channels.mail.charsets import decode
from intake.channels.mail.mime import Fields

_PAIR = re.compile(r'([A-Za-z][\w.-]*(?:/\d+)?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')
LONGEST = 10_000
MAX_RESULTS = 50


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result with its properties, such as `header.from`."""

    method: str
    value: str
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one server, named by its `authserv`, found."""

    authserv: str
    results: tuple[Result, ...]

    def of(self, method: str) -> list[Result]:
        """Return the results of one method."""
        return [result for result in self.results if result.method == method]


def statement(value: bytes) -> Statement:
    """Read one field's value; what cannot be read is left out."""
    text = _without_comments(decode(value[:LONGEST]))
    first, *rest = _cut(text)
    name = re.match(r'\s*"?([^\s;"]+)', first)
    results = []
    for piece in rest[:MAX_RESULTS]:
        pairs = [
            (found[1].lower(), found[2] if found[2] is not None else found[3])
            for found in _PAIR.finditer(piece)
        ]
        if pairs:
            (method, result), *others = pairs
            properties = {key: val.lower() for key, val in others}
            results.append(Result(method.partition("/")[0], result.lower(), properties))
    return Statement(name[1].lower() if name else "", tuple(results))


def believed(fields: Fields, authserv: str) -> Statement | None:
    """Return the topmost statement of the one server that is believed; all others may be forged (RFC 8601, 7.1)."""
    for value in fields.all("authentication-results"):
        found = statement(value)
        if found.authserv == authserv.lower():
            return found
    return None


def _cut(text: str) -> list[str]:
    """Cut at the semicolons that stand in no quotes."""
    return re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^;"]|")+', text) or [""]


def _without_comments(text: str) -> str:
    """Take the comments out, nested ones too (RFC 5322, 3.2.2)."""
    kept, depth, quoted, escaped = [], 0, False, False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(character)
    return "".join(kept)
