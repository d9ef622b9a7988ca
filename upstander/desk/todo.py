"""Tips that wait for somebody of a school or district: lines of their home page."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext, ngettext

from upstander.desk.district import open_tips
from upstander.desk.team import handed_tips
from upstander.desk.team_panels import TeamRow, rows_of
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer
from upstander.plug import ToDo


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return the tips that the viewer has or could have, and their district's that nobody has.

    Call inside ``viewing``. Times are no finer than a school may know them.
    """
    found: list[ToDo] = []
    own: set[str] = set()
    if may(viewer, Permission.WORK_AS_TEAM):
        rows = rows_of(viewer, handed_tips())
        own = {row.reference for row in rows}
        found += [_tip(row) for row in rows if row.standing.needs_answer or row.standing.by_me]
    if may(viewer, Permission.SEE_DISTRICT):
        free = [
            row
            for row in rows_of(viewer, open_tips(viewer))
            if row.standing.needs_answer and row.reference not in own
        ]
        if free:
            dues = [row.standing.due for row in free if row.standing.due]
            found.append(
                ToDo(
                    ngettext(
                        "Nobody has it yet: %(number)s tip at your schools",
                        "Nobody has them yet: %(number)s tips at your schools",
                        len(free),
                    )
                    % {"number": len(free)},
                    "/district",
                    min(dues, default=None),
                    any(row.standing.late for row in free),
                    grave=any(row.rank == 0 for row in free),
                    untaken=True,
                )
            )
    return found


def _tip(row: TeamRow) -> ToDo:
    standing = row.standing
    words = (
        gettext("Nobody has it yet: %(tip)s")
        if standing.needs_answer
        else gettext("You have it, and its next step is due: %(tip)s")
        if standing.due or standing.due_words
        else gettext("You have it: %(tip)s")
    )
    return ToDo(
        words % {"tip": f"{row.tile}, {row.reference}"},
        f"/team/{row.id}",
        standing.due,
        standing.late,
        grave=row.rank == 0,
        untaken=standing.needs_answer,
    )
