"""One phone is one phone: whatever rings, a person is told one thing at a time, and of each."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from upstander.base.moment import database_now
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod
from upstander.carriers.sending import Outcome
from upstander.escalations import line
from upstander.escalations.held import MOST
from upstander.escalations.line import BREATH, FOLD, LIVES, PACE
from upstander.escalations.line import MOST as MOST_TEXTS
from upstander.escalations.line_models import Turn
from upstander.escalations.models import Alert, Page
from upstander.escalations.sending import claim_pages, send_page
from upstander.escalations.tests.alerts import (
    Clock,
    as_worker,
    taken_back,
)
from upstander.escalations.tests.phone import Phone, sweep

HOW = ("sms", "voice", "email")


EVENTS = st.one_of(
    st.tuples(
        st.just("comes"),
        st.sampled_from(["cedar", "birch"]),
        st.sampled_from(HOW),
        st.booleans(),
        st.sampled_from(["school", "center"]),
    ),
    st.tuples(st.just("acts")),
    st.tuples(st.just("key"), st.sampled_from(["have_it", "seen", "cannot"])),
    st.tuples(st.just("time"), st.integers(1, 20)),
    st.tuples(st.just("hang_up"), st.sampled_from(["busy", "no_answer", "answered", "machine"])),
    st.tuples(
        st.just("answer"), st.sampled_from(["have_it", "seen", "cannot"]), st.sampled_from(HOW)
    ),
    st.tuples(st.just("refuses")),
)


@pytest.mark.slow
@settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=st.lists(EVENTS, min_size=5, max_size=30), works_on=st.booleans())
def test_one_thing_at_a_time_each_in_its_turn_and_none_lost(
    phone: Phone, clock: Clock, events: list[tuple[object, ...]], works_on: bool
) -> None:
    with taken_back():
        began = clock.ahead
        phone.said, phone.takes, phone.acted_at = [], [], None
        for what, *how in events:
            if what == "comes":
                school, way, crowded, stage = map(str, how)
                phone.comes(school, way, crowded=crowded == "True", stage=stage)
            elif what == "acts":
                phone.acts()
            elif what == "key":
                phone.answer(str(how[0]), "voice", "key")
            elif what == "time":
                clock.move(int(str(how[0])))
            elif what == "hang_up":
                phone.hang_up(str(how[0]))
            elif what == "answer":
                phone.answer(str(how[0]), str(how[1]))
            else:
                phone.takes.append(False)
            sweep()
        # From now on nobody answers at all: each is said all the same, one after the other. Also
        # to whoever works on without end: nothing waits on a hand that takes other things.
        phone.takes = []
        left = Page.objects.filter(state="due").count()
        if not works_on:
            clock.move(MOST)
        for _ in range(2 * left + 4):
            clock.move(MOST if works_on else PACE)
            if works_on:
                phone.acts()
            phone.hang_up("no_answer")
            sweep()
        assert not Page.objects.filter(state="due").exists()
        said = {alert for _, _, alert in phone.said}
        unsaid = Page.objects.exclude(alert_id__in=said).exclude(state="cancelled")
        assert not unsaid.exists(), "nobody is taken for told who was not"
        clock.move(began - clock.ahead)


def test_a_text_names_one_alert_and_says_how_many_wait(phone: Phone, clock: Clock) -> None:
    alerts = [phone.comes("cedar", "sms", crowded=False) for _ in range(4)]
    words: list[str] = []
    deliver, phone_says = phone.deliver, words.append

    def heard(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        phone_says(outgoing.short)
        return deliver(method, outgoing)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upstander.escalations.sending.deliver", heard)
        sweep()
        assert len(phone.said) == 1
        assert words[0].endswith("3 more are waiting for you.")
        clock.move(PACE)
        sweep()
    assert words[1].endswith("2 more are waiting for you.")
    assert {one[2] for one in phone.said} < {alert.pk for alert in alerts}


def urgent(phone: Phone, school: str = "cedar", way: str = "sms") -> Alert:
    """Let something come that puts no life in danger."""
    alert = phone.comes(school, way, crowded=False)
    Alert.objects.filter(pk=alert.pk).update(priority="urgent")
    Page.objects.filter(alert_id=alert.pk).update(turn=Turn.REST)
    return alert


def again(phone: Phone, alert: Alert) -> None:
    """Let another step of an alert fall due."""
    last = Page.objects.filter(alert_id=alert.pk).count()
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=last + 1,
        person_id=phone.person,
        channel="sms",
        due_at=database_now(),
    )


def run(phone: Phone, clock: Clock, seconds: int) -> int:
    """Let time pass as the worker sees it; return how many messages came."""
    before = len(phone.said)
    for _ in range(seconds // PACE):
        clock.move(PACE)
        sweep()
    return len(phone.said) - before


def test_after_three_unanswered_texts_one_in_five_minutes_says_how_many_wait(
    phone: Phone, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: list[str] = []
    deliver = phone.deliver

    def heard(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        words.append(outgoing.short)
        return deliver(method, outgoing)

    monkeypatch.setattr("upstander.escalations.sending.deliver", heard)
    for _ in range(18):
        urgent(phone)
    sweep()
    assert run(phone, clock, 9 * 60) == 3, "three, and one that stands for all the others"
    assert words[-1].endswith("14 more are waiting for you. The oldest has waited 5 minutes.")
    # Nobody counts as told who was not: all others stay due, and each alert's steps are its own.
    assert Page.objects.filter(state="due").count() == 14
    assert Page.objects.filter(state="sent").count() == len(phone.said) == 4
    # A life in danger is said in spite of it: each, once.
    lives = [phone.comes("birch", "sms", crowded=False) for _ in range(2)]
    assert run(phone, clock, 15) == 1, "the first at once"
    assert run(phone, clock, 60) == 1, "and the next a minute later"
    assert {one[2] for one in phone.said[-2:]} == {alert.pk for alert in lives}
    again(phone, lives[0])
    run(phone, clock, 30)
    assert [one[2] for one in phone.said].count(lives[0].pk) == 1
    # An answer ends it.
    phone.answer("have_it", "sms")
    assert run(phone, clock, 2 * PACE) >= 1


def test_what_becomes_a_danger_to_life_is_told_through_a_fold(phone: Phone, clock: Clock) -> None:
    """Said before as less urgent, it was not said."""
    graver = urgent(phone)
    for _ in range(2):
        urgent(phone)
    sweep()
    run(phone, clock, 60)
    assert len(phone.said) == 3
    for _ in range(9):
        urgent(phone)
    Alert.objects.filter(pk=graver.pk).update(priority="life_safety")
    again(phone, graver)
    assert run(phone, clock, 30) == 1
    assert phone.said[-1][2] == graver.pk


def test_a_danger_to_life_is_told_through_a_fold_again_after_five_minutes(
    phone: Phone, clock: Clock
) -> None:
    """A case that comes back, or its next step: what was said long ago is no telling of it."""
    life = phone.comes("birch", "sms", crowded=False)
    sweep()
    run(phone, clock, FOLD + PACE)
    for _ in range(4):
        urgent(phone)
    run(phone, clock, 60)
    again(phone, life)
    assert run(phone, clock, 30) == 1
    assert phone.said[-1][2] == life.pk
    again(phone, life)
    assert run(phone, clock, 60) == 0, "and once in so long a time"


def test_lives_of_many_schools_leave_time_to_read(phone: Phone, clock: Clock) -> None:
    """After three unanswered texts one in a minute: each says how many wait."""
    for school in ("cedar", "birch", "aspen") * 8:
        phone.comes(school, "sms", crowded=False)
    sweep()
    for _ in range(180 // BREATH):
        clock.move(BREATH)
        sweep()
    assert MOST_TEXTS < len(phone.said) <= MOST_TEXTS + 180 // LIVES
    assert len({one[2] for one in phone.said}) == len(phone.said), "and each says another"
    # Other ways, and others' phones, are told at their own pace.
    assert Page.objects.filter(state="due").count() == 24 - len(phone.said)


def test_what_is_folded_in_texts_still_rings(phone: Phone, clock: Clock) -> None:
    for _ in range(6):
        urgent(phone, way="voice")
    for _ in range(12):
        clock.move(PACE)
        phone.hang_up("no_answer")
        sweep()
    assert [one[1] for one in phone.said] == ["voice"] * 6


def test_after_an_answer_the_next_one_goes_out(phone: Phone, clock: Clock) -> None:
    for _ in range(2):
        phone.comes("cedar", "sms", crowded=False)
    sweep()
    clock.move(BREATH)
    sweep()
    assert len(phone.said) == 1, "unanswered it rests"
    phone.answer("have_it", "sms")
    sweep()
    assert len({one[2] for one in phone.said}) == 2


def test_another_school_is_named_within_a_breath_of_a_flood_s_text(
    phone: Phone, clock: Clock
) -> None:
    for _ in range(30):
        phone.comes("cedar", "sms", crowded=False)
    sweep()
    child = phone.comes("birch", "sms", crowded=False)
    clock.move(BREATH)
    sweep()
    assert phone.last("sms") is not None
    assert phone.said[-1][2] == child.pk


def test_what_came_alone_is_said_before_a_crowd_of_the_same_school(
    phone: Phone, clock: Clock
) -> None:
    for _ in range(30):
        phone.comes("cedar", "sms", crowded=True)
    sweep()
    child = phone.comes("cedar", "sms", crowded=False)
    clock.move(BREATH)
    sweep()
    assert phone.said[-1][2] == child.pk


def test_what_several_steps_say_of_one_alert_is_said_once(phone: Phone) -> None:
    alert = phone.comes("cedar", "sms", crowded=False)
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=2,
        person_id=phone.person,
        channel="sms",
        due_at=database_now(),
    )
    sweep()
    assert len(phone.said) == 1
    assert {(p.state, p.delivery_id is None) for p in Page.objects.all()} == {("sent", False)}


def test_of_one_line_two_senders_take_one_page(phone: Phone, clock: Clock) -> None:
    for _ in range(3):
        phone.comes("cedar", "sms", crowded=False)
    with as_worker():
        [page] = claim_pages(mine := uuid4())
        assert claim_pages(uuid4()) == [], "while it is being sent"
        send_page(page, mine)
        clock.move(PACE)
        assert len(claim_pages(uuid4())) == 1


def test_a_page_that_is_cancelled_between_two_looks_stops_nobody(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker's two questions see two moments: in the second nothing waits any more."""
    phone.comes("cedar", "sms", crowded=False)
    nothing = "SELECT person_id, channel FROM escalations_line WHERE false"
    monkeypatch.setattr(line, "_ENTER", nothing)
    with as_worker():
        assert claim_pages(uuid4()) == []
    monkeypatch.undo()
    with as_worker():
        assert len(claim_pages(uuid4())) == 1
