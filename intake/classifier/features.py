"""Turns words into numbers: which character and word n-grams are there, weighed by rarity, in two blocks of fixed length."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

KNOWN = 50_000
"""Different words kept in memory before the memory is cleared."""
_NONE = np.zeros(0, np.int32)
FEW = 1_500
"""Up to so many messages, what was seen only once counts too."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message as words in order, and where each begins and ends in it, in characters."""

    words: list[str]
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Settings:
    """What is counted; part of the model's digest.

    Character n-grams of a word and its borders up to `longest`; words, runs of two and of three; pairs of words with
    others between them, up to `skip` words on; nothing seen in fewer than `rare` messages. `weights` are the lengths
    of the blocks of characters and of words.
    """

    longest: int = 5
    skip: int = 4
    rare: int = 2
    weights: tuple[float, float] = (1.0, 1.8)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a batch in numbers: each entry is a feature of a message (`rows`) with its value.

    `entry`, `word` and `part` say which words an entry stands on, words being numbered through the batch: the parts
    of one entry add up to one.
    """

    features: Ints
    rows: Ints
    values: Floats
    entry: Ints
    word: Ints
    part: Floats


@dataclass(slots=True)
class Vocabulary:
    """What is counted: character n-grams, words (numbered from 1; 0 is any other) and the keys of word n-grams in order.

    A feature's number is its place: characters first, then words, then keys.
    """

    chars: list[str]
    words: list[str]
    keys: NDArray[np.int64]


@dataclass(slots=True)
class Vectoriser:
    """Knows which things are counted and how much each counts; made by `learn` or from a stored model."""

    settings: Settings
    vocabulary: Vocabulary
    idf: Floats
    _char: dict[str, int] = field(init=False)
    _ids: dict[str, int] = field(init=False)
    _keys: NDArray[np.int64] = field(init=False)
    _word: dict[str, tuple[int, Ints]] = field(init=False)
    _local: threading.local = field(init=False, default_factory=threading.local)

    def __post_init__(self) -> None:
        """Lay out the look-ups; a single word is found by its number like a run of one."""
        known = self.vocabulary
        self._char = {name: place for place, name in enumerate(known.chars)}
        self._ids = {word: place for place, word in enumerate(known.words, 1)}
        self._keys = np.concatenate([np.arange(1, len(known.words) + 1), known.keys])
        self._word = {}

    def blocks(self, readings: Sequence[Reading]) -> tuple[Block, Block]:
        """Look everything up that messages hold: characters, and words with their runs and pairs.

        What is there enters once, by its rarity; each block of a message then has the length that `settings.weights`
        gives it.
        """
        known = [self._known(word) for reading in readings for word in reading.words]
        sizes = [len(reading.words) for reading in readings]
        owner = np.repeat(np.arange(len(readings), dtype=np.int32), sizes)
        return self._char_block(known, sizes, owner), self._word_block(
            np.array([place for place, _ in known], np.int64), sizes, owner
        )

    def _char_block(self, known: list[tuple[int, Ints]], sizes: list[int], owner: Ints) -> Block:
        seen = np.concatenate([_NONE, *(found for _, found in known)])
        lengths = np.array([len(found) for _, found in known], np.int32)
        word = np.repeat(np.arange(len(known), dtype=np.int32), lengths)
        ends = np.concatenate([[0], np.cumsum(lengths)])[np.cumsum([0, *sizes])].tolist()
        same = self._same(seen, ends)
        fresh = same == np.arange(len(seen))
        entry = (np.cumsum(fresh) - 1)[same].astype(np.int32)
        features, rows = seen[fresh], owner[word[fresh]]
        counts = np.bincount(entry, minlength=len(features))
        return Block(
            features, rows, self._values(features, rows, len(sizes), 0), entry, word, _shares(counts[entry])
        )

    def _same(self, seen: Ints, ends: list[int]) -> Ints:
        """Return for each occurrence the place of one that stands for all of its feature in its message.

        Each message writes its places onto this thread's sheet, which has a line for each feature: the last one stays.
        """
        if not hasattr(self._local, "sheet"):
            self._local.sheet = np.zeros(len(self.idf), np.int32)
        sheet = self._local.sheet
        places = np.arange(len(seen), dtype=np.int32)
        same = np.empty_like(seen)
        for begin, end in pairwise(ends):
            here = seen[begin:end]
            sheet[here] = places[begin:end]
            same[begin:end] = sheet[here]
        return same

    def _word_block(self, ids: NDArray[np.int64], sizes: list[int], owner: Ints) -> Block:
        found: dict[int, list[Ints]] = {1: [], 2: [], 3: []}
        places: dict[int, list[list[Ints]]] = {1: [], 2: [], 3: []}
        for keys, covers in runs(ids, owner, len(self.vocabulary.words) + 1, self.settings.skip):
            features, first = self._look_up(keys)
            found[len(covers)].append(features)
            places[len(covers)].append([first + shift for shift in covers])
        seen = {width: np.concatenate(features) for width, features in found.items()}
        where = {
            width: [np.concatenate(each) for each in zip(*kinds, strict=True)]
            for width, kinds in places.items()
        }
        size = max(len(self.idf), 1)
        marks = np.concatenate(
            [owner[where[width][0]].astype(np.int64) * size + seen[width] for width in seen]
        )
        ranked, place, counts = np.unique(marks, return_inverse=True, return_counts=True)
        rows, features = (each.astype(np.int32) for each in np.divmod(ranked, size))
        split = np.split(place.astype(np.int32), np.cumsum([len(seen[1]), len(seen[2])]))
        entry = np.concatenate([each for width, each in enumerate(split, 1) for _ in range(width)])
        word = np.concatenate([each for width in where for each in where[width]])
        width = np.repeat(np.array([1, 2, 3]), [number * len(each) for number, each in enumerate(split, 1)])
        return Block(
            features,
            rows,
            self._values(features, rows, len(sizes), 1),
            entry,
            word,
            _shares(counts[entry] * width),
        )

    def _look_up(self, keys: NDArray[np.int64]) -> tuple[Ints, Ints]:
        """Return the features of the keys that are known, and their places; a negative key is none."""
        asked = np.flatnonzero(keys >= 0)
        wanted = keys[asked]
        place = np.minimum(np.searchsorted(self._keys, wanted), max(len(self._keys) - 1, 0))
        known = self._keys[place] == wanted if len(self._keys) else np.zeros(len(wanted), bool)
        return (place[known] + len(self.vocabulary.chars)).astype(np.int32), asked[known].astype(np.int32)

    def _values(self, features: Ints, rows: Ints, count: int, block: int) -> Floats:
        values = self.idf[features]
        length = np.sqrt(np.bincount(rows, values * values, count))
        found: Floats = (values * (self.settings.weights[block] / np.maximum(length, 1e-9))[rows]).astype(
            np.float32
        )
        return found

    def _known(self, word: str) -> tuple[int, Ints]:
        """Return a word's number and its character n-grams' features."""
        known = self._word.get(word)
        if known is None:
            if len(self._word) > KNOWN:
                self._word.clear()
            found = (self._char.get(name) for name in char_names(word, self.settings.longest))
            features = np.array([feature for feature in found if feature is not None], np.int32)
            known = self._word[word] = (self._ids.get(word, 0), features)
        return known


def char_names(word: str, longest: int) -> list[str]:
    """Return the character n-grams of a word with its borders."""
    padded = f" {word} "
    return [padded[at : at + size] for size in range(1, longest + 1) for at in range(len(padded) - size + 1)]


def runs(
    ids: NDArray[np.int64], owner: Ints, size: int, skip: int
) -> list[tuple[NDArray[np.int64], tuple[int, ...]]]:
    """Return the keys of the words and word n-grams that begin at each word of a batch, and the words that each covers.

    A key holds the kind and the words' numbers, which are below `size`; it is -1 where the n-gram would leave its message
    or hold word 0. Pairs of words apart share a kind: it does not matter how far.
    """
    cube = size * size * size

    def pairs(apart: int) -> NDArray[np.int64]:
        left, right = ids[:-apart], ids[apart:]
        inside = (left > 0) & (right > 0) & (owner[:-apart] == owner[apart:])
        return np.where(inside, left * size + right, -1)

    near = pairs(1)
    inside = (near[:-1] >= 0) & (near[1:] >= 0)
    found: list[tuple[NDArray[np.int64], tuple[int, ...]]] = [
        (np.where(ids > 0, ids, -1), (0,)),
        (np.where(near >= 0, near + cube, -1), (0, 1)),
        (np.where(inside, 2 * cube + near[:-1] * size + ids[2:], -1), (0, 1, 2)),
    ]
    for apart in range(2, skip + 1):
        far = pairs(apart)
        found.append((np.where(far >= 0, far + 3 * cube, -1), (0, apart)))
    return found


def learn(readings: Sequence[Reading], settings: Settings) -> Vectoriser:
    """Return a vectoriser that knows what these messages hold and how rare it is."""
    least = settings.rare if len(readings) > FEW else 1
    chars: Counter[str] = Counter()
    words: Counter[str] = Counter()
    cache: dict[str, list[str]] = {}
    for reading in readings:
        here = set(reading.words)
        words.update(here)
        names: set[str] = set()
        for word in here:
            if word not in cache:
                cache[word] = char_names(word, settings.longest)
            names.update(cache[word])
        chars.update(names)
    kept_chars = sorted(name for name, count in chars.items() if count >= least)
    kept_words = sorted(word for word, count in words.items() if count >= least)
    ids = {word: place for place, word in enumerate(kept_words, 1)}
    size = len(kept_words) + 1
    keys: Counter[int] = Counter()
    for reading in readings:
        numbers = np.array([ids.get(word, 0) for word in reading.words], np.int64)
        found = runs(numbers, np.zeros(len(numbers), np.int32), size, settings.skip)[1:]
        keys.update({key for each, _ in found for key in each.tolist() if key >= 0})
    kept_keys = sorted(key for key, count in keys.items() if count >= least)
    counts = np.array(
        [chars[name] for name in kept_chars]
        + [words[word] for word in kept_words]
        + [keys[key] for key in kept_keys],
        np.float32,
    )
    idf = (np.log((1 + len(readings)) / (1 + counts)) + 1).astype(np.float32)
    return Vectoriser(settings, Vocabulary(kept_chars, kept_words, np.array(kept_keys, np.int64)), idf)


def _shares(among: NDArray[np.number]) -> Floats:
    shares: Floats = (1 / np.maximum(among, 1)).astype(np.float32)
    return shares
