"""No phone rings beside a hand at work, and none is spared that does nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from conftest import Cast
from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod
from upstander.carriers.sending import Outcome
from upstander.escalations.held import (
    AT_DESK,
    HEARD,
    MOST,
    TO_GET_THERE,
    acted_at_desk,
)
from upstander.escalations.line_models import Line, Turn
from upstander.escalations.models import Alert, Page
from upstander.escalations.shown import alert_panel
from upstander.escalations.tests.alerts import (
    Carrier,
    Clock,
    a_tip_s_alert,
    an_alert,
    as_worker,
    give,
    work,
)
from upstander.escalations.tests.phone import Phone, sweep
from upstander.people.scope import Staff, viewing
from upstander.ui import times
from upstander.watch.look import look

TICK = 5


def rung(phone: Phone, clock: Clock, seconds: int, *, at_work: bool = False) -> list[int]:
    """Let so many seconds pass; return after how many of them the phone rang."""
    found, before = [], len(phone.said)
    for second in range(TICK, seconds + 1, TICK):
        clock.move(TICK)
        if at_work and second % 30 == 0:
            phone.acts()
        phone.hang_up("no_answer")
        sweep()
        if len(phone.said) > before:
            found.append(second)
            before = len(phone.said)
    return found


def five(phone: Phone, stage: str = "center") -> list[Alert]:
    return [phone.comes("cedar", "voice", crowded=False, stage=stage) for _ in range(5)]


def test_one_call_tells_of_all_and_who_goes_to_the_desk_is_not_rung_for_them(
    phone: Phone, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    five(phone)
    sweep()
    phone.hang_up("answered")
    phone.answer("have_it", "voice", "key")
    clock.move(20)
    phone.acts()
    assert rung(phone, clock, HEARD - 20 - TICK) == []
    assert Page.objects.filter(state="due").count() == 4, "nobody counts as told of them"
    assert rung(phone, clock, 3 * TICK), "and then it rings again"


def test_the_desk_says_until_when_a_page_waits_and_never_that_it_is_being_sent(
    phone: Phone, clock: Clock
) -> None:
    five(phone)
    sweep()
    phone.hang_up("no_answer")

    def result() -> str:
        """How one of those that wait reads on the desk."""
        page = Page.objects.filter(state="due").earliest("due_at")
        with viewing(phone.cast.viewer("alice")):
            shown = alert_panel(page.alert_id, {}, me=0)
        assert shown is not None
        return next(one.result for one in shown.tried)

    assert result() == "waits for its turn"
    clock.move(TICK)
    phone.acts()
    sweep()
    until = Line.objects.get(channel="voice").held_until
    assert until is not None
    assert until > database_now()
    clocks = times.clock(timezone.localtime(until))
    assert result().startswith(f"waits until {clocks}: they are at the desk")


@pytest.mark.parametrize("answer", ["have_it", "seen"])
def test_who_presses_a_key_and_does_nothing_is_rung_again_within_a_minute(
    phone: Phone, clock: Clock, answer: str
) -> None:
    five(phone)
    sweep()
    phone.hang_up("answered")
    phone.answer(answer, "voice", "key")
    [first, *_] = rung(phone, clock, HEARD)
    assert TO_GET_THERE <= first <= TO_GET_THERE + 2 * TICK


def test_who_cannot_is_left_alone_about_what_the_call_told_of(phone: Phone, clock: Clock) -> None:
    five(phone)
    sweep()
    phone.hang_up("answered")
    phone.answer("cannot", "voice", "key")
    [first, *_] = rung(phone, clock, 2 * HEARD)
    assert HEARD <= first <= HEARD + 2 * TICK


def test_no_key_no_rest_and_what_has_come_since_rings(phone: Phone, clock: Clock) -> None:
    five(phone)
    sweep()
    assert len(rung(phone, clock, 90)) >= 4, "a phone that nobody picks up rings for each"
    phone.said.clear()
    Page.objects.all().delete()
    five(phone)
    clock.move(TICK)
    sweep()
    phone.hang_up("answered")
    phone.answer("seen", "voice", "key")
    clock.move(1)
    new = phone.comes("birch", "voice", crowded=False, stage="center")
    assert rung(phone, clock, 4 * TICK)
    assert phone.said[1][2] == new.pk


def test_a_call_that_told_of_no_life_in_danger_spares_nobody_a_call_about_one(
    phone: Phone, clock: Clock
) -> None:
    less = phone.comes("cedar", "voice", crowded=False, stage="center")
    Alert.objects.filter(pk=less.pk).update(priority="urgent")
    Page.objects.filter(alert_id=less.pk).update(turn=Turn.REST)
    lives = five(phone)
    # Its school's lives have had their turn in this round: now it is the other's.
    sweep()
    phone.hang_up("no_answer")
    clock.move(TICK)
    sweep()
    assert phone.said[-1][2] == less.pk
    phone.hang_up("answered")
    phone.answer("seen", "voice", "key")
    assert rung(phone, clock, 4 * TICK)
    assert phone.said[-1][2] in {alert.pk for alert in lives}


def test_whoever_is_at_work_is_rung_for_the_first_at_once_and_not_for_each(
    phone: Phone, clock: Clock
) -> None:
    phone.acts()
    five(phone)
    calls = rung(phone, clock, 3 * MOST - TICK, at_work=True)
    assert calls[0] == TICK, "a hand can be busy with one child while another waits"
    assert len(calls) == 3, "one in three minutes"
    # An hour's work ends with the last act.
    phone.hang_up("no_answer")
    clock.move(AT_DESK)
    assert rung(phone, clock, 2 * TICK), "the rest rings at once"


def test_texts_are_held_too_and_mail_is_not(phone: Phone, clock: Clock) -> None:
    phone.comes("cedar", "sms", crowded=False, stage="center")
    sweep()
    phone.said.clear()
    clock.move(60)
    phone.acts()
    for way in ("sms", "email"):
        phone.comes("cedar", way, crowded=False, stage="center")
    sweep()
    assert [one[1] for one in phone.said] == ["email"]
    clock.move(AT_DESK)
    sweep()
    assert [one[1] for one in phone.said] == ["email", "sms"]


def test_what_is_with_a_school_or_is_asked_by_name_rings_beside_any_work(
    phone: Phone, clock: Clock
) -> None:
    """The center's queue does not sound for it."""
    for stage, cause, whose in (
        ("school", "policy", None),
        ("center", "by_hand", None),
        ("center", "idle", phone.person),
        ("center", "unanswered", phone.person),
    ):
        phone.acts()
        alert = phone.comes("cedar", "voice", crowded=False, stage=stage)
        Page.objects.filter(alert_id=alert.pk).update(cause=cause)
        if whose:
            Alert.objects.filter(pk=alert.pk).update(
                state="acknowledged", acknowledged_by=whose, next_step_due_at=database_now()
            )
        assert rung(phone, clock, TICK), (stage, cause)
        clock.move(60)
        phone.hang_up("no_answer")


