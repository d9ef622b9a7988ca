"""What else belongs to the demo's year: drills, duties, figures published, and what was let go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from upstander.accountability.publishing import of_half
from upstander.accountability.queries import scope_of
from upstander.accountability.sweeps import BATCH, gather
from upstander.command.demo_stage import Stage
from upstander.command.demo_year_plan import SEED, ZONE
from upstander.editions.halves import SETTLES, Half, halves
from upstander.editions.keeping import Where
from upstander.mandated.actions import duties as acts
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.mandated.models import DutyEvent
from upstander.mandated.suspicion import Suspicion
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.retention import sweeps
from upstander.retention.actions import agree, propose
from upstander.retention.models import Item
from upstander.states import law_files
from upstander.watch.actions.drills import answer_drill, begin_drill
from upstander.watch.sweeps import sweep_drill_calls, sweep_drills

_DAY: Final = timedelta(days=1)
#: Who begins their team's drills, and who answers.
_DRILLED: Final = (
    (
        "miriam@maple.example",
        ("tomas@maple.example", "grace@maple.example", "miriam@maple.example"),
    ),
    ("priya@maple.example", ("joel@maple.example", "ellen@maple.example")),
    ("owen@maple.example", ("hana@maple.example", "owen@maple.example", "marcus@maple.example")),
    ("ruth@lakeside.example", ("ben@lakeside.example", "nadia@lakeside.example")),
    ("dana@maple.example", ("dana@maple.example",)),
    ("ilse@harbor.example", ("noor@harbor.example", "ilse@harbor.example")),
    ("admin@lakeside.example", ("admin@lakeside.example",)),
)
#: Days before the year's end; the next one is due in the month that follows.
_DRILL_DAYS: Final = (39, 11)


def drills(stage: Stage, ends: datetime) -> Iterator[Iterator[datetime]]:
    """Give each team's drills."""
    for number, (lead, members) in enumerate(_DRILLED):
        for days in _DRILL_DAYS if len(members) > 1 else _DRILL_DAYS[-1:]:
            day = (ends - days * _DAY).astimezone(ZONE).date()
            begun = datetime.combine(day, time(10 + number % 4, 7 * number), ZONE)
            yield _drill(stage, begun, lead, members)


def _drill(
    stage: Stage, begun: datetime, lead: str, members: tuple[str, ...]
) -> Iterator[datetime]:
    dice = Random(f"{begun.isoformat()} {lead}")  # noqa: S311 - a story, no secret
    yield begun
    with stage.desk():
        viewer = stage.signed_in(lead)
        team = next(one.team_id for one in viewer.memberships if one.team_id in viewer.leads)
        drill = begin_drill(viewer, team)
    at = begun + timedelta(seconds=2)
    yield at
    with stage.worker():
        sweep_drills()
        sweep_drill_calls()
    for member in members:
        at += timedelta(seconds=dice.randint(20, 200))
        yield at
        with stage.desk():
            answer_drill(stage.signed_in(member), drill.pk)
    yield begun + timedelta(minutes=16)
    with stage.worker():
        sweep_drills()


#: Whose duty, after how many hours the first report and the written one; what was seen.
_DUTIES: Final = (
    ("lena", 3, 26, "Often without a coat, and asks to stay after school."),
    ("terry", 5, 30, "Falls asleep in class; says that nobody was home at night."),
    ("nora", 2, 21, "A mark on the arm; said unasked how it came."),
    ("lena", 6, 40, "Afraid to have a note sent home."),
    ("terry", 4, 34, "Came hungry for the second week."),
    ("nora", 8, 44, "Told a friend, who told me, what happens on weekends."),
    ("terry", 3, 25, "Missed eight days; the answers about them change."),
    ("lena", 5, 71, "Would not change for gym; a bruise on the back."),
    ("nora", 4, 28, "Drew a picture, and said who it was."),
    ("terry", 7, 37, "Does not want to be picked up by the person who comes."),
    ("nora", 2, 23, "The same clothes for two weeks, and a cough that nobody treats."),
    ("lena", 3, 31, "Said in the hall that home is loud and she hides."),
)


def duties(stage: Stage, begins: datetime, ends: datetime) -> Iterator[Iterator[datetime]]:
    """Give the duties, spread over the year."""
    apart = (ends - begins - 20 * _DAY) / len(_DUTIES)
    for number, (who, first, written, words) in enumerate(_DUTIES):
        day = (begins + 5 * _DAY + apart * number).astimezone(ZONE).date()
        # Teachers see children on school days.
        day -= max(0, day.weekday() - 4) * _DAY
        cause = datetime.combine(day, time(9 + number % 6, 5 * number), ZONE)
        yield _duty(stage, cause, f"{who}@maple.example", first, written, words)


