"""The retention page: each sees their own, what somebody is excluded from is not there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.base.moment import database_now
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.retention.models import Hold, Item, Period
from upstander.retention.tests.setup import closed, listed
from upstander.tips.models import Tip
from upstander.vault.models import ShredFile

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def due(cast: Cast, count: int = 1) -> list[str]:
    """So many tips whose time is over; returns their references."""
    filed = [closed(cast) for _ in range(count)]
    Tip.objects.update(received_at=NOW - timedelta(days=200), changed_at=NOW - timedelta(days=200))
    listed(cast)
    return [one.reference for one in filed]


def page(cast: Cast, name: str) -> str:
    return cast.client(name).get(f"/retention?district={cast.maple.pk}").content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [("sam", 200), ("dee", 200), ("ada", 200), ("alice", 403), ("tara", 403), ("otto", 403)],
)
def test_who_keeps_records_may_look(cast: Cast, name: str, status: int) -> None:
    assert cast.client(name).get("/retention").status_code == status


def test_it_promises_35_days_only_while_the_key_file_is_renewed_in_two_places(cast: Cast) -> None:
    ShredFile.objects.update(made_at=database_now(), twice_at=database_now())
    for name in ("sam", "dee", "ada"):
        assert "within 35 days" in page(cast, name)
    for since in (None, database_now() - timedelta(minutes=6)):
        ShredFile.objects.update(twice_at=since)
        for name in ("sam", "dee", "ada"):
            assert "35 days" not in page(cast, name)
            assert "backups can still open it" in page(cast, name)
    ShredFile.objects.update(made_at=database_now() - timedelta(days=3), twice_at=database_now())
    assert "35 days" not in page(cast, "sam"), "not renewed for three nights"


def test_two_people_let_a_tip_go(cast: Cast) -> None:
    [reference] = due(cast)
    sam, ada = cast.client("sam"), cast.client("ada")
    html = page(cast, "sam")
    assert reference in html
    item = re.search(r'name="item" value="([^"]+)"', html)
    assert item
    form = {"district": cast.maple.pk, "item": item[1]}
    sam.post("/retention/items", form | {"act": "propose"})
    said = sam.post("/retention/items", form | {"act": "agree"}, follow=True).content.decode()
    assert "with any of the selected records" in said
    # An administrator sees that something goes, and not which tip it is.
    theirs = page(cast, "ada")
    assert item[1] in theirs
    assert reference not in theirs
    ada.post("/retention/items", form | {"act": "agree"})
    assert Item.objects.get().state == "agreed"
    assert "Proposed by Sam" in page(cast, "sam")
    assert "Approved by Ada" in page(cast, "ada")
    sam.post("/retention/items", form | {"act": "stop"})
    assert Item.objects.get().state == "due"


@pytest.mark.parametrize("act", ["", "gone", "propose"])
def test_an_administrator_proposes_nothing(cast: Cast, act: str) -> None:
    due(cast)
    form = {"district": cast.maple.pk, "item": str(Item.objects.get().pk), "act": act}
    cast.client("ada").post("/retention/items", form)
    assert Item.objects.get().state == "due"


def test_whoever_is_excluded_finds_nothing_of_it(cast: Cast) -> None:
    [reference] = due(cast)
    item = Item.objects.get()
    for name in ("sam", "ada"):
        Exclusion.objects.create(
            matter_id=item.matter_id,
            district_id=item.district_id,
            person_mac=person_mac(cast.people[name].pk),
        )
        html = page(cast, name)
        assert reference not in html
        assert str(item.pk) not in html
        assert "<dt>Due</dt><dd>0</dd>" in html
        form = {"district": cast.maple.pk, "item": str(item.pk), "act": "propose"}
        cast.client(name).post("/retention/items", form)
        item.refresh_from_db()
        assert item.state == "due"


def test_a_lead_sees_no_tip_that_never_reached_the_district(cast: Cast) -> None:
    [reference] = due(cast)
    html = page(cast, "dee")
    assert reference not in html
    assert "<dt>Due</dt><dd>0</dd>" in html


def test_holds_are_placed_and_lifted_on_the_page(cast: Cast) -> None:
    [reference] = due(cast)
    client = cast.client("sam")
    place = {"district": cast.maple.pk, "of": "matter", "reason": "A court asked."}
    client.post("/retention/holds", place)
    client.post("/retention/holds", place | {"reference": "NO-SUCH"})
    client.post("/retention/holds", place | {"reference": reference, "reason": ""})
    client.post("/retention/holds", place | {"reference": reference, "until": "2020-01-01"})
    assert Hold.objects.count() == 0
    client.post("/retention/holds", place | {"reference": reference.lower()})
    hold = Hold.objects.get()
    assert "A court asked." in page(cast, "sam")
    assert listed(cast) == []
    client.post(f"/retention/holds/{hold.pk}/lift", {"district": cast.maple.pk})
    hold.refresh_from_db()
    assert hold.lifted_by == cast.people["sam"].pk


def test_an_administrator_sets_the_years_of_a_schedule(cast: Cast) -> None:
    form = {"district": cast.maple.pk, "rule": "tip_life_safety", "years": "6"}
    assert cast.client("dee").post("/retention/years", form).status_code == 403
    client = cast.client("ada")
    for wrong in ("six", "0", "1000", "-1"):
        client.post("/retention/years", form | {"years": wrong})
    assert Period.objects.count() == 0
    client.post("/retention/years", form)
    assert "6 years after the end" in page(cast, "dee")
    client.post("/retention/years", form | {"years": ""})
    assert "kept: no number of years has been set" in page(cast, "dee")


def test_another_districts_things_are_not_there(cast: Cast) -> None:
    due(cast)
    other = cast.client("pia")
    assert other.get(f"/retention?district={cast.maple.pk}").content.count(b"Maple Valley") == 0
    assert other.post("/retention/holds", {"district": cast.maple.pk}).status_code == 404


def test_many_items_cost_no_more_queries_than_one(cast: Cast) -> None:
    client = cast.client("sam")
    due(cast)
    with CaptureQueriesContext(connection) as one:
        client.get("/retention")
    due(cast, 6)
    with CaptureQueriesContext(connection) as many:
        client.get("/retention")
    assert len(many) == len(one)


def test_the_page_of_what_has_gone_says_so(cast: Cast) -> None:
    due(cast)
    item = Item.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget(%s)", [item.subject])
    html = cast.client("alice").get(f"/tips/{item.subject}").content.decode()
    assert "This tip was destroyed" in html
    assert cast.client("paul").get(f"/team/{item.subject}").status_code == 404
