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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from upstander.base.another import (
    Key,
    Place,
    Search,
    Target,
    neighbors,
    small_and_shared,
)
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
    #: Sets of questions of which a case answers at most one with yes (how it ended): what is shown
    #: of one bounds the others, so whoever counts must say so. All others may be given together.
    exclusive: Sequence[frozenset[str]] = ()
    #: Groups by the name of their division that are hidden, whatever they count.
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: False: no number is told, only something else of each group that isn't hidden. Then nothing
    #: can be solved for, and each table is safe by itself.
    told: bool = True


@dataclass(frozen=True, slots=True)
class Grouped:
    """One table as it may be shown: all together, and each group in its division's order."""

    name: str
    whole: Shown
    groups: dict[str, Shown]


def suppressed(counted: Counted, *, least: int = LEAST) -> list[Grouped]:
    """Return all tables as they may leave together, one for each division.

    Raises ValueError: a row names a group that its division hasn't, or a count below nothing, or
    answers with yes twice what is said to be exclusive; that names no question, or one twice.
    """
    plan = _Plan(counted, least)
    if plan.whole < least:
        return [_nothing(division, counted.questions) for division in counted.divisions]
    plan.close()
    if not counted.told:
        return plan.tables()
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
        self._cells = _cells(counted)
        self.whole = sum(n for _, _, n in self._cells)
        self._totals = [0] * len(questions)
        self._of = [[0] * len(one.groups) for one in divisions]
        self._yes = [[[0] * len(one.groups) for one in divisions] for _ in questions]
        by_size: Counter[Key] = Counter()
        for place, yes, n in self._cells:
            by_size[place, 0] += n
            for d, g in enumerate(place):
                self._of[d][g] += n
            for q in yes:
                self._totals[q] += n
                for d, g in enumerate(place):
                    self._yes[q][d][g] += n
        #: Questions that exclude each other are one topic, every other one is its own.
        self._topics = _topics(counted)
        self._topic_of = {q: t for t, topic in enumerate(self._topics) for q in topic}
        #: The questions of whose answers anything is shown at all.
        self._open = [q for one in self._topics for q in self._opened(one, one)]
        self.of: list[set[int]] = [
            {g for g, name in enumerate(one.groups) if name in counted.hidden.get(one.name, ())}
            for one in divisions
        ]
        self.yes: dict[int, list[set[int]]] = {
            q: [set() if one.asked else set(range(len(one.groups))) for one in divisions]
            for q in self._open
        }
        self._hard = _HARD
        self._near = [neighbors(by_size, d) if counted.told else {} for d in range(len(divisions))]
        if not counted.told:
            return
        #: By topic; -1: how many there are, whatever they answered.
        self._shared = {-1: list(small_and_shared(by_size, Target(()), least))}
        self._searches = {-1: Search(by_size, self.of, {})}
        for t in range(len(self._topics)):
            self._look_at(t)

    def _opened(self, topic: Sequence[int], among: Collection[int]) -> list[int]:
        """Return those of a topic's questions, among some, of which all together may be shown.

        What they leave of the whole is no small number either: as many were answered otherwise.
        """
        left = self.whole
        found: list[int] = []
        for q in sorted(among, key=lambda q: (-self._totals[q], q)):
            yes = self._totals[q]
            if yes < self._least or self.whole - yes < self._least:
                continue
            # Nothing is left only where each question is shown: then none is given away by it.
            every = left == yes and len(found) + 1 == len(topic)
            if left - yes >= self._least or every:
                found.append(q)
                left -= yes
        return sorted(found)

    def _look_at(self, t: int) -> None:
        """Begin the search by what is shown of a topic; the rest of it is as if not answered."""
        values = self._values(t)
        if not values:
            self._shared.pop(t, None)
            self._searches.pop(t, None)
            return
        found: Counter[Key] = Counter()
        for place, yes, n in self._cells:
            found[place, next((v for v, q in values.items() if q in yes), 0)] += n
        shared = [
            one
            for v in values
            for answer in (True, False)
            for one in small_and_shared(found, Target((), t, v, answer), self._least)
        ]
        if len(self._topics[t]) > 1:
            shared += small_and_shared(found, Target((), t, 0), self._least)
        self._shared[t] = shared
        self._searches[t] = Search(found, self.of, {v: self.yes[q] for v, q in values.items()})

    def _values(self, t: int) -> dict[int, int]:
        """Return the questions of a topic that are shown, by their number in it, from 1 on."""
        return {v: q for v, q in enumerate(self._topics[t], start=1) if q in self._open}

    def could_be(self, target: Target, count: int, upto: int) -> bool:
        """Tell whether the same could be published where there are at least ``upto`` of these."""
        search = self._searches[target.topic]
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
        yield from (one for found in self._shared.values() for one in found)
        for d, sizes in enumerate(self._of):
            for g in sorted(self.of[d]):
                if 0 < sizes[g] < self._least:
                    yield Target(((d, g),)), sizes[g], self._least
            if self._divisions[d].asked:
                yield from self._answers(d)

    def _answers(self, d: int) -> Iterator[tuple[Target, int, int]]:
        """Give the small answers of one table, and of how few it says that none was given."""
        sizes = self._of[d]
        for t, topic in enumerate(self._topics):
            values = self._values(t)
            for v, q in values.items():
                for g in sorted(self.yes[q][d]):
                    yes = self._yes[q][d][g]
                    for count, answer in ((yes, True), (sizes[g] - yes, False)):
                        if sizes[g] and count < self._least:
                            yield Target(((d, g),), t, v, answer), count, self._least
            if len(topic) == 1 or not values:
                continue
            for g, size in enumerate(sizes):
                rest = size - sum(self._yes[q][d][g] for q in values.values())
                # That none is left tells of nobody, but of a question that is wholly hidden.
                if size and rest < self._least and (rest or len(values) < len(topic)):
                    yield Target(((d, g),), t, 0), rest, self._least

    def hide_for(self, exposed: Iterable[tuple[Target, int, int]]) -> bool:
        """Hide one more number for each, where none of its own was hidden just now.

        Returns False if everything is hidden already.
        """
        done = False
        for asked in exposed:
            # What was hidden for another may do for this one.
            if not self._is_open(asked[0]):
                continue
            if not (done and self.could_be(*asked)):
                done = self._hide_one(*asked) or done
        return done

    def _hide_one(self, target: Target, count: int, upto: int) -> bool:
        """Hide the smallest number that helps; else the smallest there is, at last a question."""
        choices = self._choices(target)
        for q, d, g in choices[:_TRIED]:
            self._hidden(q)[d].add(g)
            if self._searches[target.topic].raised(target, count, upto, patience=_SHORT):
                return True
            self._hidden(q)[d].discard(g)
        if choices:
            q, d, g = choices[0]
            self._hidden(q)[d].add(g)
        elif target.topic >= 0:
            self._hide_question(target.topic)
        else:
            return False
        return True

    def _hide_question(self, t: int) -> None:
        """Show nothing of the smallest question of a topic, nor of what would give it away."""
        self._open.remove(min(self._values(t).values(), key=lambda q: (self._totals[q], q)))
        kept = self._opened(self._topics[t], self._values(t).values())
        self._open = [q for q in self._open if self._topic_of[q] != t or q in kept]
        for q in self._topics[t]:
            if q not in self._open:
                self.yes.pop(q, None)
        self._look_at(t)

    def _is_open(self, target: Target) -> bool:
        """Tell whether anything is shown of what a target asks about."""
        return target.topic < 0 or (
            target.value in self._values(target.topic)
            or (not target.value and bool(self._values(target.topic)))
        )

    def _hidden(self, q: int) -> list[set[int]]:
        return self.of if q < 0 else self.yes[q]

    def _choices(self, target: Target) -> list[tuple[int, int, int]]:
        """Return what could be hidden for a target, the best first."""
        own, t = target.groups, target.topic
        values = self._values(t) if t >= 0 else {}
        asked = [values[target.value]] if target.value in values else list(values.values())
        near = [one for d, g in own for one in self._near[d].get(g, ())]
        tables = self._all(d for d, _ in own)
        if t < 0:
            asked = [-1]
            tables += self._all(range(len(self._divisions)))
        # What else of its topic is shown of the same groups bounds a small number too.
        close = {(q, *one) for q in values.values() for one in own}
        close |= {(q, *one) for q in asked for one in (*own, *near)}
        for some in (close, {(q, *one) for q in (values.values() or asked) for one in tables}):
            found = [one for one in some if not self._is_hidden(*one)]
            if found:
                return sorted(
                    found,
                    key=lambda one: (len(values) > 1 and one[1:] not in own, self._size(*one), one),
                )
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


