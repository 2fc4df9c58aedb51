"""`ventanilla serve`, and a phone in the terminal."""

import asyncio
import signal
from collections.abc import Mapping
from typing import Annotated

import aiohttp
import typer
from aiohttp import web

from service.cli.context import OperationFailed, settings
from service.logs import set_up_logs
from service.settings import Settings, read_settings
from service.web import ROLES, build_app
from service.wiring import opened
from store.migrate import is_current


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    app.command()(simulate)


def serve(
    only: Annotated[
        str, typer.Option(help="Roles of this node, comma-separated: web, channels, workers.")
    ] = "web,channels,workers",
) -> None:
    """Serve web, channels and workers in one process; --only splits the roles over nodes."""
    roles = frozenset(role.strip() for role in only.split(",") if role.strip())
    if unknown := roles - ROLES:
        raise typer.BadParameter(
            f"unknown role {', '.join(sorted(unknown))}; choose from {', '.join(sorted(ROLES))}"
        )
    chosen, origins = read_settings()
    if not is_current(chosen.database_url):
        raise OperationFailed("the database is missing or old: run `ventanilla init`")
    set_up_logs()
    asyncio.run(_serve(chosen, origins, roles))


async def _serve(chosen: Settings, origins: Mapping[str, str], roles: frozenset[str]) -> None:
    async with opened(chosen, listens="channels" in roles, origins=origins) as service:
        if service.twins is not None:
            service.twins.twilio.learn_choices()
        app = build_app(service, roles)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await runner.setup()
        try:
            if roles & {"web", "channels"}:
                try:
                    await web.TCPSite(runner, chosen.host, chosen.port, reuse_address=True).start()
                except OSError as taken:
                    raise OperationFailed(
                        f"cannot listen on {chosen.host}:{chosen.port}: {taken.strerror}"
                    ) from None
            typer.echo(_greeting(chosen))
            await _told_to_stop()
        finally:
            await runner.cleanup()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()


def _greeting(chosen: Settings) -> str:
    lines = [f"Ventanilla serves {chosen.public_url} (Ctrl-C stops it)"]
    if chosen.simulated:
        lines += [
            f"  console          {chosen.public_url}/   logins: operador supervisor uit upat acgii adt admin, password demo",
            f"  simulated phone  {chosen.public_url}/simulated/",
            f"  Telegram         {chosen.public_url}/simulated/telegram",
            f"  mail             {chosen.smtp_host}:{chosen.smtp_port}",
        ]
    return "\n".join(lines)


def simulate(
    number: Annotated[str, typer.Option(help="The phone's number (+591 700 000 xx).")] = "+59170000001",
    name: Annotated[str, typer.Option(help="The name that the phone shows.")] = "Rosa Mamani",
) -> None:
    """Chat from a simulated WhatsApp phone with the running service; Ctrl-D ends it."""
    asyncio.run(_simulate(settings(), number, name))


async def _simulate(chosen: Settings, number: str, name: str) -> None:
    url = f"{chosen.public_url}/simulated/phone/{number}"
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(url) as answer:
                if not answer.ok:
                    raise OperationFailed(
                        f"no simulated phone at {chosen.public_url}: serve with VENTANILLA_SIMULATED=true"
                    )
                seen = len(await answer.json())
        except aiohttp.ClientConnectionError:
            raise OperationFailed(
                f"nothing answers at {chosen.public_url}: start it with `make run`"
            ) from None
        typer.echo(f"{name} ({number}) chats with the desk. Write and press Enter; Ctrl-D ends.")
        hearing = asyncio.create_task(_hear(session, url, seen))
        try:
            while (typed := await asyncio.to_thread(_line)) is not None:
                if typed.strip():
                    await session.post(url, json={"text": typed, "name": name})
            await asyncio.sleep(3)
        finally:
            hearing.cancel()


def _line() -> str | None:
    try:
        return input()
    except EOFError:
        return None


async def _hear(session: aiohttp.ClientSession, url: str, seen: int) -> None:
    """Print what the desk says, as it comes."""
    while True:
        async with session.get(url) as answer:
            bubbles = await answer.json()
        for bubble in bubbles[seen:]:
            if bubble["direction"] == "out":
                typer.echo("\n".join(f"  « {line}" for line in bubble["body"].splitlines()))
        seen = len(bubbles)
        await asyncio.sleep(0.5)
