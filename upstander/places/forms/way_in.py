"""The form by which somebody who was shut out takes up the way in to their own reports."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import PasswordField, SetPasswordField
from django import forms

from upstander.places.forms.account import FIVE_WORDS


class WayInForm(forms.Form):
    """The old passphrase or the recovery code, and a new passphrase."""

    old = forms.CharField(
        label="The passphrase that you had",
        required=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="Or the recovery code on your paper",
        required=False,
        max_length=200,
        help_text="Eight groups of four letters and digits.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password1 = SetPasswordField(label="Your new passphrase", help_text=FIVE_WORDS)
    password2 = PasswordField(label="Your new passphrase again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two, and for two new passphrases that are alike."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("old") and not data.get("code"):
            self.add_error("old", "Type the passphrase that you had, or the recovery code.")
        if data.get("password1") and data.get("password1") != data.get("password2"):
            self.add_error("password2", "The two new passphrases are not alike.")
        if data.get("old") and data.get("old") == data.get("password1"):
            self.add_error("password1", "Choose another passphrase than the one that you had.")
        return data
