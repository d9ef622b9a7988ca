"""Made-up offices for mandated reports, a teacher, an outside monitor, and what they did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from upstander.places.models import District, School, Team
from upstander.places.roles import Role, TeamKind
from upstander.places.setup import add_office, add_school_teams

if TYPE_CHECKING:
    from upstander.places.scope import Viewer

#: As in demo_data: name, email, team, role, what the printed list says.
PEOPLE = (
    (
        "Paula Renner",
        "paula@maple.example",
        "birch_office",
        Role.HEAD_OF_SCHOOL,
        "head of Birch High",
    ),
    ("Terry Voss", "terry@maple.example", "birch_staff", Role.STAFF_MEMBER, "teacher, Birch High"),
    ("Cleo Marsh", "cleo@maple.example", "office", Role.COMPLIANCE_LEAD, "compliance lead"),
    ("Solveig Aune", "sol@maple.example", "office", Role.SUPERINTENDENT, "superintendent"),
    (
        "Mona Adeyemi",
        "monitor@childadvocate.example",
        "monitor",
        Role.MONITOR,
        "outside monitor: figures and proofs, no names",
    ),
)


def teams(district: District, schools: Mapping[str, School]) -> dict[str, Team]:
    """Make the offices and staff of a district and its schools; return those that have people."""
    add_office(district)
    for school in schools.values():
        add_school_teams(school)
    birch = schools["birch-high"]
    return {
        "birch_office": Team.objects.get(kind=TeamKind.OFFICE, school=birch),
        "birch_staff": Team.objects.get(kind=TeamKind.STAFF, school=birch),
        "office": Team.objects.get(kind=TeamKind.OFFICE, district=district, school=None),
        "monitor": Team(
            kind=TeamKind.MONITOR, name="Outside monitor of Maple Valley", district=district
        ),
    }


def tell(signed_in: Callable[[str], Viewer]) -> None:
    """Let the teacher begin one report and finish another, through the desk's own actions."""
    from upstander.mandated import actions  # noqa: PLC0415 - run where the desk's settings are
    from upstander.mandated.suspicion import Suspicion  # noqa: PLC0415
    from upstander.places.scope import viewing  # noqa: PLC0415

    terry = signed_in("terry@maple.example")
    post = terry.posts[0]
    if post.district_id is None:
        raise RuntimeError("the demo's teacher is at no school")
    with viewing(terry) as now:
        pass
    finished = actions.start_duty(
        terry,
        Suspicion(
            rule_set="us-ct",
            rule="abuse",
            district_id=post.district_id,
            school_id=post.school_id,
            cause_at=now - timedelta(hours=5),
            words={
                "facts": "Comes to school hungry and in the same clothes for the third week.",
                "child": "A girl in my homeroom, grade 9",
            },
        ),
    )
    actions.report_first(
        terry,
        finished,
        way="careline",
        at=now - timedelta(hours=4),
        accepted=True,
        words={"worker": "M. Example", "reference": "R-0102", "hold": "12 minutes"},
    )
    actions.send_written(
        terry, finished, at=now - timedelta(hours=1), words={"how": "Fax", "proof": "Receipt 44"}
    )
    actions.start_duty(
        terry,
        Suspicion(
            rule_set="us-ct",
            rule="abuse",
            district_id=post.district_id,
            school_id=post.school_id,
            cause_at=now - timedelta(hours=2),
            words={
                "first_words": "I don’t want to go home today.",
                "facts": "Said unasked, after class. A bruise on the arm.",
                "child": "A boy in my third period, grade 10",
            },
        ),
    )
