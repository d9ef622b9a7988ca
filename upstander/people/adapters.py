"""Where allauth meets Upstander: no sign-up, one key session a sign-in, sealed second factors."""

from __future__ import annotations

import base64
import logging
import smtplib
from typing import Any, cast
from urllib.parse import quote

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from upstander.audit.actions import record
from upstander.people import known_devices, sessions, tries, turns
from upstander.people.keys import unlock_by_password
from upstander.people.models import Person
from upstander.people.scope import Staff
from upstander.vault.envelopes import bind, derive, seal, unseal

logger = logging.getLogger(__name__)
_AAD = bind("second factor")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: see actions/invitations.py."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The second factor was given (or there is none yet): the key session is complete."""
        token = getattr(request, "new_unlock_token", None) or request.COOKIES.get(sessions.COOKIE)
        if token is None or not sessions.finish(token, user):
            token = sessions.begin(user, None, complete=True)
            request.new_unlock_token = token  # type: ignore[attr-defined]
        record("signed in", actor=Staff(user.pk), subject_kind="person", subject_id=user.pk)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_devices.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the key session with the sign-in."""
        token = request.COOKIES.get(sessions.COOKIE)
        if token:
            sessions.end(token)
        request.new_unlock_token = None  # type: ignore[attr-defined]
        super().logout(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Count a try, wait for its turn, and look at the password; what it opens is one with it.

        So a guesser is slow and nobody else is kept out. Raises ValidationError, and Busy: then it
        was no try.
        """
        email, password = credentials.get("email", ""), credentials.get("password", "")
        counted = tries.count(request, email)
        if counted is None:
            raise self.validation_error("too_many_login_attempts")
        # allauth takes it back when the password was right.
        self._login_failed_rl_usage = counted
        made_up = not filter_users_by_email(email, prefer_verified=True, for_login=True)
        try:
            with turns.turn(device=counted.device, made_up=made_up) as own:
                request.has_own_run = own  # type: ignore[attr-defined]
                person = cast("Person | None", super().authenticate(request, **credentials))
                if person is not None and not request.user.is_authenticated:
                    seed = unlock_by_password(person, password)
                    request.unlocked_seed = seed  # type: ignore[attr-defined]
        except turns.Busy:
            counted.rollback()
            raise
        return person

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing more: ``authenticate`` has counted it."""

    def set_password(self, user: Any, password: str) -> None:
        """Write the password alone: signing in may change neither an address nor who is out."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to the desk's own address: the host that a request names is anybody's to write."""
        # allauth hands on both parts of the address in one.
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return settings.DESK_URL + path.replace("UID-KEY", quote(key))

    def format_email_subject(self, subject: str) -> str:
        """Name the sender, not the host."""
        return f"Upstander: {str(subject).strip()}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails. A mail server that is away breaks nobody's page."""
        try:
            super().send_mail(template_prefix, email, context)
        except (smtplib.SMTPException, OSError) as error:
            # The address is not logged: it is enough to know that mail does not leave.
            logger.error("mail %s did not leave: %s", template_prefix, type(error).__name__)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets and recovery codes lie sealed under the field key."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A second factor is needed: the last one is replaced, never removed."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(
            pk=authenticator.pk
        )
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code as inline SVG: the page's policy allows no script and no style in it."""
        return segno.make(url, error="m").svg_inline(
            scale=5, border=4, light="#fff", dark="#000", svgclass="qr", lineclass=None
        )

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Name the person by their address: their name is sealed for a reason."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.email}

    def encrypt(self, text: str) -> str:
        """Seal a TOTP secret or the seed of recovery codes."""
        key = derive(settings.FIELD_KEY, "second factor")
        return base64.b64encode(seal(key, text.encode(), aad=_AAD)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` made. Raises SealBroken."""
        key = derive(settings.FIELD_KEY, "second factor")
        return unseal(key, base64.b64decode(encrypted_text), aad=_AAD).decode()
