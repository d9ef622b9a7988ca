"""Forms of a duty. All but the time and the kind may stay empty: no report is late for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.cases.actions.homes import FAMILIES, HOME, AboutHome
from upstander.states import DutyRule, RuleSet
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime

LONG = 4000
SHORT = 200


def text_field(label: Any, *, long: bool = False, hint: Any = "") -> forms.CharField:
    return Words(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONG if long else SHORT,
        widget=forms.Textarea(attrs={"rows": 3}) if long else None,
    )


class UrgencyForm(forms.Form):
    """The rule's questions. One left open counts as a yes: then only the phone will do."""

    def __init__(self, *args: Any, rule: DutyRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in rule.emergent:
            self.fields[one.key] = forms.ChoiceField(
                label=one.question,
                required=False,
                choices=[("yes", _("Yes, or I don’t know")), ("no", _("No"))],
                widget=RadioTiles,
            )

    def answers(self) -> dict[str, bool]:
        """Return which of them is a yes."""
        return {key: self.cleaned_data.get(key) != "no" for key in self.fields}


class FirstForm(forms.Form):
    """The first report: to whom, when, what they said."""

    way = forms.ChoiceField(label=_("How did you report?"), widget=RadioTiles)
    worker = text_field(
        _("Name of the person you spoke with"),
        hint=_("Ask for it, or give the officer and agency."),
    )
    reference = text_field(_("Their reference or incident number"))
    hold = text_field(_("How long were you on hold?"))
    advice = text_field(_("What did they tell you to do?"), long=True)
    accepted = forms.ChoiceField(
        label=_("Did they accept the report?"),
        choices=[("", _("They didn’t say")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=RadioTiles,
    )

    def __init__(self, *args: Any, rules: RuleSet, rule: DutyRule, zone: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["way"].choices = [(key, rules.ways[key].label) for key in rule.ways]
        self.fields["at"] = LocalTime(zone, label=_("When did you report?"))
        self.order_fields(["way", "at"])

    def words(self) -> dict[str, str]:
        """Return what was written, by name."""
        names = ("worker", "reference", "hold", "advice")
        return {name: self.cleaned_data.get(name, "") for name in names}

    def took_it(self) -> bool | None:
        """Return whether the agency accepted it; None: they didn't say."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("accepted", ""))


class WrittenForm(forms.Form):
    """The written report's way: how, to whom, when."""

    how = text_field(_("How was it sent?"), hint=_("Fax, mail, the agency’s site, by hand."))
    to = text_field(_("To which office?"))
    proof = text_field(_("What proves it? A fax receipt, a mail tracking number"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"] = LocalTime(zone, label=_("When was it sent?"))
        self.order_fields(["at"])

    def words(self) -> dict[str, str]:
        """Return what was written, by name."""
        return {name: self.cleaned_data.get(name, "") for name in ("how", "to", "proof")}


class MomentForm(forms.Form):
    """When something was done, and what should be kept about it."""

    words = text_field(_("What should be recorded about it"), long=True)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"] = LocalTime(zone, label=_("When was it?"))
        self.order_fields(["at"])

    def kept(self) -> dict[str, str]:
        """Return what was written, by name."""
        return {"words": self.cleaned_data.get("words", "")}


class MeetForm(MomentForm):
    """When something that fell due later was done; of what tells families, whether home is safe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for family in FAMILIES.values():
            self.fields[f"{family.prefix}home"] = forms.ChoiceField(
                label=str(family.ask), choices=[("", _("Choose …")), *HOME.items()], required=False
            )
            self.fields[f"{family.prefix}sure"] = forms.BooleanField(
                label=_(
                    "If no one knows: I understand that we don’t know if home is safe, and "
                    "they are told anyway"
                ),
                required=False,
            )

    @property
    def about_homes(self) -> list[forms.BoundField]:
        """The fields about homes, as the page shows them."""
        return [
            self[f"{family.prefix}{name}"]
            for family in FAMILIES.values()
            for name in ("home", "sure")
        ]

    def homes(self) -> dict[str, AboutHome]:
        """Return what was said of each family's home, by the family's key."""
        said = self.cleaned_data
        return {
            family.key: AboutHome(said[f"{family.prefix}home"], sure=said[f"{family.prefix}sure"])
            for family in FAMILIES.values()
        }


class NoteForm(forms.Form):
    """A few words that are kept with a duty."""

    words = Words(
        label=_("What should be recorded"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    accepted = forms.ChoiceField(
        label=_("If it is the agency’s answer: do they accept the report?"),
        choices=[("", _("They didn’t say")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
