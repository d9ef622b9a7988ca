"""The form by which somebody who was shut out takes up the way in to their own reports."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import PasswordField, SetPasswordField
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.people.forms.account import FIVE_WORDS


class WayInForm(forms.Form):
    """The old passphrase or the recovery code, and a new passphrase."""

    old = forms.CharField(
        label=gettext_lazy("Your old passphrase"),
        required=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Or your printed recovery code"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Eight groups of four letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password1 = SetPasswordField(label=gettext_lazy("Your new passphrase"), help_text=FIVE_WORDS)
    password2 = PasswordField(label=gettext_lazy("Repeat your new passphrase"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, and for two new passphrases that are alike."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("old") and not data.get("code"):
            self.add_error("old", _("Enter your old passphrase or your recovery code."))
        if data.get("password1") and data.get("password1") != data.get("password2"):
            self.add_error("password2", _("The two new passphrases don’t match."))
        if data.get("old") and data.get("old") == data.get("password1"):
            self.add_error("password1", _("Choose a passphrase different from your old one."))
        return data
