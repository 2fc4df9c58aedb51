"""The shipped procedures say what the manual says, word for word."""

import json

from tests.workflow.manual import DIGESTS, MANUAL, digest, manual_words, normal
from tests.workflow.walking import SHIPPED


def quoted() -> dict[str, str]:
    """Collect what the shipped files quote, under the names that `manual_words` uses."""
    found: dict[str, str] = {}
    for procedure in SHIPPED:
        found |= {
            f"{procedure.code} title": procedure.title,
            f"{procedure.code} objective": procedure.objective,
            f"{procedure.code} resolution": procedure.resolution,
            f"{procedure.code} resolution_date": procedure.resolution_date.isoformat(),
            f"{procedure.code} pages": str(procedure.pages),
            f"{procedure.code} version": procedure.version,
        }
        for step in procedure.steps:
            found |= {
                f"{procedure.code} {step.number} activity": step.activity,
                f"{procedure.code} {step.number} responsible": step.responsible,
                f"{procedure.code} {step.number} output": step.output,
            }
    return found


def test_every_word_is_the_manuals() -> None:
    digests = json.loads(DIGESTS.read_text(encoding="utf-8"))
    words = quoted()

    assert len(digests) == 3 * 6 + 3 * (10 + 20 + 18)
    assert {what: digest(text) for what, text in words.items()} == digests
    if MANUAL.exists():
        printed = manual_words(MANUAL.read_text(encoding="utf-8"))
        assert words == printed
        assert {what: digest(text) for what, text in printed.items()} == digests


def test_a_changed_letter_would_be_seen() -> None:
    words = quoted()["PR02 3.C.2 activity"]

    assert digest(words.replace("clasifica", "clasifíca")) != digest(words)
    assert digest(f"  {words}\n") == digest(words)


def test_steps_stand_in_the_manuals_order() -> None:
    orders = {p.code: [step.number for step in p.steps] for p in SHIPPED}
    digests = json.loads(DIGESTS.read_text(encoding="utf-8"))
    printed = [what.removesuffix(" activity").split() for what in digests if what.endswith(" activity")]

    assert orders == {code: [n for c, n in printed if c == code] for code in ("PR01", "PR02", "PR03")}


def test_the_manuals_own_spellings_and_notes_are_kept() -> None:
    words = quoted()

    assert words["PR01 2 activity"] == normal(
        "Identifica, analiza registra el problema reportado por el usuario en la herramienta OsTicket"
    )
    assert words["PR01 6 output"].endswith("OstTicket")
    assert "Nota: Se utilizará una vez derivado" in words["PR01 3 activity"]
    assert words["PR02 3.A.2 activity"].endswith("(Pasa al numeral 4).")
    assert words["PR03 2 responsible"] == "ADIT"
    assert words["PR02 1 responsible"] == "Operador de Soporte Técnico del AIT"
    assert words["PR02 6 responsible"] == "Operador de Soporte Técnico de la AIT"
