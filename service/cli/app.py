"""The command line's entry."""

import os
import sys

import typer

from cases.errors import Refused
from intake.classifier.verdict import BadLine
from service.cli import channels, desk, knowledge, model, people, procedures, serve
from service.cli.context import OperationFailed
from service.settings import SettingsError

app = typer.Typer(
    name="ventanilla",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Multichannel citizen-support intake that runs a support desk's procedure manual.",
)
for group in (serve, desk, model, knowledge, people, procedures, channels):
    group.add_to(app)


def main() -> None:
    """Run a command; a refusal is one line on standard error and exit status 1."""
    try:
        app()
    except (Refused, SettingsError, OperationFailed, BadLine, FileNotFoundError, PermissionError) as refused:
        print(f"ventanilla: {refused}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except Exception as broken:  # one clear line; the traceback is for whoever asks for it
        if os.environ.get("PYTHONDEVMODE"):
            raise
        print(
            f"ventanilla: {type(broken).__name__}: {str(broken).splitlines()[0] if str(broken) else ''}",
            file=sys.stderr,
        )
        sys.exit(1)
