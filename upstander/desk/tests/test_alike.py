"""Equal words fold into one row, and hide nobody: who is in none, what a claim of a fold stops."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import F

from conftest import Cast
from upstander.desk.live_rows import render_rows
from upstander.desk.tests.story import handed_off
from upstander.desk.tests.test_queue import a_call
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.escalations.models import Alert, Task
from upstander.front.flood import Flood
from upstander.people.scope import Viewer, viewing
from upstander.tips import reporter
from upstander.tips.models import Tip, Unread
from upstander.tips.states import TipState
from upstander.triage.actions.work import claim_tip
from upstander.triage.together import HELD


def rows_of(cast: Cast, address: str = "/queue", name: str = "alice") -> list[UUID]:
    page = cast.client(name).get(address).content.decode()
    return [UUID(found) for found in re.findall(r'data-tip="([0-9a-f-]{36})"', page)]


def equal(cast: Cast, count: int, **more: Any) -> list[reporter.Filed]:
    """File tips in the same words."""
    said = Flood().same_words
    return [a_tip(cast, same_words=said, **more) for _number in range(count)]


def together_now(*filed: reporter.Filed) -> None:
    """Let tips have come in one after the other within one quarter of an hour."""
    start = Tip.objects.get(pk=filed[0].tip_id).received_at.replace(minute=0, second=0)
    for number, one in enumerate(filed):
        at = start + timedelta(seconds=number)
        Tip.objects.filter(pk=one.tip_id).update(received_at=at, waiting_since=at)


def test_equal_words_are_one_row_with_the_oldest_clock(cast: Cast) -> None:
    filed = equal(cast, 3)
    together_now(*filed)
    assert rows_of(cast) == [filed[0].tip_id]
    page = cast.client("alice").get("/queue").content.decode()
    assert re.search(r"3\s+with the same wording", page)
    [address] = re.findall(r'href="/queue(\?same=[0-9a-f]{16})"', page)
    assert set(rows_of(cast, f"/queue{address}")) == {one.tip_id for one in filed}


@pytest.mark.parametrize(
    "more",
    [
        {"answers": {"who": "me"}},
        {"answers": {"who": "unsure"}},
        {"answers": {}},
        {"answers": {"who": "group"}},
        {"answers": {"who": "someone", "source": "self"}},
        {"answers": {"who": "someone", "place": "14 Elm Street"}},
        {"answers": {"who": "someone", "when": "now"}},
        {"answers": {"who": "someone", "not_see": "my coach"}},
        {"text": f"{WORDS} And her coat"},
        {"text": WORDS.replace("goodbye", "good, bye")},
        {"tile": "bullying"},
        {"language": "es"},
        {"channel": "sms"},
        {"tile": "home"},
    ],
    ids=str,
)
def test_whatever_differs_has_a_row_of_its_own(cast: Cast, more: dict[str, Any]) -> None:
    said = Flood().same_words
    alike = [a_tip(cast, same_words=said) for _number in range(2)]
    others = [a_tip(cast, **{"same_words": said, **more}) for _number in range(1)]
    together_now(*alike, *others)
    assert set(rows_of(cast)) == {alike[0].tip_id, others[0].tip_id}


@pytest.mark.parametrize(
    "answers",
    [{"who": "me"}, {"who": "unsure"}, {}, {"who": "someone", "not_see": "my coach"}],
    ids=str,
)
def test_what_may_be_one_s_own_folds_with_nothing(cast: Cast, answers: dict[str, str]) -> None:
    """Not with its own like either, however many they are."""
    filed = equal(cast, 8, answers=answers)
    together_now(*filed)
    assert set(rows_of(cast)) == {one.tip_id for one in filed}


def test_case_and_blanks_tell_nothing_apart(cast: Cast) -> None:
    said = Flood().same_words
    texts = (WORDS, f"  {WORDS.upper()}\n", WORDS.replace(" ", "  "))
    filed = [a_tip(cast, text=text, same_words=said) for text in texts]
    together_now(*filed)
    assert rows_of(cast) == [filed[0].tip_id]


def test_of_another_school_it_does_not_fold(cast: Cast) -> None:
    said = Flood().same_words
    first, birch = a_tip(cast, same_words=said), a_tip(cast, school=cast.birch, same_words=said)
    together_now(first, birch)
    assert set(rows_of(cast)) == {first.tip_id, birch.tip_id}


@pytest.mark.parametrize(
    ("text", "rows"),
    [("One two three four five six seven", 2), ("One two three four five six seven eight", 1)],
)
def test_of_life_safety_eight_words_at_least_fold(cast: Cast, text: str, rows: int) -> None:
    said = Flood().same_words
    filed = [a_life_safety_tip(cast, text=text, same_words=said) for _number in range(2)]
    together_now(*filed)
    assert len(rows_of(cast)) == rows


def test_what_has_a_file_stands_alone(cast: Cast) -> None:
    filed = equal(cast, 3)
    together_now(*filed)
    reporter.attach(filed[1].session_token, uuid4(), {"name": "a.jpg"})
    assert set(rows_of(cast)) == {filed[0].tip_id, filed[1].tip_id}


def test_what_was_opened_or_written_on_leaves_it(cast: Cast) -> None:
    filed = equal(cast, 4)
    together_now(*filed)
    cast.client("alice").get(f"/tips/{filed[1].tip_id}")
    reporter.add_message(filed[2].session_token, "I can see her.")
    assert set(rows_of(cast)) == {filed[n].tip_id for n in range(3)}
    assert says(cast, 2)


def test_very_many_fold_beside_a_crowd(cast: Cast) -> None:
    """More than thirty are one row, and a crowd at the school stops none of it."""
    filed = equal(cast, 35)
    together_now(*filed)
    crowd = a_life_safety_tip(cast, similarity=b"\x01" * 8)
    assert set(rows_of(cast)) == {filed[0].tip_id, crowd.tip_id}
    assert says(cast, 35)


@pytest.mark.parametrize("kind", ["call_school", "decide_911"])
def test_what_somebody_must_phone_about_is_on_no_fold_s_back(cast: Cast, kind: str) -> None:
    """Behind another's row nobody would see that it is to be done, or that nobody has taken it."""
    filed = equal(cast, 3)
    together_now(*filed)
    a_call(filed[1].tip_id, Task.Kind(kind))
    rows = {row.id: row for row in cast.client("alice").get("/queue").context["rows"]}
    assert rows[filed[1].tip_id].call is not None


