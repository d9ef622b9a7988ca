"""Counts become figures, and too few say nothing."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from upstander.accountability.figures import Counted, percentile, times_of


def one_by_one(*seconds: int, **how: bool) -> list[Counted]:
    return [Counted(value, 1, **how) for value in seconds]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=300), st.sampled_from((0.5, 0.9, 0.99)))
def test_a_percentile_is_the_value_of_that_rank(values: list[int], part: float) -> None:
    counts: dict[int, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    rank = math.ceil(part * len(values) - 1e-9)
    assert percentile(counts, part) == sorted(values)[max(rank, 1) - 1]


@given(st.lists(st.integers(0, 5000), max_size=150), st.integers(0, 5000))
def test_figures_never_say_more_than_the_tips_carry(values: list[int], target: int) -> None:
    found = times_of(one_by_one(*values), target)
    assert found.tips == found.of == len(values)
    assert found.within == sum(value <= target for value in values)
    told = found.told()
    for key, least in (("median", 10), ("p90", 10), ("p99", 100), ("share", 10)):
        assert (told[f"times.{key}"] is not None) == (len(values) >= least)
    assert (told["times.share"] or 0) % 5 == 0


def test_who_still_waits_makes_no_figure_better() -> None:
    done = one_by_one(*[10] * 9)
    late = times_of([*done, Counted(500, 1, waiting=True)], 60)
    assert (late.within, late.of) == (9, 10)
    # Its time is not over yet: it is neither.
    early = times_of([*done, Counted(30, 1, waiting=True)], 60)
    assert (early.within, early.of, early.tips) == (9, 9, 10)


def test_a_target_counts_only_those_for_whom_it_is_meant() -> None:
    found = times_of([*one_by_one(10, 20), *one_by_one(900, aimed=False)], 60)
    assert (found.within, found.of, found.tips) == (2, 2, 3)
