"""A thief with a dump of all tables names the accused no better than by drawing one of the staff.

But for those whom the rule grants reports about staff (a school's head, its designee): of how many
a report was sealed to, and that one is missing, a dump tells.

The thief here knows more than one would: of half of the matters whom each is about, to learn from
what is counted, and which of the school's people reported each. Nothing of the key files.

What this is about: "I suspect" by the rule about staff, with the accused chosen by account, at one
school of twelve, none of them of the district's offices; what stands for a person in any table (16
bytes of anything that are alike in two matters), in how many rows, how long, and at what second.
Not: tips and cases, where nobody is suspected; words that name somebody without an account; more
than one accused; people whose name is one word (no mark is made of it, which the number of an
allegation's marks tells); what is taken back later; two dumps of different days; and whatever the
thief learns beside the dump.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from conftest import Cast
from upstander.escalations.tests.alerts import Clock, clock
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices, suspect
from upstander.people import factories
from upstander.people.roles import Role

__all__ = ["clock"]

MATTERS = 200
#: To whom a report about staff is sealed, unless it is about them.
BY_RULE = ("hana", "dino")
#: The school's people beside its head, its designee and one more of the cast.
STAFF = (
    "Ada Quill",
    "Bartholomew-Maximilian Featherstonehaugh-Cholmondeley",
    "Cy Orr",
    "Dolores Hidalgo Vega",
    "Ewa Nowak",
    "Farid Haddad",
    "Greta Lindqvist",
    "Hugo Brandt",
    "Ines Carvalho de Sousa e Melo",
)
#: Fewer bytes are no hash and no mark.
_BLOCK = 16
_HEX = re.compile(rf"\b[0-9a-f]{{{2 * _BLOCK},}}\b")
#: What joins rows of many matters and is no secret.
_SHARED = re.compile(r"^(django_|api_|audit_(?!entry))")


@dataclass
class Told:
    """What the tables tell of one matter."""

    reporter: int
    facts: Counter[str] = field(default_factory=Counter)
    #: What stands for something, in blocks, and in which column.
    opaque: dict[bytes, str] = field(default_factory=dict)


class Dump:
    """Every row of every table, as a superuser reads them."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any]]] = []
        self.by_value: defaultdict[Any, list[int]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                if _SHARED.match(table):
                    continue
                cursor.execute(f'SELECT * FROM "{table}"')
                columns = [column.name for column in cursor.description or ()]
                for row in cursor.fetchall():
                    self._take(table, dict(zip(columns, row, strict=True)))

    def _take(self, table: str, row: dict[str, Any]) -> None:
        self.rows.append((table, row))
        for value in row.values():
            if isinstance(value, UUID | datetime):
                self.by_value[value].append(len(self.rows) - 1)
            elif isinstance(value, str) and re.fullmatch(r"[0-9a-f-]{36}", value):
                self.by_value[UUID(value)].append(len(self.rows) - 1)

    def about(self, matter: UUID, reporter: int) -> Told:
        """Return all that hangs together with a matter: by ids, and by its very seconds."""
        told, known, at = Told(reporter), {matter}, set[datetime]()
        seen, new = set[int](), {matter}
        while new:
            found = {index for value in new for index in self.by_value[value]} - seen
            seen |= found
            new = {
                value
                for index in found
                for value in self.rows[index][1].values()
                if isinstance(value, UUID)
            } - known
            known |= new
        for index in seen:
            at |= {v for v in self.rows[index][1].values() if isinstance(v, datetime)}
        for index in seen | {i for moment in at for i in self.by_value[moment]}:
            _tell(told, *self.rows[index])
        return told

    def people(self) -> dict[bytes, int]:
        """Return opaque values that stand in a row beside somebody's number."""
        return {
            value: row["person_id"]
            for table, row in self.rows
            if table == "people_staffsession"
            for value in _opaque(row.values())
        }


def _opaque(values: Iterable[Any]) -> set[bytes]:
    found = set()
    for value in values:
        if isinstance(value, bytes | memoryview):
            whole = bytes(value)
            found |= {whole[at : at + _BLOCK] for at in range(0, len(whole) - _BLOCK + 1, _BLOCK)}
        elif isinstance(value, str):
            found |= _opaque(bytes.fromhex(run[: len(run) & ~1]) for run in _HEX.findall(value))
        elif isinstance(value, list):
            found |= _opaque(value)
    return found


def _tell(told: Told, table: str, row: dict[str, Any]) -> None:
    for column, value in row.items():
        told.opaque |= dict.fromkeys(_opaque([value]), f"{table}.{column}")
    told.facts[f"{table}: a row"] += 1
    for column, value in row.items():
        if value in (told.reporter, f"person:{told.reporter}"):
            continue  # known already, and of no help in saying who it was not
        if isinstance(value, bytes | memoryview):
            told.facts[f"{table}.{column}: {len(bytes(value))} bytes"] += 1
        elif (
            column != "id" and isinstance(value, bool | int | str | None) and (len(str(value)) < 40)
        ):
            told.facts[f"{table}.{column} = {re.sub('[0-9a-f]{8}-.*', '', str(value))}"] += 1


def thief(
    dump: Dump, told: dict[UUID, Told], staff: list[int], truth: dict[UUID, int]
) -> tuple[set[UUID], set[str]]:
    """Return the matters that the thief names right, of one guess each, and what joins some.

    Two matters are joined by anything opaque that is alike in both and not in half of all.
    """
    people, matters = dump.people(), list(told)
    found: defaultdict[bytes, set[UUID]] = defaultdict(set)
    for matter, one in told.items():
        for value in one.opaque:
            found[value].add(matter)
    joined = {v: those for v, those in found.items() if 1 < len(those) < len(matters) / 2}
    hits = set[UUID]()
    for half in (0, 1):
        learned = matters[1 - half :: 2]
        rules = _learn([(told[m], truth[m]) for m in learned], staff)
        for matter in matters[half::2]:
            one = told[matter]
            may = set(staff) - {one.reporter}
            if named := {people[v] for v in one.opaque if v in people} & may:
                may = named
            for value in one.opaque.keys() & joined.keys():
                # Of whom the same is said elsewhere: they reported none of that either.
                may = (may - {told[m].reporter for m in joined[value]}) or may
                may = (may & {truth[m] for m in joined[value].intersection(learned)}) or may
            guess = max(sorted(may), key=lambda person: _likely(rules, one, person))
            if guess == truth[matter]:
                hits.add(matter)
    return hits, {told[m].opaque[v] for v, those in joined.items() for m in those}


def _learn(
    known: list[tuple[Told, int]], staff: list[int]
) -> tuple[dict[int, int], dict[tuple[str, int], Counter[int]], int]:
    seen: defaultdict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for one, accused in known:
        for fact in one.facts.items():
            seen[fact][accused] += 1
    many = Counter(accused for _, accused in known)
    return {person: many[person] for person in staff}, dict(seen), len(known)


def _likely(
    rules: tuple[dict[int, int], dict[tuple[str, int], Counter[int]], int],
    one: Told,
    person: int,
) -> float:
    many, seen, whole = rules
    likely = math.log((many[person] + 1) / (whole + len(many)))
    for fact in one.facts.items():
        if fact in seen:
            of_all = (sum(seen[fact].values()) + 1) / (whole + 2)
            likely += math.log((seen[fact][person] + of_all) / (many[person] + 1) / of_all)
    return likely


def at_most(many: int, chance: float) -> int:
    """Return how many hits a drawer of lots has or fewer, but once in a thousand million runs."""
    below = 0.0
    for hits in range(many + 1):
        below += math.comb(many, hits) * chance**hits * (1 - chance) ** (many - hits)
        if below >= 1 - 1e-9:
            return hits
    return many


@pytest.mark.slow
@pytest.mark.django_db
def test_thief_names_accused_by_drawing_lots(cast: Cast, clock: Clock) -> None:
    made = offices(cast)
    team = made["tess"].memberships.get().team
    names = ["hana", "dino", "tess", *STAFF]
    for name in STAFF:
        cast.people[name] = factories.make_person(name, cast.keys)
        factories.join(cast.people[name], team, Role.STAFF_MEMBER, cast.keys)
    for name in ("hana", "dino", "tess"):
        cast.people[name].name = f"{name.capitalize()} Marlowe"
        cast.people[name].save()
    for name in (*names, "cleo", "sol", "bo", "alice"):
        cast.viewer(name)
    chance, truth, told = random.Random(152), dict[UUID, int](), dict[UUID, Told]()
    reporters = dict[UUID, int]()
    for _ in range(MATTERS):
        who, accused = chance.sample(names, 2)
        clock.move(601)
        with connection.cursor() as cursor:  # all of them are at work, at no moment that tells
            cursor.execute(
                "UPDATE people_staffsession SET (started_at, used_at) = (SELECT n.at, n.at FROM"
                " (SELECT api.clock_now() - interval '1 millisecond') AS n (at))"
            )
        duty = Duty.objects.get(
            pk=suspect(cast, who, rule="employee", accused=(cast.people[accused].pk,))
        )
        truth[duty.matter_id] = cast.people[accused].pk
        reporters[duty.matter_id] = cast.people[who].pk
    dump = Dump()
    for matter, reporter in reporters.items():
        told[matter] = dump.about(matter, reporter)
    staff = [cast.people[name].pk for name in names]
    hits, joins = thief(dump, told, staff, truth)
    assert not joins, f"{joins} join matters; {len(hits)} of {MATTERS} named"
    # Who should have been granted by the rule and was not, the number of grants names: the bound.
    by_rule = {cast.people[name].pk for name in BY_RULE}
    others = {matter for matter, accused in truth.items() if accused not in by_rule}
    # Nobody reports themselves, and whose a report is stands in clear: one of the others is drawn.
    chance_of_one = 1 / (len(staff) - 1 - len(by_rule))
    found = len(hits & others)
    assert found <= at_most(len(others), chance_of_one), f"{found} of {len(others)} named"