def _duty(
    stage: Stage, cause: datetime, email: str, first: int, written: int, words: str
) -> Iterator[datetime]:
    dice = Random(f"{SEED} {words}")  # noqa: S311 - a story, no secret
    yield cause + timedelta(hours=1)
    with stage.desk():
        viewer = stage.signed_in(email)
        membership = viewer.memberships[0]
        if membership.district_id is None:
            raise RuntimeError(f"{email} is at no school")
        duty = acts.start_duty(
            viewer,
            Suspicion(
                rule_set="us-ct",
                rule="abuse",
                district_id=membership.district_id,
                school_id=membership.school_id,
                cause_at=cause,
                words={"facts": words, "child": "A student of mine"},
            ),
        )
    at = cause + timedelta(hours=first)
    yield at + timedelta(minutes=dice.randint(3, 25))
    with stage.desk():
        reference = f"R-{dice.randrange(1000, 9999)}"
        acts.report_first(
            stage.signed_in(email),
            duty,
            way="careline",
            at=at,
            accepted=dice.random() < 0.8,
            words={"worker": "M. Example", "reference": reference},
        )
    at = cause + timedelta(hours=written)
    yield at + timedelta(minutes=dice.randint(3, 25))
    with stage.desk():
        viewer = stage.signed_in(email)
        acts.send_written(viewer, duty, at=at, words={"how": "Fax", "proof": "Receipt"})
        if written > first + 48:
            note = "Late: the office’s fax was out of order over the weekend."
            acts.add_event(viewer, duty, DutyEvent.Kind.NOTE, {"words": note})


#: Who publishes figures, each those of their own readers: a district's lead (its superintendent
#: reads the same ones, ADR 185), the center's supervisor, and the leads of schools.
_PUBLISHERS: Final = (
    "dana@maple.example",
    "ruth@lakeside.example",
    "miriam@maple.example",
    "owen@maple.example",
    "priya@maple.example",
    "ilse@harbor.example",
)


def publishing(stage: Stage, begins: datetime, ends: datetime) -> Iterator[Iterator[datetime]]:
    """Give, for each half-year that settles between these moments, its publishing to all."""
    for half in halves(ends, ZONE):
        # The morning after: on the day itself its last hours have yet to settle.
        at = min(half.span(ZONE)[1] + SETTLES + timedelta(days=1, hours=9), ends)
        if at > begins:
            yield _publish(stage, at, half)


def _publish(stage: Stage, at: datetime, half: Half) -> Iterator[datetime]:
    yield at
    # Figures are kept for good: what the other process tells has to stand by then.
    stage.wait_for_others()
    with stage.worker():
        # The times too, which the year's worker has no turn of its own to gather.
        while gather(BATCH):
            pass
    with stage.desk():
        for email in _PUBLISHERS:
            viewer = stage.signed_in(email)
            with viewing(viewer):
                scope = scope_of(viewer)
                schools = scope.schools if viewer.kind is TeamKind.SCHOOL else ()
                for school in schools:
                    of_half(viewer, school.district, Where(school.district_id, half, school.pk))
                for district in () if schools else scope.districts:
                    of_half(viewer, district, Where(district.pk, half))


#: Tips with nothing to act on go after ninety days, once somebody has confirmed that rule.
_RULE: Final = "tip_not_actionable"
#: As many are let go; others wait for somebody to look at them.
_GONE: Final = 3


def retention(stage: Stage, ends: datetime) -> Iterator[datetime]:
    """Let two people agree that some tips go, and the worker destroy them a day later."""
    at = ends - 5 * _DAY
    yield at
    with stage.desk():
        viewer = stage.signed_in("admin@lakeside.example")
        for file in law_files():
            for fact in facts_of(file):
                if file.key == "keep-us-ct" and _RULE in fact.key:
                    confirm_fact(viewer, file.key, fact.key, fact.digest, stands=True)
    with stage.worker():
        sweeps.list_due()
    yield at + timedelta(hours=2)
    with stage.desk():
        viewer = stage.signed_in("dana@maple.example")
        with viewing(viewer):
            due = list(Item.objects.filter(state=Item.State.DUE).order_by("pk")[:_GONE])
        propose(viewer, [one.pk for one in due])
    yield at + _DAY
    with stage.desk():
        agree(stage.signed_in("admin@lakeside.example"), [one.pk for one in due])
    yield at + 2 * _DAY + timedelta(hours=3)
    with stage.worker():
        sweeps.dispose()
