"""How the record is sealed, and what outsiders need to check it: pages and files.

Checkpoints and places in the tree say how much came by which minute. The center and administrators
know that anyway; schools and districts see the checkpoint of each night (audit/proofs.py).
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from upstander.audit.actions import record
from upstander.audit.models import Checkpoint, Entry, Tile
from upstander.audit.proofs import as_lines, consistency, latest, prove
from upstander.audit.queries import Wanted, entries
from upstander.audit.signing import public_key
from upstander.audit.tickets import number_of
from upstander.audit.tree import HASH, WIDE
from upstander.audit.verifier.single import as_one_file
from upstander.desk.english import in_english
from upstander.desk.record import record_key
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.scope import viewing

#: Places of the tree in one file of the export: whole tiles.
PART = 20 * WIDE
#: Parts that the page lists beside the first; the others' addresses follow from theirs.
LISTED = 11
#: Seconds after which a record that something came to should have been sealed.
STILL = 120
_TEXT = "text/plain; charset=utf-8"


def _file(text: str, name: str, kind: str = _TEXT) -> HttpResponse:
    return HttpResponse(
        text, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_GET
@requires(Permission.TAKE_CHECKPOINTS)
@in_english
def sealing(request: HttpRequest) -> HttpResponse:
    """Say how far the record is sealed, and hand out what one needs to check it."""
    viewer = viewer_of(request)
    exact = may(viewer, Permission.SEE_SEALING)
    with viewing(viewer) as now:
        checkpoint = latest(nightly=not exact)
        # The newest entry that one sees, and whether it should have been sealed by now.
        newest = entries(Wanted()).values_list("at", flat=True).first() if exact else None
    late = False
    if newest is not None and (now - newest).total_seconds() > STILL:
        late = checkpoint is None or checkpoint.at < newest
    return render(
        request,
        "desk/sealing.html",
        {
            "checkpoint": checkpoint,
            "exact": exact,
            "may_record": may(viewer, Permission.SEE_RECORD),
            "late": late,
            "key": str(public_key()),
            "parts": _parts(checkpoint.size if checkpoint and exact else 0),
        },
    )


def _parts(size: int) -> list[int]:
    """Return where parts of the export begin: the first one and the latest ones."""
    starts = range(0, size, PART)
    return [*starts[:1], *starts[1:][-LISTED:]]


@require_GET
@requires(Permission.TAKE_CHECKPOINTS)
def checkpoint_file(request: HttpRequest) -> HttpResponseBase:
    """Give the newest checkpoint (c2sp.org/tlog-checkpoint); schools and districts the night's."""
    viewer = viewer_of(request)
    with viewing(viewer):
        one = latest(nightly=not may(viewer, Permission.SEE_SEALING))
    if one is None:
        return redirect("sealing")
    return _file(one.note, f"checkpoint-{one.at:%Y-%m-%d-%H%M%S}.txt")


@require_GET
@requires(Permission.TAKE_CHECKPOINTS)
def key_file(request: HttpRequest) -> HttpResponse:
    """Give the record's public key."""
    return _file(f"{public_key()}\n", "record.key")


@require_GET
@requires(Permission.TAKE_CHECKPOINTS)
def verifier_file(request: HttpRequest) -> HttpResponse:
    """Give the program that checks all of this with only Python."""
    return _file(as_one_file(), "verifier.py", "text/x-python; charset=utf-8")


@require_GET
@requires(Permission.SEE_RECORD)
def proof_file(request: HttpRequest) -> HttpResponseBase:
    """Prove one entry (``entry`` is its ticket): entry, place, path and checkpoint in one file."""
    viewer = viewer_of(request)
    number = number_of(record_key(), request.GET.get("entry", ""))
    if number is None:
        return redirect("record")
    with viewing(viewer):
        entry = Entry.objects.filter(pk=number).first()
        if entry is None:
            return redirect("record")
        proof = prove(entry, nightly=not may(viewer, Permission.SEE_SEALING))
    if proof is None:
        return redirect("sealing")
    return _file(proof.text, f"entry-{request.GET['entry']}.tlog-proof")


@require_GET
@requires(Permission.SEE_SEALING)
def export(request: HttpRequest) -> HttpResponse:
    """Give a part of the sealed record for whoever watches it, from place ``from`` on.

    Each place's hash, the text of those entries that one may read, and the checkpoints that seal
    them. A hash alone tells nothing of its entry. The export itself goes into the record.
    """
    viewer = viewer_of(request)
    asked = request.GET.get("from", "")
    start = int(asked) // WIDE * WIDE if asked.isascii() and asked.isdigit() else 0
    start = min(start, 1 << 60)
    with viewing(viewer):
        tiles = Tile.objects.filter(level=0, number__gte=start // WIDE).order_by("number")
        found = list(tiles[: PART // WIDE])
        numbers = [number for tile in found for number in tile.entries]
        texts = dict(Entry.objects.filter(pk__in=numbers).values_list("pk", "canonical"))
        end = start + len(numbers)
        notes = list(
            Checkpoint.objects.filter(size__gt=start, size__lte=end)
            .order_by("size", "id")
            .values_list("note", flat=True)
        )
        record(
            "sealed record exported",
            actor=viewer,
            subject_kind="record",
            subject_id="record",
            detail={"from": start, "to": end},
        )
    rows: list[dict[str, object]] = []
    for tile in found:
        hashes = bytes(tile.hashes)
        for offset, number in enumerate(tile.entries):
            leaf = hashes[offset * HASH : (offset + 1) * HASH]
            row: dict[str, object] = {"place": tile.number * WIDE + offset, "entry": number}
            row["leaf"] = leaf.hex()
            if number in texts:
                row["canonical"] = texts[number]
            rows.append(row)
    rows += [{"checkpoint": note} for note in notes]
    if len(numbers) == PART:
        rows.append({"more_from": end})
    return _file(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
        f"sealed-{start}.jsonl",
        "application/jsonl; charset=utf-8",
    )


@require_GET
@requires(Permission.SEE_SEALING)
def consistency_file(request: HttpRequest) -> HttpResponseBase:
    """Prove that the record at one size (``new``) begins with what it was at another (``old``)."""
    viewer = viewer_of(request)
    asked = [request.GET.get(name, "") for name in ("old", "new")]
    if not all(size.isascii() and size.isdigit() and len(size) < 18 for size in asked):
        return redirect("sealing")
    old, new = map(int, asked)
    with viewing(viewer):
        newest = latest()
        if newest is None or not 0 < old <= new <= newest.size:
            return redirect("sealing")
        path = consistency(old, new)
    return _file(as_lines(path), f"consistency-{old}-{new}.txt")
