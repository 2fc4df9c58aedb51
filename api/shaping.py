"""Where a case, as the desk sees it, becomes the contract's JSON."""

from api.models.cases import (
    CaseRowShown,
    CaseShown,
    ClassificationShown,
    ConfirmedShown,
    EntryShown,
    FieldShown,
    MessageShown,
    MoveShown,
    PersonShown,
    ProcedureShown,
    ProposedShown,
    SimilarShown,
    SuggestionShown,
)
from api.models.knowledge import ArticleShown
from cases.model import Article, Entry, Message
from desk.views import CaseView
from store.queries import CaseRow
from workflow.definition import Answer


def case_shown(view: CaseView) -> CaseShown:
    """Return a case as `GET /cases/{number}` answers it."""
    case = view.case
    return CaseShown(
        number=case.number,
        status=case.status,
        stage=case.stage.value,
        channel=case.channel,
        person=PersonShown(name=view.person.name, addresses=view.addresses),
        system=case.system,
        procedure=ProcedureShown(code=case.procedure, version=case.version),
        step=str(case.place) if case.place else None,
        role=case.role,
        unit=case.unit,
        assignee=view.assignee,
        estimate=case.estimate,
        parent=view.parent,
        merged_into=view.merged_into,
        classification=ClassificationShown(
            proposed=ProposedShown.model_validate(view.proposed) if view.proposed else None,
            confirmed=ConfirmedShown.model_validate(view.confirmed) if view.confirmed else None,
        ),
        suggestions=[SuggestionShown.model_validate(found) for found in view.suggestions],
        similar_cases=[SimilarShown.model_validate(other) for other in view.similar],
        moves=[move_shown(answer) for answer in view.moves],
        revision=case.revision,
    )


def move_shown(answer: Answer) -> MoveShown:
    """Return what a caller may do now, as a form needs it."""
    return MoveShown(
        id=answer.id,
        label=answer.label,
        to=str(answer.to) if answer.to else "closed",
        fields=[
            FieldShown(
                name=asked.name,
                type=asked.type,
                required=asked.required,
                internal=asked.internal,
                label=asked.label,
                options=list(asked.options) if asked.type == "choice" else [],
            )
            for asked in answer.fields
        ],
        extension=answer.extension,
    )


def row_shown(row: CaseRow) -> CaseRowShown:
    """Return one line of a list of cases."""
    return CaseRowShown.model_validate(row)


def entry_shown(entry: Entry) -> EntryShown:
    """Return one entry of a record."""
    return EntryShown.model_validate(entry)


def message_shown(message: Message) -> MessageShown:
    """Return one message."""
    return MessageShown.model_validate(message)


def article_shown(article: Article) -> ArticleShown:
    """Return one article."""
    return ArticleShown.model_validate(article)
