"""Forms of the on-call pages. Every time that is typed is the team's local time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.oncall.actions.calendars import Free
from upstander.oncall.actions.plans import LayerDraft
from upstander.oncall.days import regions
from upstander.oncall.models import Duty, Layer
from upstander.ui.fields import Words
from upstander.ui.forms import DayField
from upstander.ui.local_time import LocalTime

#: When a new rule's turns change, in the team's time zone.
FIRST_HAND_OVER: Final = time(8)

WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_DUTIES = [
    (Duty.PRIMARY.value, gettext_lazy("Primary: called first")),
    (Duty.BACKUP.value, gettext_lazy("Backup")),
]
_SITE = (Duty.SITE.value, gettext_lazy("On site: at the place that the rule is named after"))
#: The zones of the states and territories come first in the list.
_AMERICAN = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
)


def _time(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class LayerForm(forms.Form):
    """A rule of a plan: who takes turns, and when they hand over."""

    every = forms.IntegerField(
        label=gettext_lazy("Each turn lasts"), min_value=1, max_value=52, initial=1
    )
    turn = forms.ChoiceField(
        label=gettext_lazy("Unit"),
        choices=[("week", gettext_lazy("weeks")), ("day", gettext_lazy("days"))],
        initial="week",
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Hand over on"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        initial=0,
        help_text=gettext_lazy("For turns measured in weeks."),
    )
    hand_over = _time(label=gettext_lazy("At"), initial=FIRST_HAND_OVER)
    starts_on = DayField(
        label=gettext_lazy("Starting the day or week of"),
        help_text=gettext_lazy(
            "The first person on the list is on call starting with that day’s or week’s hand-over."
        ),
    )
    at_once = forms.IntegerField(
        label=gettext_lazy("How many people are on call at a time"),
        min_value=1,
        max_value=10,
        initial=1,
    )
    duty = forms.ChoiceField(
        label=gettext_lazy("Duty"),
        choices=[*_DUTIES, _SITE],
        initial="primary",
        widget=forms.RadioSelect,
    )
    name = Words(
        label=gettext_lazy("Rule name"), max_length=60, initial=gettext_lazy("Weekly rotation")
    )
    days = forms.ChoiceField(
        label=gettext_lazy("Applies on"), choices=Layer.Days.choices, initial=Layer.Days.EVERY.value
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On these weekdays"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        initial=list(range(7)),
        widget=forms.CheckboxSelectMultiple,
    )
    from_time = _time(label=gettext_lazy("From"), required=False)
    to_time = _time(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy(
            "Leave empty for all day. If it is not later than the start time, it "
            "means the next day."
        ),
    )
    ends_on = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty to continue until you change it."),
    )

    def __init__(
        self, people: Mapping[int, str], *args: Any, order: tuple[int, ...], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.people = dict(people)
        places = [("", _("not included")), *((str(n), _nth(n)) for n in range(1, len(people) + 1))]
        for person, name in people.items():
            self.fields[f"place_{person}"] = forms.ChoiceField(
                label=name,
                choices=places,
                required=False,
                initial=str(order.index(person) + 1) if person in order else "",
            )

    @property
    def places(self) -> list[forms.BoundField]:
        """The selects by which the order is set, one a member."""
        return [self[f"place_{person}"] for person in self.people]

    def clean(self) -> dict[str, Any]:
        """Check what no field can know alone."""
        cleaned = super().clean() or {}
        numbers = [cleaned.get(f"place_{person}") for person in self.people]
        numbers = [number for number in numbers if number]
        if not numbers:
            raise forms.ValidationError(_("Put at least one person in the order."))
        if len(numbers) != len(set(numbers)):
            raise forms.ValidationError(_("Two people have the same place in the order."))
        if bool(cleaned.get("from_time") is None) != bool(cleaned.get("to_time") is None):
            self.add_error("to_time", _("Enter both times or neither."))
        if not cleaned.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and not 2000 <= starts.year <= 2100:
            self.add_error("starts_on", _("Enter a year between 2000 and 2100."))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("This is before the first day."))
        return cleaned

    def draft(self) -> LayerDraft:
        """Return what was filled in."""
        told = self.cleaned_data
        starts: date = told["starts_on"]
        if told["turn"] == "week":
            # The week of that day: so the plan has no hole before its first hand-over.
            starts -= timedelta(days=(starts.weekday() - told["weekday"]) % 7)
        placed = [(int(told[f"place_{p}"]), p) for p in self.people if told.get(f"place_{p}")]
        hours = (told["from_time"], told["to_time"]) if told["from_time"] is not None else None
        return LayerDraft(
            name=told["name"],
            duty=told["duty"],
            turn=told["turn"],
            every=told["every"],
            hand_over=told["hand_over"],
            starts_on=starts,
            people=tuple(person for _place, person in sorted(placed)),
            at_once=told["at_once"],
            ends_on=told["ends_on"],
            days=told["days"],
            weekdays=tuple(told["weekdays"]),
            hours=hours,
        )


def _nth(number: int) -> str:
    return {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")


class _TimesForm(forms.Form):
    """From … to, in a team's time."""

    # In whose zone is said when the form is made.
    starts = LocalTime("UTC", label=gettext_lazy("From"))
    ends = LocalTime("UTC", label=gettext_lazy("Until"))

    def __init__(self, zone: ZoneInfo, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            if isinstance(field, LocalTime):
                field.be_in(zone)

    def clean(self) -> dict[str, Any]:
        """Turn local times into instants, and check that they go forward."""
        cleaned = super().clean() or {}
        if cleaned.get("starts") and cleaned.get("ends"):
            for name in ("starts", "ends"):
                if not 2000 <= cleaned[name].year <= 2100:
                    self.add_error(name, _("Enter a year between 2000 and 2100."))
                    return cleaned
                cleaned[name] = cleaned[name].astimezone(UTC)
            if cleaned["ends"] <= cleaned["starts"]:
                self.add_error("ends", _("This must be after the start."))
            elif cleaned["ends"] - cleaned["starts"] > timedelta(days=92):
                self.add_error("ends", _("Three months at most."))
        return cleaned


class OverrideForm(_TimesForm):
    """Somebody on, somebody off, for a time."""

    on = forms.TypedChoiceField(
        label=gettext_lazy("On call"), coerce=int, required=False, empty_value=None
    )
    off = forms.TypedChoiceField(
        label=gettext_lazy("Instead of"), coerce=int, required=False, empty_value=None
    )
    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=_DUTIES, initial="primary")
    field_order = ("on", "off", "starts", "ends", "duty")

    def __init__(self, people: Mapping[int, str], zone: ZoneInfo, *args: Any, **more: Any) -> None:
        super().__init__(zone, *args, **more)
        for name, nobody in (
            ("on", _("no one (only take someone off)")),
            ("off", _("no one (add only)")),
        ):
            field: Any = self.fields[name]
            field.choices = [("", nobody), *people.items()]

    def clean(self) -> dict[str, Any]:
        """Somebody must be named, and not the same person twice."""
        cleaned = super().clean()
        on, off = cleaned.get("on"), cleaned.get("off")
        if on is None and off is None:
            self.add_error("on", _("Choose who is on call, or who is not."))
        elif on == off:
            self.add_error("off", _("Choose two people."))
        return cleaned


