"""A break is taken without asking: others are asked meanwhile, and nobody is left unasked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.moment import database_now
from upstander.carriers.models import Notice
from upstander.doors.calls.ears import center_now
from upstander.escalations.targets import people_for
from upstander.escalations.tests.alerts import a_tip_s_alert
from upstander.oncall.actions.own import BREAK, end_break, take_break
from upstander.oncall.actions.plans import save_layer
from upstander.oncall.models import Rest
from upstander.oncall.queries import on_call, shift_of
from upstander.oncall.rota import Span
from upstander.oncall.tests.setup import a_plan, a_rule, as_worker, phones, utc, weekly
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db


def test_whoever_rests_is_passed_over_in_the_plan() -> None:
    noon = utc(2026, 1, 6, 17)
    rests = (Span(noon, noon + BREAK, (2,)),)
    plan = a_plan(a_rule(2), rests=rests)
    everybody = frozenset({1, 2, 3})
    assert shift_of(plan, noon - timedelta(seconds=1), everybody).primary == (2,)
    assert shift_of(plan, noon, everybody).primary == (1,)
    assert shift_of(plan, noon + BREAK, everybody).primary == (2,)
    assert shift_of(plan, noon, frozenset({2})).primary == (2,), "nobody else is rung"


def test_break_lets_others_be_asked(cast: Cast) -> None:
    phones(cast, "alice", "sam")
    me, sam = cast.people["alice"].pk, cast.people["sam"].pk
    team = cast.teams["lakeside"].pk
    save_layer(cast.viewer("sam"), team, weekly(me))
    alert, alice = a_tip_s_alert(cast), cast.client("alice")
    assert "I need a break" in alice.get("/oncall").content.decode()
    assert alice.post("/oncall/break", {"do": "break"}).status_code == 302
    assert "I am back" in alice.get("/oncall").content.decode()
    with as_worker():
        assert on_call(team, database_now()).primary == (sam,)
        for target in ("center", "fallback"):
            assert me not in people_for(alert, target, database_now())
        assert people_for(alert, f"person:{me}", database_now()) == []
    assert not Notice.objects.exists()
    assert not Entry.objects.get(action="break begun").detail, "no reason is kept"
    alice.post("/oncall/break", {"do": "back"})
    with as_worker():
        assert on_call(team, database_now()).primary == (me,)


def test_the_only_one_may_rest_and_others_are_rung(cast: Cast) -> None:
    phones(cast, "alice")
    me = cast.people["alice"].pk
    take_break(cast.viewer("alice"))
    told = Notice.objects.filter(kind="break_alone").values_list("person_id", flat=True)
    assert cast.people["sam"].pk in told
    assert me not in told
    for name in ("bea", "sam"):
        take_break(cast.viewer(name))
    alert = a_tip_s_alert(cast)
    with as_worker():
        assert me in people_for(alert, "center", database_now()), "better than nobody"
        center_now(cast.maple.center_id, database_now())
    end_break(cast.viewer("bea"))
    with as_worker():
        assert people_for(alert, "center", database_now()) == [cast.people["bea"].pk]


def test_break_is_one_s_own_and_short(cast: Cast) -> None:
    take_break(cast.viewer("alice"))
    assert cast.client("tara").post("/oncall/break").status_code == 404
    with viewing(cast.viewer("bea")):
        assert Rest.objects.count() == 1
        assert not Rest.objects.update(until=database_now() + BREAK)
    with pytest.raises(ProgrammingError), viewing(cast.viewer("bea")) as now:
        Rest.objects.create(person_id=cast.people["sam"].pk, since=now, until=now + BREAK)
