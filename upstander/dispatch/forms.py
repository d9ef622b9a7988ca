"""The forms of the sheet, of a call, of a brief for police, and of a search in the roster."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from upstander.dispatch.actions import CONFIRM_AFTER, CONFIRM_CHOICES, WORDS_LIMIT
from upstander.dispatch.models import Brief, Call
from upstander.dispatch.roster import NAME_LIMIT, REASON_LIMIT
from upstander.dispatch.sheet import FIELDS, LINE_LIMIT, NOW


class SheetForm(forms.Form):
    """The lines of the sheet. What is left out of a post keeps what it was (see ``lines``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in FIELDS:
            made: forms.Field
            if line.kind == "choice":
                made = forms.ChoiceField(choices=list(NOW.items()), required=False)
            else:
                rows = {"rows": 2} if line.kind == "area" else {}
                widget = forms.Textarea(attrs=rows) if rows else forms.TextInput()
                made = forms.CharField(max_length=LINE_LIMIT, required=False, widget=widget)
            made.label = line.label
            self.fields[line.key] = made

    def lines(self) -> dict[str, str]:
        """Return the lines: those posted, over those that the page had begun with."""
        begun = {key: str(value) for key, value in self.initial.items()}
        posted = {key: str(value) for key, value in self.cleaned_data.items() if key in self.data}
        return begun | posted


class CallForm(forms.Form):
    """ "I called": when, whom, what they said."""

    line = forms.ChoiceField(label="Whom did you call?", choices=Call.Line.choices)
    police = forms.ChoiceField(
        label="What did you ask for?",
        choices=[
            ("", "Choose"),
            ("no", "Medical help only, no police"),
            ("yes", "Police, or police too"),
        ],
    )
    danger_now = forms.BooleanField(
        label="Danger is now: I judge that a life is at risk this minute", required=False
    )
    why = forms.CharField(
        label="Why danger is now",
        required=False,
        max_length=WORDS_LIMIT,
        help_text="A tick in the reporter's form alone is not enough: anybody can tick it.",
    )
    at = forms.TimeField(
        label="Time of the call",
        required=False,
        help_text="The school's time. Left empty: now.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    dispatcher = forms.CharField(label="Dispatcher's name", required=False, max_length=120)
    incident = forms.CharField(label="Incident number", required=False, max_length=60)
    said = forms.CharField(
        label="What they said",
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm_after = forms.TypedChoiceField(
        label="Ask me whether help arrived in",
        choices=[(n, f"{n} minutes") for n in CONFIRM_CHOICES],
        initial=CONFIRM_AFTER,
        coerce=int,
        required=False,
    )

    def called_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the time of the call (aware), or None for now: the last such time of day."""
        given: time | None = self.cleaned_data.get("at")
        if given is None:
            return None
        local = now.astimezone(zone)
        moment = local.replace(hour=given.hour, minute=given.minute, second=0, microsecond=0)
        # A call at 23:58, written down at 00:03, was yesterday.
        return moment - timedelta(days=1) if moment > local + timedelta(minutes=1) else moment

    def facts(self, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
        """Return what ``record_call`` takes."""
        given = self.cleaned_data
        return {
            "line": Call.Line(given["line"]),
            "police": given["police"] == "yes",
            "danger_now": given["danger_now"],
            "why": given["why"],
            "dispatcher": given["dispatcher"],
            "incident": given["incident"],
            "said": given["said"],
            "called_at": self.called_at(now, zone),
            "confirm_after": given["confirm_after"] or CONFIRM_AFTER,
        }


class PoliceForm(forms.Form):
    """A brief for a police team, or an update of one."""

    team = forms.ChoiceField(label="Police contact")
    words = forms.CharField(
        label="The brief, in your own words",
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They get this and the lines of the sheet above; never the dialog or a note.",
    )
    danger_now = forms.BooleanField(
        label="Danger is now: I judge that a life is at risk this minute", required=False
    )

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.choices = teams


class OutcomeForm(forms.Form):
    """What police found."""

    outcome = forms.ChoiceField(
        label="What did you find?", choices=[("", "Choose"), *Brief.Outcome.choices]
    )
    words = forms.CharField(
        label="In a few words",
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Goes to the crisis center alone, sealed.",
    )


class HomeForm(forms.Form):
    """Whose address, and why."""

    name = forms.CharField(
        label="Given and family name",
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Why the address is needed",
        max_length=REASON_LIMIT,
        help_text="Stays on the record with your name. The student's name does not.",
    )
