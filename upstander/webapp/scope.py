"""How far the app's worker reaches, and which district's app it is."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from upstander.doors.web.snapshot import known_places
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

View = Callable[..., HttpResponse]


def asks_places(view: View) -> View:
    """Say in words that the places, or a key, can't be read now."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (DatabaseError, VaultError):
            return public_page(request, 503)

    return asked


def scope_of() -> str:
    """Return the path beneath which the worker of the active language sees requests."""
    return f"{reverse('app')}/"


def with_district(request: HttpRequest, path: str) -> str:
    """Return a path with the district that this page was opened for, if there is such a one."""
    district = request.GET.get("d", "")
    named = district and known_places().district_named(district)
    return f"{path}?d={district}" if named else path
