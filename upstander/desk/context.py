"""What every staff page shows around its own matter: where one can go, and who one is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from upstander.places.permissions import Permission, may
from upstander.places.scope import Viewer
from upstander.watch.queries import banner


class Place(NamedTuple):
    """One entry of the rail."""

    label: Promise
    path: str
    icon: str
    permission: Permission
    #: Only in the demo.
    demo: bool = False


PLACES: tuple[Place, ...] = (
    Place(gettext_lazy("Queue"), "/queue", "queue", Permission.SEE_QUEUE),
    Place(gettext_lazy("My tips"), "/queue/mine", "inbox", Permission.SEE_QUEUE),
    Place(gettext_lazy("Supervisor"), "/supervisor", "chart", Permission.SUPERVISE),
    Place(gettext_lazy("Who is asked"), "/policies", "bell", Permission.SUPERVISE),
    Place(gettext_lazy("District"), "/district", "school", Permission.SEE_DISTRICT),
    Place(gettext_lazy("Team"), "/team", "inbox", Permission.WORK_AS_TEAM),
    Place(gettext_lazy("Cases"), "/cases", "file", Permission.WORK_CASES),
    Place(gettext_lazy("Times"), "/times", "clock", Permission.SEE_TIMES),
    Place(gettext_lazy("Figures"), "/equity/cases", "chart", Permission.WORK_AS_TEAM),
    Place(gettext_lazy("Outcomes"), "/equity", "scale", Permission.SEE_EQUITY),
    Place(gettext_lazy("I suspect"), "/duties", "hand", Permission.SUSPECT),
    Place(gettext_lazy("Ledger"), "/ledger", "chart", Permission.SEE_LEDGER),
    Place(gettext_lazy("Register"), "/register", "lock", Permission.KEEP_REGISTER),
    Place(gettext_lazy("How reports were made"), "/monitor", "chart", Permission.MONITOR),
    Place(gettext_lazy("On call"), "/oncall", "refresh", Permission.SEE_ON_CALL),
    Place(gettext_lazy("Briefs"), "/police", "inbox", Permission.READ_BRIEFS),
    Place(gettext_lazy("People"), "/people", "people", Permission.LEAD_TEAM),
    Place(gettext_lazy("Places"), "/places", "place", Permission.KEEP_PLACES),
    Place(gettext_lazy("Roster"), "/roster", "home", Permission.KEEP_ROSTER),
    Place(gettext_lazy("Rules"), "/rules", "scale", Permission.CONFIRM_RULES),
    Place(gettext_lazy("Guides"), "/guides", "note", Permission.CONFIRM_RULES),
    Place(gettext_lazy("Posters"), "/posters", "print", Permission.PRINT_POSTERS),
    Place(gettext_lazy("Services"), "/services", "phone", Permission.CONFIRM_SERVICES),
    Place(gettext_lazy("Record"), "/record", "history", Permission.SEE_RECORD),
    Place(gettext_lazy("Keeping"), "/retention", "clock", Permission.KEEP_RECORDS),
    Place(gettext_lazy("Drills"), "/drills", "bell", Permission.SEE_STATUS),
    Place(gettext_lazy("Status"), "/status", "check", Permission.SEE_STATUS),
    Place(gettext_lazy("My account"), "/people/me", "person", Permission.SEE_HOME),
    Place(gettext_lazy("Outbox"), "/outbox", "send", Permission.SEE_OUTBOX, demo=True),
)


def home_of(viewer: Viewer) -> str:
    """Return where somebody's work lies."""
    for place in PLACES:
        if may(viewer, place.permission) and _exists(place.path):
            return place.path
    return "/people/me/"


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context of every staff page: ``nav``, ``troubles``, and who and where the viewer is."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    around: dict[str, Any] = {"demo": settings.DEMO}
    if viewer is None:
        return around
    post = viewer.posts[0]
    return around | {
        "nav": [
            (place.label, place.path, request.path.rstrip("/") == place.path, place.icon)
            for place in PLACES
            if may(viewer, place.permission)
            and (settings.DEMO or not place.demo)
            and _exists(place.path)
        ],
        "viewer_name": request.user.name if request.user.is_authenticated else "",
        "viewer_role": post.role.label.capitalize(),
        "viewer_place": post.team_name,
        "hats": [(hat.value, hat.label) for hat in viewer.hats if hat != viewer.kind],
        "troubles": _troubles() if may(viewer, Permission.SEE_STATUS) else [],
    }


def _troubles() -> list[str]:
    """Return what is wrong with the system, in words; nothing where that can't be asked."""
    try:
        return banner()
    except DatabaseError:
        # The page that says so is being made at this moment.
        return []


def _exists(path: str) -> bool:
    """Tell whether this system has such a page: some come with apps that may not be installed."""
    return bool(is_valid_path(path) or is_valid_path(f"{path}/"))
