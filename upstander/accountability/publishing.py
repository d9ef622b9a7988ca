"""All that is told of one half-year to one audience: how long tips took, and how they ended.

Published together, once (``editions``). Of times no count is told at all: how many tips a
school had, less how many of them ended without a case, would be the few of which one came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from upstander.accountability import equity, queries
from upstander.accountability.figures import Counted as Timed
from upstander.accountability.figures import times_of
from upstander.accountability.queries import BANDS, WEEKDAYS, Found, View
from upstander.base.joint import Counted, Division, Row
from upstander.base.languages import BY_CODE
from upstander.base.suppression import LEAST
from upstander.editions.keeping import (
    Edition,
    Measured,
    Measures,
    Place,
    Where,
    editions_of,
)
from upstander.people.scope import Viewer
from upstander.places.models import District

CASES: Final = "outcomes.cases"
TIPS: Final = "outcomes.tips"
#: The edition of all times: of whatever group a median is told.
TIMES: Final = "times.median"
#: The names of its tables and groups, which an edition keeps for good: a page says them in words
#: (``words.py``). Schools are those of the other editions: one hidden there is hidden.
STEPS: Final = "Step"
BEFORE: Final = "Before"
TALKS: Final = "Talk"
SCHOOLS: Final = equity.SCHOOLS
PRIORITIES: Final = "Priority"
HOURS: Final = "Hour"
DAYS: Final = "Day"
DOORS: Final = "Door"
LANGUAGES: Final = "Language"
LIFE_SAFETY: Final = "Life safety"
URGENT: Final = "Urgent"
ROUTINE: Final = "Routine"
#: By which door it came: the name of a tip's channel in an edition.
DOOR_NAMES: Final = {
    "web": "Website",
    "sms": "Text",
    "voice": "Phone",
    "staff": "Taken down by an adult",
}
_PRIORITY: Final = {"life_safety": LIFE_SAFETY, "urgent": URGENT, "routine": ROUTINE}


def of_half(viewer: Viewer, district: District, where: Where) -> dict[str, Edition]:
    """Return all editions of a half-year that this viewer reads; inside ``viewing``.

    Raises what ``editions_of`` does.
    """
    if where.school_id:
        return editions_of(
            viewer, where, (TIMES,), lambda: {TIMES: _times(viewer, district, where)}
        )
    return editions_of(
        viewer,
        where,
        (CASES, TIPS, TIMES),
        lambda: {
            CASES: equity.counted_cases(district, where.half),
            TIPS: equity.counted_tips(district, where.half),
            TIMES: _times(viewer, district, where),
        },
    )


def _times(viewer: Viewer, district: District, where: Where) -> Measured:
    view = queries.view_of(viewer)
    found = queries.counted(view, where, equity.zone_of(district))
    schools = {} if where.school_id else equity.schools_of(district)
    before = queries.before_handoff(where) if view.hides_before else None
    return measured(view, found, schools, before)


def measured(
    view: View,
    found: Found,
    schools: Mapping[int, str],
    before: Mapping[str, tuple[int, int]] | None = None,
) -> Measured:
    """Return what may be told of a half-year's times, and of whom. Pure.

    ``schools``: names by id; none: all is one school's. ``before``: the center's part by step, of
    ten tips and more; None: it is not told apart.

    - Groups (schools, priorities, hours, days, doors, languages) of ten tips and more, and never
      all but one.
    - That a target of life-safety tips is told, says that there were ten. So it is where their
      group is; where not every such target can be, the group is hidden, with another.
    - That a step is told, says that ten tips came to it. So all but the usual one are told
      together or not at all: nobody can say to which of them few came.
    """
    tables: dict[str, tuple[int, Mapping[Any, str]]] = {
        SCHOOLS: (0, schools),
        PRIORITIES: (1, _PRIORITY),
        HOURS: (2, dict(enumerate(BANDS))),
        DAYS: (3, dict(enumerate(WEEKDAYS))),
    }
    if view.by_door:
        tables |= {
            DOORS: (4, DOOR_NAMES),
            LANGUAGES: (5, {one.code: one.english for one in BY_CODE.values()}),
        }
    if not schools:
        del tables[SCHOOLS]
    rows, timed = [], defaultdict[Place, list[Timed]](list)
    for kind, some in found.usual.items():
        labels = [
            names.get(kind[at], str(kind[at]) if at else equity.NO_SCHOOL)
            for at, names in tables.values()
        ]
        rows.append(Row(tuple(labels), frozenset(), sum(one.count for one in some)))
        for place in zip(tables, labels, strict=True):
            timed[place] += some
    divisions = [
        Division(
            name,
            tuple(dict.fromkeys([*names.values(), *(row.groups[n] for row in rows)])),
            asked=False,
        )
        for n, (name, (_, names)) in enumerate(tables.items())
    ]
    few_in_danger = any(
        found.steps[step.key].of < LEAST for step in view.steps if step.life_only
    ) or (before is not None and "handed_off" not in before)
    counted = Counted(
        divisions,
        (),
        rows,
        hidden={PRIORITIES: frozenset({LIFE_SAFETY})} if few_in_danger else {},
        told=False,
    )

    def told_of(told: frozenset[Place]) -> Measures:
        groups = {
            (one.name, group): _told(timed[one.name, group], told=(one.name, group) in told)
            for one in divisions
            for group in one.groups
        }
        return {**groups, **_steps(view, found, before, told), **_talks(found)}

    return Measured(counted, told_of)


def _talks(found: Found) -> Measures:
    """Return the times of talks, each step's of ten and more. They are in no other figure."""
    return {(TALKS, key): times.told() for key, times in found.talks.items()}


def _told(some: list[Timed], *, told: bool) -> dict[str, int | None]:
    figures = times_of(some).told()
    return {key: figures[key] if told else None for key in ("times.median", "times.p90")}


def _steps(
    view: View,
    found: Found,
    before: Mapping[str, tuple[int, int]] | None,
    told: frozenset[Place],
) -> Measures:
    enough = (PRIORITIES, "") in told
    in_danger = (PRIORITIES, LIFE_SAFETY) in told
    others = [found.steps[step.key] for step in view.steps if step is not view.usual]
    together = enough and all(one.tips >= LEAST for one in others)
    if before is not None and "claimed" not in before:
        together = False
    measures: dict[Place, dict[str, int | None]] = {}
    for step in view.steps:
        shown = enough if step is view.usual else together
        figures = found.steps[step.key].told()
        if not shown:
            figures = dict.fromkeys(figures)
        if step.life_only and not in_danger:
            figures["times.share"] = None
        measures[STEPS, step.key] = figures
    for key, shown in (("claimed", together), ("handed_off", together and in_danger)):
        if before is not None:
            minutes, share = before[key] if shown else (None, None)
            measures[BEFORE, key] = {"before.minutes": minutes, "before.percent": share}
    return measures
