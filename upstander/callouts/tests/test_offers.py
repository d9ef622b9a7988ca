"""Who is asked, in which order, and that nobody has two children at once."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Callout, Event
from upstander.callouts.queries import order_of
from upstander.callouts.tests.setup import (
    asked,
    going,
    kinds,
    mobile,
    paged,
    row,
    step,
    sweep,
)
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.models import Acknowledgement, Alert, Step
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock
from upstander.people.scope import System, viewing

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]
NO = Acknowledgement.Answer.CANNOT


def alert_of(one: UUID) -> Alert:
    alert = row(one).alert_id
    assert alert is not None
    return Alert.objects.get(pk=alert)


def answers(alert: Alert, person: int, answer: Acknowledgement.Answer) -> None:
    """Let the worker take somebody's answer by text."""
    answer_alert(alert, person, answer, actor=System(), via="sms", now=alert.opened_at)


def test_order_is_own_site_then_neighbors(cast: Cast) -> None:
    here = mobile(cast)
    one = asked(here)
    with viewing(cast.viewer("lou")) as now:
        order = order_of(row(one), now)
    assert order[-1] == here.id_of("noor")
    assert set(order[:-1]) == {here.id_of(name) for name in ("mia", "max", "lou")}


def test_offer_goes_to_the_next_in_its_time(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "go")
    order = [s.target for s in Step.objects.filter(alert=alert_of(one)).order_by("due_at")]
    assert order[0].startswith("person:")
    assert order[-2:] == ["center", "supervisor"]
    sweep()
    first = paged_by_offer(one)
    clock.move(181)
    sweep()
    assert len(first) == 1
    assert len(paged_by_offer(one)) == 2


def paged_by_offer(one: UUID) -> set[int]:
    return {page.person_id for page in alert_of(one).pages.all()}


def test_can_t_asks_the_next_at_once(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "go")
    sweep()
    (first,) = paged_by_offer(one)
    name = next(name for name in ("mia", "max", "lou") if here.id_of(name) == first)
    actions.cannot(cast.viewer(name), one, "far")
    sweep()
    assert len(paged_by_offer(one)) == 2
    assert Event.objects.get(kind="released").code == "far"


def test_yes_by_text_is_followed_by_the_worker(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "go")
    answers(alert_of(one), here.id_of("max"), Acknowledgement.Answer.HAVE_IT)
    sweep()
    assert (row(one).state, row(one).held_by) == ("accepted", here.id_of("max"))


def test_no_after_all_by_text_offers_it_again(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = going(here, "max")
    answers(alert_of(one), here.id_of("max"), NO)
    sweep()
    assert (row(one).state, row(one).held_by) == ("waiting", None)
    assert kinds(one)[-2:] == ["released", "offered"]


def test_nobody_has_two_children_at_once(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    going(here, "max")
    other = asked(here)
    step(here, "lou", other, "go")
    with viewing(cast.viewer("lou")) as now:
        assert here.id_of("max") not in order_of(row(other), now)
    with pytest.raises(Refused, match="another child"):
        actions.accept(cast.viewer("max"), other)
    assert row(other).state == "waiting"


def test_yes_of_somebody_who_is_out_asks_the_next(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one, other = asked(here), asked(here)
    for each in (one, other):
        step(here, "lou", each, "go")
    actions.accept(cast.viewer("max"), one)
    answers(alert_of(other), here.id_of("max"), Acknowledgement.Answer.HAVE_IT)
    sweep(2)
    assert (row(other).state, row(other).held_by) == ("waiting", None)
    assert alert_of(other).state == Alert.State.OPEN


def test_nobody_left_gives_it_to_the_desk(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    Callout.objects.filter(pk=one).update(site_id=0)  # a site that goes out no more
    step(here, "lou", one, "go")
    sweep()
    assert here.id_of("lou") in paged_by_offer(one), "the desk is rung at once"
    answers(alert_of(one), here.id_of("lou"), Acknowledgement.Answer.HAVE_IT)
    sweep()
    assert (row(one).state, row(one).held_by, kinds(one)[-1]) == (
        "waiting",
        here.id_of("lou"),
        "desk",
    )


def test_offer_to_another_is_one_press_and_kept(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "go")
    before = alert_of(one).pk
    do = {"act": "offer", "to": str(here.id_of("noor")), "code": "near"}
    cast.client("lou").post(f"/callouts/{one}/do", do)
    offered = Event.objects.filter(kind="offered").order_by("-pk")[0]
    assert (offered.to_id, offered.code) == (here.id_of("noor"), "near")
    assert Alert.objects.get(pk=before).state == Alert.State.ENDED
    sweep()
    assert paged_by_offer(one) == {here.id_of("noor")}


def test_page_of_an_offer_tells_of_a_visit(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "go")
    sweep()
    sent = next(out for out in carrier.outgoing if out.for_id == alert_of(one).pk)
    assert f"visit {row(one).reference}" in sent.title
    assert f"/callouts/{one}" in sent.long
    assert not {"tip", "tips"} & set(sent.long.lower().split())
    assert paged(one)
