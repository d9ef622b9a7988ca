"""The forms of the sheet, of a call, of a brief for police, and of a search in the roster."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.emergency.actions.help import (
    CONFIRM_AFTER,
    CONFIRM_CHOICES,
    WORDS_LIMIT,
)
from upstander.emergency.flags import LONGEST_AGO
from upstander.emergency.models import Brief, Call
from upstander.emergency.roster import NAME_LIMIT, REASON_LIMIT
from upstander.emergency.sheet import FIELDS, LINE_LIMIT, NOW
from upstander.ui.fields import PersonName, Words


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
                made = Words(anything=True, max_length=LINE_LIMIT, required=False, widget=widget)
            made.label = line.label
            self.fields[line.key] = made

    def lines(self) -> dict[str, str]:
        """Return the lines: those that were changed on the page, over those that stand now.

        A line that stands as the page had it (``was_…``) was typed by nobody: what became known
        meanwhile is not written over by what stood there before.
        """
        begun = {key: str(value) for key, value in self.initial.items()}
        posted = {
            key: str(value)
            for key, value in self.cleaned_data.items()
            if key in self.data and not self._stands(key)
        }
        return begun | posted

    def _stands(self, key: str) -> bool:
        was = self.data.get(f"was_{key}")
        return was is not None and _plain(was) == _plain(self.data[key])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class _AnyChoice(forms.ChoiceField):
    """A choice that refuses nothing: what it does not know was not said."""

    def clean(self, value: Any) -> str:
        return value if value and self.valid_value(value) else ""


class _AnyWords(forms.CharField):
    """A line that refuses nothing; its page keeps to ``max_length``, the action cuts."""

    def clean(self, value: Any) -> str:
        return str(self.to_python(value)).replace("\x00", "")


#: A time as people write it: "9am", "9:05 p.m.", "21:05".
_TIME = re.compile(r"(\d{1,2})(?::(\d{2})(?::\d{2})?)?\s*(?:([ap])\.?\s?m\.?)?\Z", re.IGNORECASE)


def _time_in(typed: str) -> time | None:
    """Read a time of day; None where it can't be read."""
    found = _TIME.match(typed.strip())
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] in "pP" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


#: Of these at least one is filled in where a call was made.
_SAYS: Final = ("line", "police", "at", "dispatcher", "incident", "said", "why")


class CallForm(forms.Form):
    """ "I called": when, whom, what they said. A call that was made is valid, however it is said.

    Only a form in which nothing at all was said is refused: it was a press by mistake. So nothing
    of it is chosen beforehand.
    """

    line = _AnyChoice(
        label=_("Who did you call?"),
        choices=[("", _("Choose")), *Call.Line.choices],
        required=False,
    )
    police = _AnyChoice(
        label=_("What did you ask for?"),
        required=False,
        choices=[
            ("", _("Not said")),
            ("no", _("Medical help only, no police")),
            ("yes", _("Police, or police too")),
        ],
    )
    danger_now = forms.BooleanField(
        label=_("The danger is now: in my judgment, a life is at risk this minute"), required=False
    )
    why = _AnyWords(
        label=_("Why the danger is now"),
        required=False,
        max_length=WORDS_LIMIT,
        help_text=_(
            "A ticked box in the reporter's form is not enough by itself: anyone can tick it."
        ),
    )
    at = _AnyWords(
        label=_("Time of the call"),
        required=False,
        help_text=_("In the school's time zone. Leave empty for now."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    dispatcher = _AnyWords(label=_("Dispatcher's name"), required=False, max_length=120)
    incident = _AnyWords(label=_("Incident number"), required=False, max_length=60)
    said = _AnyWords(
        label=_("What they said"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm_after = _AnyChoice(
        label=_("Ask me whether help arrived in"),
        choices=[(n, _("%d minutes") % n) for n in CONFIRM_CHOICES],
        initial=CONFIRM_AFTER,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse what says nothing: no call is recorded by an empty press."""
        given: dict[str, Any] = super().clean() or {}
        if not any(str(given[key]).strip() for key in _SAYS) and not given["danger_now"]:
            self.add_error("line", gettext("Nothing was recorded: say whom you called."))
        return given

    def called_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the time of the call (aware), the last such time of day; None: now, or unknown.

        A call at 23:58, written down at 00:03, was yesterday. One at 23:59, written down at 17:10,
        is a slip of the hand: nobody knows when it was.
        """
        given = _time_in(self.cleaned_data["at"])
        if given is None:
            return None
        local = now.astimezone(zone)
        moment = local.replace(hour=given.hour, minute=given.minute, second=0, microsecond=0)
        if moment <= local + timedelta(minutes=1):
            return moment
        yesterday = moment - timedelta(days=1)
        return yesterday if yesterday > local - LONGEST_AGO else None

    def facts(self, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
        """Return what ``record_call`` takes."""
        given, at = self.cleaned_data, self.called_at(now, zone)
        return {
            "line": Call.Line(given["line"] or Call.Line.OTHER),
            "police": {"yes": True, "no": False}.get(given["police"]),
            "danger_now": given["danger_now"],
            "why": given["why"],
            "dispatcher": given["dispatcher"],
            "incident": given["incident"],
            "said": given["said"],
            "called_at": at,
            "at_typed": given["at"] if at is None else "",
            "confirm_after": int(given["confirm_after"] or CONFIRM_AFTER),
        }


class PoliceForm(forms.Form):
    """A brief for a police team, or an update of one."""

    team = forms.ChoiceField(label=_("Police contact"))
    words = Words(
        label=_("The brief, in your own words"),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "They get this and the lines of the sheet above, but never the conversation or notes."
        ),
    )
    danger_now = forms.BooleanField(
        label=_("The danger is now: in my judgment, a life is at risk this minute"), required=False
    )

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.choices = teams


class OutcomeForm(forms.Form):
    """What police found."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"), choices=[("", _("Choose")), *Brief.Outcome.choices]
    )
    words = Words(
        label=_("In a few words"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the crisis center can read this."),
    )


class HomeForm(forms.Form):
    """Whose address, and why."""

    name = PersonName(
        label=_("First and last name"),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = Words(
        label=_("Why the address is needed"),
        max_length=REASON_LIMIT,
        help_text=_("This stays on the record with your name. The student's name does not."),
    )
