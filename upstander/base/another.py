"""Another district that would publish the very same numbers: the proof that a small one is safe.

Somebody who reads every table knows that its numbers are sums over cases, that none is negative,
and which groups can meet at all (a high school has no first grader). A small number is safe while
all of that could as well have come from other cases, among which this number is ten or more. Such
cases are looked for by moves that leave each shown number as it is:

- a case goes over from one hidden group to another of the same division;
- two cases exchange their groups, where their answer is the same or hidden for both groups;
- cases with the same answer hand on theirs in a ring.

Each question is looked at by itself, with how many there are: an answer follows from no other one,
so that sums and differences of several questions say no more than those of each (what equations
they allow has only that question's numbers in it). What is found is whole cases, so it proves more
than algebra over fractions would; what isn't found is hidden, so a search that ends too soon hides
too much and never too little. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

#: A group of each division, by its number.
type Place = tuple[int, ...]
#: Where cases lie, and whether they are a yes.
type Key = tuple[Place, bool]
#: Places that are tried for a case; more seldom help.
_TRIED = 6


@dataclass(frozen=True, slots=True)
class Target:
    """Cases of which somebody could ask how many they are: of some groups, with some answer."""

    #: Division and group.
    groups: tuple[tuple[int, int], ...]
    #: -1: whatever is answered.
    question: int = -1
    answer: bool = True

    def holds(self, key: Key) -> bool:
        """Tell whether such cases are among them."""
        return self.answers(key) and all(key[0][d] == g for d, g in self.groups)

    def answers(self, key: Key) -> bool:
        """Tell whether such cases have the answer, wherever they lie."""
        return self.question < 0 or key[1] is self.answer


class Search:
    """Looks for other cases behind the same numbers; hiding more never undoes what it found."""

    def __init__(self, cells: Mapping[Key, int], of: list[set[int]], yes: list[set[int]]) -> None:
        """Take the true cases by one question, and what is hidden now, by division.

        ``of``: groups whose size is hidden; ``yes``: whose answer is, those among them. Both may
        grow while this is used.
        """
        self._cells, self._of, self._yes = cells, of, yes
        self._in: dict[tuple[int, int], list[Key]] = defaultdict(list)
        self._alike: dict[tuple[int, int, bool], list[Key]] = defaultdict(list)
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
        answers = (target.answer,) if target.question >= 0 else (False, True)
        if len(target.groups) > 1:
            # First who lacks a group whose answer is hidden, as the wanted one's is.
            for hidden in (True, False):
                for (d, g), (e, h) in (target.groups, target.groups[::-1]):
                    free = h in self._yes[e]
                    for key in (one for answer in answers for one in self._alike[d, g, answer]):
                        if (not free or key[0][e] in self._yes[e]) is hidden:
                            yield key
        for d, _ in target.groups:
            for g in sorted(self._of[d] if target.question < 0 else self._yes[d]):
                for answer in answers:
                    yield from self._alike[d, g, answer]

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
        here, answer = key
        swap = [
            d
            for d, (a, b) in enumerate(zip(here, place, strict=True))
            if a != b and not (a in self._of[d] and b in self._of[d])
        ]
        if not swap:
            self._shift(key, place, most)
            return most
        for partner in self._partners(swap, here, place, answer):
            self._patience -= 1
            there, now = partner[0], self._now(partner)
            if now <= 0 or target.holds(partner) or any(there[d] != place[d] for d in swap):
                continue
            back = _with(there, ((d, here[d]) for d in swap))
            if not self.possible(back):
                continue
            told = [] if partner[1] is answer else self._told(swap, here, place)
            if told and not self._thorough:
                continue
            count = 1 if told else min(most, now)
            before = dict(self._delta) if told else {}
            self._shift(key, place, count)
            self._shift(partner, back, count)
            if not told or self._mend(target, told, here, place, answer=answer):
                return count
            self._delta = before
        if len(swap) == 1:
            return int(self._ring(target, key, place, swap[0]))
        # One group from one partner, the rest from others; only where all end must be possible.
        before, half = dict(self._delta), _with(here, ((swap[0], place[swap[0]]),))
        if self._bring(target, key, half, 1) and self._bring(target, (half, answer), place, 1):
            return 1
        self._delta = before
        return 0

    def _partners(self, swap: list[int], here: Place, place: Place, answer: bool) -> Iterator[Key]:
        """Give cases in the groups that are wanted, while there is patience left."""
        ways = [answer]
        # A yes and a no: it may not show, or be mended elsewhere.
        if self._yes is not self._of:
            ways.append(not answer)
        for way in ways:
            for key in min((self._alike[d, place[d], way] for d in swap), key=len):
                if self._patience <= 0:
                    return
                yield key

    def _told(self, dims: Iterable[int], here: Place, place: Place) -> list[int]:
        """Return in which tables it shows that a yes and a no have exchanged their groups."""
        return [d for d in dims if not (here[d] in self._yes[d] and place[d] in self._yes[d])]

    def _mend(
        self, target: Target, told: list[int], here: Place, place: Place, *, answer: bool
    ) -> bool:
        """Let two others exchange the other way round what shows, and what hangs on it."""
        d = told[0]
        for one in self._alike[d, place[d], answer][:_TRIED]:
            first = one[0]
            if self._now(one) <= 0 or target.holds(one) or any(first[e] != place[e] for e in told):
                continue
            for other in self._alike[d, here[d], not answer]:
                self._patience -= 1
                if self._patience <= 0:
                    return False
                second = other[0]
                if self._now(other) <= 0 or any(second[e] != here[e] for e in told):
                    continue
                free = [
                    e
                    for e in range(len(first))
                    if e not in told and not self._told([e], first, second)
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