class SwapForm(forms.Form):
    """Which of my shifts, to whom, for which of theirs."""

    mine = forms.ChoiceField(label=gettext_lazy("Your shift"))
    theirs = forms.ChoiceField(label=gettext_lazy("Who takes it"))

    def __init__(
        self, mine: list[tuple[str, str]], theirs: list[tuple[str, Any]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        for name, choices in (("mine", mine), ("theirs", theirs)):
            field: Any = self.fields[name]
            field.choices = choices


class FileForm(forms.Form):
    """A calendar file."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file (.ics)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )


class ZoneForm(forms.Form):
    """A team's time zone."""

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone for hand-overs"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        others = sorted(z for z in available_timezones() if "/" in z and z not in _AMERICAN)
        field: Any = self.fields["time_zone"]
        field.choices = [(zone, zone.replace("_", " ")) for zone in (*_AMERICAN, *others)]


class RegionForm(forms.Form):
    """Whose public holidays count."""

    region = forms.ChoiceField(
        label=gettext_lazy("Public holidays"),
        choices=lambda: [
            (
                r,
                {"": _("none"), "US": _("federal holidays")}.get(
                    r, _("%s: state holidays") % r[3:]
                ),
            )
            for r in regions()
        ],
        required=False,
    )


class DaysForm(forms.Form):
    """A break, or a holiday on which there is school."""

    label = Words(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("For example, “Winter break”."),
    )
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty for one day."),
    )
    in_session = forms.BooleanField(label=gettext_lazy("School is open anyway"), required=False)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        if cleaned.get("first"):
            cleaned["last"] = cleaned.get("last") or cleaned["first"]
            if not cleaned["first"] <= cleaned["last"] <= cleaned["first"] + timedelta(days=120):
                self.add_error("last", _("At most 120 days, and not before the first day."))
        return cleaned

    def days(self) -> Free:
        """Return what was filled in."""
        told = self.cleaned_data
        return Free(told["first"], told["last"], told["label"], told["in_session"])


class HoursForm(forms.Form):
    """The hours in which a district is told of what can wait for them."""

    opens = _time(label=gettext_lazy("From"))
    closes = _time(label=gettext_lazy("Until"))
