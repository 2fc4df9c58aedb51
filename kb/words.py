"""From a text in somebody's own spelling to the features that are compared: stems, character 4-grams and concepts."""

import re
import threading
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import Stemmer

SYNONYMS = Path(__file__).with_name("synonyms.toml")

_WORD = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_DRAWL = re.compile(r"([a-z])\1{2,}")
_DIMINUTIVE = re.compile(r"(\w{2,}?)(?:e?cit|it)([oa])(s?)")
_SOUNDS = (
    (re.compile(r"c(?=[ei])|z|x"), "s"),
    (re.compile(r"qu?|c(?!h)"), "k"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"v|w"), "b"),
    (re.compile(r"ll"), "y"),
    (re.compile(r"(.)\1"), r"\1"),
)
_GRAM = 4
_SHORTEST_SOUND = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says: its stems in order (function words left out), its 4-grams and the concepts it touches."""

    stems: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()


class Vocabulary:
    """Stems that somebody uses, findable by how they sound as well."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._stems = frozenset(stems)
        self._sounds = {
            sound(stem): stem for stem in sorted(self._stems, key=lambda stem: (-len(stem), stem))
        }

    def __contains__(self, stem: str) -> bool:
        return stem in self._stems

    def __or__(self, other: "Vocabulary") -> "Vocabulary":
        return Vocabulary(self._stems | other._stems)

    def sounding(self, stem: str) -> str | None:
        """Return the known stem that sounds like this one, if there is one: "resiv" → "recib"."""
        return self._sounds.get(sound(stem)) if len(stem) >= _SHORTEST_SOUND else None


NOTHING = Vocabulary(())


@dataclass(frozen=True)
class Reader:
    """Reads texts; built once from the table of spellings and concepts (`load`)."""

    spellings: Mapping[str, str]
    stop: frozenset[str]
    weak: frozenset[str]
    phrases: Mapping[tuple[str, ...], tuple[str, ...]]

    def read(self, text: str, vocabulary: Vocabulary = NOTHING) -> Reading:
        """Return the features of a text; a word outside `vocabulary` falls back on its base or on its sound."""
        words = self.words(text)
        stems = [
            self._nearest(word, vocabulary) if vocabulary is not NOTHING else stem_of(word) for word in words
        ]
        kept = [index for index, word in enumerate(words) if word not in self.stop]
        return Reading(
            stems=tuple(stems[index] for index in kept),
            grams=tuple(gram for index in kept for gram in grams(words[index])),
            concepts=self._concepts(words, stems),
        )

    def words(self, text: str) -> list[str]:
        """Return the words, folded to lower case without accents, in their usual spelling."""
        spelt: list[str] = []
        for word in _WORD.findall(_DRAWL.sub(r"\1", fold(text))):
            spelt.extend(self.spellings.get(word, word).split())
        return spelt

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The stems of every phrase of the table."""
        return Vocabulary(stem for phrase in self.phrases for stem in phrase)

    @cached_property
    def _lengths(self) -> Mapping[str, frozenset[int]]:
        """How long the phrases are that begin with a stem."""
        lengths: dict[str, set[int]] = {}
        for phrase in self.phrases:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        return {first: frozenset(found) for first, found in lengths.items()}

    def _nearest(self, word: str, vocabulary: Vocabulary) -> str:
        stem = stem_of(word)
        if stem in vocabulary or word in self.stop:
            return stem
        for base in _bases(word):
            if (small := stem_of(base)) in vocabulary:
                return small
        return vocabulary.sounding(stem) or stem

    def _concepts(self, words: Sequence[str], stems: Sequence[str]) -> tuple[str, ...]:
        """Return the concepts of every phrase found: literally, or across small words where it keeps two others."""
        strong = [stem for word, stem in zip(words, stems, strict=True) if word not in self.weak]
        spans = set(self._spans(stems)) | {span for span in self._spans(strong) if len(span) > 1}
        return tuple(sorted(concept for span in spans for concept in self.phrases.get(span, ())))

    def _spans(self, run: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Yield what could be a phrase: each run of stems as long as one that begins so."""
        for start, first in enumerate(run):
            for length in self._lengths.get(first, ()):
                if start + length <= len(run):
                    yield tuple(run[start : start + length])


@lru_cache(maxsize=2)
def load(path: Path = SYNONYMS) -> Reader:
    """Return the reader that a table (TOML: `stop`, `weak`, `spelling`, `forms`, `concept`) describes."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    spellings = {fold(short): fold(long) for short, long in table.get("spelling", {}).items()}
    for base, forms in table.get("forms", {}).items():
        spellings.update({fold(form): fold(base) for form in forms})
    weak = frozenset(map(fold, table.get("weak", ())))
    bare = Reader(spellings, frozenset(), weak, {})
    phrases: dict[tuple[str, ...], set[str]] = {}
    for name, terms in table.get("concept", {}).items():
        for term in terms:
            words = bare.words(term)
            strong = tuple(stem_of(word) for word in words if word not in weak)
            for key in {tuple(map(stem_of, words)), strong if len(strong) > 1 else ()} - {()}:
                phrases.setdefault(key, set()).add(name)
    return Reader(
        spellings=spellings,
        stop=frozenset(word for entry in table.get("stop", ()) for word in bare.words(entry)),
        weak=weak,
        phrases={key: tuple(sorted(names)) for key, names in phrases.items()},
    )


def fold(text: str) -> str:
    """Return a text in lower case, compatibility forms resolved and accents removed."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _ACCENTS.sub("", parts)


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Return a folded word's stem."""
    return fold(_stemmer().stemWord(word))


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """Return how a folded word sounds where s, c and z, b and v, ll and y are alike and h is silent."""
    for spelling, heard in _SOUNDS:
        word = spelling.sub(heard, word)
    return word


def grams(word: str) -> list[str]:
    """Return a word's character 4-grams, its edges marked; a short word is one gram."""
    edged = f"_{word}_"
    return [edged[start : start + _GRAM] for start in range(max(1, len(edged) - _GRAM + 1))]


def _bases(word: str) -> Iterator[str]:
    """Yield what a word may be the diminutive of: "poquito" → "poco", "llavecita" → "llava", "llave"."""
    if match := _DIMINUTIVE.fullmatch(word):
        root, gender, plural = match.groups()
        for end in (gender, "e"):
            base = root + end + plural
            yield re.sub(r"qu(?=[oae]s?$)", "c", re.sub(r"gu(?=[oae]s?$)", "g", base))


_own = threading.local()


def _stemmer() -> Stemmer.Stemmer:
    """Return this thread's stemmer, since one may not be shared."""
    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer.Stemmer("spanish")
    return _own.stemmer
