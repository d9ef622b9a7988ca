"""When a wish to be called ends: talked, dropped, tried often enough, its day over."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.desk.tests.tips import a_life_safety_tip
from upstander.doors.actions import calls
from upstander.doors.call_models import CallBack
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import CallDoor
from upstander.doors.calls.tests.wishing import NUMBER, child, frame, gone, rung, wish
from upstander.doors.tests.site import Site as Browser
from upstander.doors.tests.site import text_of
from upstander.doors.texts.tests.lines import at_desk
from upstander.escalations.models import Cause, Step
from upstander.escalations.tests.alerts import Clock, work
from upstander.tips.actions.writing import add_reply
from upstander.tips.opening import open_tip
from upstander.tips.reporter import Filed
from upstander.triage.actions.work import claim_tip

__all__ = ["child"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["counselor", "child"])
def test_a_phone_that_drops_does_not_use_the_wish_up(
    door: CallDoor, child: tuple[Browser, Filed], clock: Clock, who: str
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    mine, theirs = rung(door, filed)
    assert door.leg(theirs, "1").room
    clock.move(10)
    if who == "counselor":
        gone(door, mine)
        left = door.leg(theirs, query="?out=1")
        assert "press 1" in left.heard, "nobody is cut off"
        assert not left.ends
    gone(door, theirs, mine)
    one = CallBack.objects.get()
    assert one.number is not None
    assert "We reached you, and the call ended early" in frame(browser)
    with at_desk():
        desk = door.cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert "reached: they pressed 1" in desk
    assert "not reached" not in desk
    assert "Call them back" in desk
    _mine, again = rung(door, filed)
    assert door.leg(again, "1").room


def test_who_is_called_back_and_left_gets_whoever_is_free(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    for name in ("alice", "bea"):
        door.cast.client(name)
    mine, theirs = rung(door, filed)
    door.leg(theirs, "1")
    gone(door, mine)
    left = door.leg(theirs)
    assert "press 1" in left.heard
    assert "whoever is free" in door.leg(theirs, "1", query="?s=after").heard
    assert door.call().state == "waiting"
    door.work()
    hers = door.switch.rung(EARS["bea"])[-1]
    assert "A caller is on the line" in door.leg(hers).heard
    room = door.leg(hers, "1").room
    door.work()
    assert room
    assert door.leg(theirs).room == room


@pytest.mark.parametrize("how", ["button", "long"])
def test_who_has_talked_is_not_rung_again_and_their_number_is_gone(
    door: CallDoor, child: tuple[Browser, Filed], clock: Clock, how: str
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    mine, theirs = rung(door, filed)
    door.leg(theirs, "1")
    clock.move(5 if how == "button" else 40)
    if how == "button":
        calls.end(door.cast.viewer("alice"), door.call().pk)
    door.work()
    gone(door, mine, theirs)
    one = CallBack.objects.get()
    assert (one.number, one.how) == (None, "talked")
    with pytest.raises(Refused, match="does not wait"):
        calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    assert "reach you" not in frame(browser)


def test_after_four_rings_nobody_is_rung_any_more_and_both_are_told(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    for times in range(1, 5):
        mine, theirs = rung(door, filed)
        gone(door, theirs, how="no-answer")
        gone(door, mine)
        assert len(door.switch.rung(NUMBER)) == times
    told(door, browser, filed)
    with pytest.raises(Refused, match="does not wait"):
        calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))


def test_after_its_day_whoever_asked_and_whoever_has_it_are_told(
    door: CallDoor, child: tuple[Browser, Filed], clock: Clock
) -> None:
    browser, filed = child
    wish(browser)
    clock.move(86_300)
    door.clear()
    assert CallBack.objects.get().number is not None
    clock.move(200)
    door.clear()
    browser.post("/back", {"code": filed.code})
    told(door, browser, filed)
    clock.move(7 * 86_400)
    door.clear()
    assert not CallBack.objects.exists()


def told(door: CallDoor, browser: Browser, filed: Filed) -> None:
    """Both sides know that nobody was reached, and the number is gone."""
    one = CallBack.objects.get()
    assert (one.number, one.how) == (None, "unreached")
    assert "did not reach you by phone" in frame(browser)
    assert "did not reach you by phone" in text_of(browser.get("/talk/call"))
    with at_desk():
        desk = door.cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert "were not reached" in desk
    assert "Call them back" not in desk
    assert Entry.objects.filter(action="call back not reached").count() == 1


def test_phones_ring_for_a_life_at_stake_that_was_not_reached(
    door: CallDoor, cast: Cast, clock: Clock
) -> None:
    browser, filed = Browser(cast), a_life_safety_tip(cast)
    browser.post("/back", {"code": filed.code})
    wish(browser)
    work()
    claim_tip(door.cast.viewer("alice"), filed.tip_id)
    add_reply(open_tip(door.cast.viewer("alice"), filed.tip_id, purpose="reply"), "I will ring.")
    work()
    clock.move(86_500)
    work()
    waits = Step.objects.filter(alert__subject_id=filed.tip_id, cause=Cause.UNANSWERED, state="due")
    assert not waits.exists()
    door.clear()
    work()
    assert waits.exists(), "a child waits for a person"


def test_who_needs_no_call_any_more_is_settled_at_the_desk(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    with at_desk():
        client = door.cast.client("alice")
        assert client.post(f"/tips/{filed.tip_id}/phone/settled").status_code == 302
        assert client.post(f"/tips/{filed.tip_id}/phone/settled").status_code != 500
    assert CallBack.objects.get().number is None
    assert "asked to be called" not in frame(browser)
