"""What has run out goes once two have agreed, is gone for everybody, and nothing else goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.support import finish_action
from upstander.cases.actions.timeline import add_item
from upstander.cases.models import Case, CaseAction
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.actions import close_tip, propose
from upstander.decisions.models import SecondOpinion
from upstander.mandated.actions.duties import report_first, send_written
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.matters.models import FolderGrant
from upstander.people.scope import Viewer, viewing
from upstander.retention import actions, sweeps
from upstander.retention.models import Hold, Item
from upstander.retention.tests.setup import as_worker, closed, file, listed, set_clock
from upstander.tips import reporter
from upstander.tips.models import Message, Tip
from upstander.tips.opening import NotGranted, open_tip, read_contents
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip, link_tips
from upstander.vault.models import Grant, ShredKey, Tombstone

START = datetime(2026, 1, 10, 15, 0, tzinfo=UTC)
LATER = START + timedelta(days=100)
DAY = timedelta(days=1, minutes=1)

pytestmark = pytest.mark.django_db


def item_of(tip: UUID) -> Item:
    return Item.objects.exclude(state="dropped").get(subject=tip)


def agreed(cast: Cast, tip: UUID) -> Item:
    item = item_of(tip)
    assert actions.propose(cast.viewer("sam"), [item.pk]) == 1
    assert actions.agree(cast.viewer("ada"), [item.pk]) == 1
    return item


def test_two_persons_and_a_day_later_it_is_gone_for_everybody(cast: Cast) -> None:
    set_clock(START)
    filed, other = closed(cast), closed(cast)
    set_clock(LATER)
    assert set(listed(cast)) == {filed.tip_id, other.tip_id}
    agreed(cast, filed.tip_id)

    assert as_worker(sweeps.dispose) == 0  # not yet: anybody may still stop it
    set_clock(LATER + DAY)
    assert as_worker(sweeps.dispose) == 1

    with pytest.raises(NotGranted):
        open_tip(cast.viewer("alice"), filed.tip_id)
    assert reporter.open_with_code(filed.code) is None
    assert not ShredKey.objects.filter(subject=filed.tip_id).exists()
    assert not Grant.objects.filter(tip_id=filed.tip_id).exists()
    assert {bytes(m.sealed) for m in Message.objects.filter(tip_id=filed.tip_id)} == {b""}
    assert Tombstone.objects.filter(subject=filed.tip_id).exists()
    # What was not agreed on stays as it was.
    assert read_contents(open_tip(cast.viewer("alice"), other.tip_id)).turns
    assert reporter.open_with_code(other.code)
    # The record says who decided, and keeps what it said before.
    entries = Entry.objects.filter(subject_id=str(filed.tip_id)).order_by("pk")
    actions_said = [entry.action for entry in entries]
    assert actions_said[0] == "tip filed"
    assert actions_said[-4:-1] == ["disposal proposed", "disposal agreed", "disposed of"]
    detail = Entry.objects.get(action="disposed of").detail
    assert detail["proposed_by"] == cast.people["sam"].pk
    assert detail["agreed_by"] == cast.people["ada"].pk


def test_nobody_agrees_to_their_own_proposal(cast: Cast) -> None:
    set_clock(START)
    filed = closed(cast)
    set_clock(LATER)
    listed(cast)
    item, sam = item_of(filed.tip_id), cast.viewer("sam")
    actions.propose(sam, [item.pk])
    assert actions.agree(sam, [item.pk]) == 0
    with pytest.raises(DatabaseError, match="second person"), viewing(sam):
        Item.objects.filter(pk=item.pk).update(state="agreed")


@pytest.mark.parametrize("name", ["alice", "tara", "ada", "pia", "cora"])
def test_nobody_else_proposes(cast: Cast, name: str) -> None:
    set_clock(START)
    filed = closed(cast)
    set_clock(LATER)
    listed(cast)
    item, viewer = item_of(filed.tip_id), cast.viewer(name)
    try:
        with viewing(viewer):
            moved = Item.objects.filter(pk=item.pk).update(state="proposed")
    except DatabaseError:
        moved = 0
    assert not moved
    item.refresh_from_db()
    assert item.state == "due"


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE retention_item SET state = 'gone', gone_at = now()",
        "UPDATE retention_item SET state = 'agreed'",
        "UPDATE retention_item SET subject = gen_random_uuid()",
        "INSERT INTO retention_item (id, kind, subject, district_id, matter_id, rule, ended_at,"
        " listed_at, state, proposed_by, agreed_by) VALUES (gen_random_uuid(), 'tip',"
        " gen_random_uuid(), 1, gen_random_uuid(), 'x', now(), now(), 'agreed', 1, 2)",
        "DELETE FROM vault_tombstone",
        "SELECT retention_forget(gen_random_uuid())",
        "SELECT api.dispose_agreed(1)",
    ],
)
def test_no_short_cut_through_sql(cast: Cast, attack: str) -> None:
    set_clock(START)
    closed(cast)
    set_clock(LATER)
    listed(cast)
    for name in ("sam", "dee", "ada"):
        assert touched(cast.viewer(name), attack) == 0, name


def touched(viewer: Viewer, statement: str) -> int:
    """Run a statement in somebody's session; returns how many rows it touched, 0 if refused."""
    try:
        with viewing(viewer), connection.cursor() as cursor:
            cursor.execute(statement)
            rows: int = cursor.rowcount
    except DatabaseError:
        return 0
    return rows


