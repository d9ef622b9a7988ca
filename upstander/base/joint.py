"""No small number in all that leaves together, however its numbers are put together. Pure.

One edition counts the same cases in several tables (by school, by grade, …), each with the same
questions. Each table alone may be safe, and two of them beside each other not: where the grades 9
to 12 have 64 cases and one high school 60, the other has 4. So all tables are suppressed together:

1. in each table small groups and answers are hidden, and others with them (``suppression``);
2. for each small number (a hidden one; what two groups of different tables share, which may be the
   difference of two that are shown) another district is looked for that would publish the same and
   has ten or more there (``another``);
3. where none is found, one more number is hidden, and all of it begins again.

It ends: with every group hidden, a total alone says nothing of anybody. What is taken for revealed,
and from where that comes: docs/adr/0102-all-tables-together.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from upstander.base.another import Key, Place, Search, Target
from upstander.base.suppression import LEAST, Shown, closed

#: Numbers that are tried for one that must be hidden better, the smallest first.
_TRIED = 5
#: How many cases are looked at for a step of a proof: at first, and where that finds none.
_SHORT, _LONG = 500, 20_000
#: How often the second: a larger district hides a little more instead of taking longer.
_HARD = 100


@dataclass(frozen=True, slots=True)
class Division:
    """What one table compares: each case is in one of its groups."""

    name: str
    groups: tuple[str, ...]
    #: Whether the table has the questions too, or only how many there are.
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Cases that are alike: their group in each division, and what is answered yes."""

    groups: tuple[str, ...]
    yes: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """All that one edition counts: its tables' divisions, the questions, and the cases."""

    divisions: Sequence[Division]
    questions: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Grouped:
    """One table as it may be shown: all together, and each group in its division's order."""

    name: str
    whole: Shown
    groups: dict[str, Shown]


def suppressed(counted: Counted, *, least: int = LEAST) -> list[Grouped]:
    """Return all tables as they may leave together, one for each division.

    Raises ValueError: a row names a group that its division hasn't, or a count below nothing.
    """
    plan = _Plan(counted, least)
    if plan.whole < least:
        return [_nothing(division, counted.questions) for division in counted.divisions]
    plan.close()
    proven: set[Target] = set()
    while True:
        exposed = []
        for asked in plan.targets():
            if asked[0] in proven:
                continue
            if plan.could_be(*asked):
                proven.add(asked[0])
            else:
                exposed.append(asked)
        if not exposed or not plan.hide_for(exposed):
            return plan.tables()
        plan.close()


def _nothing(division: Division, questions: Sequence[str]) -> Grouped:
    none = Shown(None, dict.fromkeys(questions if division.asked else ()))
    return Grouped(division.name, none, dict.fromkeys(division.groups, none))


