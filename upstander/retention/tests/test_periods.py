"""When what has ended may go: to the day, by the district's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.decisions.dispositions import BY_KEY
from upstander.retention.periods import Period
from upstander.states import law

NEW_YORK = ZoneInfo("America/New_York")
SCHEDULE = law("us-ct").retention
ABOUT = ("abuse", "staff", "sexual", "none")


def period(rule: str, years: int | None = None, zone: ZoneInfo = NEW_YORK) -> Period:
    return Period(SCHEDULE, SCHEDULE.rule(rule), zone, years)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("rule", "years", "ended", "due"),
    [
        # Ninety whole days, also over the change of clocks.
        ("tip_not_actionable", None, "2026-01-10 15:00", "2026-04-11 00:00"),
        ("tip_not_actionable", None, "2026-01-10 00:00", "2026-04-11 00:00"),
        ("tip_not_actionable", None, "2026-01-10 23:59", "2026-04-11 00:00"),
        # The end of the next school year, whichever day of this one it was.
        ("tip_closed", None, "2025-09-01 09:00", "2027-07-01 00:00"),
        ("tip_closed", None, "2026-06-30 23:59", "2027-07-01 00:00"),
        ("tip_closed", None, "2026-07-01 00:00", "2028-07-01 00:00"),
        # Years, as an administrator set them; a leap day's year is over on 28 February.
        ("tip_life_safety", 6, "2026-03-01 12:00", "2032-03-02 00:00"),
        ("tip_life_safety", 1, "2028-02-29 12:00", "2029-03-01 00:00"),
        ("tip_life_safety", 1, "2028-02-28 12:00", "2029-03-01 00:00"),
    ],
)
def test_the_day_on_which_it_is_due(rule: str, years: int | None, ended: str, due: str) -> None:
    assert period(rule, years).due_at(at(ended)) == at(due)


def test_a_schedule_without_its_number_keeps_everything() -> None:
    for rule in SCHEDULE.rules:
        if rule.schedule:
            unset = period(rule.key)
            assert unset.due_at(at("1990-01-01 00:00")) is None
            assert unset.ended_before(at("2090-01-01 00:00")) is None
            assert unset.words.startswith("kept")


@given(
    st.sampled_from([("tip_not_actionable", None), ("tip_closed", None)])
    | st.tuples(st.just("tip_life_safety"), st.integers(1, 30)),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(days=-40), timedelta(days=12000)),
    st.sampled_from(["America/New_York", "Pacific/Auckland", "UTC"]),
)
def test_what_the_database_looks_for_is_exactly_what_is_due(
    rule: tuple[str, int | None], ended: datetime, later: timedelta, zone: str
) -> None:
    kept, now = period(*rule, zone=ZoneInfo(zone)), ended + later
    due, before = kept.due_at(ended), kept.ended_before(now)
    assert due is not None
    assert before is not None
    assert (ended < before) is (due <= now)


def test_each_ending_of_a_tip_is_under_exactly_one_rule() -> None:
    for kind, life, about in product(("tip", "case"), (True, False), ABOUT):
        for ending in [*BY_KEY, ""]:
            rules = [
                rule
                for rule in SCHEDULE.rules
                if rule.kind == kind
                and rule.about == about
                and rule.life_safety in (None, life)
                and (not rule.dispositions or ending in rule.dispositions)
                and ending not in SCHEDULE.excepted(rule)
            ]
            assert len(rules) == 1, (kind, life, about, ending, rules)
            # Evidence of what was done to a child is under a records schedule, and kept until then.
            assert about == "none" or rules[0].schedule


def test_every_rule_says_where_it_comes_from() -> None:
    assert all(rule.source for rule in SCHEDULE.rules)
    assert {d for rule in SCHEDULE.rules for d in rule.dispositions} <= set(BY_KEY)
    with pytest.raises(KeyError):
        law("../us-ct")
