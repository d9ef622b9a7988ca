"""How long the ledger takes with few and with very many duties, all of them one reader's."""

from __future__ import annotations

import hmac
import statistics
import time
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg

from tests.bench.pages import statements_of
from tests.bench.product import BenchFailed, Product
from upstander.vault.keyring import read_key_file

#: Duties that are open at once, however many there have ever been; and over how many months.
OPEN, MONTHS = 200, 120


@dataclass(frozen=True, slots=True)
class LedgerTime:
    """The ledger's page as the compliance lead gets it; seconds."""

    duties: int
    #: With the months' figures as they were kept.
    median: float
    p95: float
    #: When all of the months must be counted anew.
    anew: float
    #: When somebody has just finished a duty of the last month.
    after_one: float
    queries: int
    load_seconds: float


def time_ledger(product: Product, cookie: str, *, duties: int, times: int) -> LedgerTime:
    """Fill up to so many duties, then load the page so many times."""
    begun = time.perf_counter()
    with product.superuser() as connection:
        fill(connection, duties, pepper=_pepper(product))
        load_seconds = time.perf_counter() - begun
        for _ in range(12):
            _page(product, cookie)
        connection.execute("UPDATE mandated_monthchange SET changes = changes + 1")
        anew = _page(product, cookie)
        after = []
        for _ in range(5):
            connection.execute(
                "UPDATE mandated_monthchange SET changes = changes + 1"
                " WHERE month = (SELECT max(month) FROM mandated_monthchange)"
            )
            after.append(_page(product, cookie))
    taken = sorted(_page(product, cookie) for _ in range(times))
    queries = statements_of(product, lambda: _page(product, cookie))
    return LedgerTime(
        duties,
        statistics.median(taken),
        taken[int(0.95 * (len(taken) - 1))],
        anew,
        statistics.median(after),
        len(queries),
        load_seconds,
    )


def _pepper(product: Product) -> bytes:
    return read_key_file(product.home.keys / "person-pepper")


def _page(product: Product, cookie: str) -> float:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=120)
    headers = {"Host": f"localhost:{product.desk_port}", "Cookie": cookie}
    begun = time.perf_counter()
    connection.request("GET", "/ledger", headers=headers)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or page.count(b"/duties/") < 50:
        raise BenchFailed(f"the ledger answers {answer.status} with {len(page)} bytes")
    return taken


def fill(connection: psycopg.Connection[tuple[object, ...]], duties: int, *, pepper: bytes) -> None:
    """Add duties up to so many, all granted to the compliance lead: all finished but ``OPEN``.

    Loaded in bulk past triggers, then analysed as autovacuum would.
    """
    row = connection.execute("SELECT count(*) FROM mandated_duty").fetchone()
    assert row is not None
    have = int(str(row[0]))
    if have >= duties:
        return
    lead = connection.execute(
        "SELECT id FROM people_person WHERE email = 'cleo@maple.example'"
    ).fetchone()
    assert lead is not None
    code = hmac.digest(pepper, f"person|{lead[0]}".encode(), "sha256").hex()
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        connection.execute(
            "CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT g, gen_random_uuid() AS duty,"
            " gen_random_uuid() AS folder, gen_random_uuid() AS matter,"
            # Oldest first, as they are written; the last ones are open.
            " date_trunc('second', now()) - (%(last)s - g) * (%(months)s * interval '30 days'"
            " / %(last)s) - interval '1 hour' AS at, g > %(last)s - %(open)s AS open"
            " FROM generate_series(%(first)s::int, %(last)s::int) g",
            {"first": have + 1, "last": duties, "months": MONTHS, "open": OPEN},
        )
        if have:
            # Those that were open at the smaller count are finished by now.
            connection.execute(
                "UPDATE mandated_duty SET first_at = coalesce(first_at, cause_at + interval '1 h'),"
                " written_due = coalesce(written_due, cause_at + interval '49 h'),"
                " written_at = cause_at + interval '9 h', remind_at = NULL"
                " WHERE written_at IS NULL"
            )
        for statement in _FILL:
            connection.execute(statement.replace("{cleo}", code).encode())
    for table in ("mandated_duty", "matters_folder", "matters_foldergrant", "matters_matter"):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


_FILL = (
    "INSERT INTO matters_matter (id, district_id, restricted) SELECT m.matter, d.id, false"
    " FROM made m, places_district d WHERE d.slug = 'maple-valley'",
    "INSERT INTO matters_folder (id, kind, district_id, school_id, matter_id, opened_by, opened_at)"
    " SELECT m.folder, 'duty', d.id, s.ids[1 + m.g % cardinality(s.ids)], m.matter, t.id, m.at"
    " FROM made m, places_district d, (SELECT array_agg(id ORDER BY id) AS ids FROM places_school"
    " WHERE district_id = (SELECT id FROM places_district WHERE slug = 'maple-valley')) s,"
    " people_person t WHERE d.slug = 'maple-valley' AND t.email = 'terry@maple.example'",
    # As the demo's own: the compliance lead's name, bound to it, stands in a grant of it.
    "INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since)"
    " SELECT m.folder, h.holder, 1, decode(repeat('ab', 120), 'hex'), m.at FROM made m,"
    " LATERAL (SELECT 'own:' || encode(matters_bound('\\x{cleo}', m.folder), 'hex') AS holder"
    " UNION ALL SELECT 'person:' || id FROM people_person WHERE email = 'terry@maple.example') h"
    " ORDER BY m.g",
    "INSERT INTO mandated_duty (id, folder_id, person_id, district_id, school_id, matter_id,"
    " rule_set, rule, cause_at, opened_at, month, first_due, first_way, first_at,"
    " first_recorded_at, written_due, written_at, written_recorded_at, remind_at, reminded,"
    " school_inquiry)"
    " SELECT m.duty, m.folder, f.opened_by, f.district_id, f.school_id, m.matter, 'us-ct',"
    " (ARRAY['abuse', 'employee'])[1 + (m.g % 5 = 0)::int], m.at, m.at + interval '5 min',"
    " date_trunc('month', m.at)::date, m.at + interval '12 h', 'careline', t.first, t.first,"
    " t.first + interval '48 h', t.written, t.written,"
    " CASE WHEN m.open THEN now() + interval '10 days' END, 0, false"
    " FROM made m JOIN matters_folder f ON f.id = m.folder, LATERAL (SELECT"
    " CASE WHEN NOT m.open OR m.g % 2 = 0 THEN m.at + m.g % 800 * interval '1 min' END AS first,"
    " CASE WHEN NOT m.open THEN m.at + m.g % 800 * interval '1 min' + m.g % 53 * interval '1 h'"
    " END AS written) t",
    "INSERT INTO mandated_monthchange (district_id, month, changes)"
    " SELECT DISTINCT district_id, month, 1 FROM mandated_duty"
    " ON CONFLICT (district_id, month) DO UPDATE SET changes = mandated_monthchange.changes + 1",
)
