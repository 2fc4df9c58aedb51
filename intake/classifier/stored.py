"""A model as bytes and back: msgpack with names and numbers, nothing that runs."""

from dataclasses import asdict
from typing import Any

import numpy as np
import srsly

from intake.classifier.features import Settings, Vectoriser, Vocabulary
from intake.classifier.linear import Head, LinearModel
from intake.classifier.opinion import SecondOpinion

FORMAT = 1
KINDS = ("float32", "int64")


class BadModel(ValueError):
    """A model file that this version cannot read."""


def dumps(model: LinearModel) -> bytes:
    """Return a model as bytes."""
    vocabulary = model.vectoriser.vocabulary
    found = {
        "format": FORMAT,
        "version": model.version,
        "threshold": model.threshold,
        "settings": asdict(model.vectoriser.settings),
        "chars": vocabulary.chars,
        "words": vocabulary.words,
        "keys": _array(vocabulary.keys),
        "idf": _array(model.vectoriser.idf),
        "heads": {
            name: {
                "labels": list(head.labels),
                "temperature": head.temperature,
                "weights": _array(head.weights),
                "bias": _array(head.bias),
            }
            for name, head in model.heads.items()
        },
        "second": None,
    }
    if model.second is not None:
        second = model.second
        found["second"] = {
            "centre": _array(second.centre),
            "weights": _array(second.weights),
            "bias": _array(second.bias),
            "sure": second.sure,
            "share": second.share,
            "temperature": second.temperature,
        }
    packed: bytes = srsly.msgpack_dumps(found)
    return packed


def loads(data: bytes) -> LinearModel:
    """Return the model that `dumps` wrote; raises `BadModel`."""
    try:
        found = srsly.msgpack_loads(data)
        if found["format"] != FORMAT:
            raise BadModel(
                f"model file of format {found['format']}, this version reads {FORMAT}: train again"
            )
        return _model(found)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadModel):
            raise
        raise BadModel(f"not a model file: {error}") from error


def _model(found: dict[str, Any]) -> LinearModel:
    settings = Settings(**{**found["settings"], "weights": tuple(found["settings"]["weights"])})
    vocabulary = Vocabulary(found["chars"], found["words"], _read(found["keys"]))
    heads = {
        name: Head(tuple(head["labels"]), _read(head["weights"]), _read(head["bias"]), head["temperature"])
        for name, head in found["heads"].items()
    }
    second = found["second"]
    if second is not None:
        second = SecondOpinion(
            **{**second, **{key: _read(second[key]) for key in ("centre", "weights", "bias")}}
        )
    return LinearModel(
        Vectoriser(settings, vocabulary, _read(found["idf"])),
        heads,
        found["threshold"],
        found["version"],
        second,
    )


def _array(values: Any) -> dict[str, Any]:
    return {
        "kind": str(values.dtype),
        "shape": list(values.shape),
        "data": np.ascontiguousarray(values).tobytes(),
    }


def _read(found: dict[str, Any]) -> Any:
    if found["kind"] not in KINDS:
        raise BadModel(f"model file: an array of {found['kind']!r}")
    return np.frombuffer(found["data"], found["kind"]).reshape(found["shape"])
