"""Everybody to whom a rule grants something stands in the forms that keep people out."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.matters.people_near import grouped, people_near
from upstander.people import factories
from upstander.people.models import Membership, Person
from upstander.people.permissions import GRANTED
from upstander.people.roles import ROLES_OF_KIND, Role, TeamKind, roles_in
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db


def one_of_each(cast: Cast) -> dict[Role, Person]:
    """Make somebody in each role that there is, in each kind of team of one district."""
    made: dict[Role, Person] = {}
    for kind in TeamKind:
        if not ROLES_OF_KIND[kind]:
            continue  # no team is of those who have left
        places: list[dict[str, Any]] = [{"district": cast.maple}]
        if kind is TeamKind.CENTER:
            places = [{"center": cast.center}]
        elif kind is TeamKind.ADMINISTRATION:
            places = [{}]
        elif kind in (TeamKind.SCHOOL, TeamKind.STAFF):
            places = [{"district": cast.maple, "school": cast.cedar}]
        elif kind is TeamKind.OFFICE:
            places = [{"district": cast.maple, "school": cast.cedar}, {"district": cast.maple}]
        for place in places:
            own = {TeamKind.SCHOOL: "cedar", TeamKind.CENTER: "lakeside"}.get(kind, "")
            team = cast.teams.get(own) or factories.make_team(
                kind, f"{kind} {len(made)}", cast.keys, **place
            )
            for role in sorted(roles_in(kind, of_school="school" in place)):
                made[role] = factories.make_person(f"A {role}", cast.keys)
                factories.join(made[role], team, role, cast.keys)
    return made


def test_whoever_a_rule_grants_anything_is_among_them(cast: Cast) -> None:
    # From the rules: each role that carries a right, and each that a kind of team has.
    roles = {role for role, rights in GRANTED.items() if rights}
    roles |= {role for kind in TeamKind for role in ROLES_OF_KIND[kind]}
    made = one_of_each(cast)
    # Whoever has left is in no team, and is offered as nobody else who left is.
    assert made.keys() == roles - {Role.FORMER} == set(Role) - {Role.FORMER}
    everybody = {person.pk for person in made.values()}
    for name in ("alice", "tom", "dee"):
        with viewing(cast.viewer(name)):
            near = people_near(cast.maple.pk)
        assert everybody <= {one.person_id for one in near}, name
        assert {one.role for one in near} == set(Role) - {Role.FORMER}
        offered = {person for _team, people in grouped(near) for person, _name in people}
        assert everybody <= offered


def test_nobody_of_another_district_or_center_and_nobody_who_has_left(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["tom"].pk).update(is_active=False)
    with viewing(cast.viewer("alice")):
        near = {one.person_id for one in people_near(cast.maple.pk)}
        harbor = people_near(cast.harbor.pk)
    for name in ("tom", "paul", "charlie", "cora", "pia"):
        assert cast.people[name].pk not in near
    assert harbor == []
    with viewing(cast.viewer("charlie")):
        assert people_near(cast.maple.pk) == []


def test_the_schools_own_come_first_and_somebody_in_two_teams_is_found_under_both(
    cast: Cast,
) -> None:
    factories.join(cast.people["tom"], cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    with viewing(cast.viewer("alice")):
        groups = grouped(
            people_near(cast.maple.pk),
            school_id=cast.birch.pk,
            leave_out=[cast.people["bob"].pk],
        )
    tom, bob = cast.people["tom"].pk, cast.people["bob"].pk
    assert groups[0] == ("Birch's team", [(tom, "Tom")])
    assert [team for team, people in groups if (tom, "Tom") in people] == [
        "Birch's team",
        "Cedar's team",
    ]
    assert not any(bob == person for _team, people in groups for person, _name in people)
    assert Membership.objects.filter(person_id=tom).count() == 2
