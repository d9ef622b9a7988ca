"""Made-up offices for mandated reports, a teacher, an outside monitor, and what they did."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import timedelta

from upstander.mandated.actions import duties as actions
from upstander.mandated.suspicion import Suspicion
from upstander.people.actions.setup import add_office, add_school_teams
from upstander.people.models import Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School

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


def teams(
    district: District, schools: Mapping[str, School], wanted: Container[str]
) -> dict[str, Team]:
    """Make the offices and staff of a district and its schools; return those that are wanted."""
    add_office(district)
    for school in schools.values():
        add_school_teams(school)
    found = {
        f"{slug.split('-')[0]}_{kind.value}": Team.objects.get(kind=kind, school=school)
        for slug, school in schools.items()
        for kind in (TeamKind.OFFICE, TeamKind.STAFF)
    }
    return {name: team for name, team in found.items() if name in wanted} | {
        "office": Team.objects.get(kind=TeamKind.OFFICE, district=district, school=None),
        "monitor": Team(
            kind=TeamKind.MONITOR, name="Outside monitor of Maple Valley", district=district
        ),
    }


def tell(signed_in: Callable[[str], Viewer]) -> None:
    """Let the teacher begin one report and finish another, through the desk's own actions."""
    terry = signed_in("terry@maple.example")
    membership = terry.memberships[0]
    if membership.district_id is None:
        raise RuntimeError("the demo's teacher is at no school")
    with viewing(terry) as now:
        pass
    finished = actions.start_duty(
        terry,
        Suspicion(
            rule_set="us-ct",
            rule="abuse",
            district_id=membership.district_id,
            school_id=membership.school_id,
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
            district_id=membership.district_id,
            school_id=membership.school_id,
            cause_at=now - timedelta(hours=2),
            words={
                "first_words": "I don’t want to go home today.",
                "facts": "Said unasked, after class. A bruise on the arm.",
                "child": "A boy in my third period, grade 10",
            },
        ),
    )
