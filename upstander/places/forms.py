"""Signing in: the password is seen here once, and opens the person's key."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.http import HttpRequest, HttpResponse

from upstander.places import sessions
from upstander.places.keys import unlock_by_password
from upstander.places.models import Person


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Email and password. The unlocked key waits, sealed under a new cookie, for the second factor."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Begin the key session, then let allauth ask for the second factor."""
        user: Any = self.user
        assert isinstance(user, Person)
        seed = unlock_by_password(user, self.cleaned_data["password"])
        request.new_unlock_token = sessions.begin(user, seed)  # type: ignore[attr-defined]
        response: HttpResponse = super().login(request, redirect_url)
        return response
