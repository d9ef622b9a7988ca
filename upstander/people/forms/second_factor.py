"""The second step of signing in. In the demo it also plays the phone of made-up people."""

from __future__ import annotations

import time

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache

#: Seconds that a code stands (RFC 6238, section 4.1).
PERIOD = 30
#: Seconds from the first to the last moment at which it is taken (MFA_TOTP_TOLERANCE).
TAKEN = PERIOD * (1 + 2 * settings.MFA_TOTP_TOLERANCE)


class _OnceMixin:
    """A code of an app passes once for as long as it is taken; allauth remembers it for 30 s."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        app = self.authenticator.type == Authenticator.Type.TOTP  # type: ignore[attr-defined]
        if app and not cache.add(_used(self.user.pk, code), 1, TAKEN):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


def _used(person_id: int, code: str) -> str:
    return f"places:code:{person_id}:{normalize_user_code(code)}"


class ReauthenticateForm(_OnceMixin, AllauthReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters is changed."""


class SecondFactorForm(_OnceMixin, AuthenticateForm):  # type: ignore[misc]
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
        now = int(time.time()) // PERIOD
        # Each is good for one sign-in. The next counts already (MFA_TOTP_TOLERANCE); the last one
        # counts as well, but could end while it is typed.
        offered = [str(format_hotp_value(hotp_value(secret, now + step))) for step in (0, 1)]
        return next((one for one in offered if not cache.get(_used(self.user.pk, one))), "")

    @property
    def demo_wait(self) -> int:
        """Seconds until the demo has digits again for whoever used all; 0 where some are left."""
        app = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        if not settings.DEMO or self.demo_code or not app.exists():
            return 0
        return PERIOD - int(time.time()) % PERIOD + 1
