"""Putting a district's roster in: sealed to those who may ever look, readable to nobody else.

Each import replaces the one before, under new keys: who has left a team since can open nothing of
it. Whoever imports needs no key and can read nothing back.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext

from upstander.approvals.actions import ask
from upstander.approvals.queries import agreed_to
from upstander.audit.actions import record
from upstander.emergency.models import Roster, RosterBlindIndex, RosterEntry, RosterKey
from upstander.people.access import found, is_administrator
from upstander.people.importing.shrinking import FLOOR, shrinks
from upstander.people.keys import public_key_of
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School
from upstander.standards.oneroster import Student
from upstander.tips.blind_indexes import Closeness, blind_indexes_of
from upstander.vault.envelopes import bind, derive, seal
from upstander.vault.grants import make_grant
from upstander.vault.models import HolderKey
from upstander.vault.seeds import Audience, new_secret

_BATCH: Final = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: students by school, and those whose school is unknown here."""

    by_school: Counter[str]
    unknown: Counter[str]

    @property
    def students(self) -> int:
        """All of them."""
        return self.by_school.total() + self.unknown.total()


class NeedsSecond(Exception):
    """The import would leave too little: somebody else has to agree. Nothing was changed."""

    def __init__(self, standing: int, coming: int, known_by: str) -> None:
        self.numbers = {"standing": f"{standing:,}", "coming": f"{coming:,}", "floor": FLOOR}
        self.known_by = known_by
        super().__init__(
            gettext(
                "There are %(standing)s now and the file has %(coming)s, which is less "
                "than %(floor)s%%. Nothing was changed."
            )
            % self.numbers
        )


def districts_to_keep(viewer: Viewer) -> list[District]:
    """Return the districts whose roster the viewer imports; call inside ``viewing``."""
    if is_administrator(viewer):
        return list(District.objects.order_by("name"))
    led = [
        membership.district_id
        for membership in viewer.memberships
        if membership.kind is TeamKind.DISTRICT
    ]
    return list(District.objects.filter(pk__in=[pk for pk in led if pk]).order_by("name"))


def import_roster(viewer: Viewer, district_id: int, students: Sequence[Student]) -> Imported:
    """Replace a district's roster, whole or not at all. Raises Http404, NeedsSecond.

    Students are known by the name of their school; those of a school that the system does not know
    can be found by the center alone.
    """
    with viewing(viewer) as now:
        district = next((d for d in districts_to_keep(viewer) if d.pk == district_id), None)
        if district is None:
            raise Http404
        # One import after the other; the rows are gone by the database's own cascade.
        District.objects.filter(pk=district.pk).first()
        second = _seconded(district.pk, students, now)
        schools = _schools(district.pk)
        Roster.objects.filter(district_id=district.pk)._raw_delete("default")
        told, grouped = _placed(students, schools)
        teams = _readers(district)
        for school_id, group in grouped.items():
            roster = Roster.objects.create(
                district_id=district.pk,
                school_id=school_id,
                students=len(group),
                imported_by=viewer.person_id,
                imported_at=now,
            )
            holders = [t for t in teams if t.school_id is None or t.school_id == school_id]
            _fill(roster, group, holders)
        record(
            "roster imported",
            actor=viewer,
            subject_kind="district",
            subject_id=district.pk,
            district_id=district.pk,
            detail={"students": told.students, "unknown_school": told.unknown.total()} | second,
        )
    return told


def _seconded(district_id: int, students: Sequence[Student], now: datetime) -> dict[str, object]:
    """Return what the record says of the second person whom an import needs, if it does.

    Their yes is to this content and to the roster that stood then: once anything was imported, it
    is used up. Raises NeedsSecond.
    """
    standing = standing_in(district_id)
    if not shrinks(standing, len(students)):
        return {}
    stood = Roster.objects.filter(district_id=district_id).order_by("pk")
    known_by = digest_of(students, stood.values_list("pk", flat=True))
    yes = agreed_to("roster", district_id, now)
    if yes is None or yes.value != known_by:
        raise NeedsSecond(standing, len(students), known_by)
    return {
        "stood": standing,
        "approval": str(yes.pk),
        "asked_by": yes.asked_by,
        "agreed_by": yes.decided_by,
    }


def ask_second(viewer: Viewer, district_id: int, asked: NeedsSecond) -> None:
    """Ask somebody else for a yes to the import that was refused. Raises Http404."""
    with viewing(viewer) as now:
        district = found(District, district_id)
        told = ask(
            viewer,
            now,
            "roster",
            subject=f"district:{district_id}",
            district_id=district_id,
            value=asked.known_by,
            words=gettext("%(district)s: an import of %(coming)s students to replace %(standing)s")
            % {"district": district.name, **asked.numbers},
        )
    if told is not None:
        told()


