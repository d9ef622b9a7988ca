"""The ledger counts what was granted to its reader: the same by figures, by list and by file."""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.mandated import ledger_views
from upstander.mandated.actions import duties as actions
from upstander.mandated.figures import EDGES, Figures, place_of
from upstander.mandated.ledger import Ledger, LedgerRow, page_of, read_ledger
from upstander.mandated.ledger_models import Tally
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.told import told
from upstander.matters.models import Exclusion, FolderGrant
from upstander.people.keys import name_in, person_mac
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor

pytestmark = pytest.mark.django_db


def finish(cast: Cast, *, took: float = 1, wrote: float = 1, **more: Any) -> UUID:
    """Let Tess report so many hours after the cause, and write so many hours after that."""
    now = right_now()
    cause = now - timedelta(hours=took + wrote)
    duty_id = suspect(cast, cause_at=cause, **more)
    first = cause + timedelta(hours=took)
    actions.report_first(cast.viewer("tess"), duty_id, way="careline", at=first, words={})
    actions.send_written(cast.viewer("tess"), duty_id, at=now, words={})
    return duty_id


def read(cast: Cast, name: str, **wanted: Any) -> Ledger:
    viewer = cast.viewer(name)
    with viewing(viewer) as now:
        return read_ledger(viewer, now, **{"months": 12} | wanted)


def test_on_time_late_by_how_much_and_half_within_what(cast: Cast) -> None:
    offices(cast)
    finish(cast, took=1, wrote=2)
    finish(cast, took=3, wrote=50)
    finish(cast, took=13, wrote=1)
    suspect(cast, cause_at=right_now() - timedelta(hours=14))
    suspect(cast, cause_at=right_now() - timedelta(minutes=5))
    found = read(cast, "cleo").all
    assert (found.duties, found.finished, found.in_time, found.open, found.overdue) == (
        5,
        3,
        1,
        2,
        1,
    )
    assert (found.first_late, found.written_late) == (2, 1)
    assert found.written_worst == 2 * 3600
    assert (
        timedelta(hours=2) <= timedelta(seconds=found.first_worst) < timedelta(hours=2, minutes=1)
    )
    # Three hours to the second fall into the half hour that begins there.
    assert (found.half_first, found.half_written) == (3.5, 2.5)
    assert found.share == 33
    page = cast.client("cleo").get("/ledger").content.decode()
    assert "Late: report by phone now" in page
    assert "late by" in page
    assert "row-life-safety" in page


def test_each_counts_what_was_granted_to_them_and_nobody_anything_else(cast: Cast) -> None:
    offices(cast)
    finish(cast)
    finish(cast, accused=(cast.people["hana"].pk,))
    finish(cast, accused=(cast.people["sol"].pk,))
    suspect(cast, accused=(cast.people["hana"].pk, cast.people["sol"].pk))
    seen = {name: read(cast, name) for name in ("hana", "dino", "cleo", "sol", "bo")}
    assert {name: found.all.duties for name, found in seen.items()} == {
        "hana": 1,
        "dino": 1,
        "cleo": 2,
        "sol": 2,
        "bo": 2,
    }
    for name, found in seen.items():
        listed = {row.duty.pk for row in (*found.rows, *found.still_open)}
        assert len(listed) == found.all.duties, name
        assert sum(line.figures.duties for line in found.by_school) == found.all.duties
        assert sum(line.figures.duties for line in found.by_month) == found.all.duties
        lines = cast.client(name).get("/ledger.csv").content.decode().splitlines()
        assert len(lines) - 1 == found.all.duties


