"""In teams of two kinds one acts in one of them at a time, and can change it."""

from __future__ import annotations

import pytest
from django.db import connection

from conftest import Cast
from upstander.people import factories, sessions
from upstander.people.models import Membership
from upstander.people.public import public_places, route_now
from upstander.people.roles import Role, TeamKind
from upstander.places.models import District


def test_both_kinds_of_work_are_within_reach(cast: Cast) -> None:
    factories.join(cast.people["dee"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    client = cast.client("dee")
    page = client.get("/district").content.decode()
    assert "Act as school team" in page
    assert client.post("/people/active-role/", {"kind": "school"})["Location"] == "/"
    page = client.get("/team").content.decode()
    assert "Act as district office" in page
    assert client.get("/district").status_code == 403


@pytest.mark.parametrize("kind", ["center", "administration", "school", "", "nonsense", "\0"])
def test_nobody_acts_in_a_role_that_is_not_theirs(cast: Cast, kind: str) -> None:
    client = cast.client("dee")
    assert client.post("/people/active-role/", {"kind": kind}).status_code == 302
    token = client.cookies[sessions.COOKIE].value
    if kind in TeamKind:
        assert sessions.change_active_role(token, TeamKind(kind)) is False
    row = sessions.read(token)
    assert row is not None
    assert row.viewer.kind == TeamKind.DISTRICT
    assert row.viewer.active_roles == (TeamKind.DISTRICT,)


def test_who_left_the_teams_of_their_active_role_signs_in_anew(cast: Cast) -> None:
    factories.join(cast.people["dee"], cast.teams["cedar"], Role.TEAM_MEMBER, cast.keys)
    client = cast.client("dee")
    Membership.objects.filter(person=cast.people["dee"], team=cast.teams["maple"]).delete()
    assert client.get("/district").status_code == 302
    assert sessions.read(client.cookies[sessions.COOKIE].value) is None


def test_a_tip_without_a_place_goes_where_an_administrator_says(cast: Cast) -> None:
    assert route_now(None, {}, None, None).district_id == cast.harbor.pk, "the first by its name"
    client = cast.client("ada")

    def say(district: District) -> int:
        form = {
            "name": district.name,
            "center": district.center_id,
            "time_zone": "America/New_York",
            "languages": ["en"],
            "catch_all": "on",
        }
        return int(client.post(f"/places/districts/{district.pk}/", form).status_code)

    assert say(cast.maple) == 200, "another center's tips are not given away by one person"
    District.objects.filter(pk=cast.maple.pk).update(catch_all=True)
    factories.sign_what_stands()
    assert say(cast.pine) == 302, "within one center it is"
    public_places(fresh=True)
    route = route_now(None, {}, None, None)
    assert (route.district_id, route.center.id) == (cast.pine.pk, cast.center.pk)
    assert [d.pk for d in District.objects.filter(catch_all=True)] == [cast.pine.pk]
    assert route_now(None, {}, cast.quay.pk, None).district_id == cast.harbor.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE action LIKE '%%district%%'")
        assert cursor.fetchone() == (1,), "what was refused changed nothing"
