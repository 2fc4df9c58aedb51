"""Accounts and API tokens."""

import sys
from typing import Annotated

import typer

from cases.errors import Invalid
from cases.model import Account
from cases.vocabulary import AccountRole, Unit
from desk.entrance import check_strength, hash_password, unit_for
from service.cli.context import open_desk
from store.work import StoreWork

Role = Annotated[AccountRole, typer.Option(help="What the account may be.")]
OfUnit = Annotated[Unit | None, typer.Option(help="Its unit, with the role unidad.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    user = typer.Typer(no_args_is_help=True, help="Accounts of people.")
    user.command("add")(add_user)
    app.add_typer(user, name="user")
    token = typer.Typer(no_args_is_help=True, help="Tokens of programs that use the API.")
    token.command("add")(add_token)
    app.add_typer(token, name="token")


def add_user(
    name: Annotated[str, typer.Argument(help="Login name.")],
    role: Role,
    unit: OfUnit = None,
    full_name: Annotated[str | None, typer.Option(help="Name that the desk and the citizen see.")] = None,
) -> None:
    """Open an account; its password is asked for, or read from standard input."""
    place = unit_for(role, unit)
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    check_strength(password, name)
    hashed = hash_password(password)
    with open_desk() as desk:
        now = desk.now()
        desk.database.write_now(
            lambda work: work.accounts.add(name.strip().lower(), full_name or name, role, place, hashed, now)
        )
    typer.echo(f"Account {name} is open.")


def add_token(
    name: Annotated[str, typer.Argument(help="What the token is for; an account of this name acts for it.")],
    role: Role,
    unit: OfUnit = None,
) -> None:
    """Make an API token; it is printed once."""
    place = unit_for(role, unit)

    def act(work: StoreWork) -> str:
        known = work.accounts.named(name)
        account: Account = known[0] if known else work.accounts.add(name, name, role, place, None, desk.now())
        if (account.role, account.unit) != (role, place):
            raise Invalid(f"La cuenta {name} tiene otro rol: {account.role} {account.unit}.")
        return work.accounts.add_token(name, account.id, desk.now())

    with open_desk() as desk:
        token = desk.database.write_now(act)
    typer.echo(token)
