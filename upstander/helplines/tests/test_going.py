"""Accompaniment: one after the other is asked until one accepts, and is looked after until home."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.models import Acknowledgement, Alert, Step
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock, taken_back
from upstander.helplines.actions import accompaniments as actions
from upstander.helplines.actions.accompaniments import NOT_HOME, NOT_THERE, State
from upstander.helplines.models import Accompaniment
from upstander.helplines.tests.setup import (
    KNOWS,
    WHERE,
    Agency,
    agency,
    asked,
    client_of,
    paged,
    row,
    sweep,
)
from upstander.people.scope import System

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]
YES, NO = Acknowledgement.Answer.HAVE_IT, Acknowledgement.Answer.CANNOT


def now_asked(here: Agency) -> Accompaniment:
    return row(asked(here, client_of(here)))


def alert_of(one: Accompaniment) -> Alert:
    alert = row(one.pk).alert_id
    assert alert is not None
    return Alert.objects.get(pk=alert)


def name_of(here: Agency, person: int) -> str:
    return next(name for name in ("wren", "joss", "ines") if here.id_of(name) == person)


def answers(one: Accompaniment, person: int, answer: Acknowledgement.Answer) -> None:
    """Let the worker take somebody's answer by text."""
    alert = alert_of(one)
    answer_alert(alert, person, answer, actor=System(), via="sms", now=alert.opened_at)


def test_advocate_goes_along_from_asking_to_home(cast: Cast, carrier: Carrier) -> None:
    """The main road, through the pages and the worker."""
    here = agency(cast)
    client = client_of(here)
    joss, wren = cast.client("joss"), cast.client("wren")
    zone = ZoneInfo(here.district.time_zone)
    local = database_now().astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    form: dict[str, Any] = {"place": "hospital", "where": WHERE, "language": "es", "knows": KNOWS}
    form |= {"joint": ["hospital"], "begins_at": local, "begins_at_which": "1"}
    sent = wren.post(f"/clients/{client}/along", form)
    assert sent.status_code == 302, sent.content.decode()
    one = Accompaniment.objects.get()
    assert one.state == State.WAITING
    sweep()
    assert paged(one.pk)
    page, do = f"/accompaniments/{one.pk}", f"/accompaniments/{one.pk}/do"
    shown = joss.get(page).content.decode()
    for words in (WHERE, KNOWS, "with the hospital’s staff", "Can you go?"):
        assert words in shown
    assert "with an officer" not in shown
    joss.post(do, {"act": "accept"})
    assert (row(one.pk).state, row(one.pk).held_by) == (State.ACCEPTED, here.id_of("joss"))
    assert not Alert.objects.exclude(state=Alert.State.ENDED).exists()
    wren.post(do, {"act": "arrived"})
    assert row(one.pk).state == State.ACCEPTED, "nobody says it for another"
    for act in ("arrived", "left", "safe"):
        joss.post(do, {"act": act})
        assert row(one.pk).state == act
    assert row(one.pk).due_at is None
    assert "Safe home" in wren.get(page).content.decode()


