"""What happens in the demo's year, decided before any of it does: the same for the same day. Pure.

Outcomes are published of a half-year that is over, and none of fewer than ten: so the latest such
half has enough of everything, and what came before and since is a school's usual trickle.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from upstander.editions.halves import Half, halves
from upstander.intake.priority import Priority

SEED: Final = 20_250_901
#: Of the demo's districts.
ZONE: Final = ZoneInfo("America/New_York")
#: How long it goes back at least; further where the latest published half began before.
YEAR: Final = timedelta(weeks=52)
#: The last tip of it: afterwards come those that wait on the desk.
ENDS: Final = timedelta(days=2)
#: By month and weekday how many tips come; by hour, when.
_MONTHS: Final = (10, 11, 12, 10, 12, 6, 1, 2, 11, 13, 12, 9)
_WEEKDAYS: Final = (12, 10, 10, 10, 12, 3, 4)
_HOURS: Final = (2, 1, 1, 0, 0, 1, 3, 8, 10, 9, 11, 12, 12, 10, 11, 14, 12, 10, 9, 10, 12, 13, 9, 5)
#: Of each school in the latest published half, and in the rest of the time.
_IN_HALF: Final = {"case": 5, "school": 10, "center": 4}
_ELSE: Final = {"case": 1, "school": 2, "center": 5}
#: In the latest published half, of each school: cases that somebody there raised, without a tip.
_RAISED: Final = {"cedar-middle": 18, "birch-high": 8, "alder": 19}
#: Of so many of Cedar's nobody has said of whom they were: figures are told of that too.
_UNSAID: Final = 11
#: As many of Alder's are of the youngest: each band of grades has enough to be told.
_YOUNGEST: Final = 12
#: Of the neighboring district's school, which the center answers for too.
_NEIGHBOR: Final = 11
#: Of each school's cases in that half: in so many a life may be in danger, ten in all and more.
_GRAVE: Final = 4
SCHOOLS: Final = {
    # school → grades of whom its cases are, and what comes there more often than elsewhere.
    "cedar-middle": (("6", "7", "8"), "bullying fight sad bullying threat other suicide drugs"),
    "birch-high": (
        ("9", "10", "11", "12"),
        "sad suicide drugs threat bullying fight drugs missing",
    ),
    "alder": (("3", "4", "5"), "bullying bullying other fight sad other"),
    "quay-high": (("9", "10", "11", "12"), "sad bullying drugs other"),
}


class Way(StrEnum):
    """How far a tip goes."""

    CENTER = "center"
    SCHOOL = "school"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Planned:
    """One tip that will come, and what will be made of it."""

    number: int
    #: UTC.
    at: datetime
    school: str
    tile: str
    language: str
    text: str
    priority: Priority
    way: Way
    #: Of whoever a case was; empty: nobody says so.
    grade: str
    #: Nobody takes it at once: others are asked.
    climbs: bool

    @property
    def grave(self) -> bool:
        """Whether a life may be in danger."""
        return self.priority is Priority.LIFE_SAFETY


def beginning(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the year begins (UTC in, aware out)."""
    first, _ = halves(now, zone)[0].span(zone)
    return min(first, now - YEAR)


def planned(now: datetime, zone: ZoneInfo) -> list[Planned]:
    """Return the year's tips in their order."""
    dice = Random(SEED)  # noqa: S311 - a story, no secret
    half = halves(now, zone)[0]
    texts = _texts()
    found = []
    for school in SCHOOLS:
        for way, days in _days(dice, school, half, beginning(now, zone), now - ENDS, zone):
            found.append((_moment(dice, days, zone), school, way))
    found.sort()
    begins, ends = half.span(zone)
    graves = dict.fromkeys(SCHOOLS, 0)
    tips = []
    for number, (at, school, way) in enumerate(found):
        grave = way is Way.CASE and begins <= at < ends and graves[school] < _GRAVE
        graves[school] += grave
        tips.append(_told(dice, number, at, school, way, texts, grave=grave))
    return tips


def raised(now: datetime, zone: ZoneInfo) -> list[Planned]:
    """Return the cases that begin without a tip, in their order."""
    dice = Random(SEED + 1)  # noqa: S311 - a story, no secret
    half = halves(now, zone)[0]
    begins, ends = (one.astimezone(zone).date() for one in half.span(zone))
    days = _between(begins, ends - timedelta(weeks=5))
    weights = [_MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] for day in days]
    found: list[Planned] = []
    for school, count in _RAISED.items():
        grades, tiles = SCHOOLS[school]
        for number, day in enumerate(dice.choices(days, weights, k=count)):
            at = datetime.combine(day, time(dice.randint(8, 15), dice.randrange(60)), zone)
            grade = grades[number % len(grades)]
            if school == "alder" and number < _YOUNGEST:
                grade = ("k", "1", "2")[number % 3]
            elif school == "cedar-middle" and number < _UNSAID:
                grade = ""
            tile = dice.choice(tiles.replace("missing", "sad").split())
            found.append(
                Planned(
                    1000 + len(found),
                    at,
                    school,
                    tile,
                    "en",
                    "",
                    Priority.ROUTINE,
                    Way.CASE,
                    grade,
                    climbs=False,
                )
            )
    return found


def _days(
    dice: Random, school: str, half: Half, first: datetime, last: datetime, zone: ZoneInfo
) -> Iterator[tuple[Way, date]]:
    begins, ends = (one.astimezone(zone).date() for one in half.span(zone))
    # What begins in the half's last weeks would end after it.
    inside = _between(begins, ends - timedelta(weeks=5))
    outside = [
        *_between(first.astimezone(zone).date(), begins),
        *_between(ends, last.astimezone(zone).date()),
    ]
    ours = (inside, _IN_HALF), (outside, _ELSE)
    near = ((inside, {"center": _NEIGHBOR}),)
    for days, counts in near if school == "quay-high" else ours:
        weights = [_MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] for day in days]
        for way, count in counts.items():
            for day in dice.choices(days, weights, k=count):
                yield Way(way), day


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days)]


def _moment(dice: Random, day: date, zone: ZoneInfo) -> datetime:
    [hour] = dice.choices(range(24), _HOURS)
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), zone)


def _told(
    dice: Random,
    number: int,
    at: datetime,
    school: str,
    way: Way,
    texts: dict[str, list[list[str]]],
    *,
    grave: bool,
) -> Planned:
    grades, tiles = SCHOOLS[school]
    tile = dice.choice(tiles.split())
    # None is told twice before all were told once.
    language, text = texts[tile][0]
    texts[tile].append(texts[tile].pop(0))
    urgent = tile in ("suicide", "threat", "drugs", "missing")
    return Planned(
        number,
        at,
        school,
        tile,
        language,
        text,
        Priority.LIFE_SAFETY if grave else Priority.URGENT if urgent else Priority.ROUTINE,
        way,
        dice.choice(grades),
        climbs=grave and number % 3 == 0,
    )


def _texts() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    told = files("upstander.command").joinpath("demo_year.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(told.splitlines()):
        found.setdefault(row["tile"], []).append([row["language"], row["text"]])
    return found
