"""Calendars out and in: no names out, no silent gap in, and no file that holds the desk up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.base.refused import Refused
from upstander.oncall.actions.calendars import Free
from upstander.oncall.calendars import MOST_BYTES, as_spans, days_in, own_calendar, shifts_in
from upstander.oncall.rota import shifts
from upstander.oncall.tests.setup import NEW_YORK, a_plan, a_rule, utc

NOW = utc(2026, 2, 2, 12)
PEOPLE = {
    1: ("Tomás Rivera", "tomas@maple.example"),
    2: ("Grace Hallam", "grace@maple.example"),
    3: ("Grace Onwudiwe", "g.o@maple.example"),
}


def calendar(*events: str) -> bytes:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{event.strip()}\r\nEND:VEVENT" for event in events)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{body}\r\nEND:VCALENDAR".encode()
    )


def event(summary: str, start: str, *more: str) -> str:
    return "\r\n".join((f"SUMMARY:{summary}", f"UID:{summary}", f"DTSTART{start}", *more))


def test_ones_own_calendar_names_teams_and_no_people() -> None:
    plan = a_plan(a_rule(1, 2), a_rule(2, 1, duty="backup"), name="Cedar Middle School team")
    data = own_calendar(1, [plan], utc(2026, 1, 5, 13), utc(2026, 1, 26), NOW)
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert [(str(e["summary"]), e.decoded("dtstart"), e.decoded("dtend")) for e in found] == [
        ("On call: Cedar Middle School team", utc(2026, 1, 5, 13), utc(2026, 1, 12, 13)),
        ("Backup: Cedar Middle School team", utc(2026, 1, 12, 13), utc(2026, 1, 19, 13)),
        ("On call: Cedar Middle School team", utc(2026, 1, 19, 13), utc(2026, 1, 26)),
    ]
    assert len({str(e["uid"]) for e in found}) == 3
    again = own_calendar(1, [plan], utc(2026, 1, 5, 13), utc(2026, 1, 26), NOW)
    assert again == data, "the same shift keeps its name, so that no program doubles it"


def test_what_goes_out_comes_in_as_it_was() -> None:
    plan = a_plan(a_rule(1, 2, 3), name="Tomás Rivera")
    start, end = utc(2026, 2, 9, 13), utc(2026, 12, 7, 13)
    data = own_calendar(1, [plan], start, end, NOW)
    back = as_spans(shifts_in(data, NEW_YORK, PEOPLE, NOW))
    mine = [s for s in shifts(plan, "primary", start, end) if s.people == (1,)]
    assert back == mine


def test_people_are_found_by_address_by_name_and_by_a_first_name_of_one_only() -> None:
    data = calendar(
        event(
            "Anything",
            ":20260301T080000",
            "DTEND:20260302T080000",
            "ATTENDEE;CN=x:MAILTO:Grace@maple.example",
        ),
        event("On call: tomas RIVERA", ":20260302T080000", "DTEND:20260303T080000"),
        event("Tomas on call", ":20260303T080000", "DTEND:20260304T080000"),
        event("Grace", ":20260304T080000", "DTEND:20260305T080000"),
        event("Staff meeting", ":20260305T080000", "DTEND:20260305T090000"),
    )
    found = shifts_in(data, NEW_YORK, PEOPLE, NOW)
    assert [one.people for one in found] == [(2,), (1,), (1,), (), ()]
    assert [bool(one.wrong) for one in found] == [False, False, False, True, True]
    assert found[0].start == utc(2026, 3, 1, 13), "a time without a zone is the team's own"
    assert len(as_spans(found)) == 3


def test_weeks_repeat_at_the_same_local_time_over_a_change_of_the_clocks() -> None:
    data = calendar(
        event(
            "Tomás Rivera",
            ";TZID=America/New_York:20260302T080000",
            "DURATION:PT8H",
            "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;COUNT=4",
            "EXDATE;TZID=America/New_York:20260304T080000",
        ),
    )
    found = shifts_in(data, NEW_YORK, PEOPLE, NOW)
    assert [one.start for one in found] == [
        utc(2026, 3, 2, 13),
        utc(2026, 3, 9, 12),
        utc(2026, 3, 11, 12),
    ]


def test_a_week_each_in_a_calendar_leaves_no_hour_to_nobody() -> None:
    zone = ";TZID=America/New_York"
    data = calendar(
        *(
            event(
                name,
                f"{zone}:202602{day:02}T080000",
                f"DTEND{zone}:202602{day + 7:02}T080000",
                "RRULE:FREQ=WEEKLY;INTERVAL=2",
            )
            for name, day in (("Tomás Rivera", 2), ("Grace Hallam", 9))
        )
    )
    found = shifts_in(data, NEW_YORK, PEOPLE, utc(2026, 2, 2, 13))
    assert len(found) == 53
    assert all(one.end == after.start for one, after in pairwise(found))


def test_a_moved_time_takes_the_place_of_the_one_in_the_series() -> None:
    data = calendar(
        event(
            "Tomás Rivera",
            ":20260302T130000Z",
            "DTEND:20260302T140000Z",
            "RRULE:FREQ=DAILY;UNTIL=20260304T130000Z",
        ),
        event(
            "Tomás Rivera",
            ":20260303T150000Z",
            "DTEND:20260303T160000Z",
            "RECURRENCE-ID:20260303T130000Z",
        ),
        event("Tomás Rivera", ":20260310T150000Z", "DTEND:20260310T160000Z", "STATUS:CANCELLED"),
    )
    assert [one.start.hour for one in shifts_in(data, NEW_YORK, PEOPLE, NOW)] == [13, 15, 13]


def test_only_what_lies_ahead_is_taken_and_what_runs_begins_now() -> None:
    data = calendar(
        event("Tomás Rivera", ":20250101T000000Z", "DTEND:20250102T000000Z"),
        event("Tomás Rivera", ":20260201T000000Z", "DTEND:20260203T000000Z"),
        event("Tomás Rivera", ":20290101T000000Z", "DTEND:20290102T000000Z"),
    )
    found = shifts_in(data, NEW_YORK, PEOPLE, NOW)
    assert [(one.start, one.end) for one in found] == [(NOW, utc(2026, 2, 3))]


def test_days_without_school_are_the_events_of_whole_days() -> None:
    data = calendar(
        event("Spring break", ";VALUE=DATE:20260413", "DTEND;VALUE=DATE:20260418"),
        event("Teachers' day", ";VALUE=DATE:20260501"),
        event("Concert", ":20260502T190000", "DTEND:20260502T210000"),
    )
    assert days_in(data, NEW_YORK, NOW) == [
        Free(date(2026, 4, 13), date(2026, 4, 17), "Spring break"),
        Free(date(2026, 5, 1), date(2026, 5, 1), "Teachers' day"),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MONTHLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_repetition_that_is_not_understood_is_refused_by_name(rule: str) -> None:
    data = calendar(event("Tomás Rivera", ":19700101T000000Z", f"RRULE:{rule}"))
    with pytest.raises(Refused, match="repeat"):
        shifts_in(data, NEW_YORK, PEOPLE, NOW)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no calendar",
        b"\x00\xff\xfe",
        b"x" * (MOST_BYTES + 1),
        calendar("SUMMARY:no time"),
        calendar(event("x", ":99999999T000000Z")),
        calendar(event("x", ":00010101T000000Z")),
        calendar(event("x", ";VALUE=DATE:20260301", "DTEND:20260302T000000Z")),
        calendar(*[event("Tomás Rivera", ":19500101T000000Z", "RRULE:FREQ=DAILY")] * 201),
        calendar(*[event("Tomás", ":20260210T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")] * 20),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Refused):
        shifts_in(data, NEW_YORK, PEOPLE, NOW)


pieces = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "DTSTART:20260301T080000Z",
        "DTSTART;VALUE=DATE:20260301",
        "DTEND:20260301T090000Z",
        "DURATION:PT1H",
        "DURATION:-P1D",
        "RRULE:FREQ=WEEKLY;INTERVAL=0",
        "RRULE:FREQ=DAILY;COUNT=-1",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "RRULE:FREQ=DAILY;UNTIL=20260401",
        "RRULE:",
        "EXDATE:20260301T080000Z",
        "EXDATE:x",
        "RECURRENCE-ID:20260301T080000Z",
        "SUMMARY:Tomás Rivera",
        "UID:1",
        "ATTENDEE:mailto:x",
        "DTSTART;TZID=Nowhere/Land:20260301T080000",
        "SUMMARY:\x00",
        "STATUS:CANCELLED",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(pieces, max_size=14))
def test_no_file_of_such_pieces_makes_an_error_page(lines: list[str]) -> None:
    body = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
    try:
        found = shifts_in(body.encode(), NEW_YORK, PEOPLE, NOW)
    except Refused:
        return
    assert all(NOW <= one.start < one.end for one in found)


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1)),
    st.integers(1, 4),
    st.sets(st.integers(0, 6)),
)
def test_weekly_series_are_the_weeks_that_they_say(
    first: datetime, every: int, weekdays: set[int]
) -> None:
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    by = f";BYDAY={','.join(names[n] for n in sorted(weekdays))}" if weekdays else ""
    data = calendar(
        event(
            "Tomás Rivera",
            f":{first:%Y%m%dT%H%M%S}Z",
            "DURATION:PT1H",
            f"RRULE:FREQ=WEEKLY;INTERVAL={every}{by}",
        )
    )
    monday = first.date() - timedelta(days=first.weekday())
    for one in shifts_in(data, NEW_YORK, PEOPLE, datetime.combine(first.date(), time(0), UTC)):
        day = one.start.date()
        assert ((day - monday).days // 7) % every == 0
        assert day.weekday() in (weekdays or {first.weekday()})