def test_offer_goes_to_the_next_in_its_time(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    targets = [s.target for s in Step.objects.filter(alert=alert_of(one)).order_by("due_at")]
    assert all(target.startswith("person:") for target in targets[:-2])
    assert targets[-2:] == ["center", "supervisor"]
    sweep()
    assert len(paged(one.pk)) == 1
    clock.move(181)
    sweep()
    assert len(paged(one.pk)) == 2


def test_can_t_asks_the_next_at_once(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    sweep()
    (first,) = paged(one.pk)
    actions.cannot(cast.viewer(name_of(here, first)), one.pk)
    sweep()
    assert len(paged(one.pk)) == 2


def test_yes_by_text_is_followed_by_the_worker(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    sweep()
    answers(one, here.id_of("joss"), YES)
    sweep()
    assert (row(one.pk).state, row(one.pk).held_by) == (State.ACCEPTED, here.id_of("joss"))


def test_who_can_t_after_all_is_not_asked_again(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    actions.accept(cast.viewer("joss"), one.pk)
    before = paged(one.pk)
    actions.cannot(cast.viewer("joss"), one.pk)
    assert (row(one.pk).state, row(one.pk).held_by) == (State.WAITING, None)
    targets = set(Step.objects.filter(alert=alert_of(one)).values_list("target", flat=True))
    assert f"person:{here.id_of('joss')}" not in targets
    sweep()
    assert paged(one.pk) - before


def test_day_of_court_is_asked_about_a_day_before(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = agency(cast)
    one = asked(here, client_of(here), ahead=timedelta(days=3))
    sweep()
    assert row(one).state == State.PLANNED
    assert not paged(one)
    clock.move(timedelta(days=2, minutes=1).total_seconds())
    sweep(2)
    assert row(one).state == State.WAITING
    assert paged(one)


@pytest.mark.parametrize(("until", "wait"), [("accepted", NOT_THERE), ("left", NOT_HOME)])
def test_silence_rings_desk_and_supervisor(
    cast: Cast, clock: Clock, carrier: Carrier, until: str, wait: timedelta
) -> None:
    here = agency(cast)
    one = now_asked(here)
    actions.accept(cast.viewer("joss"), one.pk)
    if until == "left":
        for to in (State.ARRIVED, State.LEFT):
            actions.step(cast.viewer("joss"), one.pk, to)
    sweep()
    assert here.id_of("ines") not in paged(one.pk)
    clock.move((wait + timedelta(minutes=1)).total_seconds())
    sweep(2)
    assert here.id_of("ines") in paged(one.pk)
    assert row(one.pk).state == until, "only they say where they are"


def test_called_off_asks_nobody_any_more(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    actions.call_off(cast.viewer("wren"), one.pk)
    sweep(2)
    assert not paged(one.pk)
    assert row(one.pk).state == State.OFF
    with pytest.raises(Refused):
        actions.accept(cast.viewer("joss"), one.pk)


def test_phone_that_rings_tells_nothing(cast: Cast, carrier: Carrier) -> None:
    here = agency(cast)
    one = now_asked(here)
    sweep()
    sent = next(out for out in carrier.outgoing if out.for_id == alert_of(one).pk)
    assert f"/accompaniments/{one.pk}" in sent.long
    said = f"{sent.title} {sent.short} {sent.long} {sent.spoken}".lower()
    for word in ("client", "advocate", "hospital", "heron", "/tips/"):
        assert word not in said.replace(f"/accompaniments/{one.pk}", "")


_ACTS = ("accept", "cannot", "off", "arrived", "left", "safe", "yes")
_BY_EACH = [f"{act} {who}" for act in _ACTS for who in ("wren", "joss")]
_PRESSES = st.lists(st.sampled_from([*_BY_EACH, "sweep"]), max_size=14)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(presses=_PRESSES)
def test_whatever_is_pressed_somebody_has_it_or_is_asked(
    cast: Cast, carrier: Carrier, presses: list[str]
) -> None:
    with taken_back():
        here = agency(cast)
        one = now_asked(here)
        for press in presses:
            act, _, who = press.partition(" ")
            _press(here, one, act, who)
        sweep(2)
        stands = row(one.pk)
        running = Alert.objects.filter(subject_id=one.pk).exclude(state=Alert.State.ENDED)
        assert running.filter(state=Alert.State.OPEN).exists() == (stands.state == State.WAITING)
        assert (stands.held_by is None) == (stands.state in (State.WAITING, State.OFF))
        times = (stands.accepted_at, stands.arrived_at, stands.left_at, stands.safe_at)
        said = [at for at in times if at]
        assert said == sorted(said)


def _press(here: Agency, one: Accompaniment, act: str, who: str) -> None:
    if act == "sweep":
        sweep()
        return
    if act == "yes":
        if alert_of(one).state == Alert.State.OPEN:
            answers(one, here.id_of(who), YES)
        return
    viewer, does = here.cast.viewer(who), {"accept": actions.accept, "off": actions.call_off}
    with suppress(Refused):
        if act in does:
            does[act](viewer, one.pk)
        elif act == "cannot":
            actions.cannot(viewer, one.pk)
        else:
            actions.step(viewer, one.pk, State(act))


def test_step_out_of_order_is_refused_by_the_database(cast: Cast) -> None:
    here = agency(cast)
    one = now_asked(here)
    for columns in (
        {"state": "accepted"},
        {"state": "safe", "held_by": 1},
        {"left_at": database_now()},
    ):
        with pytest.raises(DatabaseError, match="accompaniment_"), transaction.atomic():
            Accompaniment.objects.filter(pk=one.pk).update(**columns)
