"""The spaCy pipeline: tokens, chat norms, entities and the report classifier; spaCy is imported here alone."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.attrs import IDX, NORM, ORTH  # type: ignore[import-not-found]  # compiled, without types
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc
from spacy.util import registry

from cases.model import Verdict
from cases.vocabulary import Category, Channel
from intake.classifier import evidence, stored
from intake.classifier.entities import Entity, apart, codes, patterns
from intake.classifier.features import KNOWN, Reading
from intake.classifier.linear import CATEGORY, SYSTEM, Decision, LinearModel, Numbers
from intake.classifier.opinion import Encoder, find_encoder
from intake.classifier.systems import OTHER, load_systems
from intake.classifier.text import LIMIT, LONE_SURROGATE, SUBJECT_LIMIT, Piece, normal, pieces, quoted

Pipeline = Language
NAME = "report_classifier"
BATCH = 256
STRANGE = 200_000
"""New words that spaCy's memory may hold before it is emptied."""

PREFIX = re.compile(r"^[^\w\s]+")
SUFFIX = re.compile(r"[^\w\s]+$")
INFIX = re.compile(r"(?<=\w)[^\w\s.@/&#%+=-]+(?=\w)")
"""Where a token begins, ends and breaks; spaCy's own rules for Spanish take a tenth of all the time and tell no more."""

if not Doc.has_extension("decision"):
    Doc.set_extension("decision", default=None)


@registry.callbacks("ventanilla.chat_norms.v1")  # type: ignore[untyped-decorator]
def chat_norms() -> Callable[[Language], Language]:
    """Give every word the norm under which the chat's spellings of it meet, and plain borders to tokens."""

    def settle(nlp: Language) -> Language:
        nlp.vocab.lex_attr_getters[NORM] = normal  # type: ignore[attr-defined]
        for lexeme in nlp.vocab:
            lexeme.norm_ = normal(lexeme.orth_)
        tokenizer: Any = nlp.tokenizer
        tokenizer.prefix_search, tokenizer.suffix_search = PREFIX.search, SUFFIX.search
        tokenizer.infix_finditer = INFIX.finditer
        return nlp

    return settle


@Language.factory(NAME)
def make_report_classifier(nlp: Language, name: str) -> "ReportClassifier":
    """Return the component, empty until a model is trained or read."""
    return ReportClassifier(nlp.vocab.strings)


