"""What the demo's staff have already done, told through the desk's own actions and role."""

from __future__ import annotations

from importlib.resources import files

from upstander.command import demo_advocates, demo_callouts, demo_courses, demo_offices
from upstander.command.demo_cases import work_a_case
from upstander.command.demo_guides import assess
from upstander.command.demo_stage import Stage
from upstander.emergency.actions.roster_import import import_roster
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.standards.oneroster import read_export
from upstander.tips.actions.writing import add_note, add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip


def tell(stage: Stage) -> None:
    """Answer one tip, hand two to their school, and let its team open a case from one.

    Call in the stage's ``desk``.
    """
    ben = stage.signed_in("ben@lakeside.example")
    with viewing(ben):
        by_tile = {tip.tile: tip.pk for tip in Tip.objects.filter(state=TipState.NEW)}
        cedar = Team.objects.get(kind=TeamKind.SCHOOL, school__slug="cedar-middle")
    claim_tip(ben, by_tile["sad"])
    opened = open_tip(ben, by_tile["sad"])
    add_reply(
        opened,
        "Hi, I'm a real person at the center. Thank you for telling us. Are you safe to write?",
    )
    add_note(opened, "First message today. Ask gently about sleep, and who is at home.")
    claim_tip(ben, by_tile["other"])
    opened = open_tip(ben, by_tile["other"])
    add_reply(opened, "Thank you. We are telling the school's team about the door now.")
    hand_off(
        opened,
        [cedar.pk],
        "What: an outside door by the gym (door 7) is said not to lock.\n"
        "Where: Cedar Middle, gym side. Now: yes.\n"
        "First: somebody should look at the door before the building fills.",
    )
    claim_tip(ben, by_tile["fight"])
    hand_off(
        open_tip(ben, by_tile["fight"]),
        [cedar.pk],
        "What: two students of grade 8 have been fighting; one was pushed yesterday.\n"
        "Where: Cedar Middle, locker room. Now: no.\n"
        "First: check in with both, apart from each other.",
    )
    assess(stage.signed_in, work_a_case(stage.signed_in, by_tile["fight"]))
    # A made-up roster: so that a home address can be found at night.
    dana = stage.signed_in("dana@maple.example")
    export = files("upstander.command").joinpath("demo_roster")
    names = ("orgs.csv", "users.csv", "demographics.csv")
    import_roster(
        dana,
        next(membership.district_id for membership in dana.memberships if membership.district_id),
        read_export([(name, export.joinpath(name).read_bytes()) for name in names]),
    )
    demo_offices.tell(stage.signed_in)
    demo_callouts.tell(stage.signed_in)
    demo_advocates.tell(stage.signed_in)
    demo_courses.tell(stage.signed_in)
