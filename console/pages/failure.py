"""What a person sees when something is refused, missing or broken."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FailurePage:
    """What happened, in the refusal's own words if it has any, and where to go on."""

    template: ClassVar[str] = "failure.html"
    status: int
    message: str
