"""What a step may be, what falls due, and what holds whatever is pressed."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.http import Http404
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.callouts.actions import callouts as actions
from upstander.callouts.models import Callout, Event
from upstander.callouts.tests.setup import (
    CHILD,
    DOG,
    WHERE,
    Mobile,
    asked,
    going,
    kinds,
    mobile,
    row,
    set_clock,
    step,
    sweep,
)
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.models import Acknowledgement, Alert
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock, taken_back
from upstander.people.scope import System, viewing
from upstander.retention.sweeps import YEAR, dispose
from upstander.vault.models import ShredKey

pytestmark = pytest.mark.django_db
__all__ = ["carrier", "clock"]


def open_alerts(one: UUID) -> int:
    return Alert.objects.filter(subject_id=one, state=Alert.State.OPEN).count()


def arrived(here: Mobile) -> UUID:
    one = going(here)
    step(here, "mia", one, "arrived")
    return one


def test_missed_check_rings_desk_then_supervisor(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = mobile(cast)
    one = arrived(here)
    clock.move(29 * 60)
    sweep()
    assert open_alerts(one) == 0
    clock.move(61)
    sweep(2)
    assert kinds(one)[-1] == "missed"
    (alert,) = Alert.objects.filter(subject_id=one, state=Alert.State.OPEN)
    after = alert.steps.order_by("after_seconds").values_list("target", "after_seconds")
    assert list(after) == [("center", 0), ("supervisor", 120)]
    step(here, "lou", one, "seen_to", code="police")
    assert open_alerts(one) == 0
    assert row(one).held_by == here.id_of("mia"), "whoever is there has it still"


def test_safe_check_begins_its_time_anew(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = arrived(here)
    for _ in range(3):
        clock.move(25 * 60)
        step(here, "mia", one, "safe")
        sweep()
    assert "missed" not in kinds(one)


def test_planned_visit_is_asked_for_before_it(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "planned", until=database_now() + timedelta(hours=5))
    sweep()
    assert row(one).state == "planned"
    clock.move(4.5 * 3600)
    sweep()
    assert (row(one).state, row(one).go_at) == ("waiting", None), "counted apart"
    assert kinds(one)[-1] == "offered"


def test_untriaged_callout_rings_the_desk(cast: Cast, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    sweep()
    assert open_alerts(one) == 1
    step(here, "lou", one, "phone", to_id=here.id_of("lou"))
    assert open_alerts(one) == 0
    assert row(one).held_by == here.id_of("lou")


def test_late_triage_rings_louder_though_they_have_it(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = mobile(cast)
    one = asked(here)
    sweep(2)
    alert = Alert.objects.get(subject_id=one)
    have_it = Acknowledgement.Answer.HAVE_IT
    answer_alert(alert, here.id_of("mia"), have_it, actor=System(), via="sms", now=alert.opened_at)
    clock.move(119)
    sweep()
    assert kinds(one) == ["asked"]
    clock.move(2)
    sweep(2)
    assert kinds(one) == ["asked", "silent"]
    alert = Alert.objects.get(subject_id=one, state=Alert.State.OPEN)
    targets = dict(alert.steps.values_list("number", "target"))
    told = alert.pages.values_list("step_number", flat=True)
    assert {targets[number] for number in told} == {"center", "supervisor"}, "at once"


def test_helped_by_phone_alone_rings_after_a_while(
    cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = mobile(cast)
    one = asked(here)
    step(here, "lou", one, "phone", to_id=here.id_of("lou"))
    clock.move(14 * 60)
    sweep()
    assert open_alerts(one) == 0
    clock.move(61)
    sweep(2)
    assert (kinds(one)[-1], open_alerts(one)) == ("silent", 1)
    step(here, "lou", one, "go")
    assert row(one).due_at is None


def test_second_press_tells_nothing_new(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = going(here)
    link = actions.make_link(actions.open_callout(cast.viewer("mia"), one))
    family = Client(HTTP_HOST="localhost")
    for _ in range(3):
        assert family.post(f"/c/{link}").status_code == 302
    assert kinds(one).count("worse") == 1
    assert "knows that it got worse" in family.get(f"/c/{link}").content.decode()
    step(here, "lou", one, "seen_to", code="called")
    family.post(f"/c/{link}")
    assert kinds(one).count("worse") == 2, "after the desk saw to it, it is new"
    clock.move(11 * 60)
    family.post(f"/c/{link}")
    assert kinds(one).count("worse") == 3, "and after a while"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("arrived", {}), ("followed", {}), ("safe", {}), ("asked", {}), ("ended", {"code": ""})],
)
def test_step_is_refused_where_it_can_t_follow(
    cast: Cast, kind: str, facts: dict[str, str]
) -> None:
    here = mobile(cast)
    one = asked(here)
    with pytest.raises(Refused):
        step(here, "lou", one, kind, **facts)
    assert kinds(one) == ["asked"]


def test_follow_up_lies_within_45_days(cast: Cast) -> None:
    here = mobile(cast)
    one = arrived(here)
    step(here, "mia", one, "ended", code="stayed")
    with pytest.raises(Refused, match="45 days"):
        step(here, "mia", one, "visit", until=database_now() + timedelta(days=46))
    step(here, "mia", one, "visit", until=database_now() + timedelta(days=44))
    assert row(one).due_at is not None


@pytest.mark.parametrize(
    "sql", ["UPDATE callouts_event SET at = now()", "DELETE FROM callouts_event"]
)
def test_clock_is_nobody_s_to_change(cast: Cast, sql: str) -> None:
    here = mobile(cast)
    asked(here)
    with pytest.raises(ProgrammingError), viewing(cast.viewer("lou")):
        connection.cursor().execute(sql)
    with pytest.raises(ProgrammingError), viewing(cast.viewer("lou")):
        Callout.objects.update(arrived_at=None)


def test_time_of_a_step_is_the_database_s(cast: Cast) -> None:
    here = mobile(cast)
    one = asked(here)
    long_ago = database_now() - timedelta(days=3)
    with viewing(cast.viewer("lou")):
        Event.objects.create(
            callout_id=one,
            district_id=here.district.pk,
            kind="go",
            code="guardian",
            at=long_ago,
            person_id=here.id_of("lou"),
        )
    go_at = row(one).go_at
    assert go_at is not None
    assert go_at > long_ago + timedelta(days=2)


@pytest.mark.parametrize("who", ["alice", "tara", "dee", "ada", "otto", "cora", "charlie"])
def test_callout_is_hidden_from(cast: Cast, who: str) -> None:
    here = mobile(cast)
    one = asked(here)
    assert cast.client(who).get(f"/callouts/{one}").status_code in (403, 404)
    with pytest.raises((Http404, ProgrammingError)):
        step(here, who, one, "go")
    with pytest.raises((Http404, ProgrammingError)):
        actions.accept(cast.viewer(who), one)
    assert kinds(one) == ["asked"]


def test_whoever_asked_sees_how_it_stands_alone(cast: Cast) -> None:
    here = mobile(cast)
    one = asked(here, "alice", way="tip")
    with viewing(cast.viewer("bea")):
        assert Callout.objects.get(pk=one).state == "asked"
    with viewing(cast.viewer("cora")):
        assert not Callout.objects.exists()
    with pytest.raises(Http404):
        actions.open_callout(cast.viewer("alice"), one)
    assert actions.open_callout(cast.viewer("noor"), one).words["where"] == WHERE
    with pytest.raises((Http404, ProgrammingError)):
        step(here, "alice", one, "ended", code="refused")


def test_stolen_database_names_no_address_and_no_child(cast: Cast) -> None:
    here = mobile(cast)
    one = asked(here)
    actions.make_link(actions.open_callout(cast.viewer("mia"), one), "home@example.org")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(c::text, ' ') FROM callouts_callout c) ||"
            " (SELECT string_agg(e::text, ' ') FROM callouts_event e)"
        )
        ((found,),) = cursor.fetchall()
    for word in (WHERE, "Alder Lane", CHILD, "Robin", DOG, "555-0142", "home@example.org"):
        assert word not in found
        assert word.encode().hex() not in found


def test_callout_is_destroyed_a_year_after_its_end(cast: Cast) -> None:
    here = mobile(cast)
    one = arrived(here)
    step(here, "mia", one, "ended", code="stayed")
    ended = row(one).ended_at
    assert ended is not None
    set_clock(ended + YEAR * 0.99)
    dispose()
    assert Callout.objects.exists()
    set_clock(ended + YEAR * 1.01)
    dispose()
    assert not Callout.objects.exists()
    assert not ShredKey.objects.filter(subject=one).exists()


_PRESSES = st.sampled_from(
    [
        "go",
        "phone",
        "planned",
        "accept mia",
        "accept max",
        "cannot mia",
        "way",
        "arrived",
        "safe",
        "seen_to",
        "worse",
        "ended",
        "later",
    ]
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(presses=st.lists(st.tuples(st.integers(0, 1), _PRESSES), max_size=12))
def test_open_callout_has_an_owner_or_is_due(
    cast: Cast, clock: Clock, carrier: Carrier, presses: list[tuple[int, str]]
) -> None:
    """Whatever is pressed, on two callouts: none is nobody's, and nobody has both."""
    with taken_back():
        here = mobile(cast)
        ones = [asked(here), asked(here)]
        for which, press in presses:
            with suppress(Refused):
                _press(here, clock, ones[which], press)
            sweep(2)
            for one in map(row, ones):
                owned = one.held_by is not None or one.due_at is not None or one.ring
                assert one.state == "ended" or owned or open_alerts(one.pk), (one.state, presses)
            out = [
                one.held_by for one in map(row, ones) if one.state in ("accepted", "way", "arrived")
            ]
            assert len(out) == len(set(out))
        clock.move(-clock.ahead)


