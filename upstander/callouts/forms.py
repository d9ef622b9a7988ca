"""What is asked about a child in crisis: little at first, and all of it when there is time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import BY_CODE
from upstander.callouts.models import Site
from upstander.callouts.words import (
    CANT,
    CONSENTS,
    MINOR,
    OTHERWISE,
    OUTCOMES,
    ROADS,
    SAFETY,
    SEALED,
    SEEN_TO,
    SUGGESTED,
)
from upstander.people.models import Team
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime

_LANGUAGES = [(one.code, one.english) for one in BY_CODE.values()]


def _words(
    label: Any, *, hint: Any = "", rows: int = 0, most: int = 500, required: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows else None
    return Words(label=label, help_text=hint, required=required, max_length=most, widget=widget)


class CalloutForm(forms.Form):
    """What a clinician must know. Only danger, the place and what is wrong must be said."""

    danger = forms.TypedChoiceField(
        label=_("Is a life in danger now?"),
        choices=[("yes", _("Yes: call 911 first. Somebody comes all the same")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=RadioTiles,
        error_messages={"required": _("Ask this first.")},
    )
    where = _words(
        _("Where the child is now"), hint=_("Street, number, town; or the school."), required=True
    )
    entrance = _words(_("Which entrance, floor, room; where to park"))
    child = _words(_("The child: name or initials, age"), most=120)
    story = _words(_("What is happening"), rows=4, most=2000, required=True)
    who_with = _words(_("Who is with the child, until somebody comes"))
    whose = forms.ChoiceField(label=_("Whose consent"), required=False)
    consent = _words(
        _("Who said so, and how"), hint=_("“Mother, by phone”; or “not asked yet”, and why.")
    )
    language = forms.ChoiceField(label=_("Language they speak"), choices=_LANGUAGES)
    communicates = _words(
        _("How the child communicates"), hint=_("Signs, pictures, an interpreter, a disability.")
    )
    phone = _words(_("Number to call back"), most=120)
    weapon = _words(
        _("Weapons within reach"),
        hint=_("This and the next two are destroyed when the visit ends."),
    )
    dog = _words(_("Dogs, stairs, no signal"))
    other = _words(_("What else makes the visit dangerous"))

    def __init__(self, *args: Any, consents: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Whose word lets somebody go here: code and words.
        self.consents = [*consents]
        whose = [("", _("Nobody’s yet")), *self.consents]
        cast("forms.ChoiceField", self.fields["whose"]).choices = whose

    @property
    def facts(self) -> dict[str, Any]:
        """The columns that it fills; call once it is valid."""
        return {name: self.cleaned_data[name] for name in ("language", "danger")}

    @property
    def words(self) -> dict[str, str]:
        """What is sealed and kept."""
        return {name: self.cleaned_data[name] for name in SEALED}

    @property
    def safety(self) -> dict[str, str]:
        """What is sealed until the visit ends."""
        return {name: self.cleaned_data[name] for name in SAFETY}


class AskForm(CalloutForm):
    """The same, with the town by which a site is found."""

    town = forms.ChoiceField(label=_("Town"))
    field_order = ("danger", "town")

    def __init__(self, *args: Any, sites: Iterable[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = {f"{one.pk}:{town}": one for one in sites for town in one.towns}
        pairs = sorted((key.partition(":")[2], key) for key in self.sites)
        cast("forms.ChoiceField", self.fields["town"]).choices = [
            ("", _("Choose")),
            *((key, town) for town, key in pairs),
        ]

    @property
    def site(self) -> Site:
        """The site of the town."""
        return self.sites[self.cleaned_data["town"]]


class WhenForm(forms.Form):
    """A day and time that is still to come: of a planned visit, or a follow-up."""

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"] = LocalTime(
            label=_("When"), zone=zone, initial=now + timedelta(hours=24)
        )


class StepForm(forms.Form):
    """What a press may say besides: minutes, a reason, an outcome, to whom."""

    minutes = forms.TypedChoiceField(
        choices=[(one, str(one)) for one in (5, 10, 15, 20, 30, 45, 60, 90)],
        coerce=int,
        required=False,
    )
    code = forms.ChoiceField(
        choices=[
            *CONSENTS,
            (MINOR, ""),
            *CANT,
            *OUTCOMES,
            *SEEN_TO,
            *OTHERWISE,
            (SUGGESTED, SUGGESTED),
        ],
        required=False,
    )
    done = forms.ChoiceField(choices=SEEN_TO, required=False)
    to = forms.IntegerField(required=False)
    email = forms.EmailField(required=False)
    text = forms.BooleanField(required=False)


class RoadsForm(forms.Form):
    """How bad the roads are, why, and for how long; or that they are as ever."""

    slow = forms.TypedChoiceField(
        label=_("Travel takes"),
        choices=[
            ("1.0", _("as long as usual")),
            ("1.25", _("a quarter longer")),
            ("1.5", _("half as long again")),
            ("2.0", _("twice as long")),
            ("3.0", _("three times as long")),
        ],
        coerce=float,
        initial="1.5",
    )
    why = forms.ChoiceField(label=_("Because of"), choices=ROADS)
    hours = forms.TypedChoiceField(
        label=_("For the next"),
        choices=[
            ("2", _("2 hours")),
            ("4", _("4 hours")),
            ("8", _("8 hours")),
            ("12", _("12 hours")),
        ],
        coerce=int,
    )


class SiteForm(forms.Form):
    """Which team goes out, to which towns, and who is asked after it."""

    team = forms.TypedChoiceField(label=_("Team"), coerce=int)
    towns = _words(
        _("Towns it serves first"),
        hint=_("One a line. The first is where it sets out from."),
        rows=6,
        most=4000,
    )
    neighbors = forms.TypedMultipleChoiceField(
        label=_("Neighboring sites, asked next"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, teams: Iterable[Team], sites: Iterable[Site], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["team"]).choices = [
            ("", _("Choose")),
            *((one.pk, one.name) for one in teams),
        ]
        cast("forms.ChoiceField", self.fields["neighbors"]).choices = [
            (one.pk, one.name) for one in sites
        ]

    @property
    def listed(self) -> list[str]:
        """The towns, each once."""
        lines = (line.strip()[:60] for line in self.cleaned_data["towns"].splitlines())
        return list(dict.fromkeys(filter(None, lines)))
