"""What a table of schools or staff would change: judged row by row, nothing saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from upstander.administration.forms.places import NO_SCHOOLS, SchoolForm
from upstander.administration.own_phones import OwnPhone, own_phones
from upstander.mandated.recipients import agency_at
from upstander.people.actions.invitations import Invitee
from upstander.people.importing.preview import Judged, Status
from upstander.people.models import Membership, Team
from upstander.people.place_names import plain_name
from upstander.people.roles import Role, TeamKind, roles_in
from upstander.places.models import District, School
from upstander.standards.csv_tables import TableRow, read_table
from upstander.ui.fields import PersonName, Phone

SCHOOL_COLUMNS = (
    "district",
    "name",
    "grades",
    "address",
    "town",
    "time_zone",
    "languages",
    "psap_name",
    "psap_phone",
    "emergency_contact",
)
_NAME, _PHONE = PersonName(required=False, max_length=120), Phone(required=False, max_length=30)
STAFF_COLUMNS = ("name", "email", "phone", "language", "team", "role", "night")
_YES = frozenset({"yes", "y", "true", "1", "x", "sí", "si", "نعم"})
_NO = frozenset({"", "no", "n", "false", "0", "لا"})


@dataclass(frozen=True, slots=True)
class SchoolRow:
    judged: Judged
    form: SchoolForm | None
    district: District | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    judged: Judged
    team: Team | None
    invitee: Invitee | None


def judge_schools(text: str) -> tuple[Iterator[SchoolRow], tuple[str, ...]]:
    """Judge a table of schools; call inside ``viewing``. Also returns unknown columns.

    A school is known again by district and name. Raises Refused.
    """
    table = read_table(text, columns=SCHOOL_COLUMNS, needed=("district", "name"))
    districts: dict[str, list[District]] = _by_names(
        (d, (d.name, d.slug)) for d in District.objects.all()
    )
    schools = {(s.district_id, plain_name(s.name)): s for s in School.objects.all()}
    return _schools(table.lines, districts, schools), table.unknown


def _schools(
    lines: Iterator[TableRow],
    districts: Mapping[str, list[District]],
    schools: Mapping[tuple[int, str], School],
) -> Iterator[SchoolRow]:
    seen: dict[tuple[int, str], int] = {}
    own: dict[int, list[OwnPhone]] = {}
    for line in lines:
        found = districts.get(line.cells.get("district", "").casefold(), [])
        if len(found) != 1:
            yield SchoolRow(_wrong(line, _district_problem(line, found)), None, None)
            continue
        district = found[0]
        key = (district.pk, plain_name(line.cells.get("name", "")))
        if key in seen:
            again = gettext("The same school stands in line %(line)s.") % {"line": seen[key]}
            yield SchoolRow(_wrong(line, again), None, None)
            continue
        seen[key] = line.number
        if key not in schools and agency_at(district.pk) is not None:
            yield SchoolRow(_wrong(line, str(NO_SCHOOLS)), None, None)
            continue
        if district.pk not in own:
            own[district.pk] = own_phones(district)
        yield _school(line, district, schools.get(key), own[district.pk])


def judge_staff(text: str) -> tuple[Iterator[StaffRow], tuple[str, ...]]:
    """Judge a table of staff; call inside ``viewing``. Also returns unknown columns.

    Nobody gets a key by it: each row would put somebody forward for their team's lead to invite.
    Raises Refused.
    """
    table = read_table(text, columns=STAFF_COLUMNS, needed=("email", "team"))
    teams: dict[str, list[Team]] = _by_names(
        (team, (team.name, team.school.name, team.school.slug) if team.school else (team.name,))
        for team in Team.objects.select_related("school").exclude(kind=TeamKind.MONITOR)
    )
    members = {
        (row.team_id, row.person.email.lower())
        for row in Membership.objects.select_related("person")
    }
    seen: dict[tuple[int, str], int] = {}
    return (_staff(line, teams, members, seen) for line in table.lines), table.unknown


def _school(
    line: TableRow, district: District, school: School | None, own: list[OwnPhone]
) -> SchoolRow:
    data: dict[str, Any] = {
        name: line.cells.get(name, "") or _kept(school, name) for name in SCHOOL_COLUMNS
    }
    data["time_zone"] = data["time_zone"] or district.time_zone
    languages = line.cells.get("languages", "")
    data["languages"] = (
        languages.replace("/", " ").replace("|", " ").replace(",", " ").lower().split()
        if languages
        else (school or district).languages
    )
    form = SchoolForm(data, instance=school, own=own)
    form.initial.setdefault("languages", (school or district).languages)
    label = f"{line.cells.get('name', '')} ({district.name})"
    if not form.is_valid():
        errors = tuple(
            f"{form.fields[name].label if name in form.fields else name}: {problem}"
            for name, problems in form.errors.items()
            for problem in problems
        )
        return SchoolRow(Judged(line.number, label, "wrong", errors), None, None)
    if school is None:
        return SchoolRow(Judged(line.number, label, "new"), form, district)
    changed = ", ".join(str(form.fields[name].label or name) for name in form.changed_data)
    status: Status = "changed" if form.changed_data else "same"
    return SchoolRow(Judged(line.number, label, status, (), changed), form, district)


def _staff(
    line: TableRow,
    teams: Mapping[str, list[Team]],
    members: set[tuple[int, str]],
    seen: dict[tuple[int, str], int],
) -> StaffRow:
    cells, errors = line.cells, []
    email = cells.get("email", "").lower()
    try:
        validate_email(email)
    except ValidationError:
        errors.append(gettext("This is no email address."))
    for field, name in ((_NAME, "name"), (_PHONE, "phone")):
        try:
            field.clean(cells.get(name, ""))
        except ValidationError as error:
            errors += [f"{name}: {said}" for said in error.messages]
    found = _meant(teams.get(cells.get("team", "").casefold(), []), cells.get("role", ""))
    team = found[0] if len(found) == 1 else None
    if team is None:
        errors.append(
            gettext("More than one team is called so. Use the school’s address part.")
            if found
            else gettext("There is no such team or school.")
        )
    role = _role(cells.get("role", ""), team)
    if team is not None and role is None:
        errors.append(gettext("This kind of team has no such role."))
    language = cells.get("language", "").lower() or "en"
    if language not in dict(settings.LANGUAGES):
        errors.append(gettext("This language is none of ours: en, es or ar."))
    night = cells.get("night", "").casefold()
    if night not in _YES | _NO:
        errors.append(gettext("Column night: write yes or no."))
    if team is not None and (team.pk, email) in seen:
        errors.append(
            gettext("The same person stands in line %(line)s.") % {"line": seen[team.pk, email]}
        )
    label = cells.get("name", "") or email
    if errors or team is None or role is None:
        return StaffRow(Judged(line.number, label, "wrong", tuple(errors)), None, None)
    seen[team.pk, email] = line.number
    if (team.pk, email) in members:
        return StaffRow(Judged(line.number, label, "same", (), team.name), None, None)
    invitee = Invitee(
        email, role, cells.get("name", ""), cells.get("phone", ""), language, night in _YES
    )
    told = f"{team.name}, {role.label}"
    return StaffRow(Judged(line.number, label, "new", (), told), team, invitee)


def _role(typed: str, team: Team | None) -> Role | None:
    if team is None:
        return None
    possible = roles_in(team.kind, of_school=team.school_id is not None)
    plain = typed.casefold().replace("-", " ").replace("_", " ").strip()
    if not plain:
        # A plain member is what most rows of a list are.
        for role in (Role.TEAM_MEMBER, Role.COUNSELOR, Role.STAFF_MEMBER):
            if role in possible:
                return role
    for role in possible:
        if plain in {role.value.replace("_", " "), str(role.label), *_SHORT.get(role, ())}:
            return role
    return None


def _meant(named: list[Team], role: str) -> list[Team]:
    """Return which of a school's teams is meant: by the role, and without one the school's team."""
    fit = [team for team in named if _role(role, team) is not None]
    plain = [team for team in fit if team.kind not in (TeamKind.OFFICE, TeamKind.STAFF)]
    return plain or fit or named[:1] if len(named) > 1 and _one_school(named) else named


def _one_school(teams: list[Team]) -> bool:
    return len({team.school_id for team in teams}) == 1 and teams[0].school_id is not None


_SHORT: dict[Role, tuple[str, ...]] = {
    Role.TEAM_MEMBER: ("member",),
    Role.TEAM_LEAD: ("lead",),
    Role.CENTER_SUPERVISOR: ("supervisor",),
    Role.DISTRICT_LEAD: ("lead",),
    Role.STAFF_MEMBER: ("staff", "teacher"),
    Role.HEAD_OF_SCHOOL: ("principal", "head"),
}


def _kept(school: School | None, name: str) -> str:
    """Return what a school has: an empty cell changes nothing."""
    return "" if school is None or name == "languages" else str(getattr(school, name, "") or "")


def _by_names[T](pairs: Any) -> dict[str, list[T]]:
    named: dict[str, list[T]] = {}
    for thing, names in pairs:
        for name in {name.casefold() for name in names}:
            named.setdefault(name, []).append(thing)
    return named


def _district_problem(line: TableRow, found: list[District]) -> str:
    if found:
        return gettext("More than one district is called so. Use its address part.")
    return gettext("There is no district called “%(name)s”.") % {
        "name": line.cells.get("district", "")
    }


def _wrong(line: TableRow, problem: str) -> Judged:
    return Judged(line.number, line.cells.get("name", ""), "wrong", (problem,))
