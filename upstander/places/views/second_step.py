"""The second step of signing in. In the demo, whose people have no phones, it shows the digits."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """allauth's page, with the demo's help."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the demo's made-up person would read from their app."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_digits"] = _digits(self.stage.login.user.pk)
        return context


def _digits(person_id: int) -> str:
    """Return digits that count now and were not used yet: each signs in once."""
    row = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).first()
    if row is None:
        return ""
    secret, now = decrypt(row.data["secret"]), int(time.time()) // 30
    offered = [str(format_hotp_value(hotp_value(secret, now + step))) for step in (0, 1, -1)]
    used = TOTP(row)
    return next((one for one in offered if not cache.get(used._get_used_cache_key(one))), "")


second_step = SecondStep.as_view()
