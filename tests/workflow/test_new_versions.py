"""A new version beside the old one: what changed, how cases move over, which would have gone another way."""

from datetime import timedelta

import pytest

from cases.procedure import Facts, Place
from tests.workflow.walking import (
    AVAILABILITY,
    NOW,
    SHIPPED,
    SUPPORT,
    VERSION_1,
    Walk,
    a_file,
    a_shipped_file,
    facts,
)
from workflow.checking import stack_at
from workflow.definition import Procedure
from workflow.diff import Change, diff, diff_lines
from workflow.engine import Run
from workflow.faults import FaultyProcedureError
from workflow.loading import library, parse
from workflow.migration import Plan, UnsafePlanError, check, migrate
from workflow.replay import Departure, Move, Recorded, replay

V2 = ('version = "1"', 'version = "2"')


def a_version(*changes: tuple[str, str]) -> Procedure:
    """Read the small procedure with changes, as version 2."""
    return parse(a_file(V2, *changes), "PR09-2.toml")


SMALL = parse(a_file(), "PR09-1.toml")
RENUMBERED = [
    ('to = "2.B.1"', 'to = "2.C.1"'),
    ('number = "2.B.1"', 'number = "2.C.1"'),
    ('["2.B.1"]', '["2.C.1"]'),
]


def test_versions_that_say_the_same_do_not_differ() -> None:
    assert diff(SMALL, a_version()) == ()
    for procedure in SHIPPED:
        again = parse(a_shipped_file(procedure.code, VERSION_1), "again")
        assert diff(procedure, again) == ()


def test_changed_words_and_targets_are_told() -> None:
    changed = a_version(
        ('title = "Un', 'title = "Otro'),
        ("Notifica y cierra", "Avisa y cierra"),
        ("target_hours = 4\n", ""),
        ('label = "Coordinar con la UIT"', 'label = "Coordinar"'),
    )

    assert diff(SMALL, changed) == (
        Change("changed", None, None, "title", "Un procedimiento pequeño", "Otro procedimiento pequeño"),
        Change("changed", "2", None, "target_hours", "4", "—"),
        Change("answer-changed", "2.B.1", "back", "label", "Coordinar con la UIT", "Coordinar"),
        Change("changed", "3", None, "activity", "Notifica y cierra el caso.", "Avisa y cierra el caso."),
    )
    assert diff_lines(diff(SMALL, changed))[2] == (
        "~ numeral 2.B.1, respuesta back, label: Coordinar con la UIT → Coordinar"
    )


def test_steps_added_and_removed_are_told() -> None:
    changed = a_version(*RENUMBERED)

    lines = diff_lines(diff(SMALL, changed))
    assert lines == [
        "- numeral 2.B.1: Gestiona la solución.",
        "~ numeral 2, respuesta upat, to: PR09 2.B.1 → PR09 2.C.1",
        "+ numeral 2.C.1: Gestiona la solución.",
    ]


def test_changed_answers_are_told_field_by_field() -> None:
    changed = a_version(
        ('id = "close"', 'id = "finish"'),
        (
            "availability = false",
            "availability = false, handled_before_by_uit = true }, { availability = false",
        ),
        (
            'name = "reason", type = "text", label = "Motivo", required = true',
            'name = "why", type = "text", label = "x"',
        ),
    )

    assert diff_lines(diff(SMALL, changed)) == [
        (
            "~ numeral 2, respuesta upat, when: (availability: no) → "
            "(availability: no, handled_before_by_uit: sí), (availability: no)"
        ),
        "~ numeral 2.B.1, respuesta return, fields: reason «Motivo» (text, obligatorio) → why «x» (text)",
        "- numeral 3, respuesta close: Cerrar",
        "+ numeral 3, respuesta finish: Cerrar",
    ]


def test_another_order_is_told() -> None:
    turned = Procedure(
        **{name: getattr(SMALL, name) for name in SMALL.__slots__} | {"steps": SMALL.steps[::-1]}
    )

    assert [change.what for change in diff(SMALL, turned)] == ["order"]


def test_a_plan_maps_every_occupied_step() -> None:
    changed = a_version(*RENUMBERED)
    waiting_there = Place("PR09", "1", "2.B.1")
    elsewhere = [Place("PR09", "2", "7"), Place("PR08", "1", "2.B.1")]

    check(Plan.of(SMALL, changed), [Place("PR09", "1", "2"), Place("PR09", "1", "3"), *elsewhere])
    with pytest.raises(UnsafePlanError, match=r"Hay casos en el numeral 2\.B\.1"):
        check(Plan.of(SMALL, changed), [waiting_there])
    check(Plan.of(SMALL, changed, {"2.B.1": "2.C.1"}), [waiting_there])


@pytest.mark.parametrize(
    ("onward", "says"),
    [
        ("2.B.1", "no existe en la otra versión"),
        ("1", "toma el sistema"),
        ("3", "no esperan los mismos numerales"),
    ],
)
def test_a_plan_that_leads_astray_is_refused(onward: str, says: str) -> None:
    plan = Plan.of(SMALL, a_version(*RENUMBERED), {"2.B.1": onward})

    with pytest.raises(UnsafePlanError, match=says) as refused:
        check(plan, [Place("PR09", "1", "2.B.1")])
    assert list(refused.value.faults) == ["2.B.1"]


def test_a_plan_stays_within_one_procedure() -> None:
    with pytest.raises(UnsafePlanError, match="procedimientos distintos"):
        check(Plan.of(SHIPPED.procedure("PR01"), SHIPPED.procedure("PR02")), [])


