"""Whoever keeps the desk stays there: nothing is offered to them, and somebody follows them."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.callouts.actions import callouts as actions
from upstander.callouts.actions.desk import keep_desk
from upstander.callouts.models import Event, Site
from upstander.callouts.queries import order_of
from upstander.callouts.ringing import DESK
from upstander.callouts.tests.setup import Mobile, asked, mobile, paged, row, step, sweep
from upstander.callouts.tests.test_suggestions import placed, plans
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]


def waiting(here: Mobile) -> UUID:
    one = asked(here)
    step(here, "lou", one, "go")
    return one


def order(here: Mobile, one: UUID) -> list[int]:
    with viewing(here.cast.viewer("lou")) as now:
        return order_of(row(one), now)


def test_desk_is_offered_nothing(cast: Cast, carrier: Carrier) -> None:
    here = placed(cast)
    cast.client("lou").post("/callouts", {"desk": "keep"})
    one = waiting(here)
    lou = here.id_of("lou")
    assert lou not in order(here, one)
    assert lou not in Event.objects.filter(kind="offered").values_list("to_id", flat=True)
    for name in ("mia", "max", "noor"):
        actions.cannot(cast.viewer(name), one, "far")
    assert plans(cast.viewer("max")) == {}, "nobody else is left: not done"
    offer = {"act": "offer", "to": str(lou), "code": "near"}
    before = Event.objects.count()
    cast.client("max").post(f"/callouts/{one}/do", offer)
    assert Event.objects.count() == before
    board = cast.client("max").get("/callouts").content.decode()
    assert "Lou keeps the desk until" in board
    cast.client("lou").post("/callouts", {"desk": "leave"})
    assert lou in order(here, one)


def test_nobody_else_left_is_said(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    keep_desk(cast.viewer("lou"), keeps=True)
    for name in ("mia", "max", "noor"):
        one = waiting(here)
        actions.accept(cast.viewer(name), one)
    one = waiting(here)
    assert order(here, one) == []
    page = cast.client("lou").get(f"/callouts/{one}").content.decode()
    assert "Nobody else is free: phone somebody." in page
    assert "Lou keeps the desk, and is not asked." in page
    assert row(one).state == "waiting"


def test_desk_s_own_going_rings_who_follows(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    keep_desk(cast.viewer("lou"), keeps=True)
    one = waiting(here)
    page = cast.client("lou").get(f"/callouts/{one}").content.decode()
    assert "If you go, the others are rung" in page
    actions.accept(cast.viewer("lou"), one)
    assert not Site.objects.filter(desk_by__isnull=False).exists()
    sweep(2)
    empty = Alert.objects.get(page=DESK)
    rung = set(empty.pages.values_list("person_id", flat=True))
    assert rung == {here.id_of(name) for name in ("mia", "max", "noor")}
    step(here, "lou", one, "arrived")
    step(here, "lou", one, "ended", code="stayed")
    empty.refresh_from_db()
    assert empty.state == Alert.State.OPEN, "the desk is empty still"
    cast.client("max").post("/callouts", {"desk": "keep"})
    empty.refresh_from_db()
    assert empty.state == Alert.State.ENDED


def test_desk_kept_ends_what_one_is_asked(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = waiting(here)
    first = Event.objects.get(kind="offered").to_id
    name = next(name for name in ("mia", "max", "lou") if here.id_of(name) == first)
    before = paged(one)
    keep_desk(cast.viewer(name), keeps=True)
    sweep(2)
    assert first not in paged(one) - before
    assert paged(one) - before, "the next is asked at once"


def test_desk_is_nobody_s_after_a_shift(cast: Cast, clock: Clock) -> None:
    here = mobile(cast)
    keep_desk(cast.viewer("lou"), keeps=True)
    one = waiting(here)
    clock.move(12 * 3600 + 1)
    assert here.id_of("lou") in order(here, one)