class ReportClassifier:
    """Puts a `Decision` on a document (`doc._.decision`) and its category chances into `doc.cats`."""

    def __init__(self, strings: Any) -> None:
        self.model: LinearModel | None = None
        self._strings = strings
        self._pieces: dict[int, tuple[Piece, ...]] = {}

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Decide about documents in batches."""
        for batch in spacy.util.minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            for doc, decision in zip(batch, self.decide(batch), strict=True):
                doc._.decision = decision
                doc.cats = dict(decision.answers[CATEGORY].probabilities)
                yield doc

    def decide(self, docs: Sequence[Doc]) -> list[Decision]:
        """Return the decisions for documents that the rest of the pipeline has read."""
        if self.model is None:
            raise ValueError("the classifier is not trained yet")
        return self.model.decide([self.read(doc, doc.text) for doc in docs])

    def read(self, doc: Doc, text: str) -> Reading:
        """Return what is counted of a document: its words outside quoted mail."""
        found = Reading([], [], [])
        words, starts, ends = found.words, found.starts, found.ends
        known = self._pieces
        if len(known) > KNOWN:
            known.clear()
        outside = quoted(text)
        for orth, start in doc.to_array([ORTH, IDX]).tolist():
            parts = known.get(orth)
            if parts is None:
                parts = known[orth] = pieces(self._strings[orth])
            if outside and any(low <= start < high for low, high in outside):
                continue
            for word, low, high in parts:
                words.append(word)
                starts.append(low + start)
                ends.append(high + start)
        return found

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:
        """Return the model as msgpack: numbers and names, nothing that runs."""
        return stored.dumps(self.model) if self.model else b""

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> "ReportClassifier":
        """Take the model that `to_bytes` returned."""
        self.model = stored.loads(data) if data else None
        return self

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        """Write the model into a folder."""
        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        (path / "model.msgpack").write_bytes(self.to_bytes())

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "ReportClassifier":
        """Read the model from a folder."""
        return self.from_bytes((Path(path) / "model.msgpack").read_bytes())


def blank() -> Language:
    """Return the pipeline without a model: Spanish tokens, chat norms, entities and an empty classifier."""
    nlp = spacy.blank("es", config={"nlp": {"after_creation": {"@callbacks": "ventanilla.chat_norms.v1"}}})
    ruler = nlp.add_pipe("entity_ruler", config={"overwrite_ents": True})
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns(patterns(load_systems()))
    nlp.add_pipe(NAME)
    return nlp


class SpacyClassifier:
    """The trained pipeline behind the `Classifier` port; safe to use from several threads."""

    def __init__(self, nlp: Language, encoder: Encoder | None = None) -> None:
        self.nlp = nlp
        self.encoder = encoder
        model = component_of(nlp).model
        if model is None:
            raise ValueError("this pipeline's report classifier is not trained")
        self.model = model
        self._categories = {str(category): category for category in Category}
        self._strings = len(nlp.vocab.strings)

    @classmethod
    def load(cls, path: Path, *, find: Callable[[], Encoder | None] = find_encoder) -> "SpacyClassifier":
        """Read a model folder; raises `FileNotFoundError` where there is none.

        The sentence model is looked for (`find`) only for a model that was trained with one; `lambda: None` leaves the
        second opinion out.
        """
        if not (path / "config.cfg").is_file():
            raise FileNotFoundError(f"no trained model in {path}; `ventanilla train` makes one")
        found = cls(spacy.load(path))
        if found.model.second is not None:
            found.encoder = find()
        return found

    @property
    def version(self) -> str:
        """The model's version, as each proposal records it."""
        return self.model.version

    def decide(self, texts: Sequence[tuple[str, str | None, str]]) -> list[tuple[Reading, int, Decision]]:
        """Return each message as it was read, where its text begins there, and the decision."""
        self._renew()
        found: list[tuple[Reading, int, Decision]] = []
        for first in range(0, len(texts), BATCH):
            batch = texts[first : first + BATCH]
            read = [self.read(subject, text) for _, subject, text in batch]
            decisions = self.model.decide([reading for reading, _ in read], self._vectors(batch))
            found += [
                (reading, offset, decision)
                for (reading, offset), decision in zip(read, decisions, strict=True)
            ]
        return found

    def _vectors(
        self, batch: Sequence[tuple[str, str | None, str]]
    ) -> Callable[[Sequence[int]], Numbers] | None:
        encoder = self.encoder
        if encoder is None:
            return None
        return lambda places: encoder.embed([sentence(batch[place][1], batch[place][2]) for place in places])

    def _renew(self) -> None:
        """Replace the pipeline once it has learnt too many strange words: spaCy keeps every word that it ever saw."""
        if len(self.nlp.vocab.strings) > self._strings + STRANGE:
            nlp = blank()
            component_of(nlp).model = self.model
            self.nlp = nlp

    def read(self, subject: str | None, text: str) -> tuple[Reading, int]:
        """Return a message as its words, the subject's first, and where the text begins in it."""
        return read(self.nlp, subject, text)

    def classify(self, texts: Sequence[tuple[Channel, str | None, str]]) -> list[Verdict]:
        """Return one verdict a (channel, subject, text), in order.

        Raises `ValueError` if the model was trained with other labels than the desk's categories.
        """
        strange = set(self.model.heads[CATEGORY].labels) - set(self._categories)
        if strange:
            raise ValueError(
                f"this model's labels are not the desk's categories: {', '.join(sorted(strange)[:3])}"
            )
        return [self._verdict(*each) for each in self.decide(texts)]

    def entities(self, text: str) -> list[Entity]:
        """Return the systems, symptoms, codes and numbers that a text names, in reading order."""
        read = LONE_SURROGATE.sub("\ufffd", text[:LIMIT])
        doc = self.nlp.get_pipe("entity_ruler")(self.nlp.make_doc(read))
        named = [Entity(span.label_, span.ent_id_, span.start_char, span.end_char) for span in doc.ents]
        return apart([*named, *codes(read)])

    def _verdict(self, reading: Reading, offset: int, decision: Decision) -> Verdict:
        answer = decision.answers[CATEGORY]
        system = decision.answers.get(SYSTEM)
        return Verdict(
            category=self._categories[answer.label],
            confidence=answer.confidence,
            probabilities={self._categories[label]: chance for label, chance in answer.probabilities.items()},
            system=system.label if system else OTHER,
            system_confidence=system.confidence if system else 0.0,
            abstain=answer.confidence < self.model.threshold or not decision.known,
            evidence=evidence.spans(reading, decision.words, offset),
            model=self.version,
        )


def sentence(subject: str | None, text: str) -> str:
    """Return a message as the sentence model is shown it."""
    return f"{subject.strip()}. {text}" if subject and subject.strip() else text


def read(nlp: Language, subject: str | None, text: str) -> tuple[Reading, int]:
    """Return a message as its words, the subject's first, and where the text begins in it.

    The channel is not looked at: it told nothing about the category. The entities are not either, and for the same
    reason they are not made here (see docs/classifier.md).
    """
    head = f"{subject.strip()[:SUBJECT_LIMIT]}\n" if subject and subject.strip() else ""
    whole = LONE_SURROGATE.sub("\ufffd", head + text[:LIMIT])
    return component_of(nlp).read(nlp.make_doc(whole), whole), len(head)


def component_of(nlp: Language) -> ReportClassifier:
    """Return the pipeline's classifier."""
    component = nlp.get_pipe(NAME)
    if not isinstance(component, ReportClassifier):
        raise ValueError("this pipeline holds no report classifier")
    return component


def store(nlp: Language, model: LinearModel, path: Path) -> None:
    """Put a model into the pipeline and write both into a folder."""
    component_of(nlp).model = model
    nlp.meta.update(
        {
            "name": "ventanilla",
            "version": "1.0",
            "description": f"Ventanilla's report classifier, {model.version}",
        }
    )
    nlp.to_disk(path)
    (path / "version.json").write_text(
        json.dumps({"version": model.version, "threshold": model.threshold}) + "\n"
    )