def test_a_hold_keeps_it_and_is_seen_again_at_the_last_moment(cast: Cast) -> None:
    set_clock(START)
    filed, other = closed(cast), closed(cast)
    set_clock(LATER)
    listed(cast)
    agreed(cast, filed.tip_id)
    sam = cast.viewer("sam")
    hold = actions.place_hold(
        sam, cast.maple.pk, reason="A court asked.", reference=filed.reference
    )
    set_clock(LATER + DAY)
    assert as_worker(sweeps.dispose) == 0
    assert ShredKey.objects.filter(subject=filed.tip_id).exists()
    assert listed(cast) == [other.tip_id]

    actions.lift_hold(cast.viewer("dee"), hold.pk)
    assert set(listed(cast)) == {filed.tip_id, other.tip_id}
    assert item_of(filed.tip_id).state == "due"
    with pytest.raises(Http404):
        actions.lift_hold(cast.viewer("dee"), hold.pk)


@pytest.mark.parametrize(
    ("school", "place", "kept"), [(True, "cedar", True), (True, "birch", False), (False, "", True)]
)
def test_a_hold_on_a_school_or_a_district(cast: Cast, school: bool, place: str, kept: bool) -> None:
    set_clock(START)
    closed(cast)
    actions.place_hold(
        cast.viewer("dee"),
        cast.maple.pk,
        reason="A suit.",
        school_id=getattr(cast, place).pk if school else None,
        until=LATER + timedelta(days=1),
    )
    set_clock(LATER)
    assert (listed(cast) == []) is kept
    set_clock(LATER + timedelta(days=2))
    assert len(listed(cast)) == 1


def test_a_holds_reason_is_sealed_and_a_stranger_sees_none(cast: Cast) -> None:
    set_clock(START)
    actions.place_hold(cast.viewer("dee"), cast.maple.pk, reason="A suit about a child.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM retention_hold")
        assert b"suit" not in bytes(cursor.fetchone()[0])
    for name, sees in (("sam", 1), ("ada", 1), ("pia", 0), ("alice", 0)):
        with viewing(cast.viewer(name)):
            assert Hold.objects.count() == sees, name


def test_what_is_opened_again_is_not_due_any_more(cast: Cast) -> None:
    set_clock(START)
    filed = closed(cast)
    set_clock(LATER)
    listed(cast)
    agreed(cast, filed.tip_id)
    token = reporter.open_with_code(filed.code)
    assert token
    reporter.add_message(token, "It has begun again.")
    set_clock(LATER + DAY)
    assert as_worker(sweeps.dispose) == 0
    assert listed(cast) == []
    assert ShredKey.objects.filter(subject=filed.tip_id).exists()


def test_only_what_has_ended_and_run_out_is_listed(cast: Cast) -> None:
    set_clock(START)
    file(cast)
    closed(cast, "support_given")
    early = closed(cast)
    set_clock(START + timedelta(days=89))
    assert listed(cast) == []
    set_clock(START + timedelta(days=91))
    assert listed(cast) == [early.tip_id]


def test_life_safety_is_kept_until_an_administrator_has_set_a_number(cast: Cast) -> None:
    set_clock(START)
    filed = closed(cast, "support_given")
    Tip.objects.filter(pk=filed.tip_id).update(priority="life_safety")
    set_clock(START + timedelta(days=4000))
    assert listed(cast) == []
    with pytest.raises(DatabaseError):
        actions.set_years(cast.viewer("dee"), cast.maple.pk, "tip_life_safety", 1)
    actions.set_years(cast.viewer("ada"), cast.maple.pk, "tip_life_safety", 6)
    assert listed(cast) == [filed.tip_id]
    actions.set_years(cast.viewer("ada"), cast.maple.pk, "tip_life_safety", 20)
    for years in (0, 101):
        with pytest.raises(Refused):
            actions.set_years(cast.viewer("ada"), cast.maple.pk, "tip_life_safety", years)
    with pytest.raises(Refused):
        actions.set_years(cast.viewer("ada"), cast.maple.pk, "tip_closed", 1)


