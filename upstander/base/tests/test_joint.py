"""All tables of an edition together reveal no small number, to whoever can solve equations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.base import joint
from upstander.base.alike import all_suppressed
from upstander.base.another import Search
from upstander.base.joint import Counted, Division, Grouped, Row, suppressed
from upstander.base.suppression import LEAST
from upstander.base.tests.attacker import (
    Attacker,
    counts_of,
    is_hidden,
    revealed,
    shown_in,
    unshown,
)

#: A slow machine is no fault of the rules.
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: What is asked, and which answers exclude each other.
ASKED = (
    (("police", "discipline"), ()),
    (("police", "discipline"), (frozenset({"police", "discipline"}),)),
    (("police", "support", "nothing"), (frozenset({"support", "nothing"}),)),
    (("police", "support", "nothing"), (frozenset({"police", "support", "nothing"}),)),
)


def district(rows: Iterable[tuple[str, int]], questions: Sequence[str] = ()) -> Counted:
    """Cases by school and band of grades: ``Birch 9-12`` is both."""
    made = [Row(tuple(words.split()), frozenset(), count) for words, count in rows]
    schools, bands = (
        tuple(dict.fromkeys(one)) for one in zip(*(row.groups for row in made), strict=True)
    )
    return Counted([Division("School", schools), Division("Grade", bands)], questions, made)


FOUND = district(
    [
        ("Birch 9-12", 60),
        ("Linden 9-12", 4),
        ("Alder k-5", 12),
        ("Cedar k-5", 30),
        ("Cedar 6-8", 40),
    ]
)


def test_what_a_band_of_grades_and_one_high_school_leave_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    safe = suppressed(FOUND)
    assert not revealed(FOUND, safe)
    # Each table alone is as it should be, and the two of them were not.
    monkeypatch.setattr(Search, "raised", lambda *_, **__: True)
    monkeypatch.setattr(joint, "neighbors", lambda *_: {})
    alone = suppressed(FOUND)
    assert (alone[1].groups["9-12"].of, alone[0].groups["Birch"].of) == (64, 60)
    assert ((((0, "Linden"),), "", True), 4) in revealed(FOUND, alone)


def test_four_of_a_school_that_is_shown_are_not_told_either() -> None:
    counted = district(
        [("Birch 9-12", 60), ("Linden 9-12", 4), ("Linden 6-8", 20), ("Cedar 6-8", 40)]
    )
    assert not revealed(counted, suppressed(counted))


def endings(rows: Iterable[tuple[str, str, int]]) -> Counted:
    """Tips by school and by how they ended, which excludes every other end."""
    made = [Row((school,), frozenset(end.split()), count) for school, end, count in rows]
    schools = tuple(dict.fromkeys(row.groups[0] for row in made))
    ends = ("support", "child_protection", "nothing")
    return Counted([Division("School", schools)], ends, made, [frozenset(ends)])


def test_how_few_ended_one_way_does_not_follow_from_how_many_ended_others() -> None:
    counted = endings(
        [
            ("Cedar", "support", 3),
            ("Cedar", "child_protection", 14),
            ("Cedar", "nothing", 23),
            ("Birch", "support", 15),
            ("Birch", "child_protection", 20),
            ("Birch", "nothing", 25),
            ("Alder", "support", 18),
            ("Alder", "child_protection", 22),
            ("Alder", "nothing", 30),
        ]
    )
    tables = suppressed(counted)
    cedar = (((0, "Cedar"),), "support", True)
    attacker = Attacker(counted, tables)
    assert attacker.solve(attacker.of(cedar)) is None
    assert attacker.most(attacker.of(cedar)) >= LEAST
    # Whoever doesn't say that they exclude each other publishes what gives three children away.
    loose = suppressed(Counted(counted.divisions, counted.questions, counted.rows))
    attacker = Attacker(counted, loose)
    assert loose[0].groups["Cedar"].yes["nothing"] == 23
    assert attacker.most(attacker.of(cedar)) == 3


def test_what_all_ends_that_are_shown_leave_is_not_few() -> None:
    counted = endings(
        [
            ("Cedar", "support", 40),
            ("Cedar", "nothing", 30),
            ("Birch", "support", 40),
            ("Birch", "nothing", 30),
            ("Birch", "", 4),
        ]
    )
    [table] = suppressed(counted)
    # 144 less 80 and 60 would be the four that ended otherwise.
    assert (table.whole.yes["support"], table.whole.yes["nothing"]) == (80, None)


def test_ends_that_a_case_has_twice_and_that_nobody_asks_about_are_refused() -> None:
    twice = endings([("Cedar", "support nothing", 12)])
    with pytest.raises(ValueError, match="exclude each other"):
        suppressed(twice)
    for wrong in ([frozenset({"police"})], [frozenset({"nothing"}), frozenset({"nothing"})]):
        with pytest.raises(ValueError, match="names no question"):
            suppressed(Counted(twice.divisions, twice.questions, [], wrong))


@st.composite
def editions(draw: st.DrawFn) -> Counted:
    """Districts whose tables hang together: schools with grades, regions of schools, anything."""
    schools = draw(st.integers(2, 5))
    bands = draw(st.integers(2, 4))
    has = [
        draw(st.sets(st.integers(0, bands - 1), min_size=1, max_size=bands)) for _ in range(schools)
    ]
    region = [draw(st.integers(0, 1)) for _ in range(schools)]
    third = draw(st.booleans())
    questions, exclusive = draw(st.sampled_from(ASKED))
    answers = [
        frozenset(some)
        for n in range(len(questions) + 1)
        for some in combinations(questions, n)
        if all(len(one & {*some}) < 2 for one in exclusive)
    ]
    rows = []
    for _ in range(draw(st.integers(1, 14))):
        school = draw(st.integers(0, schools - 1))
        band = draw(st.sampled_from(sorted(has[school])))
        place = [f"s{school}", f"b{band}"]
        if third:
            place.append(f"r{region[school]}" if draw(st.integers(0, 9)) else "not known")
        yes = draw(st.sampled_from(answers))
        count = draw(st.one_of(st.integers(1, 12), st.integers(1, 60)))
        rows.append(Row(tuple(place), yes, count))
    divisions = [
        Division("School", tuple(f"s{n}" for n in range(schools))),
        Division("Grade", tuple(f"b{n}" for n in range(bands)), asked=draw(st.booleans())),
    ]
    if third:
        divisions.append(Division("Region", ("r0", "r1", "not known")))
    return Counted(divisions, questions, rows, exclusive)


@slowly
@given(editions())
def test_no_small_number_is_solved_for_from_all_tables_together(counted: Counted) -> None:
    assert not revealed(counted, suppressed(counted))


@slowly
@given(editions())
def test_what_is_shown_is_true_and_never_small(counted: Counted) -> None:
    for some, value in shown_in(counted, suppressed(counted)):
        assert value == counts_of(counted, some)
        assert value >= LEAST
        assert counts_of(counted, (some[0], "", True)) - value >= LEAST or not some[1]


@slowly
@given(editions())
def test_no_difference_of_two_shown_numbers_is_small(counted: Counted) -> None:
    tables = suppressed(counted)
    attacker = Attacker(counted, tables)
    for (one, first), (other, second) in combinations(attacker.known, 2):
        for left, value in (
            ([a - b for a, b in zip(one, other, strict=True)], first - second),
            ([b - a for a, b in zip(one, other, strict=True)], second - first),
        ):
            if all(part >= 0 for part in left):
                assert value == 0 or value >= LEAST, value


@settings(slowly, max_examples=25)
@given(editions())
def test_no_small_number_is_known_to_be_small(counted: Counted) -> None:
    """Not even by what can't be less than nothing: each could be ten or more."""
    tables = suppressed(counted)
    attacker = Attacker(counted, tables)
    for some in unshown(counted, tables):
        true = counts_of(counted, some)
        asked = 0 < true < LEAST or (true < LEAST and len(some[0]) == 1 and is_hidden(tables, some))
        if asked and tables[0].whole.of is not None:
            assert attacker.most(attacker.of(some)) >= LEAST, some


