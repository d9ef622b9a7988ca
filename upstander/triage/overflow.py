"""Very many tips of one kind within a quarter of an hour: five stand as rows, the others wait.

What waits behind the five is one row that says how many they are, each with words of its own: no
press claims one of them, and as the five are claimed the next ones come up. Nothing else waits for
them: tips of other schools and topics stand before that row. Each keeps its own alert and
countdown. Never behind it: what may be about its reporter, what somebody opened, holds or must
phone about, what its reporter wrote on, what somebody must not see, and who came to talk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.http import urlencode

from upstander.escalations.models import Task
from upstander.intake.priority import Priority
from upstander.places.models import School
from upstander.tips.models import Tip
from upstander.tips.shown import tile_words
from upstander.triage.queries import IN_CROWD
from upstander.triage.rows import QueueRow
from upstander.triage.together import UNTOUCHED, Together, free, without_others

#: So many of one kind stand as rows that came within so long; and so many are looked through.
STAND, WITHIN = 5, timedelta(minutes=15)
NEWEST: Final = 5000


class Kind(NamedTuple):
    """What is counted together: a topic at a school, as grave and as near in time.

    So nothing waits behind what is less grave than itself.
    """

    rank: int
    #: It came among very many from one place: those take no place from what came alone.
    in_crowd: bool
    happening_now: bool
    soon: bool
    district_id: int
    school_id: int
    tile: str


class Waiting(NamedTuple):
    """An unread tip that nobody has."""

    tip: UUID
    kind: Kind
    received_at: datetime


@dataclass(frozen=True, slots=True)
class RestRow:
    """The row that stands for those behind the five. It opens and claims none."""

    #: The same while it stands for the same kind, so that the focus stays on it.
    key: str
    priority: Priority
    rank: int
    district_id: int
    tile: str
    school: str
    count: int
    rest: bool = True

    @property
    def place(self) -> str:
        """As ``QueueRow.place``: after all that are as grave."""
        return f"{self.rank}|~"

    @property
    def address(self) -> str:
        """Where each of them has a row, as the query of the queue's address."""
        of = {"priority": self.priority.value, "district": str(self.district_id)}
        return urlencode({"state": "unclaimed", **of})


def behind_five(waiting: Iterable[Waiting]) -> dict[Kind, list[UUID]]:
    """Return of each kind which tips are behind five: as many came in the quarter hour before it.

    Those that have been claimed count no more, so that a tip comes up and never goes behind again.
    """
    kinds: defaultdict[Kind, list[Waiting]] = defaultdict(list)
    for one in waiting:
        kinds[one.kind].append(one)
    found: dict[Kind, list[UUID]] = {}
    for kind, ones in kinds.items():
        ones.sort(key=lambda one: (one.received_at, one.tip))
        pairs = zip(ones, ones[STAND:], strict=False)
        late = [one.tip for fifth, one in pairs if one.received_at - fifth.received_at < WITHIN]
        if late:
            found[kind] = late
    return found


def rest_of(centers: Collection[int], groups: Mapping[UUID, Together]) -> dict[Kind, list[UUID]]:
    """Return which tips wait behind five of their kind; call inside ``viewing``.

    ``groups``: whose rows stand for others in the same words; each is one here.
    """
    tasks = Task.objects.filter(
        subject_id=OuterRef("pk"), state__in=(Task.State.OPEN, Task.State.TAKEN)
    )
    found = Tip.objects.filter(
        UNTOUCHED,
        ~Exists(tasks),
        free(),
        center_id__in=centers,
        school_id__isnull=False,
        to_talk=False,
        unread__about_me=False,
    )
    newest = without_others(found.annotate(in_crowd=IN_CROWD), groups).order_by("-received_at")[
        :NEWEST
    ]
    return behind_five(
        Waiting(tip, Kind(*kind), at)
        for tip, at, *kind in newest.values_list("pk", "received_at", *Kind._fields)
    )


def rest_rows(rest: Mapping[Kind, Sequence[UUID]]) -> list[RestRow]:
    """Return a row for each kind of which some wait, the gravest first. Call inside ``viewing``."""
    names = dict(
        School.objects.filter(pk__in={k.school_id for k in rest}).values_list("pk", "name")
    )
    ranks = {2 - priority.rank: priority for priority in Priority}
    return [
        RestRow(
            "-".join(str(part) for part in kind).lower(),
            ranks[kind.rank],
            kind.rank,
            kind.district_id,
            tile_words(Tip(tile=kind.tile)),
            names.get(kind.school_id, ""),
            len(tips),
        )
        for kind, tips in sorted(rest.items())
    ]


def with_rest(rows: Sequence[QueueRow], rest: Sequence[RestRow]) -> list[QueueRow | RestRow]:
    """Put each row of ``rest`` after all others that are as grave, whatever their order is."""
    shown: list[QueueRow | RestRow] = list(rows)
    for one in reversed(rest):
        before = [at for at, row in enumerate(rows, 1) if row.rank <= one.rank]
        shown.insert(max(before, default=0), one)
    return shown
