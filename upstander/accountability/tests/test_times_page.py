"""The Times page and its file: each their own scope, the same few queries, nobody ranked."""

from __future__ import annotations

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.accountability.clock import gather
from upstander.accountability.models import Journey
from upstander.accountability.tests.test_gathering import a_tip, journeys


@pytest.mark.parametrize(
    ("name", "status"),
    [("sam", 200), ("dee", 200), ("tara", 200), ("alice", 403), ("tom", 403), ("ada", 403)],
)
def test_supervisors_and_leads_may_look(cast: Cast, name: str, status: int) -> None:
    client = cast.client(name)
    assert client.get("/times").status_code == status
    assert client.get("/times.csv").status_code == status


def test_a_center_reads_each_step_and_a_school_from_the_hand_off_on(cast: Cast) -> None:
    center = cast.client("sam").get("/times").content.decode()
    assert "Claimed by a counselor" in center
    assert "Before it reached you" not in center
    school = cast.client("tara").get("/times").content.decode()
    assert "Each counts from the hand-off" in school
    assert "too few" in school


def test_charts_are_drawn_in_the_page_with_a_table_beside(cast: Cast) -> None:
    journeys(cast, 120, claimed=45, handed_off=200)
    page = cast.client("sam").get("/times").content.decode()
    assert page.count('<svg class="chart"') == 3
    assert page.count('role="img" aria-label=') == 3
    assert "100 % (120 of 120)" in page
    assert "0 % (0 of 120)" in page
    assert "style=" not in page


def test_many_tips_cost_no_more_queries_than_none(cast: Cast) -> None:
    client = cast.client("sam")
    with CaptureQueriesContext(connection) as none:
        client.get("/times")
    journeys(cast, 200, claimed=45)
    with CaptureQueriesContext(connection) as many:
        client.get("/times")
    assert len(many) == len(none)


def test_the_file_holds_the_pages_figures(cast: Cast) -> None:
    journeys(cast, 120, claimed=45)
    answer = cast.client("sam").get("/times.csv?priority=life_safety&step=claimed")
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    claimed = rows[0]
    assert claimed["group"] == "Claimed by a counselor"
    assert [claimed[k] for k in ("tips", "median_s", "p99_s", "within", "of")] == [
        "120",
        "45",
        "45",
        "120",
        "120",
    ]
    assert len(rows) == 6 + 24 + 7
    assert sum(int(row["tips"]) for row in rows if row["table"] == "hours") == 120


def test_no_choice_in_the_address_widens_what_one_sees(cast: Cast) -> None:
    a_tip(cast, school="quay", claimed=5, handed=9)
    a_tip(cast, school="birch", claimed=5, handed=9)
    gather(100)
    Journey.objects.update(received_at="2026-01-01T00:00Z")
    for name in ("tara", "dee", "sam"):
        client = cast.client(name)
        plain = client.get("/times?days=365").content
        for asked in (
            f"district={cast.harbor.pk}",
            f"school={cast.quay.pk}",
            "school=0",
            "district=x",
            "days=9999999",
            "priority=none",
            "step=nothing",
            "school=99999999999999999999",
        ):
            page = client.get(f"/times?days=365&{asked}").content
            assert b"Quay" not in page
            assert page.count(b"<td") == plain.count(b"<td")
