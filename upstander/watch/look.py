"""One look at the system, as the worker's database role: signs of life, what is due, providers."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, gettext_lazy

from upstander.escalations.unasked import UNTOLD
from upstander.people.comparing import Differs, differences
from upstander.plug import waits
from upstander.vault.errors import VaultError
from upstander.vault.shred_files import ShredFiles
from upstander.watch.beats import WATCH
from upstander.watch.failed import MARKS
from upstander.watch.late import LATE
from upstander.watch.models import Trouble

#: Seconds without a sign of life after which a lane counts as stopped.
LANE_LIMIT = 20.0
#: Seconds that something may be due before the queue counts as too old.
QUEUE_LIMIT = 5.0
#: Seconds since the key file was last seen in two places; it is looked at every ten minutes.
TWICE_LIMIT = 3600.0
#: Seconds that somebody outside may be without the night's checkpoint.
LEFT_OUT_LIMIT = 86_400.0

#: From so many life-safety tips on that nobody has, somebody is told that there is a surge.
SURGE = 30

#: A trouble's kind, and which lane, queue, provider, stage or site it is about.
type Found = tuple[Trouble.Kind, str]
#: A shred key file's version and mark.
type KeyFile = tuple[int, bytes]
LOST: Final[KeyFile] = (0, b"")


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due and not being done at this moment."""

    waiting: int
    #: Seconds since the oldest of it became due; 0 when nothing is.
    oldest: float


@dataclass(frozen=True, slots=True)
class ProviderSeen:
    """How one provider does on one channel."""

    provider: str
    channel: str
    state: str
    ok: int
    failed: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found."""

    now: datetime
    #: Lane → seconds since its latest sign of life.
    lanes: Mapping[str, float]
    queues: Mapping[str, Queue]
    providers: tuple[ProviderSeen, ...]
    #: The stage at which the last synthetic tip failed; empty when it came through, or none ended.
    probe_failed: str
    sites: Mapping[str, bool] = field(default_factory=dict)
    #: What is wrong with the record: codes, see ``record_troubles``.
    record: tuple[str, ...] = ()
    #: What is wrong with the shred key file: codes, see ``key_troubles``.
    keys: tuple[str, ...] = ()
    #: What is not as it was signed: codes of `places.comparing`.
    signed: tuple[str, ...] = ()
    #: How many life-safety tips nobody has; counted up to ``SURGE``.
    unread: int = 0
    #: Life-safety alerts that nobody has and of which no page went out for a while (``UNTOLD``).
    untold: frozenset[UUID] = frozenset()


def record_troubles(folder: Path) -> tuple[str, ...]:
    """Return what files beside the last checkpoint say, as codes (``_RECORD``).

    They are written by whoever checks it (`upstander audit verify`), by the worker that seals, and
    by `upstander restore`.
    """
    verified = folder / "verified"
    changed = verified.exists() and verified.stat().st_size > 0
    left_out = folder / "left-out"
    late = left_out.exists() and time.time() - left_out.stat().st_mtime > LEFT_OUT_LIMIT
    found = (
        ("changed", changed),
        ("refused", (folder / "refused").exists()),
        ("left_out", late),
        ("restored", (folder / "restored").exists()),
    )
    return tuple(name for name, so in found if so)


def key_file_here() -> KeyFile | None:
    """Return the newest shred key file of this machine, as (version, mark); (0, b""): it is lost.

    None: this watch is a machine's or an account's own, without the folder; others look at it.
    """
    files: ShredFiles = settings.SHRED_FILES
    if (
        not os.access(files.folder, os.R_OK | os.X_OK)
        and not (settings.HOME.keys / "code").exists()
    ):
        return None
    try:
        newest = files.versions()[-1]
        return newest, files.mark(newest)
    except VaultError:
        return LOST


def key_troubles(
    here: KeyFile | None, known: Mapping[int, tuple[bytes, bool]], seen_twice: float | None
) -> tuple[str, ...]:
    """Return what is wrong with the shred key file: ``lost``, ``foreign``, ``stale``, ``once``.

    ``known`` is what the database knows, version → (mark, whether it is closed); ``seen_twice``
    how many seconds ago the newest was seen in two places, None: never. Pure.
    """
    found = []
    if here == LOST:
        found.append("lost")
    elif here is not None:
        mark, closed = known.get(here[0], (b"", False))
        if here[1] != mark:
            found.append("foreign")
        elif closed:
            found.append("stale")
    if seen_twice is None or seen_twice > TWICE_LIMIT:
        found.append("once")
    return tuple(found)


def signed_troubles() -> tuple[str, ...]:
    """Return what is not as it was signed, as far as this account may see. Raises Error."""
    return tuple(sorted({one.what.value for one in differences()}))


def look(
    sites: Mapping[str, bool] | None = None,
    here: KeyFile | None = None,
    signed: tuple[str, ...] = (),
) -> Seen:
    """Return how everything stands, in seven queries. Raises django.db.Error.

    ``here`` is what ``key_file_here`` found, which reads a folder that may hang; ``signed`` what
    ``signed_troubles`` did, which takes long.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.clock_now(), (SELECT CASE WHEN state = 'failed' THEN failed_at ELSE '' END"
            " FROM watch_probe WHERE state <> 'running' ORDER BY began_at DESC LIMIT 1)"
        )
        [(now, probe_failed)] = cursor.fetchall()
        cursor.execute(
            "SELECT lane, extract(epoch FROM api.clock_now() - max(at))::float FROM watch_beat"
            " GROUP BY lane ORDER BY lane"
        )
        lanes = dict(cursor.fetchall())
        cursor.execute(_queues())
        queues = {name: Queue(waiting, oldest) for name, waiting, oldest in cursor.fetchall()}
        cursor.execute(
            "SELECT provider, channel, state, ok, failed FROM carriers_providerhealth ORDER BY 1, 2"
        )
        providers = tuple(ProviderSeen(*row) for row in cursor.fetchall())
        cursor.execute(
            "SELECT version, mark, closed_at IS NOT NULL,"
            " extract(epoch FROM api.clock_now() - twice_at)::float"
            " FROM vault_shredfile ORDER BY version DESC LIMIT 40"
        )
        files = cursor.fetchall()
        cursor.execute(_UNREAD, [SURGE])
        [(unread,)] = cursor.fetchall()
        cursor.execute(UNTOLD)
        untold = frozenset(row[0] for row in cursor.fetchall())
    known = {version: (bytes(mark), closed) for version, mark, closed, _ in files}
    keys = key_troubles(here, known, files[0][3] if files else None)
    record = record_troubles(settings.HOME.record)
    failed, asked = probe_failed or "", dict(sites or {})
    return Seen(now, lanes, queues, providers, failed, asked, record, keys, signed, unread, untold)


