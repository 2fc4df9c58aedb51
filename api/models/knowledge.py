"""Articles and procedures."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from api.models.common import Given, Shown, StageNumber, Text, Words, example, storable
from cases.vocabulary import Category


class ArticleShown(Shown):
    """One article at its current version; `external_id` is its importer's id."""

    id: int
    external_id: str
    version: int
    title: str
    body: str = Field(description="Markdown.")
    category: Category
    system: str
    keywords: list[str]
    audience: Literal["public", "internal"]
    solved_by: Literal["operador", "uit", "upat", "acgii", "adt"]
    approved: bool


class ArticleGiven(Given):
    """An article to write; a new one without `id` gets one."""

    model_config = ConfigDict(
        json_schema_extra=example(
            id="kb-pagos",
            title="La página de pagos no carga",
            body="1. Borre los datos del navegador.\n2. Entre otra vez.",
            category="support",
            system="ppte",
            keywords=["pagos", "CPT"],
            audience="public",
            solved_by="operador",
        )
    )
    id: Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(storable)] | None = (
        Field(None, description="External id; it cannot be changed.")
    )
    title: Words
    body: Words
    category: Category
    system: Text
    keywords: list[Text] = Field(default_factory=list, max_length=100)
    audience: Literal["public", "internal"] = "public"
    solved_by: Literal["operador", "uit", "upat", "acgii", "adt"] = "operador"


class HitShown(Shown):
    """An article found, by its number; a higher score is nearer."""

    article: int
    title: str
    score: float


class StepShown(Shown):
    """One step, in the manual's words."""

    number: str
    activity: str
    responsible: str
    output: str
    stage: StageNumber
    extension: bool


class ProcedureRowShown(Shown):
    """One version of one procedure; new cases begin on the active one."""

    code: str
    version: str
    title: str
    resolution: str
    active: bool


class ProcedureVersionShown(ProcedureRowShown):
    """One version with its steps."""

    steps: list[StepShown]
