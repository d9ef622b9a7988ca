"""The record: who read and did what. Each sees what they may know of; schools see coarse times.

The view stands here because the record's own app lies beneath people and places.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.audit.queries import VERDICTS, Wanted, check_lines, entries, is_whole
from upstander.audit.tickets import number_of, ticket_of
from upstander.desk.english import in_english
from upstander.intake.priority import Priority
from upstander.people.models import Person
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.plug import act_of
from upstander.tips.models import Tip
from upstander.tips.queries import names_of
from upstander.tips.times import coarse, shown_to
from upstander.vault.envelopes import derive

PAGE = 100
EXPORT_LIMIT = 10_000
CHECK_LIMIT = 2_000
#: Tips of a school or district whose entries are looked up one by one.
NEAR_LIMIT = 5_000
#: Keys of an entry's detail that say something to a reader; ids and counts of rows don't.
_TOLD = ("purpose", "priority", "to", "disposition", "step", "kind", "reference", "tile", "words")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry as its reader may see it."""

    #: Stands for the entry's number, which would tell its order (audit/tickets.py).
    ticket: str
    when: str
    who: str
    #: As the record calls it, for the file; and as the page says it.
    action: str
    words: str
    detail: str
    reference: str
    tip_id: str
    about: str
    canonical: str = field(repr=False)
    leaf: str
    whole: bool


@require_GET
@requires(Permission.SEE_RECORD)
@in_english
def record_list(request: HttpRequest) -> HttpResponse:
    """List the record, newest first, as the address filters it."""
    viewer = viewer_of(request)
    asked = request.GET.dict()
    with viewing(viewer):
        wanted, wrong = _wanted(request)
        found = [] if wrong else found_for(viewer, wanted, PAGE + 1)
        lines = _lines(viewer, found[:PAGE])
        people = _people(viewer)
    older = ""
    if len(found) > PAGE:
        kept = {k: v for k, v in asked.items() if k != "before"}
        older = "?" + urlencode(kept | {"before": ticket_of(record_key(), found[PAGE - 1].pk)})
    filters = {k: v for k, v in asked.items() if k != "before" and v}
    return render(
        request,
        "desk/record.html",
        {
            "lines": lines,
            "people": people,
            "asked": filters,
            "person": wanted.actor_id,
            "wrong": wrong,
            "older": older,
            "newest": "?" + urlencode(filters) if wanted.before else "",
            "export": "/record.jsonl?" + urlencode(filters),
            "exact": _exact(viewer),
            "proves": may(viewer, Permission.SEE_SEALING),
            "sees_access": may(viewer, Permission.SEE_ACCESS),
            "broken": sum(not line.whole for line in lines),
            "limit": EXPORT_LIMIT,
        },
    )


