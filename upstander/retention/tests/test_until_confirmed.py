"""A rule that lets something go does nothing before an administrator has confirmed it; and evidence
of what was done to a child has rules of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from conftest import Cast
from upstander.cases.actions.opening import NewCase, open_case
from upstander.cases.models import Case
from upstander.intake.priority import Priority
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.matters.models import Matter
from upstander.retention import actions, sweeps
from upstander.retention.models import Item
from upstander.retention.queries import rules_for_the_database
from upstander.retention.tests.setup import (
    as_worker,
    closed,
    confirm_keeping,
    file,
    listed,
    set_clock,
)
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import assess_tip, claim_tip
from upstander.vault.models import ShredKey

START = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
LATER = START + timedelta(days=2000)
DAY = timedelta(days=1, minutes=1)

pytestmark = pytest.mark.django_db


def old_tip(cast: Cast) -> UUID:
    set_clock(START)
    filed = closed(cast)
    set_clock(LATER)
    return filed.tip_id


def due() -> dict[UUID, str]:
    as_worker(sweeps.list_due)
    return dict(Item.objects.exclude(state="dropped").values_list("subject", "rule"))


def test_nothing_is_listed_by_a_rule_that_nobody_has_confirmed(cast: Cast) -> None:
    tip = old_tip(cast)
    assert due() == {}
    page = cast.client("sam").get(f"/retention?district={cast.maple.pk}").content.decode()
    assert "kept; once confirmed: 90 days after the end" in page
    assert "not yet confirmed" in page
    assert "Compare and confirm" not in page, "an administrator does"
    page = cast.client("ada").get(f"/retention?district={cast.maple.pk}").content.decode()
    assert "Compare and confirm" in page
    confirm_keeping(cast, only="tip_closed")
    assert due() == {}, "another rule was confirmed"
    confirm_keeping(cast, only="tip_not_actionable")
    assert due() == {tip: "tip_not_actionable"}


def test_an_administrator_confirms_it_on_the_page_of_rules(cast: Cast) -> None:
    tip = old_tip(cast)
    client = cast.client("ada")
    page = client.get("/rules").content.decode()
    assert "No effect until then" in page
    assert 'id="set-keep-us-ct"' in page
    assert cast.client("sam").get("/rules").status_code == 403
    confirm_keeping(cast)
    assert tip in due()


def test_what_was_listed_or_agreed_on_stays_once_it_is_taken_back(cast: Cast) -> None:
    one, other = old_tip(cast), old_tip(cast)
    confirm_keeping(cast)
    assert set(due()) == {one, other}
    item = Item.objects.get(subject=one)
    actions.propose(cast.viewer("sam"), [item.pk])
    actions.agree(cast.viewer("ada"), [item.pk])
    confirm_keeping(cast, stands=False)
    set_clock(LATER + DAY)
    assert as_worker(sweeps.dispose) == 0
    assert ShredKey.objects.filter(subject=one).exists()
    assert due() == {}
    confirm_keeping(cast)
    assert set(due()) == {one, other}, "listed anew, from the beginning"


@pytest.mark.parametrize("digest", ["0" * 64, "", None])
def test_the_database_asks_for_the_confirmation_itself(cast: Cast, digest: str | None) -> None:
    old_tip(cast)
    confirm_keeping(cast)
    rules = json.loads(rules_for_the_database())
    rules["us-ct"]["tip_not_actionable"]["digest"] = digest
    attack = (
        "SELECT api.list_due(p_kind => 'tip', p_rule => 'tip_not_actionable', p_district => %s, "
        "p_before => %s, p_life => NULL, p_dispositions => '{}', p_except => '{}', "
        "p_rules => %s, p_limit => 10)"
    )

    def work() -> int:
        with connection.cursor() as cursor:
            cursor.execute(attack, [cast.maple.pk, LATER, json.dumps(rules)])
            [(count,)] = cursor.fetchall()
        return int(count)

    assert as_worker(work) == 0


@pytest.mark.parametrize(
    ("tile", "rule"),
    [
        ("adult", "tip_staff"),
        ("sexual", "tip_sexual"),
        ("images", "tip_sexual"),
        ("partner", "tip_sexual"),
        ("home", "tip_abuse"),
    ],
)
@pytest.mark.parametrize("rank", [0, 1])
def test_evidence_of_abuse_is_kept_until_its_own_number_is_set(
    cast: Cast, tile: str, rule: str, rank: int
) -> None:
    tip = old_tip(cast)
    priority = ("life_safety", "urgent")[rank]
    Tip.objects.filter(pk=tip).update(
        tile=tile, mandated=tile != "partner", rank=rank, priority=priority
    )
    ada = cast.viewer("ada")
    for other in ("tip_life_safety", "duty"):
        actions.set_years(ada, cast.maple.pk, other, 1)
    assert listed(cast) == []
    actions.set_years(ada, cast.maple.pk, rule, 5)
    assert due() == {tip: rule}
    actions.set_years(ada, cast.maple.pk, rule, None)
    assert due() == {}


@pytest.mark.parametrize(
    ("category", "rule"),
    [
        ("sexual_harassment", "tip_sexual"),
        ("dating_violence", "tip_sexual"),
        ("stalking", "tip_sexual"),
        ("discrimination", "tip_sexual"),
        ("staff_misconduct", "tip_staff"),
    ],
)
def test_what_a_counselor_judged_it_is_kept_so_whatever_its_tile(
    cast: Cast, category: str, rule: str
) -> None:
    set_clock(START)
    filed, alice = file(cast, tile="bullying"), cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    assess_tip(open_tip(alice, filed.tip_id), {}, Priority.ROUTINE, category=category)
    # Judged again, less grave: evidence that was kept is not let go by that.
    assess_tip(open_tip(alice, filed.tip_id), {}, Priority.ROUTINE, category="bullying")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tips_tip SET kept_as = ''")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tips_tip DISABLE TRIGGER USER")
        cursor.execute("UPDATE tips_tip SET state = 'closed', disposition = 'unfounded'")
        cursor.execute("ALTER TABLE tips_tip ENABLE TRIGGER USER")
    set_clock(LATER)
    assert listed(cast) == []
    actions.set_years(cast.viewer("ada"), cast.maple.pk, rule, 1)
    assert due() == {filed.tip_id: rule}


@pytest.mark.parametrize(("how", "rule"), [("employee", "staff"), ("abuse", "abuse")])
def test_what_a_report_came_of_is_kept_whatever_it_was_ticked_as(
    cast: Cast, how: str, rule: str
) -> None:
    tip = old_tip(cast)
    assert listed(cast) == [tip]
    offices(cast)
    accused = (cast.people["tom"].pk,) if how == "employee" else ()
    suspect(cast, rule=how, accused=accused, cause_at=LATER)
    # The duty is about the same matter as the tip that was ticked as bullying.
    matter = Tip.objects.get(pk=tip).matter_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_id FROM mandated_duty")
        [(of_duty,)] = cursor.fetchall()
    Matter.objects.filter(pk=of_duty).update(merged_into=matter)
    assert due() == {}, "what was listed is dropped"
    actions.set_years(cast.viewer("ada"), cast.maple.pk, f"tip_{rule}", 1)
    assert due() == {tip: f"tip_{rule}"}


@pytest.mark.parametrize(("concern", "rule"), [("abuse", "case_abuse"), ("sexual", "case_sexual")])
def test_a_case_of_abuse_is_kept_until_its_own_number_is_set(
    cast: Cast, concern: str, rule: str
) -> None:
    set_clock(START)
    case = open_case(
        cast.viewer("tara"), NewCase(Case.Concern(concern), "Why.", cast.teams["cedar"].pk)
    )
    with connection.cursor() as cursor:  # As its closing left it: how it ended is not the matter.
        cursor.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE cases_case SET state = 'closed', closed_at = %s, disposition = 'resolved'",
            [START],
        )
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
    set_clock(LATER)
    assert listed(cast) == []
    actions.set_years(cast.viewer("ada"), cast.maple.pk, rule, 1)
    assert due() == {case: rule}


@pytest.mark.parametrize("tile", ["adult", "home", "images"])
def test_a_number_of_years_that_nobody_has_confirmed_lets_nothing_go(cast: Cast, tile: str) -> None:
    tip, ada = old_tip(cast), cast.viewer("ada")
    Tip.objects.filter(pk=tip).update(tile=tile, mandated=True)
    rule = {"adult": "tip_staff", "home": "tip_abuse", "images": "tip_sexual"}[tile]
    actions.set_years(ada, cast.maple.pk, rule, 1)
    assert due() == {}
    page = cast.client("ada").get(f"/retention?district={cast.maple.pk}").content.decode()
    assert "kept; once confirmed: 1 year after the end" in page
    confirm_keeping(cast, only=rule)
    assert due() == {tip: rule}
    item = Item.objects.get(subject=tip)
    actions.propose(cast.viewer("sam"), [item.pk])
    actions.agree(cast.viewer("ada"), [item.pk])
    # Taken back in between, nothing goes, whoever has agreed.
    confirm_keeping(cast, stands=False, only=rule)
    set_clock(LATER + DAY)
    assert as_worker(sweeps.dispose) == 0
    assert ShredKey.objects.filter(subject=tip).exists()
    assert due() == {}


def test_the_database_wants_both_whatever_it_is_asked_with(cast: Cast) -> None:
    tip, ada = old_tip(cast), cast.viewer("ada")
    Tip.objects.filter(pk=tip).update(tile="adult", mandated=True)
    actions.set_years(ada, cast.maple.pk, "tip_staff", 1)
    confirm_keeping(cast, only="tip_staff")
    with connection.cursor() as cursor:
        for change, goes in (({}, True), ({"digest": None}, False), ({"digest": "0" * 64}, False)):
            rules = json.loads(rules_for_the_database())
            rules["us-ct"]["tip_staff"] |= change
            cursor.execute(
                "SELECT retention_lets_go(p_rules => %s, p_rule => 'tip_staff', p_district => %s,"
                " p_subject => id, p_matter => matter_id) FROM tips_tip WHERE id = %s",
                [json.dumps(rules), cast.maple.pk, tip],
            )
            assert cursor.fetchone() == (goes,), change
