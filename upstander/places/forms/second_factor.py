"""The second step of signing in. In the demo it also plays the phone of made-up people."""

from __future__ import annotations

import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

#: Seconds that a code stands (RFC 6238, section 4.1).
PERIOD = 30


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """Six digits or a spare code."""

    @property
    def demo_code(self) -> str:
        """The digits that the person's app would show now; empty outside the demo."""
        if not settings.DEMO:
            return ""
        row = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if row is None:
            return ""
        secret = get_adapter().decrypt(row.data["secret"])
        return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))
