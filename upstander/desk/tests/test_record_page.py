"""The record as each reads it: filters, files of it, and checking these."""

from __future__ import annotations

import hashlib
import json
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.audit.models import Entry
from upstander.desk.tests.story import Handed, handed_off
from upstander.tips import reporter
from upstander.tips.models import Tip


@pytest.fixture
def handed(cast: Cast) -> Handed:
    return handed_off(cast)


def page(client: Client, path: str = "/record") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/record.jsonl{query}")
    assert response.status_code == 200
    return [json.loads(line) for line in response.content.decode().splitlines()]


def test_the_center_reads_who_did_what_and_when(cast: Cast, handed: Handed) -> None:
    html = page(cast.client("alice"))
    for said in ("Received", "Claimed", "Handed off", "Alice", "Reporter"):
        assert said in html
    assert handed.reference in html
    assert "matches" in html
    assert "tampered" not in html


def test_filters(cast: Cast, handed: Handed) -> None:
    other = handed_off(cast, tile="bullying", teams=("birch",))
    client = cast.client("alice")
    html = page(client, f"/record?tip={handed.reference.lower()}")
    assert handed.reference in html
    assert other.reference not in html
    html = page(client, f"/record?person={cast.people['bea'].pk}")
    assert "No matching entries" in html
    assert "Received" not in page(client, "/record?day=2001-01-01")
    assert "There is no such tip" in page(client, "/record?tip=AAAA-AAAA")
    assert "Enter the day as" in page(client, "/record?day=yesterday")


@pytest.mark.parametrize(
    "query",
    [
        "tip=%00",
        "tip=%00%00%00%00%00%00%00%00",
        "person=99999999999999999999",
        "day=%00",
        "before=x",
        "before=ffffffffffffffff",
        "person=²",
        "kind=%00",
        "day=9999-12-31",
    ],
)
def test_hostile_filters_are_no_errors(cast: Cast, handed: Handed, query: str) -> None:
    page(cast.client("alice"), f"/record?{query}")


def test_it_is_leafed_through_without_showing_numbers(
    cast: Cast, handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upstander.desk.record.PAGE", 3)
    client = cast.client("alice")
    seen, path = [], "/record"
    for _ in range(20):
        html = page(client, path)
        seen.append(html.count('data-label="When"'))
        if "before=" not in html:
            break
        ticket = html.split("before=", 1)[1][:16]
        assert not ticket.isdigit() or int(ticket) > 10**9
        path = f"/record?before={ticket}"
    assert sum(seen) == Entry.objects.filter(district_id=cast.maple.pk).count()


def test_a_school_reads_of_its_own_tips_only(cast: Cast, handed: Handed) -> None:
    other = handed_off(cast, tile="bullying", teams=("birch",))
    tom, bob = page(cast.client("tom")), page(cast.client("bob"))
    assert handed.reference in tom
    assert other.reference not in tom
    assert other.reference in bob
    assert handed.reference not in bob


@pytest.mark.parametrize("name", ["charlie", "paul", "pia", "cora", "ada"])
def test_others_read_nothing_of_it(cast: Cast, handed: Handed, name: str) -> None:
    client = cast.client(name)
    assert handed.reference not in page(client)
    assert "Received" not in page(client)
    assert "tip filed" not in client.get("/record.jsonl").content.decode().lower()


def test_a_district_reads_of_what_reached_its_schools(cast: Cast, handed: Handed) -> None:
    """What is still at the center may be about the district's own people."""
    reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(), text="x", language="en", school_id=cast.cedar.pk
        )
    )
    quiet = Tip.objects.exclude(pk=handed.tip_id).get().reference
    html = page(cast.client("dee"))
    assert handed.reference in html
    assert quiet not in html
    assert html.count("Received") == 1


def test_a_file_of_it_can_be_checked_by_anybody(cast: Cast, handed: Handed) -> None:
    lines = rows(cast.client("alice"))
    assert len(lines) == Entry.objects.filter(district_id=cast.maple.pk).count()
    for line in lines:
        leaf = hashlib.sha256(b"\0" + line["canonical"].encode()).hexdigest()
        assert leaf == line["leaf"]
    assert {json.loads(line["canonical"])["action"] for line in lines} >= {"tip filed"}


@pytest.mark.parametrize("name", ["tom", "dee"])
def test_a_school_s_file_holds_hashes_and_no_exact_time(
    cast: Cast, handed: Handed, name: str
) -> None:
    for line in rows(cast.client(name)):
        assert set(line) == {"entry", "when", "who", "action", "about", "leaf"}
        assert "about" in line["when"] or "morning" in line["when"] or "evening" in line["when"]


def test_a_school_s_list_is_in_no_order_that_tells_times(cast: Cast, handed: Handed) -> None:
    """Entries of two routine tips that came in turns stand by tip."""
    first = handed_off(cast, tile="bullying", when="past")
    second = handed_off(cast, tile="bullying", when="past")
    reporter.add_message(first.session_token, "more")
    reporter.add_message(second.session_token, "more")
    about = [line["about"] for line in rows(cast.client("tom"))]
    for tip in (first, second):
        places = [n for n, reference in enumerate(about) if reference == tip.reference]
        assert places == list(range(places[0], places[0] + len(places)))


def test_taking_a_file_is_recorded(cast: Cast, handed: Handed) -> None:
    rows(cast.client("dee"))
    entry = Entry.objects.get(action="record exported")
    assert entry.actor_id == cast.people["dee"].pk
    assert entry.district_id == cast.maple.pk


@pytest.mark.parametrize("name", ["alice", "tom", "dee"])
def test_checking_a_file(cast: Cast, handed: Handed, name: str) -> None:
    client = cast.client(name)
    text = client.get("/record.jsonl").content.decode()
    html = client.post("/record/check", {"lines": text}).content.decode()
    assert "Everything matches" in html
    first, *rest = text.splitlines()
    forged = json.dumps(json.loads(first) | {"leaf": "00" * 32})
    html = client.post("/record/check", {"lines": "\n".join([forged, *rest])}).content.decode()
    assert "Something does not match" in html
    assert "line 1" in html
    assert (
        "not a line from an export"
        in client.post("/record/check", {"lines": "\0 nonsense"}).content.decode()
    )


def test_checking_tells_nothing_of_what_one_may_not_see(cast: Cast, handed: Handed) -> None:
    text = cast.client("alice").get("/record.jsonl").content.decode()
    html = cast.client("charlie").post("/record/check", {"lines": text}).content.decode()
    assert "is not in the part of the record you may see" in html
    assert "the record; these do not" in html
    assert "0 entries match" in unescape(html)


def test_tampering_shows_on_the_page(cast: Cast, handed: Handed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_refuse")
        cursor.execute("UPDATE audit_entry SET actor_id = NULL WHERE action = 'tip claimed'")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_refuse")
    html = page(cast.client("alice"))
    assert "The record was tampered with" in html
    assert "does not match" in html


def test_as_many_queries_for_few_as_for_many(cast: Cast, handed: Handed) -> None:
    client = cast.client("alice")
    with CaptureQueriesContext(connection) as few:
        page(client)
    for _ in range(5):
        handed_off(cast)
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(few) == len(many)
