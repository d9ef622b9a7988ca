"""``/health`` and ``/metrics`` on a port of their own: figures about machines, never about tips.

No figure here moves when a child writes: an exact time beside a school's firewall log would name
them. So there is no count of tips, alerts or pages, and no label but lane, queue, provider, stage.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from upstander.watch.look import Found, Seen, is_grave, sentences
from upstander.watch.models import Probe

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: A look older than this many seconds says nothing: the watch hangs, or cannot reach the database.
STALE = 20.0
_STAGES = ("form", "filed", "queued", "paged", "acknowledged")


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the last look found, for whoever asks."""

    seen: Seen | None = None
    troubles: frozenset[Found] = frozenset()
    probe: Probe | None = None
    #: Whether the database answered the last look.
    database: bool = False

    @property
    def well(self) -> bool:
        """Whether pages go out: the database is there and nothing grave is wrong."""
        return self.database and not any(map(is_grave, self.troubles))


class Board:
    """Where the loop writes what it saw and the server reads it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing = LastLook()
        self._shown_at = 0.0
        self.registry = CollectorRegistry(auto_describe=False)
        self.registry.register(self)

    def show(self, standing: LastLook) -> None:
        """Replace what is shown."""
        with self._lock:
            self._standing = standing
            self._shown_at = time.monotonic()

    def standing(self) -> LastLook:
        """Return what is shown; a look that is too old is none."""
        with self._lock:
            if time.monotonic() - self._shown_at > STALE:
                return replace(self._standing, database=False)
            return self._standing

    def health(self) -> tuple[int, dict[str, object]]:
        """Return the status and the body of ``/health``: 200 while pages go out, else 503.

        It says "well" only where nothing at all is wrong.
        """
        now = self.standing()
        said = sentences(sorted(now.troubles))
        if not now.database:
            said.insert(0, "The database does not answer")
        found = {"well": not said, "pages_go_out": now.well, "troubles": said}
        return (200 if now.well else 503), found

    def collect(self) -> Iterator[Metric]:
        """Give the figures to prometheus-client."""
        now = self.standing()
        yield _one("upstander_up", "Whether pages go out.", float(now.well))
        yield _one("upstander_database_up", "Whether the database answers.", float(now.database))
        yield _one("upstander_troubles", "Troubles open now.", float(len(now.troubles)))
        if now.seen is not None:
            yield from _of_seen(now.seen)
        if now.probe is not None:
            yield from _of_probe(now.probe)


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _of_seen(seen: Seen) -> Iterator[Metric]:
    lanes = GaugeMetricFamily(
        "upstander_lane_age_seconds", "Since a lane's latest sign of life.", labels=["lane"]
    )
    for lane, age in seen.lanes.items():
        lanes.add_metric([lane], max(0.0, age))
    yield lanes
    queues = GaugeMetricFamily(
        "upstander_due_oldest_seconds",
        "Since the oldest of what is due became so.",
        labels=["queue"],
    )
    for name, queue in seen.queues.items():
        queues.add_metric([name], queue.oldest)
    yield queues
    providers = GaugeMetricFamily(
        "upstander_provider_good",
        "1 if a provider delivers, 0 if it is degraded or down.",
        labels=["provider", "channel"],
    )
    for one in seen.providers:
        providers.add_metric([one.provider, one.channel], float(one.state == "good"))
    yield providers
    sites = GaugeMetricFamily("upstander_site_up", "Whether a site answers.", labels=["site"])
    for site, up in seen.sites.items():
        sites.add_metric([site], float(up))
    yield sites


def _of_probe(probe: Probe) -> Iterator[Metric]:
    yield _one(
        "upstander_probe_well",
        "Whether the last synthetic tip came through.",
        float(probe.state == Probe.State.WELL),
    )
    yield _one(
        "upstander_probe_began_timestamp_seconds",
        "When the last synthetic tip was sent.",
        probe.began_at.timestamp(),
    )
    stages = GaugeMetricFamily(
        "upstander_probe_seconds",
        "How long the last synthetic tip took to each stage.",
        labels=["stage"],
    )
    for stage in _STAGES:
        ms = getattr(probe, f"{stage}_ms")
        if ms is not None:
            stages.add_metric([stage], ms / 1000)
    yield stages


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Be silent of an asker who did not wait for the whole answer: a probe reads a line."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def serve(board: Board, address: str, port: int) -> ThreadingHTTPServer:
    """Serve ``/health`` and ``/metrics`` from a thread of its own; returns the server."""

    class Handler(BaseHTTPRequestHandler):
        # A slow asker holds one thread, not the watch.
        timeout = 10

        def do_GET(self) -> None:
            path = self.path.split("?", 1)[0]
            if path == "/health":
                status, said = board.health()
                self._answer(status, "application/json", json.dumps(said).encode())
            elif path == "/metrics":
                self._answer(200, CONTENT_TYPE, generate_latest(board.registry))
            else:
                self._answer(404, "text/plain", b"/health or /metrics\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
            """Nobody's request is logged."""

    server = _Server((address, port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