def standing_in(district_id: int) -> int:
    """Return how many students stand in a district's roster; call inside ``viewing``."""
    counts = Roster.objects.filter(district_id=district_id).values_list("students", flat=True)
    return sum(counts)


def digest_of(students: Iterable[Student], stood: Iterable[UUID]) -> str:
    """Return what an import is known by again: what comes, whatever archive it came in, and stood.

    SHA-256, in hexadecimal.
    """
    digest = hashlib.sha256(b"".join(one.bytes for one in stood))
    for student in students:
        digest.update(json.dumps(student.as_data(), sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def by_school(district_id: int, students: Iterable[Student]) -> Imported:
    """Tell what an import would bring, saving nothing; call inside ``viewing``."""
    return _placed(students, _schools(district_id))[0]


def _schools(district_id: int) -> dict[str, School]:
    schools = {_plain(s.name): s for s in School.objects.filter(district_id=district_id)}
    return schools | {_plain(s.slug): s for s in schools.values()}


def _placed(
    students: Iterable[Student], schools: dict[str, School]
) -> tuple[Imported, defaultdict[int | None, list[Student]]]:
    grouped: defaultdict[int | None, list[Student]] = defaultdict(list)
    told = Imported(Counter(), Counter())
    for student in students:
        school = schools.get(_plain(student.org))
        grouped[school.pk if school else None].append(student)
        (told.by_school if school else told.unknown)[
            school.name if school else student.org or "no school"
        ] += 1
    return told, grouped


def _readers(district: District) -> list[Team]:
    """Return the teams a roster is sealed to: the center's, the office's, each school's."""
    teams = Team.objects.filter(kind=TeamKind.CENTER, center_id=district.center_id) | (
        Team.objects.filter(kind__in=[TeamKind.SCHOOL, TeamKind.DISTRICT], district_id=district.pk)
    )
    found = list(teams)
    keyed = set(
        HolderKey.objects.filter(holder__in=[t.holder for t in found]).values_list(
            "holder", flat=True
        )
    )
    return [team for team in found if team.holder in keyed]


def _fill(roster: Roster, students: Iterable[Student], teams: Iterable[Team]) -> None:
    secret = new_secret()
    for team in teams:
        public = public_key_of(team.holder)
        # No RETURNING anywhere here: whoever imports may read nothing back.
        RosterKey.objects.bulk_create(
            [
                RosterKey(
                    roster=roster,
                    district_id=roster.district_id,
                    holder=team.holder,
                    key_version=public.version,
                    blob=make_grant(
                        secret,
                        tip=roster.pk,
                        audience=Audience.CASE,
                        holder=team.holder,
                        version=public.version,
                        public=bytes(public.public),
                    ),
                )
            ],
            ignore_conflicts=True,
        )
    key, index_key = derive(secret, "roster"), derive(secret, "roster marks")
    # A piece at a time: a sealed student takes more room than a read one.
    for piece in batched(students, _BATCH):
        entries, blind_indexes = [], []
        for student in piece:
            entry = RosterEntry(
                id=uuid4(), roster=roster, district_id=roster.district_id, label=b"", sealed=b""
            )
            entry.label = seal_part(key, roster.pk, entry.pk, "label", _label(student))
            entry.sealed = seal_part(key, roster.pk, entry.pk, "all", student.as_data())
            entries.append(entry)
            blind_indexes += [
                RosterBlindIndex(
                    entry=entry,
                    roster=roster,
                    district_id=roster.district_id,
                    blind_index=blind_index,
                )
                for blind_index in indexes_for(index_key, student.name, student.also)
            ]
        RosterEntry.objects.bulk_create(entries, ignore_conflicts=True)
        RosterBlindIndex.objects.bulk_create(
            blind_indexes, batch_size=_BATCH, ignore_conflicts=True
        )


def seal_part(key: bytes, roster: UUID, entry: UUID, part: str, data: object) -> bytes:
    """Seal one part of an entry so that it opens in its place only."""
    return seal(key, json.dumps(data).encode(), aad=bind("roster", roster, entry, part))


def indexes_for(key: bytes, *names: str) -> list[bytes]:
    """Return the blind indexes that find a student: of whole names only, at least two of them.

    No blind index of a given name alone, and none of an initial: a roster is not for trying names
    on.
    """
    found: dict[bytes, None] = {}
    for name in names:
        for blind_index, closeness in blind_indexes_of(name, key).items():
            if closeness >= Closeness.PARTS:
                found[blind_index] = None
    return list(found)


def _label(student: Student) -> dict[str, str]:
    return {"name": student.name, "also": student.also, "grade": student.grade, "org": student.org}


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
