"""Ways by factors, and by a routing server that answers as OSRM's table service does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from upstander.callouts.planning import Place
from upstander.callouts.travel import ByFactors, ByRouting, straight_line

SITES = (Place(41.0, -73.0), Place(41.5, -73.0))
TOWNS = (Place(41.0, -73.0), Place(42.0, -73.0), Place(41.0, -72.0))
FACTORS = ByFactors(speed=60.0, hour_factor=1.5, road_factor=1.2, overhead=4.0)


@contextmanager
def routing(answer: object, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Serve ``answer`` to whatever is asked; the server's URL and the paths it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_straight_line_is_the_great_circle() -> None:
    km = straight_line(SITES, TOWNS)
    assert km.shape == (2, 3)
    # A degree of latitude, and one of longitude at 41° north.
    assert km[0].round(1).tolist() == [0.0, 111.2, 83.9]


def test_factors_make_minutes_of_km() -> None:
    km = straight_line(SITES, TOWNS)
    assert np.allclose(FACTORS.minutes(SITES, TOWNS), km * 1.2 * 1.5 + 4.0)


def test_routing_server_gives_the_minutes() -> None:
    seconds = [[60.0, 1200.0, None], [600.0, 120.0, 180.0]]
    with routing({"code": "Ok", "durations": seconds}) as (url, asked):
        found = ByRouting(url, FACTORS).minutes(SITES, TOWNS)
    assert found[1].tolist() == [19.0, 7.0, 8.5]  # × 1.5 for the hour, 4 to leave
    assert found[0, :2].tolist() == [5.5, 34.0]
    # No road known: by factors.
    assert found[0, 2] == FACTORS.minutes(SITES, TOWNS)[0, 2]
    where = urlsplit(asked[0])
    assert where.path.startswith("/table/v1/driving/-73.00000,41.00000;-73.00000,41.50000;")
    assert parse_qs(where.query) == {"sources": ["0;1"], "destinations": ["2;3;4"]}


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"code": "NoTable"}, 400), ({"durations": [[1]]}, 200), ({"code": "Ok"}, 200), ([], 200)],
)
def test_wrong_routing_answer_falls_back(answer: object, status: int) -> None:
    with routing(answer, status) as (url, _):
        found = ByRouting(url, FACTORS).minutes(SITES, TOWNS)
    assert np.array_equal(found, FACTORS.minutes(SITES, TOWNS))


def test_missing_routing_server_falls_back() -> None:
    with routing({}) as (url, _):
        pass
    found = ByRouting(url, FACTORS).minutes(SITES, TOWNS)
    assert np.array_equal(found, FACTORS.minutes(SITES, TOWNS))
