"""The rows of a service's form: ways to reach it, hours, closed days, prices, papers, access.

A row that says half of something is refused at its field: nothing that was typed is dropped.
"""

from __future__ import annotations

from datetime import time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import ENGLISH, WRITTEN
from upstander.directory.faults import way_works
from upstander.directory.models import HolidayRule, LineKind
from upstander.ui.fields import Words

_DAYS = list(enumerate((_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))))
_LINES = [
    (LineKind.CALL, _("call")),
    (LineKind.TEXT, _("text")),
    (LineKind.TTY, _("TTY")),
    (LineKind.CHAT, _("chat")),
    (LineKind.WEB, _("web page")),
]
_HOLIDAYS = [
    (HolidayRule.OPEN, _("open on holidays")),
    (HolidayRule.CLOSED, _("closed on holidays")),
    (HolidayRule.UNKNOWN, _("not known for holidays")),
]
_TIMES_MISSING: Final = {
    "opens": _("When does it open?"),
    "closes": _("When does it close?"),
}
BEGINS_WITH: Final = _("Write an address that begins with https://.")


class LineForm(forms.Form):
    """One way to reach it. A row without a value is none."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=_LINES, initial=LineKind.CALL)
    value = Words(label=_("Number or address"), required=False, max_length=200)
    then = Words(label=_("Then press or text"), required=False, max_length=20)
    language = forms.ChoiceField(
        label=_("For speakers of"),
        choices=[("", _("everybody")), *((code, one.english) for code, one in WRITTEN.items())],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Return the row. Its error: a value that nobody can dial or open, or none."""
        row: dict[str, Any] = super().clean() or self.cleaned_data
        kind, value = row.get("kind", ""), row.get("value")
        if value and not way_works(kind, value):
            page = kind in (LineKind.CHAT, LineKind.WEB)
            self.add_error("value", BEGINS_WITH if page else _("Write a number like 860-555-0134."))
        elif value == "" and not self.initial:
            self.add_error("value", _("Write the number or address."))
        return row


class HoursForm(forms.Form):
    """Hours that are alike on some days. A row in which all is cleared is none."""

    days = forms.TypedMultipleChoiceField(
        label=_("Which days?"),
        choices=_DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    always = forms.BooleanField(label=_("day and night"), required=False)
    opens = forms.TimeField(label=_("Opens"), required=False)
    closes = forms.TimeField(label=_("Closes"), required=False)
    overnight = forms.BooleanField(
        label=_("It closes after midnight, on the next day"), required=False
    )
    on_holidays = forms.ChoiceField(
        label=_("Holidays"), choices=_HOLIDAYS, initial=HolidayRule.UNKNOWN
    )
    effective_from = forms.DateField(widget=forms.HiddenInput, required=False)
    effective_to = forms.DateField(widget=forms.HiddenInput, required=False)
    time_zone = Words(widget=forms.HiddenInput, required=False)
    source = Words(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Return the row. Its errors: half of what hours are, or times that can't be meant."""
        row: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return row
        clocks = [name for name in ("opens", "closes") if row[name] is not None]
        if row["always"]:
            if row["days"] or clocks:
                self.add_error("always", _("Untick this, or clear the days and times."))
        elif row["days"] or clocks or not self.initial:
            if not row["days"]:
                self.add_error("days", _("Tick the days. To drop these hours, clear the times."))
            for name, words in _TIMES_MISSING.items():
                if row[name] is None:
                    self.add_error(name, words)
        if len(clocks) == 2:
            self._clean_times(row["opens"], row["closes"], overnight=row["overnight"])
        return row

    def _clean_times(self, opens: time, closes: time, *, overnight: bool) -> None:
        if opens == closes != time.min:
            words = _("It can’t open and close at the same time. A whole day is 00:00 to 00:00.")
            self.add_error("closes", words)
        elif time.min < closes < opens and not overnight:
            words = _(
                "It closes before it opens. Change it, or tick that it closes after midnight."
            )
            self.add_error("closes", words)
        elif opens < closes and overnight:
            self.add_error("overnight", _("By these times it closes on the same day."))


class ClosureForm(forms.Form):
    """Days on which it is closed. A row without a first day is none."""

    first = forms.DateField(label=_("Closed from"), required=False)
    last = forms.DateField(label=_("To and with"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return the row. Its errors: a last day alone, or before the first."""
        row: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = row.get("first"), row.get("last")
        if last and not first and not self.errors:
            self.add_error("first", _("Write the first day, too."))
        elif first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        return row


class DocumentForm(forms.Form):
    """A paper that they ask for, in each language. A row without words is none."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = Words(
        label=_("What to bring (%(language)s)") % {"language": ENGLISH.english},
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for code in self.others():
            label = _("What to bring (%(language)s)") % {"language": WRITTEN[code].english}
            own = (self.initial.get("texts") or {}).get(code, "")
            self.fields[f"words_{code}"] = Words(
                label=label, required=False, max_length=200, initial=own
            )

    @staticmethod
    def others() -> list[str]:
        """Return the codes of the languages besides English."""
        return [code for code, one in WRITTEN.items() if one is not ENGLISH]

    def clean(self) -> dict[str, Any]:
        """Return the row with ``texts``, by language. Its error: words without English."""
        row: dict[str, Any] = super().clean() or self.cleaned_data
        texts = {code: words for code in self.others() if (words := row.get(f"words_{code}"))}
        if texts and row.get("words") == "":
            self.add_error("words", _("Write it in English, too."))
        return row | {"texts": texts}


class CostForm(forms.Form):
    """A price, and for whom it is; 0 is free. An empty row is none."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    amount = forms.FloatField(label=_("Price; 0 is free"), min_value=0, required=False)
    words = Words(label=_("For whom or what"), required=False, max_length=200)
    currency = Words(widget=forms.HiddenInput, required=False, max_length=3)


class AccessForm(forms.Form):
    """What helps at a place who can't walk, see or hear."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = Words(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["words"].says = True  # type: ignore[attr-defined]
        at = {"place": self.initial.get("name", "")}
        self.fields["words"].label = (
            _("What helps at %(place)s who can’t walk, see or hear, a line each") % at
        )
