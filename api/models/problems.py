"""What a refusal looks like (RFC 9457)."""

from pydantic import BaseModel, ConfigDict, Field

from api.models.cases import CaseShown
from api.models.common import example


class ProblemDetails(BaseModel):
    """A problem; `detail` is a sentence in Spanish for the person, `errors` has one for each field that will not do."""

    model_config = ConfigDict(
        json_schema_extra=example(
            type="about:blank",
            title="Not valid",
            status=422,
            detail="Falta «Solución».",
            errors={"solution": "Falta «Solución»."},
        )
    )
    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str] = Field(default_factory=dict, description="Field → what is wrong with it.")
    id: str = Field("", description="Under this id an internal error is in the log.")


class ConflictDetails(ProblemDetails):
    """Somebody was faster, or the case is not as the act needs it; `case` is the case as it stands now."""

    model_config = ConfigDict(json_schema_extra=None)
    case: CaseShown
