"""The second step of signing in. In the demo it also plays the phone of made-up people."""

from __future__ import annotations

import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache

#: Seconds that a code stands (RFC 6238, section 4.1).
PERIOD = 30


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """Six digits or a spare code."""

    @property
    def demo_code(self) -> str:
        """Digits that the person's app would show and that were not used yet; only in the demo."""
        if not settings.DEMO:
            return ""
        row = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if row is None:
            return ""
        secret = get_adapter().decrypt(row.data["secret"])
        now, used = int(time.time()) // PERIOD, TOTP(row)
        # Each is good for one sign-in; who signs in twice within half a minute gets a neighbour,
        # which counts as well (MFA_TOTP_TOLERANCE).
        offered = [str(format_hotp_value(hotp_value(secret, now + step))) for step in (0, 1, -1)]
        return next((one for one in offered if not cache.get(used._get_used_cache_key(one))), "")
