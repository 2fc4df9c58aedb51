"""Labelled files: reading them, refusing what is wrong in them, and the part that is never trained on."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.vocabulary import Category, Channel
from intake.classifier.systems import load_systems
from intake.classifier.verdict import BadLine, optional_text, read_object, required_text

CORPUS = Path(__file__).with_name("corpus")
SPLIT = Path(__file__).with_name("split.toml")


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message; `writer` groups what one person wrote, `hard` names the trap."""

    text: str
    category: str
    id: str = ""
    channel: str | None = None
    subject: str | None = None
    system: str | None = None
    writer: str | None = None
    hard: str | None = None


def load(path: Path) -> list[Example]:
    """Return a file's examples: the contract's JSONL, or a CSV with the columns text and label.

    Raises `BadLine` naming the line that is wrong.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        found = list(_from_csv(lines) if path.suffix.lower() == ".csv" else _from_jsonl(lines))
    if not found:
        raise BadLine(f"{path.name}: holds no example")
    return found


def _from_csv(lines: Iterable[str]) -> Iterator[Example]:
    rows = csv.DictReader(lines)
    for row in rows:
        text, label = row.get("text"), row.get("label")
        if text is None or not label:
            raise BadLine(f"line {rows.line_num}: needs the columns text and label")
        yield Example(text=text, category=label, id=str(rows.line_num))


def _from_jsonl(lines: Iterable[str]) -> Iterator[Example]:
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        found = read_object(raw, number)
        text = required_text(found, "text", number)
        if "label" in found:
            yield Example(
                text=text, category=required_text(found, "label", number), id=str(found.get("id", number))
            )
            continue
        category, channel = required_text(found, "category", number), optional_text(found, "channel", number)
        system = optional_text(found, "system", number)
        for value, allowed, key in (
            (category, list(Category), "category"),
            (channel, [None, *Channel], "channel"),
            (system, [None, *(system.id for system in load_systems())], "system"),
        ):
            if value not in allowed:
                raise BadLine(
                    f"line {number}: {key} {value!r} is none of {', '.join(str(each) for each in allowed if each)}"
                )
        yield Example(
            text=text,
            category=category,
            id=str(found.get("id", number)),
            channel=channel,
            subject=optional_text(found, "subject", number),
            system=system,
            writer=optional_text(found, "writer", number),
            hard=optional_text(found, "hard", number),
        )


def shipped() -> list[Example]:
    """Return the shipped corpus, hand by hand."""
    files = sorted(CORPUS.glob("hand_*.jsonl"))
    if not files:
        raise BadLine(f"no hand_*.jsonl in {CORPUS}")
    return [example for path in files for example in load(path)]


def parts(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return what is trained on and what is held out, by writer, as `split.toml` says."""
    split = tomllib.loads(SPLIT.read_text(encoding="utf-8"))
    hands, writers = tuple(f"{hand}-" for hand in split["hands"]), set(split["writers"])

    def held(example: Example) -> bool:
        return example.writer is not None and (example.writer in writers or example.writer.startswith(hands))

    return [each for each in examples if not held(each)], [each for each in examples if held(each)]
