"""Puts the viewer on each desk request, and lets nobody past without a second factor."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext

from upstander.people import sessions
from upstander.people.keys import Locked
from upstander.people.turns import Busy
from upstander.ui.errors import desk_busy

#: What somebody may reach who has signed in but has no second factor yet.
_WITHOUT_SECOND_FACTOR = ("/account/2fa/", "/account/logout/", "/account/reauthenticate/")


class ViewerMiddleware:
    """Read the key session's cookie; a sign-in without one is no sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.viewer = None  # type: ignore[attr-defined]
        token = request.COOKIES.get(sessions.COOKIE)
        # Whoever forges it makes their own session shorter, and no more.
        by_itself = "X-By-Itself" in request.headers
        row = sessions.read(token, touch=not by_itself) if token else None
        if request.user.is_authenticated:
            if row is None or not row.complete or row.viewer.person_id != request.user.pk:
                # Idle too long, signed out elsewhere, or no longer in any team.
                logout(request)
                messages.info(
                    request,
                    gettext(
                        "You were signed out: nothing was done here for 15 minutes, 12 hours had "
                        "passed, or you signed out on another device. Please sign in again."
                    ),
                )
            elif not row.second_factor and not request.path.startswith(_WITHOUT_SECOND_FACTOR):
                return redirect("mfa_activate_totp")
            else:
                request.viewer = row.viewer  # type: ignore[attr-defined]
        response = self.get_response(request)
        if hasattr(request, "new_unlock_token"):
            sessions.put_cookie(request, response, request.new_unlock_token)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Tell somebody without their keys how to get them back, and whom a turn didn't come to."""
        if isinstance(exception, Locked):
            way_back = urlencode({"next": request.get_full_path()})
            return redirect(f"/people/unlock/?{way_back}")
        if isinstance(exception, Busy):
            return desk_busy(request)
        return None
