"""Saving what an import's preview has shown, all in one transaction or not at all."""

from __future__ import annotations

from collections import Counter

from upstander.administration.actions.places import save_but_name
from upstander.administration.imports import judge_schools, judge_staff
from upstander.audit.actions import record
from upstander.people.access import administrators_only
from upstander.people.actions.invitations import put_forward
from upstander.people.actions.setup import add_school_teams, free_slug
from upstander.people.scope import Viewer, viewing


def import_schools(viewer: Viewer, text: str) -> Counter[str]:
    """Add and change the schools of a table; rows that are wrong are left out.

    The table is judged once more, since places may have changed since the preview. Returns how
    many rows were of each status. Raises Http404, Refused.
    """
    with viewing(viewer):
        administrators_only(viewer)
        rows, _ = judge_schools(text)
        counts: Counter[str] = Counter()
        for row in rows:
            counts[row.judged.status] += 1
            if row.form is None or row.district is None or row.judged.status == "same":
                continue
            school = row.form.instance
            new = school.pk is None
            if new:
                school.district = row.district
                school.slug = free_slug(school.name)
            save_but_name(row.form)
            add_school_teams(school)
            record(
                "school added" if new else "school changed",
                actor=viewer,
                subject_kind="school",
                subject_id=school.pk,
                district_id=row.district.pk,
                detail={"import": True, "fields": sorted(row.form.changed_data)},
            )
        return counts


def import_staff(viewer: Viewer, text: str) -> Counter[str]:
    """Put the people of a table forward for their teams; their leads send the invitations.

    Nobody gets an account or a key by it. Returns and raises as ``import_schools``.
    """
    with viewing(viewer) as now:
        administrators_only(viewer)
        rows, _ = judge_staff(text)
        counts: Counter[str] = Counter()
        for row in rows:
            counts[row.judged.status] += 1
            if row.team is not None and row.invitee is not None:
                put_forward(viewer, row.team, row.invitee, now)
        return counts
