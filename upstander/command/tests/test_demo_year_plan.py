"""The plan of the demo's year: the same each day, and enough of everything on every day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from upstander.base.suppression import LEAST
from upstander.command.demo_year_plan import (
    ENDS,
    SCHOOLS,
    ZONE,
    Way,
    beginning,
    planned,
    raised,
)
from upstander.editions.halves import halves

DAYS = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=13 * n) for n in range(29)]


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%m-%d}")
def test_the_published_half_has_enough_whenever_the_demo_begins(now: datetime) -> None:
    """Each school's cases and other tips pass the least number, on any day of the year."""
    begins, ends = halves(now, ZONE)[0].span(ZONE)
    tips = planned(now, ZONE)
    inside = [one for one in tips if begins <= one.at and one.at + timedelta(weeks=4) < ends]
    raised_at = Counter(one.school for one in raised(now, ZONE) if begins <= one.at < ends)
    for school in SCHOOLS.keys() - {"quay-high"}:
        ways = Counter(one.way for one in inside if one.school == school)
        assert ways[Way.CASE] + raised_at[school] >= LEAST
        assert ways[Way.CENTER] + ways[Way.SCHOOL] >= LEAST
    assert sum(one.grave for one in inside) >= LEAST
    assert all(beginning(now, ZONE) - timedelta(days=1) <= one.at <= now for one in tips)
    assert beginning(now, ZONE) <= now - timedelta(weeks=52)
    assert max(one.at for one in tips) <= now - ENDS + timedelta(days=1)


def test_the_plan_is_the_same_for_the_same_moment() -> None:
    """Nothing in it hangs on chance or on the machine."""
    assert planned(DAYS[3], ZONE) == planned(DAYS[3], ZONE)


def test_texts_are_short_and_in_three_languages() -> None:
    """What is told can be read by anybody, at a glance."""
    tips = planned(DAYS[5], ZONE)
    assert {one.language for one in tips} == {"en", "es", "ar"}
    assert all(len(one.text) < 120 for one in tips)
