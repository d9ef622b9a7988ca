"""How long finding a service takes among few and among very many."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

from tests.bench.product import BenchFailed, Product
from upstander.directory.openness import opening_of

_ASKED = (
    "d=maple-valley&need=food&place=Maple+Valley",
    "d=maple-valley&words=doctor&place=Fernbrook&spoken=ar&free=on&age=7",
    "d=maple-valley&words=Lantren",
)
#: The demo's own services over and over, each in the same towns: ten times as many are as dense.
_COPIES = (
    "INSERT INTO directory_organization (id, name, record, confidential, read_mark, withheld,"
    " cleared)"
    " SELECT md5(o.id::text || g)::uuid, o.name, jsonb_set(o.record, '{id}', "
    " to_jsonb(md5(o.id::text || g)::uuid)), false, '', false, ''"
    " FROM directory_organization o, generate_series(%(a)s::int, %(b)s::int) g"
    " WHERE o.id IN (SELECT organization_id FROM directory_service WHERE kind = 'search'"
    " AND NOT confidential AND slug NOT LIKE 'copy-%%')",
    "INSERT INTO directory_service (id, slug, state, district_id, organization_id, kind, position,"
    " record, confidential, read_mark, withheld, cleared, confirmed, assured_on,"
    " assured_by, listed, terms)"
    " SELECT md5(s.id::text || g)::uuid, 'copy-' || md5(s.id::text || g), state, district_id,"
    " md5(organization_id::text || g)::uuid, kind, position, jsonb_set(record, '{id}',"
    " to_jsonb(md5(s.id::text || g)::uuid)), false, '', false, '', confirmed, assured_on,"
    " assured_by, true, terms FROM directory_service s, generate_series(%(a)s::int, %(b)s::int) g"
    " WHERE kind = 'search' AND NOT confidential AND slug NOT LIKE 'copy-%%'",
    "INSERT INTO directory_location (id, organization_id, record, confidential, latitude,"
    " longitude) SELECT md5(l.id::text || g)::uuid, md5(l.organization_id::text || g)::uuid,"
    " jsonb_set(l.record, '{id}', to_jsonb(md5(l.id::text || g)::uuid)), false,"
    " l.latitude + random() / 10 - 0.05, l.longitude + random() / 10 - 0.05"
    " FROM directory_location l, generate_series(%(a)s::int, %(b)s::int) g"
    " WHERE EXISTS (SELECT FROM directory_entry e WHERE e.location_id = l.id)"
    " AND l.organization_id NOT IN (SELECT organization_id FROM directory_service"
    " WHERE slug LIKE 'copy-%%')",
    "INSERT INTO directory_entry (service_id, location_id, state, district_id, position, east,"
    " north, facets, min_age, max_age, words, near) SELECT md5(s.id::text || g)::uuid, l.id,"
    " e.state, e.district_id, e.position, l.longitude, e.north + l.latitude - was.latitude,"
    " e.facets, e.min_age, e.max_age, e.words, e.near FROM directory_service s"
    " JOIN directory_entry e ON s.id = e.service_id"
    " CROSS JOIN generate_series(%(a)s::int, %(b)s::int) g"
    " LEFT JOIN directory_location was ON was.id = e.location_id"
    " LEFT JOIN directory_location l ON l.id = md5(was.id::text || g)::uuid"
    " WHERE s.kind = 'search' AND NOT s.confidential AND s.slug NOT LIKE 'copy-%%'",
)


@dataclass(frozen=True, slots=True)
class FindTime:
    """Seconds: of each question the median, of filling; of a processor, of asking all for hours."""

    services: int
    medians: tuple[float, ...]
    load_seconds: float
    open_seconds: float
    open_now: int


def time_finding(product: Product, *, services: int, times: int) -> FindTime:
    """Fill up to so many services, then ask each question so many times."""
    begun = time.perf_counter()
    with product.superuser() as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE kind = 'search' AND NOT confidential"
            " AND slug NOT LIKE 'copy-%') FROM directory_service"
        ).fetchone()
        if row is None or not row[1]:
            raise BenchFailed("the demo has no neighborhood")
        there, base = int(str(row[0])), int(str(row[1]))
        copies = {"a": there // base + 1, "b": there // base + (services - there) // base}
        connection.execute("SET session_replication_role = replica")
        for statement in _COPIES:
            connection.execute(statement.encode(), copies)
        connection.execute("SET session_replication_role = origin")
        for table in ("entry", "location", "service", "organization"):
            connection.execute(f"VACUUM ANALYZE directory_{table}".encode())
        load_seconds = time.perf_counter() - begun
        for asked in _ASKED * 3:
            _page(product, asked)
        medians = tuple(
            statistics.median(_page(product, asked) for _ in range(times)) for asked in _ASKED
        )
        number, open_now, taken = 0, 0, 0.0
        now, batch = datetime.now(UTC), connection.cursor("records")
        with connection.transaction(), batch:
            batch.execute("SELECT record FROM directory_service")
            # A part at a time: a heap of all of them would be what is measured.
            while records := [row[0] for row in batch.fetchmany(2000)]:
                begun = time.process_time()
                open_now += sum(
                    opening_of(record, now).open is True
                    for record in records
                    if isinstance(record, dict)
                )
                taken += time.process_time() - begun
                number += len(records)
    return FindTime(number, medians, load_seconds, taken, open_now)


def _page(product: Product, asked: str) -> float:
    connection = HTTPConnection("127.0.0.1", product.public_port, timeout=120)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    begun = time.perf_counter()
    connection.request("POST", "/find", body=asked, headers=kind)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or page.count(b"tel:+1") < 2:
        raise BenchFailed(f"finding answers {answer.status} with {len(page)} bytes")
    return taken
