"""A text that says how many wait stands for all of them, where the phone rings too."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from upstander.base.moment import database_now
from upstander.escalations.held import REPEAT
from upstander.escalations.line import BREATH, PACE
from upstander.escalations.line_models import Line
from upstander.escalations.models import Alert, Page
from upstander.escalations.shown import alert_panel
from upstander.escalations.tests.alerts import Clock
from upstander.escalations.tests.phone import Phone, sweep
from upstander.people.scope import viewing

RING = ("sms", "voice", "email")


def night(phone: Phone, many: int, ways: tuple[str, ...] = RING) -> list[Alert]:
    """Let alerts about lives come, each to be said by these ways."""
    first, *others = ways
    alerts = [phone.comes("cedar", first, crowded=False) for _ in range(many)]
    for alert in alerts:
        for way in others:
            page(phone, alert, way)
    return alerts


def page(phone: Phone, alert: Alert, way: str) -> None:
    """Let one more page of an alert fall due."""
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=Page.objects.filter(alert_id=alert.pk).count() + 1,
        person_id=phone.person,
        channel=way,
        due_at=database_now(),
    )


def rounds(phone: Phone, clock: Clock, seconds: int, alerts: list[Alert], *ways: str) -> None:
    """Let time pass while nobody picks up, and each policy go round every two minutes."""
    for second in range(PACE, seconds + 1, PACE):
        clock.move(PACE)
        phone.hang_up("no_answer")
        if second % 120 == 0:
            for alert in alerts:
                for way in ways:
                    page(phone, alert, way)
        sweep()


def texts(phone: Phone, since: datetime | None = None) -> list[datetime]:
    """Return when texts came."""
    return [at for at, way, _ in phone.said if way == "sms" and (since is None or at > since)]


def test_a_night_of_25_alerts_is_two_texts_in_15_minutes(phone: Phone, clock: Clock) -> None:
    alerts, began = night(phone, 25), database_now()
    sweep()
    rounds(phone, clock, REPEAT - PACE, alerts, "voice", "email")
    # The second: what fell due in the same seconds as the first.
    assert [(at - began).total_seconds() for at in texts(phone)] == [0, PACE]
    assert sum(way == "voice" for _, way, _ in phone.said) > 30, "calls go on"
    assert Page.objects.filter(state="due", channel="sms").count() == 23, "nobody counts as told"
    rounds(phone, clock, 2 * PACE, alerts, "email")
    assert len(texts(phone)) == 3, "and after fifteen minutes the next"


def test_a_new_life_is_told_in_the_same_second(phone: Phone, clock: Clock) -> None:
    alerts = night(phone, 25)
    sweep()
    rounds(phone, clock, 120, alerts, "email")
    new = phone.comes("cedar", "sms", crowded=False)
    clock.move(BREATH)
    phone.hang_up("no_answer")
    sweep()
    assert [one[2] for one in phone.said if one[1] == "sms"][-1] == new.pk
    assert texts(phone)[-1] == database_now()


@pytest.mark.parametrize("way", ["sms", "voice", "desk"])
def test_after_an_answer_the_next_text_goes(phone: Phone, clock: Clock, way: str) -> None:
    alerts = night(phone, 9)
    sweep()
    rounds(phone, clock, 240, alerts, "email")
    before = database_now()
    clock.move(PACE)
    if way == "desk":
        phone.acts()
        clock.move(100)
    else:
        phone.answer("seen", way, "key" if way == "voice" else "sms")
    rounds(phone, clock, 2 * PACE, [])
    assert len(texts(phone, before)) == 1


def test_who_is_not_called_keeps_the_rhythm(phone: Phone, clock: Clock) -> None:
    alerts = night(phone, 25, ("sms", "email"))
    sweep()
    rounds(phone, clock, 300, alerts, "email")
    assert len(texts(phone)) >= 6, "three, then one in a minute"


def test_a_life_of_which_nothing_goes_out_is_not_held(phone: Phone, clock: Clock) -> None:
    """Without mail: calls that nobody picks up tell nobody."""
    [alert] = night(phone, 1, ("sms", "voice"))
    sweep()
    for _ in range(4):
        rounds(phone, clock, 120, [alert], "sms", "voice")
        Page.objects.filter(channel="voice", state="sent").update(state="failed")
    assert [at - texts(phone)[0] >= timedelta(minutes=5) for at in texts(phone)[1:]] == [True]


def test_what_is_held_is_shown_on_the_desk(phone: Phone, clock: Clock) -> None:
    alerts = night(phone, 5)
    sweep()
    rounds(phone, clock, 60, alerts)
    until = Line.objects.get(channel="sms").held_until
    assert until is not None
    assert until == texts(phone)[-1] + timedelta(seconds=REPEAT)
    held = Page.objects.filter(state="due", channel="sms")[0]
    with viewing(phone.cast.viewer("alice")):
        shown = alert_panel(held.alert_id, {}, me=0)
    assert shown is not None
    assert any(one.result.startswith("waits until") for one in shown.tried)
