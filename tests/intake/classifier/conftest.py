"""A model trained once for all these tests, on a small corpus that is built here."""

from pathlib import Path

import pytest

from intake.classifier.features import Settings
from intake.classifier.pipeline import SpacyClassifier
from intake.classifier.training.train import Report, train
from tests.intake.classifier.messages import a_corpus


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """A model folder and what its training reported."""
    folder = tmp_path_factory.mktemp("model")
    return folder, train(a_corpus(), folder, settings=Settings(), encoder=None)


@pytest.fixture(scope="session")
def classifier(trained: tuple[Path, Report]) -> SpacyClassifier:
    """The trained model, read back from its folder."""
    return SpacyClassifier.load(trained[0])
