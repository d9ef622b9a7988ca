"""What is due of callouts: lines of the home page of whoever looks after them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from upstander.callouts.models import Callout
from upstander.callouts.rights import CalloutRight
from upstander.people.permissions import may
from upstander.people.scope import Viewer
from upstander.plug import ToDo


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return one's own callout, and follow-ups that are due; call inside ``viewing``."""
    if not may(viewer, CalloutRight.WORK):
        return []
    found = [
        ToDo(gettext("You have a callout"), f"/callouts/{one}", since, grave=True)
        for one, since in Callout.objects.filter(held_by=viewer.person_id)
        .exclude(state="ended")
        .values_list("pk", "asked_at")
    ]
    due = Callout.objects.filter(state="ended", due_at__lte=now).values_list("due_at", flat=True)
    first = due.order_by("due_at").first()
    if first is not None:
        found.append(ToDo(gettext("Follow up after a visit"), "/callouts", first, late=True))
    return found
