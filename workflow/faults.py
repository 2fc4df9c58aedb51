"""What is wrong with a procedure file."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.errors import Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file; `kind` is for programs, `text` for the administrator, in Spanish."""

    file: str
    step: str | None
    kind: str
    text: str

    def __str__(self) -> str:
        """Name the file, the step and the fault on one line."""
        where = self.file if self.step is None else f"{self.file}, numeral {self.step}"
        return f"{where}: {self.text}"


class FaultyProcedureError(Refused):
    """A procedure that cannot be run; `faults` holds everything found wrong with it, never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    @classmethod
    def raise_for(cls, faults: Iterable[Fault]) -> None:
        """Raise if there are any faults."""
        found = tuple(faults)
        if found:
            raise cls(found)