def _press(here: Mobile, clock: Clock, one: UUID, press: str) -> None:
    act, _, who = press.partition(" ")
    later = database_now() + timedelta(hours=2)
    facts: dict[str, dict[str, Any]] = {
        "phone": {"to_id": here.id_of("lou")},
        "planned": {"until": later},
        "way": {"until": later},
        "ended": {"code": "stayed"},
        "seen_to": {"code": "called"},
    }
    if act == "later":
        clock.move(35 * 60)
    elif act == "accept":
        actions.accept(here.cast.viewer(who), one)
    elif act == "cannot":
        actions.cannot(here.cast.viewer(who), one, "far")
    else:
        step(here, "lou", one, act, **facts.get(act, {}))


@pytest.mark.parametrize("open_word", ["worse", "missed"])
def test_end_says_what_was_done_about_it(
    cast: Cast, clock: Clock, carrier: Carrier, open_word: str
) -> None:
    here = mobile(cast)
    one = arrived(here)
    if open_word == "worse":
        step(here, "lou", one, "worse")
    else:
        clock.move(31 * 60)
        sweep(2)
    mia = cast.client("mia")
    assert 'name="done" required' in mia.get(f"/callouts/{one}").content.decode()
    with pytest.raises(IntegrityError), viewing(cast.viewer("mia")):
        Event.objects.create(
            callout_id=one,
            district_id=here.district.pk,
            kind="ended",
            code="stayed",
            at=database_now(),
            person_id=here.id_of("mia"),
        )
    mia.post(f"/callouts/{one}/do", {"act": "ended", "code": "stayed"})
    assert row(one).state == "arrived"
    mia.post(f"/callouts/{one}/do", {"act": "ended", "code": "stayed", "done": "second"})
    assert row(one).state == "ended"
    assert kinds(one)[-2:] == ["seen_to", "ended"]
    assert Event.objects.get(callout_id=one, kind="seen_to").code == "second"


def test_seen_to_before_triage_is_due_again(cast: Cast, clock: Clock, carrier: Carrier) -> None:
    here = mobile(cast)
    one = asked(here)
    clock.move(121)
    sweep(2)
    step(here, "lou", one, "worse")
    step(here, "lou", one, "seen_to", code="called")
    assert row(one).due_at is not None, "somebody must triage it still"
