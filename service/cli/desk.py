"""Commands on the desk's data: init, demo, settings, verify."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from intake.classifier.systems import load_systems
from service.cli.context import OperationFailed, open_desk, settings
from service.demo.load import load_demo
from service.settings import described, read_settings
from service.wiring import build_desk
from store.migrate import migrate
from store.work import StoreWork


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(init)
    app.command()(demo)
    app.command("settings")(show_settings)
    app.command()(verify)


def init() -> None:
    """Create the database or bring it up to date; safe to repeat."""
    chosen = settings()
    migrate(chosen.database_url)

    def act(work: StoreWork) -> None:
        work.accounts.add_units()
        work.accounts.keep_systems(
            load_systems(Path(chosen.systems_file)) if chosen.systems_file else load_systems()
        )

    desk = build_desk(chosen)
    try:
        desk.database.write_now(act)
    finally:
        desk.database.close()
    typer.echo("The database is ready.")


def demo() -> None:
    """Load the demo desk: people, units, articles, cases. A desk that has it keeps what it has."""
    with open_desk() as desk:
        done = load_demo(desk, settings())
    typer.echo(done)


def show_settings() -> None:
    """Print every setting with its help, value and origin; secrets are masked."""
    chosen, origins = read_settings()
    for key, value, origin, text in described(chosen, origins):
        typer.echo(f"{key} = {value}   [{origin}]\n    {text}")


def verify(
    case: Annotated[str | None, typer.Argument(help="Number of one case; all of them if left out.")] = None,
) -> None:
    """Check the hash chain of the case records; names the first broken entry."""
    with open_desk() as desk:
        numbers = desk.database.read_now(
            lambda work: [work.cases.get(case).id] if case else work.cases.all_ids()
        )
        for number in track(
            numbers, description="Verifying", disable=not typer.get_text_stream("stdout").isatty()
        ):
            broken = desk.database.read_now(lambda work, number=number: work.record.broken(number))  # type: ignore[misc]
            if broken is not None:
                raise OperationFailed(broken)
    typer.echo(f"{len(numbers)} case records are whole.")