def test_a_exclusion_or_a_grant_taken_back_changes_figures_that_were_kept_at_once(
    cast: Cast,
) -> None:
    offices(cast)
    duty = Duty.objects.get(pk=finish(cast))
    other = finish(cast)
    assert read(cast, "cleo").all.finished == 2
    assert Tally.objects.get(person_id=cast.people["cleo"].pk).cells
    holder = name_in(cast.people["cleo"].pk, duty.folder_id)
    grants = FolderGrant.objects.filter(folder_id=duty.folder_id, holder=holder)
    taken = grants.get()
    exclusion = Exclusion.objects.create(
        matter_id=duty.matter_id,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["cleo"].pk),
    )
    found = read(cast, "cleo")
    assert (found.all.finished, [row.duty.pk for row in found.rows]) == (1, [other])
    # The exclusion took the grant with it: figures follow it alone, too.
    exclusion.delete()
    assert not grants.exists()
    assert read(cast, "cleo").all.finished == 1
    taken.save(force_insert=True)
    assert read(cast, "cleo").all.finished == 2
    grants.delete()
    assert read(cast, "cleo").all.finished == 1
    # What is shared until a day is read, and counted in nobody's figures.
    taken.until = right_now() + timedelta(days=1)
    taken.save(force_insert=True)
    found = read(cast, "cleo")
    assert (found.all.finished, len(found.rows)) == (1, 2)


def test_kept_figures_are_those_that_are_counted_anew(cast: Cast) -> None:
    offices(cast)
    for hours in (1, 5, 13):
        finish(cast, took=hours)
        kept = read(cast, "cleo").all
        Tally.objects.all().delete()
        assert read(cast, "cleo").all == kept
    assert kept.finished == 3


def test_the_page_draws_what_was_finished_on_time_and_no_row_of_what_is_open(cast: Cast) -> None:
    offices(cast)
    suspect(cast)
    assert '<svg class="chart"' not in shown(cast), "nothing is finished yet"
    for _ in range(5):
        finish(cast)
    page = shown(cast)
    assert page.count('<svg class="chart"') == 2
    assert page.count('"chart-column"') == 2, "a school and a month"
    assert page.count("target: all of them") == 2


def shown(cast: Cast) -> str:
    """Return the ledger's page as an office sees it."""
    answer = cast.client("cleo").get("/ledger")
    assert answer.status_code == 200
    return answer.content.decode()


def test_pages_go_back_through_all_of_it_without_a_gap(cast: Cast) -> None:
    offices(cast)
    made = [suspect(cast, cause_at=right_now()) for _ in range(7)]
    viewer = cast.viewer("cleo")
    seen: list[UUID] = []
    before = 0
    with viewing(viewer):
        while True:
            duties, before = page_of(viewer, before, 3)
            seen += [duty.pk for duty in duties]
            if not before:
                break
    assert seen == list(reversed(made))


def test_as_many_queries_for_ten_as_for_one(cast: Cast) -> None:
    offices(cast)

    def queries() -> int:
        client = cast.client("cleo")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/ledger").status_code == 200
        return len(captured)

    finish(cast)
    suspect(cast)
    one = queries()
    for _ in range(3):
        finish(cast)
        suspect(cast)
    assert queries() == one


def test_a_file_holds_typed_and_server_times_and_no_formula(cast: Cast) -> None:
    offices(cast)
    person = cast.people["tess"]
    person.name = "=1+1"
    person.save()
    finish(cast)
    [row] = csv.DictReader(StringIO(cast.client("cleo").get("/ledger.csv").content.decode()))
    assert row["owner"] == "'=1+1"
    assert row["standing"] == "both reports made on time"
    assert row["way"] == "DCF Careline, by phone"
    assert row["first corrected (server)"] == ""
    for column in ("cause (typed)", "noted (server)", "first written down (server)"):
        assert datetime.fromisoformat(row[column]).tzinfo is not None
    assert row["first late (min)"] == "0"


def test_nobody_else_reaches_it(cast: Cast) -> None:
    offices(cast)
    finish(cast)
    for name in ("tess", "tom", "tara", "alice", "sam", "dee", "ada", "otto"):
        assert cast.client(name).get("/ledger").status_code == 403, name
        assert cast.client(name).get("/monitor").status_code == 403, name


