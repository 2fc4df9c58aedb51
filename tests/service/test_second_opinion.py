"""The sentence model takes part where it is installed and wanted; an administrator can switch it off."""

from pathlib import Path

from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training.fit import Settings as Fitting
from intake.classifier.training.train import train
from service.models import encoder_of, opened, shipped
from tests.intake.classifier.messages import CountingEncoder, a_corpus
from tests.serving import some_settings


def test_a_model_that_was_trained_with_it_finds_it_or_does_without(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    train(a_corpus(), tmp_path, settings=Fitting(), encoder=encoder)

    asking, alone = shipped(tmp_path, lambda: encoder), shipped(tmp_path, lambda: None)
    assert isinstance(asking, SpacyClassifier)
    assert isinstance(alone, SpacyClassifier)
    assert (asking.encoder, alone.encoder) == (encoder, None)
    data = (tmp_path / "report_classifier" / "model.msgpack").read_bytes()
    kept = opened(data, lambda: encoder)
    assert isinstance(kept, SpacyClassifier)
    assert kept.encoder is encoder


def test_the_setting_switches_it_off(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"

    assert encoder_of(some_settings(url, tmp_path, second_opinion=False))() is None
    assert encoder_of(some_settings(url, tmp_path)).__name__ == "find_encoder"
