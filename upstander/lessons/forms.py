"""What whoever leads a session says: the plan, the aftercare, the counts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))  # type: ignore[arg-type]


class PlanForm(forms.Form):
    """Which course, in which grade, on which day."""

    school = forms.TypedChoiceField(label=_("School"), coerce=int)
    text = forms.ChoiceField(label=_("Course"))
    grade = forms.TypedChoiceField(
        label=_("Grade"), coerce=int, choices=[(n, n) for n in range(6, 13)]
    )
    day = _day(_("Day"))

    def __init__(self, *args: object, schools: object, texts: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["school"].choices = schools  # type: ignore[attr-defined]
        self.fields["text"].choices = texts  # type: ignore[attr-defined]


class AftercareForm(forms.Form):
    """What must be in place before it begins."""

    adult = forms.CharField(label=_("Today’s adult for whoever needs to talk"), max_length=120)
    room = forms.CharField(label=_("Their room"), max_length=120)
    opt_out = forms.CharField(label=_("What those who opt out do"), max_length=300)
    families_told_on = _day(_("Families were told on"))
    knows_duty = forms.BooleanField(
        label=_("I know my own duty to report when a student tells me something")
    )


class CountForm(forms.Form):
    """How many; never who."""

    present = forms.IntegerField(label=_("Present"), min_value=0, max_value=999)
    made_up = forms.IntegerField(label=_("Made up"), min_value=0, max_value=999)
    opted_out = forms.IntegerField(label=_("Opted out"), min_value=0, max_value=999)
    captions = forms.BooleanField(label=_("Captions were shown"), required=False)
