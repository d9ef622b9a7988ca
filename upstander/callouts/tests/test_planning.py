"""Who should go, without a database: what the planner weighs, and that it sends nobody twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from upstander.callouts.planning import (
    TARGET,
    Clinician,
    Place,
    Suggestion,
    Waiting,
    Why,
    chance_late,
    plan,
)
from upstander.callouts.simulation import year
from upstander.callouts.travel import ByFactors

#: Three sites on a meridian; a degree of latitude is 111 km.
SITES = (Place(41.0, -73.0), Place(41.2, -73.0), Place(42.0, -73.0))
ROADS = ByFactors(speed=60.0, road_factor=1.0)


def at(latitude: float, key: int = 1, **more: Any) -> Waiting:
    """Return a callout on the meridian, of the first site's territory."""
    return replace(Waiting(key, Place(latitude, -73.0), 0, 0.0), **more)


def planned(waiting: list[Waiting], staff: list[Clinician]) -> list[Suggestion]:
    """Return the plan for the three sites."""
    return plan(waiting, staff, SITES, ROADS)


def test_plan_of_nothing_is_empty() -> None:
    assert planned([], [Clinician(1, 0)]) == []
    assert planned([at(41.0)], []) == []


def test_planner_sends_the_nearest_of_equals() -> None:
    [one] = planned([at(41.05)], [Clinician(1, 1), Clinician(2, 0)])
    assert (one.clinician, one.why) == (2, (Why.OWN_SITE, Why.LAST_OF_SITE))
    assert round(one.minutes, 1) == 5.6  # 5.56 km at 60 km/h


def test_neighbour_goes_where_own_site_would_be_late() -> None:
    staff = [Clinician(1, 0, free_in=60.0), Clinician(2, 1)]
    [one] = planned([at(41.1)], staff)
    assert one.clinician == 2
    assert Why.OTHER_SITE in one.why


def test_two_callouts_are_planned_together() -> None:
    """The nearest to both goes to the one that nobody else reaches in time."""
    near, far = at(41.1, 1), at(40.8, 2)
    staff = [Clinician(1, 0), Clinician(2, 1)]
    assert {(s.callout, s.clinician) for s in planned([near, far], staff)} == {(1, 2), (2, 1)}


def test_language_decides_among_those_in_time() -> None:
    staff = [Clinician(1, 0), Clinician(2, 1, languages=frozenset({"es"}))]
    [one] = planned([at(41.05, language="es")], staff)
    assert (one.clinician, Why.SPEAKS in one.why) == (2, True)
    # Nobody is late for an interpreter's sake.
    late = at(41.05, language="es", waited=TARGET - 15)
    [one] = planned([late], staff)
    assert (one.clinician, Why.INTERPRETER in one.why) == (1, True)


def test_licence_decides_among_those_in_time() -> None:
    staff = [Clinician(1, 0, licensed=False), Clinician(2, 1)]
    assert planned([at(41.05, licensed=True)], staff)[0].clinician == 2
    assert planned([at(41.05)], staff)[0].clinician == 1


def test_shift_is_shared_among_equals() -> None:
    staff = [Clinician(1, 0, gone_today=2), Clinician(2, 0, gone_today=1)]
    assert planned([at(41.05)], staff)[0].clinician == 2


def test_site_is_not_emptied_for_a_minute() -> None:
    staff = [Clinician(1, 0), Clinician(2, 1), Clinician(3, 1)]
    [one] = planned([at(41.11, territory=1)], staff)
    assert one.clinician in {2, 3}
    assert Why.LAST_OF_SITE not in one.why


def test_soon_free_is_waited_for_if_sooner() -> None:
    staff = [Clinician(1, 0, free_in=5.0), Clinician(2, 2)]
    [one] = planned([at(41.02)], staff)
    assert (one.clinician, one.free_in, Why.SOON_FREE in one.why) == (1, 5.0, True)


def test_pair_gets_two_people() -> None:
    found = planned([at(41.05, pair=True)], [Clinician(1, 0), Clinician(2, 0)])
    assert {one.clinician for one in found} == {1, 2}
    assert sum(Why.SECOND in one.why for one in found) == 1


def test_likeliest_to_be_late_stands_first() -> None:
    waiting = [at(41.02, 1), at(41.02, 2, waited=40.0)]
    found = planned(waiting, [Clinician(1, 0), Clinician(2, 0)])
    assert [one.callout for one in found] == [2, 1]
    assert found[0].late > found[1].late


def test_chance_is_half_at_the_target() -> None:
    got = chance_late(np.array([25.0, 25.0]), np.array([0.0, 30.0]), np.array([20.0, 20.0]))
    assert got.tolist() == [0.5, 1.0]


people = st.builds(
    Clinician,
    key=st.integers(0, 10_000),
    site=st.integers(0, 2),
    free_in=st.sampled_from([0.0, 5.0, 90.0]),
    languages=st.sampled_from([frozenset[str](), frozenset({"es"})]),
    licensed=st.booleans(),
    gone_today=st.integers(0, 9),
)
calls = st.builds(
    Waiting,
    key=st.integers(0, 10_000),
    place=st.builds(Place, st.floats(40.5, 42.5), st.just(-73.0)),
    territory=st.integers(0, 2),
    waited=st.floats(0, 300),
    language=st.sampled_from(["", "es"]),
    licensed=st.booleans(),
    pair=st.booleans(),
)


@given(
    st.lists(calls, max_size=12, unique_by=lambda one: one.key),
    st.lists(people, max_size=12, unique_by=lambda one: one.key),
)
def test_plan_sends_nobody_twice(waiting: list[Waiting], staff: list[Clinician]) -> None:
    found = planned(waiting, staff)
    wanted = sum(1 + one.pair for one in waiting)
    assert len({one.clinician for one in found}) == len(found) == min(wanted, len(staff))
    assert all(0.0 <= one.late <= 1.0 and one.minutes >= one.free_in for one in found)
    assert found == planned(waiting, staff)


def test_simulation_asks_the_planner() -> None:
    assert vars(year)["plan"] is plan
