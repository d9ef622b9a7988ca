"""What waits of going along, and what falls due: lines of the home page of an advocate."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from upstander.helplines.actions.accompaniments import State
from upstander.helplines.actions.deadlines import AHEAD
from upstander.helplines.legal_models import Deadline
from upstander.helplines.models import Accompaniment
from upstander.helplines.rights import AdvocateRight
from upstander.people.permissions import may
from upstander.people.scope import Viewer
from upstander.plug import ToDo


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return where one goes along, what nobody has accepted, and what falls due within a week.

    Whoever noted it: all of the agency see it. Call inside ``viewing``.
    """
    if not may(viewer, AdvocateRight.WORK):
        return []
    mine = Accompaniment.objects.filter(
        held_by=viewer.person_id, state__in=(State.ACCEPTED, State.ARRIVED, State.LEFT)
    )
    waits = Accompaniment.objects.filter(state=State.WAITING)
    due = Deadline.objects.filter(done_at=None, due_at__lte=now + AHEAD[0])
    return [
        *(
            ToDo(gettext("Due for a client"), f"/clients/{pk}/legal#due", at, late=at < now)
            for pk, at in due.values_list("client_id", "due_at").order_by("due_at", "pk")
        ),
        *(
            ToDo(gettext("You go along"), f"/accompaniments/{pk}", at, grave=True)
            for pk, at in mine.values_list("pk", "begins_at")
        ),
        *(
            ToDo(gettext("Somebody is wanted"), f"/accompaniments/{pk}", at, untaken=True)
            for pk, at in waits.values_list("pk", "begins_at")
        ),
    ]
