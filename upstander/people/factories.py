"""Places and people for tests and the demo, made as the database's owner."""

from __future__ import annotations

from dataclasses import dataclass, field

from upstander.people import sessions
from upstander.people.keys import publish_key, seal_team_key
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.people.statements import facts_of, state, state_as, state_members, subject_of
from upstander.places.models import Center, District, School
from upstander.vault.holders import KeyPair, new_key_pair
from upstander.vault.models import PersonKey


@dataclass
class Keys:
    """The private seeds that only the factory's caller holds, as the real holders would."""

    people: dict[int, bytes] = field(default_factory=dict)
    teams: dict[int, bytes] = field(default_factory=dict)


def make_team(kind: TeamKind, name: str, keys: Keys, **place: Center | District | School) -> Team:
    """Make a team with the first version of its key pair."""
    team = Team.objects.create(kind=kind, name=name, **place)
    pair: KeyPair = new_key_pair()
    publish_key(team.holder, 1, pair)
    keys.teams[team.pk] = pair.private
    state(team)
    return team


def make_person(name: str, keys: Keys, *, password: str | None = None) -> Person:
    """Make a person with a key pair. Without a password their key is held by ``keys`` alone."""
    person = Person(email=f"{name.lower().replace(' ', '.')}@example.org", name=name)
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    person.save()
    pair = new_key_pair()
    publish_key(person.holder, 1, pair)
    PersonKey.objects.create(person_id=person.pk, password_salt=b"")
    keys.people[person.pk] = pair.private
    return person


def join(person: Person, team: Team, role: Role, keys: Keys) -> Membership:
    """Make somebody a member and seal the team's key to them."""
    seal_team_key(team.holder, 1, keys.teams[team.pk], person.holder)
    state_members(team.pk, joined={person.pk: role})
    return Membership.objects.create(person=person, team=team, role=role, reachable_at_night=True)


def sign_what_stands() -> None:
    """Sign places, teams and members as their rows stand now: made by hand, by no action."""
    for team in Team.objects.all():
        members = team.memberships.values_list("person_id", "role")
        state_as(
            subject_of(team),
            {**facts_of(team), "members": {str(one): role for one, role in members}},
        )
    for district in District.objects.all():
        state(district)
    for school in School.objects.all():
        state(school)


def viewer(person: Person, keys: Keys, *, unlocked: bool = True) -> Viewer:
    """Sign a person in, as if with both factors, and return them as a viewer."""
    seed = keys.people[person.pk] if unlocked else None
    row = sessions.read(sessions.begin(person, seed, complete=True))
    if row is None:
        raise RuntimeError(f"{person} could not sign in")
    return row.viewer
