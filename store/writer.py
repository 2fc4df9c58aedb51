"""The writing thread: acts that wait while one commit runs share the next one."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa

from store.work import Event, StoreWork

T = TypeVar("T")
CAPACITY = 4_000
BATCH = 256


class Busy(Exception):
    """More is waiting to be written than may wait, or the service stops; try again in a moment."""


class Writer:
    """Runs acts one after another on one connection, each in a savepoint, many in one durable commit.

    An act that raises is rolled back alone and its exception goes to whoever submitted it. If the commit itself
    fails, everyone in the batch hears it and nothing of the batch is stored.
    """

    def __init__(self, engine: sa.Engine, stored: Callable[[Sequence[Event]], None]) -> None:
        self._engine = engine
        self._stored = stored
        self._waiting: queue.Queue[_Job | None] = queue.Queue(CAPACITY)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[StoreWork], T]) -> "Future[T]":
        """Queue an act; its future resolves after the commit. Raises `Busy` when too much waits."""
        if self._closed:
            raise Busy("the service stops")
        future: Future[T] = Future()
        try:
            self._waiting.put_nowait((act, future))
        except queue.Full:
            raise Busy("too many writes are waiting") from None
        return future

    def close(self) -> None:
        """Store what is queued, then stop; what comes in meanwhile is refused, never left without an answer."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()
        while not self._waiting.empty():
            late = self._waiting.get_nowait()
            if late is not None and late[1].set_running_or_notify_cancel():
                late[1].set_exception(Busy("the service stops"))

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            going = None not in batch
            jobs = [job for job in batch if job is not None and job[1].set_running_or_notify_cancel()]
            if jobs:
                self._commit(jobs)

    def _commit(self, jobs: "list[_Job]") -> None:
        events: list[Event] = []
        outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            with self._engine.begin() as connection:
                for act, future in jobs:
                    work = StoreWork(connection)
                    try:
                        with connection.begin_nested():
                            result = act(work)
                    except Exception as refused:  # noqa: BLE001 - it belongs to whoever asked, not to this thread
                        outcomes.append((future, None, refused))
                    else:
                        outcomes.append((future, result, None))
                        events += work.events
        except Exception as failed:  # noqa: BLE001 - the commit failed: nothing was stored, for anybody
            for _, future in jobs:
                future.set_exception(failed)
            return
        if events:
            self._stored(events)
        for future, result, refused_with in outcomes:
            if refused_with is None:
                future.set_result(result)
            else:
                future.set_exception(refused_with)


_Job = tuple[Callable[[StoreWork], Any], "Future[Any]"]
