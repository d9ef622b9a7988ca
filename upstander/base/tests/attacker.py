"""Somebody who reads all that is shown, and solves for what isn't: Gauss and simplex, fractions.

Written apart from the search that it attacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from upstander.base.joint import Counted, Grouped
from upstander.base.suppression import LEAST

#: A group of some divisions, with an answer or without: (division, group) …, question, answer.
#: Several questions ("police|nothing"): a yes to any of them.
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
        # Questions overlap as they like, but for those that are known to exclude each other.
        every = [
            frozenset(q for q, yes in zip(counted.questions, one, strict=True) if yes)
            for one in product((True, False), repeat=len(counted.questions))
        ]
        answers = [one for one in every if all(len(one & some) < 2 for some in counted.exclusive)]
        self.kinds = [(place, yes) for place in places for yes in sorted(answers, key=sorted)]
        self.known = [(self.of(some), Fraction(value)) for some, value in shown_in(counted, tables)]
        self.solved = _solved([[*row, value] for row, value in self.known])

    def of(self, some: Some) -> list[Fraction]:
        """Return which kinds of cases these are."""
        groups, question, answer = some
        return [
            Fraction(
                all(place[d] == g for d, g in groups)
                and (not question or bool(yes & {*question.split("|")}) is answer)
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


def shown_in(counted: Counted, tables: Sequence[Grouped]) -> Iterator[tuple[Some, int]]:
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
        and (not question or bool(row.yes & {*question.split("|")}) is answer)
    )


def unshown(counted: Counted, tables: Sequence[Grouped]) -> Iterator[Some]:
    """Give all that isn't shown and somebody might ask for: what is hidden, what groups share."""
    shown = {some for some, _ in shown_in(counted, tables)}
    cells = [((d, group),) for d, one in enumerate(counted.divisions) for group in one.groups]
    pairs = [(*a, *b) for a, b in combinations(cells, 2) if a[0][0] != b[0][0]]
    for groups in ((), *cells, *pairs):
        if not counts_of(counted, (groups, "", True)):
            # Nobody is there, and whoever knows that nobody can be learns nothing.
            continue
        for some in (
            (groups, "", True),
            *((groups, q, a) for q in counted.questions for a in (True, False)),
            # How few ended in none of the ways that are shown.
            *((groups, "|".join(sorted(one)), False) for one in counted.exclusive),
        ):
            if some not in shown and _is_asked(counted, tables, some):
                yield some


def _is_asked(counted: Counted, tables: Sequence[Grouped], some: Some) -> bool:
    """Tell whether anything is shown that bears on the question; else its answers could be any."""
    groups, question, _ = some
    total = tables[0].whole.yes
    asked = {*question.split("|")}
    if not groups and (not question or total.get(question) is not None):
        # All together are shown, and with them how many answered no.
        return False
    near = [*asked, *(q for one in counted.exclusive if asked & one for q in one)]
    return not question or any(total.get(one) is not None for one in near)


def revealed(counted: Counted, tables: Sequence[Grouped]) -> list[tuple[Some, int]]:
    """Return the small numbers that follow from what is shown."""
    attacker = Attacker(counted, tables)
    found = []
    for some in unshown(counted, tables):
        true = counts_of(counted, some)
        hidden = len(some[0]) == 1 and is_hidden(tables, some)
        # Of what two groups share, which nobody publishes, "none" is no secret.
        if (true > 0 or hidden) and true < LEAST and attacker.solve(attacker.of(some)) is not None:
            found.append((some, true))
    return found


def is_hidden(tables: Sequence[Grouped], some: Some) -> bool:
    """Tell whether a number of one group would stand in a table, and is hidden."""
    [(d, group)], question = some[0], some[1]
    one = tables[d].groups[group]
    if not question:
        return one.of is None
    return "|" not in question and one.yes.get(question) is None
