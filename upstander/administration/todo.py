"""What is missing to be ready tonight: lines of the administrator's home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from upstander.carriers.interpreters import interpreters
from upstander.carriers.providers import lines
from upstander.matters.people_near import people_near
from upstander.oncall.queries import plans, shift_of
from upstander.oncall.reach import ringable
from upstander.people.models import Team
from upstander.people.permissions import Permission, may
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center, School
from upstander.plug import ToDo
from upstander.rulefiles import RuleFileWrong


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return what keeps the system from being ready now, for whoever keeps places.

    A superintendent reads at which schools nobody can be rung, and whom to ask. Call inside
    ``viewing``. All of it is late: it is needed before the next tip or call.
    """
    if Role.SUPERINTENDENT in viewer.roles:
        return list(_for_superintendent(now))
    if not may(viewer, Permission.KEEP_PLACES):
        return []
    empty = _uncovered(now)
    rung = [ToDo(_nobody_at(empty), "/oncall", late=True)] if empty else []
    return [*rung, *_no_911_line(), *_no_interpreters(), *_no_last_phone()]


def _for_superintendent(now: datetime) -> Iterator[ToDo]:
    """Give a line for the schools where nobody can be rung, which leads to who can mend it.

    A superintendent sees no plan and keeps no team: they write to an administrator.
    """
    keepers = [one for one in people_near() if one.role is Role.ADMINISTRATOR]
    if not (empty := _uncovered(now)) or not keepers:
        return
    words = gettext("%(what)s: ask %(name)s (system administrator), %(email)s")
    keeper = keepers[0]
    said = words % {"what": _nobody_at(empty), "name": keeper.name, "email": keeper.email}
    yield ToDo(said, f"mailto:{keeper.email}", late=True)


def _uncovered(now: datetime) -> list[str]:
    """Return the schools, by name, where nobody is called first whom anything rings."""
    teams = Team.objects.filter(kind=TeamKind.SCHOOL).values_list("pk", "school_id")
    school_of = dict(teams)
    found = plans(school_of, now, now + timedelta(seconds=1))
    reached = ringable({person for plan in found for person in plan.members})
    covered = set[int]()
    for plan in found:
        shift = shift_of(plan, now, reached)
        if not shift.gap and reached & set(shift.primary):
            covered.add(school_of[plan.team_id])
    return sorted(School.objects.exclude(pk__in=covered).values_list("name", flat=True))


def _nobody_at(empty: list[str]) -> str:
    words = ngettext(
        "Nobody can be rung now at %(school)s",
        "Nobody can be rung now at %(number)s schools, %(school)s among them",
        len(empty),
    )
    return words % {"number": len(empty), "school": empty[0]}


def _no_911_line() -> Iterator[ToDo]:
    """Give a line for the schools for which nobody knows whom to call but 911, of another town."""
    bare = list(School.objects.filter(psap_phone="").order_by("name"))
    if not bare:
        return
    words = ngettext(
        "No 911 center’s number: %(school)s",
        "No 911 center’s number at %(number)s schools, %(school)s among them",
        len(bare),
    )
    one = f"/places/districts/{bare[0].district_id}/schools/{bare[0].pk}/"
    said = words % {"number": len(bare), "school": bare[0].name}
    yield ToDo(said, one if len(bare) == 1 else "/places/", late=True)


def _no_interpreters() -> Iterator[ToDo]:
    for center in Center.objects.order_by("name"):
        if not interpreters(center.pk):
            words = gettext("No interpreters’ number: %(center)s") % {"center": center.name}
            yield ToDo(words, f"/places/centers/{center.pk}/", late=True)


def _no_last_phone() -> Iterator[ToDo]:
    """Give a line for each number that takes calls and has no phone for when nobody answers."""
    try:
        bare = [one.number for one in lines() if one.calls and not one.fallback]
    except RuleFileWrong:
        return  # the status page says that the file can't be read
    for number in bare:
        words = gettext("No phone rings last for callers to %(number)s: name one in its line")
        yield ToDo(words % {"number": number}, "/status", late=True)
