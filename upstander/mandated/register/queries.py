"""Reads of the register; call inside ``viewing``: the database decides what somebody sees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext

from upstander.mandated.days import is_working_day
from upstander.mandated.register.blind_indexes import NAMED, open_indexes, sure
from upstander.mandated.register.models import BlindIndex, Disclosure, Entry, Event, Proposal
from upstander.mandated.register.rule import RegisterRule
from upstander.mandated.words import unpack
from upstander.matters.folders import OpenFolder
from upstander.people.models import Person
from upstander.places.models import School

#: A page of the list.
MOST = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the register is listed."""

    school_id: int | None = None
    flag: str = ""
    outcome: str = ""
    #: (filed_at, id) of the last entry of the page before.
    after: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as the list shows it: no name and no words."""

    entry: Entry
    school: str
    #: How many other entries are about the same person, as far as the viewer may know of them.
    others: int
    run_out: bool
    #: Whether a change of it waits for a second person.
    waits: bool

    @property
    def title(self) -> str:
        """What is alleged, in a word or two."""
        kind = Entry.Kind(self.entry.kind)
        return gettext("Allegation") if kind is Entry.Kind.UNKNOWN else str(capfirst(kind.label))

    @property
    def unproven(self) -> bool:
        """Whether no outcome was written down: nobody is guilty by standing here."""
        return self.entry.outcome == Entry.Outcome.UNPROVEN


@dataclass(frozen=True, slots=True)
class EventShown:
    """Something that was done with an entry, opened."""

    event: Event
    who: str
    words: dict[str, str]


def entries_page(wanted: Wanted, now: datetime) -> tuple[list[EntryRow], bool]:
    """Return a page of the register, newest first, and whether there is more; five queries."""
    query = Entry.objects.filter(disposed_at__isnull=True).order_by("-filed_at", "id")
    if wanted.school_id is not None:
        query = query.filter(school_id=wanted.school_id)
    if wanted.flag in ("disability", "restraint"):
        query = query.filter(**{wanted.flag: True})
    if wanted.outcome:
        query = query.filter(outcome=wanted.outcome)
    if wanted.after is not None:
        at, last = wanted.after
        query = query.filter(Q(filed_at__lt=at) | Q(filed_at=at, pk__gt=last))
    found = list(query[: MOST + 1])
    return rows_of(found[:MOST], now), len(found) > MOST


def rows_of(entries: Sequence[Entry], now: datetime) -> list[EntryRow]:
    """Return entries as lists show them; four queries for all."""
    schools = dict(
        School.objects.filter(pk__in={e.school_id for e in entries if e.school_id}).values_list(
            "pk", "name"
        )
    )
    ids = [entry.pk for entry in entries]
    others = same_person(ids)
    waits = set(waiting_rows(now).filter(entry_id__in=ids).values_list("entry_id", flat=True))
    return [
        EntryRow(
            entry,
            schools.get(entry.school_id or 0, ""),
            len(others[entry.pk]),
            entry.keep_until is not None and entry.keep_until < now.date(),
            entry.pk in waits,
        )
        for entry in entries
    ]


def same_person(entry_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return for each entry the others about the same person, by account or whole name."""
    wanted = set(entry_ids)
    blind_indexes = _indexes_of(Entry.objects.filter(disposed_at__isnull=True)) if wanted else {}
    of_index: dict[bytes, set[UUID]] = defaultdict(set)
    for entry_id, found in blind_indexes.items():
        for blind_index in sure(found):
            of_index[blind_index].add(entry_id)
    return defaultdict(
        set,
        {
            one: set[UUID]().union(
                *(of_index[blind_index] for blind_index in sure(blind_indexes.get(one, {})))
            )
            - {one}
            for one in wanted
        },
    )


def entries_found(blind_indexes: Iterable[bytes]) -> list[Entry]:
    """Return the entries with any of these indexes, newest first: the same person, or perhaps.

    All of them: what a page had no room for would be missing in a letter.
    """
    ids = _found(Entry.objects.filter(disposed_at__isnull=True), blind_indexes)
    return list(Entry.objects.filter(pk__in=ids).order_by("-filed_at", "id"))


