"""One request of somebody who is signed in at the desk."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench.product import BenchFailed, Product

_TOKEN = "c" * 32


def ask(
    product: Product, cookie: str, path: str, form: dict[str, str] | None = None
) -> tuple[str, bytes, float]:
    """Ask for a page or press; where it leads, what stands there, and the seconds it took."""
    connection = HTTPConnection("127.0.0.1", product.desk_port, timeout=120)
    headers = {
        "Host": f"localhost:{product.desk_port}",
        "Cookie": f"{cookie}; csrftoken={_TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": _TOKEN, **form}) if form else None
    begun = time.perf_counter()
    connection.request("POST" if form else "GET", path, body, headers)
    answer = connection.getresponse()
    page = answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != (302 if form else 200):
        raise BenchFailed(f"{path} answers {answer.status} with {len(page)} bytes")
    return answer.headers.get("Location", ""), page, taken
