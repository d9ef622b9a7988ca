"""The invented year: it sums to what is published, is calibrated, and repeats itself."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from upstander.callouts.simulation import report, study, world
from upstander.callouts.simulation.study import Figures, Study, estimate
from upstander.callouts.simulation.world import Inputs
from upstander.callouts.simulation.year import Policy

HOUR = 60


@pytest.fixture(scope="module")
def years() -> dict[tuple[str, Policy], list[Figures]]:
    """Run one year under each policy."""
    return {
        ("as usual", policy): [study.run_one(study.Ask(Inputs(), policy, 1))] for policy in Policy
    }


def small(years: dict[tuple[str, Policy], list[Figures]]) -> Study:
    """Return a study of so much as the report needs."""
    one = years["as usual", Policy.PRODUCT][0]
    return Study((1,), years, [("speed", 0.7, one, one)], [((), one), ((3,), one)])


def test_arrivals_sum_to_the_published_year() -> None:
    found = world.arrivals(Inputs(), world.geography(), 7)
    assert len(found) == 13_328
    assert sum(one.school for one in found) == round(0.44 * 13_328)
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert 0 <= found[0].at < found[-1].at < world.MINUTES


def test_schools_call_on_school_days_only() -> None:
    found = [one for one in world.arrivals(Inputs(), world.geography(), 7) if one.school]
    days = Counter(world.weekday(int(one.at) // HOUR // 24) for one in found)
    assert set(days) == {0, 1, 2, 3, 4}
    assert {int(one.at) // HOUR % 24 for one in found} <= set(range(7, 17))


def test_surge_triples_its_week_alone() -> None:
    where, week = world.geography(), 7 * 24 * HOUR
    usual, surge = (
        Counter(int(one.at // week) for one in world.arrivals(inputs, where, 7))
        for inputs in (Inputs(), Inputs(surge=(19, 3.0)))
    )
    # A call of its last minutes may fall into the next week.
    assert surge[19] >= 2.9 * usual[19]
    assert sum(surge.values()) == sum(usual.values()) + 2 * usual[19]


def test_baseline_meets_the_published_year(
    years: dict[tuple[str, Policy], list[Figures]],
) -> None:
    [baseline] = years["as usual", Policy.BASELINE]
    assert 0.78 <= baseline.in_time <= 0.80
    assert 0.915 <= baseline.in_person <= 0.925


def test_year_repeats_itself(years: dict[tuple[str, Policy], list[Figures]]) -> None:
    again = study.run_one(study.Ask(Inputs(), Policy.BASELINE, 1))
    assert again == years["as usual", Policy.BASELINE][0]
    other = study.run_one(study.Ask(Inputs(), Policy.BASELINE, 2))
    assert other != again


def test_site_that_is_down_sends_nobody() -> None:
    there, spoken = world.on_shift(Inputs(site_down=0), world.geography(), 1)
    slots = len(spoken) // world.SITES
    assert not there[:, :slots].any()
    assert there[:, slots:].any()


def test_extra_person_stands_on_each_shift() -> None:
    where = world.geography()
    usual, more = (
        world.on_shift(replace(Inputs(elsewhere=0.0), extra=extra), where, 1)[0].sum(axis=1)
        for extra in ((), (5,))
    )
    assert (more - usual == 1).all()


def test_report_gives_the_same_bytes(
    years: dict[tuple[str, Policy], list[Figures]], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        report.write(small(years), tmp_path / name)
    for file in ("report.html", "figures.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_report_is_headed_as_invented(
    years: dict[tuple[str, Policy], list[Figures]],
) -> None:
    found = small(years)
    assert report.html(found).count(report.HEAD) == 2  # title and page
    rows = report.table(found).splitlines()
    assert len(rows) == 3
    assert all(row.startswith(f'"{report.HEAD}"') for row in rows[1:])


def test_estimate_is_students_interval() -> None:
    found = estimate([0.70, 0.80, 0.90])
    assert math.isclose(found.mean, 0.80)
    assert math.isclose(found.half, 4.30 * 0.1 / math.sqrt(3))
