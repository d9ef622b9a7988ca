"""A live caller comes before the pager: neither makes a phone busy for the other, none is lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.carriers import sweeps as carrier_sweeps
from upstander.carriers.models import Channel, Delivery
from upstander.doors.actions import calls
from upstander.doors.call_models import Leg
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import CallDoor
from upstander.escalations import sending
from upstander.escalations.held import MOST
from upstander.escalations.line import claim_next
from upstander.escalations.line_models import Line
from upstander.escalations.models import Alert, Cause, Page
from upstander.escalations.tests.alerts import Clock, an_alert, as_worker
from upstander.people.scope import Staff
from upstander.tips.opening import open_tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What of the pager's calls its provider was told to hang up."""
    told: list[str] = []

    class North:
        def end(self, ref: str) -> None:
            told.append(ref)

    monkeypatch.setattr(carrier_sweeps, "carrier_named", lambda *_: North())
    return told


def rings_for_a_page(door: CallDoor, clock: Clock, state: str = "accepted") -> Delivery:
    """Let alice's phone ring for a page, as its sender left it."""
    a_page(door, clock, "voice")
    paged = a_delivery(door, clock, state)
    Delivery.objects.filter(pk=paged.pk).update(provider_ref="CApage", chain=paged.pk, open=True)
    now = clock.move(0)
    Page.objects.update(state=Page.State.SENT, sent_at=now, delivery_id=paged.pk)
    return paged


def a_page(door: CallDoor, clock: Clock, *channels: str) -> None:
    """Let pages about another alert be due for alice, by these ways."""
    alert = an_alert(door.cast, "cedar")
    Page.objects.all().delete()
    for channel in channels:
        Page.objects.create(
            alert=alert,
            district_id=alert.district_id,
            step_number=1,
            person_id=door.cast.people["alice"].pk,
            channel=channel,
            cause=Cause.POLICY,
            due_at=clock.move(0),
        )


def a_delivery(door: CallDoor, clock: Clock, state: str) -> Delivery:
    """Let the pager have alice's phone, or have had it."""
    now = clock.move(0)
    return Delivery.objects.create(
        person_id=door.cast.people["alice"].pk,
        purpose="page",
        channel=Channel.VOICE,
        provider="north",
        state=state,
        attempted_at=now,
        changed_at=now,
    )


def chosen() -> set[str]:
    """Return by which ways the pager would tell somebody now."""
    with as_worker(), transaction.atomic():
        pages = claim_next(uuid4(), 10, 3.0)
    return set(Page.objects.filter(pk__in=pages).values_list("channel", flat=True))


