"""Times on a tip's page, and those that are read out to 911, are said as on every other page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from upstander.triage.shown import facts_of
from upstander.ui.moments import said_words

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 27, 7, 0, tzinfo=UTC), "2:00 a.m. on November 27"),
        (datetime(2026, 10, 4, 2, 14, tzinfo=UTC), "10:14 p.m. on October 3"),
        (datetime(2026, 7, 1, 16, 5, tzinfo=UTC), "12:05 p.m. on July 1"),
        # The hour that comes twice, said apart.
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "1:30 a.m. EDT on November 1"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "1:30 a.m. EST on November 1"),
    ],
)
def test_what_is_read_out(moment: datetime, said: str) -> None:
    assert said_words(moment, NEW_YORK) == said


def test_when_somebody_looks_again_is_a_local_time() -> None:
    with timezone.override(NEW_YORK):
        found = dict(facts_of({"next_check": "2026-11-27T07:00:00+00:00"}))
    assert found == {"Next check": "Nov. 27, 2026, 2:00 a.m."}
