"""Alike tips fold into one row, and hide nobody: who is in none, what a claim of a fold stops."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.desk.live_rows import render_rows
from upstander.desk.tests.story import handed_off
from upstander.desk.tests.test_queue import a_call
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.models import Alert, Task
from upstander.people.scope import Viewer, viewing
from upstander.tips import reporter
from upstander.tips.models import Tip, Unread
from upstander.tips.states import TipState
from upstander.triage.actions.work import claim_tip
from upstander.triage.alike import HELD, MOST, folds
from upstander.triage.queries import QueueFilter, centers_of, counts_for, queue_tips


def rows_of(cast: Cast, address: str = "/queue", name: str = "alice") -> list[UUID]:
    page = cast.client(name).get(address).content.decode()
    return [UUID(found) for found in re.findall(r'data-tip="([0-9a-f-]{36})"', page)]


def together_now(*filed: reporter.Filed) -> None:
    """Let tips have come in one after the other within one quarter of an hour."""
    start = Tip.objects.get(pk=filed[0].tip_id).received_at.replace(minute=0, second=0)
    for number, one in enumerate(filed):
        at = start + timedelta(seconds=number)
        Tip.objects.filter(pk=one.tip_id).update(received_at=at, waiting_since=at)


def test_alike_tips_are_one_row_with_the_oldest_clock(cast: Cast) -> None:
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(3)]
    together_now(*filed)
    assert rows_of(cast) == [filed[0].tip_id]
    page = cast.client("alice").get("/queue").content.decode()
    assert re.search(r"3 alike, 3\s+unread", page)
    assert set(rows_of(cast, f"/queue?fold={filed[0].tip_id}")) == {one.tip_id for one in filed}


@pytest.mark.parametrize(
    "more",
    [
        {"answers": {"who": "me"}},
        {"answers": {"who": "unsure"}},
        {"answers": {}},
        {"answers": {"who": "someone", "source": "self"}},
        {"answers": {"who": "someone", "place": "14 Elm Street"}},
        {"answers": {"who": "someone", "when": "now"}},
        {"answers": {"who": "someone", "not_see": "my coach"}},
        {"tile": "bullying"},
        {"language": "es"},
        {"channel": "sms"},
        {"tile": "home"},
    ],
    ids=str,
)
def test_whatever_differs_has_a_row_of_its_own(cast: Cast, more: dict[str, Any]) -> None:
    alike = [a_tip(cast, text=f"Number {n}.") for n in range(2)]
    other = a_tip(cast, **more)
    together_now(*alike, other)
    alice = cast.viewer("alice")
    with viewing(alice):
        found = folds(centers_of(alice))
    assert other.tip_id not in {tip for one in found.values() for tip in one.tips}


def test_of_another_school_or_quarter_it_does_not_fold(cast: Cast) -> None:
    first, birch, later = a_tip(cast), a_tip(cast, school=cast.birch), a_tip(cast)
    together_now(first, birch, later)
    Tip.objects.filter(pk=later.tip_id).update(received_at=F("received_at") + timedelta(minutes=15))
    assert set(rows_of(cast)) == {first.tip_id, birch.tip_id, later.tip_id}


def test_what_was_opened_or_written_on_leaves_it(cast: Cast) -> None:
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(4)]
    together_now(*filed)
    cast.client("alice").get(f"/tips/{filed[1].tip_id}")
    reporter.add_message(filed[2].session_token, "I can see her.")
    assert set(rows_of(cast)) == {filed[n].tip_id for n in range(3)}
    assert "2 alike" in cast.client("alice").get("/queue").content.decode()


def test_more_than_so_many_fold_no_more(cast: Cast) -> None:
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(MOST)]
    together_now(*filed)
    assert len(rows_of(cast)) == 1
    filed.append(a_tip(cast, text="One more."))
    together_now(*filed)
    assert set(rows_of(cast)) == {one.tip_id for one in filed}


def test_where_a_flood_is_going_on_none_folds(cast: Cast) -> None:
    """One tip marked as of a crowd is enough: a child's must not lie among those of a flood."""
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(2)]
    flood = a_life_safety_tip(cast, similarity=b"\x01" * 8)
    together_now(*filed, flood)
    assert set(rows_of(cast)) == {*(one.tip_id for one in filed), flood.tip_id}


