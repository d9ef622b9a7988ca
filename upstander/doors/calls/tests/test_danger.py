"""A caller who answers by a key that somebody is in danger right now: a life may hang on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from upstander.desk.answered import said_on
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import CallDoor
from upstander.doors.calls.tests.test_card import page
from upstander.doors.calls.words import ANSWERS, QUESTIONS, said
from upstander.escalations.models import Alert, Task
from upstander.escalations.policy import SILENT_CLAIM_SECONDS
from upstander.escalations.sweeps import sweep_news, sweep_next_steps, sweep_steps
from upstander.escalations.tests.alerts import Clock, as_worker
from upstander.intake.taxonomy import QUESTIONS_BY_KEY
from upstander.tips.shown import answers_panel

pytestmark = pytest.mark.django_db


def sweep(door: CallDoor) -> None:
    """Let the worker do what is due of the call and of its alert."""
    door.work()
    with as_worker():
        while sweep_steps() + sweep_news() + sweep_next_steps():
            pass


def in_danger(door: CallDoor, key: str = "1") -> str:
    """Let somebody call and answer the first question by a key; return the call's id."""
    sid, heard = door.ring()
    asked = door.press(sid, heard, "1")
    assert "danger right now" in asked.heard
    door.press(sid, asked, key)
    return sid


def asks_911(door: CallDoor) -> bool:
    """Return whether somebody must still decide about 911."""
    running = (Task.State.OPEN, Task.State.TAKEN)
    tasks = Task.objects.filter(subject_id=door.tip().pk, kind=Task.Kind.DECIDE_911)
    return tasks.filter(state__in=running).exists()


def test_a_line_that_drops_after_yes_leaves_a_life_in_danger_to_be_decided(
    door: CallDoor, clock: Clock
) -> None:
    sid = in_danger(door)
    clock.move(3)
    door.hang_up(sid)
    sweep(door)
    assert door.tip().priority == "life_safety"
    alert = Alert.objects.get(subject_id=door.tip().pk)
    assert (alert.priority, alert.state, alert.asks_911) == ("life_safety", "open", True)
    assert asks_911(door)


def test_who_took_the_call_and_lost_it_has_the_clock_of_a_life_in_danger(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid = in_danger(door)
    sweep(door)
    [mine] = door.switch.rung(EARS["alice"])
    assert door.leg(mine, "1").room
    sweep(door)
    clock.move(20)
    door.hang_up(sid)
    sweep(door)
    alert = Alert.objects.get(subject_id=door.tip().pk)
    assert alert.next_step_due_at is not None
    assert alert.next_step_due_at <= clock.move(0) + timedelta(seconds=SILENT_CLAIM_SECONDS)
    assert asks_911(door), "nobody has decided"


CUT = "They pressed the key for danger, and the line ended"


def tip_page(door: CallDoor) -> str:
    """Return the tip's page as a counselor sees it, its white space made one."""
    return " ".join(page(door, f"/tips/{door.tip().pk}").split())


def test_the_tip_says_that_nothing_is_known_to_ring_back(door: CallDoor, clock: Clock) -> None:
    sid = in_danger(door)
    assert CUT not in tip_page(door), "they are on the phone"
    clock.move(3)
    door.hang_up(sid)
    shown = tip_page(door)
    assert CUT in shown
    assert "No number to ring back is known" in shown
    # Also once nothing of the call is left but its tip.
    clock.move(400)
    sweep(door)
    assert CUT in tip_page(door)


def test_it_does_not_say_so_where_they_left_their_number_or_are_not_in_danger(
    door: CallDoor, clock: Clock
) -> None:
    sid, heard = door.ring()
    asked = door.press(sid, heard, "1")
    kept = door.press(sid, asked, "1")
    clock.move(100)
    door.press(sid, kept, "5")
    door.hang_up(sid)
    shown = tip_page(door)
    assert CUT not in shown
    assert "They wish to be called back" in shown


def test_no_raises_nothing(door: CallDoor) -> None:
    in_danger(door, "2")
    sweep(door)
    assert door.tip().priority == "urgent", "as of every call"
    assert not asks_911(door)
    assert CUT not in tip_page(door)


def test_staff_read_and_say_to_911_what_was_asked_and_answered(door: CallDoor) -> None:
    in_danger(door)
    given = door.contents().answers
    shown = {one.question: one.answer for one in answers_panel(given)}
    assert shown["Is somebody in danger right now?"] == "Yes"
    assert any("in danger right now" in words for words in said_on("what", given))


def test_what_the_voice_asks_is_the_question_that_the_rule_is_about() -> None:
    for language in ("en", "es"):
        assert said(QUESTIONS[0], language) == QUESTIONS_BY_KEY["danger"].text(language)
    assert {keys["danger"] for keys in ANSWERS[0].values()} == {"yes", "no"}
