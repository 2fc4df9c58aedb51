"""What the trained model answers: category, system, confidence, evidence, abstention."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.ports import Classifier
from cases.vocabulary import Category, Channel
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training.train import Report

OUTAGE = "Buenas, desde las 8 no abre el portal gob.bo, a nadie en la oficina le carga. Saludos"


def test_it_is_the_port(classifier: SpacyClassifier, trained: tuple[Path, Report]) -> None:
    port: Classifier = classifier
    assert port.version == trained[1].version
    assert port.version.startswith("fast-")


def test_an_outage_is_told_with_its_system_and_the_words_that_say_so(classifier: SpacyClassifier) -> None:
    [verdict] = classifier.classify([(Channel.WHATSAPP, None, OUTAGE)])

    assert (verdict.category, verdict.system, verdict.abstain) == (Category.AVAILABILITY, "gob_bo", False)
    assert sum(verdict.probabilities.values()) == pytest.approx(1)
    assert verdict.confidence == max(verdict.probabilities.values())
    assert any("nadie" in OUTAGE[span.start : span.end] for span in verdict.evidence if span.weight > 0)


def test_evidence_moved_the_decision(classifier: SpacyClassifier) -> None:
    [verdict] = classifier.classify([(Channel.EMAIL, None, OUTAGE)])
    without = OUTAGE
    for span in sorted(verdict.evidence, key=lambda span: -span.start):
        if span.weight > 0:
            without = without[: span.start] + without[span.end :]

    [left] = classifier.classify([(Channel.EMAIL, None, without)])
    assert left.probabilities[verdict.category] < verdict.confidence


def test_evidence_in_the_subject_is_not_shown_in_the_text(classifier: SpacyClassifier) -> None:
    [verdict] = classifier.classify(
        [(Channel.EMAIL, "Error 503 en todas las máquinas, a nadie le carga", "Saludos")]
    )
    assert verdict.category is Category.AVAILABILITY
    assert all(0 <= span.start < span.end <= len("Saludos") for span in verdict.evidence)


@pytest.mark.parametrize("text", ["", "   \n", "😅🙏", "…", "\ud800", "\x00\ufffd\u200b", "> solo\n> citas"])
def test_what_says_nothing_is_not_decided(classifier: SpacyClassifier, text: str) -> None:
    [verdict] = classifier.classify([(Channel.TELEGRAM, None, text)])
    assert verdict.abstain
    assert verdict.evidence == ()


@pytest.mark.parametrize("text", ["x" * 100_000, "qwrt zxcv", "9" * 5_000])
def test_what_is_in_no_known_word_is_not_decided(classifier: SpacyClassifier, text: str) -> None:
    [verdict] = classifier.classify([(Channel.TELEGRAM, None, text)])
    assert verdict.abstain


def test_a_very_long_message_is_read_from_its_beginning(classifier: SpacyClassifier) -> None:
    [verdict] = classifier.classify([(Channel.EMAIL, None, OUTAGE + " lorem ipsum" * 9_000)])
    assert all(span.end <= 6_000 for span in verdict.evidence)


def test_a_batch_answers_as_one_by_one_does(classifier: SpacyClassifier) -> None:
    texts = [
        (Channel.WHATSAPP, None, OUTAGE),
        (Channel.PHONE, "x", "olvidé mi contraseña"),
        (Channel.API, None, ""),
    ]
    assert classifier.classify(texts) == [classifier.classify([text])[0] for text in texts]
    assert classifier.classify([]) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=st.none() | st.text(max_size=60), text=st.text(max_size=300))
def test_any_text_gets_a_sound_verdict(classifier: SpacyClassifier, subject: str | None, text: str) -> None:
    [verdict] = classifier.classify([(Channel.EMAIL, subject, text)])

    assert 0 < verdict.confidence <= 1
    assert sum(verdict.probabilities.values()) == pytest.approx(1)
    for span in verdict.evidence:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()


def test_the_pipeline_forgets_strange_words(
    classifier: SpacyClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.classifier.pipeline.STRANGE", 100)
    before = classifier.classify([(Channel.WHATSAPP, None, OUTAGE)])
    classifier.classify([(Channel.WHATSAPP, None, " ".join(f"xq{place}zj" for place in range(500)))])
    first = classifier.nlp
    assert classifier.classify([(Channel.WHATSAPP, None, OUTAGE)]) == before
    assert classifier.nlp is not first