# Whatever nobody has has a step that is due, and the index holds no others.
_UNREAD = """
SELECT count(*) FROM (
    SELECT DISTINCT s.alert_id FROM escalations_step s JOIN escalations_alert a ON a.id = s.alert_id
    WHERE s.state = 'due' AND s.turn < 2 AND a.state = 'open' AND a.stage = 'center' LIMIT %s) few
"""


#: Each part reads a partial index: what is not due costs nothing. What is leased is being done.
_DUE = "SELECT due_at AS at FROM {} WHERE state = 'due' AND due_at <= api.clock_now()"
_FREE = " AND (lease_until IS NULL OR lease_until < api.clock_now())"
#: What is no danger to a life waits its turn: whoever was told something lately is told the next a
#: little later, at the desk too. Of a life in danger the outcome is asked for: ``Seen.untold``.
_NOT_IN_LINE = """ AND turn > 1 AND NOT EXISTS (SELECT 1 FROM escalations_line l
    WHERE l.person_id = escalations_page.person_id AND l.channel = escalations_page.channel
      AND greatest(l.told_at, l.fold_at, l.held_until) > api.clock_now() - interval '90 seconds')"""
_OWN = {
    "steps": _DUE.format("escalations_step"),
    "pages": f"{_DUE.format('escalations_page')}{_FREE}{_NOT_IN_LINE}",
    "answers": "SELECT at FROM carriers_inbound i WHERE NOT done"
    " AND EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = i.for_id)",
    "drills": f"{_DUE.format('watch_drillcall')}{_FREE}",
}


@cache
def _queues() -> str:
    """Return the one statement that looks at all that must not wait, whichever app's it is."""
    due = _OWN | waits()
    names = ", ".join(f"('{name}')" for name in due)
    found = " UNION ALL ".join(
        f"SELECT '{name}' AS of, at FROM ({sql}) d"  # noqa: S608
        for name, sql in due.items()
    )
    return (
        "SELECT name, count(at)::int,"  # noqa: S608
        " coalesce(greatest(extract(epoch FROM api.clock_now() - min(at)), 0), 0)::float"
        f" FROM (VALUES {names}) names(name) LEFT JOIN ({found}) due ON due.of = name"
        " GROUP BY name ORDER BY name"
    )


def troubles_in(seen: Seen) -> set[Found]:
    """Return what is wrong in what was seen. Pure: a rule a line."""
    kind = Trouble.Kind
    found: set[Found] = {
        (kind.LANE, lane) for lane, age in seen.lanes.items() if age > LANE_LIMIT and lane != WATCH
    }
    if not set(seen.lanes) - {WATCH}:
        # No worker has ever run here, or its signs were lost: nobody would be paged.
        found.add((kind.LANE, "worker"))
    found |= {(kind.QUEUE, name) for name, q in seen.queues.items() if q.oldest > QUEUE_LIMIT}
    found |= {
        (kind.PROVIDER, f"{p.provider} {p.channel}") for p in seen.providers if p.state != "good"
    }
    if seen.probe_failed:
        found.add((kind.PROBE, seen.probe_failed))
    found |= {
        (kind.PAGES if site in MARKS else kind.SITE, site)
        for site, up in seen.sites.items()
        if not up
    }
    found |= {(kind.RECORD, what) for what in seen.record}
    found |= {(kind.KEYS, what) for what in seen.keys}
    found |= {(kind.SIGNED, what) for what in seen.signed}
    if seen.unread >= SURGE:
        found.add((kind.SURGE, str(SURGE)))
    return found


