"""The administrator's word on a service."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """One tick that says what confirming means, so that it isn't a reflex."""

    checked = forms.BooleanField(
        label=_("I called or opened each number and page, and every fact here is right today."),
        error_messages={"required": _("Tick this once you have checked every fact.")},
    )
