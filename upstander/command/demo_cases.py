"""The demo's case: Cedar Middle's team works on a tip, and leaves something for the newcomer to do.

Told through the cases' own actions, as the people themselves. Nobody in it is real.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from upstander.cases.actions.homes import answer_home
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.actions.timeline import add_item
from upstander.cases.models import Case
from upstander.cases.people import add_person
from upstander.people.scope import Viewer
from upstander.tips.opening import open_tip


def work_a_case(signed_in: Callable[[str], Viewer], tip_id: UUID) -> UUID:
    """Have Miriam open a case from a tip that her team has, and Tomás help. Returns its id."""
    miriam, tomas = signed_in("miriam@maple.example"), signed_in("tomas@maple.example")
    team = next(membership.team_id for membership in miriam.memberships)
    case = open_case(
        miriam,
        NewCase(
            concern=Case.Concern.THREAT,
            why="Two students of grade 8 have been at each other for weeks, and one was pushed. "
            "We want to know whether it goes on, and that both are all right.",
            team_id=team,
            tips=[open_tip(miriam, tip_id, purpose="case")],
            home_said="yes",
        ),
    )
    led = open_the_case(miriam, case)
    add_person(led, "Student A, grade 8, homeroom 12", role="harmed", sure="likely")
    add_person(
        led,
        "Student B, grade 8, homeroom 14",
        role="maker",
        sure="said",
        words="Only the tip says so yet.",
    )
    check_in = add_action(
        led,
        "check_in",
        "With student A, at lunch, in the counseling room.",
        owner_id=tomas.person_id,
    )
    helped = open_the_case(tomas, case)
    add_item(
        helped,
        "first_words",
        {"words": "“He waits for me after gym. I just want it to stop.”"},
    )
    finish_action(helped, check_in.pk, "We talked for ten minutes. He wants to come again Friday.")
    answer_home(led, "yes", "He said that his mother knows and helps.")
    add_action(led, "supervision", "An adult by the gym door between periods.")
    add_action(helped, "restorative", "If both want it, and not before.")
    return case
