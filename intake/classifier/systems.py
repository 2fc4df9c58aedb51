"""The systems that the desk supports, read from `systems.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from cases.model import System
from cases.vocabulary import Unit

SYSTEMS_FILE = Path(__file__).with_name("systems.toml")
OTHER = "otro"


@cache
def load_systems(path: Path = SYSTEMS_FILE) -> tuple[System, ...]:
    """Return the systems in the file's order; raises `ValueError` naming the entry that is wrong."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("system", [])
    systems = tuple(_system(path, number, entry) for number, entry in enumerate(entries, 1))
    ids = [system.id for system in systems]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if not systems or twice:
        raise ValueError(
            f"{path.name}: " + (f"{twice[0]!r} stands there twice" if twice else "no [[system]] found")
        )
    return systems


def _system(path: Path, number: int, entry: dict[str, object]) -> System:
    ident, name, unit, aliases = (entry.get(key) for key in ("id", "name", "unit", "aliases"))
    if not (isinstance(ident, str) and isinstance(name, str) and isinstance(aliases, list)):
        raise ValueError(f"{path.name}, system {number}: needs id, name, aliases and unit")
    if unit not in list(Unit):
        raise ValueError(f"{path.name}, {ident}: {unit!r} is no unit ({', '.join(Unit)})")
    return System(ident, name, tuple(str(alias) for alias in aliases), Unit(str(unit)))
