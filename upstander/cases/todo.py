"""What waits for somebody in cases: a line of their home page each."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from upstander.cases.queries import due_of
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer
from upstander.plug import ToDo


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return the steps of cases that are the viewer's; call inside ``viewing``."""
    if not may(viewer, Permission.WORK_CASES):
        return []
    return [
        ToDo(
            gettext("%(step)s, case %(case)s")
            % {"step": row.kind.label, "case": row.case.reference},
            f"/cases/{row.case.pk}",
            row.action.due_at,
            row.late,
        )
        for row in due_of(viewer, now)
    ]
