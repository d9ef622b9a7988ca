"""The Times page and its file: each their own, of half-years that are over, and no count at all."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.accountability.publishing import DOOR_NAMES
from upstander.accountability.sweeps import gather
from upstander.accountability.tests.test_gathering import (
    a_tip,
    exclude,
    journeys,
    latest,
    settled_half,
)
from upstander.places.models import School


def page(cast: Cast, name: str, asked: str = "") -> str:
    answer = cast.client(name).get(f"/times{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


def file(cast: Cast, name: str, asked: str = "") -> dict[str, dict[str, str]]:
    """Return the file's lines by table and group."""
    answer = cast.client(name).get(f"/times.csv{asked}").content.decode()
    return {f"{row['table']} {row['group']}": row for row in csv.DictReader(answer.splitlines())}


@pytest.mark.parametrize(
    ("name", "status"),
    [("sam", 200), ("dee", 200), ("tara", 200), ("alice", 403), ("tom", 403), ("ada", 403)],
)
def test_supervisors_and_leads_may_look(cast: Cast, name: str, status: int) -> None:
    client = cast.client(name)
    assert client.get("/times").status_code == status
    assert client.get("/times.csv").status_code == status


def test_a_center_reads_each_step_and_a_school_from_the_hand_off_on(cast: Cast) -> None:
    for _ in range(12):
        a_tip(cast, came=settled_half(), claimed=41, handed=170, had=200)
    gather(100)
    center = page(cast, "sam")
    assert "Claimed by a counselor" in center
    assert "Before it reached you" not in center
    school = page(cast, "tara")
    assert "Each step is measured from the hand-off" in school
    assert "Before it reached you" in school
    assert "By school" not in school


def test_charts_are_drawn_in_the_page_with_a_table_beside(cast: Cast) -> None:
    journeys(cast, 120, claimed=45, handed_off=200)
    for priority in ("urgent", "routine"):
        journeys(cast, 20, school=cast.birch, priority=priority, claimed=45)
    html = page(cast, "sam")
    assert html.count('<svg class="chart"') == 5
    assert html.count('role="img" aria-label=') == 5
    # All came by one door, in one language: said in one line, before what is told.
    assert "Too few tips to show: By door, By language." in " ".join(html.split())
    assert html.index("Too few tips to show") < html.index("By priority")
    assert "about 100%" in html
    assert "style=" not in html


def test_where_nothing_is_told_no_chart_stands_with_a_scale_of_its_own(cast: Cast) -> None:
    html = page(cast, "sam")
    assert "Too few to show" in html
    assert '<svg class="chart"' not in html
    journeys(cast, 120, claimed=45, back=1)
    html = page(cast, "sam", f"?half={latest(1).key}")
    # All were matters of life at one school: to tell of these would tell of the others.
    assert html.count('<svg class="chart"') == 3
    assert html.count("Too few tips to show") == 1
    assert html.count("View as table") == 2


def test_by_door_and_language_a_center_reads_how_soon_it_answers(cast: Cast) -> None:
    for door, language, seconds in (
        ("web", "en", 50),
        ("voice", "es", 9),
        ("sms", "ar", 30),
        ("staff", "en", 70),
    ):
        given: dict[str, Any] = {"claimed": seconds, "channel": door, "language": language}
        journeys(cast, 40, **given)
        journeys(cast, 20, school=cast.birch, priority="urgent", **given)
    rows = file(cast, "sam")
    found = {name: row["median_s"] for name, row in rows.items()}
    assert [found[f"Door {name}"] for name in DOOR_NAMES.values()] == ["50", "30", "9", "70"]
    assert [found[f"Language {one}"] for one in ("English", "Spanish", "Arabic")] == [
        "50",
        "9",
        "30",
    ]
    html = page(cast, "sam")
    assert "By door" in html
    assert "By language" in html
    for name in ("tara", "dee"):
        assert not [row for row in file(cast, name) if row.startswith(("Door", "Language"))]


def test_many_tips_cost_no_more_queries_than_none_and_what_is_kept_costs_less(cast: Cast) -> None:
    client = cast.client("sam")
    with CaptureQueriesContext(connection) as none:
        client.get("/times", {"half": latest(1).key})
    journeys(cast, 200, claimed=45)
    with CaptureQueriesContext(connection) as many:
        client.get("/times")
    assert len(many) == len(none)
    with CaptureQueriesContext(connection) as again:
        client.get("/times")
    assert len(again) < len(many)


def test_the_file_holds_the_pages_figures_and_no_count(cast: Cast) -> None:
    journeys(cast, 117, claimed=45, assessed=77)
    rows = file(cast, "sam")
    claimed = rows["Step Claimed by a counselor"]
    assert (claimed["median_s"], claimed["p99_s"], claimed["in_target"]) == ("45", "45", "100 %")
    assert rows["Hour 09:00 to 12:00"]["median_s"] == "45"
    # Steps, talks', priorities, schools, hours, days, doors, languages.
    assert len(rows) == 6 + 2 + 3 + 2 + 8 + 7 + 4 + 3
    said = "".join("".join(row.values()) for row in rows.values()) + page(cast, "sam")
    assert "117" not in re.sub(r"<[^>]*>", " ", said)


