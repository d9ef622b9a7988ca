"""For the walk over all addresses: the alert of a school, and a call that the desk is to make."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Alert, Task
from upstander.people.scope import viewing


def things(story: Story) -> dict[str, Any]:
    """Find the alert that the hand-off began, and ask the center's desk to phone the school."""
    viewer = story.viewer(story.counselor)
    with viewing(viewer) as now:
        alert = Alert.objects.get(
            subject_id=story.tip_id,
            holders__contains=[story.cast.teams[story.school].holder],
        )
        task = open_task(
            Task.Kind.CALL_SCHOOL,
            subject_id=alert.subject_id,
            matter_id=alert.matter_id,
            district_id=alert.district_id,
            due_at=now,
            now=now,
            actor=viewer,
        )
    return {
        "alert_id": alert.pk,
        "ringing_id": alert.pk,
        "stage": "school",
        "situation": "soon",
        "task_id": task.pk,
    }


WHOSE: dict[str, Owners] = {
    "alert_id": lambda values: values["asked"],
    "ringing_id": lambda values: values["center"],
    "task_id": lambda values: values["center"],
    "stage": lambda _: {"sam"},
}
