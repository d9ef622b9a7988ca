"""How long programs wait for a page of the directory, among few services and among very many."""

from __future__ import annotations

import json
import statistics
import time
from http.client import HTTPConnection

from tests.bench.product import BenchFailed, Product

#: What is asked, and by which name it stands in the table.
ASKED = {
    "a page": "/hsds/services",
    "in full": "/hsds/services?full=true&per_page=50",
    "of organizations": "/hsds/organizations",
    "with places": "/hsds/service_at_locations",
    "by words": "/hsds/services?search=Lantern",
    "the 100th": "/hsds/services?page=100",
}
_PLACES = (
    "INSERT INTO directory_serviceatlocation (id, service_id, location_id, record)"
    " SELECT md5(e.id::text)::uuid, e.service_id, e.location_id,"
    " jsonb_build_object('id', md5(e.id::text)::uuid) FROM directory_entry e"
    " WHERE e.location_id IS NOT NULL AND NOT EXISTS (SELECT FROM directory_serviceatlocation x"
    " WHERE x.service_id = e.service_id)"
)


def time_published(product: Product, *, times: int) -> dict[str, float]:
    """Ask each question so many times of what the directory holds; the medians in seconds."""
    with product.superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(_PLACES.encode())
        connection.execute("SET session_replication_role = origin")
        connection.execute(b"VACUUM ANALYZE directory_serviceatlocation")
    for path in [*ASKED.values()] * 2:
        _page(product, path)
    return {
        name: statistics.median(_page(product, path) for _ in range(times))
        for name, path in ASKED.items()
    }


def _page(product: Product, path: str) -> float:
    connection = HTTPConnection("127.0.0.1", product.public_port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200 or "total_items" not in json.loads(page):
        raise BenchFailed(f"{path} answers {answer.status} with {len(page)} bytes")
    return taken
