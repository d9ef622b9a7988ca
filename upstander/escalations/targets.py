"""Whom a step asks: nobody who is excluded, gone, or has said that they cannot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from upstander.carriers.queries import silent
from upstander.escalations.models import Acknowledgement, Alert, Task
from upstander.escalations.outside_models import FallbackPhone
from upstander.matters.exclusions import Exclusions
from upstander.oncall.models import Rest
from upstander.oncall.queries import Shift, on_call
from upstander.people.keys import name_in, person_mac
from upstander.people.models import Membership
from upstander.people.roles import Role, TeamKind
from upstander.places.models import District
from upstander.plug import may_not_take

#: Steps that ask a center's people, whosesoever the alert is.
_AT_CENTER = frozenset({"center", "supervisor", "fallback"})


def people_for(alert: Alert, target: str, now: datetime, *, but: int | None = None) -> list[int]:
    """Return whom a step asks now, by id; not ``but``, who asks it. Empty: it reaches nobody.

    Nobody whose phone must make no sound. Where an exclusion or a "can't" leaves nobody of those on
    call, the rest of their team is asked. Whoever takes a break is asked only where a step would
    otherwise reach nobody.
    """
    left_out, late, quiet = _LeftOut(alert), list[int](), silent()
    resting = set(Rest.objects.filter(until__gt=now).values_list("person_id", flat=True))
    for people in _candidates(alert, target, now):
        asked = {person for person in {*people} - {but} if not left_out(person)}
        asked -= quiet
        if alert.stage == Alert.Stage.CENTER or target in _AT_CENTER:
            asked -= may_not_take(asked).keys()
        if awake := asked - resting:
            return sorted(awake)
        late = late or sorted(asked)
    return [] if target.startswith("person:") else late


def _candidates(alert: Alert, target: str, now: datetime) -> Iterable[Iterable[int]]:
    """Give those whom a target means, the better ones first."""
    district = District.objects.get(pk=alert.district_id)
    active = Membership.objects.filter(person__is_active=True)
    if target.startswith("person:"):
        # Only people who may come to see the tip: of the district it is in, or of its center.
        near = active.filter(
            _of_center(district) if alert.center_only else _near(district),
            person_id=int(target.removeprefix("person:")),
        )
        yield near.values_list("person_id", flat=True)
        return
    if target == "fallback":
        teams = active.filter(team__kind=TeamKind.CENTER, team__center_id=district.center_id)
        last = FallbackPhone.objects.filter(center_id=district.center_id)
        yield teams.filter(person_id__in=last.values("person_id")).values_list(
            "person_id", flat=True
        )
        # Nobody is named, or they left, are excluded or can't: everybody of the center.
        yield teams.values_list("person_id", flat=True)
        return
    if target == "supervisor":
        teams = active.filter(team__kind=TeamKind.CENTER, team__center_id=district.center_id)
        leads = set(teams.filter(role=Role.CENTER_SUPERVISOR).values_list("person_id", flat=True))
        shifts = _shifts(teams, now)
        yield leads & {p for shift in shifts for p in (*shift.primary, *shift.backup)}
        yield leads
        yield (p for shift in shifts for p in (*shift.backup, *shift.primary))
        yield teams.values_list("person_id", flat=True)
        return
    if target in ("district", "center"):
        kind = TeamKind.DISTRICT if target == "district" else TeamKind.CENTER
        place = (
            Q(team__district_id=district.pk)
            if target == "district"
            else Q(team__center_id=district.center_id)
        )
        members = active.filter(place, team__kind=kind)
        waiting = _unanswered(alert)

        def asked(people: Iterable[int]) -> Iterable[int]:
            return [p for p in people if name_in(p, alert.subject_id) not in waiting]

        yield asked(p for shift in _shifts(members, now) for p in shift.primary)
        yield asked(members.values_list("person_id", flat=True))
        return
    members = active.filter(team_id__in=_holder_teams(alert))
    named = _named(alert, active.filter(_near(district)))
    shifts = _shifts(members, now) if target != "team" else []
    if target == "holders":
        yield {p for shift in shifts for p in shift.primary} | named
    elif target == "backups":
        # Where everybody was asked at first, there is no other backup than everybody again.
        yield {p for shift in shifts for p in shift.backup if p not in shift.primary}
    yield {*members.values_list("person_id", flat=True)} | named


def _near(district: District) -> Q:
    """Those who may come to see a tip of a district: not, for one, its police."""
    return Q(
        team__kind__in=(TeamKind.SCHOOL, TeamKind.DISTRICT), team__district_id=district.pk
    ) | _of_center(district)


def _of_center(district: District) -> Q:
    return Q(team__kind=TeamKind.CENTER, team__center_id=district.center_id)


def concerns(alert: Alert, person_id: int) -> bool:
    """Tell whether somebody may still be asked about an alert: no page outlives their membership.

    They are of whom it was handed to, of the district's office, of its center, or were added by
    name. (``escalations_concerns`` is the same for whoever leaves; a test compares them.)
    """
    district = District.objects.get(pk=alert.district_id)
    active = Membership.objects.filter(person_id=person_id, person__is_active=True)
    near = active.filter(_near(district) | Q(team_id__in=_holder_teams(alert)))
    memberships = list(near.values_list("team_id", "team__kind"))
    if any(
        f"team:{team}" in alert.holders or kind != TeamKind.SCHOOL for team, kind in memberships
    ):
        return True
    by_name = alert.steps.filter(target=f"person:{person_id}")
    return bool(memberships) and (
        name_in(person_id, alert.subject_id) in alert.holders or by_name.exists()
    )


def _holder_teams(alert: Alert) -> list[int]:
    """Return the teams that it was handed to, by id."""
    return [int(h.removeprefix("team:")) for h in alert.holders if h.startswith("team:")]


def _named(alert: Alert, near: Iterable[Membership]) -> set[int]:
    """Return the single persons to whom a restricted matter was handed."""
    names = {holder for holder in alert.holders if holder.startswith("own:")}
    if not names:
        return set()
    return {one.person_id for one in near if name_in(one.person_id, alert.subject_id) in names}


def _unanswered(alert: Alert) -> set[str]:
    """Return by name who is asked nothing until the center has said whether it is about them."""
    asked = Task.objects.filter(
        subject_id=alert.subject_id,
        kind=Task.Kind.ASK_NAMED,
        state__in=(Task.State.OPEN, Task.State.TAKEN),
    )
    return {name for detail in asked.values_list("detail", flat=True) for name in detail["own"]}


def _shifts(members: Iterable[Membership], now: datetime) -> list[Shift]:
    return [on_call(team, now) for team in sorted({one.team_id for one in members})]


def excluded_from(alert: Alert) -> Exclusions:
    """Return who is excluded from the alert's matter."""
    return exclusions_of(alert.matter_id)


def exclusions_of(matter_id: UUID) -> Exclusions:
    """Return who is excluded from a matter; the worker alone may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.exclusions_of(%s)", [matter_id])
        row = cursor.fetchone()
    return Exclusions.told(row[0] if row else [])


class _LeftOut:
    """Whether somebody is not asked about an alert."""

    def __init__(self, alert: Alert) -> None:
        self.excluded = excluded_from(alert)
        latest = dict(
            Acknowledgement.objects.filter(alert_id=alert.pk)
            .order_by("number")
            .values_list("person_id", "answer")
        )
        self.cannot = {
            person for person, said in latest.items() if said == Acknowledgement.Answer.CANNOT
        }

    def __call__(self, person: int) -> bool:
        return person in self.cannot or person_mac(person) in self.excluded
