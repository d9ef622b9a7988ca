"""How long an import of many services takes, and what memory: a file, its preview, the yes."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.bench.pages import cookies_for
from tests.bench.product import BenchFailed, Product
from upstander.standards.hsds.shapes import Kind
from upstander.standards.hsds.writing import write_tabular

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_DAYS = ("MO,TU,WE", "SA", "MO,FR", "TU,TH,SU")


@dataclass(frozen=True, slots=True)
class ImportTime:
    """Seconds of reading and of the yes; megabytes before, and the most while it lasted."""

    services: int
    megabytes: float
    read_seconds: float
    yes_seconds: float
    again_seconds: float
    before: float
    peak: float


def _own(*path: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, path))))


def _records(many: int) -> Iterator[tuple[Kind, dict[str, Any]]]:
    """Give so many invented services, each at a place of its own, four with one organization."""
    for n in range(-(-many // 4)):
        yield (
            "organization",
            {"id": _own(many, "o", n), "name": f"Group {n}", "description": "Ours"},
        )
    for n in range(many):
        address = {
            "id": _own(many, "a", n),
            "address_1": f"{n} Invented Street",
            "city": "Maple Valley",
            "state_province": "CT",
            "postal_code": "00000",
            "country": "US",
            "address_type": "physical",
        }
        yield (
            "location",
            {
                "id": _own(many, "l", n),
                "location_type": "physical",
                "latitude": 41 + n % 997 / 1000,
                "longitude": -73 + n % 991 / 1000,
                "addresses": [address],
            },
        )
    for n in range(many):
        yield (
            "service",
            {
                "id": _own(many, "s", n),
                "organization_id": _own(many, "o", n // 4),
                "name": f"Pantry {n} of {_DAYS[n % 4].title()}",
                "status": "active",
                "description": "Groceries for whoever comes; no papers are asked for. " * 3,
                "phones": [{"id": _own(many, "p", n), "number": f"860-555-{n % 10_000:04}"}],
                "schedules": [
                    {
                        "id": _own(many, "h", n),
                        "freq": "WEEKLY",
                        "byday": _DAYS[n % 4],
                        "opens_at": "09:00",
                        "closes_at": "17:00",
                    }
                ],
            },
        )
    for n in range(many):
        pair = {"service_id": _own(many, "s", n), "location_id": _own(many, "l", n)}
        yield "service_at_location", {"id": _own(many, "x", n), **pair}


def time_import(product: Product, cookie: str, *, services: int) -> ImportTime:
    """Bring so many services in as tables, by the administrator's pages, and the same again."""
    packed = io.BytesIO()
    write_tabular(_records(services), packed)
    raw = packed.getvalue()
    product.peak("desk")
    before = product.memory()["desk"]
    begun = time.perf_counter()
    address = _upload(product, cookie, "/services/import", raw)
    read = time.perf_counter()
    _press(product, cookie, address, act="yes")
    done = time.perf_counter()
    _upload(product, cookie, address, raw)
    again = time.perf_counter()
    page = _get(product, cookie, address)
    if "Nothing changed" not in page:
        raise BenchFailed("the second import of a file changes something")
    with product.superuser() as connection:
        row = connection.execute(
            "SELECT count(*) FROM directory_service WHERE source_id = %s", [address.split("/")[-1]]
        ).fetchone()
    if row != (services,):
        raise BenchFailed(f"services are missing: {row}")
    peak = product.peak("desk")
    return ImportTime(
        services, len(raw) / 1e6, read - begun, done - read, again - done, before, peak
    )


def compare_imports(product: Product, *, quick: bool) -> None:
    """Import few and many services, and print what it takes."""
    print("importing services: a ZIP of tables, its preview, the yes, the same file again")
    [cookie] = cookies_for(product, "admin@lakeside.example")
    brought = []
    for many in (500, 2_500) if quick else (10_000, 50_000):
        brought.append(time_import(product, cookie, services=many))
        file = brought[-1]
        print(
            f"  {file.services:10,} services, {file.megabytes:.1f} MB: read in "
            f"{file.read_seconds:.0f} s, let in by the yes in {file.yes_seconds:.0f} s, again in "
            f"{file.again_seconds:.0f} s; the desk's memory {file.before:.0f} MB before, "
            f"{file.peak:.0f} MB at most"
        )
    print(f"  times as much memory at most (target 1.5): {brought[1].peak / brought[0].peak:.2f}")


def _ask(
    product: Product, cookie: str, path: str, body: bytes | None, kind: str = ""
) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=1800)
    host = f"localhost:{product.desk_port}"
    headers = {"Host": host, "Cookie": cookie} | ({"Content-Type": kind} if kind else {})
    connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    if answer.status not in (200, 302):
        raise BenchFailed(f"{path} answers {answer.status}: {page[:300]}")
    return answer, page


def _get(product: Product, cookie: str, path: str) -> str:
    return _ask(product, cookie, path, None)[1]


def _token(product: Product, cookie: str, path: str) -> tuple[str, str]:
    answer, page = _ask(product, cookie, path, None)
    token = _TOKEN.search(page)
    if token is None:
        raise BenchFailed(f"{path} has no form")
    own = re.search(r"\bcsrf\w*=[^;]+", answer.headers.get("Set-Cookie", ""))
    return token[1], f"{cookie}; {own[0]}" if own else cookie


def _press(product: Product, cookie: str, path: str, **fields: str) -> None:
    token, cookie = _token(product, cookie, path)
    sent = "&".join(f"{key}={one}" for key, one in {"csrfmiddlewaretoken": token, **fields}.items())
    _ask(product, cookie, path, sent.encode(), "application/x-www-form-urlencoded")


def _upload(product: Product, cookie: str, path: str, raw: bytes) -> str:
    """Send a file; returns where the answer leads."""
    token, cookie = _token(product, cookie, path)
    edge = "edge-of-a-part"
    parts = {"csrfmiddlewaretoken": token, "name": "Many"}
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{one}\r\n'
        for key, one in parts.items()
    )
    file = 'name="upload"; filename="all.zip"'
    head += f"--{edge}\r\nContent-Disposition: form-data; {file}\r\n\r\n"
    body = head.encode() + raw + f"\r\n--{edge}--\r\n".encode()
    answer, page = _ask(product, cookie, path, body, f"multipart/form-data; boundary={edge}")
    if answer.status != 302:
        raise BenchFailed(f"the file is refused: {page[:300]}")
    return str(answer.headers["Location"])