class _Plan:
    """What is counted and what of it is hidden, by the numbers of divisions and groups."""

    def __init__(self, counted: Counted, least: int) -> None:
        divisions, questions = counted.divisions, counted.questions
        self._divisions, self._questions, self._least = divisions, questions, least
        cells = _cells(counted)
        self.whole = sum(n for _, _, n in cells)
        self._totals = [sum(n for _, yes, n in cells if question in yes) for question in questions]
        #: The questions of whose answers anything is shown at all.
        self._open = [
            q for q, yes in enumerate(self._totals) if min(yes, self.whole - yes) >= least
        ]
        self._of = [[0] * len(one.groups) for one in divisions]
        self._yes = {q: [[0] * len(one.groups) for one in divisions] for q in self._open}
        self.of: list[set[int]] = [set() for _ in divisions]
        self.yes: dict[int, list[set[int]]] = {
            q: [set() if one.asked else set(range(len(one.groups))) for one in divisions]
            for q in self._open
        }
        by_size: Counter[Key] = Counter()
        by_answer: dict[int, Counter[Key]] = {q: Counter() for q in self._open}
        for place, yes, n in cells:
            by_size[place, False] += n
            for d, g in enumerate(place):
                self._of[d][g] += n
            for q in self._open:
                answer = questions[q] in yes
                by_answer[q][place, answer] += n
                for d, g in enumerate(place):
                    self._yes[q][d][g] += n if answer else 0
        self._hard = _HARD
        self._near = [_neighbors(by_size, d) for d in range(len(divisions))]
        self._shared = list(_small_and_shared(by_size, -1, least))
        #: By question; -1: how many there are, whatever they answered.
        self._searches = {-1: Search(by_size, self.of, self.of)}
        for q, found in by_answer.items():
            self._shared += _small_and_shared(found, q, least)
            self._searches[q] = Search(found, self.of, self.yes[q])

    def could_be(self, target: Target, count: int, upto: int) -> bool:
        """Tell whether the same could be published where there are at least ``upto`` of these."""
        search = self._searches[target.question]
        if search.raised(target, count, upto, patience=_SHORT):
            return True
        if self._hard <= 0:
            return False
        self._hard -= 1
        return search.raised(target, count, upto, patience=_LONG)

    def close(self) -> None:
        """Hide what is small, and in each table what would give it away."""
        for d, sizes in enumerate(self._of):
            pairs = {g: (n, self._least) for g, n in enumerate(sizes)}
            near = {g: [h for e, h in found if e == d] for g, found in self._near[d].items()}
            self.of[d] = closed(pairs, self.of[d], self._least, near)
            for q in self._open:
                if self._divisions[d].asked:
                    before = self.yes[q][d] | self.of[d]
                    self.yes[q][d] = closed(self._pairs(q, d), before, self._least, near)

    def _pairs(self, q: int, d: int) -> dict[int, tuple[int, int]]:
        yes = self._yes[q][d]
        return {g: (yes[g], n - yes[g]) for g, n in enumerate(self._of[d])}

    def targets(self) -> Iterator[tuple[Target, int, int]]:
        """Give what must not be revealed: how many they are, and how many they must be able to be.

        A group without any case is none: whoever knows that it can have none learns nothing. A
        hidden number of ten or more may follow: it was hidden for others, which are looked at.
        """
        yield from (one for one in self._shared if one[0].question in (-1, *self._open))
        for d, sizes in enumerate(self._of):
            for g in sorted(self.of[d]):
                if 0 < sizes[g] < self._least:
                    yield Target(((d, g),)), sizes[g], self._least
            for q in self._open if self._divisions[d].asked else ():
                for g in sorted(self.yes[q][d]):
                    yes = self._yes[q][d][g]
                    for count, answer in ((yes, True), (sizes[g] - yes, False)):
                        if sizes[g] and count < self._least:
                            yield Target(((d, g),), q, answer), count, self._least

    def hide_for(self, exposed: Iterable[tuple[Target, int, int]]) -> bool:
        """Hide one more number for each, where none of its own was hidden just now.

        Returns False if everything is hidden already.
        """
        done = False
        for asked in exposed:
            # What was hidden for another may do for this one.
            if asked[0].question not in (-1, *self._open):
                continue
            if not (done and self.could_be(*asked)):
                done = self._hide_one(*asked) or done
        return done

    def _hide_one(self, target: Target, count: int, upto: int) -> bool:
        """Hide the smallest number that helps; else the smallest there is, at last a question."""
        choices = self._choices(target)
        for q, d, g in choices[:_TRIED]:
            self._hidden(q)[d].add(g)
            if self._searches[q].raised(target, count, upto, patience=_SHORT):
                return True
            self._hidden(q)[d].discard(g)
        if choices:
            q, d, g = choices[0]
            self._hidden(q)[d].add(g)
        elif target.question in self._open:
            self._open.remove(target.question)
            del self.yes[target.question]
        else:
            return False
        return True

    def _hidden(self, q: int) -> list[set[int]]:
        return self.of if q < 0 else self.yes[q]

    def _choices(self, target: Target) -> list[tuple[int, int, int]]:
        """Return what could be hidden for a target, the best first."""
        q, own = target.question, target.groups
        near = [one for d, g in own for one in self._near[d].get(g, ())]
        tables = self._all(d for d, _ in own)
        if q < 0:
            tables += self._all(range(len(self._divisions)))
        for groups in ((*own, *near), tables):
            found = {(q, *one) for one in groups if not self._is_hidden(q, *one)}
            if found:
                return sorted(found, key=lambda one: (self._size(*one), one))
        return []

    def _all(self, divisions: Iterable[int]) -> list[tuple[int, int]]:
        return [(d, g) for d in divisions for g in range(len(self._of[d]))]

    def _is_hidden(self, q: int, d: int, g: int) -> bool:
        return g in self._hidden(q)[d]

    def _size(self, q: int, d: int, g: int) -> int:
        of = self._of[d][g]
        return of if q < 0 else min(self._yes[q][d][g], of - self._yes[q][d][g])

    def tables(self) -> list[Grouped]:
        """Return what may be shown."""
        return [self._table(d, one) for d, one in enumerate(self._divisions)]

    def _table(self, d: int, division: Division) -> Grouped:
        asked = list(enumerate(self._questions)) if division.asked else []
        totals = {name: self._totals[q] if q in self._open else None for q, name in asked}
        return Grouped(
            division.name,
            Shown(self.whole, totals),
            {
                group: Shown(
                    None if g in self.of[d] else self._of[d][g],
                    {
                        name: None
                        if q not in self.yes or g in self.yes[q][d]
                        else self._yes[q][d][g]
                        for q, name in asked
                    },
                )
                for g, group in enumerate(division.groups)
            },
        )


def _cells(counted: Counted) -> list[tuple[Place, frozenset[str], int]]:
    numbers = [{group: g for g, group in enumerate(one.groups)} for one in counted.divisions]
    found = []
    for row in counted.rows:
        if row.count < 0 or len(row.groups) != len(counted.divisions):
            raise ValueError("a row that can't be counted")
        try:
            place = tuple(known[name] for known, name in zip(numbers, row.groups, strict=True))
        except KeyError as error:
            raise ValueError(f"a group that its division hasn't: {error}") from None
        if row.count:
            found.append((place, row.yes, row.count))
    return found


def _neighbors(cells: Iterable[Key], d: int) -> dict[int, list[tuple[int, int]]]:
    """Return for each group those that meet what it meets: a case could be of either.

    With them those of other divisions in which all of its cases lie.
    """
    meets: dict[int, dict[int, set[int]]] = {}
    for place, _ in cells:
        others = meets.setdefault(place[d], {e: set() for e in range(len(place)) if e != d})
        for e, found in others.items():
            found.add(place[e])
    return {
        g: [
            (d, h)
            for h in meets
            if h != g and not any(meets[g][e].isdisjoint(meets[h][e]) for e in meets[g])
        ]
        + [(e, h) for e, found in meets[g].items() if len(found) == 1 for h in found]
        for g in meets
    }


def _small_and_shared(
    cells: Mapping[Key, int], q: int, least: int
) -> Iterator[tuple[Target, int, int]]:
    """Give what few cases two groups of different tables share, and who of these answered what."""
    counts: Counter[Target] = Counter()
    for (place, answer), n in cells.items():
        for pair in combinations(enumerate(place), 2):
            counts[Target(pair, q, answer if q >= 0 else True)] += n
    for target, n in counts.items():
        if n < least:
            yield target, n, least
