"""A time that comes twice is asked about, and one that never comes is said to."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from upstander.ui.local_time import LocalTime
from upstander.ui.moments import due_words, moment_words
from upstander.ui.times import exact, weekday

ZONE = "America/New_York"


def form_of(data: dict[str, str] | None = None, **more: object) -> forms.Form:
    form = forms.Form(data, **more)  # type: ignore[arg-type]
    form.fields["at"] = LocalTime(ZONE, label="When")
    return form


def test_the_doubled_hour_is_asked_about_and_nothing_is_lost() -> None:
    form = form_of({"at": "2026-11-01T01:30"})
    assert not form.is_valid()
    shown = str(form["at"])
    assert "came twice" in str(form.errors)
    assert 'value="2026-11-01T01:30"' in shown
    assert "The first 1:30 a.m. (EDT)" in shown
    assert "The second 1:30 a.m. (EST)" in shown
    assert "checked" not in shown, "nothing is guessed"


@pytest.mark.parametrize(("which", "hour"), [("1", 5), ("2", 6)])
def test_first_or_second_is_what_it_says(which: str, hour: int) -> None:
    form = form_of({"at": "2026-11-01T01:30", "at_which": which})
    assert form.is_valid(), form.errors
    at = form.cleaned_data["at"]
    assert at.astimezone(UTC) == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    shown = str(form_of(None, initial={"at": at})["at"])
    assert shown.index("checked") > shown.index(f'value="{which}"')
    assert shown.count("checked") == 1


def test_other_times_are_not_asked_about_whatever_was_ticked() -> None:
    for typed, hour in (("2026-11-01T00:59", 4), ("2026-11-01T02:00", 7), ("2026-07-01T01:30", 5)):
        form = form_of({"at": typed, "at_which": "2"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["at"].astimezone(UTC).hour == hour
        assert "radio" not in str(form["at"])


def test_an_hour_that_was_passed_over_is_said_in_words() -> None:
    form = form_of({"at": "2026-03-08T02:30"})
    assert not form.is_valid()
    assert "there was no 2:30 a.m." in str(form.errors)
    assert 'value="2026-03-08T02:30"' in str(form["at"])
    assert not form_of({"at": "soon"}).is_valid()


def test_a_day_ends_as_that_day_and_no_time_is_midnight_or_noon() -> None:
    assert due_words(datetime(2026, 12, 1, 5, tzinfo=UTC), ZONE) == "end of Nov. 30, 2026"
    assert due_words(datetime(2026, 12, 1, 17, tzinfo=UTC), ZONE) == "Dec. 1, 2026, 12:00 p.m."
    assert moment_words(datetime(2026, 12, 1, 5, tzinfo=UTC), ZONE) == "Dec. 1, 2026, 12:00 a.m."
    first, second = (moment_words(datetime(2026, 11, 1, h, 30, tzinfo=UTC), ZONE) for h in (5, 6))
    assert (first, second) == ("Nov. 1, 2026, 1:30 a.m. EDT", "Nov. 1, 2026, 1:30 a.m. EST")


def test_filters_say_dates_in_the_one_form_and_in_the_active_zone() -> None:
    page = Template("{% load ui %}{{ at|moment }}; {{ at|day }}; {{ at|clock }}; {{ at|weekday }}")
    with timezone.override(ZONE):
        shown = page.render(Context({"at": datetime(2026, 12, 1, 17, tzinfo=UTC)}))
        twice = exact(datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
        bare = Template("{{ at }}").render(Context({"at": datetime(2026, 12, 1, 5, tzinfo=UTC)}))
    assert shown.split("; ") == [
        "Dec. 1, 2026, 12:00 p.m.",
        "Dec. 1, 2026",
        "12:00 p.m.",
        "Tue., Dec. 1, 12:00 p.m.",
    ]
    assert twice == "Nov. 1, 2026, 1:30 a.m. EST"
    assert bare == "Dec. 1, 2026, 12:00 a.m."
    assert weekday(date(2026, 11, 30)) == "Mon., Nov. 30"
