"""What every staff page shows around its own matter: where one can go, and who one is."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import ENGLISH
from upstander.desk.call_now import CallNow, call_now
from upstander.desk.languages import way_to_english
from upstander.emergency.queries import asks_of
from upstander.mandated.rights import DutyRight
from upstander.people.permissions import Permission, may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, can_look, viewing
from upstander.plug import Group, NavItem, rail
from upstander.tips.models import Tip
from upstander.watch.queries import banner

#: What the parts of the rail are called.
GROUPS = {
    Group.WORK: _("Work"),
    Group.PEOPLE: _("People and places"),
    Group.PROVE: _("Prove"),
    Group.ME: _("Me"),
}


def entries(viewer: Viewer) -> list[NavItem]:
    """Return the entries of the rail that somebody has, in their order."""
    return [
        item
        for item in rail()
        if may(viewer, item.permission) and (settings.DEMO or not item.demo) and _exists(item.path)
    ]


def home_of(viewer: Viewer) -> str:
    """Return where somebody's work lies."""
    return next((item.path for item in entries(viewer)), "/people/me/")


@translation.override(ENGLISH.code)
def desk(request: HttpRequest) -> dict[str, Any]:
    """Context of every staff page: ``nav``, ``troubles``, and who and where the viewer is.

    In English also around a page that is translated: what it leads to is.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    around: dict[str, Any] = {"demo": settings.DEMO}
    if viewer is None:
        return around
    own, troubles = next(iter(viewer.memberships), None), _troubles(viewer)
    sees_status = may(viewer, Permission.SEE_STATUS)
    return around | {
        "nav": [
            (
                GROUPS[group],
                [
                    (str(item.label), item.path, request.path.rstrip("/") == item.path, item.icon)
                    for item in items
                ],
            )
            for group, items in groupby(entries(viewer), key=lambda item: item.group)
        ],
        "viewer_name": request.user.name if request.user.is_authenticated else "",
        "viewer_role": own.role.label.capitalize() if own else _("No team’s key"),
        "viewer_place": own.team_name if own else viewer.kind.label,
        "active_roles": [
            (active_role.value, active_role.label)
            for active_role in viewer.active_roles
            if active_role != viewer.kind
        ],
        "troubles": troubles,
        "call_now": _call_now(viewer) if troubles and sees_status else None,
        "sees_status": sees_status,
        "may_second": _may_second(viewer),
        "asks_second": _asks_second(viewer, request.path) if _may_second(viewer) else [],
        "viewer_id": viewer.person_id,
        **way_to_english(request),
    }


def _may_second(viewer: Viewer) -> bool:
    """Tell whether somebody may be the second person before police are sent."""
    return viewer.kind is TeamKind.CENTER and may(viewer, Permission.WORK_TIPS)


def _asks_second(viewer: Viewer, path: str) -> list[Tip]:
    """Return the tips for which a colleague asks whether police may be sent, longest first.

    But the one whose own page is shown: there it is decided.
    """
    if not can_look():
        return []
    try:
        with viewing(viewer):
            return [tip for tip in asks_of(viewer) if path.rstrip("/") != f"/tips/{tip.pk}"]
    except DatabaseError:
        return []


def _troubles(viewer: Viewer) -> list[str]:
    """Return what is wrong with the system, in words; nothing where that can't be asked.

    Whoever judges how duties were kept, and sees no more of the system, reads what is wrong with
    the record: the ledger's times rest on it.
    """
    whole = may(viewer, Permission.SEE_STATUS)
    if not whole and not (may(viewer, DutyRight.SEE_LEDGER) or may(viewer, DutyRight.MONITOR)):
        return []
    try:
        return banner(record_alone=not whole)
    except DatabaseError:
        # The page that says so is being made at this moment.
        return []


def _call_now(viewer: Viewer) -> CallNow | None:
    if not can_look():
        # Some pages are made while what they change is locked; the status page names whom to call.
        return None
    try:
        return call_now(viewer)
    except DatabaseError:
        return None


def _exists(path: str) -> bool:
    """Tell whether this system has such a page: some come with apps that may not be installed."""
    return _is_in(settings.ROOT_URLCONF, path)


@cache
def _is_in(urls: str, path: str) -> bool:
    """Asked for each entry of the rail on each page; an entry that fits none walks them all."""
    return bool(is_valid_path(path, urls) or is_valid_path(f"{path}/", urls))
