"""Who opened what their own team doesn't have: for those who lead, from the record.

Opening is recorded before anything is decrypted, so a visit that found the door shut stands here
too. No key reaches beyond its holders (docs/adr/0030-no-break-glass.md); what this page finds is
somebody of the center after a hand-off, a colleague in what another has claimed, an opening by name
or through a share, and whoever tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from upstander.audit.models import Entry
from upstander.audit.queries import Wanted, entries, last_before
from upstander.desk.english import in_english
from upstander.desk.record import found_for, who_of
from upstander.intake.priority import Priority
from upstander.matters.models import Folder
from upstander.people.models import Membership
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.plug import Counts, acts_that_count
from upstander.tips.models import Recipient, Tip
from upstander.tips.queries import names_of
from upstander.tips.shown import PURPOSES
from upstander.tips.states import TipState
from upstander.tips.times import shown_to

DAYS = 90

#: Openings that are looked at, the latest ones.
LIMIT = 5_000
SHOWN = 200
#: A number that is no team's: somebody whose team the viewer may not know of.
ELSEWHERE = 0


@dataclass(slots=True)
class Opened:
    """All that one person opened of one thing, for one reason why it is listed."""

    who: str
    reference: str
    tip_id: str
    about: str
    why: str
    last: datetime
    when: str = ""
    times: int = 0
    purposes: set[str] = field(default_factory=set)

    @property
    def purpose(self) -> str:
        """What it was opened for, in words."""
        return ", ".join(sorted(self.purposes))


@require_GET
@requires(Permission.SEE_ACCESS)
@in_english
def access(request: HttpRequest) -> HttpResponse:
    """List openings by people of no team that has the tip or case, the latest first."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        since = now - timedelta(days=DAYS)
        # A school's or district's entries are found by its tips; the center's by where they begin.
        after = last_before(since.date()) if viewer.kind is TeamKind.CENTER else None
        tips = found_for(viewer, Wanted(action="tip opened", since=since, after=after), LIMIT)
        others = entries(Wanted(since=since, after=after)).exclude(subject_kind="tip")
        folders = list(others.filter(action__in=acts_that_count(Counts.OPENING))[:LIMIT])
        rows = _rows(viewer, tips, folders)
    return render(
        request,
        "desk/access.html",
        {"rows": rows[:SHOWN], "more": len(rows) > SHOWN, "days": DAYS, "shown": SHOWN},
    )


def why_outside(viewer: Viewer, teams: frozenset[int], tip: Tip, held: Held, entry: Entry) -> str:
    """Say why an opening of a tip is listed for this viewer; empty if it is not.

    ``teams`` are the opener's, ``held`` since when which team has the tip.
    """
    has_it = {team for team, since in held.items() if since <= entry.at}
    own = {membership.team_id for membership in viewer.memberships}
    if viewer.kind is TeamKind.CENTER:
        if not teams & own:
            return "" if teams & has_it else gettext("not assigned to any of their teams")
        # What is only held, or was, is nobody's yet: whoever is sooner may open it.
        if tip.state == TipState.NEW or tip.claimed_at is None:
            return ""
        if tip.claimed_by in (None, entry.actor_id):
            return ""
        return gettext("claimed by someone else") if entry.at >= tip.claimed_at else ""
    if viewer.kind is TeamKind.DISTRICT:
        return (
            ""
            if teams & has_it or ELSEWHERE in teams
            else gettext("not assigned to any of their teams")
        )
    # Whole seconds: the hand-off itself lies in that of its own opening.
    had_it = any(held[team] < entry.at for team in has_it & own)
    return (
        gettext("not on your team, opened after your team had it")
        if had_it and not teams & own
        else ""
    )


type Held = Mapping[int, datetime]


def _rows(viewer: Viewer, opened: Sequence[Entry], folders: Sequence[Entry]) -> list[Opened]:
    """Gather openings by person, thing and reason; inside ``viewing``. Constant queries."""
    people = {entry.actor_id for entry in (*opened, *folders) if entry.actor_id}
    names, teams = names_of(people), _teams_of(people)
    tips = {str(tip.pk): tip for tip in Tip.objects.filter(pk__in=_subjects(opened))}
    held = _held(tips.values())
    makers = dict(Folder.objects.filter(pk__in=_subjects(folders)).values_list("pk", "opened_by"))
    own = {membership.team_id for membership in viewer.memberships}
    found: dict[tuple[object, ...], Opened] = {}
    for entry in opened:
        tip = tips.get(entry.subject_id)
        if tip is not None and entry.actor_id:
            mine = teams.get(entry.actor_id, frozenset({ELSEWHERE}))
            why = why_outside(viewer, mine, tip, held[tip.pk], entry)
            _add(found, entry, names, why, tip.reference, str(tip.pk))
    for entry in folders:
        made = {str(pk): maker for pk, maker in makers.items()}.get(entry.subject_id)
        theirs = teams.get(entry.actor_id or 0, frozenset({ELSEWHERE}))
        if entry.actor_id and entry.actor_id != made and not theirs & own:
            _add(found, entry, names, gettext("not on your team"), "", "")
    rows = sorted(found.values(), key=lambda row: row.last, reverse=True)
    _tell_times(viewer, rows, tips)
    return rows


def _add(
    found: dict[tuple[object, ...], Opened],
    entry: Entry,
    names: dict[int, str],
    why: str,
    reference: str,
    tip_id: str,
) -> None:
    if not why:
        return
    key = (entry.actor_id, entry.subject_kind, entry.subject_id, why)
    row = found.get(key)
    if row is None:
        who = who_of(entry, names)
        row = Opened(who, reference, tip_id, entry.subject_kind, why, entry.at)
        found[key] = row
    row.times += 1
    row.last = max(row.last, entry.at)
    purpose = str(entry.detail.get("purpose", "read"))
    row.purposes.add(str(PURPOSES.get(purpose, purpose.replace("_", " "))))


def _subjects(found: Iterable[Entry]) -> set[str]:
    return {entry.subject_id for entry in found}


def _teams_of(people: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the teams of those whom the viewer may know of; others have no line."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(person_id__in=people).values_list("person_id", "team_id")
    for person, team in rows:
        found[person].add(team)
    return {person: frozenset(teams) for person, teams in found.items()}


def _held(tips: Iterable[Tip]) -> defaultdict[object, dict[int, datetime]]:
    held: defaultdict[object, dict[int, datetime]] = defaultdict(dict)
    rows = Recipient.objects.filter(tip__in=[tip.pk for tip in tips])
    for tip_id, holder, since in rows.values_list("tip_id", "holder", "since"):
        kind, _, number = holder.partition(":")
        if kind == "team":
            held[tip_id][int(number)] = since
    return held


def _tell_times(viewer: Viewer, rows: Sequence[Opened], tips: Mapping[str, Tip]) -> None:
    zones = {pk: ZoneInfo(name) for pk, name in District.objects.values_list("pk", "time_zone")}
    for row in rows:
        tip = tips.get(row.tip_id)
        zone = zones.get(tip.district_id, timezone.get_default_timezone()) if tip else None
        priority = tip.priority if tip else Priority.ROUTINE
        row.when = shown_to(viewer, row.last, priority, zone or timezone.get_default_timezone())