def _found(
    rows: QuerySet[Entry] | QuerySet[Proposal], blind_indexes: Iterable[bytes]
) -> list[UUID]:
    """Return the entries of those rows that have any of these blind indexes."""
    wanted = set(blind_indexes)
    return [one for one, found in _indexes_of(rows).items() if wanted & found.keys()]


def _indexes_of(rows: QuerySet[Entry] | QuerySet[Proposal]) -> dict[UUID, dict[bytes, int]]:
    """Return the blind indexes that entries have, or are to have, by entry.

    They are opened here, all that the viewer may see: no index finds what stands otherwise in each.
    """
    entry = "id" if rows.model._meta.model_name == "entry" else "entry_id"
    return open_indexes(rows.values_list(entry, "district_id", "found_by"))


def events_of(entry: Entry, folder: OpenFolder) -> list[EventShown]:
    """Return what was done with an entry, oldest first, opened."""
    events = list(Event.objects.filter(entry_id=entry.pk).order_by("number"))
    names = {
        row.pk: row.name for row in Person.objects.filter(pk__in={e.person_id for e in events})
    }
    return [
        EventShown(
            event,
            names.get(event.person_id, ""),
            unpack(folder.read("event", event.pk, event.sealed)),
        )
        for event in events
    ]


def waiting_rows(now: datetime) -> QuerySet[Proposal]:
    """Return the proposed changes that a second person can still agree to."""
    return Proposal.objects.filter(state=Proposal.State.WAITS, expires_at__gt=now)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom, where and when somebody who hires asks about.

    None: any school, no beginning, no end.
    """

    district_id: int
    blind_indexes: Collection[bytes]
    school_id: int | None
    first: date | None
    last: date | None


def unsettled_entries(asked: Asked, outcomes: Iterable[str], now: datetime) -> list[Entry]:
    """Return entries that leave open whether this person is clear, newest first.

    Those of that place and time which name nobody yet (what their words look like names nobody, nor
    does half a name), or whose name a second person decides on; and all about this person that
    somebody proposes to change. An entry without a school is of every school. What is alleged began
    on a day and may have gone on until it was filed, so that all of this is its time.
    """
    there = _there(asked)
    named = BlindIndex.objects.filter(strength__in=NAMED).values("entry_id")
    waiting = waiting_rows(now)
    changing = Entry.objects.filter(pk__in=waiting.values("entry_id"), disposed_at__isnull=True)
    about = {*_found(changing, asked.blind_indexes), *_found(waiting, asked.blind_indexes)}
    unnamed = Q(outcome__in=list(outcomes)) & ~Q(pk__in=named)
    renamed = Q(pk__in=waiting.filter(renames=True).values("entry_id"))
    return list(
        Entry.objects.filter(district_id=asked.district_id, disposed_at__isnull=True)
        .filter(there & (unnamed | renamed) | Q(pk__in=about))
        .order_by("-filed_at", "id")[:MOST]
    )


def entries_there(asked: Asked, outcomes: Iterable[str]) -> list[Entry]:
    """Return the entries with these outcomes of that place and time, newest first: all of them."""
    there = Q(district_id=asked.district_id, disposed_at__isnull=True) & _there(asked)
    rows = Entry.objects.filter(there, outcome__in=list(outcomes))
    return list(rows.order_by("-filed_at", "id"))


def _there(asked: Asked) -> Q:
    there = Q()
    if asked.school_id is not None:
        there &= Q(school_id=asked.school_id) | Q(school_id__isnull=True)
    if asked.first is not None:
        # By the day in UTC, and a day more: this asks too often rather than too seldom.
        there &= Q(filed_at__date__gte=asked.first - timedelta(days=1))
    if asked.last is not None:
        there &= Q(happened_on__lte=asked.last)
    return there


def disclosures_page() -> list[tuple[Disclosure, str]]:
    """Return the latest answers to those who hire, with who gave them; three queries."""
    query = Disclosure.objects.select_related("decision")
    rows = list(query.order_by("-at", "id")[:MOST])
    names = {row.pk: row.name for row in Person.objects.filter(pk__in={d.person_id for d in rows})}
    return [(row, names.get(row.person_id, "")) for row in rows]


def answer_due(asked_on: date, rule: RegisterRule) -> date:
    """Return the last day for an answer: the rule's working days after the day it was asked."""
    day, days = asked_on, rule.answer_days
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, rule.holidays_of)
    return day