def test_a_phone_that_rings_for_a_caller_is_not_paged_and_the_page_is_not_lost(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    a_page(door, clock, "voice", "sms")
    assert chosen() == {"sms"}, "the other way goes at once"
    clock.move(4)
    assert chosen() <= {"sms"}
    assert Page.objects.get(channel="voice").state == Page.State.DUE
    door.leg_says(mine, "no-answer")
    clock.move(4)
    assert "voice" in chosen()


def test_what_has_waited_for_a_hand_at_work_waits_for_the_caller_too(
    door: CallDoor, clock: Clock
) -> None:
    """A tip from the web that nobody has taken for minutes still rings into no talk."""
    person = door.cast.people["alice"]
    door.cast.client("alice")
    a_page(door, clock, "voice")
    Alert.objects.update(stage="center")

    def acts() -> None:
        record("tip claimed", actor=Staff(person.pk), subject_kind="tip", subject_id=uuid4())

    Line.objects.create(person_id=person.pk, channel="voice", told_at=database_now())
    acts()
    clock.move(MOST - 10)
    acts()
    assert not chosen(), "she is at work"
    door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    clock.move(60)
    assert not chosen(), "she talks with a caller"
    door.leg_says(mine, "completed")
    door.work()
    acts()
    clock.move(4)
    assert chosen() == {"voice"}, "it has waited long enough, also for a hand at work"


def test_a_leg_of_which_nothing_is_heard_keeps_back_no_page_for_long(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    a_page(door, clock, "voice")
    assert not chosen()
    clock.move(61)
    assert chosen() == {"voice"}


def test_a_phone_that_the_pager_made_busy_rings_as_soon_as_it_is_free(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    [first] = door.switch.rung(EARS["alice"])
    paged = a_delivery(door, clock, "accepted")
    clock.move(1)
    door.leg_says(first, "busy")
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 1, "it still rings for the page"
    clock.move(2)
    Delivery.objects.filter(pk=paged.pk).update(state="no_answer", changed_at=clock.move(0))
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 2, "at once"


def test_who_declines_while_no_page_rings_is_not_rung_again(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    a_delivery(door, clock, "no_answer")
    clock.move(30)
    door.ring()
    door.work()
    [first] = door.switch.rung(EARS["alice"])
    clock.move(1)
    door.leg_says(first, "busy")
    clock.move(30)
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 1
    assert Leg.objects.filter(person_id=door.cast.people["alice"].pk).count() == 1


def test_what_rings_for_an_alert_when_a_caller_comes_makes_way_and_is_not_lost(
    door: CallDoor, clock: Clock, ended: list[str]
) -> None:
    door.cast.client("alice")
    paged = rings_for_a_page(door, clock)
    clock.move(2)
    door.ring()
    door.work()
    assert ended == ["CApage"]
    [mine] = door.switch.rung(EARS["alice"])
    paged.refresh_from_db()
    assert paged.state == "cancelled"
    assert Page.objects.get().state == Page.State.DUE, "nobody was asked by it"
    assert not chosen()
    door.leg_says(mine, "no-answer")
    clock.move(4)
    assert chosen() == {"voice"}, "once the phone is free"


def test_a_hang_up_that_comes_late_is_no_refusal(
    door: CallDoor, clock: Clock, ended: list[str]
) -> None:
    door.cast.client("alice")
    rings_for_a_page(door, clock)
    door.ring()
    door.work()
    [first] = door.switch.rung(EARS["alice"])
    clock.move(1)
    door.leg_says(first, "busy")
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 2, "at once"
    assert len(ended) == 1


def test_who_listens_to_a_page_is_not_cut_off(
    door: CallDoor, clock: Clock, ended: list[str]
) -> None:
    door.cast.client("alice")
    rings_for_a_page(door, clock, "answered")
    Delivery.objects.update(sealed=b"x")
    door.ring()
    door.work()
    assert not ended
    assert not door.switch.rung(EARS["alice"])


def test_no_alert_rings_into_a_talk_however_long_it_lasts(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    a_page(door, clock, "voice", "sms")
    for _ in range(4):
        clock.move(300)
        assert "voice" not in chosen()
    door.hang_up(sid)
    door.leg_says(mine, "completed")
    door.work()
    clock.move(4)
    assert "voice" in chosen()


def test_who_calls_somebody_back_is_rung_for_nothing_else(
    door: CallDoor, clock: Clock, ended: list[str]
) -> None:
    sid, heard = door.ring()
    door.press(sid, door.press(sid, heard, ""), "5")
    door.hang_up(sid)
    tip = door.tip().pk
    rings_for_a_page(door, clock)
    calls.call_back(open_tip(door.cast.viewer("alice"), tip))
    door.work()
    assert ended == ["CApage"]
    mine = door.switch.rung(EARS["alice"])[-1]
    door.leg(mine, "1")
    door.work()
    clock.move(120)
    assert not chosen(), "they talk"


def test_a_page_that_was_claimed_before_the_caller_came_rings_nobody(
    door: CallDoor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[object] = []
    monkeypatch.setattr(sending, "deliver", lambda *args, **_: carried.append(args))
    door.cast.client("alice")
    a_page(door, clock, "voice")
    token = uuid4()
    with as_worker():
        [page] = sending.claim_pages(token)
    door.ring()
    door.work()
    with as_worker():
        sending.send_page(page, token)
    assert not carried
    assert Page.objects.get().state == Page.State.DUE
    assert Page.objects.get().lease_until is None, "it waits for its turn"
