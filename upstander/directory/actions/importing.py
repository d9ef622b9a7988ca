"""What a source brings waits for a yes, and comes in by it. Nothing comes in by itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from hashlib import md5, sha256
from itertools import batched
from typing import IO, Any, Final
from uuid import UUID

from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import Actor, record
from upstander.base.refused import Refused
from upstander.directory.actions.waiting import note_waiting
from upstander.directory.confidential import guarded
from upstander.directory.fetching import host_of
from upstander.directory.models import (
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from upstander.directory.sources import Incoming, Source, Verdict, words_of
from upstander.directory.spool import ORDER, Hidden, Safe, Spool, records_of
from upstander.directory.terms import Terms
from upstander.people.access import administrators_only
from upstander.people.importing.shrinking import shrinks
from upstander.people.scope import Viewer, viewing
from upstander.standards.hsds.shapes import Body

MODELS: Final[dict[str, Any]] = {
    "taxonomy": Taxonomy,
    "taxonomy_term": TaxonomyTerm,
    "organization": Organization,
    "location": Location,
    "service": Service,
    "service_at_location": ServiceAtLocation,
}
#: How a row of each kind leads to its source.
OWNER: Final = {"taxonomy_term": "taxonomy__source", "service_at_location": "service__source"}
#: What else must be the source's own, or a row is not kept: field, and its kind.
_NAMES: Final = {
    "taxonomy_term": (("taxonomy_id", "taxonomy"),),
    "service": (("organization_id", "organization"),),
    "service_at_location": (("service_id", "service"), ("location_id", "location")),
}
_BATCH: Final = 250


def hidden_of(source: Source) -> Hidden:
    """Return what is confidential of a source; as somebody who may see all rows."""
    services, organizations, locations = (
        frozenset(
            model.objects.filter(source=source, confidential=True).values_list("pk", flat=True)
        )
        for model in (Service, Organization, Location)
    )
    cleared = {
        key: mark
        for model in (Service, Organization)
        for key, mark in model.objects.filter(source=source)
        .exclude(cleared="")
        .values_list("pk", "cleared")
    }
    return Hidden(services, organizations, locations, cleared)


def known_terms() -> Terms:
    """Return all terms of the directory."""
    terms = Terms()
    for one in TaxonomyTerm.objects.iterator():
        terms.add(one.pk, one.parent_id, one.record, one.confidential)
    return terms


def foresee(source: Source, terms: Terms) -> bool:
    """Let terms mean what they will after a yes to what waits of a source; whether any changes."""
    moved = False
    waiting = source.incoming.filter(kind="taxonomy_term").exclude(verdict=Verdict.DISPUTED)
    for one in waiting.order_by("pk").iterator():
        moved = True
        if one.verdict == Verdict.GONE:
            terms.drop(one.key)
            continue
        body = one.record or {}
        parent = body.get("parent_id")
        above = UUID(parent) if parent else None
        terms.add(one.key, above, body, hides=one.confidential)
    return moved


def stage(
    source: Source, spool: Spool, *, digest: str, now: datetime, actor: Actor
) -> Counter[str]:
    """Compare what a source says with what stands, and let the differences wait for a yes.

    What waited before makes way. In the caller's transaction, as an administrator or the worker.
    The record keeps what it was. Returns how many there are of each verdict.
    """
    spool.settle(known_terms(), hidden_of(source))
    source.incoming.all()._raw_delete("default")
    counts: Counter[str] = Counter()
    risk = False
    for kind in ORDER:
        for some in spool.each(kind):
            found = _judged(source, spool, kind, some)
            Incoming.objects.bulk_create(found)
            counts.update(one.verdict for one in found)
        stood = gone = 0
        own = MODELS[kind].objects.filter(**{OWNER.get(kind, "source"): source})
        for keys in batched(own.values_list("pk", flat=True).iterator(), _BATCH):
            stood += len(keys)
            found = _gone(source, kind, spool.lacks(kind, keys))
            gone += len(found)
            Incoming.objects.bulk_create(found)
            counts.update(one.verdict for one in found)
        if kind in ("service", "taxonomy_term"):
            risk = risk or shrinks(stood, stood - gone)
    source.shrinks, source.first_yes, source.trouble = risk, None, ""
    source.digest, source.read_at = digest, now
    source.mistakes, source.mistaken = spool.mistakes, spool.mistaken
    source.sound = sum(map(spool.count, ORDER))
    source.save()
    note_waiting("read source", actor, source)
    return counts


def _judged(source: Source, spool: Spool, kind: str, some: Sequence[Safe]) -> list[Incoming]:
    rows = MODELS[kind].objects.annotate(whose=F(OWNER.get(kind, "source")))
    standing = {row.pk: row for row in rows.filter(pk__in=[one.key for one in some])}
    found, kept = [], []
    for one in some:
        row = standing.get(one.key)
        if row is not None and row.whose != source.pk:
            if row.record != one.body:
                spool.wrong(one.where, "id", _not_its_own())
            continue
        lacking = [
            key for key, other in _NAMES.get(kind, ()) if not spool.keeps(other, one.body.get(key))
        ]
        if lacking and row is None:
            words = gettext("Names something that this source doesn't bring, or not rightly.")
            spool.wrong(one.where, lacking[0], words)
            continue
        kept.append(one.key)
        hidden = one.confidential or getattr(row, "confidential", False)
        if (
            row is not None
            and row.record == one.body
            and hidden == getattr(row, "confidential", hidden)
        ):
            continue
        verdict = Verdict.NEW if row is None else Verdict.CHANGED
        if isinstance(row, Service) and row.assured_by is not None:
            if row.turned_down == digest_of(one.body):
                continue
            verdict = Verdict.DISPUTED
        found.append(
            Incoming(
                source=source,
                kind=kind,
                key=one.key,
                verdict=verdict,
                name=_name(one.body),
                record=one.body,
                confidential=hidden,
                changes=_changes(row.record, one.body, hidden) if row is not None else [],
                struck=one.struck,
            )
        )
    spool.keep(kind, kept)
    return found


def _gone(source: Source, kind: str, keys: Sequence[UUID]) -> list[Incoming]:
    found = []
    for row in MODELS[kind].objects.filter(pk__in=keys) if keys else ():
        verdict = Verdict.GONE
        if isinstance(row, Service) and row.assured_by is not None:
            if row.turned_down == "gone":
                continue
            verdict = Verdict.DISPUTED
        found.append(
            Incoming(source=source, kind=kind, key=row.pk, verdict=verdict, name=_name(row.record))
        )
    return found


def _name(body: Body) -> str:
    return str(body.get("name", ""))[:200]


def _not_its_own() -> str:
    return gettext("Is kept here by somebody else or comes from another source: it stays.")


def digest_of(body: Body) -> str:
    """Return what a record is known by again."""
    text = json.dumps(body, sort_keys=True)
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _changes(old: Body, new: Body, hidden: bool) -> list[list[str]]:
    """Return field, what stands and what comes; of what is hidden no place is told again."""
    if hidden:
        old, _ = guarded(old)
    keys = [key for key in {**old, **new} if key != "metadata" and old.get(key) != new.get(key)]
    return [[key, *_told(old.get(key), new.get(key))] for key in keys]


def _told(stands: object, comes: object) -> tuple[str, str]:
    """Return both in words; with the ids of their parts where nothing else differs."""
    plain = words_of(stands), words_of(comes)
    return (
        plain if plain[0] != plain[1] else (words_of(stands, ids=True), words_of(comes, ids=True))
    )


def sha256_of(files: Sequence[tuple[str, IO[bytes]]]) -> str:
    """Return what files are known by again."""
    digest = sha256()
    for _, file in files:
        while piece := file.read(1 << 20):
            digest.update(piece)
        file.seek(0)
    return digest.hexdigest()


def take_files(
    viewer: Viewer, files: Sequence[tuple[str, IO[bytes]]], *, name: str, source_id: UUID | None
) -> UUID:
    """Let what files say wait for a yes, as a new source's or as a known one's.

    Raises Http404, Refused: then nothing is kept of them.
    """
    with viewing(viewer):
        administrators_only(viewer)
        source = Source.objects.filter(pk=source_id).first() if source_id else None
        if source_id and source is None:
            raise Http404
    new = source is None
    source = source or Source(name=name, keeper=viewer.person_id)
    digest = sha256_of(files)
    spool = Spool(source.pk, records_of(source.pk, source.name, files))
    with closing(spool), viewing(viewer) as now:
        administrators_only(viewer)
        if new:
            source.save(force_insert=True)
            _record("add source", viewer, source)
        else:
            source = Source.objects.select_for_update().get(pk=source.pk)
        stage(source, spool, digest=digest, now=now, actor=viewer)
    return source.pk


def add_feed(viewer: Viewer, name: str, url: str) -> UUID:
    """Have a feed read now and each night from now on. Raises Http404, Refused."""
    host_of(url)
    with viewing(viewer) as now:
        administrators_only(viewer)
        source = Source.objects.create(name=name, url=url, keeper=viewer.person_id, due_at=now)
        _record("add source", viewer, source)
    return source.pk


def read_feed(viewer: Viewer, source_id: UUID, *, on: bool) -> None:
    """Have a feed read now, or never again; whoever asks is told of it from now on.

    What it brought stays. Raises Http404.
    """
    with viewing(viewer) as now:
        administrators_only(viewer)
        found = Source.objects.filter(pk=source_id).exclude(url="")
        if not found.update(
            due_at=now if on else None, keeper=viewer.person_id, etag="", digest=""
        ):
            raise Http404
        _record("change source", viewer, Source(pk=source_id))


def empty_source(viewer: Viewer, source_id: UUID) -> None:
    """Let all that a source brought wait for a yes to be taken out; a feed is read no more.

    Raises Http404.
    """
    with viewing(viewer) as now:
        administrators_only(viewer)
        source = Source.objects.select_for_update().filter(pk=source_id).first()
        if source is None:
            raise Http404
        source.due_at = None
        with closing(Spool(source.pk, ())) as spool:
            stage(source, spool, digest="", now=now, actor=viewer)


def has_brought(source: Source) -> bool:
    """Whether something stands here that is of a source."""
    owned = (Taxonomy, Organization, Location, Service)
    return any(model.objects.filter(source=source).exists() for model in owned)


def delete_source(viewer: Viewer, source_id: UUID) -> None:
    """Take a source away, with what waits of it. Raises Http404, Refused where it has brought."""
    with viewing(viewer):
        administrators_only(viewer)
        source = Source.objects.select_for_update().filter(pk=source_id).first()
        if source is None:
            raise Http404
        if has_brought(source):
            raise Refused(gettext("What it brought stands here. Take that out first."))
        forget_source(source, viewer)


def forget_source(source: Source, actor: Actor) -> None:
    """Take a source away that has brought nothing; in the caller's transaction."""
    source.incoming.all()._raw_delete("default")
    Source.objects.filter(pk=source.pk)._raw_delete("default")
    record("delete source", actor=actor, subject_kind="source", subject_id=source.pk)


def _record(action: str, viewer: Viewer, source: Source) -> None:
    record(action, actor=viewer, subject_kind="source", subject_id=source.pk)
