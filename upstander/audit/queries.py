"""Reads of the record. What somebody may read of it is the database's business; call inside
``viewing``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from upstander.audit.models import Checkpoint, Entry, Tile
from upstander.audit.tickets import number_of
from upstander.audit.tree import WIDE
from upstander.audit.verifier.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the record is looked for; times are aware, ``until`` is exclusive."""

    subject_kind: str = ""
    subject_id: str = ""
    district_id: int | None = None
    actor_id: int | None = None
    actor_kind: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    #: Only entries before this one: how one leafs back.
    before: int | None = None
    #: Only entries after this one, so that a look at the last weeks doesn't read years.
    after: int | None = None


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """Return the entries that match, newest first; the caller cuts off what it needs."""
    query = Entry.objects.order_by("-id")
    exact = {
        "subject_kind": wanted.subject_kind,
        "subject_id": wanted.subject_id,
        "district_id": wanted.district_id,
        "actor_id": wanted.actor_id,
        "actor_kind": wanted.actor_kind,
        "action": wanted.action,
        "id__lt": wanted.before,
        "id__gt": wanted.after,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    return query.filter(**{name: value for name, value in exact.items() if value})


def last_before(day: date) -> int | None:
    """Return an entry near the beginning of a day (UTC), before all that came later; or None.

    Inside ``viewing`` of somebody who may see the sealed tree; only whole nights are known.
    """
    night = Checkpoint.objects.filter(day__lte=day).order_by("-day").first()
    if night is None:
        return None
    tile = Tile.objects.filter(level=0, number=night.size // WIDE).first()
    return None if tile is None or tile.first is None else tile.first - WIDE


def leaf_of(canonical: str) -> bytes:
    """Return the hash of an entry's canonical form: SHA-256(0x00 | UTF-8)."""
    # A half of a pair of code units is no text that PostgreSQL would have hashed.
    return leaf_hash(canonical.encode(errors="surrogatepass"))


def columns_of(entry: Entry) -> dict[str, object]:
    """Return what an entry's columns say, as its canonical form says it (all but ``blind``)."""
    return _actor_of(entry) | {
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor_kind": entry.actor_kind,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "district_id": entry.district_id,
        "matter_id": str(entry.matter_id) if entry.matter_id else None,
        "detail": entry.detail,
    }


def _actor_of(entry: Entry) -> dict[str, object]:
    """Return who acted, as the canonical form says it: a number, or a commitment to it."""
    if entry.actor_nonce is None:
        return {"actor_id": entry.actor_id}
    told = f"{entry.actor_nonce}:{'' if entry.actor_id is None else entry.actor_id}"
    return {"actor": hashlib.sha256(told.encode()).hexdigest()}


def is_whole(entry: Entry) -> bool:
    """Tell whether an entry's hash, canonical form and columns agree with each other.

    Whoever changed one of them with the database's own rights has to change all three, and then
    the hash that others kept differs.
    """
    if leaf_of(entry.canonical) != bytes(entry.leaf):
        return False
    try:
        said = json.loads(entry.canonical)
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    said.pop("blind", None)
    return said == columns_of(entry)


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one line of an export; see ``VERDICTS``."""

    line: int
    verdict: str


#: A verdict in plain words.
VERDICTS = {
    "same": _("is in the record, unchanged"),
    "altered": _("was changed in the file: its hash does not match its text"),
    "differs": _("differs from what the record says now"),
    "unseen": _("is not in the part of the record you may see"),
    "unread": _("is not a line from an export"),
}


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    entry: int | None
    leaf: str = ""
    canonical: str | None = None


def check_lines(lines: Iterable[str], key: bytes) -> list[Checked]:
    """Compare lines of an export with the record as it stands; call inside ``viewing``.

    ``key`` is the one under which the export's tickets were made.
    """
    parsed = list(_parse(lines, key))
    wanted = {line.entry for line in parsed if line.entry is not None}
    stands = Entry.objects.in_bulk(wanted)
    return [Checked(line.number, _verdict(line, stands)) for line in parsed]


def _parse(lines: Iterable[str], key: bytes) -> Iterator[_Line]:
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            yield _Line(number, None)
            continue
        if "more_before" in data:
            continue
        ticket, leaf, canonical = data.get("entry"), data.get("leaf"), data.get("canonical")
        if (
            isinstance(ticket, str)
            and isinstance(leaf, str)
            and (canonical is None or isinstance(canonical, str))
        ):
            yield _Line(number, number_of(key, ticket), leaf, canonical)
        else:
            yield _Line(number, None)


def _verdict(line: _Line, stands: Mapping[int, Entry]) -> str:
    if line.entry is None:
        return "unread"
    if line.canonical is not None and leaf_of(line.canonical).hex() != line.leaf:
        return "altered"
    entry = stands.get(line.entry)
    if entry is None:
        return "unseen"
    return "same" if bytes(entry.leaf).hex() == line.leaf and is_whole(entry) else "differs"
