"""From empty tables to a system that people can sign in to. Run as the owner (`upstander init`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify

from upstander.audit.actions import record
from upstander.people import keys
from upstander.people.actions.recovery import TeamSeeds, holder_of, make_recovery
from upstander.people.models import Membership, Person, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import System
from upstander.people.statements import state, state_members
from upstander.places.models import Center, District, School
from upstander.states import the_only_state
from upstander.vault.models import HolderKey
from upstander.vault.passwords import new_passphrase


class AlreadySetUp(Exception):
    """There is a center already: setting up never adds to a running system."""


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """Somebody who must be able to sign in from the first minute on."""

    email: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class FirstSchool:
    """A school that stands from the beginning. Its team has no one yet and no key."""

    name: str
    grades: str = ""
    address: str = ""
    town: str = ""
    psap_name: str = ""
    psap_phone: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in for the first time. Shown once, stored nowhere."""

    role: str
    email: str
    passphrase: str = field(repr=False)
    recovery_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """Secrets that exist on the screen only: first sign-ins, and the two recovery shares."""

    people: tuple[SignIn, ...]
    shares: tuple[str, str] = field(repr=False)


def set_up_installation(
    *,
    center: str,
    district: str,
    administrator: FirstPerson,
    supervisor: FirstPerson,
    lead: FirstPerson,
    schools: Sequence[FirstSchool] = (),
    time_zone: str = "America/New_York",
    of_state: str = "",
) -> ShownOnce:
    """Make the first center, district, schools, people, teams, keys and recovery shares.

    One transaction. The two shares bring all three teams' keys back. Raises
    AlreadySetUp.
    """
    with transaction.atomic(durable=True):
        if Center.objects.exists():
            raise AlreadySetUp
        a_center = Center.objects.create(
            name=center, slug=slugify(center) or "center", time_zone=time_zone
        )
        a_district = District.objects.create(
            center=a_center,
            name=district,
            slug=slugify(district) or "district",
            time_zone=time_zone,
            state=of_state or the_only_state(),
        )
        add_office(a_district)
        for school in schools:
            make_school(a_district, school)
        signed: list[SignIn] = []
        seeds: dict[Team, TeamSeeds] = {}
        for who, role, team in (
            (
                administrator,
                Role.ADMINISTRATOR,
                Team(kind=TeamKind.ADMINISTRATION, name="System administration"),
            ),
            (
                supervisor,
                Role.CENTER_SUPERVISOR,
                Team(kind=TeamKind.CENTER, name=center, center=a_center),
            ),
            (
                lead,
                Role.DISTRICT_LEAD,
                Team(kind=TeamKind.DISTRICT, name=district, district=a_district),
            ),
        ):
            team.save()
            state(team)
            person, sign_in = _make_person(who, team, role)
            signed.append(sign_in)
            seeds[team] = {1: keys.make_team_key(team, [person]).private}
        state(a_district)
        shares = make_recovery([a_center, a_district, None], seeds)
        record("system set up", actor=System(), subject_kind="center", subject_id=a_center.pk)
    return ShownOnce(tuple(signed), shares)


def make_school(district: District, school: FirstSchool) -> School:
    """Make a school with its team, which waits for its first lead."""
    made = School.objects.create(
        district=district,
        slug=free_slug(school.name),
        time_zone=district.time_zone,
        languages=district.languages,
        name=school.name,
        grades=school.grades,
        address=school.address,
        town=school.town,
        psap_name=school.psap_name,
        psap_phone=school.psap_phone,
    )
    state(made)
    add_school_teams(made)
    return made


def add_school_teams(school: School) -> None:
    """Make the teams that a school lacks: its own, its office and its staff. Nobody is in them yet.

    The office sees whether reports were made that the law asks for; each of the staff owes theirs.
    """
    for kind, name in (
        (TeamKind.SCHOOL, school.name),
        (TeamKind.OFFICE, f"{school.name}: office"),
        (TeamKind.STAFF, f"{school.name}: staff"),
    ):
        team, new = Team.objects.get_or_create(
            kind=kind,
            school=school,
            defaults={"name": name[:120], "district_id": school.district_id},
        )
        if new:
            state(team)


def add_office(district: District) -> None:
    """Make the district's office for mandated reports, unless it stands."""
    team, new = Team.objects.get_or_create(
        kind=TeamKind.OFFICE,
        district=district,
        school=None,
        defaults={"name": f"{district.name}: office"[:120]},
    )
    if new:
        state(team)


def add_administrator(who: FirstPerson) -> SignIn:
    """Make a further administrator, without a supervisor's yes: on the machine alone.

    The administration's key is made anew for all its members; it opens no tip.
    """
    with transaction.atomic(durable=True):
        team = Team.objects.filter(kind=TeamKind.ADMINISTRATION).first()
        if team is None:
            team = Team.objects.create(kind=TeamKind.ADMINISTRATION, name="System administration")
            state(team)
        person, sign_in = _make_person(who, team, Role.ADMINISTRATOR)
        members = Person.objects.filter(memberships__team=team, is_active=True)
        with_key = HolderKey.objects.filter(holder__in=[one.holder for one in members])
        holders = set(with_key.values_list("holder", flat=True))
        pair = keys.make_team_key(team, [one for one in members if one.holder in holders])
        if keys.newest_version(holder_of(None)):
            version = keys.newest_version(team.holder)
            keys.seal_team_key(team.holder, version, pair.private, holder_of(None))
        record("administrator added", actor=System(), subject_kind="person", subject_id=person.pk)
    return sign_in


def free_slug(name: str, *, fallback: str = "school") -> str:
    """Return an address part for a school that no other school has."""
    base = slugify(name)[:44] or fallback
    taken = set(School.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _make_person(who: FirstPerson, team: Team, role: Role) -> tuple[Person, SignIn]:
    passphrase = new_passphrase()
    person = Person(email=who.email.strip().lower(), name=who.name, phone=who.phone)
    person.set_password(passphrase)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    code = keys.make_person_key(person, passphrase)
    Membership.objects.create(team=team, person=person, role=role, reachable_at_night=True)
    state_members(team.pk, joined={person.pk: role})
    return person, SignIn(str(role.label), person.email, passphrase, code)
