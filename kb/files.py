"""Article and query files of the contract: one JSON object a line, in and out."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cases.errors import Invalid
from cases.model import Article, ArticleText
from cases.vocabulary import Category, Role
from kb.neighbours import Example, Examples
from kb.search import Found
from kb.words import load

AUDIENCES = ("public", "internal")
SOLVERS = tuple(role.value for role in Role if role is not Role.USUARIO)
_SYSTEM = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SHOWN_ERRORS = 5
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\u0085\u2028\u2029"}
"""What some readers take for the end of a line, escaped as JSON allows."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One article of a file and whether it may be shown at once: approved unless the file says otherwise."""

    article: ArticleText
    approved: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A question to search for; a judged one names its article (None: no article answers) and its kind."""

    id: str | int
    text: str
    article: str | None = None
    kind: str | None = None


class _WrongError(Exception):
    """What is wrong with one line, in Spanish."""


def read_articles(lines: Iterable[str], systems: Collection[str] | None = None) -> list[Imported]:
    """Return every article of a file, or raise `Invalid` naming each line that is wrong and why; nothing is half read.

    `systems` are the ids that the desk knows; without them any well-formed id passes.
    """
    read: list[Imported] = []
    wrong: dict[str, str] = {}
    seen: dict[str, int] = {}
    for number, line in _numbered(lines):
        try:
            entry = _article(_object(line), systems)
        except _WrongError as error:
            wrong[f"línea {number}"] = str(error)
            continue
        first = seen.setdefault(entry.article.external_id, number)
        if first != number:
            wrong[f"línea {number}"] = f"«id» {entry.article.external_id} ya está en la línea {first}"
        read.append(entry)
    if wrong:
        raise Invalid(_one_line(wrong), wrong)
    return read


def read_queries(lines: Iterable[str]) -> Iterator[Query]:
    """Yield the queries of a file one by one, in order; raises `Invalid` at the first line that is wrong."""
    for number, line in _numbered(lines):
        try:
            yield _query(_object(line))
        except _WrongError as error:
            wrong = {f"línea {number}": str(error)}
            raise Invalid(_one_line(wrong), wrong) from error


def write_articles(articles: Iterable[Article]) -> Iterator[str]:
    """Yield one line (without its end) an article, such that reading them back gives the same articles."""
    for article in articles:
        fields: dict[str, Any] = {
            "id": article.external_id,
            "title": article.title,
            "category": article.category.value,
            "system": article.system,
            "body": article.body,
            "keywords": list(article.keywords),
            "audience": article.audience,
            "solved_by": article.solved_by,
        }
        if not article.approved:
            fields["approved"] = False
        yield json.dumps(fields, ensure_ascii=False).translate(_LINE_ENDS)


def read_examples(lines: Iterable[str]) -> Iterator[Example]:
    """Yield the labelled messages of a file; raises `Invalid` naming the line that is wrong."""
    for number, line in _numbered(lines):
        try:
            fields = _object(line)
            category = _one_of(fields, "category", [category.value for category in Category])
            system = fields.get("system")
            yield Example(_text(fields, "text"), category, system if isinstance(system, str) else None)
        except _WrongError as error:
            raise Invalid(f"línea {number}: {error}", {f"línea {number}": str(error)}) from error


@lru_cache(maxsize=1)
def load_examples(paths: tuple[Path, ...]) -> Examples:
    """Return the labelled messages of some files, indexed; kept, because finders are built again and again.

    Takes about a second for 5,000 messages.
    """
    return Examples(
        load(),
        [one for path in paths for one in read_examples(path.read_text(encoding="utf-8").splitlines())],
    )


def results_json(query: str | int, found: Found) -> dict[str, Any]:
    """Return what `kb search --jsonl` prints for one query."""
    return {
        "id": query,
        "results": [
            {"id": hit.article.external_id, "title": hit.article.title, "score": round(hit.score, 4)}
            for hit in found.results
        ],
        "answerable": found.answerable,
        "confidence": round(found.confidence, 4),
    }


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        stripped = line.removeprefix("\ufeff").strip()
        if stripped:
            yield number, stripped


def _one_line(wrong: Mapping[str, str]) -> str:
    shown = "; ".join(f"{line}: {what}" for line, what in list(wrong.items())[:_SHOWN_ERRORS])
    more = len(wrong) - _SHOWN_ERRORS
    return f"{shown} (y {more} líneas más con errores)" if more > 0 else shown


def _object(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        reason = (
            f"{error.msg}, columna {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        )
        raise _WrongError(f"no es JSON ({reason})") from error
    except RecursionError as error:
        raise _WrongError("no es JSON que se pueda leer: demasiados niveles") from error
    if not isinstance(value, dict):
        raise _WrongError("no es un objeto JSON")
    return value


def _article(fields: Mapping[str, Any], systems: Collection[str] | None) -> Imported:
    system = _text(fields, "system").strip()
    if systems is None and not _SYSTEM.fullmatch(system):
        raise _WrongError(f"«system» {system!r} no es un identificador de sistema")
    text = ArticleText(
        external_id=_identifier(fields),
        title=_text(fields, "title").strip(),
        body=_text(fields, "body"),
        category=Category(_one_of(fields, "category", [category.value for category in Category])),
        system=system if systems is None else _one_of(fields, "system", systems),
        keywords=_keywords(fields),
        audience=_one_of(fields, "audience", AUDIENCES, default="public"),
        solved_by=_one_of(fields, "solved_by", SOLVERS, default="operador"),
    )
    approved = fields.get("approved", True)
    if not isinstance(approved, bool):
        raise _WrongError("«approved» tiene que ser true o false")
    return Imported(text, approved)


def _query(fields: Mapping[str, Any]) -> Query:
    name = fields.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise _WrongError("falta «id»" if name is None else "«id» tiene que ser un texto")
    text = fields.get("text")
    if not isinstance(text, str):
        raise _WrongError("falta «text»" if text is None else "«text» tiene que ser un texto")
    article, kind = fields.get("article"), fields.get("kind")
    for field, value in (("article", article), ("kind", kind)):
        if not isinstance(value, str | None):
            raise _WrongError(f"«{field}» tiene que ser un texto o null")
    return Query(name, text, article, kind)


def _identifier(fields: Mapping[str, Any]) -> str:
    number = fields.get("id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return _text(fields, "id").strip()


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        raise _WrongError(f"falta «{name}»")
    if not isinstance(value, str):
        raise _WrongError(f"«{name}» tiene que ser un texto")
    if not value.strip():
        raise _WrongError(f"«{name}» está vacío")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _WrongError(f"«{name}» tiene un carácter que no existe (medio par UTF-16)") from error
    return value


def _one_of(
    fields: Mapping[str, Any], name: str, allowed: Collection[str], default: str | None = None
) -> str:
    if default is not None and fields.get(name) is None:
        return default
    value = _text(fields, name).strip()
    if value not in allowed:
        raise _WrongError(f"«{name}» es {value!r} y tiene que ser uno de: {', '.join(allowed)}")
    return value


def _keywords(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("keywords")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _WrongError("«keywords» tiene que ser una lista de textos")
    return tuple(dict.fromkeys(word.strip() for word in value if word.strip()))
