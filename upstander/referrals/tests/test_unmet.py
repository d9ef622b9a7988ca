"""Unmet need: counted as the family said, told to center and district, and no small number."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.editions.halves import halves
from upstander.referrals.tests.setup import ended

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")


def last_half() -> datetime:
    """Return noon of a day in the last half-year that is published."""
    start, _ = halves(database_now(), ZONE)[0].span(ZONE)
    return start + timedelta(days=40, hours=12)


def file_of(cast: Cast, name: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what somebody's file says of each group: needs, and how many were not met."""
    lines = cast.client(name).get("/unmet.csv").content.decode().splitlines()
    return {
        (one["table"], one["group"]): (one["needs"], one["unmet"]) for one in csv.DictReader(lines)
    }


def test_needs_are_unmet_unless_the_family_said_met(cast: Cast) -> None:
    outcomes = [*["met"] * 12, *["partly"] * 4, *["not_met"] * 4, *["lost"] * 4, *[""] * 4]
    for need in ("housing", "food", "legal"):
        ended(cast, [*outcomes, *["declined"] * 30], last_half(), needs=[need])
    told = file_of(cast, "sam")
    assert told["Need", ""] == ("84", "48"), "what they did not want any more is no need"
    shown = {cells for (table, group), cells in told.items() if table == "Need" and group}
    assert shown == {("28", "16"), ("", "")}, "two of the three: nobody can subtract"
    assert file_of(cast, "dee") == told
    page = cast.client("dee").get("/unmet").content.decode()
    assert "84" in page
    assert "43 %" in page, "the chart says which share was met"


def test_small_numbers_of_needs_are_hidden(cast: Cast) -> None:
    ended(cast, [*["met"] * 15, *["lost"] * 15], last_half())
    ended(cast, ["lost"] * 3, last_half(), needs=["food"], language="ar", town="Hartford")
    told = file_of(cast, "sam")
    for place in (("Need", "Food"), ("Language", "Arabic")):
        assert told.get(place, ("", "")) == ("", "")
    assert "3" not in {cell for cells in told.values() for cell in cells}


def test_half_year_of_few_needs_says_so(cast: Cast) -> None:
    ended(cast, ["met"] * 9, last_half())
    assert "Too few to show" in cast.client("sam").get("/unmet").content.decode()
    assert set(file_of(cast, "sam").values()) == {("", "")}


@pytest.mark.parametrize(
    ("name", "status"), [("sam", 200), ("dee", 200), ("alice", 403), ("tara", 403), ("ada", 403)]
)
def test_unmet_need_is_read_by(cast: Cast, name: str, status: int) -> None:
    assert cast.client(name).get("/unmet").status_code == status
    assert cast.client(name).get("/unmet.csv").status_code == status


def test_unmet_need_of_another_district_is_not_counted(cast: Cast) -> None:
    ended(cast, [*["met"] * 15, *["lost"] * 15], last_half())
    page = cast.client("cora").get("/unmet", {"district": cast.maple.pk})
    assert page.status_code == 403 or "Too few" in page.content.decode()