@pytest.mark.parametrize("kind", ["call_school", "decide_911"])
def test_what_somebody_must_phone_about_is_on_no_fold_s_back(cast: Cast, kind: str) -> None:
    """Behind another's row nobody would see that it is to be done, or that nobody has taken it."""
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(3)]
    together_now(*filed)
    a_call(filed[1].tip_id, Task.Kind(kind))
    rows = {row.id: row for row in cast.client("alice").get("/queue").context["rows"]}
    assert rows[filed[1].tip_id].call is not None


def test_what_asks_for_911_folds_with_none_that_does_not(cast: Cast) -> None:
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(3)]
    together_now(*filed)
    Alert.objects.filter(subject_id=filed[2].tip_id).update(asks_911=True)
    assert set(rows_of(cast)) == {filed[0].tip_id, filed[2].tip_id}


def test_who_must_not_know_of_one_counts_the_others(cast: Cast) -> None:
    from upstander.tips.opening import open_tip  # noqa: PLC0415
    from upstander.triage.actions.handoff import exclude_people  # noqa: PLC0415

    filed = [a_tip(cast, text=f"Number {n}.") for n in range(3)]
    together_now(*filed)
    exclude_people(open_tip(cast.viewer("alice"), filed[0].tip_id), [cast.people["bea"].pk])
    assert str(filed[0].tip_id) not in cast.client("bea").get("/queue").content.decode()
    assert "2 alike" in cast.client("bea").get("/queue").content.decode()


