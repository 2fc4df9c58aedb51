"""The worker that trains a new model from what operators confirmed, and brings it into use if it is not worse."""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

import service
from cases.errors import Conflict
from cases.vocabulary import SYSTEM
from desk.desk import Desk
from desk.learning import COUNTED_FROM, NOT_WORSE, STUCK, Comparison, Material, is_due, judge, material
from service.models import Models
from store.learning import InUse, Run
from store.work import StoreWork

log = structlog.get_logger()

LONGEST = 300.0
"""Seconds after which a training is stopped."""
TOLD = 300
"""Characters of a failure that are kept."""
REASON = "No es peor que el anterior."


class TrainingFailed(Exception):
    """A training did not come to an end; the text says why."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model: its version, the running one's, the number of examples, the comparison and the bytes."""

    version: str
    running: str
    examples: int
    comparison: Comparison
    data: bytes


class Trainer(Protocol):
    """Trains beside the service."""

    async def train(self, material: Material, running: bytes | None) -> Trained:
        """Train and compare; raises TrainingFailed. `running` are the bytes of the model in use, if it is not the shipped one."""
        ...

    def let_go(self) -> None:
        """Stop a training that runs."""
        ...


class ProcessTrainer:
    """Trains in a process of its own, from the shipped corpus (or another file) and the confirmations."""

    def __init__(self, shipped: Path, corpus: Path | None = None) -> None:
        self._shipped = shipped
        self._corpus = corpus
        self._process: asyncio.subprocess.Process | None = None

    async def train(self, material: Material, running: bytes | None) -> Trained:
        """Train in a folder of its own, which is gone afterwards: the examples stay in the database alone."""
        with tempfile.TemporaryDirectory(prefix="ventanilla-train-") as name:
            folder = Path(name)
            job = {
                **asdict(material),
                "shipped": str(self._shipped.resolve()),
                "running": running is not None,
                "corpus": str(self._corpus) if self._corpus else None,
            }
            await asyncio.to_thread((folder / "job.json").write_text, json.dumps(job), "utf-8")
            if running is not None:
                await asyncio.to_thread((folder / "running").write_bytes, running)
            await self._run(folder)
            return await asyncio.to_thread(_read, folder)

    async def _run(self, folder: Path) -> None:
        root = Path(service.__file__).parent.parent
        paths = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "service.retrain_job",
            str(folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        try:
            async with asyncio.timeout(LONGEST):
                _, said = await process.communicate()
        except TimeoutError:
            raise TrainingFailed(f"tardó más de {LONGEST:.0f} s") from None
        finally:
            self.let_go()
            await process.wait()
        if process.returncode:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            raise TrainingFailed((lines[-1] if lines else f"terminó con {process.returncode}")[:TOLD])

    def let_go(self) -> None:
        """Stop the process, if one runs."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


def _read(folder: Path) -> Trained:
    found: Mapping[str, Any] = json.loads((folder / "result.json").read_text("utf-8"))
    comparison = Comparison.read(found["figures"])
    assert comparison is not None
    return Trained(
        found["version"],
        found["running"],
        found["examples"],
        comparison,
        (folder / "model.msgpack").read_bytes(),
    )


class Retraining:
    """Trains when enough was confirmed or somebody asks; one training at a time on all nodes together."""

    def __init__(self, desk: Desk, models: Models, trainer: Trainer) -> None:
        self._desk = desk
        self._models = models
        self._trainer = trainer
        self._counting = False
        self._stopping = False

    async def step(self) -> int:
        """Take up what another node activated; train if it is time. Returns how many trainings ended."""
        await self._models.follow()
        run = await self._begun()
        if run is None:
            return 0
        began = time.perf_counter()
        database = self._desk.database
        in_use, given = await database.read(lambda work: (work.learning.in_use(), material(work)))
        running = await self._bytes(in_use)
        facts: dict[str, Any] = {
            "confirmations": len(given.learnt),
            "last_confirmation": given.last,
        }
        try:
            trained = await self._trainer.train(given, running)
        except (TrainingFailed, OSError) as failed:
            if self._stopping:
                await database.write(lambda work: work.learning.put_back(run))
                return 0
            log.exception("training failed")
            facts |= {"reason": "failed", "detail": str(failed), "seconds": time.perf_counter() - began}
            await database.write(lambda work: self._end(work, run, "failed", facts))
            return 1
        facts |= {
            "seconds": time.perf_counter() - began,
            "version": trained.version,
            "running": trained.running,
            "examples": trained.examples,
            "figures": trained.comparison.stored(),
        }
        outcome = await database.write(lambda work: self._settle(work, run, in_use, trained, facts))
        log.info("trained", version=trained.version, outcome=outcome, seconds=round(facts["seconds"], 1))
        await self._models.follow()
        return 1

    def let_go(self) -> None:
        """Stop a training because the service stops; the next one to start takes it up."""
        self._stopping = True
        self._trainer.let_go()

    async def _begun(self) -> int | None:
        """Return a training to do that this node has claimed, if there is one."""
        now = self._desk.now()
        if (
            self._desk.classifier is None or self._stopping
        ):  # without a model there is nothing to compare with
            return None
        if not self._counting:
            await self._desk.database.write(_begin_to_count)
            self._counting = True
        waiting, due = await self._desk.database.read(
            lambda work: (work.learning.under_way(), is_due(work, now))
        )
        if waiting is None and not due:
            return None

        def claim(work: StoreWork) -> int | None:
            found = work.learning.under_way()
            if found is not None and found.started is not None:
                if found.started + STUCK < now:
                    facts = {"reason": "failed", "detail": "el proceso que entrenaba ya no está"}
                    self._end(work, found.id, "failed", facts)
                return None
            if found is None and not is_due(work, now):
                return None
            wanted = found.id if found is not None else work.learning.ask(SYSTEM, now)
            work.publish("learning-changed")
            return wanted if work.learning.claim(wanted, now) else None

        try:
            return await self._desk.database.write(claim)
        except Conflict:  # another node asked in the same moment
            return None

    async def _bytes(self, in_use: InUse) -> bytes | None:
        model: Run | None = in_use.model
        if model is None:
            return None
        return await self._desk.database.read(lambda work: work.learning.data(model.id))

    def _settle(
        self, work: StoreWork, run: int, before: InUse, trained: Trained, facts: dict[str, Any]
    ) -> str:
        """Bring the new model into use if it is not worse than the one that still is."""
        reason = judge(trained.comparison)
        if work.learning.in_use().activation != before.activation:
            reason = "changed-meanwhile"
        elif trained.version == trained.running:
            reason = "same"
        if reason != NOT_WORSE:
            self._end(work, run, "kept", {**facts, "reason": reason})
            return "kept"
        self._end(work, run, "activated", {**facts, "reason": reason, "data": trained.data})
        now = self._desk.now()
        work.learning.activate(run, SYSTEM, REASON, now)
        data = {"from": trained.running, "to": trained.version, "confirmations": facts["confirmations"]}
        work.procedures.record(SYSTEM, "model-activated", data, now)
        return "activated"

    def _end(self, work: StoreWork, run: int, outcome: str, facts: Mapping[str, Any]) -> None:
        work.learning.finish(run, outcome, self._desk.now(), **facts)
        work.publish("learning-changed")


def _begin_to_count(work: StoreWork) -> None:
    """Note which confirmations were there before: an imported history or a demo is learnt with the next training, but causes none."""
    if work.upkeep.bookmark(COUNTED_FROM) is None:
        work.upkeep.keep_bookmark(COUNTED_FROM, str(work.learning.newest()))
