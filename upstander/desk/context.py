"""What every staff page shows around its own matter: where one can go, and who one is."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any, Final

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
from upstander.plug import CenterKind, Group, NavItem, center_kinds, rail
from upstander.tips.models import Tip
from upstander.watch.queries import banner

#: What the parts of the rail are called.
GROUPS = {
    Group.WORK: _("Work"),
    Group.PEOPLE: _("People and places"),
    Group.PROVE: _("Prove"),
    Group.ME: _("Me"),
}


#: So many entries a rail has at most; where there are more, the last leads to the others.
FULL: Final = 10
MORE: Final = NavItem(Group.ME, 285, _("More"), "/more", "more", Permission.OWN_ACCOUNT)


def entries(viewer: Viewer, kinds: frozenset[CenterKind] | None = None) -> list[NavItem]:
    """Return the pages that somebody has, in their order: those that their team is for.

    ``kinds``: what their center is for; None: it is asked.
    """
    if kinds is None:
        kinds = _center(viewer)[0]
    return [
        item
        for item in rail()
        if may(viewer, item.permission)
        and (settings.DEMO or not item.demo)
        and (viewer.kind is not TeamKind.CENTER or not item.serves or item.serves & kinds)
        and _exists(item.path)
    ]


def split(items: list[NavItem]) -> tuple[list[NavItem], list[NavItem]]:
    """Return what stands in the rail, and what on the page "More"."""
    if len(items) <= FULL:
        return items, []
    kept = sorted(items, key=lambda item: item.more)[: FULL - 1]
    return [*(i for i in items if i in kept), MORE], [i for i in items if i not in kept]


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
    kinds, asks_second = _center(viewer, request.path)
    shown, _others = split(entries(viewer, kinds))
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
            for group, items in groupby(shown, key=lambda item: item.group)
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
        "asks_second": asks_second,
        "viewer_id": viewer.person_id,
        **way_to_english(request),
    }


def _may_second(viewer: Viewer) -> bool:
    """Tell whether somebody may be the second person before police are sent."""
    return viewer.kind is TeamKind.CENTER and may(viewer, Permission.WORK_TIPS)


def _center(viewer: Viewer, path: str = "") -> tuple[frozenset[CenterKind], list[Tip]]:
    """Return what somebody's center is for, and the tips for which a colleague asks police.

    Longest first; but the one whose own page is shown: there it is decided. Where nothing can be
    asked, the center may be anything.
    """
    if viewer.kind is not TeamKind.CENTER or not can_look():
        return frozenset(CenterKind), []
    try:
        with viewing(viewer):
            asked = asks_of(viewer) if _may_second(viewer) else []
            asks = [tip for tip in asked if path.rstrip("/") != f"/tips/{tip.pk}"]
            return center_kinds(viewer), asks
    except DatabaseError:
        return frozenset(CenterKind), []


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
