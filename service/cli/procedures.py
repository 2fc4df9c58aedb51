"""Procedure files on the command line: check, list, draw, compare, add, activate, migrate."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from desk.procedures import (
    activate,
    add_version,
    library_of,
    migrate_cases,
    outlook,
    recorded_cases,
    switch_extension,
)
from service.cli.context import OperationFailed, administrator, open_desk, settings
from store.migrate import is_current
from workflow.bpmn import to_bpmn
from workflow.definition import Library, Procedure, UnknownPlaceError
from workflow.diff import diff, diff_lines
from workflow.drawing import draw
from workflow.loading import library as put_together
from workflow.loading import parse
from workflow.replay import replay

Version = Annotated[str, typer.Argument(help="Version of the procedure.")]
Code = Annotated[str, typer.Argument(help="PR01, PR02 or PR03.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(no_args_is_help=True, help="The derivation procedures.")
    commands: dict[str, Callable[..., None]] = {
        "check": check,
        "list": list_all,
        "draw": draw_one,
        "diff": compare,
        "add": add,
        "activate": activate_one,
        "extension": extension,
        "migrate": migrate,
    }
    for name, command in commands.items():
        group.command(name)(command)
    app.add_typer(group, name="procedures")


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Procedure files; the ones in use if left out.")
    ] = None,
    replayed: Annotated[
        bool, typer.Option("--replay", help="Replay the recorded cases against each file.")
    ] = False,
) -> None:
    """Check procedure files; names file, step and fault. With --replay, also which cases would have gone another way."""
    library = _library()
    for path in files or []:
        draft = parse(path.read_text("utf-8"), path.name)
        others = [known for known in library if (known.code, known.version) != (draft.code, draft.version)]
        put_together([*others, draft], {**library.active, draft.code: draft.version})
        typer.echo(f"{path.name}: {draft.code}, version {draft.version}, {len(draft.steps)} steps, no fault.")
        if replayed:
            _replay(library, draft)
    if not files:
        for procedure in library:
            typer.echo(
                f"{procedure.code}, version {procedure.version}: {len(procedure.steps)} steps, no fault."
            )


def _replay(library: Library, draft: Procedure) -> None:
    with open_desk() as desk:
        report = replay(library, draft, desk.database.read_now(lambda work: recorded_cases(work, library)))
    for departure in report.departures:
        typer.echo(f"  {departure}")
    typer.echo(f"  {report.cases} cases replayed, {len(report.departures)} would have gone another way.")


def list_all() -> None:
    """List every version of every procedure; the active ones are marked."""
    library = _library()
    for procedure in library:
        mark = "*" if library.active.get(procedure.code) == procedure.version else " "
        typer.echo(f"{mark} {procedure.code}  {procedure.version}  {procedure.resolution}  {procedure.title}")


def draw_one(
    code: Code,
    version: Annotated[str | None, typer.Argument(help="Version; the active one if left out.")] = None,
    svg: Annotated[bool, typer.Option("--svg", help="Draw an SVG instead of BPMN 2.0.")] = False,
) -> None:
    """Draw a procedure as BPMN 2.0, or as SVG, to standard output."""
    library = _library()
    _find(library, code, version)
    typer.echo(draw(library, code, version) if svg else to_bpmn(library, code, version))


def compare(
    a: Annotated[str, typer.Argument(help="CODE:VERSION, or a file.")],
    b: Annotated[str, typer.Argument(help="CODE:VERSION, or a file.")],
) -> None:
    """Show what changes between two versions."""
    library = _library()
    lines = diff_lines(diff(_named(library, a), _named(library, b)))
    typer.echo("\n".join(lines) if lines else "The two are the same.")


def add(
    file: Annotated[Path, typer.Argument(help="The new version's file.")],
    by: Annotated[str | None, typer.Option(help="Administrator's account that stands for it.")] = None,
) -> None:
    """Keep a new version beside the others; it is not active yet."""
    with open_desk() as desk:
        added = asyncio.run(add_version(desk, administrator(desk, by), file.read_text("utf-8")))
    typer.echo(
        f"{added.code}, version {added.version} is kept; `ventanilla procedures activate` makes it the active one."
    )


def activate_one(
    code: Code,
    version: Version,
    by: Annotated[str | None, typer.Option(help="Administrator's account that stands for it.")] = None,
) -> None:
    """Let new cases begin on a version; cases in flight stay on theirs. The act is recorded."""
    with open_desk() as desk:
        asyncio.run(activate(desk, administrator(desk, by), code, version))
    typer.echo(f"New cases begin on {code}, version {version}.")


def extension(
    answer: Annotated[str, typer.Argument(help="The extension's id, such as return-to-deriver.")],
    on: Annotated[bool, typer.Option("--on/--off", help="Whether it may be used.")],
    by: Annotated[str | None, typer.Option(help="Administrator's account that stands for it.")] = None,
) -> None:
    """Switch one of the extensions to the manual on or off. The act is recorded."""
    with open_desk() as desk:
        asyncio.run(switch_extension(desk, administrator(desk, by), answer, on=on))
    typer.echo(f"{answer} is {'on' if on else 'off'}.")


def migrate(
    code: Code,
    before: Annotated[str, typer.Argument(help="Version that the cases are on.")],
    after: Annotated[str, typer.Argument(help="Version that they go to.")],
    step: Annotated[
        list[str] | None, typer.Option(help="OLD=NEW for a step whose number changed; may be repeated.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it; without this it only says what it would do.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Administrator's account that stands for it.")] = None,
) -> None:
    """Move open cases to another version by a plan; refuses a plan that leaves out an occupied step."""
    moved = dict(_pair(one) for one in step or [])
    with open_desk() as desk:
        seen = desk.database.read_now(
            lambda work: outlook(work, library_of(work), code, before, after, moved)
        )
        for line in seen.lines():
            typer.echo(line)
        if not apply:
            typer.echo("Nothing was changed; --apply does it.")
            return
        account = administrator(desk, by)
        desk.library = desk.database.read_now(library_of)
        with Progress(disable=not typer.get_text_stream("stdout").isatty()) as progress:
            progress.add_task("Migrating", total=None)
            count = asyncio.run(migrate_cases(desk, account, code, before, after, moved))
    typer.echo(f"{count} cases are on {code}, version {after}.")


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old or not new:
        raise typer.BadParameter(f"{text!r} is not OLD=NEW")
    return old, new


def _library() -> Library:
    """Return the versions in use: the shipped ones where there is no database yet."""
    if not is_current(settings().database_url):
        return Library.shipped()
    with open_desk() as desk:
        return desk.database.read_now(library_of)


def _find(library: Library, code: str, version: str | None) -> Procedure:
    try:
        return library.procedure(code, version)
    except UnknownPlaceError as unknown:
        raise OperationFailed(str(unknown)) from unknown


def _named(library: Library, name: str) -> Procedure:
    code, colon, version = name.partition(":")
    if colon or (code, "0") in library.procedures:
        return _find(library, code, version or None)
    return parse(Path(name).read_text("utf-8"), Path(name).name)
