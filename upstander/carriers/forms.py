"""Adding a way to be reached, and proving it."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.base.phones import NoNumber, e164
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.push import read_subscription
from upstander.ui.fields import Phone, Words

#: An address for calls (RFC 3261), as providers dial it: a name, a host, perhaps a port.
_SIP: Final = re.compile(r"sips?:[\w.+-]{1,40}@[A-Za-z0-9.-]{1,50}(:\d{2,5})?", re.ASCII)


def is_sip(typed: str) -> bool:
    """Tell whether something is a SIP address."""
    return _SIP.fullmatch(typed.strip()) is not None


class PhoneOrSip(Phone):
    """A number that can be dialed from anywhere, or a SIP address."""

    def validate(self, value: Any) -> None:
        """Raise ValidationError where it is neither."""
        if not is_sip(str(value or "")):
            super().validate(value)


class PhoneForm(forms.Form):
    """A number for texts, for calls, or for both: each is proved by a code of its own."""

    number = PhoneOrSip(
        label=gettext_lazy("Phone number"),
        max_length=100,
        help_text=gettext_lazy(
            "Include the country code if it is not a U.S. number. For calls, a SIP address such as "
            "sip:desk@voice.example.org works too."
        ),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    use = forms.ChoiceField(
        label=gettext_lazy("Use it for"),
        choices=(
            (Channel.SMS, gettext_lazy("Text messages")),
            (Channel.VOICE, gettext_lazy("Phone calls")),
        ),
        widget=forms.RadioSelect,
        initial=Channel.SMS,
    )
    digit = forms.ChoiceField(
        label=gettext_lazy("Your personal digit for calls"),
        choices=[("", "–"), *((str(n), str(n)) for n in range(1, 10))],
        required=False,
        help_text=gettext_lazy(
            "In a call, pressing it means “I have it”. Voicemail, or someone else "
            "who picks "
            "up, can’t know it."
        ),
    )
    label = Words(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example: work phone."),
    )

    def clean_number(self) -> str:
        """Return the number in one form (E.164), or the SIP address."""
        if is_sip(self.cleaned_data["number"]):
            return str(self.cleaned_data["number"]).strip()
        try:
            return e164(self.cleaned_data["number"])
        except NoNumber as error:
            raise forms.ValidationError(
                _("Write it without an extension: whoever calls or texts you here can’t dial one.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """A call needs a digit."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("use") == Channel.VOICE and not data.get("digit"):
            self.add_error("digit", _("Choose the digit you will press in a call."))
        if data.get("use") == Channel.SMS:
            if is_sip(str(data.get("number", ""))):
                self.add_error("number", _("A SIP address takes calls only."))
            data["digit"] = ""
        return data


class EmailForm(forms.Form):
    """Another address than the account's own."""

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    label = Words(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example: at home."),
    )


class PushForm(forms.Form):
    """What a browser gives when it may notify; filled in by its script."""

    subscription = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    label = Words(
        label=gettext_lazy("Device name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("For example: my phone."),
    )

    def clean_subscription(self) -> str:
        """Take subscriptions of known push services only."""
        try:
            read_subscription(self.cleaned_data["subscription"])
        except CarrierError as error:
            raise forms.ValidationError(
                _("Upstander doesn’t recognize this browser’s push service.")
            ) from error
        return str(self.cleaned_data["subscription"])


class CodeForm(forms.Form):
    """The six digits that came."""

    code = forms.CharField(
        label=gettext_lazy("Six digits"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}
        ),
    )

    def clean_code(self) -> str:
        """Return the digits alone."""
        return "".join(c for c in self.cleaned_data["code"] if c.isdecimal())