def test_a_case_moves_with_all_that_waits_for_it() -> None:
    plan = Plan.of(SMALL, a_version(*RENUMBERED), {"2.B.1": "2.C.1"})
    run = Run(Place("PR09", "1", "2.B.1"), facts(), (Place("PR01", "0", "3"), Place("PR09", "1", "2")))

    moved = migrate(plan, run)
    assert moved == Run(
        Place("PR09", "2", "2.C.1"), facts(), (Place("PR01", "0", "3"), Place("PR09", "2", "2"))
    )
    assert migrate(plan, Run(None)) == Run(None)


def test_every_case_of_a_shipped_version_moves_to_the_same_place_of_the_next() -> None:
    for before in SHIPPED:
        after = parse(a_shipped_file(before.code, VERSION_1), "next")
        plan = Plan.of(before, after)
        together = library([*SHIPPED, after], {before.code: "1"})
        places = [before.place(step.number) for step in before.steps if not step.automatic]

        check(plan, places)
        for place in places:
            moved = migrate(plan, Run(place, stack=stack_at(SHIPPED, place)))
            assert moved.place is not None
            assert (moved.place.version, moved.place.step) == ("1", place.step)
            own = [waiting.step for waiting in moved.stack if waiting.procedure == before.code]
            assert own == [w.step for w in stack_at(together, moved.place) if w.procedure == before.code]


def recorded(case: str, confirmed: Facts, *answers: str) -> Recorded:
    """Walk a case and keep its record, as the store would."""
    walk = Walk().confirm(confirmed)
    moves: list[Move] = []
    for answer in answers:
        if walk.run.facts is None:
            walk.confirm(confirmed)
        asked, seen = walk.run.facts, len(walk.entries)
        walk.take(answer)
        moves += [Move.recorded(entry.place, entry.data, NOW, asked) for entry in walk.entries[seen:]]
    return Recorded(case, tuple(moves))


OWN = ("not-uit", "not-functional", "solve", "not-needed", "notify", "derive-supervisor", "approve", "close")
BY_UPAT = (
    "derive-uit",
    "derive-uit",
    "analyse",
    "upat",
    "analyse",
    "estimate",
    "manage",
    "coordinate",
    "manage",
)
CASES = [
    recorded("2026-000001", facts(SUPPORT), *OWN),
    recorded("2026-000002", facts(AVAILABILITY), *OWN),
    recorded("2026-000003", facts(AVAILABILITY, before=True), *BY_UPAT),
    recorded("2026-000004", facts(AVAILABILITY, before=True), *BY_UPAT[:4], "return-to-deriver", "acgii"),
    recorded("2026-000005", facts(SUPPORT), *OWN[:-2], "return", *OWN),
]


def test_an_unchanged_draft_takes_every_case_the_same_way() -> None:
    for code in ("PR01", "PR02", "PR03"):
        report = replay(SHIPPED, parse(a_shipped_file(code, VERSION_1), "draft"), CASES)
        assert (report.cases, report.departures) == (5, ())


def test_a_draft_that_settles_what_the_manual_leaves_open_is_told_apart() -> None:
    draft = parse(
        a_shipped_file(
            "PR01",
            VERSION_1,
            (
                "when = [{ availability = true, handled_before_by_uit = true }]",
                "when = [{ availability = true }]",
            ),
            (
                "  { availability = false },\n  { handled_before_by_uit = false },\n",
                "  { availability = false },\n",
            ),
        ),
        "draft",
    )

    assert replay(SHIPPED, draft, CASES).departures == (
        Departure("2026-000002", Place("PR01", "1", "3"), "not-uit", "esa respuesta ya no se puede dar."),
    )


def test_a_draft_that_leads_elsewhere_asks_more_or_lacks_a_step_is_told() -> None:
    shorter = ('to = "3.A.2"\npop = true', 'to = "4"\npop = true')
    leads = parse(a_shipped_file("PR02", VERSION_1, shorter), "draft")
    asks = parse(
        a_shipped_file(
            "PR01",
            VERSION_1,
            ('label = "Comentario interno", internal', 'label = "C", required = true, internal'),
        ),
        "draft",
    )

    assert [str(departure) for departure in replay(SHIPPED, leads, CASES).departures] == [
        "2026-000003: en PR02 3.B.4, «coordinate»: lleva a PR02 4 y no a PR02 3.A.2."
    ]
    assert [d.case for d in replay(SHIPPED, asks, CASES).departures] == ["2026-000003", "2026-000004"]
    gone = Recorded("2026-000006", (Move(Place("PR02", "0", "3.D.1"), "analyse", "PR02 4", NOW),))
    assert replay(SHIPPED, leads, [gone]).departures[0].reason == "ese numeral ya no existe."


def test_a_case_that_was_reopened_is_picked_up_again() -> None:
    first, second = CASES[0], recorded("", facts(SUPPORT), *OWN)
    reopened = Recorded("2026-000007", (*first.moves, *second.moves))

    assert replay(SHIPPED, parse(a_shipped_file("PR01", VERSION_1), "draft"), [reopened]).departures == ()


def test_the_systems_own_entries_are_passed_over() -> None:
    walk = Walk()
    moves = tuple(Move.recorded(e.place, e.data, NOW - timedelta(days=9), None) for e in walk.entries)

    report = replay(SHIPPED, parse(a_shipped_file("PR01", VERSION_1), "draft"), [Recorded("x", moves)])
    assert report.departures == ()


def test_a_draft_that_does_not_fit_the_others_is_refused() -> None:
    draft = parse(a_shipped_file("PR01", VERSION_1, ('to = "PR03 1"', 'to = "PR03 8"')), "draft")

    with pytest.raises(FaultyProcedureError, match="PR03 8, que no existe"):
        replay(SHIPPED, draft, CASES)
