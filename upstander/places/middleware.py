"""Puts the viewer on each desk request, and lets nobody past without a second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from upstander.places import sessions

#: What somebody may reach who has signed in but has no second factor yet.
_WITHOUT_SECOND_FACTOR = ("/account/2fa/", "/account/logout/", "/account/reauthenticate/")


class ViewerMiddleware:
    """Read the key session's cookie; a sign-in without one is no sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.viewer = None  # type: ignore[attr-defined]
        token = request.COOKIES.get(sessions.COOKIE)
        row = sessions.read(token) if token else None
        if row is not None and row.complete:
            if request.user.is_authenticated and request.user.pk == row.viewer.person_id:
                if not row.second_factor and not request.path.startswith(_WITHOUT_SECOND_FACTOR):
                    return redirect("mfa_activate_totp")
                request.viewer = row.viewer  # type: ignore[attr-defined]
        elif row is None and request.user.is_authenticated:
            # Idle too long, or signed out elsewhere.
            logout(request)
        response = self.get_response(request)
        if hasattr(request, "new_unlock_token"):
            sessions.put_cookie(request, response, request.new_unlock_token)
        return response
