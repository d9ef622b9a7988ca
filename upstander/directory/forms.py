"""The administrator's word on a service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.directory.cards import Card
from upstander.directory.spool import MOST_BYTES
from upstander.ui.fields import Files, SeveralFiles, Words


class ConfirmForm(forms.Form):
    """One tick that says what confirming means, so that it isn't a reflex."""

    checked = forms.BooleanField(
        label=_("I called or opened each number and page, and every fact here is right today."),
        error_messages={"required": _("Tick this once you have checked every fact.")},
    )

    def __init__(self, *args: Any, card: Card, **more: Any) -> None:
        super().__init__(*args, **more)
        if card.disputed:
            choices = [("", "; ".join(card.hours))]
            choices += [(one.source_url, "; ".join(one.hours)) for one in card.disputed]
            # None is chosen beforehand: whoever confirms has asked.
            self.fields["hours"] = forms.ChoiceField(
                label=_("Sources differ on the hours. Which did they tell you?"),
                choices=[(f"of:{source}", words) for source, words in choices],
                widget=forms.RadioSelect,
            )

    def clean_hours(self) -> str:
        """Return whose hours hold: a source's address; empty: the service's own."""
        return str(self.cleaned_data["hours"]).removeprefix("of:")


class PlacesForm(forms.Form):
    """How many places are free now."""

    free = forms.IntegerField(label=_("Places free now"), min_value=0, max_value=9_999)


class SourceForm(forms.Form):
    """Files, or the address of a feed."""

    name = Words(label=_("What you call it"), max_length=120)
    upload = Files(
        required=False,
        label=_("Files"),
        widget=SeveralFiles(attrs={"multiple": True, "accept": ".json,.ndjson,.zip,.csv"}),
        help_text=_(
            "HSDS as JSON or as tables (a ZIP archive, or all CSV files together), or a table of"
            " terms with the columns code, name, parent, and plain need. 50 MB at most."
        ),
    )
    url = Words(
        required=False,
        label=_("Or the address of a feed"),
        max_length=500,
        help_text=_("https:// only. It is read now and each night."),
    )

    def clean(self) -> dict[str, Any]:
        """Return one of the two. Raises ValidationError."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        files = [one for one in found.get("upload") or () if one]
        if not self.errors and bool(files) == bool(found.get("url")):
            raise forms.ValidationError(_("Give either files or an address."))
        if sum(one.size for one in files) > MOST_BYTES:
            self.add_error("upload", _("The files are larger than 50 MB."))
        return found | {"upload": files}


class AgainForm(forms.Form):
    """A source's files, as they are now."""

    upload = Files(
        label=_("Newer files"),
        widget=SeveralFiles(attrs={"multiple": True, "accept": ".json,.ndjson,.zip,.csv"}),
    )

    def clean_upload(self) -> list[Any]:
        """Return them. Raises ValidationError."""
        found: list[Any] = self.cleaned_data["upload"]
        if sum(one.size for one in found) > MOST_BYTES:
            raise forms.ValidationError(_("The files are larger than 50 MB."))
        return found
