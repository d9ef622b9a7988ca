"""What a closing left undone about 911 and police, and how it comes back with the subject.

A closing ends no danger: nobody is asked while it is closed, and all of it is asked for again once
it is open. Whoever closes is told of it beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.escalations.actions.tasks import close_first, hold_tasks, note_task, ring
from upstander.escalations.models import Task
from upstander.people.scope import System

#: What about 911 and police is left undone if a subject is closed over it.
LEFT_OPEN: Final = (
    Task.Kind.DECIDE_911,
    Task.Kind.CALL_911,
    Task.Kind.CONFIRM_HELP,
    Task.Kind.CONFIRM_BRIEF,
    Task.Kind.SECOND_POLICE,
    Task.Kind.ASK_NAMED,
)
#: What comes back with a subject that is open again rings after so long (s), if nobody takes it.
BACK_AFTER: Final = 60
#: How whoever closes is told of each.
UNDONE: Final[Mapping[Task.Kind, str | Promise]] = {
    Task.Kind.DECIDE_911: _("nobody has decided about 911"),
    Task.Kind.CALL_911: _("a call to 911 was decided, and nobody has recorded that it was made"),
    Task.Kind.CONFIRM_HELP: _("help was called, and nobody has confirmed that it arrived"),
    Task.Kind.CONFIRM_BRIEF: _("police were sent a brief, and have not read it"),
    Task.Kind.SECOND_POLICE: _("a second person was asked about police, and nobody has decided"),
    Task.Kind.ASK_NAMED: _("someone on the team waits until you say whether it is about them"),
}


def bring_back_tasks(subject_id: UUID, now: datetime) -> None:
    """Open again what a closing left undone about 911 and police; call in a transaction.

    Nobody has it: whoever had it before may not be there. Raises OperationalError where somebody
    else holds one.
    """
    close_first(subject_id)
    dropped = Task.objects.filter(
        subject_id=subject_id, state=Task.State.DROPPED, kind__in=LEFT_OPEN
    )
    running = Task.objects.filter(
        subject_id=subject_id, state__in=(Task.State.OPEN, Task.State.TAKEN)
    )
    for task in hold_tasks(dropped):
        if running.filter(kind=task.kind, contact_id=task.contact_id).exists():
            continue
        task.state, task.taken_by, task.taken_at = Task.State.OPEN, None, None
        task.due_at = max(task.due_at, now + timedelta(seconds=BACK_AFTER))
        # Whoever read it then has not read why it is open again.
        task.detail = {key: value for key, value in task.detail.items() if key != "read_by"}
        task.save(update_fields=["state", "taken_by", "taken_at", "due_at", "detail"])
        ring(task, task.due_at)
        note_task(task, "task opened", System())


def left_undone(*subject_ids: UUID) -> list[str]:
    """Return what about 911 and police is still to be done of subjects, in words; in ``viewing``.

    Whoever may see one of a subject's alerts may know, also a school, which sees no task. One
    query, however many subjects there are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.left_undone(p_subjects => %s, p_kinds => %s)",
            [list(subject_ids), [str(kind) for kind in LEFT_OPEN]],
        )
        row = cursor.fetchone()
    kinds = row[0] if row else []
    return [str(UNDONE[kind]) for kind in LEFT_OPEN if kind in kinds]
