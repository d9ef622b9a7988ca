"""All tables of an edition together reveal no small number, to whoever can solve equations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.base import joint
from upstander.base.another import Search
from upstander.base.joint import Counted, Division, Grouped, Row, suppressed
from upstander.base.suppression import LEAST

#: A slow machine is no fault of the rules.
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUESTIONS = ("police", "discipline")
#: A group of some divisions, with an answer or without: (division, group) …, question, answer.
Some = tuple[tuple[tuple[int, str], ...], str, bool]


class Attacker:
    """Somebody with every table and file, who knows what can be and solves for what can't be read.

    They know which groups meet (a school's grades, what is named after its schools) and which
    answers are given together. What they don't know is how many cases are of each kind.
    """

    def __init__(self, counted: Counted, tables: Sequence[Grouped]) -> None:
        self.counted, self.tables = counted, tables
        meets = {
            (d, g, e, h)
            for row in counted.rows
            for (d, g), (e, h) in combinations(enumerate(row.groups), 2)
        }
        places = [
            place
            for place in product(*(sorted(set(one)) for one in zip(*_groups(counted), strict=True)))
            if all((d, g, e, h) in meets for (d, g), (e, h) in combinations(enumerate(place), 2))
        ]
        # Questions overlap as they like.
        answers = [
            frozenset(q for q, yes in zip(QUESTIONS, one, strict=True) if yes)
            for one in product((True, False), repeat=2)
        ]
        self.kinds = [(place, yes) for place in places for yes in sorted(answers, key=sorted)]
        self.known = [(self.of(some), Fraction(value)) for some, value in _shown(counted, tables)]
        self.solved = _solved([[*row, value] for row, value in self.known])

    def of(self, some: Some) -> list[Fraction]:
        """Return which kinds of cases these are."""
        groups, question, answer = some
        return [
            Fraction(
                all(place[d] == g for d, g in groups)
                and (not question or (question in yes) is answer)
            )
            for place, yes in self.kinds
        ]

    def solve(self, wanted: list[Fraction]) -> Fraction | None:
        """Return how many these are, if that follows from what is shown; None: it doesn't."""
        left, total = list(wanted), Fraction(0)
        for pivot, row in self.solved:
            if times := left[pivot]:
                left = [a - times * b for a, b in zip(left, row, strict=False)]
                total += times * row[-1]
        return None if any(left) else total

    def most(self, wanted: list[Fraction]) -> Fraction:
        """Return how many these can be at most: the simplex method, over fractions."""
        return _most(self.solved, wanted, len(self.kinds), self._start())

    def _start(self) -> list[Fraction]:
        true: Counter[tuple[tuple[str, ...], frozenset[str]]] = Counter()
        for row in self.counted.rows:
            true[row.groups, row.yes] += row.count
        return [Fraction(true[kind]) for kind in self.kinds]


def _groups(counted: Counted) -> list[tuple[str, ...]]:
    return [row.groups for row in counted.rows]


def _shown(counted: Counted, tables: Sequence[Grouped]) -> Iterator[tuple[Some, int]]:
    """Give every number that is shown."""
    for d, (division, table) in enumerate(zip(counted.divisions, tables, strict=True)):
        for group, one in ((None, table.whole), *table.groups.items()):
            groups = () if group is None else ((d, group),)
            if one.of is not None:
                yield (groups, "", True), one.of
            for question, yes in one.yes.items():
                if yes is not None:
                    yield (groups, question, True), yes
        assert set(table.groups) == set(division.groups)


def _solved(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    """Return the rows reduced (Gauss and Jordan), each with the column that it alone has."""
    done: list[tuple[int, list[Fraction]]] = []
    for one in rows:
        row = one
        for pivot, other in done:
            if times := row[pivot]:
                row = [a - times * b for a, b in zip(row, other, strict=True)]
        pivot = next((n for n, value in enumerate(row[:-1]) if value), -1)
        if pivot < 0:
            assert not row[-1], "what is shown contradicts itself"
            continue
        row = [value / row[pivot] for value in row]
        done = [
            (p, [a - other[pivot] * b for a, b in zip(other, row, strict=True)])
            for p, other in done
        ]
        done.append((pivot, row))
    return done


def _most(
    solved: list[tuple[int, list[Fraction]]],
    wanted: list[Fraction],
    size: int,
    start: list[Fraction],
) -> Fraction:
    """Climb from true cases: walk along the directions that leave all that is shown as it is."""
    # A basis of what can change: one free kind each, and the pivots that follow it.
    pivots = {pivot for pivot, _ in solved}
    here = list(start)
    free = [n for n in range(size) if n not in pivots]
    ways = []
    for n in free:
        way = [Fraction(0)] * size
        way[n] = Fraction(1)
        for pivot, row in solved:
            way[pivot] = -row[n]
        ways.append(way)
    return sum((a * b for a, b in zip(wanted, here, strict=True)), Fraction(0)) + _climb(
        ways, wanted, here
    )


def _climb(ways: list[list[Fraction]], wanted: list[Fraction], here: list[Fraction]) -> Fraction:
    """Return by how much it can grow: max w·t over here + ways·t >= 0, t free (Bland's rule)."""
    # t = u - v; slack s = here + ways t >= 0: a dictionary with u, v outside and s inside.
    columns = [[*way] for way in ways] + [[-a for a in way] for way in ways]
    gain = [sum((a * b for a, b in zip(wanted, one, strict=True)), Fraction(0)) for one in columns]
    inside = list(here)
    names_out = list(range(len(columns)))
    names_in = [len(columns) + n for n in range(len(here))]
    value = Fraction(0)
    while True:
        enters = min(
            (n for n, g in enumerate(gain) if g > 0), key=lambda n: names_out[n], default=-1
        )
        if enters < 0:
            return value
        column = columns[enters]
        falling = [n for n, a in enumerate(column) if a < 0]
        if not falling:
            raise AssertionError("a number that can grow without end")
        leaves = min(falling, key=lambda n: (inside[n] / -column[n], names_in[n]))
        step = -column[leaves]
        # x_enter = (inside + Σ others - slack) / step
        at = inside[leaves] / step
        value += gain[enters] * at
        row = [columns[n][leaves] / step for n in range(len(columns))]
        for n, one in enumerate(columns):
            if n != enters:
                gain[n] += gain[enters] * row[n]
                for i, a in enumerate(column):
                    if i != leaves and a:
                        one[i] += a * row[n]
                one[leaves] = row[n]
        for i, a in enumerate(column):
            if i != leaves:
                inside[i] += a * at
        inside[leaves] = at
        new = [a * -1 / step for a in column]
        new[leaves] = Fraction(-1) / step
        gain[enters] = gain[enters] * -1 / step
        columns[enters] = new
        names_out[enters], names_in[leaves] = names_in[leaves], names_out[enters]


def counts_of(counted: Counted, some: Some) -> int:
    groups, question, answer = some
    return sum(
        row.count
        for row in counted.rows
        if all(row.groups[d] == g for d, g in groups)
        and (not question or (question in row.yes) is answer)
    )


def unshown(counted: Counted, tables: Sequence[Grouped]) -> Iterator[Some]:
    """Give all that isn't shown and somebody might ask for: what is hidden, what groups share."""
    shown = {some for some, _ in _shown(counted, tables)}
    cells = [((d, group),) for d, one in enumerate(counted.divisions) for group in one.groups]
    pairs = [(*a, *b) for a, b in combinations(cells, 2) if a[0][0] != b[0][0]]
    for groups in (*cells, *pairs):
        if not counts_of(counted, (groups, "", True)):
            # Nobody is there, and whoever knows that nobody can be learns nothing.
            continue
        for some in (
            (groups, "", True),
            *((groups, q, a) for q in QUESTIONS for a in (True, False)),
        ):
            if some not in shown and _is_asked(counted, tables, some):
                yield some


def _is_asked(counted: Counted, tables: Sequence[Grouped], some: Some) -> bool:
    """Tell whether anything of the question is shown at all; else its answers could be any."""
    return not some[1] or tables[0].whole.yes.get(some[1]) is not None


def revealed(counted: Counted, tables: Sequence[Grouped]) -> list[tuple[Some, int]]:
    """Return the small numbers that follow from what is shown."""
    attacker = Attacker(counted, tables)
    found = []
    for some in unshown(counted, tables):
        true = counts_of(counted, some)
        hidden = len(some[0]) == 1 and _is_hidden(counted, tables, some)
        # Of what two groups share, which nobody publishes, "none" is no secret.
        if (true > 0 or hidden) and true < LEAST and attacker.solve(attacker.of(some)) is not None:
            found.append((some, true))
    return found


def _is_hidden(counted: Counted, tables: Sequence[Grouped], some: Some) -> bool:
    [(d, group)], question = some[0], some[1]
    one = tables[d].groups[group]
    if not question:
        return one.of is None
    return question not in one.yes or one.yes[question] is None


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
    monkeypatch.setattr(joint, "_neighbors", lambda *_: {})
    alone = suppressed(FOUND)
    assert (alone[1].groups["9-12"].of, alone[0].groups["Birch"].of) == (64, 60)
    assert ((((0, "Linden"),), "", True), 4) in revealed(FOUND, alone)


def test_four_of_a_school_that_is_shown_are_not_told_either() -> None:
    counted = district(
        [("Birch 9-12", 60), ("Linden 9-12", 4), ("Linden 6-8", 20), ("Cedar 6-8", 40)]
    )
    assert not revealed(counted, suppressed(counted))


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
    rows = []
    for _ in range(draw(st.integers(1, 14))):
        school = draw(st.integers(0, schools - 1))
        band = draw(st.sampled_from(sorted(has[school])))
        place = [f"s{school}", f"b{band}"]
        if third:
            place.append(f"r{region[school]}" if draw(st.integers(0, 9)) else "not known")
        yes = frozenset(q for q in QUESTIONS if draw(st.booleans()))
        count = draw(st.one_of(st.integers(1, 12), st.integers(1, 60)))
        rows.append(Row(tuple(place), yes, count))
    divisions = [
        Division("School", tuple(f"s{n}" for n in range(schools))),
        Division("Grade", tuple(f"b{n}" for n in range(bands)), asked=draw(st.booleans())),
    ]
    if third:
        divisions.append(Division("Region", ("r0", "r1", "not known")))
    return Counted(divisions, QUESTIONS, rows)


@slowly
@given(editions())
def test_no_small_number_is_solved_for_from_all_tables_together(counted: Counted) -> None:
    assert not revealed(counted, suppressed(counted))


@slowly
@given(editions())
def test_what_is_shown_is_true_and_never_small(counted: Counted) -> None:
    for some, value in _shown(counted, suppressed(counted)):
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
        asked = 0 < true < LEAST or (true < LEAST and len(some[0]) == 1)
        if asked and tables[0].whole.of is not None:
            assert attacker.most(attacker.of(some)) >= LEAST, some


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
def test_a_large_district_is_done_soon_and_nearly_all_of_it_is_shown() -> None:
    counted = large(200, 13)
    began = process_time()
    tables = suppressed(counted)  # some two seconds on a quiet machine
    assert process_time() - began < 30
    assert all(group.of is not None for table in tables for group in table.groups.values())
    assert sum(1 for _ in _shown(counted, tables)) > 600
