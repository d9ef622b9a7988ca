"""Past every page, as the desk's own role: nobody who read nothing silences or orders a call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from conftest import Cast
from upstander.base.moment import database_now
from upstander.emergency.actions.help import decide_911, record_call
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, a_tip
from upstander.escalations.actions.reading import Decision, words_read
from upstander.escalations.actions.tasks import finish_task, open_task, take_task
from upstander.escalations.models import News, Step, Task
from upstander.escalations.tests.alerts import Carrier, Clock, asked, taken_back, work
from upstander.people.scope import viewing
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip

DECIDE = "kind = 'decide_911'"


@pytest.fixture
def waits(cast: Cast, carrier: Carrier) -> UUID:
    """A tip that its reporter ticked as happening now, about which nobody has decided."""
    tip_id = a_tip(cast, tile="attack", when="now")
    work()
    assert Task.objects.get(subject_id=tip_id).kind == "decide_911"
    return tip_id


def sql(cast: Cast, name: str, statement: str, values: dict[str, Any] | None = None) -> None:
    """Do it as a counselor's process would, with the rights of their session and no more."""
    with viewing(cast.viewer(name)), connection.cursor() as cursor:
        cursor.execute(statement, values or {})
        assert cursor.rowcount, "they see the row that they may not change so"


def refused(cast: Cast, name: str, statement: str, values: dict[str, Any] | None = None) -> None:
    with pytest.raises(DatabaseError), taken_back():
        sql(cast, name, statement, values)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'done', outcome = 'decided_not_now'",
        "state = 'done', outcome = 'decided_not_now', done_by = %(own)s, done_at = now()",
        "state = 'done', outcome = 'decided_not_now', done_by = %(bea)s, done_at = now()",
        "state = 'dropped'",
        "due_at = now() + interval '10 years'",
        "state = 'taken', taken_by = %(own)s, taken_at = now()",
        "state = 'taken', taken_by = %(bea)s, taken_at = now()",
        "state = 'taken', due_at = now() + interval '10 years'",
        "taken_by = %(bea)s",
        "outcome = 'decided_not_now'",
        "done_at = now() + interval '10 years'",
    ],
)
def test_whoever_read_nothing_ends_takes_and_puts_off_nothing(
    cast: Cast, waits: UUID, change: str
) -> None:
    # A colleague who has read lends nobody their name.
    open_tip(cast.viewer("bea"), waits)
    people = {"own": cast.people["alice"].pk, "bea": cast.people["bea"].pk}
    refused(cast, "alice", f"UPDATE escalations_task SET {change} WHERE {DECIDE}", people)


@pytest.mark.parametrize(
    "change",
    [
        "due_at = now() + interval '10 years'",
        "state = 'taken', taken_by = %(own)s, taken_at = now(), due_at = now() + interval '1 hour'",
        "state = 'taken', taken_by = %(own)s, taken_at = now() + interval '1 hour'",
        "state = 'done', outcome = '', done_by = %(own)s, done_at = now()",
        "state = 'done', outcome = 'decided_not_now', done_by = %(own)s,"
        " done_at = now() + interval '10 years'",
        "state = 'dropped'",
    ],
)
def test_whoever_has_read_decides_now_and_puts_nothing_off(
    cast: Cast, waits: UUID, change: str
) -> None:
    open_tip(cast.viewer("alice"), waits)
    own = {"own": cast.people["alice"].pk}
    refused(cast, "alice", f"UPDATE escalations_task SET {change} WHERE {DECIDE}", own)


@pytest.mark.parametrize(
    ("kind", "state", "by", "due"),
    [
        ("call_911", "taken", "bea", "1 minute"),
        ("call_911", "taken", "alice", "1 minute"),
        ("call_911", "open", None, "1 minute"),
        ("call_school", "taken", "bea", "1 minute"),
        ("call_school", "done", None, "1 minute"),
        ("call_school", "dropped", None, "1 minute"),
        ("call_school", "open", None, "10 years"),
    ],
)
def test_nobody_orders_a_call_in_a_colleagues_name(
    cast: Cast, waits: UUID, kind: str, state: str, by: str | None, due: str
) -> None:
    open_tip(cast.viewer("bea"), waits)
    values = _new(cast, waits, kind, state, by, due)
    refused(cast, "alice", _INSERT, values)