@require_GET
@requires(Permission.SEE_RECORD)
@in_english
def export(request: HttpRequest) -> HttpResponse:
    """Give the record as JSON lines: the canonical form and its hash, for those who may know them.

    Schools and districts get each entry's hash with a coarse time: a proof to keep, that can be
    opened by the center later. The export itself goes into the record.
    """
    viewer = viewer_of(request)
    with viewing(viewer):
        wanted, wrong = _wanted(request)
        found = [] if wrong else found_for(viewer, wanted, EXPORT_LIMIT + 1)
        lines = _lines(viewer, found[:EXPORT_LIMIT])
        own = {
            membership.district_id for membership in viewer.memberships if membership.district_id
        }
        record(
            "record exported",
            actor=viewer,
            subject_kind="record",
            subject_id="record",
            district_id=wanted.district_id or (min(own) if own else None),
            detail={"entries": len(lines)},
        )
    exact = _exact(viewer)
    rows: list[dict[str, object]] = []
    for line in lines:
        row: dict[str, object] = {
            "entry": line.ticket,
            "when": line.when,
            "who": line.who,
            "action": line.action,
            "about": line.reference or line.about,
        }
        if exact:
            row["canonical"] = line.canonical
        rows.append(row | {"leaf": line.leaf})
    if len(found) > EXPORT_LIMIT:
        rows.append({"more_before": ticket_of(record_key(), found[EXPORT_LIMIT - 1].pk)})
    return HttpResponse(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="record.jsonl"'},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_RECORD)
@in_english
def check(request: HttpRequest) -> HttpResponse:
    """Compare lines of an export with the record as it stands now."""
    viewer = viewer_of(request)
    text = request.POST.get("lines", "")
    checked = None
    if request.method == "POST":
        with viewing(viewer):
            checked = check_lines(text.splitlines()[:CHECK_LIMIT], record_key())
    return render(
        request,
        "desk/record_check.html",
        {
            "checked": checked,
            "bad": [(c.line, VERDICTS[c.verdict]) for c in checked or () if c.verdict != "same"],
            "good": sum(c.verdict == "same" for c in checked or ()),
            "limit": CHECK_LIMIT,
        },
    )


def _exact(viewer: Viewer) -> bool:
    """Tell whether the viewer may know the second at which a child wrote."""
    return viewer.kind in (TeamKind.CENTER, TeamKind.ADMINISTRATION)


def found_for(viewer: Viewer, wanted: Wanted, limit: int) -> list[Entry]:
    """Return the newest entries that match; inside ``viewing``.

    Looks only where a viewer's entries lie: the wall would leave out all others one by one, and a
    school has few entries among millions.
    """
    everything = entries(wanted)
    if viewer.kind not in (TeamKind.SCHOOL, TeamKind.DISTRICT):
        return list(everything[:limit])
    ids = list(Tip.objects.values_list("pk", flat=True)[: NEAR_LIMIT + 1])
    # A list the planner can count leads it to the index; too long a one stays in the database.
    own = (
        [str(pk) for pk in ids]
        if len(ids) <= NEAR_LIMIT
        else Tip.objects.annotate(name=Cast("pk", TextField())).values("name")
    )
    found = list(everything.filter(subject_kind="tip", subject_id__in=own)[:limit])
    if viewer.kind is TeamKind.DISTRICT:
        places = [
            membership.district_id
            for membership in viewer.memberships
            if membership.district_id is not None
        ]
        others = everything.exclude(subject_kind="tip").filter(district_id__in=places)
        found = sorted([*found, *others[:limit]], key=lambda entry: -entry.pk)[:limit]
    return found


def _wanted(request: HttpRequest) -> tuple[Wanted, str]:
    """Read the filter from the address; inside ``viewing``. The second part says what is wrong."""
    asked = request.GET
    reference = "".join(asked.get("tip", "").upper().split()).replace("-", "")
    subject = ""
    wrong = ""
    if reference:
        # Letters and digits only: PostgreSQL takes no NUL, and no reference holds anything else.
        known = len(reference) == 8 and reference.isascii() and reference.isalnum()
        spelt = f"{reference[:4]}-{reference[4:]}"
        tip = Tip.objects.filter(reference=spelt).first() if known else None
        subject = str(tip.pk) if tip else ""
        wrong = "" if tip else gettext("There is no such tip that you may see.")
    day = _day(asked.get("day", ""))
    if asked.get("day") and day is None:
        wrong = gettext("Enter the day as 2026-11-25.")
    person = _number(asked.get("person", ""))
    return (
        Wanted(
            subject_kind="tip" if subject else "",
            subject_id=subject,
            district_id=_number(asked.get("district", "")),
            actor_id=person,
            actor_kind=asked.get("kind", "") if asked.get("kind") in ("reporter", "system") else "",
            since=day,
            until=day + timedelta(days=1) if day else None,
            before=number_of(record_key(), asked.get("before", "")),
        ),
        wrong,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> datetime | None:
    try:
        day = timezone.make_aware(datetime.strptime(text, "%Y-%m-%d"))  # noqa: DTZ007 - next word
    except (ValueError, OverflowError):
        return None
    return day if 2000 <= day.year < 3000 else None


def _lines(viewer: Viewer, found: Sequence[Entry]) -> list[RecordLine]:
    """Put entries into words; inside ``viewing``. A constant number of queries.

    For who may know half-days only, a half-day's entries stand by tip: their order among those of
    other tips would say more.
    """
    names = names_of({entry.actor_id for entry in found})
    # An administrator may know of no tip; an entry about one without its matter breaks no page.
    may_see = viewer.kind is not TeamKind.ADMINISTRATION
    ids = {entry.subject_id for entry in found if entry.subject_kind == "tip" and may_see}
    tips = {str(tip.pk): tip for tip in Tip.objects.filter(pk__in=ids)}
    zones = {
        district.pk: ZoneInfo(district.time_zone)
        for district in District.objects.filter(
            pk__in={entry.district_id for entry in found if entry.district_id}
        )
    }
    lines: list[tuple[float, str, RecordLine]] = []
    for entry in found:
        tip = tips.get(entry.subject_id)
        zone = zones.get(entry.district_id or 0, timezone.get_default_timezone())
        priority = tip.priority if tip else Priority.ROUTINE
        line = RecordLine(
            ticket=ticket_of(record_key(), entry.pk),
            when=shown_to(viewer, entry.at, priority, zone),
            who=who_of(entry, names),
            action=entry.action.capitalize(),
            words=act_of(entry.action).title,
            detail=_detail(entry),
            reference=tip.reference if tip else "",
            tip_id=str(tip.pk) if tip else "",
            canonical=entry.canonical,
            about=entry.subject_kind,
            leaf=bytes(entry.leaf).hex(),
            whole=is_whole(entry),
        )
        start = coarse(entry.at, priority, zone).timestamp()
        lines.append((-start, line.reference, line))
    if not _exact(viewer):
        lines.sort(key=lambda one: one[:2])
    return [line for _start, _reference, line in lines]


def record_key() -> bytes:
    """Return the key of the tickets by which entries are named on pages and in files."""
    return derive(settings.FIELD_KEY, "record tickets")


def who_of(entry: Entry, names: dict[int, str]) -> str:
    """Say who did what an entry tells; ``names`` are those whom the viewer may know of."""
    if entry.actor_kind == "reporter":
        return gettext("Reporter")
    if entry.actor_id is None:
        return gettext("System")
    return names.get(entry.actor_id, gettext("Someone who is no longer here"))


def _detail(entry: Entry) -> str:
    told = [(key, entry.detail.get(key)) for key in _TOLD if entry.detail.get(key)]
    return ", ".join(
        key if value is True else f"{key.replace('_', ' ')}: {str(value).replace('_', ' ')}"
        for key, value in told
    )


def _people(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the colleagues one can filter by: those the viewer may see, by name."""
    return sorted(((p.pk, p.name) for p in Person.objects.all()), key=lambda pair: pair[1])
