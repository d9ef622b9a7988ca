"""What legal aid asks first, what an intake takes along, and what falls due."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.helplines.prescreen import PROBLEMS
from upstander.states.legal import LegalAid
from upstander.ui.fields import Words
from upstander.ui.forms import DayField
from upstander.ui.local_time import LocalTime

_MOST_DOLLARS: Final = 10_000_000


class ScreenForm(forms.Form):
    """The court's date before all else. Nobody needs to answer."""

    court = DayField(
        label=_("When are they in court?"),
        required=False,
        help_text=_("Ask this first. Leave it empty if there is no day yet."),
    )
    problem = forms.ChoiceField(label=_("What it is about"), choices=PROBLEMS)
    county = forms.ChoiceField(label=_("County they live in"), required=False)
    people = forms.IntegerField(
        label=_("How many people live on that income, with them"),
        required=False,
        min_value=1,
        max_value=30,
    )
    income = forms.IntegerField(
        label=_("Income of the household in a year, in dollars"),
        required=False,
        min_value=0,
        max_value=_MOST_DOLLARS,
        help_text=_("About. Leave out what the person who hurts them earns: the office asks."),
    )

    def __init__(self, *args: Any, rules: LegalAid | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one, one) for one in (rules.counties if rules else ())]
        cast("forms.ChoiceField", self.fields["county"]).choices = [("", _("Not said")), *names]

    @property
    def words(self) -> dict[str, str]:
        """What is sealed; call once it is valid."""
        given = self.cleaned_data
        return {name: "" if given[name] is None else str(given[name]) for name in self.fields}


class IntakeForm(forms.Form):
    """Both sides' names, what else they let tell, and their yes."""

    email = forms.EmailField(label=_("The office’s email for intakes"))
    own = Words(
        label=_("Their own name"),
        max_length=200,
        help_text=_("As it stands on papers: the office looks whether it knows the other side."),
    )
    other = Words(label=_("The other side’s names"), max_length=300)
    told = Words(
        label=_("What else they let you tell"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Opens only if nothing conflicts, with what was asked above."),
    )
    reach = forms.BooleanField(
        label=_("How they may be reached goes along"),
        required=False,
    )
    agreed = forms.BooleanField(
        label=_("They said yes to each of these, and to this office"),
        error_messages={"required": _("Not sent: read it to them, then tick this.")},
    )

    @property
    def words(self) -> dict[str, Any]:
        """What is sent; call once it is valid."""
        return {name: given for name, given in self.cleaned_data.items() if name != "agreed"}


class DeadlineForm(forms.Form):
    """What falls due, and when."""

    what = Words(label=_("What is due"), max_length=300)

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self.fields["due_at"] = LocalTime(label=_("By when"), zone=zone)

    def clean_due_at(self) -> datetime:
        """Refuse what is over. Raises."""
        at: datetime = self.cleaned_data["due_at"]
        if at <= self._now:
            raise forms.ValidationError(_("Enter a time in the future."))
        return at
