"""An outside monitor's view has an end, and gives nothing of the district it watches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from conftest import Cast, database_now
from upstander.administration.imports import judge_staff
from upstander.people import sessions
from upstander.people.actions.setup import add_school_teams
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.people.tests.monitor import monitor
from upstander.places.models import School

pytestmark = pytest.mark.django_db


def test_a_view_without_an_end_gets_one_and_none_is_longer_than_a_year(cast: Cast) -> None:
    person = monitor(cast)
    row = Membership.objects.get(person=person)
    assert row.until is not None
    assert timedelta(364) < row.until - database_now() < timedelta(367)
    row.until = database_now() + timedelta(9999)
    row.save()
    row.refresh_from_db()
    assert row.until - database_now() < timedelta(367)
    assert set(Membership.objects.exclude(person=person).values_list("until", flat=True)) == {None}


def test_when_it_ends_the_session_ends_at_once(cast: Cast) -> None:
    monitor(cast)
    viewer = cast.viewer("moni")
    until = (database_now() - timedelta(days=1)).date()
    url = f"/people/teams/{cast.teams['monitor'].pk}/members/{viewer.person_id}/"
    found = cast.client("ada").post(url, {"until": f"{until - timedelta(days=1)}"})
    assert found.status_code == 302, found.content[:500]
    assert sessions.read(viewer.token) is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('upstander.token', %s, true)", [viewer.scope])
        cursor.execute("SELECT api.monitor_districts()")
        assert cursor.fetchone() == ([],)


def test_only_an_administrator_moves_the_end(cast: Cast) -> None:
    monitor(cast)
    url = f"/people/teams/{cast.teams['monitor'].pk}/members/{cast.people['moni'].pk}/"
    before = Membership.objects.get(person=cast.people["moni"]).until
    for name in ("moni", "dee", "tara", "sam"):
        assert cast.client(name).post(url, {"until": "2031-01-01"}).status_code in (403, 404)
    assert Membership.objects.get(person=cast.people["moni"]).until == before


def test_a_monitor_is_nothing_else(cast: Cast) -> None:
    person = monitor(cast)
    for team, role in (("cedar", Role.TEAM_MEMBER), ("maple_police", Role.OFFICER)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(team=cast.teams[team], person=person, role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            team=cast.teams["monitor"], person=cast.people["tom"], role=Role.MONITOR
        )


def test_a_monitor_sees_schools_by_name_and_nobody_of_them(cast: Cast) -> None:
    monitor(cast)
    with viewing(cast.viewer("moni")):
        assert set(School.objects.values_list("name", flat=True)) == {
            cast.cedar.name,
            cast.birch.name,
        }
        assert list(Person.objects.values_list("pk", flat=True)) == [cast.people["moni"].pk]


def test_a_staff_list_may_name_the_school_and_the_role_says_which_team(cast: Cast) -> None:
    add_school_teams(cast.cedar)
    with viewing(cast.viewer("ada")):
        rows, _ = judge_staff(
            "name,email,team,role\n"
            "A,a@example.org,cedar,\n"
            "B,b@example.org,cedar,staff member\n"
            "C,c@example.org,Cedar Middle School,principal\n"
            "D,d@example.org,Cedar Middle School: staff,\n"
            "E,e@example.org,cedar,superintendent\n"
        )
        told = [row.team and row.team.kind for row in rows]
        again = list(judge_staff("email,team,role\nb@example.org,cedar,teacher\n")[0])
    assert told == ["school", "staff", "office", "staff", None]
    assert again[0].team is not None
    assert again[0].team.kind == TeamKind.STAFF
    assert Team.objects.filter(school=cast.cedar).count() == 3
