"""What waits for whoever keeps the directory: lines of their home page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import ngettext

from upstander.directory.facts import CHECKED_FOR
from upstander.directory.models import Service
from upstander.directory.sources import Source
from upstander.people.permissions import Permission, may
from upstander.people.scope import Viewer
from upstander.plug import ToDo

_PAGE = "/services"


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return what is due of the services that they keep or nobody does; inside ``viewing``."""
    if not may(viewer, Permission.CONFIRM_SERVICES):
        return []
    mine = Service.objects.filter(
        Q(keeper=viewer.person_id) | Q(keeper__isnull=True), assured_by__isnull=False
    )
    old = (now - CHECKED_FOR).date()
    due = mine.filter(Q(confirmed=False) | Q(assured_on__lt=old)).count()
    failing = Service.objects.filter(failures__isnull=False).distinct().count()
    unread = Service.objects.filter(Q(withheld=True) | Q(organization__withheld=True)).count()
    came = Source.objects.filter(incoming__isnull=False).distinct().count()
    lines = [
        ToDo(words % number, _PAGE, late=True)
        for number, words in _said(due, failing, unread)
        if number
    ]
    words = ngettext(
        "%d source of helping services says something else than stands here",
        "%d sources of helping services say something else than stands here",
        came,
    )
    return [*lines, ToDo(words % came, f"{_PAGE}/import")] if came else lines


def _said(due: int, failing: int, unread: int) -> tuple[tuple[int, str], ...]:
    return (
        (
            due,
            ngettext(
                "%d helping service is due to be checked again",
                "%d helping services are due to be checked again",
                due,
            ),
        ),
        (
            failing,
            ngettext(
                "A number of %d helping service is said not to work",
                "Numbers of %d helping services are said not to work",
                failing,
            ),
        ),
        (
            unread,
            ngettext(
                "%d confidential service waits for its words to be read",
                "%d confidential services wait for their words to be read",
                unread,
            ),
        ),
    )
