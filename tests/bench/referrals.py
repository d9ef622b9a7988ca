"""How long the specialists' list and the page of unmet need take with few contacts and many."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg

from tests.bench.pages import cookies_for
from tests.bench.product import BenchFailed, Product

#: What a center has open at once, however many contacts there have ever been.
OPEN = 100


@dataclass(frozen=True, slots=True)
class DeskTime:
    """Medians in seconds: of the list, and of unmet need once it is published; of publishing it."""

    contacts: int
    listed: float
    unmet: float
    published: float
    load_seconds: float


def compare_desks(product: Product, *, quick: bool) -> None:
    """Time both pages among few contacts and among ten times as many, and print."""
    [counselor] = cookies_for(product, "nadia@lakeside.example")
    [supervisor] = cookies_for(product, "ruth@lakeside.example")
    print("contacts: the list (100 open), unmet need as published, and publishing it")
    found = []
    for many in (5_000, 50_000) if quick else (20_000, 200_000):
        times = 20 if quick else 60
        found.append(time_desk(product, counselor, supervisor, contacts=many, times=times))
        one = found[-1]
        print(
            f"  {many:10,} contacts: list {1000 * one.listed:.1f} ms, unmet "
            f"{1000 * one.unmet:.1f} ms; published in {1000 * one.published:.0f} ms; filled in "
            f"{one.load_seconds:.0f} s"
        )
    few, very = found
    print(
        f"  {very.listed / few.listed:.2f}, {very.unmet / few.unmet:.2f} times as long (target 1.3)"
    )


def time_desk(
    product: Product, counselor: str, supervisor: str, *, contacts: int, times: int
) -> DeskTime:
    """Fill up to so many contacts, then load each page so many times."""
    begun = time.perf_counter()
    with product.superuser() as connection:
        fill(connection, contacts)
        # Counted anew of what there is now; nothing that is published is ever changed otherwise.
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM editions_publishededition WHERE subject = 'needs.unmet'")
    load_seconds = time.perf_counter() - begun
    published = _page(product, supervisor, "/unmet", b"Unmet need", 1)
    for _ in range(8):  # until each worker and connection has made its plans anew
        _page(product, counselor, "/contacts", b'href="/contacts/', OPEN)
        _page(product, supervisor, "/unmet", b"Unmet need", 1)
    listed = [
        _page(product, counselor, "/contacts", b'href="/contacts/', OPEN) for _ in range(times)
    ]
    unmet = [_page(product, supervisor, "/unmet", b"Unmet need", 1) for _ in range(times)]
    medians = statistics.median(listed), statistics.median(unmet)
    return DeskTime(contacts, *medians, published, load_seconds)


def _page(product: Product, cookie: str, path: str, holds: bytes, least: int) -> float:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=120)
    headers = {"Host": f"localhost:{product.desk_port}", "Cookie": cookie}
    begun = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or page.count(holds) < least:
        raise BenchFailed(f"{path} answers {answer.status} with {len(page)} bytes")
    return taken


def fill(connection: psycopg.Connection[tuple[object, ...]], contacts: int) -> None:
    """Add contacts up to so many, of one center: ``OPEN`` open, the others ended within 4 years.

    Loaded in bulk past triggers, then analysed as autovacuum would.
    """
    row = connection.execute("SELECT count(*) FROM referrals_contact WHERE sealed = 'x'").fetchone()
    assert row is not None
    have = int(str(row[0]))
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT g, gen_random_uuid() AS folder,"
            " gen_random_uuid() AS matter, d.id AS district, t.id AS team, p.id AS person,"
            " now() - g * interval '4 years' / %s AS at, g > %s AS over"
            " FROM generate_series(%s::int, %s::int) g, places_district d, people_person p"
            " JOIN people_membership m ON m.person_id = p.id JOIN people_team t ON t.id = m.team_id"
            " WHERE d.slug = 'maple-valley' AND p.email = 'nadia@lakeside.example'",
            [contacts, OPEN, have + 1, contacts],
        )
        for statement in _FILL:
            connection.execute(statement.encode())
    for table in (
        "referrals_contact",
        "referrals_referral",
        "matters_folder",
        "matters_foldergrant",
        "matters_matter",
    ):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


_FILL = (
    "INSERT INTO matters_matter (id, district_id, restricted) SELECT matter, district, false"
    " FROM made",
    "INSERT INTO matters_folder (id, kind, district_id, matter_id, opened_by, opened_at)"
    " SELECT folder, 'contact', district, matter, person, at FROM made",
    "INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since)"
    " SELECT folder, h, 1, decode(repeat('ab', 1200), 'hex'), at FROM made,"
    " LATERAL (VALUES ('team:' || team), ('person:' || person)) AS holders(h)",
    "INSERT INTO referrals_contact (id, district_id, person_id, way, danger, language, interpreter,"
    " needs, town, taken_at, ended_at, sealed) SELECT folder, district, person, 'call', '',"
    " (ARRAY['en', 'es', 'ar'])[1 + g % 3], false, jsonb_build_array((ARRAY['food', 'housing',"
    " 'utilities', 'legal', 'transport'])[1 + g % 5]), '', at, CASE WHEN over THEN at END, 'x'"
    " FROM made",
    "INSERT INTO referrals_referral (id, contact_id, need, service_id, made_by, made_at, consent,"
    " misses, agency, tries, outcome, outcome_at, outcome_by, barrier, sealed)"
    " SELECT gen_random_uuid(), folder, (ARRAY['food', 'housing', 'utilities', 'legal',"
    " 'transport'])[1 + g % 5], gen_random_uuid(), person, at, 'numbers', 0, '', 2,"
    " CASE WHEN NOT over THEN '' WHEN g % 4 = 0 THEN 'lost' ELSE 'met' END,"
    " CASE WHEN over THEN at END, CASE WHEN over THEN person END, '', 'x' FROM made",
)
