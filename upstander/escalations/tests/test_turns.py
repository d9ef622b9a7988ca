"""Whoever sends most does not decide who is served: schools take turns, and both ends of a line."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import count

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.line_models import Turn
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import an_alert, as_worker, pass_time
from upstander.escalations.turns import Ends, Kind, Turns
from upstander.intake.priority import Priority

LIMIT = 10
KINDS = st.builds(Kind, st.sampled_from(list(Turn)), st.integers(-3, 12))


class Waiting:
    """Steps in the order of their times, by kind."""

    def __init__(self) -> None:
        self.steps: defaultdict[Kind, list[int]] = defaultdict(list)
        self.numbers = count(1)

    def arrive(self, kind: Kind, how_many: int) -> list[int]:
        """Let steps fall due."""
        new = [next(self.numbers) for _ in range(how_many)]
        self.steps[kind] += new
        return new

    def serve(self, turns: Turns) -> list[int]:
        """Let one batch be worked off."""
        ends = {k: Ends(s[:LIMIT], s[: -LIMIT - 1 : -1]) for k, s in self.steps.items() if s}
        chosen = turns.pick(ends, LIMIT)
        for steps in self.steps.values():
            steps[:] = [step for step in steps if step not in chosen]
        return chosen


@given(
    flood=st.dictionaries(KINDS, st.integers(1, 60), min_size=1, max_size=30),
    child=KINDS,
    ahead=st.integers(0, 20),
    every_batch=st.integers(0, 12),
)
def test_each_step_is_served_within_a_number_of_turns_that_no_flood_moves(
    flood: dict[Kind, int], child: Kind, ahead: int, every_batch: int
) -> None:
    waiting, turns = Waiting(), Turns()
    before = waiting.arrive(child, ahead)
    [mine] = waiting.arrive(child, 1)
    kinds = len({*flood, child})
    for kind, size in flood.items():
        waiting.arrive(kind, size)
    batches = 0
    while mine in waiting.steps[child]:
        chosen = waiting.serve(turns)
        assert len(chosen) == len(set(chosen)) <= LIMIT
        batches += 1
        for kind in flood:
            waiting.arrive(kind, every_batch)
        # Every second turn of its kind is its end's, and each kind has one turn in so many.
        assert batches <= 2 * (len(before) + 1) * kinds // LIMIT + 1


@given(waiting=st.dictionaries(KINDS, st.integers(1, 30), min_size=1, max_size=LIMIT))
def test_no_school_waits_for_a_second_turn_of_another(waiting: dict[Kind, int]) -> None:
    all_, turns = Waiting(), Turns()
    for kind, size in waiting.items():
        all_.arrive(kind, size)
    whose = {step: kind for kind, steps in all_.steps.items() for step in steps}
    assert {whose[step] for step in all_.serve(turns)} == set(waiting)


@given(waiting=st.dictionaries(KINDS, st.integers(1, 8), min_size=1, max_size=8))
def test_what_is_more_urgent_comes_first_in_a_batch_and_all_is_served(
    waiting: dict[Kind, int],
) -> None:
    all_, turns = Waiting(), Turns()
    for kind, size in waiting.items():
        all_.arrive(kind, size)
    whose = {step: kind for kind, steps in all_.steps.items() for step in steps}
    served: list[int] = []
    while batch := all_.serve(turns):
        places = [Turn(whose[step].turn).place for step in batch]
        assert places == sorted(places)
        served += batch
    assert sorted(served) == sorted(whose)


def overdue(alert: Alert, seconds: int) -> Alert:
    pass_time(alert, seconds)
    return alert


@pytest.mark.usefixtures("carrier")
class TestInTheDatabase:
    def test_another_school_s_step_is_in_the_first_batch(self, cast: Cast) -> None:
        for _ in range(3 * LIMIT):
            overdue(an_alert(cast, "cedar"), 300)
        child = overdue(an_alert(cast, "birch"), 1)
        with as_worker():
            assert sweep_steps() == LIMIT
        assert Page.objects.filter(alert_id=child.pk).exists()

    def test_whoever_comes_last_waits_behind_no_backlog(self, cast: Cast) -> None:
        first = overdue(an_alert(cast, "cedar"), 400)
        for _ in range(3 * LIMIT):
            overdue(an_alert(cast, "cedar"), 300)
        last = overdue(an_alert(cast, "cedar"), 1)
        with as_worker():
            sweep_steps()
        assert set(
            Page.objects.filter(alert_id__in=[first.pk, last.pk]).values_list("alert_id", flat=True)
        ) == {first.pk, last.pk}

    def test_what_is_held_keeps_no_other_waiting(self, cast: Cast) -> None:
        alerts = [overdue(an_alert(cast, "cedar"), 60) for _ in range(3)]
        with as_worker():
            turns = Turns()
            assert len(turns.due(2)) == 2
            assert len(turns.due(5)) == 3, "its own locks keep nobody out"
        assert {Step.objects.get(pk=s).alert_id for s in turns.due(9)} == {a.pk for a in alerts}

    def test_a_step_moves_with_its_alert(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar", priority=Priority.URGENT)
        [step] = alert.steps.filter(target="holders")
        assert (step.turn, step.school_key) == (Turn.REST, cast.cedar.pk)
        follow_priority(alert.subject_id, Priority.LIFE_SAFETY, database_now())
        step.refresh_from_db()
        assert step.turn == Turn.ALONE
        Alert.objects.filter(pk=alert.pk).update(crowded=True)
        with as_worker():
            Step.objects.filter(alert_id=alert.pk).update(due_at=F("due_at") - timedelta(hours=1))
            sweep_steps()
        assert {p.turn for p in Page.objects.filter(alert_id=alert.pk)} == {Turn.CROWD}
        Alert.objects.filter(pk=alert.pk).update(crowded=False)
        assert {p.turn for p in Page.objects.filter(alert_id=alert.pk)} == {Turn.ALONE}
