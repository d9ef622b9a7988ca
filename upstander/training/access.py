"""Which schools and districts of the ledger are the viewer's; the database asks the same."""

from __future__ import annotations

from django.http import Http404

from upstander.people.roles import SCHOOL_OFFICE
from upstander.people.scope import Viewer
from upstander.places.models import District, School
from upstander.training.models import Certification, Employee
from upstander.training.rights import CARRIED_BY, TrainingRight


def own_schools(viewer: Viewer) -> list[int]:
    """Return the schools in whose office the viewer is."""
    own = {m.school_id for m in viewer.memberships if m.role in SCHOOL_OFFICE}
    return sorted(one for one in own if one is not None)


def own_districts(viewer: Viewer) -> list[int]:
    """Return the districts whose whole ledger is the viewer's."""
    roles = CARRIED_BY[TrainingRight.KEEP_LEDGER]
    own = {m.district_id for m in viewer.memberships if m.role in roles}
    return sorted(one for one in own if one is not None)


def school_for(viewer: Viewer, school_id: int) -> School:
    """Return a school whose ledger is the viewer's; call inside ``viewing``. Raises Http404."""
    school = School.objects.select_related("district").filter(pk=school_id).first()
    if school is None or not (
        school_id in own_schools(viewer) or school.district_id in own_districts(viewer)
    ):
        raise Http404
    return school


def district_for(viewer: Viewer, district_id: int) -> District:
    """Return a district whose ledger is the viewer's; call inside ``viewing``. Raises Http404."""
    found = District.objects.filter(pk=district_id).first()
    if found is None or district_id not in own_districts(viewer):
        raise Http404
    return found


def employee_for(employee_id: int) -> Employee:
    """Return an employee within sight; call inside ``viewing``. Raises Http404."""
    found = Employee.objects.filter(pk=employee_id).first()
    if found is None:
        raise Http404
    return found


def certification_for(certification_id: int) -> Certification:
    """Return a certification within sight; call inside ``viewing``. Raises Http404."""
    rows = Certification.objects.prefetch_related("findings")
    found = rows.filter(pk=certification_id).first()
    if found is None:
        raise Http404
    return found
