"""What a supervisor says of a volunteer: that they are one, may take contacts, or are one no more.

Each is one transaction with its entry in the record. The database asks whose center it is, and that
nobody says it of themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.helplines.models import Volunteer
from upstander.people.models import Membership, Person
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody of a center who may be a volunteer; ``row`` is None where they are staff."""

    person: Person
    row: Volunteer | None


def list_people(viewer: Viewer) -> list[Shown]:
    """Return whom the viewer may mark at the centers that they lead, by name; not themselves."""
    with viewing(viewer):
        people = {one.person_id: one.person for one in _theirs(viewer)}
        rows = Volunteer.objects.filter(ended_at=None, person_id__in=people)
        marked = {one.person_id: one for one in rows}
    shown = [Shown(one, marked.get(pk)) for pk, one in people.items()]
    return sorted(shown, key=lambda one: (one.row is None, one.person.name.casefold()))


def mark(viewer: Viewer, person_id: int) -> None:
    """Say that somebody is a volunteer. Raises Http404, Refused where they are one."""
    with viewing(viewer) as now:
        found = next((one for one in _theirs(viewer) if one.person_id == person_id), None)
        if found is None or found.team.center_id is None:
            raise Http404
        if _row(person_id) is not None:
            raise Refused(gettext("They are a volunteer already."))
        row = Volunteer(
            center_id=found.team.center_id,
            person_id=person_id,
            begun_by=viewer.person_id,
            begun_at=now,
        )
        row.save(force_insert=True)
        record("volunteer marked", **_of(viewer, row))


def let_take(viewer: Viewer, person_id: int, *, may: bool) -> None:
    """Say that a volunteer may take contacts, or takes none for now. Raises Http404."""
    with viewing(viewer) as now:
        row = _own_row(viewer, person_id)
        by, at = (viewer.person_id, now) if may else (None, None)
        Volunteer.objects.filter(pk=row.pk).update(may_take_by=by, may_take_at=at)
        if may:
            record("volunteer may take", **_of(viewer, row))
        else:
            record("volunteer may not take", **_of(viewer, row))


def end(viewer: Viewer, person_id: int) -> None:
    """Say that somebody is no volunteer any more: they are staff. Raises Http404."""
    with viewing(viewer) as now:
        row = _own_row(viewer, person_id)
        Volunteer.objects.filter(pk=row.pk).update(ended_at=now)
        record("volunteer ended", **_of(viewer, row))


def _theirs(viewer: Viewer) -> list[Membership]:
    members = Membership.objects.filter(
        team_id__in=viewer.leads,
        team__kind=TeamKind.CENTER,
        person__is_active=True,
        role=Role.COUNSELOR,
    )
    own = members.exclude(person_id=viewer.person_id)
    return list(own.select_related("person", "team").order_by("pk"))


def _row(person_id: int) -> Volunteer | None:
    return Volunteer.objects.select_for_update().filter(person_id=person_id, ended_at=None).first()


def _own_row(viewer: Viewer, person_id: int) -> Volunteer:
    row = _row(person_id)
    if row is None or person_id not in {one.person_id for one in _theirs(viewer)}:
        raise Http404
    return row


def _of(viewer: Viewer, row: Volunteer) -> dict[str, Any]:
    return {
        "actor": viewer,
        "subject_kind": "person",
        "subject_id": row.person_id,
        "detail": {"center": row.center_id},
    }
