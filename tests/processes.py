"""Ventanilla in a process of its own, as people run it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from service.settings import Settings

START_SECONDS = 30


def environment(settings: Settings) -> dict[str, str]:
    """Write settings as the environment variables that give them."""
    values = settings.model_dump(exclude_none=True)
    written = {
        f"VENTANILLA_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in values.items()
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("VENTANILLA_")} | written


def ventanilla(settings: Settings, *words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        env=environment(settings),
        input=said,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )


def start(settings: Settings, folder: Path) -> "subprocess.Popen[bytes]":
    """Serve, and return once it is ready."""
    with (folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve"],
            env=environment(settings),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _listens(settings.public_url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((folder / "serve.log").read_text())
        time.sleep(0.05)
    return process


def _listens(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/live", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End it as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End it as an operator would; it must end well."""
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


async def eventually(seen: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what another process does; TimeoutError if it never comes."""
    async with asyncio.timeout(seconds):
        while not seen():  # noqa: ASYNC110 - what another process does sets no event here
            await asyncio.sleep(0.05)