def test_the_page_says_hours_as_clocks_do_and_the_file_as_they_sort(cast: Cast) -> None:
    journeys(cast, 117, claimed=45)
    assert "9:00 a.m. to 12:00 p.m." in page(cast, "sam")
    assert "9:00 p.m. to 12:00 a.m." in page(cast, "sam")
    assert "09:00" not in page(cast, "sam")
    assert {"Hour 00:00 to 03:00", "Hour 09:00 to 12:00", "Hour 21:00 to 24:00"} <= set(
        file(cast, "sam")
    )


def test_a_small_school_is_hidden_with_another_and_wherever_it_is_hidden(cast: Cast) -> None:
    elm = School.objects.create(district=cast.maple, name="Elm School", slug="elm")
    for school, count in ((cast.cedar, 60), (cast.birch, 20), (elm, 4)):
        journeys(cast, count, school=school, claimed=45)
    rows = file(cast, "sam")
    assert rows["School Cedar Middle School"]["median_s"] == "45"
    for name in ("Elm School", "Birch High School"):
        assert rows[f"School {name}"]["median_s"] == ""


def test_what_was_published_stays_whatever_comes_later(cast: Cast) -> None:
    over = settled_half()
    for _ in range(12):
        a_tip(cast, came=over, claimed=41, handed=170, paged=175, had=200, closed=500)
    gather(100)
    before = {(name, at): file(cast, name) for name in ("sam", "dee", "tara") for at in (0, 1)}
    assert before["tara", 0]["Step Acknowledged"]["median_s"] == "30"
    assert (
        before["tara", 0]["Before the hand-off (whole minutes) Claimed by a counselor"]["median_s"]
        == "60"
    )
    late = a_tip(cast, came=over, claimed=9000, handed=20_000, paged=21_000, had=30_000)
    journeys(cast, 40, claimed=600, acknowledged=900, acknowledged_after=700)
    gather(100)
    exclude(late, cast.people["tara"].pk)
    # Neither the page of another day, nor any span, district or step in its address, tells it.
    for name in ("sam", "dee", "tara"):
        for asked in ("", "?days=7&step=ended", "?days=365", "?priority=life_safety"):
            assert file(cast, name, asked) == before[name, 0]


def test_of_ten_and_of_nine_nothing_but_the_tenth_makes_the_difference(cast: Cast) -> None:
    journeys(cast, 9, claimed=45)
    rows = file(cast, "sam")
    assert not any(row["median_s"] or row["in_target"] for row in rows.values())


def test_whoever_is_excluded_before_it_is_published_has_an_edition_of_their_own(cast: Cast) -> None:
    over = settled_half()
    tips = [a_tip(cast, came=over, claimed=41, handed=170, had=200) for _ in range(10)]
    gather(100)
    exclude(tips[0], cast.people["dee"].pk)
    assert file(cast, "dee")["Step Acknowledged"]["median_s"] == ""
    assert file(cast, "tara")["Step Acknowledged"]["median_s"] == "30"


def test_no_choice_in_the_address_widens_what_one_sees(cast: Cast) -> None:
    over = settled_half()
    for school in ("quay", "birch"):
        for _ in range(12):
            a_tip(cast, school=school, came=over, claimed=5, handed=9, had=20)
    gather(100)
    for name in ("tara", "dee", "sam"):
        plain = page(cast, name)
        for asked in (
            f"district={cast.harbor.pk}",
            f"school={cast.quay.pk}",
            f"school={cast.birch.pk}",
            "school=0",
            "district=x",
            "half=2999-1",
            "half=x",
            "school=99999999999999999999",
        ):
            html = page(cast, name, f"?{asked}")
            if name != "sam":
                assert "Quay" not in html
            assert html.count("<td") == plain.count("<td")
            assert name != "tara" or "Birch" not in html


def test_talks_have_figures_of_their_own_that_the_center_alone_reads(cast: Cast) -> None:
    journeys(cast, 120, claimed=45)
    journeys(cast, 30, claimed=500, to_talk=True)
    rows = file(cast, "sam")
    assert rows["Step Claimed by a counselor"]["p99_s"] == "45"
    assert rows["Talk Claimed by a counselor"]["median_s"] == "500"
    assert "Times of talks" in page(cast, "sam")
    for name in ("dee", "tara"):
        assert "Times of talks" not in page(cast, name)
        assert not any("Talk" in key for key in file(cast, name))


def test_of_few_talks_nothing_is_told_and_nothing_else_is_hidden_for_it(cast: Cast) -> None:
    journeys(cast, 120, claimed=45)
    journeys(cast, 9, claimed=500, to_talk=True)
    rows = file(cast, "sam")
    assert rows["Talk Claimed by a counselor"]["median_s"] == ""
    assert rows["Step Claimed by a counselor"]["median_s"] == "45"
