"""The watch: a process beside the worker that looks every two seconds and speaks when it must."""

from __future__ import annotations

import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext

from upstander.base.moment import database_second
from upstander.carriers.models import ContactMethod
from upstander.escalations.policy import GAP
from upstander.watch import beats, trial, troubles
from upstander.watch import notices as telling
from upstander.watch.look import (
    LOST,
    SILENT,
    Found,
    KeyFile,
    key_file_here,
    look,
    signed_troubles,
    troubles_in,
)
from upstander.watch.metrics import Board, LastLook, serve
from upstander.watch.models import Probe, ProbePlace
from upstander.watch.sites import ask_sites

log = logging.getLogger("upstander.watch")

LOOK_EVERY = 2.0
SITES_EVERY = 10.0
#: Each of thousands of signatures is checked, so not more often.
SIGNED_EVERY = 60.0
#: A folder on another machine that doesn't answer for so long is as good as lost.
KEYS_PATIENCE = 60.0
CONTACTS_EVERY = 300.0
PING_EVERY = 60.0
#: What is found must stand so long before it counts: a look may fall into a moment's gap.
HOLD = 4.0
#: After the start everything else has so long to come up.
GRACE = 30.0
#: The database may be away so long before its absence is told.
DATABASE_PATIENCE = 30.0
#: While it stays away its contacts are told again after so long.
TELL_AGAIN = 900.0


def probe_every() -> float:
    """Seconds between two synthetic tips: UPSTANDER_PROBE_SECONDS, at least 120; 0: none."""
    wanted = float(settings.PROBE_SECONDS)
    return max(120.0, wanted) if wanted > 0 else 0.0


def port() -> int:
    """The port of /health and /metrics: UPSTANDER_WATCH_PORT."""
    return int(settings.WATCH_PORT)


