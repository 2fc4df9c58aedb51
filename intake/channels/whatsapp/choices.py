"""Choices to press, by content templates that are registered at Twilio.

Two kinds, by the number N of choices. `ventanilla_opciones_N` (N up to 3) has buttons; its variables are {{1}} the text,
{{2}} to {{N+1}} the labels, {{N+2}} to {{2N+1}} what pressing each sends back. `ventanilla_lista_N` (N up to 10) is a list
to open; after the same variables come {{2N+2}} to {{3N+1}}, a line under each label that has room for the whole of it.
Such templates go out inside the 24 hours only, so WhatsApp need not approve them.
"""

from collections.abc import Sequence
from typing import Any

from cases.traffic import Choice, Template, TemplateUse

QUICK_REPLY, LIST_PICKER = "twilio/quick-reply", "twilio/list-picker"
BUTTONS, LIST = "ventanilla_opciones_", "ventanilla_lista_"
MOST_BUTTONS, MOST_ROWS = 3, 10
LONGEST_BODY, LONGEST_TITLE, LONGEST_ROW, LONGEST_LINE, LONGEST_PAYLOAD = 1024, 20, 24, 72, 200
LIST_LABEL = "Ver opciones"


def pressable(body: str, choices: Sequence[Choice], templates: Sequence[Template]) -> TemplateUse | None:
    """Return the template that shows these choices with what goes into it, or None where none fits.

    Buttons if all labels fit on them, else the list; where that is not registered, buttons with shortened labels.
    """
    short = all(len(_flat(choice.label)) <= LONGEST_TITLE for choice in choices)
    buttons, as_list = _buttons(body, choices, templates), _list(body, choices, templates)
    return (buttons or as_list) if short else (as_list or buttons)


def _buttons(body: str, choices: Sequence[Choice], templates: Sequence[Template]) -> TemplateUse | None:
    labels = [cut(choice.label, LONGEST_TITLE) for choice in choices]
    found = _registered(f"{BUTTONS}{len(choices)}", QUICK_REPLY, templates)
    fits = len(choices) <= MOST_BUTTONS and _fit(body, choices, labels)
    return _use(found, [body, *labels, *(choice.payload for choice in choices)]) if found and fits else None


def _list(body: str, choices: Sequence[Choice], templates: Sequence[Template]) -> TemplateUse | None:
    labels = [cut(choice.label, LONGEST_ROW) for choice in choices]
    lines = [cut(choice.label, LONGEST_LINE) for choice in choices]
    found = _registered(f"{LIST}{len(choices)}", LIST_PICKER, templates)
    fits = len(choices) <= MOST_ROWS and _fit(body, choices, labels)
    return (
        _use(found, [body, *labels, *(choice.payload for choice in choices), *lines])
        if found and fits
        else None
    )


def _fit(body: str, choices: Sequence[Choice], labels: Sequence[str]) -> bool:
    """Say whether WhatsApp takes these: labels differ, and nothing is empty or too long."""
    return (
        0 < len(body.strip()) <= len(body) <= LONGEST_BODY
        and all(labels)
        and len(set(labels)) == len(labels)
        and len({choice.payload for choice in choices}) == len(choices)
        and all(0 < len(choice.payload) <= LONGEST_PAYLOAD for choice in choices)
    )


def _registered(name: str, kind: str, templates: Sequence[Template]) -> Template | None:
    """Return the template of this name, the Spanish one before others."""
    found = [template for template in templates if template.name == name and template.kind == kind]
    spanish = (template for template in found if template.language.lower().startswith("es"))
    return next(spanish, next(iter(found), None))


def _use(template: Template, values: Sequence[str]) -> TemplateUse:
    return TemplateUse(template.sid, {str(place): value for place, value in enumerate(values, 1)})


def cut(label: str, longest: int) -> str:
    """Shorten a label to what WhatsApp shows; what was pressed is told by the payload."""
    text = _flat(label)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _flat(label: str) -> str:
    return " ".join(label.split())


def definitions() -> tuple[dict[str, Any], ...]:
    """Write the templates as the Content API takes them (`POST /v1/Content`)."""
    return (
        *(_definition(count, as_list=False) for count in range(1, MOST_BUTTONS + 1)),
        *(_definition(count, as_list=True) for count in range(1, MOST_ROWS + 1)),
    )


def _definition(count: int, *, as_list: bool) -> dict[str, Any]:
    places = [(_place(1 + n), _place(1 + count + n), _place(1 + 2 * count + n)) for n in range(1, count + 1)]
    samples = ["¿Qué necesita?", *(f"Opción {n}" for n in range(1, count + 1))]
    samples += [f"opcion-{n}" for n in range(1, count + 1)]
    if as_list:
        items = [{"item": label, "id": payload, "description": line} for label, payload, line in places]
        types: dict[str, Any] = {LIST_PICKER: {"body": _place(1), "button": LIST_LABEL, "items": items}}
        samples += [f"La opción {n}" for n in range(1, count + 1)]
    else:
        actions = [{"type": "QUICK_REPLY", "title": label, "id": payload} for label, payload, _ in places]
        types = {QUICK_REPLY: {"body": _place(1), "actions": actions}}
    return {
        "friendly_name": f"{LIST if as_list else BUTTONS}{count}",
        "language": "es",
        "variables": {str(place): sample for place, sample in enumerate(samples, 1)},
        "types": types,
    }


def _place(number: int) -> str:
    return f"{{{{{number}}}}}"