def test_a_monitor_sees_figures_times_and_proofs_and_no_name(cast: Cast) -> None:
    offices(cast)
    monitor(cast)
    duty_id = finish(cast, accused=(cast.people["hana"].pk,))
    suspect(cast)
    client = cast.client("moni")
    page = client.get("/monitor").content.decode()
    proofs = client.get(f"/duties/{duty_id}/proofs").content.decode()
    lines = client.get("/monitor.csv").content.decode()
    assert read(cast, "moni").all.duties == 2
    assert "suspicion noted" in proofs
    assert "duty: written" in proofs
    for text in (page, proofs, lines):
        for name, person in cast.people.items():
            if name != "moni":
                assert not re.search(rf"\b{person.name}\b", text), name
        assert "go home" not in text
    assert len(lines.splitlines()) == 3
    for path in (f"/duties/{duty_id}", "/ledger", "/duties", "/suspect", "/record", "/queue"):
        assert client.get(path).status_code in (403, 404), path
    for path in ("/record/sealing", "/record/key", "/record/verifier.py"):
        assert client.get(path).status_code == 200, path


def test_the_databases_spans_are_those_that_figures_know() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mandated_edges()")
        assert cursor.fetchone() == (list(EDGES),)
        for seconds in (-5, 0, 1799, 1800, 43200, 10**6):
            cursor.execute("SELECT width_bucket(%s, mandated_edges())", [seconds])
            assert cursor.fetchone() == (place_of(seconds),)


def test_a_chair_is_told_what_reaches_them_and_never_that_there_are_no_duties(cast: Cast) -> None:
    offices(cast)
    finish(cast)
    page = cast.client("bo").get("/ledger").content.decode()
    assert "Only reports about the superintendent" in page
    assert "This says nothing about how many reports the district has" in page
    for wrong in ("No duties in this time span", 'class="figures"', "<dt>Duties</dt>"):
        assert wrong not in page
    assert "Only reports about the superintendent" not in (
        cast.client("cleo").get("/ledger").content.decode()
    )
    suspect(cast, accused=(cast.people["sol"].pk,))
    page = cast.client("bo").get("/ledger").content.decode()
    assert "Only reports about the superintendent" in page
    assert "<dt>Duties</dt><dd>1</dd>" in page


def test_the_ledger_promises_only_what_an_open_duty_offers(cast: Cast) -> None:
    offices(cast)
    duty = suspect(cast)
    words = cast.client("cleo").get("/ledger").content.decode()
    assert "you can remind" not in words
    assert "open it to say what you know about it" in words
    assert "Do you know that it was reported?" in (
        cast.client("cleo").get(f"/duties/{duty}").content.decode()
    )
    for jargon in ("(typed)", "(server)", "Latest by", "Late: first / written"):
        assert jargon not in words


def test_a_month_with_one_duty_is_drawn_as_that_and_not_as_a_share(cast: Cast) -> None:
    offices(cast)
    finish(cast)
    page = cast.client("cleo").get("/ledger").content.decode()
    assert "chart-column" not in page, "one is all or nothing"
    assert "1 of 1" in page
    for _ in range(3):
        finish(cast)
    page = cast.client("cleo").get("/ledger").content.decode()
    assert "4 of 4" in page
    assert not re.search(r"\d\s+%", page), "no percent of fewer than five"
    finish(cast)
    assert "100 %</text>" in cast.client("cleo").get("/ledger").content.decode()


def test_whoever_has_few_is_left_out_of_the_chart_and_named_beside_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a bar its row would be read as 0 %, beside another's full one."""
    many, few = (told(Figures(finished=n, in_time=n)) for n in (5, 1))
    drawn = ledger_views._drawn("On time", [LedgerRow("Elm", many), LedgerRow("Oak", few)])
    assert drawn is not None
    assert drawn.left_out == "Oak"
    assert "Oak" not in drawn.chart
    assert drawn.chart.count("chart-column") == 1
    offices(cast)
    for _ in range(5):
        finish(cast)
    page = cast.client("cleo").get("/ledger").content.decode()
    assert "chart-column" in page
    assert "Not drawn" not in page
    monkeypatch.setattr(ledger_views, "_drawn", lambda *_: drawn)
    page = " ".join(cast.client("cleo").get("/ledger").content.decode().split())
    assert "too few are finished to say a share: Oak." in page