def test_what_is_held_is_not_late(phone: Phone, clock: Clock) -> None:
    phone.comes("cedar", "voice", crowded=False, stage="center")
    sweep()
    phone.hang_up("no_answer")
    clock.move(100)
    phone.acts()
    less = phone.comes("cedar", "voice", crowded=False, stage="center")
    Alert.objects.filter(pk=less.pk).update(priority="urgent")
    Page.objects.filter(alert_id=less.pk).update(turn=Turn.REST)
    sweep()
    clock.move(20)
    assert look().queues["pages"].waiting == 0
    Line.objects.update(held_until=None)
    assert look().queues["pages"].waiting == 1


def test_only_a_hand_at_the_desk_is_at_work(phone: Phone, clock: Clock) -> None:
    person, since = Staff(phone.person), database_now().replace(microsecond=0)
    for action, kind, detail in (
        ("tip opened", "tip", {"purpose": "refresh"}),
        ("alert answered: seen", "tip", {"via": "sms"}),
        ("alert answered: I have it", "tip", {"via": "link"}),
        ("policy changed", "policy", {}),
    ):
        record(action, actor=person, subject_kind=kind, subject_id=uuid4(), detail=detail)
    with as_worker():
        assert acted_at_desk([phone.person], since) == {}
    record(
        "tip opened", actor=person, subject_kind="tip", subject_id="1", detail={"purpose": "read"}
    )
    with as_worker():
        assert set(acted_at_desk([phone.person], since)) == {phone.person}
        assert acted_at_desk([phone.person + 1], since) == {}
    clock.move(-3600)
    with as_worker():
        assert acted_at_desk([phone.person], since) == {}, "a clock that went back spares no phone"


def test_the_others_are_asked_on_their_second_while_one_is_at_work(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    """Alice works on; the phones ring when the policy says so, hers too: it was quiet."""
    give(cast.people["alice"], "voice")
    give(cast.people["sam"], "voice")
    a_tip_s_alert(cast)
    first: dict[str, int] = {}
    names = {cast.people[name].pk: name for name in ("alice", "sam")}
    for second in range(0, 125, TICK):
        if second % 30 == 0:
            record(
                "tip claimed",
                actor=Staff(cast.people["alice"].pk),
                subject_kind="tip",
                subject_id=uuid4(),
            )
        work()
        for person, way in carrier.sent:
            if way == "voice" and person in names:
                first.setdefault(names[person], second)
        clock.move(TICK)
    assert first == {"alice": 120, "sam": 120}


def heard(phone: Phone, patch: pytest.MonkeyPatch) -> list[Outgoing]:
    """Return what is said to a phone from now on."""
    said: list[Outgoing] = []
    deliver: Callable[..., Outcome] = phone.deliver

    def note(method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        said.append(outgoing)
        return deliver(method, outgoing)

    patch.setattr("upstander.escalations.sending.deliver", note)
    return said


def test_a_call_says_how_many_lives_nobody_has(
    phone: Phone, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = heard(phone, monkeypatch)
    alerts = [an_alert(phone.cast, "cedar") for _ in range(5)]
    for alert in alerts:
        Page.objects.create(
            alert_id=alert.pk,
            district_id=alert.district_id,
            step_number=1,
            person_id=phone.person,
            channel="voice",
            due_at=database_now(),
        )
    Alert.objects.filter(pk=alerts[4].pk).update(state="acknowledged", acknowledged_by=1)
    sweep()
    assert "4 life safety tips need you, and nobody has them." in said[0].spoken
    assert said[0].several
