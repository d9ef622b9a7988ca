"""A date and time as a browser's picker gives it, in a place's own time.

On one night in autumn the hour before two comes twice. A picker can't say which of them is meant,
so the field asks: first or second. Nothing is refused for it, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext

from upstander.ui.moments import clock_words

#: Stands between what the picker gave and which of two equal times is meant.
_MARK = "~"
_FORMAT = "%Y-%m-%dT%H:%M"


def comes_twice(typed: datetime, zone: ZoneInfo) -> bool:
    """Tell whether clocks in a zone show a naive time twice, as they are put back."""
    return _offset(typed, zone, 0) > _offset(typed, zone, 1)


def never_comes(typed: datetime, zone: ZoneInfo) -> bool:
    """Tell whether clocks in a zone pass a naive time over, as they are put forward."""
    return _offset(typed, zone, 0) < _offset(typed, zone, 1)


def _offset(typed: datetime, zone: ZoneInfo, fold: int) -> timedelta:
    return typed.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


class LocalTimeInput(forms.DateTimeInput):
    """The browser's picker; where the time comes twice, with the question which one is meant."""

    input_type = "datetime-local"
    template_name = "ui/forms/local_time.html"
    zone: ZoneInfo

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}), format=_FORMAT)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return what was picked, with which of two equal times if that was said."""
        typed, which = data.get(name), data.get(f"{name}_which")
        return f"{typed}{_MARK}{which}" if typed and which in ("1", "2") else typed

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the question where there is one."""
        which = ""
        if isinstance(value, datetime):
            which = ("2" if value.fold else "1") if value.tzinfo else ""
            moment: datetime | None = value.replace(tzinfo=None)
        else:
            value, _, which = str(value or "").partition(_MARK)
            moment = _picked(value)
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if moment is not None and comes_twice(moment, self.zone):
            clock = clock_words(moment)
            first, second = (moment.replace(tzinfo=self.zone, fold=fold) for fold in (0, 1))
            context["widget"]["twice"] = [
                {
                    "value": "1",
                    "label": gettext("The first %(clock)s (%(first)s)")
                    % {"clock": clock, "first": f"{first:%Z}"},
                    "on": which == "1",
                },
                {
                    "value": "2",
                    "label": gettext("The second %(clock)s (%(second)s)")
                    % {"clock": clock, "second": f"{second:%Z}"},
                    "on": which == "2",
                },
            ]
        return context


class LocalTime(forms.DateTimeField):
    """A date and time in a zone, cleaned to the moment that is meant (aware)."""

    widget = LocalTimeInput
    input_formats = (_FORMAT, f"{_FORMAT}:%S", f"{_FORMAT}:%S.%f", "%Y-%m-%d %H:%M")

    def __init__(self, zone: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.be_in(ZoneInfo(zone))

    def be_in(self, zone: ZoneInfo) -> None:
        """Say in which zone times are given."""
        self.zone = self.widget.zone = zone

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment, or None for nothing typed. Raises ValidationError."""
        text, _, which = str(value or "").strip().partition(_MARK)
        if not text:
            return None
        # Past Django's own step into the site's zone: it refuses the hour that comes twice.
        typed: datetime | None = super(forms.DateTimeField, self).to_python(text)
        if typed is None:
            return None
        if never_comes(typed, self.zone):
            raise forms.ValidationError(
                gettext(
                    "Clocks went forward that night, so there was no %(clock_words)s. Enter a "
                    "time that clocks showed. What you wrote is kept."
                )
                % {"clock_words": clock_words(typed)},
                code="never",
            )
        if comes_twice(typed, self.zone) and not which:
            raise forms.ValidationError(
                gettext(
                    "Clocks went back that night, so %(clock_words)s came twice. Choose the first "
                    "or the second here. What you wrote is kept."
                )
                % {"clock_words": clock_words(typed)},
                code="twice",
            )
        return typed.replace(tzinfo=self.zone, fold=int(which == "2"))

    def prepare_value(self, value: Any) -> Any:
        """Show a moment in the place's own time."""
        aware = isinstance(value, datetime) and value.tzinfo is not None
        return value.astimezone(self.zone) if aware else value


def _picked(text: str) -> datetime | None:
    for one in LocalTime.input_formats:
        try:
            return datetime.strptime(text, one)  # noqa: DTZ007 - the zone is the field's
        except ValueError:
            continue
    return None
