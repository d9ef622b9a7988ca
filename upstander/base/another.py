"""Another district that would publish the very same numbers: the proof that a small one is safe.

Somebody who reads every table knows that its numbers are sums over cases, that none is negative,
and which groups can meet at all (a high school has no first grader). A small number is safe while
all of that could as well have come from other cases, among which this number is ten or more. Such
cases are looked for by moves that leave each shown number as it is:

- a case goes over from one hidden group to another of the same division;
- two cases exchange their groups, where their answer is the same or hidden for both groups;
- cases with the same answer hand on theirs in a ring.

Questions of which a case answers at most one with yes are one topic: which of them it is, or none.
Each topic is looked at by itself, with how many there are: an answer follows from none of another
topic, so that sums and differences of several say no more than those of each (what equations they
allow has only that topic's numbers in it). What is found is whole cases, so it proves more than
algebra over fractions would; what isn't found is hidden, so a search that ends too soon hides too
much and never too little. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

#: A group of each division, by its number.
type Place = tuple[int, ...]
#: Where cases lie, and which answer of the topic is theirs: 0 none, else the number of a question.
type Key = tuple[Place, int]
#: Places that are tried for a case; more seldom help.
_TRIED = 6


@dataclass(frozen=True, slots=True)
class Target:
    """Cases of which somebody could ask how many they are: of some groups, with some answer."""

    #: Division and group.
    groups: tuple[tuple[int, int], ...]
    #: -1: whatever is answered.
    topic: int = -1
    #: Of which answer; 0: of none of the topic's.
    value: int = 1
    #: Whether it is theirs, or any other.
    answer: bool = True

    def holds(self, key: Key) -> bool:
        """Tell whether such cases are among them."""
        return self.answers(key) and all(key[0][d] == g for d, g in self.groups)

    def answers(self, key: Key) -> bool:
        """Tell whether such cases have the answer, wherever they lie."""
        return self.takes(key[1])

    def takes(self, value: int) -> bool:
        """Tell whether cases with this answer are meant."""
        return self.topic < 0 or (value == self.value) is self.answer


class Search:
    """Looks for other cases behind the same numbers; hiding more never undoes what it found."""

    def __init__(
        self,
        cells: Mapping[Key, int],
        of: list[set[int]],
        hidden: Mapping[int, list[set[int]]],
    ) -> None:
        """Take the true cases by one topic, and what is hidden now, by division.

        ``of``: groups whose size is hidden; ``hidden``: for each answer but none, those where it
        is, the others among them. Both may grow while this is used. That none is given, is never
        shown.
        """
        self._cells, self._of, self._hidden = cells, of, hidden
        self._values = sorted({value for _, value in cells})
        self._in: dict[tuple[int, int], list[Key]] = defaultdict(list)
        self._alike: dict[tuple[int, int, int], list[Key]] = defaultdict(list)
        self._meet: set[tuple[int, int, int, int]] = set()
        self._possible: dict[Place, bool] = {}
        self._delta: dict[Key, int] = {}
        self._patience = self._most = 0
        self._thorough = False
        self._groups: dict[int, int] = defaultdict(int)
        for key in sorted(cells):
            for d, g in enumerate(key[0]):
                self._groups[d] = max(self._groups[d], g + 1)
                self._in[d, g].append(key)
                self._alike[d, g, key[1]].append(key)
            for (d, g), (e, h) in combinations(enumerate(key[0]), 2):
                self._meet.add((d, g, e, h))

    def raised(self, target: Target, count: int, upto: int, *, patience: int) -> bool:
        """Tell whether there is another district with at least ``upto`` of these cases.

        ``patience``: how many cases are looked at for each step, before none counts as found.
        """
        self._delta, self._most = {}, patience
        places = self._places_of(target)
        while count < upto:
            more = self._move(target, places, upto - count)
            if not more:
                return False
            count += more
        return True

    def _move(self, target: Target, places: list[Place], most: int) -> int:
        """Bring some cases in; returns how many, 0 if there is no way."""
        # What changes several groups, or must be mended elsewhere, is slow and seldom needed.
        for self._thorough in (False, True):
            self._patience = self._most
            for key in self._outside(target):
                now = self._now(key)
                if now <= 0 or target.holds(key) or not target.answers(key):
                    continue
                self._patience -= 1
                if self._patience <= 0:
                    break
                for place in self._goals(target, key[0], places):
                    if brought := self._bring(target, key, place, min(most, now)):
                        return brought
        return 0

    def _outside(self, target: Target) -> Iterator[Key]:
        """Give cases that could come in by one step: those that lack one group at most, first."""
        values = [value for value in self._values if target.takes(value)]
        if len(target.groups) > 1:
            # First who lacks a group whose answer is hidden, as the wanted one's is.
            for hidden in (True, False):
                for (d, g), (e, h) in (target.groups, target.groups[::-1]):
                    gone = self._gone(target, e)
                    for key in (one for value in values for one in self._alike[d, g, value]):
                        if (h not in gone or key[0][e] in gone) is hidden:
                            yield key
        for d, _ in target.groups:
            for g in sorted(self._gone(target, d)):
                for value in values:
                    yield from self._alike[d, g, value]

    def _gone(self, target: Target, d: int) -> set[int]:
        """Return the groups of a division where what the target asks about is hidden."""
        if target.topic < 0:
            return self._of[d]
        if target.value:
            return self._hidden[target.value][d]
        return set().union(*(hidden[d] for hidden in self._hidden.values()))

    def _places_of(self, target: Target) -> list[Place]:
        """Return some places where there are such cases, whatever they answer."""
        smallest = min((self._in[one] for one in target.groups), key=len)
        found: dict[Place, None] = {}
        for place, _ in smallest:
            if all(place[d] == g for d, g in target.groups):
                found[place] = None
                if len(found) == _TRIED:
                    break
        return list(found)

    def _goals(self, target: Target, here: Place, places: list[Place]) -> Iterator[Place]:
        near = _with(here, target.groups)
        if self.possible(near):
            yield near
        elif self._thorough:
            yield from places

    def _bring(self, target: Target, key: Key, place: Place, most: int) -> int:
        here, value = key
        swap = [
            d
            for d, (a, b) in enumerate(zip(here, place, strict=True))
            if a != b and not (a in self._of[d] and b in self._of[d])
        ]
        if not swap:
            self._shift(key, place, most)
            return most
        for partner in self._partners(swap, place, value):
            self._patience -= 1
            there, now = partner[0], self._now(partner)
            if now <= 0 or target.holds(partner) or any(there[d] != place[d] for d in swap):
                continue
            back = _with(there, ((d, here[d]) for d in swap))
            if not self.possible(back):
                continue
            told = self._told(swap, here, place, (value, partner[1]))
            if told and not self._thorough:
                continue
            count = 1 if told else min(most, now)
            before = dict(self._delta) if told else {}
            self._shift(key, place, count)
            self._shift(partner, back, count)
            if not told or self._mend(target, told, here, place, (value, partner[1])):
                return count
            self._delta = before
        if len(swap) == 1:
            return int(self._ring(target, key, place, swap[0]))
        # One group from one partner, the rest from others; only where all end must be possible.
        before, half = dict(self._delta), _with(here, ((swap[0], place[swap[0]]),))
        if self._bring(target, key, half, 1) and self._bring(target, (half, value), place, 1):
            return 1
        self._delta = before
        return 0

    def _partners(self, swap: list[int], place: Place, value: int) -> Iterator[Key]:
        """Give cases in the groups that are wanted, while there is patience left."""
        # Two different answers: it may not show, or be mended elsewhere.
        for way in (value, *(other for other in self._values if other != value)):
            for key in min((self._alike[d, place[d], way] for d in swap), key=len):
                if self._patience <= 0:
                    return
                yield key

    def _told(
        self, dims: Iterable[int], here: Place, place: Place, values: tuple[int, int]
    ) -> list[int]:
        """Return in which tables it shows that two with these answers have exchanged groups."""
        if values[0] == values[1]:
            return []
        shown = [self._hidden[value] for value in values if value]
        return [d for d in dims if any(not {here[d], place[d]} <= gone[d] for gone in shown)]

    def _mend(
        self,
        target: Target,
        told: list[int],
        here: Place,
        place: Place,
        values: tuple[int, int],
    ) -> bool:
        """Let two others exchange the other way round what shows, and what hangs on it."""
        d = told[0]
        for one in self._alike[d, place[d], values[0]][:_TRIED]:
            first = one[0]
            if self._now(one) <= 0 or target.holds(one) or any(first[e] != place[e] for e in told):
                continue
            for other in self._alike[d, here[d], values[1]]:
                self._patience -= 1
                if self._patience <= 0:
                    return False
                second = other[0]
                if self._now(other) <= 0 or any(second[e] != here[e] for e in told):
                    continue
                free = [
                    e
                    for e in range(len(first))
                    if e not in told and not self._told([e], first, second, values)
                ]
                for dims in (told, told + free):
                    a = _with(first, ((e, second[e]) for e in dims))
                    b = _with(second, ((e, first[e]) for e in dims))
                    if self.possible(a) and self.possible(b):
                        self._shift(one, a, 1)
                        self._shift(other, b, 1)
                        return True
        return False

    def _ring(self, target: Target, key: Key, place: Place, d: int) -> bool:
        """Let cases with the same answer hand on their groups, until one takes the first's.

        The shortest ring there is: from the wanted group, over those that its cases could take.
        """
        wanted, free = place[d], key[0][d]
        came: dict[int, Key] = {}
        reached = [wanted]
        for group in reached:
            for one in self._alike[d, group, key[1]]:
                if self._now(one) <= 0 or target.holds(one) or one == key:
                    continue
                for other in range(self._groups[d]):
                    if other == wanted or other in came:
                        continue
                    self._patience -= 1
                    if self._patience <= 0:
                        return False
                    if self.possible(_with(one[0], ((d, other),))):
                        came[other] = one
                        reached.append(other)
                        if other == free:
                            self._hand_on(key, place, d, came)
                            return True
        return False

    def _hand_on(self, key: Key, place: Place, d: int, came: Mapping[int, Key]) -> None:
        self._shift(key, place, 1)
        group = key[0][d]
        while group != place[d]:
            one = came[group]
            self._shift(one, _with(one[0], ((d, group),)), 1)
            group = one[0][d]

    def possible(self, place: Place) -> bool:
        """Tell whether each two of these groups meet in some case: others may be known not to."""
        found = self._possible.get(place)
        if found is None:
            found = self._possible[place] = all(
                (d, g, e, h) in self._meet for (d, g), (e, h) in combinations(enumerate(place), 2)
            )
        return found

    def _now(self, key: Key) -> int:
        return self._cells.get(key, 0) + self._delta.get(key, 0)

    def _shift(self, key: Key, place: Place, count: int) -> None:
        for one, change in ((key, -count), ((place, key[1]), count)):
            self._delta[one] = self._delta.get(one, 0) + change


def _with(place: Place, groups: Iterable[tuple[int, int]]) -> Place:
    found = list(place)
    for d, g in groups:
        found[d] = g
    return tuple(found)


def neighbors(cells: Iterable[Key], d: int) -> dict[int, list[tuple[int, int]]]:
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


def small_and_shared(
    cells: Mapping[Key, int], asked: Target, least: int
) -> Iterator[tuple[Target, int, int]]:
    """Give what few cases two groups of different tables share, of those that are asked about."""
    counts: Counter[tuple[tuple[int, int], ...]] = Counter()
    for key, n in cells.items():
        if asked.answers(key):
            for pair in combinations(enumerate(key[0]), 2):
                counts[pair] += n
    for groups, n in counts.items():
        if n < least:
            yield replace(asked, groups=groups), n, least
