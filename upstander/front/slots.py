"""How many bodies may be on their way at once, and whose is cut when there are too many.

A request without a body takes a place for milliseconds; a body may take a minute, and whoever wants
to shut the site sends thousands of them, a byte at a time. So bodies have fewer places than there
are (``command/web.py``), and a place on the network has few of them. When one is too many, it is
the slowest of whoever has the most under way that goes, never the one that has just come.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import islice

#: Bodies under way at once, from everywhere. Far more than one machine's honest ones.
MOST = 3_000
#: … and from one place. A school after an assembly sends whole forms, each within milliseconds.
MOST_EACH = 256
#: So many of those that came first are compared: the look costs the same in the worst flood.
_COMPARED = 64
#: A body is as slow as its bytes by its seconds. With these, one that has only just begun stands
#: above those that have been trickling, and a slow line that keeps coming above both.
_BYTES_AHEAD, _SECONDS_AHEAD = 300, 3.0


class Body:
    """One body on its way: since when, how much of it has come, and what ends the wait for more."""

    def __init__(self, source: bytes, since: float) -> None:
        """``since`` is the loop's clock, in seconds."""
        self.source, self.since = source, since
        self.size = 0
        self._cut = False
        self._waits: asyncio.Timeout | None = None

    def is_cut(self) -> bool:
        """Tell whether it has to go."""
        return self._cut

    def pace(self, now: float) -> float:
        """Bytes a second, as ``Slots`` compares them."""
        return (self.size + _BYTES_AHEAD) / (now - self.since + _SECONDS_AHEAD)

    def waiting(self, until: float) -> asyncio.Timeout:
        """Return what limits the wait for the next part: the loop's time ``until``, or a cut."""
        self._waits = asyncio.timeout_at(until)
        return self._waits

    def end(self, now: float) -> None:
        """Cut it: whoever waits for its next part is told so at once, or when they next wait."""
        self._cut = True
        if self._waits is not None and self._waits.when() is not None:
            self._waits.reschedule(now)


class Slots:
    """The bodies under way in one process. Belongs to one event loop."""

    def __init__(self, *, most: int = MOST, most_each: int = MOST_EACH) -> None:
        """``most`` in all, ``most_each`` from one place."""
        self._most, self._most_each = most, most_each
        self._by_source: dict[bytes, OrderedDict[Body, None]] = {}
        self.count = 0

    def take(self, source: bytes, now: float) -> Body:
        """Take a slot for a body of ``source``; another body may be cut for it."""
        own = self._by_source.get(source)
        if own is not None and len(own) >= self._most_each:
            self._cut(list(islice(own, _COMPARED)), now)
        elif self.count >= self._most:
            self._cut(self._of_the_heaviest(), now)
        body = Body(source, now)
        self._by_source.setdefault(source, OrderedDict())[body] = None
        self.count += 1
        return body

    def leave(self, body: Body) -> None:
        """Give the slot of a body back. Safe to call twice."""
        own = self._by_source.get(body.source)
        if own is None or body not in own:
            return
        del own[body]
        self.count -= 1
        if not own:
            del self._by_source[body.source]

    def _of_the_heaviest(self) -> list[Body]:
        """Return the eldest bodies of the place, or of the places alike, with the most of them."""
        most = max(map(len, self._by_source.values()))
        return list(
            islice(
                (
                    body
                    for own in self._by_source.values()
                    if len(own) == most
                    for body in islice(own, _COMPARED)
                ),
                _COMPARED,
            )
        )

    def _cut(self, among: list[Body], now: float) -> None:
        slowest = min(among, key=lambda body: body.pace(now))
        slowest.end(now)
        # Its slot is free now, not only when its task has run: in a burst the next one comes first.
        self.leave(slowest)