def test_what_asks_for_911_folds_with_none_that_does_not(cast: Cast) -> None:
    filed = equal(cast, 3)
    together_now(*filed)
    Alert.objects.filter(subject_id=filed[2].tip_id).update(asks_911=True)
    assert set(rows_of(cast)) == {filed[0].tip_id, filed[2].tip_id}


def says(cast: Cast, count: int, name: str = "alice") -> bool:
    """Tell whether a row of the queue says that it stands for so many."""
    page = cast.client(name).get("/queue").content.decode()
    return re.search(rf"\b{count}\s+with the same wording", page) is not None


def test_who_must_not_know_of_one_counts_the_others(cast: Cast) -> None:
    from upstander.tips.opening import open_tip  # noqa: PLC0415
    from upstander.triage.actions.handoff import exclude_people  # noqa: PLC0415

    filed = equal(cast, 3)
    together_now(*filed)
    exclude_people(open_tip(cast.viewer("alice"), filed[0].tip_id), [cast.people["bea"].pk])
    assert str(filed[0].tip_id) not in cast.client("bea").get("/queue").content.decode()
    assert says(cast, 2, "bea")


class TestClaimedTogether:
    def claimed(self, cast: Cast, count: int = 3) -> list[reporter.Filed]:
        filed = equal(cast, count)
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
        assert says(cast, 2, "bea")
        cast.client("alice").get(f"/tips/{held[0]}")
        assert Tip.objects.get(pk=held[0]).state == TipState.NEW

    def test_ten_are_the_most(self, cast: Cast) -> None:
        filed = self.claimed(cast, 12)
        assert len(rows_of(cast, "/queue/mine")) == 10
        assert says(cast, 2, "bea")
        assert Tip.objects.get(pk=filed[11].tip_id).claimed_by is None

    def test_what_a_colleague_holds_stays_theirs(self, cast: Cast) -> None:
        filed = self.claimed(cast)
        claim_tip(cast.viewer("bea"), filed[1].tip_id)
        cast.client("alice").get(f"/tips/{filed[1].tip_id}")
        assert Tip.objects.get(pk=filed[1].tip_id).claimed_by == cast.people["bea"].pk

    def test_who_is_second_at_the_first_holds_none(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filed = equal(cast, 5)
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
    filed = equal(cast, 3)
    together_now(*filed)
    rows = render_rows(alice, [filed[2].tip_id])
    assert re.search(r"3\s+with the same", rows[filed[0].tip_id])
    assert rows[filed[2].tip_id] == ""
    claim_tip(alice, filed[0].tip_id)
    rows = render_rows(alice, [filed[0].tip_id])
    assert re.search(r"2\s+with the same", rows[filed[1].tip_id])
    claim_tip(alice, filed[2].tip_id)
    rows = render_rows(alice, [filed[2].tip_id])
    assert filed[1].reference in rows[filed[1].tip_id]
    assert "with the same" not in rows[filed[1].tip_id]


class TestMore:
    """On the page of one that was claimed: those in the same words wait a press away."""

    def test_it_says_how_many_and_claims_the_next(self, cast: Cast) -> None:
        filed = equal(cast, 3)
        together_now(*filed)
        alice = cast.client("alice")
        alice.post(f"/tips/{filed[0].tip_id}/claim-alike")
        page = alice.get(f"/tips/{filed[0].tip_id}").content.decode()
        assert "2 more with the same words wait" in page
        press = f"/tips/{filed[1].tip_id}/claim"
        assert f'formaction="{press}"' in page
        assert alice.post(press)["Location"].startswith(f"/tips/{filed[1].tip_id}")
        assert Tip.objects.get(pk=filed[1].tip_id).state == TipState.CLAIMED
        page = alice.get(f"/tips/{filed[1].tip_id}").content.decode()
        assert re.search(r"1 more with the same words waits\s", page)

    def test_what_a_colleague_holds_is_not_offered(self, cast: Cast) -> None:
        filed = equal(cast, 3)
        together_now(*filed)
        cast.client("alice").post(f"/tips/{filed[0].tip_id}/claim-alike")
        page = cast.client("bea").get(f"/tips/{filed[0].tip_id}").content.decode()
        assert "more with the same words" not in page


class TestMarks:
    def test_rows_tell_apart_while_unread(self, cast: Cast) -> None:
        me = a_tip(cast, answers={"who": "me", "place": "my room"})
        page = cast.client("alice").get("/queue").content.decode()
        assert "themselves, place given" in page
        cast.client("alice").get(f"/tips/{me.tip_id}")
        assert not Unread.objects.exists()
        assert "place given" not in cast.client("alice").get("/queue").content.decode()

    def test_a_group_or_a_school_is_nobody_else(self, cast: Cast) -> None:
        group, one = (a_tip(cast, answers={"who": who}) for who in ("group", "someone"))
        rows = render_rows(cast.viewer("alice"), [group.tip_id, one.tip_id])
        assert "a group or school, no place" in rows[group.tip_id]
        assert "someone else" not in rows[group.tip_id]
        assert "someone else, no place" in rows[one.tip_id]

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
