"""Where allauth meets Upstander: no sign-up, one key session a sign-in, sealed second factors."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from upstander.places import sessions
from upstander.vault.envelopes import bind, derive, seal, unseal

_AAD = bind("second factor")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The second factor was given (or there is none yet): the key session is complete."""
        token = getattr(request, "new_unlock_token", None) or request.COOKIES.get(sessions.COOKIE)
        if token is None or not sessions.finish(token):
            token = sessions.begin(user, None, complete=True)
            request.new_unlock_token = token  # type: ignore[attr-defined]
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the key session with the sign-in."""
        token = request.COOKIES.get(sessions.COOKIE)
        if token:
            sessions.end(token)
        request.new_unlock_token = None  # type: ignore[attr-defined]
        super().logout(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery codes lie sealed under the field key."""

    def encrypt(self, text: str) -> str:
        key = derive(settings.FIELD_KEY, "second factor")
        return base64.b64encode(seal(key, text.encode(), aad=_AAD)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        key = derive(settings.FIELD_KEY, "second factor")
        return unseal(key, base64.b64decode(encrypted_text), aad=_AAD).decode()
