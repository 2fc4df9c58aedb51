"""The spans that are shown as evidence: what a reader is told of what decided."""

from intake.classifier import evidence, pipeline


def shown(text: str, **weights: float) -> dict[str, float]:
    """The spans of a text whose words moved the decision so much; the rest hardly did."""
    reading, offset = pipeline.read(pipeline.blank(), None, text)
    found = evidence.spans(reading, [weights.get(word, 0.001) for word in reading.words], offset)
    return {text[span.start : span.end]: round(span.weight, 1) for span in found}


def test_words_side_by_side_are_one_span_over_small_words() -> None:
    assert shown("hoy no abre a nadie en la oficina", no=1, abre=1, nadie=1, oficina=1) == {
        "no abre a nadie en la oficina": 4.0
    }


def test_a_span_neither_begins_nor_ends_with_a_small_word() -> None:
    assert shown("gira desde ayer y", desde=1, ayer=1, y=1) == {"desde ayer": 3.0}
    assert shown("y que pase", y=2, que=2) == {}


def test_a_denial_is_shown_with_what_it_denies() -> None:
    assert shown("dice que no se puede pagar", no=1) == {"no se puede": 1.0}
    assert shown("no se cayó nada", cayo=1) == {"no se cayó": 1.0}


def test_a_span_ends_with_its_sentence_and_where_the_sign_turns() -> None:
    assert shown("sigue mal. gracias", mal=1, gracias=1) == {"mal": 1.0, "gracias": 1.0}
    assert shown("¿cómo pago? urgente", pago=1, urgente=1) == {"pago": 1.0, "urgente": 1.0}
    assert shown("falla pagina", falla=1, pagina=-1) == {"falla": 1.0, "pagina": -1.0}


def test_the_strongest_spans_are_shown_and_no_two_overlap() -> None:
    text = ". ".join(f"palabra{letter}" for letter in "abcdefghij")
    found = shown(text, **{f"palabra{letter}": float(place) for place, letter in enumerate("abcdefghij", 1)})
    assert len(found) == evidence.MOST
    assert min(found.values()) == 5.0
