"""How one tip of the demo's year goes: filed, read, handed on, worked on, ended."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from upstander.accountability.actions.outcomes import fill_in
from upstander.cases.actions.ending import close_case, review_closing
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.models import Case, CaseAction, CaseClosing
from upstander.command.demo_stage import Stage
from upstander.command.demo_year_plan import SEED, Planned, Way
from upstander.decisions.actions import close_tip, decide
from upstander.decisions.models import SecondOpinion
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips import reporter
from upstander.tips.actions.writing import add_reply
from upstander.tips.opening import open_tip, words_shown
from upstander.triage.actions.handoff import hand_off, record_next_step
from upstander.triage.actions.work import assess_tip, claim_tip

#: School → its team, the lead first.
TEAMS: Final = {
    "cedar-middle": ("miriam", "tomas", "grace"),
    "birch-high": ("owen", "hana", "marcus"),
    "alder": ("priya", "joel", "ellen"),
}
_CATEGORY: Final = {
    "bullying": ("bullying", Case.Concern.BULLYING),
    "fight": ("fight", Case.Concern.THREAT),
    "threat": ("threat_to_person", Case.Concern.THREAT),
    "suicide": ("suicide_ideation", Case.Concern.SELF_HARM),
    "sad": ("isolation", Case.Concern.WELLBEING),
    "drugs": ("vaping", Case.Concern.SUBSTANCE),
    "missing": ("missing_runaway", Case.Concern.OTHER),
    "other": ("building_hazard", Case.Concern.OTHER),
}


#: Whoever wrote so lately would still be waiting for an answer.
_LATELY: Final = timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class World:
    """Ids of what stands before the year begins, and when it ends (UTC)."""

    ends: datetime
    schools: dict[str, int]
    teams: dict[str, int]

    @classmethod
    def found(cls, ends: datetime) -> World:
        """Look everything up, as the owner."""
        teams = Team.objects.filter(kind=TeamKind.SCHOOL, school__isnull=False)
        return cls(
            ends,
            dict(School.objects.values_list("slug", "pk")),
            dict(teams.values_list("school__slug", "pk")),
        )


def process_of(one: Planned) -> int:
    """Return which of two processes tells a tip; a team's work stays in one."""
    in_second = one.school in ("birch-high", "quay-high") or (
        one.school == "alder" and one.way is Way.CENTER
    )
    return int(in_second)


def tip(stage: Stage, world: World, one: Planned) -> Iterator[datetime]:
    """Tell one tip; each moment that is given is when it goes on."""
    dice = Random(SEED + one.number)  # noqa: S311 - a story, no secret
    at = one.at
    yield at
    with stage.as_("public"):
        filed = reporter.file_tip(
            reporter.NewTip(
                token=reporter.new_form_token(),
                text=one.text,
                language=one.language,
                tile=one.tile,
                answers={"who": "someone", "when": "days", "source": dice.choice(("saw", "told"))},
                school_id=world.schools[one.school],
            )
        )
    at += timedelta(seconds=_slow(dice, 35, 6))
    yield at
    counselor = "ben@lakeside.example" if 8 <= at.hour < 20 else "nadia@lakeside.example"
    with stage.desk():
        claim_tip(stage.signed_in(counselor), filed.tip_id)
        words_shown(open_tip(stage.signed_in(counselor), filed.tip_id))
    if one.way is Way.CENTER:
        yield from _end_at_center(stage, filed.tip_id, counselor, at, dice)
    else:
        yield from _hand_on(stage, world, one, filed.tip_id, counselor, at, dice)


def _slow(dice: Random, usual: float, spread: float) -> float:
    """Return seconds about ``usual``, some of them many times that."""
    return max(4.0, usual * math.pow(spread, dice.gauss(0, 0.6)))


_ANSWERS: Final = (
    "Thank you for telling us. Is anybody with them now?",
    "Thank you. You did the right thing. Can you say when it was last?",
    "We read this. Somebody will look into it today.",
)
_ENDED: Final = (
    ("support_given", "Talked with the reporter; they know whom to turn to at school."),
    ("not_enough", "Nothing that anybody could act on, and no answer since."),
    ("support_given", "They wanted to be heard. Gave the number of the helpline."),
    ("unfounded", "Looked into; it was something else."),
    ("counseling", "Told how to reach the counselor; they will."),
)


def _end_at_center(
    stage: Stage, tip_id: UUID, counselor: str, at: datetime, dice: Random
) -> Iterator[datetime]:
    at += timedelta(minutes=dice.randint(2, 9))
    yield at
    with stage.desk():
        add_reply(open_tip(stage.signed_in(counselor), tip_id), dice.choice(_ANSWERS))
    yield at + timedelta(hours=dice.uniform(1, 40))
    disposition, words = dice.choice(_ENDED)
    with stage.desk():
        close_tip(open_tip(stage.signed_in(counselor), tip_id), disposition, words)


