"""Of whom a closed case was, for the figures; and by what a district compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.accountability.models import CaseFigures, Division
from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.models import Case
from upstander.people.scope import Viewer, viewing

#: Grade → how it is called.
GRADES: Final[Mapping[str, Promise]] = {
    "pk": gettext_lazy("Pre-K"),
    "k": gettext_lazy("Kindergarten"),
    **{str(n): format_lazy(gettext_lazy("Grade {number}"), number=n) for n in range(1, 13)},
}
#: What a district can compare by besides school, grade and disability.
MOST_DIVISIONS: Final = 6
MOST_GROUPS: Final = 12


def fill_in(
    viewer: Viewer,
    case_id: UUID,
    *,
    grade: str,
    disability: bool | None,
    groups: Mapping[int, str],
) -> None:
    """Say of whom a closed case was; said again, the last time counts.

    ``groups`` is by division. Raises Http404: no case that they see; Refused.
    """
    if grade and grade not in GRADES:
        raise Refused(_("Choose a grade from the list."))
    with viewing(viewer) as now:
        case = Case.objects.filter(pk=case_id).first()
        if case is None:
            raise Http404
        if case.state != Case.State.CLOSED:
            raise Refused(_("Only after the case is closed."))
        known = {one.pk: one for one in divisions_of(case.district_id)}
        for division, group in groups.items():
            if group and (division not in known or group not in known[division].groups):
                raise Refused(_("Choose from the lists."))
        said = {str(division): group for division, group in groups.items() if group}
        values = {
            "grade": grade,
            "disability": disability,
            "groups": said,
            "person_id": viewer.person_id,
            "at": now,
        }
        if not CaseFigures.objects.filter(pk=case.pk).update(**values):
            CaseFigures.objects.create(
                case_id=case.pk, district_id=case.district_id, matter_id=case.matter_id, **values
            )
        record(
            "case figures filled in",
            actor=viewer,
            subject_kind="case",
            subject_id=case.pk,
            district_id=case.district_id,
            matter_id=case.matter_id,
        )


def divisions_of(district_id: int) -> list[Division]:
    """Return by what a district compares; call inside ``viewing``."""
    return list(Division.objects.filter(district_id=district_id, ended_at=None).order_by("pk"))


def add_division(viewer: Viewer, district_id: int, name: str, groups: list[str]) -> None:
    """Let a district compare by something of its own: a lead's. Raises Refused, Http404."""
    name = name.strip()
    wanted = list(dict.fromkeys(group.strip() for group in groups if group.strip()))
    if not name or len(name) > 60 or not 2 <= len(wanted) <= MOST_GROUPS:
        raise Refused(
            _("Enter a name and 2 to %(MOST_GROUPS)s groups, one per line.")
            % {"MOST_GROUPS": MOST_GROUPS}
        )
    if any(len(group) > 60 for group in wanted):
        raise Refused(_("A group name can have at most 60 letters."))
    with viewing(viewer) as now:
        if district_id not in {membership.district_id for membership in viewer.memberships}:
            raise Http404
        before = divisions_of(district_id)
        if len(before) >= MOST_DIVISIONS or name in {one.name for one in before}:
            raise Refused(
                _("There can be at most %(MOST_DIVISIONS)s, each with its own name.")
                % {"MOST_DIVISIONS": MOST_DIVISIONS}
            )
        made = Division.objects.create(
            district_id=district_id,
            name=name,
            groups=wanted,
            made_by=viewer.person_id,
            made_at=now,
        )
        _record(viewer, "division added", made)


def end_division(viewer: Viewer, division_id: int) -> None:
    """Don't ask for it any more; what was answered stays in the past spans. Raises Http404."""
    with viewing(viewer) as now:
        found = Division.objects.filter(
            pk=division_id,
            ended_at=None,
            district_id__in=[p.district_id for p in viewer.memberships],
        ).first()
        if found is None:
            raise Http404
        Division.objects.filter(pk=found.pk).update(ended_at=now)
        _record(viewer, "division ended", found)


def _record(viewer: Viewer, action: str, division: Division) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="district",
        subject_id=division.district_id,
        district_id=division.district_id,
        detail={"division": division.pk},
    )
