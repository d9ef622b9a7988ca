"""What the worker does, over and over: each returns how much it did, so that idle is idle.

Each lane is a thread with a connection of its own: what is slow in one holds up no other. Pages are
sent by a lane and threads of their own (``command/worker.py``). Which sweep runs in which lane, and
when its turn comes, stands in the manifest of its app.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from upstander.plug import sweeps_by_lane

#: Lane → what belongs into it.
MEANT_FOR: Final[dict[str, str]] = {
    "alerts": "what decides who is asked: quick, and only of the database",
    "carriers": "what talks to providers: they may be slow",
    "doors": "replies to reporters' phones, and what came with their texts: a provider that hangs"
    " holds up no page to staff",
    "calls": "reporters' calls, while they last: whose phones ring and who is led where waits for"
    " nothing that is slow, and begins on a hint",
    "notices": "what people are told beside alerts, by mail mostly: a mail server that hangs holds"
    " up no call",
    "drills": "test pages wait for providers too: never in front of what is real",
    "feeds": "what others publish of helping services: servers hang, and reading takes minutes",
    "keys": "the nightly shred key file, which lies on another machine too: one that hangs holds up"
    " nothing else, the sealing of the record least of all",
    "rest": "everything that may wait its turn",
}


def lanes() -> dict[str, list[Callable[[], int]]]:
    """Return each lane with its sweeps in their order."""
    found = sweeps_by_lane()
    return {lane: found.get(lane, []) for lane in MEANT_FOR}