def hidden_in(tables: Sequence[Grouped], name: str = "School") -> set[str]:
    [table] = [one for one in tables if one.name == name]
    return {group for group, one in table.groups.items() if one.of is None}


def test_a_school_that_is_hidden_in_one_count_is_hidden_in_the_others() -> None:
    cases = district([("Cedar 6-8", 40), ("Birch 9-12", 30), ("Elm 6-8", 14)])
    tips = endings([("Cedar", "", 70), ("Birch", "", 50), ("Elm", "", 4)])
    assert hidden_in(suppressed(tips)) == {"Elm", "Birch"}
    assert hidden_in(suppressed(cases)) == set()
    found = all_suppressed({"cases": cases, "tips": tips})
    assert [hidden_in(one) for one in found.values()] == [{"Elm", "Birch"}] * 2
    # Where all of one together are too few to be told, they bound nothing of the other.
    found = all_suppressed({"cases": cases, "tips": endings([("Cedar", "", 4)])})
    assert hidden_in(found["cases"]) == set()


@slowly
@given(editions(), editions())
def test_counts_that_leave_together_hide_the_same_and_reveal_nothing(
    one: Counted, other: Counted
) -> None:
    found = all_suppressed({"one": one, "other": other})
    for counted, tables in ((one, found["one"]), (other, found["other"])):
        assert not revealed(counted, tables)
        for some, value in shown_in(counted, tables):
            assert value == counts_of(counted, some) >= LEAST
    if all(tables[0].whole.of is not None for tables in found.values()):
        both = {*found["one"][0].groups} & {*found["other"][0].groups}
        assert hidden_in(found["one"]) & both == hidden_in(found["other"]) & both


