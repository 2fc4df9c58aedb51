"""Acceptance: how many arrivals a second are durably kept, beside the machine's own syncs."""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from bench.figure import Figure
from bench.filling import NOW, open_bench_desk
from cases.model import Arrival
from cases.vocabulary import Channel
from service.doors import ServiceDoors

ARRIVALS = 4_000
PRODUCERS = 32


def run() -> Sequence[Figure]:
    """Measure on SQLite."""
    syncs = _syncs()
    accepted, slowest = asyncio.run(_accept())
    return [
        Figure(
            f"arrivals kept durably, {PRODUCERS} producers",
            f"{accepted:,.0f}/s, p99 {slowest * 1000:.1f} ms",
            f"{syncs:,.0f} syncs/s",
            f"{accepted / syncs:.2f}",
        )
    ]


def _syncs() -> float:
    """Return how many times a second 4 kB can be written and synced."""
    path = Path(mkdtemp(prefix="ventanilla-sync-")) / "file"
    with path.open("wb") as file:
        begun, count = time.perf_counter(), 0
        while time.perf_counter() - begun < 1:
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            count += 1
    return count / (time.perf_counter() - begun)


async def _accept() -> tuple[float, float]:
    desk = open_bench_desk()
    doors = ServiceDoors(desk, listens=True)
    waits: list[float] = []
    numbers = iter(range(ARRIVALS))

    async def produce() -> None:
        for number in numbers:
            arrival = Arrival(Channel.WHATSAPP, f"SM{number}", f"+5917{number % 500:07d}", b"x" * 700, NOW)
            begun = time.perf_counter()
            await doors.accept(arrival)
            waits.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(produce() for _ in range(PRODUCERS)))
    taken = time.perf_counter() - begun
    desk.database.close()
    return ARRIVALS / taken, sorted(waits)[int(len(waits) * 0.99)]
