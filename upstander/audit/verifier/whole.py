"""The whole record: walked from its beginning, each fault found and named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from upstander.audit.verifier.checkpoints import Checkpoint
from upstander.audit.verifier.tree import Frontier, leaf_hash

#: Seconds by which an entry may be older than the checkpoint before it: its transaction, or one
#: begun earlier, was still open when that was signed. No process of Upstander's keeps one longer.
LATE = 15 * 60
#: Seconds by which an entry may lie ahead of the checkpoint that seals it: two clocks.
AHEAD = 2 * 60
#: Where an entry's fault is looked for, this many are named; the rest is counted.
NAMED = 20


@dataclass(frozen=True)
class Sealed:
    """One place in the tree: which entry's hash stands there, and its text if one may know it."""

    position: int
    entry: int
    leaf: bytes
    canonical: str | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed: what was done, to which entry, and how it shows."""

    kind: str
    entry: int | None
    says: str

    def __str__(self) -> str:
        return f"{self.kind.upper()}: {self.says}"


def at_of(canonical: str) -> int:
    """Return an entry's own time, in seconds since 1970. Raises ValueError, TypeError, KeyError."""
    said = datetime.strptime(json.loads(canonical)["at"], "%Y-%m-%dT%H:%M:%S%z")
    return int(said.timestamp())


def _check_text(sealed: Sealed) -> tuple[int | None, list[Finding]]:
    """Return an entry's own time, and what is wrong with its text."""
    if sealed.canonical is None:
        return None, []
    where = f"entry {sealed.entry} (place {sealed.position})"
    if leaf_hash(sealed.canonical.encode(errors="surrogatepass")) != sealed.leaf:
        return None, [
            Finding("changed", sealed.entry, f"{where}: its text is not the one that was sealed")
        ]
    try:
        said = int(json.loads(sealed.canonical)["id"])
        at = at_of(sealed.canonical)
    except (ValueError, TypeError, KeyError):
        return None, [Finding("changed", sealed.entry, f"{where}: its text is no entry's")]
    if said != sealed.entry:
        says = f"{where} is listed in the place of entry {said}"
        return at, [Finding("reordered", sealed.entry, says)]
    return at, []


def check_record(leaves: Iterable[Sealed], checkpoints: Iterable[Checkpoint]) -> Iterator[Finding]:
    """Walk the record from its beginning, and name whatever is not as the checkpoints say.

    ``leaves`` come in order of place, from 0; memory is that of the entries between two
    checkpoints. A fault between two checkpoints is named by all entries sealed there, unless an
    entry's own text betrays it.
    """
    due = sorted(checkpoints, key=lambda one: (one.size, one.time))
    yield from _check_order(due)
    tree, passed = Frontier(), 0
    before: Checkpoint | None = None
    pending: list[tuple[int, int | None]] = []
    broken = 0
    for sealed in leaves:
        if sealed.position != tree.size:
            says = f"place {tree.size} is missing, or comes twice"
            yield Finding("missing", None, says)
            return
        at, wrong = _check_text(sealed)
        yield from wrong
        tree.add(sealed.leaf)
        pending.append((sealed.entry, at))
        while passed < len(due) and due[passed].size <= tree.size:
            one = due[passed]
            passed += 1
            if one.size < tree.size:
                continue
            if tree.root() != one.root:
                broken += 1
                if broken == 1:
                    yield _rewritten(pending, before, one)
            yield from _check_times(pending, before, one)
            before, pending = one, []
    for one in due[passed:]:
        if one.size > tree.size:
            says = (
                f"the checkpoint of {one.when} seals {one.size} entries, {tree.size} are here: "
                f"the last {one.size - tree.size} were deleted, or not handed over"
            )
            yield Finding("deleted", None, says)
            return


def _check_order(due: Sequence[Checkpoint]) -> Iterator[Finding]:
    """Name checkpoints that can't both be true of one growing record."""
    for one, other in pairwise(due):
        if one.origin != other.origin:
            yield Finding("forked", None, f"two records: {one.origin} and {other.origin}")
        if one.size == other.size and one.root != other.root:
            says = f"two histories of {one.size} entries were signed, {one.when} and {other.when}"
            yield Finding("forked", None, says)
        if one.size < other.size and one.time > other.time:
            says = f"{one.when} there were {one.size} entries, {other.when} already {other.size}"
            yield Finding("shrunk", None, says)


def _rewritten(
    pending: Sequence[tuple[int, int | None]], before: Checkpoint | None, one: Checkpoint
) -> Finding:
    names = ", ".join(str(entry) for entry, _ in pending[:NAMED])
    more = f" and {len(pending) - NAMED} more" if len(pending) > NAMED else ""
    since = f"after {before.when}" if before else "since the beginning"
    says = (
        f"what was sealed {since} and until {one.when} is not what is there now: "
        f"among entries {names}{more} one was changed, deleted, inserted or moved"
    )
    return Finding("rewritten", pending[0][0] if len(pending) == 1 else None, says)


def _check_times(
    pending: Sequence[tuple[int, int | None]], before: Checkpoint | None, one: Checkpoint
) -> Iterator[Finding]:
    for entry, at in pending:
        if at is None:
            continue
        said = datetime.fromtimestamp(at, UTC)
        if before is not None and at < before.time - LATE:
            says = f"entry {entry} says {said:%Y-%m-%d %H:%M:%S}, but was not there {before.when}"
            yield Finding("back-dated", entry, says)
        elif at > one.time + AHEAD:
            says = f"entry {entry} says {said:%Y-%m-%d %H:%M:%S}, but was there {one.when}"
            yield Finding("post-dated", entry, says)
