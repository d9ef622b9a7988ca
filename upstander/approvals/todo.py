"""What waits for a supervisor's answer: a line of their home page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from upstander.approvals.queries import waiting_for
from upstander.approvals.rights import ApprovalRight
from upstander.people.permissions import may
from upstander.people.scope import Viewer
from upstander.plug import ToDo


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return one line for all that the viewer may decide; call inside ``viewing``."""
    if not may(viewer, ApprovalRight.SEE):
        return []
    mine = [row.one for row in waiting_for(viewer, now)[0] if row.decides]
    if not mine:
        return []
    words = ngettext(
        "%(number)s request waits for your approval",
        "%(number)s requests wait for your approval",
        len(mine),
    )
    return [ToDo(words % {"number": len(mine)}, "/approvals", mine[0].lapses_at)]