#: What is found of a life-safety alert that was silent for too long (``process.Watch``).
SILENT: Found = (Trouble.Kind.QUEUE, "asking")
#: The lane that renews the shred key file (config/sweeps.py).
KEYS_LANE = "keys"
#: With these nobody can count on being paged: the dead man's switch is not told "well" then.
GRAVE = frozenset({Trouble.Kind.LANE, Trouble.Kind.QUEUE, Trouble.Kind.SITE})


def is_grave(found: Found) -> bool:
    """Whether nobody can count on being paged, or no tip comes in."""
    kind, about = found
    if about == KEYS_LANE:
        return False  # another machine's folder hangs; tips come in and pages go out
    # That the key file lies in one place only stops nothing yet.
    return kind in GRAVE or (kind == Trouble.Kind.KEYS and about != "once")


#: Troubles in words, for the banner, messages and the status page.
_WORDS = {
    Trouble.Kind.LANE: gettext_lazy("Background job “{}” has stopped: its work is not being done"),
    Trouble.Kind.QUEUE: gettext_lazy("Running late: {}"),
    Trouble.Kind.PROVIDER: gettext_lazy("Messages by {} may not arrive; other ways are being used"),
    Trouble.Kind.PROBE: gettext_lazy("The automatic test tip did not come through ({})"),
    Trouble.Kind.SITE: gettext_lazy("The {} site is not responding"),
    Trouble.Kind.RECORD: gettext_lazy("There is a problem with the record: {}"),
    Trouble.Kind.KEYS: gettext_lazy("There is a problem with the file needed to open tips: {}"),
    Trouble.Kind.SIGNED: gettext_lazy(
        "Someone wrote to the database past the desk: {} (upstander doctor)"
    ),
    Trouble.Kind.SURGE: gettext_lazy("Surge: {} or more life-safety tips that no one has taken"),
}


#: What is wrong with the record, in words.
_RECORD = {
    "changed": gettext_lazy(
        "entries or rows were changed by hand (upstander audit verify names them)"
    ),
    "left_out": gettext_lazy(
        "no checkpoint has reached an outside monitor for a day (upstander doctor)"
    ),
    "restored": gettext_lazy(
        "an older backup was restored; nobody has said what it undid (upstander doctor)"
    ),
    "refused": gettext_lazy(
        "the worker has stopped signing until someone investigates (upstander doctor)"
    ),
}


#: What is wrong with the shred key file, in words (docs/how-to/retention.md).
_KEYS = {
    "lost": gettext_lazy(
        "it is missing or can't be read here, so no tip can come in or be opened (upstander doctor)"
    ),
    "foreign": gettext_lazy(
        "the one here is not the one the database knows, so no tip can come in (upstander doctor)"
    ),
    "stale": gettext_lazy("the one here is an old one, so no tip can come in (upstander doctor)"),
    "once": gettext_lazy(
        "it is in one place only, so it is not renewed, and a lost disk would lose every word"
        " (upstander doctor)"
    ),
}


#: What is not as it was signed, in words (docs/how-to/who-a-key-belongs-to.md).
_SIGNED = {
    Differs.UNSIGNED: gettext_lazy("a place or team that no one signed"),
    Differs.FORGED: gettext_lazy("the signed statement of a place, team or key was changed"),
    Differs.OLDER: gettext_lazy(
        "the signed statement of a place, team or key is older than one seen before"
    ),
    Differs.MOVED: gettext_lazy("a place or team differs from what was signed"),
    Differs.PLANTED: gettext_lazy("someone is in a team through a row that no one signed"),
}


def words_of(kind: str, about: str) -> str:
    """Say a trouble in words. Codes only go in: no word of a tip can come out."""
    if kind == Trouble.Kind.PAGES:
        return str(MARKS[about].words)
    return _WORDS[Trouble.Kind(kind)].format(
        (LATE.get(about) if kind == Trouble.Kind.QUEUE else STAGES.get(about))
        or _RECORD.get(about)
        or _KEYS.get(about)
        or {what.value: words for what, words in _SIGNED.items()}.get(about, about)
    )


def sentences(found: Collection[tuple[str, str]]) -> list[str]:
    """Say troubles in words; lanes that have stopped together are one sentence."""
    lanes = [about for kind, about in found if kind == Trouble.Kind.LANE]
    said = [words_of(kind, about) for kind, about in found if kind != Trouble.Kind.LANE]
    if len(lanes) == 1:
        said.insert(0, words_of(Trouble.Kind.LANE, lanes[0]))
    elif lanes:
        said.insert(
            0,
            gettext("The worker has stopped: no one is being paged (%(join)s)")
            % {"join": ", ".join(lanes)},
        )
    return said


#: The stages of a synthetic tip, in the order in which it passes them.
STAGES = {
    "form": gettext_lazy("the public form opens"),
    "filed": gettext_lazy("the tip is accepted"),
    "queued": gettext_lazy("it is in the queue"),
    "paged": gettext_lazy("someone is paged"),
    "acknowledged": gettext_lazy("they acknowledge by phone"),
}
