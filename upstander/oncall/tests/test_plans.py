"""Setting a plan up: who may, whom it may name, and who then is on call."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.http import Http404

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.oncall.actions.plans import (
    add_override,
    import_shifts,
    move_layer,
    remove_layer,
    remove_override,
    save_layer,
)
from upstander.oncall.models import Layer, Override, Schedule
from upstander.oncall.queries import on_call
from upstander.oncall.rota import Span
from upstander.oncall.tests.setup import as_worker, phones, weekly
from upstander.people.models import Membership


def ids(cast: Cast, *names: str) -> tuple[int, ...]:
    return tuple(cast.people[name].pk for name in names)


@pytest.fixture
def cedar(cast: Cast) -> int:
    phones(cast, "tara", "tom")
    return cast.teams["cedar"].pk


def test_without_a_plan_the_whole_team_is_asked_and_its_leads_follow(cast: Cast) -> None:
    with as_worker():
        shift = on_call(cast.teams["cedar"].pk, database_second())
    assert set(shift.primary) == set(ids(cast, "tara", "tom", "uma"))
    assert shift.backup == ids(cast, "tara")
    assert not shift.gap


def test_the_first_rule_makes_the_plan_and_the_last_ends_it(cast: Cast, cedar: int) -> None:
    tara = cast.viewer("tara")
    rule = save_layer(tara, cedar, weekly(*ids(cast, "tara", "tom")))
    with as_worker():
        shift = on_call(cedar, database_second())
        after = on_call(cedar, database_second() + timedelta(days=7))
    assert {shift.primary, after.primary} == {ids(cast, "tara"), ids(cast, "tom")}
    remove_layer(tara, cedar, rule)
    whole = on_call(cedar, database_second())
    assert len(whole.primary) == 3
    assert not whole.gap
    assert Entry.objects.filter(action__startswith="on-call rule").count() == 2


def test_who_has_left_is_not_on_call_and_the_team_is_asked_instead(cast: Cast, cedar: int) -> None:
    save_layer(cast.viewer("tara"), cedar, weekly(*ids(cast, "tom")))
    Membership.objects.filter(person=cast.people["tom"]).delete()
    shift = on_call(cedar, database_second())
    assert shift.gap
    assert set(shift.primary) == set(ids(cast, "tara", "uma"))


def test_whoever_nothing_rings_is_never_the_only_one(cast: Cast, cedar: int) -> None:
    tara, everybody = cast.viewer("tara"), ids(cast, "tara", "tom", "uma")
    with pytest.raises(Refused, match="Uma can’t be on call alone"):
        save_layer(tara, cedar, weekly(*everybody))
    assert not Schedule.objects.exists(), "nothing is half saved"
    save_layer(tara, cedar, weekly(*everybody, at_once=2))
    now = database_second()
    with pytest.raises(Refused, match="Uma"):
        add_override(
            tara,
            cedar,
            duty="primary",
            on=everybody[2],
            off=None,
            start=now,
            end=now + timedelta(hours=1),
        )


def test_a_phone_that_breaks_makes_a_gap_and_the_team_is_asked(cast: Cast, cedar: int) -> None:
    save_layer(cast.viewer("tara"), cedar, weekly(*ids(cast, "tom")))
    assert on_call(cedar, database_second()).primary == ids(cast, "tom")
    cast.people["tom"].contact_methods.update(broken_at=database_second())
    with as_worker():
        shift = on_call(cedar, database_second())
    assert shift.gap
    assert shift.primary[0] == ids(cast, "tom")[0], "they are asked too, and first"
    assert len(shift.primary) == 3


@pytest.mark.parametrize("name", ["tom", "bob", "dee", "alice", "charlie"])
def test_only_the_teams_lead_and_an_administrator_plan(cast: Cast, cedar: int, name: str) -> None:
    with pytest.raises(Http404):
        save_layer(cast.viewer(name), cedar, weekly(*ids(cast, "tom")))
    save_layer(cast.viewer("ada"), cedar, weekly(*ids(cast, "tom")))


def test_a_stranger_is_not_put_on_call(cast: Cast, cedar: int) -> None:
    phones(cast, "bob")
    with pytest.raises(Refused, match="no longer on the team"):
        save_layer(cast.viewer("tara"), cedar, weekly(*ids(cast, "bob")))


def test_a_rule_of_some_hours_comes_first_and_can_be_moved(cast: Cast, cedar: int) -> None:
    tara = cast.viewer("tara")
    save_layer(tara, cedar, weekly(*ids(cast, "tara")))
    hours = save_layer(
        tara, cedar, weekly(*ids(cast, "tom"), name="Days", hours=(time(0), time(0)))
    )
    assert Layer.objects.values_list("pk", flat=True).first() == hours
    assert on_call(cedar, database_second()).primary == ids(cast, "tom")
    always = Layer.objects.exclude(pk=hours).get()
    move_layer(tara, cedar, always.pk)
    assert on_call(cedar, database_second()).primary == ids(cast, "tara")


def test_a_change_of_a_rule_keeps_its_place(cast: Cast, cedar: int) -> None:
    tara, draft = cast.viewer("tara"), weekly(*ids(cast, "tara"))
    rule = save_layer(tara, cedar, draft)
    assert save_layer(tara, cedar, replace(draft, people=ids(cast, "tom")), rule) == rule
    assert on_call(cedar, database_second()).primary == ids(cast, "tom")
    with pytest.raises(Http404):
        save_layer(tara, cedar, draft, rule + 1000)


def test_an_override_holds_for_its_time_and_can_be_taken_back(cast: Cast, cedar: int) -> None:
    tara, now = cast.viewer("tara"), database_second()
    save_layer(tara, cedar, weekly(*ids(cast, "tom")))
    made = add_override(
        tara,
        cedar,
        duty="primary",
        on=ids(cast, "tara")[0],
        off=ids(cast, "tom")[0],
        start=now - timedelta(hours=1),
        end=now + timedelta(hours=1),
    )
    assert on_call(cedar, now).primary == ids(cast, "tara")
    assert on_call(cedar, now + timedelta(hours=1)).primary == ids(cast, "tom")
    remove_override(tara, cedar, made)
    assert on_call(cedar, now).primary == ids(cast, "tom")
    with pytest.raises(Refused, match="has passed"):
        add_override(
            tara,
            cedar,
            duty="primary",
            on=None,
            off=ids(cast, "tom")[0],
            start=now - timedelta(hours=2),
            end=now,
        )
    assert not Override.objects.exists()


def test_a_calendar_comes_first_and_replaces_the_one_before(cast: Cast, cedar: int) -> None:
    tara, now = cast.viewer("tara"), database_second()
    save_layer(tara, cedar, weekly(*ids(cast, "tara")))
    import_shifts(tara, cedar, [Span(now, now + timedelta(days=1), ids(cast, "tom"))])
    assert on_call(cedar, now).primary == ids(cast, "tom")
    assert on_call(cedar, now + timedelta(days=1)).primary == ids(cast, "tara")
    import_shifts(tara, cedar, [Span(now, now + timedelta(hours=1), ids(cast, "tom"))])
    assert on_call(cedar, now + timedelta(hours=2)).primary == ids(cast, "tara")
    assert Layer.objects.filter(turn="dates").count() == 1


def test_a_center_has_a_plan_too(cast: Cast) -> None:
    phones(cast, "alice", "bea")
    team = cast.teams["lakeside"].pk
    save_layer(cast.viewer("sam"), team, weekly(*ids(cast, "alice", "bea"), turn="day"))
    shift = on_call(team, database_second())
    assert shift.primary in (ids(cast, "alice"), ids(cast, "bea"))
    assert shift.backup == ids(cast, "sam")
