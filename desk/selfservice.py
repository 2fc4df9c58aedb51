"""Cases that their people solved with an article: they pass every step of PR01 all the same, many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.errors import Invalid, Refused
from cases.model import Account
from cases.procedure import Value
from cases.rights import Action, demand
from cases.vocabulary import AccountRole, Category, Role
from desk.desk import Desk, open_to
from desk.steps import Classified, confirm, take
from store.self_service import SelfSolved
from store.work import StoreWork

LIMIT = 200
SOLVED = "La persona lo resolvió con el artículo «{title}»."
THANKS = "Nos alegra que el artículo resolviera su problema. Cerramos su caso {number}; si vuelve a pasar, escríbanos."


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of many cases: those that went on, and why each of the others did not."""

    done: tuple[str, ...]
    refused: Mapping[str, str]


async def self_solved(desk: Desk, account: Account) -> Sequence[SelfSolved]:
    """Return the cases that wait for this account's role and that their people solved."""
    demand(account, Action.CLOSE_MANY)
    role = Role.SUPERVISOR if account.role is AccountRole.SUPERVISOR else Role.OPERADOR
    return await desk.database.read(lambda work: work.self_service.solved(role, LIMIT))


async def pass_on(desk: Desk, account: Account, numbers: Sequence[str]) -> Passed:
    """Take each case as far as the account's role leads: an operator to the review (PR01 8), a supervisor to the end (PR01 10).

    Every step is on record as if it had been taken alone; one that is refused keeps no other back.
    """
    waiting = {found.number: found for found in await self_solved(desk, account)}
    if not numbers:
        raise Invalid("No eligió ningún caso.", {"case": "Elija al menos un caso."})
    done: list[str] = []
    refused: dict[str, str] = {}
    for number in dict.fromkeys(numbers):
        found = waiting.get(number)
        if found is None:
            refused[number] = "Ya no espera aquí, o la persona volvió a escribir."
            continue
        try:
            await desk.database.write(lambda work, found=found: _go(desk, work, account, found))  # type: ignore[misc]
        except Refused as why:
            refused[number] = str(why)
        else:
            done.append(number)
    return Passed(tuple(done), refused)


def _go(desk: Desk, work: StoreWork, account: Account, found: SelfSolved) -> None:
    case = open_to(work, account, found.number)
    if account.role is not AccountRole.SUPERVISOR:
        # What an article gave is help: neither an outage nor a fault of design.
        said = Classified(Category.SUPPORT, case.system, handled_before_by_uit=False, revision=case.revision)
        case = confirm(desk, work, account, case, said, desk.now())
    for answer, values in _steps(account, found):
        case = take(desk, work, account, found.number, answer, values, case.revision)


def _steps(account: Account, found: SelfSolved) -> Sequence[tuple[str, dict[str, Value | None]]]:
    if account.role is AccountRole.SUPERVISOR:
        return (("approve", {}), ("close", {}))
    return (
        ("not-uit", {}),
        ("not-functional", {}),
        ("solve", {"solution": SOLVED.format(title=found.title)}),
        ("link-article", {"article": found.article}),
        ("notify", {"text": THANKS.format(number=found.number)}),
        ("derive-supervisor", {}),
    )
