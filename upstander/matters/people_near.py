"""Everybody who could come to see a matter, for every form that asks who must not.

One list for all of them, taken from the memberships themselves: whoever holds any role within a
district, at its center or in the administration stands in it, so that nobody whom a rule grants
something is left out of the form that keeps them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from upstander.people.keys import person_mac
from upstander.people.known_names import known_as
from upstander.people.models import Person
from upstander.people.roles import Role, TeamKind


@dataclass(frozen=True, slots=True)
class Near:
    """One person in one team."""

    person_id: int
    name: str
    role: Role
    team_id: int
    team: str
    kind: TeamKind
    district_id: int | None
    school_id: int | None
    #: Other names that they are or were known by, and addresses (``known_names.known_as``).
    also: tuple[str, ...] = ()
    #: What they sign in with.
    email: str = ""


#: A form's choices under headings: a team's name, then ids and names.
type Groups = list[tuple[str, list[tuple[int, str]]]]


def people_near(district_id: int | None = None) -> list[Near]:
    """Return everybody near a district's matters, by name; call inside ``viewing``.

    None: of all districts within the viewer's sight. Whoever is in two teams stands there twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, person, role, team_id, team, kind, district_id, school_id, known_as,"
            " email FROM api.people_near(%s)",
            [district_id],
        )
        rows = cursor.fetchall()
    found = [
        Near(
            person,
            opened_name(name),
            Role(role),
            team_id,
            team,
            TeamKind(kind),
            place,
            school,
            known_as(_opened("known_as", kept), email),
            email,
        )
        for person, name, role, team_id, team, kind, place, school, kept, email in rows
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.person_id, one.team_id))


def near_by_id(people: Iterable[int]) -> list[Near]:
    """Return colleagues as such a list has them, of no team: to be compared with words by name.

    Call inside ``viewing``; those out of its sight are left out.
    """
    return [
        Near(
            one.pk,
            one.name,
            Role.STAFF_MEMBER,
            0,
            "",
            TeamKind.STAFF,
            None,
            None,
            known_as(one.known_as, one.email),
        )
        for one in Person.objects.filter(pk__in=set(people))
    ]


def say_near(district_id: int) -> None:
    """Hand the database the opaque codes of everybody near a matter; call inside ``viewing``.

    It keeps nobody's, and its rows name people by what is made of them. Where something is kept
    from somebody or two matters become one, it finds by them what it must take back, and that
    somebody is left who can act.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM api.people_near(%s)", [district_id])
        codes = {person_mac(person).hex() for (person,) in cursor.fetchall()}
        cursor.execute("SELECT set_config('upstander.near', %s, true)", [",".join(sorted(codes))])


def opened_name(name: object) -> str:
    """Open a person's name that a function of the database returned sealed. Raises SealBroken."""
    return str(_opened("name", name))


def _opened(column: str, sealed: object) -> str | None:
    field: Any = Person._meta.get_field(column)
    text: str | None = field.from_db_value(sealed, None, connection)
    return text


def grouped(
    near: Sequence[Near], *, school_id: int | None = None, leave_out: Iterable[int] = ()
) -> Groups:
    """Return people as a form's choices: by team, the school's own teams first.

    Somebody in two teams stands under both, so that they are found under either.
    """
    left_out = set(leave_out)
    teams: dict[int, tuple[tuple[bool, str, str], str, dict[int, str]]] = {}
    for one in near:
        if one.person_id in left_out:
            continue
        elsewhere = one.school_id is None or one.school_id != school_id
        key = (elsewhere, one.kind.value, one.team.casefold())
        teams.setdefault(one.team_id, (key, one.team, {}))[2][one.person_id] = one.name
    ordered = sorted(teams.values(), key=lambda team: team[0])
    return [(name, list(people.items())) for _key, name, people in ordered]


#: The teams that act on a tip, and the district's office that watches over its reports.
_ACTING = frozenset({TeamKind.SCHOOL, TeamKind.DISTRICT, TeamKind.OFFICE})


#: Said where it would, and no second person can be asked.
SHUTS_OUT = _(
    "No one at the center, or no one on a whole team, would be left to act on this. Keep "
    "in the people it is not about; if it is about all of them, begin your own report "
    "and name them there."
)


def shuts_out(near: Iterable[Near], people: Iterable[int]) -> bool:
    """Tell whether excluding these would leave nobody at the center, or nobody of a whole team.

    A team of one is none: whoever is alone in it can be accused. Nor is a school's office, where
    a head and whoever stands in for them may both be.
    """
    out, members = set(people), dict[tuple[TeamKind, int], set[int]]()
    for one in near:
        if one.kind is TeamKind.CENTER:
            members.setdefault((one.kind, 0), set()).add(one.person_id)
        elif one.kind in _ACTING and not (one.kind is TeamKind.OFFICE and one.school_id):
            members.setdefault((one.kind, one.team_id), set()).add(one.person_id)
    return any(
        found <= out and (kind is TeamKind.CENTER or len(found) > 1)
        for (kind, _team), found in members.items()
    )
