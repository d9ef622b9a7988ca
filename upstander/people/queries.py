"""Reads that the pages about people and places need; call them inside ``viewing``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from upstander.people.access import is_administrator
from upstander.people.models import Invitation, Membership, Person, Team
from upstander.people.roles import LEADING, TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center, District, School
from upstander.vault.models import HolderKey, SealedKey

#: A school's team has three to five people (product.md): enough for nights, few enough to act.
FEWEST, MOST = 3, 5


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's open sessions; times in UTC."""

    started_at: datetime
    used_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A member as a list shows them."""

    membership: Membership
    person: Person
    leads: bool
    #: Whether the team's newest key is sealed to them; None where the viewer can't see that.
    has_key: bool | None


@dataclass(frozen=True, slots=True)
class TeamReport:
    """A team, its members by name, and its gaps."""

    team: Team
    rows: tuple[Row, ...]
    key_version: int
    gaps: tuple[str, ...]


def open_sessions(viewer: Viewer) -> list[OpenSession]:
    """Return the viewer's own open sessions, this one first. Needs no ``viewing``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.own_sessions(%s)", [viewer.database_token])
        rows = [OpenSession(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (not row.here, row.started_at))


def has_key(team: Team) -> bool:
    """Tell whether somebody has made the team's key yet."""
    return HolderKey.objects.filter(holder=team.holder).exists()


def team_report(team: Team) -> TeamReport:
    """Return one team's report; with who holds its newest key, for those who lead it."""
    return _reports(Team.objects.filter(pk=team.pk))[0]


def teams_to_keep(viewer: Viewer) -> list[TeamReport]:
    """Return the teams that the viewer leads; for an administrator all."""
    teams = Team.objects.all()
    if not is_administrator(viewer):
        teams = teams.filter(pk__in=viewer.leads)
    return _reports(teams)


def school_teams(viewer: Viewer) -> list[TeamReport]:
    """Return the school teams of the districts that the viewer leads."""
    return _reports(
        Team.objects.filter(kind=TeamKind.SCHOOL, district_id__in=_led_districts(viewer))
    )


def schools_without_team(viewer: Viewer) -> list[School]:
    """Return the schools of the viewer's districts that have no team at all."""
    schools = School.objects.filter(district_id__in=_led_districts(viewer), team__isnull=True)
    return list(schools.order_by("name"))


def schools_to_print_for(viewer: Viewer) -> QuerySet[School]:
    """Return the schools whose posters the viewer prints: their team's, their district's, or all.

    The database hides other districts' schools in any case.
    """
    if is_administrator(viewer):
        return School.objects.order_by("district__name", "name")
    own = {
        membership.school_id
        for membership in viewer.memberships
        if membership.kind is TeamKind.SCHOOL
    }
    return School.objects.filter(
        Q(pk__in=own - {None}) | Q(district_id__in=_led_districts(viewer))
    ).order_by("district__name", "name")


def center_of_no_place() -> int | None:
    """Return the center to which tips go that name no place; call inside ``viewing``.

    As ``routing.route_for``: that of the district that was named, else of the first by name.
    """
    return (
        District.objects.order_by("-catch_all", "name", "pk")
        .values_list("center_id", flat=True)
        .first()
    )


def all_places() -> list[Center]:
    """Return every center with its districts and schools: three queries."""
    districts = District.objects.order_by("name").prefetch_related("schools")
    return list(
        Center.objects.order_by("name").prefetch_related(Prefetch("districts", queryset=districts))
    )


def all_people(asked: str = "") -> list[Person]:
    """Return all staff by name, with their memberships; ``asked`` is part of a name or address.

    Names are sealed, so that the database can neither sort by them nor search them.
    """
    people = Person.objects.prefetch_related(
        Prefetch("memberships", queryset=Membership.objects.select_related("team"))
    )
    plain = asked.casefold()
    found = [one for one in people if plain in one.name.casefold() or plain in one.email.casefold()]
    return sorted(found, key=lambda one: (not one.is_active, one.name.casefold()))


def open_invitations(team: Team, now: datetime) -> list[tuple[Invitation, str]]:
    """Return a team's open invitations with their state: proposed, waiting or over."""
    rows = Invitation.objects.filter(team=team, used_at__isnull=True).order_by("created_at")
    return [(row, row.link_state(now)) for row in rows]


def _led_districts(viewer: Viewer) -> list[int]:
    return [
        membership.district_id
        for membership in viewer.memberships
        if membership.kind == TeamKind.DISTRICT and membership.district_id is not None
    ]


def _reports(teams: QuerySet[Team]) -> list[TeamReport]:
    """Read teams with members and keys in four queries, however many there are."""
    people = Membership.objects.select_related("person").filter(person__is_active=True)
    found = list(
        teams.select_related("district", "school", "center")
        .prefetch_related(Prefetch("memberships", queryset=people))
        .order_by("kind", "name", "pk")
    )
    holders = [team.holder for team in found]
    versions: dict[str, int] = {}
    for holder, version in HolderKey.objects.filter(holder__in=holders).values_list(
        "holder", "version"
    ):
        versions[holder] = max(version, versions.get(holder, 0))
    sealed = set(
        SealedKey.objects.filter(holder__in=holders, member__startswith="person:").values_list(
            "holder", "version", "member"
        )
    )
    visible = {holder for holder, _, _ in sealed}
    return [
        _report(team, versions.get(team.holder, 0), sealed if team.holder in visible else None)
        for team in found
    ]


def _report(team: Team, version: int, sealed: set[tuple[str, int, str]] | None) -> TeamReport:
    rows = [
        Row(
            one,
            one.person,
            one.role in LEADING,
            None if sealed is None else (team.holder, version, one.person.holder) in sealed,
        )
        for one in team.memberships.all()
    ]
    # Names are sealed: the database can't sort by them.
    rows.sort(key=lambda row: (not row.leads, row.person.name.casefold()))
    return TeamReport(team, tuple(rows), version, tuple(_gaps(team, rows, version)))


def _gaps(team: Team, rows: list[Row], version: int) -> list[str]:
    gaps: list[str] = []
    if team.kind == TeamKind.SCHOOL and len(rows) < FEWEST:
        gaps.append("few")
    if team.kind == TeamKind.SCHOOL and len(rows) > MOST:
        gaps.append("many")
    if not any(row.leads for row in rows):
        gaps.append("no_lead")
    if team.kind in (TeamKind.SCHOOL, TeamKind.CENTER) and not any(
        row.membership.reachable_at_night for row in rows
    ):
        gaps.append("nobody_at_night")
    if version == 0:
        gaps.append("no_key")
    if team.renew_key_since is not None:
        gaps.append("renew_key")
    return gaps
