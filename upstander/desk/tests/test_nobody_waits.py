"""Promise 2 across the apps: a tip that could cost a life is somebody's, or is being asked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.carriers.models import Notice
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.actions import close_tip, decide, reopen_tip
from upstander.decisions.models import SecondOpinion
from upstander.decisions.shown import endings_of
from upstander.decisions.sweeps import sweep_second_opinions
from upstander.desk.tests.story import Handed, close_by_two, handed_off
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_news, sweep_next_steps, sweep_steps
from upstander.intake.priority import Priority
from upstander.people.actions.leaving import lock_out, remove_member
from upstander.people.scope import Viewer
from upstander.tips import reporter
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import exclude_people, hand_off, send_back
from upstander.triage.actions.work import assess_tip, claim_tip, release_tip, take_over


def filed(cast: Cast, **answers: str) -> reporter.Filed:
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text="Please hurry.",
            language="en",
            tile="suicide",
            answers={"when": "now"} | answers,
            school_id=cast.cedar.pk,
        )
    )


def alert_of(tip: UUID) -> Alert:
    return Alert.objects.exclude(state=Alert.State.ENDED).get(subject_id=tip)


def pass_time(alert: Alert, seconds: int) -> None:
    by = timedelta(seconds=seconds)
    fresh = Alert.objects.get(pk=alert.pk)
    if fresh.next_step_due_at:
        Alert.objects.filter(pk=alert.pk).update(next_step_due_at=fresh.next_step_due_at - by)
    Alert.objects.filter(pk=alert.pk).update(opened_at=fresh.opened_at - by)
    Step.objects.filter(alert_id=alert.pk).update(due_at=F("due_at") - by)
    Page.objects.filter(alert_id=alert.pk).update(due_at=F("due_at") - by)


def asked(alert: Alert) -> set[int]:
    """Let the worker do what is due, and return who was sent a page."""
    sweep_news()
    while sweep_steps():
        pass
    sweep_pages()
    return set(
        Page.objects.filter(alert_id=alert.pk, state="sent").values_list("person_id", flat=True)
    )


class TestAtTheCenter:
    def test_nobody_claims_and_the_center_is_asked(self, cast: Cast) -> None:
        tip = filed(cast)
        alert = alert_of(tip.tip_id)
        pass_time(alert, 3600)
        assert asked(alert) == {cast.people[n].pk for n in ("alice", "bea", "sam")}

    def test_claimed_and_idle_is_asked_for_again(self, cast: Cast) -> None:
        tip = filed(cast)
        claim_tip(cast.viewer("alice"), tip.tip_id)
        alert = alert_of(tip.tip_id)
        assert not asked(alert)
        pass_time(alert, 61)
        assert sweep_next_steps() == 1
        assert asked(alert) == {cast.people[n].pk for n in ("alice", "bea", "sam")}

    @pytest.mark.parametrize("work", ["reply", "note", "assess"])
    def test_work_is_no_silence(self, cast: Cast, work: str) -> None:
        tip = filed(cast)
        alice = cast.viewer("alice")
        claim_tip(alice, tip.tip_id)
        opened = open_tip(alice, tip.tip_id)
        if work == "reply":
            add_reply(opened, "Are you safe?")
        elif work == "note":
            add_note(opened, "Called the school.")
        else:
            assess_tip(opened, {}, Priority.LIFE_SAFETY)
        pass_time(alert_of(tip.tip_id), 3600)
        assert sweep_next_steps() == 0

    def test_a_colleague_s_note_is_not_the_owner_s_work(self, cast: Cast) -> None:
        tip = filed(cast)
        claim_tip(cast.viewer("alice"), tip.tip_id)
        add_note(open_tip(cast.viewer("bea"), tip.tip_id), "I am watching this one.")
        pass_time(alert_of(tip.tip_id), 601)
        assert sweep_next_steps() == 1

    def test_whoever_takes_over_has_it(self, cast: Cast) -> None:
        tip = filed(cast)
        claim_tip(cast.viewer("alice"), tip.tip_id)
        pass_time(alert_of(tip.tip_id), 601)
        sweep_next_steps()
        take_over(open_tip(cast.viewer("bea"), tip.tip_id), "Alice is on the phone.")
        alert = alert_of(tip.tip_id)
        assert (alert.state, alert.acknowledged_by) == (
            Alert.State.ACKNOWLEDGED,
            cast.people["bea"].pk,
        )

    def test_taken_over_while_its_clock_is_still_and_put_back_it_rings(self, cast: Cast) -> None:
        tip = filed(cast)
        alice, bea = cast.viewer("alice"), cast.viewer("bea")
        claim_tip(alice, tip.tip_id)
        add_reply(open_tip(alice, tip.tip_id), "Are you safe?")
        take_over(open_tip(bea, tip.tip_id), "Alice goes home.")
        assert alert_of(tip.tip_id).acknowledged_by == bea.person_id
        release_tip(bea, tip.tip_id)
        alert = alert_of(tip.tip_id)
        assert (alert.state, alert.acknowledged_by) == (Alert.State.OPEN, None)
        pass_time(alert, 600)
        assert asked(alert) == {cast.people[n].pk for n in ("alice", "bea", "sam")}

    def test_put_back_by_its_owner_while_another_had_its_alert_at_rest(self, cast: Cast) -> None:
        tip = filed(cast)
        alice = cast.viewer("alice")
        claim_tip(alice, tip.tip_id)
        Alert.objects.filter(subject_id=tip.tip_id).update(
            acknowledged_by=cast.people["sam"].pk, next_step_due_at=None
        )
        release_tip(alice, tip.tip_id)
        assert alert_of(tip.tip_id).state == Alert.State.OPEN

    def test_a_claim_from_a_stale_page_opens_no_closed_tip(self, cast: Cast) -> None:
        tip = filed(cast, when="past")
        bea = cast.viewer("bea")
        claim_tip(bea, tip.tip_id)
        close_by_two(cast, "bea", "alice", tip.tip_id)
        with pytest.raises(Refused):
            claim_tip(cast.viewer("alice"), tip.tip_id)
        assert Tip.objects.get(pk=tip.tip_id).state == TipState.CLOSED

    def test_whoever_reopens_it_has_it_and_answers(self, cast: Cast) -> None:
        tip = filed(cast)
        alice, bea = cast.viewer("alice"), cast.viewer("bea")
        claim_tip(alice, tip.tip_id)
        close_by_two(cast, "alice", "bea", tip.tip_id)
        reopen_tip(bea, tip.tip_id)
        assert Tip.objects.get(pk=tip.tip_id).claimed_by == bea.person_id
        assert alert_of(tip.tip_id).acknowledged_by == bea.person_id
        add_reply(open_tip(bea, tip.tip_id), "We are here again.")
        pass_time(alert_of(tip.tip_id), 3600)
        assert sweep_next_steps() == 0


class TestBetweenCenterAndSchool:
    def test_sent_back_handed_on_and_again(self, cast: Cast) -> None:
        tip = handed_off(cast)
        send_back(open_tip(cast.viewer("tom"), tip.tip_id), "Not ours.")
        alert = alert_of(tip.tip_id)
        pass_time(alert, 3600)
        assert cast.people["alice"].pk in asked(alert)
        alice = cast.viewer("alice")
        hand_off(open_tip(alice, tip.tip_id), [cast.teams["birch"].pk], "Yours.")
        assert asked(alert_of(tip.tip_id)) == {cast.people["bob"].pk}

    def test_who_is_excluded_after_taking_it_is_followed(self, cast: Cast) -> None:
        tip = handed_off(cast)
        alert = alert_of(tip.tip_id)
        client = cast.client("tom")
        client.post(f"/alerts/{alert.pk}/answer", {"answer": "have_it"})
        exclude_people(open_tip(cast.viewer("alice"), tip.tip_id), [cast.people["tom"].pk])
        fresh = alert_of(tip.tip_id)
        assert fresh.state == Alert.State.OPEN
        assert asked(fresh) == {cast.people["tara"].pk, cast.people["uma"].pk}

    def test_raised_to_life_safety_after_the_hand_off(self, cast: Cast) -> None:
        tip = handed_off(cast, tile="bullying", when="past")
        before = alert_of(tip.tip_id)
        assess_tip(open_tip(cast.viewer("alice"), tip.tip_id), {}, Priority.LIFE_SAFETY)
        after = alert_of(tip.tip_id)
        assert (before.priority, after.priority) == ("routine", "life_safety")
        soonest = min(step.due_at for step in after.steps.filter(state="due"))
        assert (soonest - before.opened_at).total_seconds() <= 61

    def test_a_reopened_tip_is_whose_who_reopened_it(self, cast: Cast) -> None:
        tip = handed_off(cast)
        tom = cast.viewer("tom")
        close_by_two(cast, "tom", "uma", tip.tip_id)
        reopen_tip(tom, tip.tip_id)
        alert = alert_of(tip.tip_id)
        assert alert.acknowledged_by == tom.person_id
        pass_time(alert, 601)
        assert sweep_next_steps() == 1
        assert asked(alert_of(tip.tip_id))

    def test_reopened_at_the_center_it_is_the_team_that_is_asked(self, cast: Cast) -> None:
        tip = handed_off(cast)
        alice = cast.viewer("alice")
        close_by_two(cast, "tom", "uma", tip.tip_id)
        reopen_tip(alice, tip.tip_id)
        alert = alert_of(tip.tip_id)
        assert (alert.stage, alert.state) == (Alert.Stage.SCHOOL, Alert.State.OPEN)
        assert asked(alert) == {cast.people[n].pk for n in ("tara", "tom", "uma")}

    def test_lowered_by_two_and_sent_back_it_rings_by_no_old_step(self, cast: Cast) -> None:
        tip = filed(cast)
        alice, bea = cast.viewer("alice"), cast.viewer("bea")
        sweep_steps()
        claim_tip(alice, tip.tip_id)
        assess_tip(open_tip(alice, tip.tip_id), {}, Priority.ROUTINE)
        opinion = SecondOpinion.objects.get(tip_id=tip.tip_id)
        read_and_agree(bea, opinion.pk)
        sweep_news()
        hand_off(open_tip(alice, tip.tip_id), [cast.teams["cedar"].pk], "To watch.")
        replaced = set(Step.objects.filter(state="replaced").values_list("pk", flat=True))
        assert replaced
        send_back(open_tip(cast.viewer("tom"), tip.tip_id), "Not ours.")
        due = set(Step.objects.filter(state="due").values_list("pk", flat=True))
        assert due
        assert not due & replaced


class TestSecondOpinion:
    @pytest.fixture
    def proposed(self, cast: Cast) -> tuple[Handed, SecondOpinion]:
        tip = handed_off(cast)
        made = close_tip(open_tip(cast.viewer("tom"), tip.tip_id), "unfounded", "A joke.")
        assert isinstance(made, SecondOpinion)
        return tip, made

    def endings(self, viewer: Viewer, tip: Handed) -> list[str]:
        return [one.why for one in endings_of(open_tip(viewer, tip.tip_id)).endings]

    def test_without_a_second_it_lapses_and_stands(
        self, cast: Cast, proposed: tuple[Handed, SecondOpinion]
    ) -> None:
        tip, opinion = proposed
        SecondOpinion.objects.filter(pk=opinion.pk).update(
            expires_at=opinion.expires_at - timedelta(minutes=11)
        )
        with pytest.raises(Refused):
            decide(cast.viewer("uma"), opinion.pk, agree=True)
        assert endings_of(open_tip(cast.viewer("uma"), tip.tip_id)).proposal is None
        assert sweep_second_opinions() == 1
        assert Tip.objects.get(pk=tip.tip_id).state == TipState.HANDED_OFF

    def test_the_others_of_the_team_are_told_and_nobody_else(
        self, cast: Cast, proposed: tuple[Handed, SecondOpinion]
    ) -> None:
        told = Notice.objects.filter(kind="second_opinion").values_list("person_id", flat=True)
        assert set(told) == {cast.people[name].pk for name in ("tara", "uma")}

    def test_only_one_at_a_time(self, cast: Cast, proposed: tuple[Handed, SecondOpinion]) -> None:
        tip, _opinion = proposed
        with pytest.raises(Refused):
            close_tip(open_tip(cast.viewer("uma"), tip.tip_id), "false_harm", "Mine.")

    def test_what_the_center_proposed_before_it_handed_it_off_holds_no_team_up(
        self, cast: Cast
    ) -> None:
        tip = handed_off(cast)
        alice, tom = cast.viewer("alice"), cast.viewer("tom")
        old = close_tip(open_tip(alice, tip.tip_id), "unfounded", "A joke.")
        # Proposed since the hand-off it stands, and the team reads whose it is, and until when.
        with pytest.raises(Refused, match=r"at the center .*ends at \d+:\d\d [ap]\.m\."):
            close_tip(open_tip(tom, tip.tip_id), "support_given", "Seen.")
        hand_off(open_tip(alice, tip.tip_id), [cast.teams["cedar"].pk], "Look again.")
        made = close_tip(open_tip(tom, tip.tip_id), "support_given", "Seen.")
        assert isinstance(made, SecondOpinion)
        assert SecondOpinion.objects.get(pk=old.pk).state == SecondOpinion.State.LAPSED
        with pytest.raises(Refused, match="has ended"):
            decide(cast.viewer("bea"), old.pk, agree=True)

    def test_the_center_decides_none_of_a_school_s(
        self, cast: Cast, proposed: tuple[Handed, SecondOpinion]
    ) -> None:
        _tip, opinion = proposed
        with pytest.raises(Http404):
            decide(cast.viewer("alice"), opinion.pk, agree=True)

    def test_the_reason_outlives_the_agreement(
        self, cast: Cast, proposed: tuple[Handed, SecondOpinion]
    ) -> None:
        tip, opinion = proposed
        read_and_agree(cast.viewer("uma"), opinion.pk)
        assert self.endings(cast.viewer("tara"), tip) == ["A joke."]
        assert not alert_ids(tip)
        assert endings_of(open_tip(cast.viewer("alice"), tip.tip_id)).endings == []

    def test_another_team_s_reason_is_not_theirs_to_read(self, cast: Cast) -> None:
        tip = handed_off(cast)
        made = close_tip(open_tip(cast.viewer("tom"), tip.tip_id), "support_given", "At Cedar.")
        assert isinstance(made, SecondOpinion)
        read_and_agree(cast.viewer("uma"), made.pk)
        alice = cast.viewer("alice")
        reopen_tip(alice, tip.tip_id)
        hand_off(open_tip(alice, tip.tip_id), [cast.teams["birch"].pk], "For Birch now.")
        assert self.endings(cast.viewer("bob"), tip) == [""]
        assert self.endings(cast.viewer("tom"), tip) == ["At Cedar."]


def alert_ids(tip: Handed) -> list[object]:
    return list(
        Alert.objects.exclude(state=Alert.State.ENDED)
        .filter(subject_id=tip.tip_id)
        .values_list("pk", flat=True)
    )


@pytest.mark.parametrize("way", ["taken out", "locked out"])
def test_what_a_counselor_had_claimed_who_leaves_waits_again(cast: Cast, way: str) -> None:
    tip, bea, sam = filed(cast), cast.viewer("bea"), cast.viewer("sam")
    claim_tip(bea, tip.tip_id)
    add_reply(open_tip(bea, tip.tip_id), "I am at it.")
    pass_time(alert_of(tip.tip_id), 3600)
    assert sweep_next_steps() == 0, "the clock is stilled"
    if way == "taken out":
        remove_member(sam, cast.teams["lakeside"].pk, bea.person_id)
    else:
        lock_out(cast.viewer("ada"), bea.person_id)
    again = Tip.objects.get(pk=tip.tip_id)
    assert (again.state, again.claimed_by) == (TipState.NEW, None)
    assert again.waiting_since is not None
    assert alert_of(tip.tip_id).state == Alert.State.OPEN
    asked(alert_of(tip.tip_id))
    pages = Page.objects.filter(alert_id=alert_of(tip.tip_id).pk, cause="policy", state="sent")
    told = set(pages.values_list("person_id", flat=True))
    assert told
    assert bea.person_id not in told
    assert claim_tip(cast.viewer("alice"), tip.tip_id).claimed_by == cast.people["alice"].pk
    page = cast.client("alice").get(f"/tips/{tip.tip_id}").content.decode()
    assert "Returned to the queue" in page
