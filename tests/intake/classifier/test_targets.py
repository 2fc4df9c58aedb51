"""Everything that is promised of the classifier, measured by one call."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from intake.classifier.training.targets import ABSENT, Line, draw, least, measure, most
from tests.intake.classifier.messages import CountingEncoder, a_corpus, an_example


def a_folder(folder: Path) -> Path:
    """A folder of labels of one's own, 24 to learn from and 24 to ask."""
    for name, times in (("train.csv", ("ya", "hoy", "ahora", "luego")), ("dev.csv", ("tarde", "siempre"))):
        rows = [
            f"{verb} la alarma {time} {place},{verb}"
            for verb in ("poner", "quitar", "mirar")
            for time in times
            for place in ("aquí", "allá")
        ]
        (folder / name).write_text("text,label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def ticks() -> Iterator[float]:
    return (each / 1_000 for each in count())


def figures(lines: Iterator[Line]) -> dict[str, Line]:
    return {line.name: line for line in lines}


def test_each_target_is_printed_beside_what_is_wanted(tmp_path: Path) -> None:
    examples = [
        *a_corpus(),
        *(an_example(each.text, each.category, writer="f-1", system=each.system, hard=each.hard) for each in a_corpus()[::5]),
    ]  # fmt: skip
    clock = ticks()
    encoder = CountingEncoder()
    found = figures(
        measure(a_folder(tmp_path), examples=examples, clock=lambda: next(clock), find=lambda: encoder)
    )

    assert found["trained on, held out"].measured == "240, 48"
    assert found["held out: accuracy"].met
    assert found["one by one, median"] == Line("one by one, median", "1.00 ms", "≤ 2 ms", True)
    assert found["second opinion, median"].met
    assert encoder.asked > 0
    for name in ("training", "load, after importing", "held out: macro-F1", "held out: the 12 hard ones",
                 "held out: system", "held out: calibration error", "at the threshold: right",
                 "at the threshold: of the messages", "batches, a second of CPU"):  # fmt: skip
        assert found[name].wanted
    assert {line.wanted for name, line in found.items() if name.endswith("both")} == {
        "≥ 0.88",
        "≥ 0.94",
        "≥ 0.965",
    }


def test_without_the_sentence_model_its_figures_say_so(tmp_path: Path) -> None:
    examples = [
        *a_corpus(),
        *(an_example(each.text, each.category, writer="f-1") for each in a_corpus()[::9]),
    ]
    found = figures(measure(a_folder(tmp_path), examples=examples, find=lambda: None))

    absent = {name for name, line in found.items() if line.measured == ABSENT}
    assert len(absent) == 4
    assert all(found[name].met is None and found[name].wanted for name in absent)


def test_a_missed_target_is_marked() -> None:
    assert str(least("accuracy", 0.92, 0.93)).endswith("MISSED")
    assert str(most("training", 61, 60, ".1f", " s")).endswith("MISSED")
    assert not str(least("accuracy", 0.93, 0.93)).endswith("MISSED")


def test_a_draw_holds_so_many_of_each_label_and_the_seed_decides_which() -> None:
    few = draw(a_corpus(), 4, 0)
    assert len(few) == 12
    assert draw(a_corpus(), 4, 0) == few != draw(a_corpus(), 4, 1)