_INSERT = (
    "INSERT INTO escalations_task (id, kind, subject_id, matter_id, district_id, state, opened_at,"
    " due_at, taken_by, taken_at, outcome, detail) VALUES (gen_random_uuid(), %(kind)s, %(tip)s,"
    " %(matter)s, %(district)s, %(state)s, now(), now() + %(due)s::interval, %(by)s, now(), '',"
    " '{}')"
)


def _new(
    cast: Cast, tip_id: UUID, kind: str, state: str, by: str | None, due: str
) -> dict[str, Any]:
    tip = Tip.objects.get(pk=tip_id)
    return {
        "kind": kind,
        "tip": tip_id,
        "matter": tip.matter_id,
        "district": tip.district_id,
        "state": state,
        "by": cast.people[by].pk if by else None,
        "due": due,
    }


def test_no_decision_is_asked_for_before_the_worker_asks_so_that_nothing_rings(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    """A task of no alert rings nobody, and the worker would find that there is one already."""
    tip_id = a_tip(cast, tile="attack", when="now")
    refused(cast, "alice", _INSERT, _new(cast, tip_id, "decide_911", "open", None, "1 minute"))
    refused(cast, "alice", _INSERT, _new(cast, tip_id, "decide_911", "done", None, "1 minute"))
    work()
    clock.move(61)
    work()
    assert Task.objects.get(subject_id=tip_id).state == "open"


@pytest.mark.parametrize(
    "change", ["state = 'cancelled'", "state = 'done'", "due_at = now() + interval '10 years'"]
)
def test_what_rings_for_an_untaken_task_is_called_off_by_nobody(
    cast: Cast, carrier: Carrier, clock: Clock, waits: UUID, change: str
) -> None:
    refused(cast, "alice", f"UPDATE escalations_step SET {change} WHERE task_id IS NOT NULL")
    clock.move(61)
    work()
    [alert] = {step.alert for step in Step.objects.filter(task__isnull=False)}
    assert {"bea", "sam"} <= asked(cast, alert, cause="task")


def test_word_of_a_closing_that_was_none_drops_no_task(
    cast: Cast, carrier: Carrier, waits: UUID
) -> None:
    refused(
        cast,
        "alice",
        "INSERT INTO escalations_news (subject_id, kind, at) VALUES (%(tip)s, 'closed', now())",
        {"tip": waits},
    )
    work()
    assert Task.objects.get(subject_id=waits).state == "open"


def test_what_people_do_on_their_pages_still_goes(
    cast: Cast, carrier: Carrier, clock: Clock, waits: UUID
) -> None:
    alice = cast.viewer("alice")
    opened = open_tip(alice, waits)
    words_read(alice, waits)
    decide_911(opened, Decision.FACT, "Which building?")
    decide_911(opened, Decision.CALL)
    call = Task.objects.get(subject_id=waits, kind="call_911")
    assert (call.state, call.taken_by) == ("taken", cast.people["alice"].pk)
    clock.move(181)
    work(2)
    assert take_task(alice, call.pk).state == "taken"
    assert finish_task(alice, call.pk, "no_answer").state == "done"
    record_call(opened, LINES, line=Call.Line.E911, police=False, danger_now=False)
    assert not Task.objects.filter(
        subject_id=waits, kind__in=("call_911", "decide_911"), state__in=("open", "taken")
    ).exists()


def test_asked_for_sooner_it_rings_sooner_and_closed_it_is_dropped(
    cast: Cast, carrier: Carrier, clock: Clock, waits: UUID
) -> None:
    alice, tip = cast.viewer("alice"), Tip.objects.get(pk=waits)

    def school() -> Task:
        with viewing(alice) as now:
            return open_task(
                Task.Kind.CALL_SCHOOL,
                subject_id=waits,
                matter_id=tip.matter_id,
                district_id=tip.district_id,
                due_at=now,
                now=now,
                actor=alice,
            )

    first = school()
    steps = Step.objects.filter(task=first, state="due")
    before = steps.count()
    assert before
    Task.objects.filter(pk=first.pk).update(due_at=database_now().replace(year=2100))
    school()
    assert steps.count() == before
    News.objects.create(subject_id=waits, kind=News.Kind.CLOSED, at=database_now())
    again = school()
    first.refresh_from_db()
    assert (first.state, again.state) == ("dropped", "open")
    assert not News.objects.filter(kind=News.Kind.CLOSED).exists()
