"""When a volunteer takes something new: allowed, on a shift, and beside staff who can be rung."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext

from upstander.base.moment import database_now
from upstander.helplines.models import Volunteer
from upstander.oncall.queries import on_call
from upstander.oncall.reach import names_of, ringable
from upstander.people.models import Membership
from upstander.people.roles import Role, TeamKind


def may_not_take(people: Collection[int]) -> dict[int, str]:
    """Return which volunteers of these people may take nothing new now, with why and whom to ring.

    Inside ``viewing`` or as the worker; of the staff nothing is asked. Whoever is a volunteer of
    one center stands here for whatever they take anywhere as somebody of a center.
    """
    rows = Volunteer.objects.filter(person_id__in=people, ended_at=None).order_by("begun_at", "pk")
    return {one.person_id: why for one in rows if (why := _why_not(one))}


def staff_on_call(center_id: int, person_id: int) -> tuple[bool, list[int]]:
    """Return whether somebody is on call now, and which staff of their teams can be rung, in order.

    A plan that went wrong, where the whole team is asked, is nobody's shift.
    """
    now, on, beside = database_now(), False, dict[int, None]()
    teams = Membership.objects.filter(
        person_id=person_id, team__kind=TeamKind.CENTER, team__center_id=center_id
    )
    for team in teams.order_by("team_id").values_list("team_id", flat=True):
        shift = on_call(team, now)
        people = (*shift.backup, *shift.primary)
        on = on or (person_id in people and not shift.gap)
        beside |= dict.fromkeys(people)
    volunteers = Volunteer.objects.filter(center_id=center_id, ended_at=None)
    rung = ringable(beside.keys() - {person_id, *volunteers.values_list("person_id", flat=True)})
    return on, [one for one in beside if one in rung]


def _why_not(row: Volunteer) -> str:
    if row.may_take_at is None:
        return gettext(
            "No supervisor has recorded yet that this volunteer may take contacts. Ring %(who)s."
        ) % {"who": _names(leads_of(row.center_id))}
    on, staff = staff_on_call(row.center_id, row.person_id)
    if not staff:
        return gettext(
            "No staff can be rung as backup now, so a volunteer takes nothing new. What they have "
            "stays theirs. Ring %(who)s."
        ) % {"who": _names(leads_of(row.center_id))}
    if not on:
        return gettext(
            "A volunteer takes contacts only on a shift, and is not on call now. Ring %(who)s."
        ) % {"who": _names(staff)}
    return ""


def leads_of(center_id: int) -> list[int]:
    """Return a center's supervisors, by id."""
    leads = Membership.objects.filter(
        team__center_id=center_id, role=Role.CENTER_SUPERVISOR, person__is_active=True
    )
    return list(leads.order_by("pk").values_list("person_id", flat=True))


def _names(people: Iterable[int]) -> str:
    return ", ".join(names_of(people).values()) or gettext("the center’s supervisor")