def _topics(counted: Counted) -> list[list[int]]:
    """Return the questions by number, those together of which only one can be a yes."""
    number = {name: q for q, name in enumerate(counted.questions)}
    named = [name for one in counted.exclusive for name in one]
    if len(set(named)) < len(named) or not set(named) <= set(number):
        raise ValueError("what excludes what names no question, or one twice")
    together = [sorted(number[name] for name in one) for one in counted.exclusive if one]
    return sorted([*together, *([q] for name, q in number.items() if name not in named)])


def _cells(counted: Counted) -> list[tuple[Place, frozenset[int], int]]:
    numbers = [{group: g for g, group in enumerate(one.groups)} for one in counted.divisions]
    question = {name: q for q, name in enumerate(counted.questions)}
    found = []
    for row in counted.rows:
        if row.count < 0 or len(row.groups) != len(counted.divisions):
            raise ValueError("a row that can't be counted")
        if any(len(row.yes & one) > 1 for one in counted.exclusive):
            raise ValueError("a row that can't be counted: two answers that exclude each other")
        try:
            place = tuple(known[name] for known, name in zip(numbers, row.groups, strict=True))
        except KeyError as error:
            raise ValueError(f"a group that its division hasn't: {error}") from None
        if row.count:
            yes = frozenset(question[name] for name in row.yes if name in question)
            found.append((place, yes, row.count))
    return found