class TestClaimedTogether:
    def claimed(self, cast: Cast, count: int = 3) -> list[reporter.Filed]:
        filed = [a_tip(cast, text=f"Number {n}.") for n in range(count)]
        together_now(*filed)
        answer = cast.client("alice").post(f"/tips/{filed[0].tip_id}/claim-alike")
        assert answer.status_code == 302
        return filed

    def test_it_stops_the_clock_of_the_first_alone(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        states = [Tip.objects.get(pk=one.tip_id).state for one in filed]
        assert states == [TipState.CLAIMED, TipState.NEW, TipState.NEW]
        alerts = [Alert.objects.get(subject_id=one.tip_id).state for one in filed]
        assert alerts == [Alert.State.ACKNOWLEDGED, Alert.State.OPEN, Alert.State.OPEN]
        assert set(rows_of(cast, "/queue/mine")) == {one.tip_id for one in filed}
        page = cast.client("bea").get("/queue").content.decode()
        assert page.count("opens it next") == 2
        assert f"/tips/{filed[1].tip_id}/claim" in page, "whoever is sooner may"

    def test_opening_the_words_does_and_nobody_else_s_looking(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        cast.client("bea").get(f"/tips/{filed[1].tip_id}")
        assert Tip.objects.get(pk=filed[1].tip_id).state == TipState.NEW
        cast.client("alice").get(f"/tips/{filed[1].tip_id}")
        alert = Alert.objects.get(subject_id=filed[1].tip_id)
        assert alert.acknowledged_by == cast.people["alice"].pk

    def test_unopened_for_two_minutes_it_is_nobody_s_again(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        held = [one.tip_id for one in filed[1:]]
        Tip.objects.filter(pk__in=held).update(claimed_at=F("claimed_at") - HELD)
        assert rows_of(cast, "/queue/mine") == [filed[0].tip_id]
        assert "opens it next" not in cast.client("bea").get("/queue").content.decode()
        assert "2 alike" in cast.client("bea").get("/queue").content.decode()
        cast.client("alice").get(f"/tips/{held[0]}")
        assert Tip.objects.get(pk=held[0]).state == TipState.NEW

    def test_ten_are_the_most(self, cast: Cast) -> None:
        filed = self.claimed(cast, 12)
        assert len(rows_of(cast, "/queue/mine")) == 10
        assert "2 alike" in cast.client("bea").get("/queue").content.decode()
        assert Tip.objects.get(pk=filed[11].tip_id).claimed_by is None

    def test_what_a_colleague_holds_stays_theirs(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        claim_tip(cast.viewer("bea"), filed[1].tip_id)
        cast.client("alice").get(f"/tips/{filed[1].tip_id}")
        assert Tip.objects.get(pk=filed[1].tip_id).claimed_by == cast.people["bea"].pk

    def test_who_is_second_at_the_first_holds_none(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filed = [a_tip(cast, text=f"Number {n}.") for n in range(5)]
        together_now(*filed)

        def late(viewer: Viewer, tip: UUID) -> Tip:
            claim_tip(cast.viewer("bea"), tip)
            return claim_tip(viewer, tip)

        monkeypatch.setattr("upstander.triage.actions.alike.claim_tip", late)
        cast.client("alice").post(f"/tips/{filed[0].tip_id}/claim-alike")
        assert "opens it next" not in cast.client("bea").get("/queue").content.decode()

    def test_a_held_row_still_says_who_is_asked_and_when(self, cast: Cast) -> None:
        self.claimed(cast)
        page = cast.client("bea").get("/queue").content.decode()
        assert page.count("opens it next") == page.count("then everyone here") == 2

    def test_who_opens_one_that_was_held_took_nothing_from_anybody(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        Tip.objects.filter(pk=filed[1].tip_id).update(claimed_at=F("claimed_at") - 3 * HELD)
        cast.client("bea").get(f"/tips/{filed[1].tip_id}")
        page = cast.client("sam").get("/record/access").content.decode()
        assert "claimed by someone else" not in page

    def test_it_is_in_the_record(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        page = cast.client("alice").get(f"/tips/{filed[1].tip_id}").content.decode()
        assert "Claimed with others, not opened" in page


def test_an_open_page_hears_of_each_that_moves(cast: Cast) -> None:
    alice = cast.viewer("alice")
    filed = [a_tip(cast, text=f"Number {n}.") for n in range(3)]
    together_now(*filed)
    rows = render_rows(alice, [filed[2].tip_id])
    assert "3 alike" in rows[filed[0].tip_id]
    assert rows[filed[1].tip_id] == rows[filed[2].tip_id] == ""
    claim_tip(alice, filed[0].tip_id)
    rows = render_rows(alice, [filed[0].tip_id])
    assert "2 alike" in rows[filed[1].tip_id]
    assert rows[filed[2].tip_id] == ""
    claim_tip(alice, filed[1].tip_id)
    rows = render_rows(alice, [filed[1].tip_id])
    assert filed[2].reference in rows[filed[2].tip_id]


class TestMarks:
    def test_rows_tell_apart_while_unread(self, cast: Cast) -> None:
        me = a_tip(cast, answers={"who": "me", "place": "my room"})
        page = cast.client("alice").get("/queue").content.decode()
        assert "themselves, place given" in page
        cast.client("alice").get(f"/tips/{me.tip_id}")
        assert not Unread.objects.exists()
        assert "place given" not in cast.client("alice").get("/queue").content.decode()

    def test_a_group_or_a_school_is_nobody_else_and_folds_with_its_like(self, cast: Cast) -> None:
        whom = ("group", "someone", "group", "someone")
        filed = [a_tip(cast, text=f"{n}.", answers={"who": who}) for n, who in enumerate(whom)]
        together_now(*filed)
        rows = render_rows(cast.viewer("alice"), [filed[0].tip_id, filed[1].tip_id])
        group, one = rows[filed[0].tip_id], rows[filed[1].tip_id]
        assert "a group or school, no place" in group
        assert "someone else" not in group
        assert "someone else, no place" in one
        assert "2 alike" in group
        assert "2 alike" in one

    def test_a_live_page_is_told_no_more_once_it_was_read(self, cast: Cast) -> None:
        me, alice = a_tip(cast, answers={"who": "me"}), cast.viewer("alice")
        assert "themselves" in render_rows(alice, [me.tip_id])[me.tip_id]
        cast.client("alice").get(f"/tips/{me.tip_id}")
        assert "themselves" not in render_rows(alice, [me.tip_id])[me.tip_id]

    def test_the_parts_alone_are_a_look_too(self, cast: Cast) -> None:
        me = a_tip(cast, answers={"who": "me"})
        assert WORDS in cast.client("bea").get(f"/tips/{me.tip_id}/parts").content.decode()
        assert not Unread.objects.exists()
        assert Tip.objects.get(pk=me.tip_id).first_read_at is not None

    def test_a_hand_off_takes_them_too(self, cast: Cast) -> None:
        handed_off(cast)
        assert not Unread.objects.exists()

    @pytest.mark.parametrize("name", ["tom", "dee", "ada", "cora"])
    def test_only_the_tip_s_own_center_may_ask(self, cast: Cast, name: str) -> None:
        a_tip(cast)
        with viewing(cast.viewer(name)):
            if name == "cora":
                assert not Unread.objects.exists()
                return
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(Unread.objects.all())


def test_now_stands_before_soon_and_nobody_s_before_somebody_s(cast: Cast) -> None:
    soon = a_tip(cast, answers={"who": "me", "when": "soon", "hurt_today": "yes"})
    taken, now = a_life_safety_tip(cast), a_life_safety_tip(cast, tile="attack")
    together_now(soon, taken, now)
    claim_tip(cast.viewer("alice"), taken.tip_id)
    assert rows_of(cast) == [now.tip_id, soon.tip_id, taken.tip_id]


def test_figures_are_of_what_is_looked_at(cast: Cast) -> None:
    a_life_safety_tip(cast)
    a_tip(cast, school=cast.aspen)
    mine = a_tip(cast, school=cast.birch)
    claim_tip(cast.viewer("alice"), mine.tip_id)
    client = cast.client("alice")
    assert client.get("/queue").context["counts"].waiting == 3
    of_mine = client.get("/queue/mine").context["counts"]
    # No list hides that a life-safety tip has nobody.
    assert (of_mine.waiting, of_mine.unclaimed, of_mine.unread) == (1, 0, 1)
    assert "In this list:" in client.get("/queue?state=talks").content.decode()
    assert client.get("/queue?state=talks").context["counts"].unread == 1
    assert "In this list:" not in client.get("/queue").content.decode()
    assert of_mine.oldest == Tip.objects.get(pk=mine.tip_id).waiting_since
    assert client.get("/queue?priority=life_safety").context["counts"].waiting == 1
    assert client.get(f"/queue?district={cast.pine.pk}").context["counts"].unclaimed == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=7))
@hypothesis_settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_folds_every_unread_tip_is_a_row_or_counted_in_one(
    cast: Cast, made: list[tuple[bool, bool, bool]]
) -> None:
    Tip.objects.update(junk=True, rank=2)
    alice = cast.viewer("alice")
    for me, place, birch in made:
        answers = {"who": "me" if me else "someone"} | ({"place": "here"} if place else {})
        a_tip(cast, answers=answers, school=cast.birch if birch else cast.cedar)
    with viewing(alice):
        groups = folds(centers_of(alice))
        shown = queue_tips(alice, QueueFilter(), groups=groups)
        told = sum(groups[tip.pk].size if tip.pk in groups else 1 for tip in shown)
        assert told == len(made) == counts_for(alice).unclaimed
        # Whether two fold is told here by another way than it is made: by the rows that are left.
        kinds = Counter((place, birch) for me, place, birch in made if not me)
        apart = sum(me for me, _place, _birch in made)
        assert len(shown) in range(len(kinds) + apart, 2 * len(kinds) + apart + 1)
        behind = {tip for one in groups.values() for tip in one.tips}
        assert not Unread.objects.filter(pk__in=behind, about_me=True).exists()


def test_five_of_a_kind_are_one_row_beside_each_child_s_own(cast: Cast) -> None:
    Tip.objects.update(junk=True, rank=2)
    alike = [a_tip(cast, answers={"who": "someone"}) for _number in range(5)]
    own = [a_tip(cast, answers={"who": "me"}) for _number in range(2)]
    together_now(*alike, *own)
    alice = cast.viewer("alice")
    with viewing(alice):
        groups = folds(centers_of(alice))
        shown = queue_tips(alice, QueueFilter(), groups=groups)
        assert sorted(groups[tip.pk].size for tip in shown if tip.pk in groups) == [5]
        assert {tip.pk for tip in shown} >= {one.tip_id for one in own}
        assert len(shown) == 3
