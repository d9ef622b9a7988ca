"""One hub a process: hears that tips changed, and tells every open page what it may know of it.

NOTIFY is only a hint. Once a second the database is asked what has changed, so a lost hint costs a
second. Each changed row is looked at and rendered once for each scope, through the role of one
viewer who stands in it, and not once for each of two hundred desks.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, InterfaceError, connection

from upstander.desk import live_calls, live_rows
from upstander.desk.live_calls import Calls
from upstander.desk.live_rows import Joining, Located, Scope, Snapshot
from upstander.people.roles import TeamKind

log = logging.getLogger("upstander.desk.live")

CHANNEL = "tips"
POLL = 1.0
#: How often each session is looked at when nothing changes, in seconds.
RECHECK = 30.0
#: How often is asked whether the system has trouble, in seconds.
TROUBLES_EVERY = 5.0
#: A page that has not taken this many events is told to load itself anew.
BACKLOG = 256
#: With less than this left of a session, in seconds, its person is asked whether they are there.
WARN_BEFORE = 150
#: At most so often the figures are counted anew for a scope, in seconds.
FIGURES_EVERY = 0.5
_VERSIONS = 5000


def event(name: str, data: object, at: datetime | None = None) -> bytes:
    """Return one event of the stream; ``at`` becomes its id, from which a page can go on."""
    stamp = f"id: {at.timestamp():.0f}\n" if at else ""
    return f"event: {name}\n{stamp}data: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


class Stream:
    """One open page."""

    def __init__(self, joining: Joining) -> None:
        self.viewer = joining.viewer
        self.scope = joining.standing.scope
        self.name = joining.name
        self.at = joining.at
        self.outbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.ended = False
        self.warned = False

    def put(self, message: bytes) -> None:
        """Queue an event; a page that is far behind is told to load itself anew instead."""
        if self.ended:
            return
        if self.outbox.qsize() >= BACKLOG:
            while not self.outbox.empty():
                self.outbox.get_nowait()
            message = event("refresh", {})
        self.outbox.put_nowait(message)

    def end(self, why: str) -> None:
        """Say why it ends, and end."""
        if not self.ended:
            self.put(event("over", {"why": why}))
            self.ended = True
            self.outbox.put_nowait(None)


class Hub:
    """Everything that is live in one process. Lives in that process's one event loop."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.now: datetime | None = None
        self._pending: set[UUID] = set()
        self._woken = asyncio.Event()
        self._versions: OrderedDict[UUID, str] = OrderedDict()
        #: What a scope that does not see everything was told of: only the going of these is told.
        self._known: dict[Scope, set[UUID]] = {}
        self._figures_due: set[Scope] = set()
        self._calls = Calls()
        # One thread for what is pushed, so that it stays in order; another for those who join.
        self._pushing = ThreadPoolExecutor(1, thread_name_prefix="live-push")
        self._joining = ThreadPoolExecutor(2, thread_name_prefix="live-join")
        self._tasks: list[asyncio.Task[None]] = []
        self._checked = 0.0
        self._counted = 0.0
        self._troubles: list[str] = []
        self._troubles_due = 0.0
        self._lost = False
        self._away = False
        #: Tips that could not be looked at this time: the next poll takes them up again.
        self._retry: set[UUID] = set()

    def start(self) -> None:
        """Begin to listen and to poll, with the first page that opens."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._run())]

    async def stop(self) -> None:
        """End every stream and task."""
        for stream in list(self.streams):
            stream.end("stopping")
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks = []
        for pool in (self._pushing, self._joining):
            pool.shutdown(wait=False, cancel_futures=True)

    async def _push[**P, R](self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._pushing, lambda: live_rows.in_thread(work, *args, **kwargs)
        )

    async def ask[**P, R](self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do database work for somebody who joins, beside what is being pushed."""
        return await asyncio.get_running_loop().run_in_executor(
            self._joining, lambda: live_rows.in_thread(work, *args, **kwargs)
        )

    # --- Who is here ---------------------------------------------------------------------------

    async def enter(
        self, stream: Stream, since: float | None, seen: Snapshot | None = None
    ) -> None:
        """Add a page, bring it up to date from ``since`` (epoch seconds), and show it to others.

        With ``seen`` it is told only of what came after that snapshot.
        """
        self.streams.add(stream)
        self.start()
        if self._troubles:
            stream.put(event("troubles", self._troubles))
        center = stream.viewer.kind is TeamKind.CENTER
        if center:
            stream.put(event("alarms", await self.ask(live_rows.alarms, stream.viewer)))
        if live_calls.takes_calls(stream.viewer):
            stream.put(event("calls", await self.ask(live_calls.render_calls, stream.viewer)))
        if stream.scope.partial and stream.scope not in self._known:
            self._known[stream.scope] = await self.ask(live_rows.all_visible, stream.viewer)
        if since is not None:
            missed = await self.ask(live_rows.changes_since, since, seen)
            tips = [one.tip for one in missed if one.district_id in stream.scope.districts]
            if center and tips:
                rows = await self.ask(live_rows.render_rows, stream.viewer, tips)
                for tip, html in rows.items():
                    if html:
                        stream.put(event("row", {"id": str(tip), "html": html}, self.now))
            elif tips:
                for tip in await self.ask(live_rows.visible, stream.viewer, tips):
                    stream.put(event("tip", {"id": str(tip)}, self.now))
        self._tell_presence(stream)

    def leave(self, stream: Stream) -> None:
        """Take a page away."""
        stream.ended = True
        self.streams.discard(stream)
        if not any(other.scope == stream.scope for other in self.streams):
            self._known.pop(stream.scope, None)
        self._tell_presence(stream)

    def _tell_presence(self, changed: Stream) -> None:
        """Say who has a tip's page (or the queue) open, to colleagues who may know of that tip."""
        near = [
            other
            for other in self.streams
            if other.scope[:3] == changed.scope[:3] and self._may_know(other, changed.at)
        ]
        place = str(changed.at) if changed.at else "queue"
        there = {s.viewer.person_id: s.name for s in near if s.at == changed.at}
        told = event("here", {"at": place, "who": sorted(there.items())})
        for other in near:
            if other.at in (changed.at, None):
                other.put(told)
        if changed in self.streams and changed.at is None:
            # Who has just opened the queue learns who is on which tip.
            open_tips = {other.at for other in near if other.at is not None}
            for tip in (tip for tip in open_tips if self._may_know(changed, tip)):
                who = {s.viewer.person_id: s.name for s in near if s.at == tip}
                changed.put(event("here", {"at": str(tip), "who": sorted(who.items())}))

    def _may_know(self, stream: Stream, tip: UUID | None) -> bool:
        if tip in (None, stream.at) or not stream.scope.partial:
            return True
        return tip in self._known.get(stream.scope, ())

    # --- What changed --------------------------------------------------------------------------

    async def _listen(self) -> None:
        """Hear hints on one connection; after a gap every page is brought up to date."""
        first = True
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_connection_parameters(), autocommit=True
                ) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    if not first:
                        self._lost = True
                        self._woken.set()
                    first = False
                    async for hint in listening.notifies():
                        with suppress(ValueError):
                            self._pending.add(UUID(hint.payload))
                            self._woken.set()
            except (psycopg.Error, OSError) as error:
                self._say_away(error)
            first = False
            await asyncio.sleep(POLL)

    async def _run(self) -> None:
        """Look at what changed: at once on a hint, and every second in any case."""
        loop = asyncio.get_running_loop()
        polled = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.0, polled + POLL - loop.time()))
            self._woken.clear()
            poll = loop.time() - polled >= POLL
            if poll:
                polled = loop.time()
            if not self.streams:
                self._pending.clear()
                continue
            try:
                await self._turn(poll=poll)
                self._away = False
            except (DatabaseError, InterfaceError, psycopg.Error) as error:
                self._say_away(error)
                self._lost = True
            except Exception:
                # One bad row must not end the stream of everybody.
                log.exception("the live stream")

    def _say_away(self, error: Exception) -> None:
        """Log once, not every second, that the database is away."""
        if not self._away:
            log.warning("the database is away: %s", type(error).__name__)
        self._away = True

    async def _turn(self, *, poll: bool) -> None:
        hinted, self._pending = self._pending | self._retry, set()
        self._retry = set()
        # What a call does to its tip's page is no change of the tip's row.
        called = self._calls.changed(await self._push(live_calls.calls)) if poll or hinted else []
        hinted |= {one.tip for one in called}
        self.now, located = await self._push(live_rows.changes, sorted(hinted), poll=poll)
        new = [
            one
            for one in located
            if one.tip in hinted or self._versions.get(one.tip) != one.version
        ]
        if new or asyncio.get_running_loop().time() - self._checked >= RECHECK:
            await self._check_sessions()
        if self._lost:
            self._lost = False
            for stream in self.streams:
                stream.put(event("refresh", {}))
        if new:
            await self._tell(new)
        if called:
            await self._tell_calls({one.district_id for one in called})
        await self._tell_figures()
        if poll:
            await self._tell_troubles()

    async def _tell_calls(self, districts: set[int]) -> None:
        """Tell who takes calls in these districts how all of theirs stand now."""
        told: dict[Scope, bytes] = {}
        for one in [one for one in self.streams if live_calls.takes_calls(one.viewer)]:
            if one.scope not in told and districts & {*one.scope.districts}:
                cards = await self._push(live_calls.render_calls, one.viewer)
                told[one.scope] = event("calls", cards)
            if one.scope in told:
                one.put(told[one.scope])

    async def _tell_troubles(self) -> None:
        """Tell every page when trouble with the system begins, changes or ends."""
        now = asyncio.get_running_loop().time()
        if now < self._troubles_due:
            return
        self._troubles_due = now + TROUBLES_EVERY
        found = await self._push(live_rows.troubles)
        if found != self._troubles:
            self._troubles = found
            for stream in self.streams:
                stream.put(event("troubles", found))

    async def _check_sessions(self) -> None:
        """End the streams whose session is over, and follow changes of what each may see."""
        self._checked = asyncio.get_running_loop().time()
        streams = list(self.streams)
        stands = await self._push(live_rows.standing, [stream.viewer for stream in streams])
        for stream in streams:
            standing = stands.get(stream.viewer.token)
            if standing is None:
                stream.end("signed out")
                self.leave(stream)
                continue
            if standing.scope != stream.scope:
                stream.scope = standing.scope
                stream.put(event("refresh", {}))
            if standing.seconds_left > WARN_BEFORE:
                stream.warned = False
            elif not stream.warned:
                stream.warned = True
                stream.put(event("idle", {"left": standing.seconds_left}))

    async def _tell(self, changed: Iterable[Located]) -> None:
        by_scope: defaultdict[Scope, list[Stream]] = defaultdict(list)
        for stream in self.streams:
            by_scope[stream.scope].append(stream)
        for scope, streams in by_scope.items():
            tips = [one.tip for one in changed if one.district_id in scope.districts]
            if not tips:
                continue
            if scope.kind is TeamKind.CENTER:
                await self._tell_rows(scope, streams, tips)
                self._figures_due.add(scope)
            else:
                await self._tell_notified(scope, streams, tips)
        for one in changed:
            self._versions[one.tip] = one.version
            self._versions.move_to_end(one.tip)
        while len(self._versions) > _VERSIONS:
            self._versions.popitem(last=False)

    async def _tell_rows(self, scope: Scope, streams: list[Stream], tips: list[UUID]) -> None:
        rows = await self._push(live_rows.render_rows, streams[0].viewer, tips)
        known = self._known.setdefault(scope, set()) if scope.partial else None
        told = b""
        # A row that stands for several comes with any of them.
        for tip in dict.fromkeys([*tips, *rows]):
            html = rows.get(tip)
            if html:
                told += event("row", {"id": str(tip), "html": html}, self.now)
                if known is not None:
                    known.add(tip)
            elif html is None and known is not None and tip in known:
                told += event("gone", {"id": str(tip)}, self.now)
                known.discard(tip)
            elif html is None and known is None:
                # Whom we looked through has just signed out: the next poll tries another.
                self._retry.add(tip)
        # One piece a page, however many tips came at once.
        for stream in streams if told else ():
            stream.put(told)

    async def _tell_notified(self, scope: Scope, streams: list[Stream], tips: list[UUID]) -> None:
        """Tell a school's or district's pages that a tip of theirs changed, came or went."""
        seen = await self._push(live_rows.visible, streams[0].viewer, tips)
        known = self._known.setdefault(scope, set())
        for tip in tips:
            if tip not in seen and tip not in known:
                continue
            told = event("tip" if tip in seen else "gone", {"id": str(tip)}, self.now)
            for stream in streams:
                stream.put(told)
        known |= seen
        known -= set(tips) - seen

    async def _tell_figures(self) -> None:
        """Count anew for the scopes in which something changed, not more often than needed."""
        loop = asyncio.get_running_loop()
        if not self._figures_due or loop.time() - self._counted < FIGURES_EVERY:
            return
        self._counted = loop.time()
        due, self._figures_due = self._figures_due, set()
        for scope in due:
            streams = [s for s in self.streams if s.scope == scope]
            at_queue = [s for s in streams if s.at is None]
            if at_queue:
                told = event("figures", await self._push(live_rows.figures, at_queue[0].viewer))
                for stream in at_queue:
                    stream.put(told)


def _connection_parameters() -> dict[str, Any]:
    """Return where Django connects to, for a connection of our own that only listens."""
    kept = ("host", "port", "dbname", "user", "password", "sslmode", "sslrootcert")
    given = connection.get_connection_params()
    return {k: str(given[k]) for k in kept if given.get(k)} | {
        "application_name": "upstander desk live"
    }
