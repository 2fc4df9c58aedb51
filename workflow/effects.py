"""The effects a procedure file can name, the fields each one needs, and how each is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from cases.procedure import (
    AskClassificationAgain,
    Effect,
    Estimate,
    LinkArticle,
    Notify,
    Prioritise,
    Solve,
    Value,
    WriteArticle,
)
from workflow.definition import FieldType

Values = Mapping[str, Value]
V = TypeVar("V")

ASK_CLASSIFICATION_AGAIN = "ask-classification-again"


@dataclass(frozen=True, slots=True)
class EffectKind:
    """An effect's name in data: the fields it must have, those it may have, and how it is made of them."""

    make: Callable[[Values], Effect]
    needs: Mapping[str, FieldType]
    takes: Mapping[str, FieldType]


def _text(values: Values, name: str) -> str:
    return cast("str", values[name])


def _optional(values: Values, name: str, kind: type[V]) -> V | None:
    value = values.get(name)
    return value if isinstance(value, kind) else None


def _estimate(values: Values) -> Effect:
    return Estimate(at=cast("datetime", values["estimate"]), reason=_optional(values, "reason", str))


def _write_article(values: Values) -> Effect:
    return WriteArticle(
        body=_text(values, "body"),
        title=_optional(values, "title", str),
        article=_optional(values, "article", int),
    )


EFFECTS: Mapping[str, EffectKind] = {
    "solve": EffectKind(lambda values: Solve(_text(values, "solution")), {"solution": "text"}, {}),
    "notify": EffectKind(lambda values: Notify(_text(values, "text")), {"text": "text"}, {}),
    "estimate": EffectKind(_estimate, {"estimate": "datetime"}, {"reason": "text"}),
    "write-article": EffectKind(_write_article, {"body": "text"}, {"title": "text", "article": "article"}),
    "link-article": EffectKind(
        lambda values: LinkArticle(cast("int", values["article"])), {"article": "article"}, {}
    ),
    "prioritise": EffectKind(
        lambda values: Prioritise(_text(values, "class"), _text(values, "priority")),
        {"class": "choice", "priority": "choice"},
        {},
    ),
    ASK_CLASSIFICATION_AGAIN: EffectKind(lambda _: AskClassificationAgain(), {}, {}),
}
