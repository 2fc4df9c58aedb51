"""Accounts and API tokens."""

import asyncio
import sys
from typing import Annotated

import typer

from cases.vocabulary import AccountRole, Unit
from desk.administration.people import Wanted, add_person
from desk.administration.tokens import add_token
from desk.entrance import unit_for
from service.cli.context import administrator, open_desk

Role = Annotated[AccountRole, typer.Option(help="What the account may be.")]
OfUnit = Annotated[Unit | None, typer.Option(help="Its unit, with the role unidad.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    user = typer.Typer(no_args_is_help=True, help="Accounts of people.")
    user.command("add")(add_user)
    app.add_typer(user, name="user")
    token = typer.Typer(no_args_is_help=True, help="Tokens of programs that use the API.")
    token.command("add")(make_token)
    app.add_typer(token, name="token")


def add_user(
    name: Annotated[str, typer.Argument(help="Login name.")],
    role: Role,
    unit: OfUnit = None,
    full_name: Annotated[str | None, typer.Option(help="Name that the desk and the citizen see.")] = None,
) -> None:
    """Open an account; its password is asked for, or read from standard input."""
    unit_for(role, unit)  # before the password is asked for
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    wanted = Wanted(full_name or name, role, unit)
    with open_desk() as desk:
        asyncio.run(add_person(desk, administrator(desk), name, wanted, password))
    typer.echo(f"Account {name} is open.")


def make_token(
    name: Annotated[str, typer.Argument(help="What the token is for; an account of this name acts for it.")],
    role: Role,
    unit: OfUnit = None,
) -> None:
    """Make an API token; it is printed once."""
    with open_desk() as desk:
        token = asyncio.run(add_token(desk, administrator(desk), name, role, unit))
    typer.echo(token)
