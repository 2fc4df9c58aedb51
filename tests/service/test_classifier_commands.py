"""The classifier's commands: wrong usage, training from a file, evaluating, the targets' refusals."""

from pathlib import Path

import pytest

from service.settings import Settings
from tests.processes import ventanilla
from tests.serving import some_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return some_settings(f"sqlite:///{tmp_path}/desk.db", tmp_path, model_dir=str(tmp_path / "model"))


def test_a_model_is_trained_on_a_file_of_ones_own_and_measured(settings: Settings, tmp_path: Path) -> None:
    file, out = tmp_path / "own.csv", str(tmp_path / "own")
    rows = [f"{verb} alarma {word},{verb}" for verb in ("poner", "quitar") for word in "abcdefgh"]
    file.write_text("text,label\n" + "\n".join(rows) + "\n", "utf-8")

    trained = ventanilla(settings, "train", "--corpus", str(file), "--out", out)
    measured = ventanilla(settings, "evaluate", str(file), "--model", out)
    compared = ventanilla(settings, "evaluate", str(file), "--model", out, "--against", out)

    assert [done.returncode for done in (trained, measured, compared)] == [0, 0, 0]
    assert "accuracy             1.0000" in measured.stdout
    assert "only this one right" in compared.stdout


def test_evaluate_wants_a_file_or_the_targets(settings: Settings, tmp_path: Path) -> None:
    assert ventanilla(settings, "evaluate").returncode == 2
    assert ventanilla(settings, "evaluate", "x.jsonl", "--targets").returncode == 2
    assert ventanilla(settings, "evaluate", "x.jsonl", "--fb", str(tmp_path)).returncode == 2

    empty = ventanilla(settings, "evaluate", "--targets", "--fb", str(tmp_path))
    assert (empty.returncode, empty.stderr.strip()) == (1, f"ventanilla: {tmp_path}: holds no train.csv")
