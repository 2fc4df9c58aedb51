"""Which classifier this node uses: the one that the database says is in use, else the shipped one of the model folder."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from cases.ports import Classifier
from desk.desk import Desk
from intake.classifier.opinion import Encoder, find_encoder
from service.settings import Settings

Find = Callable[[], Encoder | None]

log = structlog.get_logger()


class Models:
    """Takes up the model in use, whole and at once: what is being classified meanwhile ends with the one before."""

    def __init__(self, desk: Desk, folder: Path, find: Find = find_encoder) -> None:
        self._desk = desk
        self._folder = folder
        self._find = find
        self._taken: int | None = None
        self._lock = asyncio.Lock()

    async def take_up(self) -> bool:
        """Use the model that is in use now, and let it help the finder; true if it was another one before.

        A model that this version cannot read is not used: the shipped one is, and the log says so.
        """
        async with self._lock:
            in_use = await self._desk.database.read(lambda work: work.learning.in_use())
            if in_use.activation == self._taken:
                return False
            data = None
            if in_use.model is not None:
                number = in_use.model.id
                data = await self._desk.database.read(lambda work: work.learning.data(number))
            self._desk.classifier = await asyncio.to_thread(self._opened, data)
            self._taken = in_use.activation
            await self._desk.refresh_articles()
            return True

    async def follow(self) -> bool:
        """Take up what came into use since `take_up`; nothing before it."""
        return self._taken is not None and await self.take_up()

    def _opened(self, data: bytes | None) -> Classifier | None:
        if data is not None:
            try:
                return opened(data, self._find)
            except ValueError:
                log.exception("the model in use cannot be read; the shipped one is used")
        return shipped(self._folder, self._find)


def shipped(folder: Path, find: Find = find_encoder) -> Classifier | None:
    """Return the classifier of a model folder, or None where none is trained yet."""
    from intake.classifier.pipeline import SpacyClassifier  # noqa: PLC0415 - a second of imports, while others listen

    return SpacyClassifier.load(folder, find=find) if folder.exists() else None


def opened(data: bytes, find: Find = find_encoder) -> Classifier:
    """Return the classifier whose model these bytes are; raises ValueError if this version cannot read them."""
    from intake.classifier.pipeline import SpacyClassifier, blank, component_of  # noqa: PLC0415 - likewise

    nlp = blank()
    component_of(nlp).from_bytes(data)
    found = SpacyClassifier(nlp)
    if found.model.second is not None:
        found.encoder = find()
    return found


def encoder_of(settings: Settings) -> Find:
    """Return what looks for the sentence model: nothing where the second opinion is switched off."""
    return find_encoder if settings.second_opinion else lambda: None