@slowly
@given(editions(), st.sets(st.sampled_from(["s0", "s1", "s2", "s3"])))
def test_what_is_hidden_from_the_start_stays_hidden_and_hides_enough(
    counted: Counted, names: set[str]
) -> None:
    tables = suppressed(replace(counted, hidden={"School": frozenset(names)}))
    assert not revealed(counted, tables)
    gone = hidden_in(tables)
    assert names & {*tables[0].groups} <= gone
    assert len(gone) != 1 or len(tables[0].groups) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [Row(("a",), frozenset(), 12)],
        [Row(("a", "x"), frozenset(), -1)],
        [Row(("a", "z"), frozenset(), 12)],
    ],
)
def test_a_row_that_does_not_fit_is_refused(rows: list[Row]) -> None:
    divisions = [Division("School", ("a",)), Division("Grade", ("x", "y"))]
    with pytest.raises(ValueError, match=r"can't be counted|hasn't"):
        suppressed(Counted(divisions, (), rows))


def large(schools: int, grades: int, seed: int = 1) -> Counted:
    """A district as large as they come: every school with its grades, and three more tables."""
    chance = Random(seed)
    names = [f"school {n}" for n in range(schools)]
    rows = []
    for n, school in enumerate(names):
        first = (n % 3) * grades // 3
        for grade in range(first, min(grades, first + grades // 2)):
            for _ in range(chance.choice((1, 2, 4, 6))):
                place = (
                    school,
                    f"grade {grade}",
                    chance.choice(("with", "without", "without", "not known")),
                    chance.choice(("free", "reduced", "paid", "not known")),
                )
                yes = frozenset(q for q in "abcdef" if chance.random() < 0.2)
                rows.append(Row(place, yes, chance.choice((1, 1, 2, 5))))
    divisions = [
        Division(name, tuple(dict.fromkeys(row.groups[d] for row in rows)))
        for d, name in enumerate(("School", "Grade", "Disability", "Lunch"))
    ]
    return Counted(divisions, tuple("abcdef"), rows)


@pytest.mark.slow
def test_a_large_district_is_done_soon_and_nearly_all_of_it_isshown_in() -> None:
    counted = large(200, 13)
    began = process_time()
    tables = suppressed(counted)  # some two seconds on a quiet machine
    assert process_time() - began < 30
    assert all(group.of is not None for table in tables for group in table.groups.values())
    assert sum(1 for _ in shown_in(counted, tables)) > 600
