"""Commands on the channels: take over the provider's templates, compare a day with the provider."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from cases.vocabulary import Channel
from desk.desk import Desk
from intake.channels.channel import Lists, Templates, Unknown
from service.cli.context import OperationFailed, settings
from service.reconciling import compare
from service.wiring import opened

channels = typer.Typer(help="The channels' upkeep.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(channels, name="channels")


@channels.command()
def templates(
    add: Annotated[
        bool, typer.Option("--add-choices", help="Also register the choice templates that are missing.")
    ] = False,
) -> None:
    """Take over the approved templates from every provider that has some."""
    asyncio.run(_templates(add=add))


async def _templates(*, add: bool) -> None:
    async with opened(settings(), listens=False) as service:
        able = {name: adapter for name, adapter in service.adapters.items() if isinstance(adapter, Templates)}
        if not able:
            raise OperationFailed("no channel with templates is configured")
        for name, adapter in able.items():
            try:
                made = await adapter.add_choices() if add else 0
                typer.echo(f"{name}: {await adapter.sync()} templates, {made} of them new")
            except Unknown as unknown:
                raise OperationFailed(f"{name}: {unknown.why}") from None


@channels.command()
def reconcile(
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; yesterday if left out.")
    ] = None,
) -> None:
    """Compare a day with the providers' lists, take in what never arrived, and print what is missing where."""
    asyncio.run(_reconcile(day.date() if day else None))


async def _reconcile(day: date | None) -> None:
    async with opened(settings(), listens=False) as service:
        desk = service.desk
        chosen = day or desk.now().astimezone(desk.timezone).date() - timedelta(days=1)
        able = {name: adapter for name, adapter in service.adapters.items() if isinstance(adapter, Lists)}
        if not able:
            raise OperationFailed("no configured channel can be asked what a day had")
        for name, adapter in able.items():
            await _compare(service.desk, name, adapter, chosen)


async def _compare(desk: Desk, name: Channel, adapter: Lists, day: date) -> None:
    try:
        found = await compare(desk, name, adapter, day)
    except Unknown as unknown:
        raise OperationFailed(f"{name}: {unknown.why}") from None
    typer.echo(f"{name} {day}: {found.seen} messages at the provider")
    for title, names in (
        ("missing here, taken in now", found.taken_in),
        ("missing here", tuple(n for n in found.missing_here if n not in found.taken_in)),
        ("missing there", found.missing_there),
    ):
        for name_there in names:
            typer.echo(f"  {title}: {name_there}")
