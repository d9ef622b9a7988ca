"""Adding a way to be reached, and proving it."""

from __future__ import annotations

from typing import Any

from django import forms

from upstander.carriers.addresses import NoNumber, e164
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.push import read_subscription


class PhoneForm(forms.Form):
    """A number for texts, for calls, or for both: each is proved by a code of its own."""

    number = forms.CharField(
        label="Phone number",
        max_length=30,
        help_text="With its country code if it is not from the United States.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    use = forms.ChoiceField(
        label="Use it for",
        choices=((Channel.SMS, "Text messages"), (Channel.VOICE, "Phone calls")),
        widget=forms.RadioSelect,
        initial=Channel.SMS,
    )
    digit = forms.ChoiceField(
        label="Your own digit, for calls",
        choices=[("", "–"), *((str(n), str(n)) for n in range(1, 10))],
        required=False,
        help_text="Only you press it in a call: it says “I have it”. A mailbox, or somebody else "
        "who picks up, can't know it.",
    )
    label = forms.CharField(
        label="What you call it", max_length=40, required=False, help_text="Such as: work phone."
    )

    def clean_number(self) -> str:
        """Return the number in one form (E.164)."""
        try:
            return e164(self.cleaned_data["number"])
        except NoNumber as error:
            raise forms.ValidationError(
                "This is no whole phone number. Write it as 860-555-0101, or with + and its "
                "country."
            ) from error

    def clean(self) -> dict[str, Any]:
        """A call needs a digit."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("use") == Channel.VOICE and not data.get("digit"):
            self.add_error("digit", "Choose the digit that you will press in a call.")
        if data.get("use") == Channel.SMS:
            data["digit"] = ""
        return data


class EmailForm(forms.Form):
    """Another address than the account's own."""

    email = forms.EmailField(label="Email address", max_length=254)
    label = forms.CharField(
        label="What you call it", max_length=40, required=False, help_text="Such as: at home."
    )


class PushForm(forms.Form):
    """What a browser gives when it may notify; filled in by its script."""

    subscription = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    label = forms.CharField(
        label="What you call this device",
        max_length=40,
        required=False,
        help_text="Such as: my phone.",
    )

    def clean_subscription(self) -> str:
        """Take subscriptions of known push services only."""
        try:
            read_subscription(self.cleaned_data["subscription"])
        except CarrierError as error:
            raise forms.ValidationError(
                "This browser’s push service is not one that Upstander knows."
            ) from error
        return str(self.cleaned_data["subscription"])


class CodeForm(forms.Form):
    """The six digits that came."""

    code = forms.CharField(
        label="Six digits",
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )

    def clean_code(self) -> str:
        """Return the digits alone."""
        return "".join(c for c in self.cleaned_data["code"] if c.isdecimal())
