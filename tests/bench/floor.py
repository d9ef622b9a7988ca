"""The floor: the rows of a tip as a bare connection inserts them, and nothing else.

The same rows that ``api.file_tip`` writes, of the same sizes, by the owner of the tables (no rights
to check), one durable transaction a tip, prepared statements, binary parameters. Nothing is sealed,
routed, hashed or served. Two ways: a round trip for each statement, and all of a tip's statements
in one (pipeline mode). The better one is the floor.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from tests.bench.product import Product

_Rows = list[tuple[str, tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the bare connection did."""

    name: str
    tips: int
    wall: float
    client_cpu: float
    database_cpu: float

    @property
    def rate(self) -> float:
        """Tips a second over one connection."""
        return self.tips / self.wall

    @property
    def cpu_ms(self) -> float:
        """Processor milliseconds a tip, client and database."""
        return 1000 * (self.client_cpu + self.database_cpu) / self.tips


@dataclass(frozen=True, slots=True)
class _Place:
    center: int
    district: int
    school: int
    holder: str


def measure_floor(product: Product, seconds: float) -> list[Floor]:
    """Measure both ways for so many seconds each."""
    with product.owner() as connection:
        connection.prepare_threshold = 0
        row = connection.execute(
            "SELECT d.center_id, d.id, s.id, 'team:' || t.id FROM places_school s"
            " JOIN places_district d ON d.id = s.district_id"
            " JOIN people_team t ON t.center_id = d.center_id LIMIT 1"
        ).fetchone()
        assert row is not None
        place = _Place(*row)  # type: ignore[arg-type]
        return [
            _measure(product, connection, place, name, how, seconds)
            for name, how in (("statement by statement", _plain), ("in a pipeline", _pipeline))
        ]


def _measure(
    product: Product,
    connection: psycopg.Connection[tuple[object, ...]],
    place: _Place,
    name: str,
    insert: Callable[[psycopg.Connection[tuple[object, ...]], _Rows], None],
    seconds: float,
) -> Floor:
    for _ in range(20):
        insert(connection, _rows(place))
    tips, before, begun = 0, product.cpu(), time.perf_counter()
    own = resource.getrusage(resource.RUSAGE_SELF)
    while time.perf_counter() - begun < seconds:
        for _ in range(20):
            insert(connection, _rows(place))
        tips += 20
    wall = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    client = used.ru_utime + used.ru_stime - own.ru_utime - own.ru_stime
    return Floor(name, tips, wall, client, (product.cpu() - before)["database"])


def _plain(connection: psycopg.Connection[tuple[object, ...]], rows: _Rows) -> None:
    with connection.transaction():
        for statement, values in rows:
            connection.execute(statement.encode(), values, binary=True)


def _pipeline(connection: psycopg.Connection[tuple[object, ...]], rows: _Rows) -> None:
    with connection.pipeline(), connection.transaction():
        for statement, values in rows:
            connection.execute(statement.encode(), values, binary=True)


def _rows(place: _Place) -> _Rows:
    tip, matter, alert, reference = uuid4(), uuid4(), uuid4(), os.urandom(5).hex()
    district = place.district
    return [
        (_MATTER, (matter, district)),
        (
            _TIP,
            (tip, reference, place.center, district, place.school, matter, os.urandom(1216)),
        ),
        (_CODE, (os.urandom(32), os.urandom(16), tip, district, os.urandom(93))),
        (_SHRED, (tip, district, os.urandom(93))),
        (
            _GRANTS,
            (
                tip,
                district,
                tip,
                place.holder,
                os.urandom(1168),
                tip,
                district,
                tip,
                place.holder,
                os.urandom(1168),
            ),
        ),
        (
            _MESSAGES,
            (
                uuid4(),
                tip,
                district,
                os.urandom(1053),
                uuid4(),
                tip,
                district,
                os.urandom(285),
            ),
        ),
        (_UNREAD, (tip, district)),
        (_TALK, (os.urandom(32), tip, district, os.urandom(93))),
        (_ALERT, (alert, tip, matter, reference, district, [place.holder])),
        (_STEP, (alert, district)),
        (_AUDIT, (str(tip), district, matter, Jsonb({"reference": reference}))),
    ]


_MATTER = "INSERT INTO matters_matter (id, district_id, restricted) VALUES (%s, %s, false)"
_TIP = (
    "INSERT INTO tips_tip (id, reference, center_id, district_id, school_id, matter_id, state,"
    " tile, priority, rank, happening_now, mandated, not_see, language, channel, received_at,"
    " waiting_since, changed_at, junk, turns, disposition, in_case,"
    " ended_by_reporter, inbox_public)"
    " VALUES (%s, %s, %s, %s, %s, %s, 'new', 'bullying', 'routine', 2, false, false, false, 'en',"
    " 'web', now(), now(), now(), false, 2, '', '', false, %s)"
)
_CODE = (
    "INSERT INTO tips_returncode"
    " (lookup_id, page, tip_id, district_id, pepper_version, list_version, wrapped)"
    " VALUES (%s, %s, %s, %s, 1, 1, %s)"
)
_SHRED = (
    "INSERT INTO vault_shredkey (subject, district_id, file_version, file_mark, wrapped)"
    " SELECT %s, %s, version, mark, %s FROM vault_shredfile WHERE closed_at IS NULL LIMIT 1"
)
_GRANTS = (
    "INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version, blob)"
    " VALUES (%s, %s, 'dialog', %s, %s, 1, %s), (%s, %s, 'center', %s, %s, 1, %s)"
)
_MESSAGES = (
    "INSERT INTO tips_message (id, tip_id, district_id, author, kind, sealed, at, turn, hidden)"
    " VALUES (%s, %s, %s, 'reporter', 'text', %s, now(), 1, false),"
    " (%s, %s, %s, 'reporter', 'answers', %s, now(), 2, false)"
)
_UNREAD = (
    "INSERT INTO tips_unread (tip_id, district_id, about_me, place_given)"
    " VALUES (%s, %s, false, false)"
)
_TALK = (
    "INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)"
    " VALUES (%s, %s, %s, %s, now() + interval '31 minutes')"
)
_ALERT = (
    "INSERT INTO escalations_alert (id, subject_id, matter_id, reference, district_id, priority,"
    " holders, state, opened_at) VALUES (%s, %s, %s, %s, %s, 'routine', %s, 'open', now())"
)
_STEP = (
    "INSERT INTO escalations_step"
    " (alert_id, district_id, number, target, due_at, repeat_seconds, round, state)"
    " VALUES (%s, %s, 1, 'holders', now() + interval '30 minutes', 1800, 1, 'due')"
)
_AUDIT = (
    "INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id,"
    " matter_id, detail) VALUES ('reporter', 'tip filed', 'tip', %s, %s, %s, %s)"
)
