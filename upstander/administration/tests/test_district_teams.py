"""The district lead sees which team would not come at night, and no other district's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from upstander.people import queries
from upstander.people.models import Membership, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.people.tests.cast import Cast
from upstander.places.models import School

pytestmark = pytest.mark.django_db


def gaps_of(cast: Cast, team: str) -> set[str]:
    """Return what the district lead of Maple sees missing in a team."""
    viewer = cast.viewer("dee")
    with viewing(viewer):
        reports = queries.school_teams(viewer)
    return {gap for one in reports if one.team == cast.teams[team] for gap in one.gaps}


def test_a_team_of_three_with_a_lead_and_somebody_at_night_has_no_gap(cast: Cast) -> None:
    assert gaps_of(cast, "cedar") == set()


def test_each_gap_is_named(cast: Cast) -> None:
    cedar = Membership.objects.filter(team=cast.teams["cedar"])
    cedar.update(reachable_at_night=False)
    assert gaps_of(cast, "cedar") == {"nobody_at_night"}
    cedar.filter(role=Role.TEAM_LEAD).delete()
    assert gaps_of(cast, "cedar") == {"nobody_at_night", "no_lead", "few"}
    for name in ("alice", "bea", "sam", "pia"):
        Membership.objects.create(
            team=cast.teams["cedar"], person=cast.people[name], role=Role.TEAM_MEMBER
        )
    assert gaps_of(cast, "cedar") == {"nobody_at_night", "no_lead", "many"}


def test_a_team_without_key_and_a_school_without_team_are_named(cast: Cast) -> None:
    district = cast.teams["maple"].district
    assert district is not None
    elm = School.objects.create(district=district, name="Elm School", slug="elm")
    oak = School.objects.create(district=district, name="Oak School", slug="oak")
    Team.objects.create(kind=TeamKind.SCHOOL, name="Elm team", district=district, school=elm)
    page = cast.client("dee").get("/district/teams").content.decode()
    assert "No key yet" in page
    assert "Schools without a team" in page
    assert oak.name in page


def test_only_ones_own_district_is_there(cast: Cast) -> None:
    page = cast.client("dee").get("/district/teams").content.decode()
    assert "Cedar" in page
    assert "Birch" in page
    assert "Aspen" not in page
    assert "Quay" not in page


def test_a_shut_account_does_not_count(cast: Cast) -> None:
    tom = cast.people["tom"]
    tom.is_active = False
    tom.save()
    assert gaps_of(cast, "cedar") == {"few"}


@pytest.mark.parametrize("name", ["tara", "tom", "alice", "ada"])
def test_others_do_not_see_the_page(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/district/teams").status_code == 403


def test_the_list_takes_as_many_queries_for_many_teams_as_for_few(
    cast: Cast,
) -> None:
    def count() -> int:
        viewer = cast.viewer("dee")
        with CaptureQueriesContext(connection) as seen, viewing(viewer):
            queries.school_teams(viewer)
        return len(seen)

    few = count()
    district = cast.teams["maple"].district
    assert district is not None
    for number in range(5):
        school = School.objects.create(
            district=district, name=f"School {number}", slug=f"school-{number}"
        )
        Team.objects.create(
            kind=TeamKind.SCHOOL, name=school.name, district=district, school=school
        )
    assert count() == few