def test_what_two_lowered_from_life_safety_is_kept_as_life_safety(cast: Cast) -> None:
    set_clock(START)
    filed, alice = file(cast), cast.viewer("alice")
    # As the rules of intake or the reporter's own answers set it: nobody has assessed anything.
    Tip.objects.filter(pk=filed.tip_id).update(priority="life_safety", rank=0)
    claim_tip(alice, filed.tip_id)
    opinion = propose(
        open_tip(alice, filed.tip_id),
        SecondOpinion.Kind.LOWER,
        words="A quote from a song.",
        to_priority="routine",
    )
    read_and_agree(cast.viewer("sam"), opinion.pk)
    close_tip(open_tip(alice, filed.tip_id), "unfounded", "A song.")
    assert Tip.objects.get(pk=filed.tip_id).priority == "routine"
    set_clock(START + timedelta(days=4000))
    assert listed(cast) == []
    actions.set_years(cast.viewer("ada"), cast.maple.pk, "tip_life_safety", 6)
    assert listed(cast) == [filed.tip_id]
    assert item_of(filed.tip_id).rule == "tip_life_safety"


def test_a_case_goes_and_until_then_keeps_its_tip(cast: Cast) -> None:
    set_clock(START)
    filed = file(cast)
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams["cedar"].pk], "A brief.")
    tip = open_tip(cast.viewer("tara"), filed.tip_id)
    new = NewCase(Case.Concern.BULLYING, "From a tip.", cast.teams["cedar"].pk, tips=(tip,))
    case = open_case(cast.viewer("tara"), new)
    one = open_the_case(cast.viewer("tara"), case)
    add_item(one, "note", {"words": "Talked to both."})
    close_case(open_the_case(cast.viewer("tara"), case), "resolved", "Over.")
    close_tip(open_tip(cast.viewer("tara"), filed.tip_id), "unfounded", "Nobody there.")
    set_clock(START + timedelta(days=1000))
    # What is still to be looked at after closing keeps it.
    assert listed(cast) == []
    for action in CaseAction.objects.filter(case_id=case):
        finish_action(
            open_the_case(cast.viewer("tara"), case),
            action.pk,
            "Old.",
            ending=CaseAction.Ending.NOT_NEEDED,
        )
    assert listed(cast) == [case]
    item = item_of(case)
    # A lead who holds no grant of the case lets it go without ever having seen it.
    assert actions.propose(cast.viewer("dee"), [item.pk]) == 1
    assert actions.agree(cast.viewer("ada"), [item.pk]) == 1
    set_clock(START + timedelta(days=1002))
    assert as_worker(sweeps.dispose) == 1
    with pytest.raises(Http404):
        open_the_case(cast.viewer("tara"), case)
    assert not FolderGrant.objects.filter(folder_id=case).exists()
    assert Case.objects.filter(pk=case).exists()
    assert listed(cast) == [case, filed.tip_id]


def test_a_duty_goes_once_its_schedule_has_a_number_and_both_reports_are_made(cast: Cast) -> None:
    set_clock(START)
    offices(cast)
    duty = Duty.objects.get(pk=suspect(cast))
    actions.set_years(cast.viewer("ada"), cast.maple.pk, "duty", 5)
    tess = cast.viewer("tess")
    report_first(tess, duty.pk, way="careline", at=START, words={"worker": "M."}, accepted=True)
    set_clock(START + timedelta(days=6 * 366))
    assert listed(cast) == []
    send_written(
        cast.viewer("tess"), duty.pk, at=START + timedelta(hours=20), words={"how": "mail"}
    )
    assert listed(cast) == []
    set_clock(START + timedelta(days=12 * 366))
    assert listed(cast) == [duty.folder_id]


@pytest.mark.parametrize("held", [0, 1])
def test_a_hold_on_one_keeps_what_is_linked_to_it(cast: Cast, held: int) -> None:
    set_clock(START)
    tips = [closed(cast), closed(cast)]
    actions.place_hold(
        cast.viewer("sam"), cast.maple.pk, reason="A suit.", reference=tips[held].reference
    )
    link_tips(cast.viewer("alice"), tips[0].tip_id, tips[1].tip_id)
    set_clock(LATER)
    assert listed(cast) == []
