"""What every staff page shows around its own matter: where one can go, and who one is."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.translation import gettext

from upstander.places.permissions import Permission, may
from upstander.places.scope import Viewer
from upstander.plug import rail
from upstander.watch.queries import banner


def home_of(viewer: Viewer) -> str:
    """Return where somebody's work lies."""
    for item in rail():
        if may(viewer, item.permission) and _exists(item.path):
            return item.path
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
            (gettext(item.label), item.path, request.path.rstrip("/") == item.path, item.icon)
            for item in rail()
            if may(viewer, item.permission)
            and (settings.DEMO or not item.demo)
            and _exists(item.path)
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
    return _is_in(settings.ROOT_URLCONF, path)


@cache
def _is_in(urls: str, path: str) -> bool:
    """Asked for each entry of the rail on each page; an entry that fits none walks them all."""
    return bool(is_valid_path(path, urls) or is_valid_path(f"{path}/", urls))