def _hand_on(
    stage: Stage,
    world: World,
    one: Planned,
    tip_id: UUID,
    counselor: str,
    at: datetime,
    dice: Random,
) -> Iterator[datetime]:
    lead, *others = (f"{name}@maple.example" for name in TEAMS[one.school])
    second = dice.choice(others)
    grave = one.grave
    at += timedelta(seconds=_slow(dice, 55, 2))
    yield at
    with stage.desk():
        opened = open_tip(stage.signed_in(counselor), tip_id)
        if grave or at > world.ends - _LATELY:
            add_reply(opened, dice.choice(_ANSWERS))
            opened = open_tip(stage.signed_in(counselor), tip_id)
        assess_tip(opened, {}, one.priority, category=_CATEGORY[one.tile][0])
    # Whoever is signed in is so for fifteen minutes.
    at += timedelta(seconds=min(600, _slow(dice, 40 if grave else 240, 2.5)))
    yield at
    with stage.desk():
        hand_off(opened, [world.teams[one.school]], f"What: {one.text}\nNow: no.\nFirst: check in.")
    if grave:
        yield at + timedelta(seconds=dice.randint(2, 12))
        _sweep(stage)
    if one.climbs:
        at += timedelta(minutes=4)
        yield at
        _sweep(stage)
    at += timedelta(seconds=_slow(dice, 110 if grave else 600, 2.5))
    yield at
    with stage.desk():
        viewer = stage.signed_in(lead if one.climbs else second)
        record_next_step(open_tip(viewer, tip_id), dice.choice(("visit", "colleague")), "")
    if one.way is Way.CASE:
        yield from _case(stage, world, one, tip_id, (lead, second), at, dice)
        at = stage.now or at
    yield at + timedelta(hours=dice.uniform(20, 90))
    with stage.desk():
        opened = open_tip(stage.signed_in(second), tip_id)
        endings = _CASE_ENDED if one.way is Way.CASE else _SCHOOL_ENDED
        close_tip(opened, dice.choice(endings), "Seen to; both sides were talked with.")
    if grave:
        yield (stage.now or at) + timedelta(minutes=3)
        with stage.desk():
            viewer = stage.signed_in(lead)
            open_tip(viewer, tip_id)
            with viewing(viewer):
                opinion = SecondOpinion.objects.get(tip_id=tip_id, state="open")
            decide(viewer, opinion.pk, agree=True)


_CASE_ENDED: Final = ("school_action", "support_given", "parents_told", "monitoring")
_SCHOOL_ENDED: Final = (*_CASE_ENDED[:2], "counseling", "unfounded", "not_enough")


def _sweep(stage: Stage) -> None:
    with stage.worker():
        sweep_steps()
        sweep_pages()


_SUPPORT: Final = ("check_in", "counseling", "supervision", "restorative", "schedule")
_WHY: Final = (
    "It has gone on for some time, the homeroom teacher says.",
    "New since the break; both families know.",
    "We want to know how it is at lunch and on the bus.",
)
_RAISED_BY: Final = ("homeroom teacher", "school nurse", "a parent", "bus driver")
_WENT: Final = (
    "We talked twice. It has been calm since.",
    "Went well; they want to go on with it.",
    "Done, with both families.",
)
#: Hours: longer than any of these takes.
_WITHIN: Final = 15 * 24
_OUTCOMES: Final = ("safe_supported", "safe_supported", "resolved", "services", "plan_kept")


def raised(stage: Stage, world: World, one: Planned) -> Iterator[datetime]:
    """Tell a case that somebody at the school raised: no tip came of it."""
    lead, second, *_ = (f"{name}@maple.example" for name in TEAMS[one.school])
    dice = Random(SEED + one.number)  # noqa: S311 - a story, no secret
    yield from _case(stage, world, one, None, (lead, second), one.at, dice)


def _case(
    stage: Stage,
    world: World,
    one: Planned,
    tip_id: UUID | None,
    team: Sequence[str],
    at: datetime,
    dice: Random,
) -> Iterator[datetime]:
    lead, second = team
    at += timedelta(hours=dice.uniform(1, 20))
    yield at
    with stage.desk():
        viewer = stage.signed_in(lead)
        case = open_case(
            viewer,
            NewCase(
                concern=_CATEGORY[one.tile][1],
                why=dice.choice(_WHY),
                team_id=world.teams[one.school],
                tips=[open_tip(viewer, tip_id, purpose="case")] if tip_id else [],
                raised_by="" if tip_id else dice.choice(_RAISED_BY),
                life_safety=one.grave,
            ),
        )
        opened = open_the_case(viewer, case)
        todo = add_action(opened, dice.choice(_SUPPORT), within=_WITHIN).pk
    at += timedelta(days=dice.uniform(3, 14))
    yield at
    with stage.desk():
        opened = open_the_case(stage.signed_in(lead), case)
        finish_action(opened, todo, dice.choice(_WENT))
        closing = close_case(
            opened, dice.choice(_OUTCOMES), "Calm for two weeks; both are doing well."
        )
    if closing.state == CaseClosing.State.WAITING:
        at += timedelta(hours=dice.uniform(1, 5))
        yield at
        with stage.desk():
            opened = open_the_case(stage.signed_in(second), case)
            review_closing(opened, closing.pk, agree=True)
    if one.grade:
        yield at + timedelta(minutes=5)
        with stage.desk():
            fill_in(
                stage.signed_in(lead),
                case,
                grade=one.grade,
                disability=one.number % 5 < 2,
                groups={},
            )
    yield at + timedelta(days=7, hours=1)
    with stage.desk():
        opened = open_the_case(stage.signed_in(lead), case)
        with viewing(opened.viewer):
            follow_ups = list(
                CaseAction.objects.filter(case_id=case, ended_at=None).order_by("due_at")
            )
        finish_action(opened, follow_ups[0].pk, "A week later: still calm, and they say so.")
        for later in follow_ups[1:]:
            finish_action(
                opened,
                later.pk,
                "The counselor sees them every other week anyway.",
                ending=CaseAction.Ending.NOT_NEEDED,
            )
