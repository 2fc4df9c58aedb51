"""Questions that are alike stand together; versions are compared line by line."""

from kb.compare import Change, compare
from kb.gaps import group

ASKED = (
    "no sale mi bono en la página",
    "mi correo está lleno",
    "el bono no me sale",
    "¿cuándo sale el bono?",
    "el correo dice que está lleno",
)


def test_alike_questions_stand_together_the_largest_group_first() -> None:
    groups = group(ASKED, ASKED, ["otro"] * len(ASKED))

    assert [len(one.questions) for one in groups] == [3, 2]
    assert set(groups[0].questions) == {ASKED[0], ASKED[2], ASKED[3]}


def test_what_is_apart_is_never_put_together() -> None:
    groups = group(ASKED, ["el recibo del pago"] * len(ASKED), ["a", "b", "a", "a", "b"])
    assert [len(one.questions) for one in groups] == [3, 2]


def test_nothing_and_texts_that_say_nothing_are_grouped_too() -> None:
    assert group((), (), ()) == []
    assert len(group(("👍", "👍"), ("👍", "👍"), (1, 1))) == 2


def test_lines_are_marked_by_which_text_has_them() -> None:
    lines = compare("uno\ndos\ntres", "uno\ndos y medio\ntres\ncuatro")
    assert [(line.change, line.text) for line in lines] == [
        (Change.SAME, "uno"),
        (Change.REMOVED, "dos"),
        (Change.ADDED, "dos y medio"),
        (Change.SAME, "tres"),
        (Change.ADDED, "cuatro"),
    ]
    assert compare("", "") == []