class Watch:
    """What the watch knows from one look to the next. ``clock`` is monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.board = Board()
        self.chair = troubles.Chair()
        self.started = clock()
        self.sites: dict[str, bool] = {}
        self.signed: tuple[str, ...] = ()
        self._key_file: KeyFile | None = None
        self._key_file_at = self.started
        self.methods: list[ContactMethod] = []
        self._since: dict[Found | UUID, float] = {}
        self._due: dict[str, float] = {"probe": self.started + GRACE}
        self._away_since: float | None = None
        self._told_away: float | None = None
        # Each of these may take long, so each has a thread: the look itself never waits for them.
        self._threads = {
            name: ThreadPoolExecutor(1, thread_name_prefix=name)
            for name in ("sites", "keys", "signed", "tell", "probe", "ping")
        }
        self._running: dict[str, Future[None]] = {}

    def turn(self) -> None:
        """Look once, and start whatever is due."""
        try:
            self._look()
        except (DatabaseError, InterfaceError) as error:
            self._database_away(error)
        self._every("sites", SITES_EVERY, self._ask_sites)
        self._every("keys", SITES_EVERY, self._look_at_key_file)
        self._every("signed", SIGNED_EVERY, self._look_at_signed)
        if url := settings.PING_URL:
            self._every("ping", PING_EVERY, lambda: self._ping(url))

    def _look(self) -> None:
        beats.beat(beats.WATCH)
        hangs = self.clock() - self._key_file_at > KEYS_PATIENCE
        seen = look(self.sites, LOST if hangs else self._key_file, self.signed)
        found = self._held(troubles_in(seen), seen.untold)
        probe = Probe.objects.exclude(state=Probe.State.RUNNING).order_by("-began_at").first()
        self.board.show(LastLook(seen, frozenset(found), probe, database=True))
        was_away, self._away_since = self._told_away is not None, None
        if not self.chair.mine():
            return
        troubles.keep(found, seen.now)
        if was_away:
            self._told_away = None
            said = telling.message([], [gettext("The database did not answer")])
            self._start("tell", lambda: _only(telling.tell(self.methods, said)))
        self._every("tell", LOOK_EVERY, self._tell)
        if every := probe_every():
            self._every("probe", every, _probe)

    def _held(self, found: Collection[Found], untold: Collection[UUID] = ()) -> set[Found]:
        """Return what has stood long enough to count; of alerts that nobody is told of, ``GAP``.

        So long one may wait for its first page, or after the pages of a policy's longest pause: for
        a way that comes later, at the desk, for whoever took the call to a school. It is counted
        here, as no column tells it that somebody else could not change.
        """
        now = self.clock()
        standing: tuple[Found | UUID, ...] = (*found, *untold)
        self._since = {one: self._since.get(one, now) for one in standing}
        if now - self.started < GRACE:
            return set()
        silent = {SILENT for one in untold if now - self._since[one] >= GAP}
        return silent | {one for one in found if now - self._since[one] >= HOLD}

    def _database_away(self, error: Exception) -> None:
        connection.close()
        now = self.clock()
        if self._away_since is None:
            self._away_since = now
            log.warning("the database is away: %s", type(error).__name__)
        standing = self.board.standing()
        self.board.show(LastLook(standing.seen, standing.troubles, standing.probe, database=False))
        if now - self._away_since < DATABASE_PATIENCE:
            return
        if self._told_away is None or now - self._told_away >= TELL_AGAIN:
            self._told_away = now
            words = gettext("The database does not answer: no tip can come in")
            said = telling.message([words], [])
            methods = self.methods
            self._start("tell", lambda: _only(telling.tell_without_database(methods, said)))

    def _tell(self) -> None:
        """Tell the contacts what they do not know yet; note it only if somebody was reached."""
        if self.clock() >= self._due.get("contacts", 0.0) or not self.methods:
            self.methods = telling.contacts()
            self._due["contacts"] = self.clock() + CONTACTS_EVERY
        now = database_second()
        begun, ended = troubles.to_tell(now)
        if not begun and not ended:
            return
        said = telling.message(telling.words(begun), telling.words(ended))
        if telling.tell(self.methods, said):
            troubles.told(begun, ended, now)
        else:
            log.error("none of the center's contacts could be told: %s", said.short)
            self._due["tell"] = self.clock() + PING_EVERY
        troubles.forget_old(now)
        beats.forget_gone()

    def _ask_sites(self) -> None:
        self.sites = ask_sites()

    def _look_at_key_file(self) -> None:
        self._key_file = key_file_here()
        self._key_file_at = self.clock()

    def _look_at_signed(self) -> None:
        self.signed = signed_troubles()

    def _ping(self, url: str) -> None:
        """Say "well" to whoever notices silence: outside, where our own failure can't hide it."""
        if not self.board.standing().well or self.clock() - self.started < GRACE:
            return
        try:
            urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - the operator's own
        except (OSError, ValueError) as error:
            log.warning("the dead man's switch could not be told: %s", type(error).__name__)

    def _every(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        """Start ``work`` in its thread if it is due and not still running."""
        if self.clock() >= self._due.get(name, 0.0) and self._start(name, work):
            self._due[name] = self.clock() + seconds

    def _start(self, name: str, work: Callable[[], None]) -> bool:
        running = self._running.get(name)
        if running is not None and not running.done():
            return False
        self._running[name] = self._threads[name].submit(_alone, name, work)
        return True

    def close(self) -> None:
        """Let go of the threads; what is under way is not waited for."""
        for pool in self._threads.values():
            pool.shutdown(wait=False, cancel_futures=True)


def _alone(name: str, work: Callable[[], None]) -> None:
    """Do something in a thread: its failure is said and is nobody else's."""
    try:
        work()
    except (DatabaseError, InterfaceError) as error:
        log.warning("%s: %s", name, type(error).__name__)
    except Exception:
        log.exception("%s failed", name)
    finally:
        connection.close()


def _only(_: object) -> None:
    """Drop a result."""


def _probe() -> None:
    """Send a synthetic tip and follow it."""
    place = ProbePlace.objects.first()
    if place is None:
        return
    if settings.DEMO:
        trial.teach_demo_phone(place, settings.PUSH_SERVICE)
    trial.Trial(place).run()


def run(address: str, stopping: threading.Event) -> None:
    """Watch until ``stopping`` is set."""
    watch = Watch()
    server = serve(watch.board, address, port())
    try:
        while not stopping.is_set():
            watch.turn()
            stopping.wait(LOOK_EVERY)
    finally:
        server.shutdown()
        watch.close()
