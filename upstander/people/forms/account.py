"""Signing in and passwords: a password is seen here once, and it also opens the person's key."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordForm
from allauth.core import context
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from upstander.audit.actions import record
from upstander.people import sessions
from upstander.people.actions import accounts
from upstander.people.models import Person
from upstander.people.scope import Staff
from upstander.people.turns import turn
from upstander.ui.fields import PersonName, Phone

FIVE_WORDS = _(
    "At least 12 characters. Several plain words in a row are easy to remember and hard "
    "to guess; five is best."
)


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Email and password. The unlocked key waits, sealed under a new cookie, for the next step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "password":
                field.help_text = ""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Begin the key session, then let allauth ask for the second factor."""
        user = cast("Person", self.user)
        seed = request.unlocked_seed  # type: ignore[attr-defined] # the adapter's
        request.new_unlock_token = sessions.begin(user, seed)  # type: ignore[attr-defined]
        response: HttpResponse = super().login(request, redirect_url)
        return response


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one, under which the person's key is wrapped anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain_password_fields(self)

    def clean_oldpassword(self) -> str:
        """Compare it with today's, in one's turn. Raises Busy."""
        with turn():
            return str(super().clean_oldpassword())

    def save(self) -> None:
        """Change password and wrapping together, and sign the person's other devices out."""
        accounts.change_password(
            context.request, self.cleaned_data["oldpassword"], self.cleaned_data["password1"]
        )


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """A new password by a link from a mail. It lets the person in; their key stays closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain_password_fields(self)

    def save(self) -> None:
        """Set the password and sign the person out everywhere."""
        person = cast("Person", self.user)
        with turn(), transaction.atomic():
            super().save()
            sessions.end_all_of(person)
            record(
                "password reset by email",
                actor=Staff(person.pk),
                subject_kind="person",
                subject_id=person.pk,
            )


class UnlockForm(forms.Form):
    """The way back to one's keys: the printed recovery code, and the password of today."""

    code = forms.CharField(
        label=_("Your recovery code"),
        help_text=_("Eight groups of four letters and digits, from the page you printed."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_("The one you just signed in with. It will unlock your keys from now on."),
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class MeForm(forms.Form):
    """What a person keeps about themselves."""

    name = PersonName(label=_("Your name"), max_length=120)
    phone = Phone(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("Where you can be reached when a student is in danger. Stored encrypted."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


def plain_password_fields(form: forms.Form) -> None:
    """Drop placeholders (they vanish when they are needed) and say once what a password needs."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name == "password1":
            field.help_text = FIVE_WORDS
