"""Forms of the administrator: places and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upstander.administration.own_phones import OwnPhone, lines_to_911
from upstander.base.phones import NoNumber, e164, numbers_in
from upstander.people.models import Person
from upstander.people.queries import center_of_no_place
from upstander.places.models import Center, District, School
from upstander.states import laws
from upstander.ui.fields import Grades, PersonName, Phone, Words


def check_time_zone(value: str) -> None:
    """Refuse what no clock knows."""
    if value not in available_timezones():
        raise ValidationError(_("This is not a time zone. Use a name like America/New_York."))


#: Why an agency of advocates' own district gets none: it would be no agency's any more.
NO_SCHOOLS = _("An agency of advocates has no schools. Add the school to another district.")
#: A number that others are told in an emergency is changed, and never just gone.
_IN_USE = _("It is in use. Type the number that it changes to.")


class _PlaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What all places share."""

    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        initial="America/New_York",
        validators=[check_time_zone],
        help_text=_("For example: America/New_York."),
    )


class CenterForm(_PlaceForm):
    """A crisis center."""

    class Meta:
        model = Center
        fields = ("name", "callback_phone", "interpreter_phone", "time_zone", "advocates")
        field_classes: ClassVar[dict[str, Any]] = {
            "name": Words,
            "callback_phone": Phone,
            "interpreter_phone": Phone,
        }
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "callback_phone": _("Callback number for 911 dispatchers"),
            "interpreter_phone": _("Interpreters’ service"),
            "advocates": _("An agency of advocates, whose clients nobody else sees"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "interpreter_phone": _(
                "Shown beside a tip in another language, and rung when a counselor adds an "
                "interpreter to a call. Call it once before you save it."
            ),
        }

    def clean_callback_phone(self) -> str:
        """Refuse to empty a number that dispatchers are told. Raises ValidationError."""
        phone: str = self.cleaned_data["callback_phone"]
        if not phone and self.instance.callback_phone:
            raise ValidationError(_IN_USE)
        return phone

    def clean_interpreter_phone(self) -> str:
        """Refuse a number that a call can't ring. Raises ValidationError."""
        phone: str = self.cleaned_data["interpreter_phone"]
        try:
            return phone and e164(phone)
        except NoNumber as error:
            raise ValidationError(
                _("Without an extension: a call rings it too. A menu is passed by keys in a file.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """Refuse a 911 center's line as one of the crisis center's own; inside ``viewing``."""
        given: dict[str, Any] = super().clean() or {}
        lines = lines_to_911(self.instance) if self.instance.pk else {}
        for name in ("callback_phone", "interpreter_phone"):
            for number in numbers_in(given.get(name, "")) & lines.keys():
                said = _("This is the 911 center’s number for %(school)s.")
                self.add_error(name, said % {"school": lines[number]})
        return given


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
        fields = ("name", "center", "state", "time_zone", "languages")
        field_classes: ClassVar[dict[str, Any]] = {"name": Words}
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "center": _("Crisis center responsible for it"),
        }

    state = forms.ChoiceField(label=_("State whose law applies"))
    # Not the model's own: this district takes it from another, which its constraint would refuse.
    catch_all = forms.BooleanField(
        label=_("Tips that name no school or district come here"),
        help_text=_(
            "Only one district can have this. Checking it here unchecks it everywhere else."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("catch_all", self.instance.catch_all)
        states: Any = self.fields["state"]
        states.choices = [(one.key, one.duties.name) for one in laws()]
        # Clocks that run were reckoned by it: a district stays where it is.
        states.disabled = self.instance.pk is not None
        if len(states.choices) == 1:
            del self.fields["state"]
        centers: Any = self.fields["center"]
        # One that serves nobody yet would be its founder's alone: a supervisor has to sign that.
        serving = District.objects.values("center_id")
        centers.queryset = Center.objects.filter(pk__in=serving).order_by("name")
        centers.disabled = self.instance.pk is not None
        centers.help_text = _(
            "Moving the district to another center needs the signature of a supervisor "
            "at its current center: see Moves."
        )

    def clean(self) -> dict[str, Any]:
        """Refuse what would take the tips without a place from the center that gets them now."""
        given: dict[str, Any] = super().clean() or {}
        getting = center_of_no_place()
        center = given.get("center")
        if given.get("catch_all") and getting and center and center.pk != getting:
            self.add_error(
                "catch_all",
                _(
                    "Another center receives these tips now. Its supervisor must sign the "
                    "change: see Moves."
                ),
            )
        return given


class PoliceTeamForm(forms.Form):
    """The name of a team of police contacts."""

    name = Words(
        label=_("Name"),
        max_length=120,
        help_text=_("They see only what the crisis center hands off to them."),
    )


class MonitorTeamForm(forms.Form):
    """For whom an outside monitor watches."""

    name = Words(
        label=_("Name"),
        max_length=120,
        help_text=_("They see statistics and proofs, without names, until their access ends."),
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
        field_classes: ClassVar[dict[str, Any]] = {
            "name": Words,
            "grades": Grades,
            "address": Words,
            "town": Words,
            "psap_name": Words,
            "psap_phone": Phone,
            "emergency_contact": Words,
        }
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "grades": _("Grades"),
            "address": _("Address"),
            "town": _("Town"),
            "psap_name": _("911 center that answers for this address"),
            "psap_phone": _("Its direct number"),
            "emergency_contact": _("The school’s contact for police"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "grades": _("For example: 6-8."),
            "psap_phone": _(
                "Ten digits. Dialing 911 from the crisis center would reach another town. "
                "Call it once before you save it."
            ),
        }

    # Asked only of whoever empties a number that is in use.
    without_line = forms.BooleanField(
        label=_("Save it without a 911 number"),
        help_text=_(
            "Whoever calls for help for this school then dials 911, which answers for the "
            "caller’s own town, and asks to be transferred. No one can add its 911 center to a "
            "call."
        ),
        required=False,
    )
    field_order = (*Meta.fields[:-1], "without_line", "emergency_contact")

    def __init__(self, *args: Any, own: Sequence[OwnPhone], **kwargs: Any) -> None:
        """``own``: the phones that ring at its district's schools and at its center."""
        super().__init__(*args, **kwargs)
        self.own = own
        self.had_line = bool(self.instance.pk and self.instance.psap_phone)
        typed = self.data.get("psap_phone", "") if self.is_bound else self.instance.psap_phone
        if not self.had_line or typed.strip():
            del self.fields["without_line"]

    def clean_emergency_contact(self) -> str:
        """Refuse a contact whom police can't ring, and none after one. Raises ValidationError."""
        contact: str = self.cleaned_data["emergency_contact"]
        if contact and not numbers_in(contact):
            raise ValidationError(_("Add a phone number that police can ring, with its area code."))
        if not contact and self.instance.pk and self.instance.emergency_contact:
            raise ValidationError(_IN_USE)
        return contact

    def clean(self) -> dict[str, Any]:
        """Refuse one of our own phones as the 911 center's, and its emptying without a yes."""
        given: dict[str, Any] = super().clean() or {}
        if "psap_phone" not in given:
            return given
        line = numbers_in(given["psap_phone"])
        if self.had_line and not line and not given.get("without_line"):
            self.add_error(
                "psap_phone",
                _("It is in use. Type the number, or check the box that says what it means."),
            )
        here = given.get("name") or self.instance.name
        whose = {one.number: one.whose for one in self.own if one.school_id != self.instance.pk}
        whose |= dict.fromkeys(numbers_in(given.get("emergency_contact", "")), here)
        for number in line & whose.keys():
            said = _(
                "This number already rings somewhere else: %(whose)s. A 911 center has its own."
            )
            self.add_error("psap_phone", said % {"whose": whose[number]})
        return given


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator keeps about somebody."""

    class Meta:
        model = Person
        fields = ("name", "email", "phone", "language")
        field_classes: ClassVar[dict[str, Any]] = {"name": PersonName, "phone": Phone}
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "email": _("Email they sign in with"),
            "phone": _("Phone"),
            "language": _("Language"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "phone": _(
                "For colleagues to look up. Alerts do not ring it: they ring what this person "
                "confirmed under “How I’m reached”."
            ),
        }

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_email(self) -> str:
        """Refuse an address that somebody else signs in with, whatever its case."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if Person.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Someone else already signs in with this address."))
        return email
