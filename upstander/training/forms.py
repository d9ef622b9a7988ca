"""What is typed into the ledger: a completion from paper or elsewhere, a statement, a finding."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.states.training import Owed
from upstander.training.models import Completion

_Way = Completion.Way


class CompletionForm(forms.Form):
    """A course that somebody completed on paper, in a session or elsewhere."""

    course = forms.ChoiceField(label=_("Course"))
    way = forms.ChoiceField(
        label=_("How"),
        choices=[(way.value, way.label) for way in (_Way.SHEET, _Way.SESSION, _Way.CERTIFICATE)],
    )
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
    proof = forms.CharField(
        label=_("What proves it"),
        max_length=500,
        help_text=_("Both names that signed the sheet, or the certificate’s number."),
    )

    def __init__(self, *args: object, rules: Iterable[Owed], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        keys = {key for rule in rules for key in (rule.course, rule.refresher) if key}
        self.fields["course"].choices = [(key, key) for key in sorted(keys)]  # type: ignore[attr-defined]


class StatementForm(forms.Form):
    """What whoever signs adds in their own words."""

    statement = forms.CharField(
        label=_("Your note"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )


class FindingForm(forms.Form):
    """What was found after a signature."""

    words = forms.CharField(
        label=_("What was found"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
