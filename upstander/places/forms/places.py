"""Forms of the administrator: places and people."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upstander.places.models import Center, District, Person, School
from upstander.places.queries import center_of_no_place


def check_time_zone(value: str) -> None:
    """Refuse what no clock knows."""
    if value not in available_timezones():
        raise ValidationError(_("This is no time zone. Write it like America/New_York."))


class _PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What all places share."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        initial="America/New_York",
        validators=[check_time_zone],
        help_text=_("Like America/New_York."),
    )


class CenterForm(_PlaceForm):
    """A crisis center."""

    class Meta:
        model = Center
        fields = ("name", "callback_phone", "time_zone")
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "callback_phone": _("Number at which dispatchers call back"),
        }


class _LanguagesForm(_PlaceForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        initial=["en"],
        widget=forms.CheckboxSelectMultiple,
    )


class DistrictForm(_LanguagesForm):
    """A school district."""

    class Meta:
        model = District
        fields = ("name", "center", "time_zone", "languages")
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "center": _("Crisis center that answers for it"),
        }

    # Not the model's own: this district takes it from another, which its constraint would refuse.
    catch_all = forms.BooleanField(
        label="Tips that name no school and no district come here",
        help_text="One district at most: ticked here, it is ticked nowhere else.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("catch_all", self.instance.catch_all)
        centers: Any = self.fields["center"]
        # One that serves nobody yet would be its founder's alone: a supervisor has to sign that.
        serving = District.objects.values("center_id")
        centers.queryset = Center.objects.filter(pk__in=serving).order_by("name")
        centers.disabled = self.instance.pk is not None
        centers.help_text = _(
            "That another center answers for it, a supervisor of the present one signs: see Moves."
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what would take the tips without a place from the center that gets them now."""
        given: dict[str, Any] = super().clean() or {}
        getting = center_of_no_place()
        center = given.get("center")
        if given.get("catch_all") and getting and center and center.pk != getting:
            self.add_error(
                "catch_all",
                _("Another center gets these tips now. Its supervisor signs that: see Moves."),
            )
        return given


class PoliceTeamForm(forms.Form):
    """The name of a team of police contacts."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("They see what the crisis center hands to them, and nothing else."),
    )


class MonitorTeamForm(forms.Form):
    """For whom an outside monitor watches."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("They see figures and proofs, without names, until their time is over."),
    )


class SchoolForm(_LanguagesForm):
    """A school, with what a dispatcher asks for."""

    class Meta:
        model = School
        fields = (
            "name",
            "grades",
            "address",
            "town",
            "time_zone",
            "languages",
            "psap_name",
            "psap_phone",
            "emergency_contact",
        )
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "grades": _("Grades"),
            "address": _("Address"),
            "town": _("Town"),
            "psap_name": _("911 center that answers for this address"),
            "psap_phone": _("Its direct number"),
            "emergency_contact": _("Whom the police call at the school"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "grades": _("Like 6-8."),
            "psap_phone": _("Ten digits: 911 from a crisis center rings in another town."),
        }


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator keeps about somebody."""

    class Meta:
        model = Person
        fields = ("name", "email", "phone", "language")
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "email": _("Email by which they sign in"),
            "phone": _("Phone"),
            "language": _("Language"),
        }

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_email(self) -> str:
        """Refuse an address that somebody else signs in with, whatever its case."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if Person.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody else signs in with this address."))
        return email


class CsvForm(forms.Form):
    """A table to be read: uploaded, or on its way back from the preview."""

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_("From a spreadsheet: “Save as CSV”. Commas or semicolons, UTF-8."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    table = forms.CharField(
        required=False, strip=False, max_length=900_000, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Need one of the two."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file") and not data.get("table"):
            self.add_error("file", _("Choose a file."))
        return data
