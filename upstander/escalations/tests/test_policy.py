"""Policies as plain rules: none runs out, waits too long, or is silent."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.escalations.policy import (
    BEYOND,
    CENTER,
    FIRST,
    GAP,
    SCHOOL,
    TARGET_WORDS,
    UNANSWERED,
    UNTAKEN,
    USUAL,
    Plan,
    PolicyStep,
    Situation,
    first_due,
    problems_with,
    situation_of,
)
from upstander.intake.priority import Priority

SOON, NOW, URGENT, ROUTINE = Situation.SOON, Situation.NOW, Situation.URGENT, Situation.ROUTINE


def plan(every: int, *steps: tuple[int, str]) -> Plan:
    return Plan(tuple(PolicyStep(*step) for step in steps), every)


@pytest.mark.parametrize(("stage", "situation"), list(USUAL))
def test_the_usual_policies_keep_their_own_rules(stage: str, situation: Situation) -> None:
    assert problems_with(USUAL[stage, situation], stage, situation) == []


def test_the_numbers_that_were_promised() -> None:
    steps = {target: after for after, target in USUAL[SCHOOL, SOON].steps}
    assert steps == {
        "holders": 0,
        "backups": 180,
        "district": 360,
        "supervisor": 360,
        "call_task": 480,
    }
    assert (0, "decide_911") in USUAL[SCHOOL, NOW].steps
    assert (0, "decide_911") in USUAL[CENTER, NOW].steps
    assert [tuple(step) for step in USUAL[CENTER, SOON].steps] == [
        (60, "center"),
        (120, "supervisor"),
    ]
    assert UNANSWERED.steps[0] == (120, "center")
    assert UNTAKEN.steps[0] == (0, "center")


@pytest.mark.parametrize(
    ("stage", "situation", "wrong", "word"),
    [
        (SCHOOL, SOON, plan(600), "at least one step"),
        (SCHOOL, SOON, plan(300, (0, "decide_911")), "not enough"),
        (SCHOOL, SOON, plan(300, (0, "nobody"), (60, "center")), "can’t be asked"),
        (SCHOOL, SOON, plan(300, (0, "person:0"), (60, "center")), "can’t be asked"),
        (SCHOOL, SOON, plan(300, (61, "holders"), (120, "center")), "within 60 seconds"),
        (SCHOOL, SOON, plan(900, (0, "holders"), (301, "center")), "5 minutes"),
        (SCHOOL, SOON, plan(900, (0, "holders"), (60, "center")), "5 minutes"),
        (SCHOOL, SOON, plan(60, (0, "holders"), (120, "center")), "repeats before"),
        (SCHOOL, SOON, plan(300, (0, "holders"), (120, "district")), "the center itself"),
        (SCHOOL, SOON, plan(300, (0, "center"), (9, "supervisor")), "team must be asked first"),
        (SCHOOL, NOW, plan(300, (0, "holders"), (60, "center")), "at 0 seconds"),
        (SCHOOL, NOW, plan(300, (0, "holders"), (1, "decide_911"), (60, "center")), "at 0 seconds"),
        (CENTER, SOON, plan(120, (30, "holders"), (60, "center")), "no school knows"),
        (CENTER, URGENT, plan(900, (30, "center")), "can't be sooner"),
        (SCHOOL, ROUTINE, plan(59, (0, "holders")), "7 days"),
        (SCHOOL, ROUTINE, plan(600, (0, "holders"), (604_801, "center")), "7 days"),
        (SCHOOL, URGENT, plan(600, (60, "center"), (0, "holders")), "order of time"),
        (SCHOOL, URGENT, plan(600, (0, "holders"), (0, "holders")), "the same"),
        (SCHOOL, URGENT, plan(600, *((n, "holders") for n in range(21))), "at most 20"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(
    stage: str, situation: Situation, wrong: Plan, word: str
) -> None:
    assert any(word in problem for problem in problems_with(wrong, stage, situation))


TARGETS = st.sampled_from([*TARGET_WORDS, "person:7", "external:3"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw plans near to what is allowed: many just inside, many just outside."""
    now, steps = draw(st.integers(0, 70)), []
    if draw(st.booleans()):
        steps.append(PolicyStep(0, "decide_911"))
    for target in draw(st.lists(TARGETS, min_size=0, max_size=6)):
        steps.append(PolicyStep(now, target))
        now += draw(st.sampled_from([0, 60, 180, 299, 300, 301]))
    wrap = draw(st.sampled_from([-1, 0, 120, 300, 301, 600]))
    return Plan(tuple(sorted(steps)), max(0, now + wrap))


def due_times(chosen: Plan, until: int) -> list[tuple[int, str]]:
    """Return when somebody is asked, from the beginning on, as the worker does it."""
    return sorted(
        (step.after + turn * chosen.every, step.target)
        for step in chosen.steps
        for turn in range(until // max(chosen.every, 1) + 2)
    )


@settings(max_examples=400)
@given(
    chosen=plans(), stage=st.sampled_from([CENTER, SCHOOL]), situation=st.sampled_from(Situation)
)
def test_whatever_is_accepted_for_a_life_is_never_silent(
    chosen: Plan, stage: str, situation: Situation
) -> None:
    """At every instant of the first hour somebody is asked within GAP seconds, and soon enough."""
    if problems_with(chosen, stage, situation) or not situation.life_safety:
        return
    asks = [(at, target) for at, target in due_times(chosen, 3600) if target != "decide_911"]
    assert asks[0][0] <= FIRST
    times = [at for at, _ in asks if at <= 3600 + GAP]
    assert all(later - sooner <= GAP for sooner, later in itertools.pairwise(times))
    assert times[-1] >= 3600
    assert any(
        target in ("center", "supervisor", "call_task") and at <= BEYOND for at, target in asks
    )


@given(after=st.integers(0, 2000), every=st.integers(1, 2000), elapsed=st.floats(0, 100_000))
def test_a_step_that_is_over_comes_with_the_next_round(
    after: int, every: int, elapsed: float
) -> None:
    due = first_due(after, every, elapsed)
    assert (due - after) % every == 0
    assert elapsed <= due <= max(after, elapsed + every)


def test_life_safety_is_two_things() -> None:
    assert situation_of(Priority.LIFE_SAFETY, happening_now=True) is NOW
    assert situation_of(Priority.LIFE_SAFETY, happening_now=False) is SOON
    assert situation_of(Priority.URGENT, happening_now=True) is URGENT
