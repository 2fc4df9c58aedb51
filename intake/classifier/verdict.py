"""The contract's JSON lines: messages to classify, and what is answered."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.model import Verdict
from cases.vocabulary import Channel


class BadLine(ValueError):
    """A line that is not a message to classify; the text names the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message to classify."""

    id: str | int
    channel: Channel
    subject: str | None
    text: str


def to_json(ident: str | int, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the contract writes it."""
    return {
        "id": ident,
        "category": str(verdict.category),
        "confidence": round(verdict.confidence, 4),
        "probabilities": {str(label): round(chance, 4) for label, chance in verdict.probabilities.items()},
        "system": verdict.system,
        "system_confidence": round(verdict.system_confidence, 4),
        "abstain": verdict.abstain,
        "evidence": [
            {"start": span.start, "end": span.end, "weight": span.weight} for span in verdict.evidence
        ],
        "model": verdict.model,
    }


def read_lines(lines: Iterable[str]) -> Iterator[Line]:
    """Yield the messages of a JSONL stream, skipping blank lines; raises `BadLine` at the first wrong one."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield parse_line(raw, number)


def parse_line(raw: str, number: int) -> Line:
    """Return the message of one line; raises `BadLine`."""
    found = read_object(raw, number)
    ident = found.get("id")
    if isinstance(ident, bool) or not isinstance(ident, str | int):
        raise BadLine(f'line {number}: "id" must be a text or a whole number')
    return Line(
        ident,
        _channel(found, number),
        optional_text(found, "subject", number),
        required_text(found, "text", number),
    )


def read_object(raw: str, number: int) -> dict[str, Any]:
    """Return the JSON object of one line; raises `BadLine`."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep or not readable"
        raise BadLine(f"line {number}: not JSON ({reason})") from None
    if not isinstance(found, dict):
        raise BadLine(f"line {number}: an object is needed, not {type(found).__name__}")
    return found


def required_text(found: dict[str, Any], key: str, number: int) -> str:
    """Return a text that must be there; it may be empty."""
    if not isinstance(found.get(key), str):
        raise BadLine(f'line {number}: "{key}" ' + ("must be a text" if key in found else "is missing"))
    return str(found[key])


def optional_text(found: dict[str, Any], key: str, number: int) -> str | None:
    """Return a text that may be absent or null."""
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise BadLine(f'line {number}: "{key}" must be a text or null')
    return value


def _channel(found: dict[str, Any], number: int) -> Channel:
    value = found.get("channel")
    if value not in list(Channel):
        raise BadLine(f'line {number}: "channel" must be one of {", ".join(Channel)}, not {value!r}')
    return Channel(str(value))
