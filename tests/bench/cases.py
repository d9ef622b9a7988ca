"""How long a team's lists of cases take with few cases and with very many."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from http.client import HTTPConnection

import psycopg

from tests.bench.product import BenchFailed, Product

#: What a school's team has open at once, however many cases there have ever been.
OPEN = 120
#: The lists of the page: what one's team has, what one leads, what one has to do, what was closed.
LISTS = ("team", "mine", "due", "closed")
_LEAD = "miriam@maple.example"


@dataclass(frozen=True, slots=True)
class ListTime:
    """A list's first page, as a team's lead gets it (seconds, median)."""

    cases: int
    of: dict[str, float]
    load_seconds: float


def time_lists(product: Product, cookie: str, *, cases: int, times: int) -> ListTime:
    """Fill up to so many cases, then load each list's first page so many times."""
    begun = time.perf_counter()
    with product.superuser() as connection:
        fill(connection, cases)
    load_seconds = time.perf_counter() - begun
    taken = {}
    for name in LISTS:
        for _ in range(8):  # until each worker and connection has made its plans anew
            _page(product, cookie, name)
        taken[name] = statistics.median(_page(product, cookie, name) for _ in range(times))
    return ListTime(cases, taken, load_seconds)


def _page(product: Product, cookie: str, name: str) -> float:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=60)
    headers = {"Host": f"localhost:{product.desk_port}", "Cookie": cookie}
    begun = time.perf_counter()
    connection.request("GET", f"/cases?list={name}", headers=headers)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or page.count(b'href="/cases/') < 50:
        raise BenchFailed(f"the list {name} answers {answer.status} with {len(page)} bytes")
    return taken


def fill(connection: psycopg.Connection[tuple[object, ...]], cases: int) -> None:
    """Add cases up to so many, all of one team: ``OPEN`` open, the others closed.

    Each has a matter, a folder, a grant to its team and one to its lead, and something to do.
    Loaded in bulk past the triggers, then analysed as autovacuum would.
    """
    row = connection.execute("SELECT count(*) FROM cases_case").fetchone()
    assert row is not None
    have = int(str(row[0]))
    if have >= cases:
        return
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        connection.execute(
            "CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT g, gen_random_uuid() AS folder,"
            " gen_random_uuid() AS matter, t.id AS team, t.school_id AS school,"
            " t.district_id AS district, p.id AS lead, now() - g * interval '7 minutes' AS at,"
            " g > %s AS over FROM generate_series(%s::int, %s::int) g,"
            " people_team t JOIN people_membership m ON m.team_id = t.id"
            " JOIN people_person p ON p.id = m.person_id WHERE p.email = %s",
            [OPEN, have + 1, cases, _LEAD],
        )
        for statement in _FILL:
            connection.execute(statement)
    for table in (
        "cases_case",
        "cases_caseaction",
        "matters_folder",
        "matters_foldergrant",
        "matters_matter",
    ):
        connection.execute(f"VACUUM ANALYZE {table}".encode())


_FILL = (
    b"INSERT INTO matters_matter (id, district_id, restricted) SELECT matter, district, false"
    b" FROM made",
    b"INSERT INTO matters_folder (id, kind, district_id, school_id, matter_id, opened_by,"
    b" opened_at)"
    b" SELECT folder, 'case', district, school, matter, lead, at FROM made",
    b"INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since)"
    b" SELECT folder, h, 1, decode(repeat('ab', 1200), 'hex'), at FROM made,"
    b" LATERAL (VALUES ('team:' || team), ('person:' || lead)) AS holders(h)",
    b"INSERT INTO cases_case (id, district_id, school_id, matter_id, team_id, reference, concern,"
    b" life_safety, state, owner_id, opened_by, opened_at, changed_at, items, disposition,"
    b" closed_at) SELECT folder, district, school, matter, team, 'CZ' || lpad(to_hex(g), 7, '0'),"
    b" 'bullying', g % 40 = 0, CASE WHEN over THEN 'closed' ELSE 'open' END, lead, lead, at, at, 1,"
    b" CASE WHEN over THEN 'resolved' ELSE '' END, CASE WHEN over THEN at END FROM made",
    b"INSERT INTO cases_caseaction (id, case_id, district_id, folder_id, kind, owner_id, made_by,"
    b" from_at, within, due_at, ended_at, ended_by, ending, remind_at, reminded, sealed)"
    b" SELECT gen_random_uuid(), folder, district, folder, 'check_in', lead, lead, at, 24,"
    b" at + interval '1 day', CASE WHEN over THEN at END, CASE WHEN over THEN lead END,"
    b" CASE WHEN over THEN 'done' ELSE '' END, CASE WHEN over THEN NULL ELSE now() + interval"
    b" '9 years' END, 0, decode(repeat('ab', 60), 'hex') FROM made",
)
