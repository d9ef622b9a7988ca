"""The yes to what a source brings, and the choice where a person and a source differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.directory.actions.hiding import hide
from upstander.directory.actions.importing import (
    MODELS,
    OWNER,
    digest_of,
    foresee,
    known_terms,
)
from upstander.directory.actions.waiting import as_it_was_read, note_waiting
from upstander.directory.models import (
    Kind,
    LineFailure,
    Organization,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)
from upstander.directory.sources import Incoming, Source, Verdict
from upstander.directory.spool import ORDER
from upstander.directory.terms import Terms, named_in
from upstander.people.access import administrators_only
from upstander.people.scope import Viewer, viewing
from upstander.standards.hsds.shapes import Body

_BATCH: Final = 250
#: Which columns of a row follow from its record.
_COLUMNS: Final = {
    "taxonomy": ("name", "record"),
    "taxonomy_term": ("taxonomy_id", "code", "confidential", "record"),
    "organization": ("name", "confidential", "record"),
    "location": ("organization_id", "confidential", "latitude", "longitude", "record"),
    "service": ("organization_id", "confidential", "terms", "record"),
    "service_at_location": ("service_id", "location_id", "record"),
}


def say_yes(viewer: Viewer, source_id: UUID) -> Counter[str] | None:
    """Let in what waits of a source. None: it shrinks much, and a second person must say yes too.

    Where somebody has decided on a service since, it stays and is disputed. Returns how many
    records of each verdict came in. Raises Http404; Refused, also where what waits is
    not what was read.
    """
    with viewing(viewer):
        administrators_only(viewer)
        source = _locked(source_id)
        as_it_was_read(source)
        if source.shrinks and source.first_yes is None:
            Source.objects.filter(pk=source.pk).update(first_yes=viewer.person_id)
            record("agree to import", actor=viewer, subject_kind="source", subject_id=source.pk)
            return None
        if source.shrinks and source.first_yes == viewer.person_id:
            raise Refused(gettext("You said yes already, so someone else must say it too."))
        counts = _Applying(source, known_terms()).run()
        second = {"agreed_by": source.first_yes} if source.shrinks else {}
        source.incoming.exclude(verdict=Verdict.DISPUTED)._raw_delete("default")
        source.shrinks, source.first_yes = False, None
        source.save(update_fields=("shrinks", "first_yes", "mistakes", "mistaken"))
        note_waiting("import services", viewer, source, {**counts, **second})
    return counts


def say_no(viewer: Viewer, source_id: UUID) -> None:
    """Let what waits of a source go; a source that never brought anything goes with it.

    It is prepared again when the source says something else. Raises Http404.
    """
    with viewing(viewer):
        administrators_only(viewer)
        source = _locked(source_id)
        source.incoming.all()._raw_delete("default")
        source.shrinks, source.first_yes = False, None
        source.save(update_fields=("shrinks", "first_yes"))
        note_waiting("turn import down", viewer, source)


def choose(viewer: Viewer, source_id: UUID, incoming_id: int, *, theirs: bool) -> None:
    """Settle a dispute: take what the source says of a service, or keep what stands.

    What is taken is not confirmed; what is kept stays until the source says something else. Raises
    Http404, Refused.
    """
    with viewing(viewer):
        administrators_only(viewer)
        source = _locked(source_id)
        as_it_was_read(source)
        one = source.incoming.filter(pk=incoming_id, verdict=Verdict.DISPUTED).first()
        row = Service.objects.select_for_update().filter(pk=one.key).first() if one else None
        if one is None or row is None:
            raise Http404
        if theirs and one.record is not None:
            Service.objects.filter(pk=row.pk).update(confirmed=False, assured_by=None)
            _Applying(source, known_terms()).write([one])
        elif theirs:
            row.listed = False
        row.turned_down = "gone" if one.record is None else "" if theirs else digest_of(one.record)
        row.save(update_fields=("listed", "turned_down"))
        one.delete()
        # The first of two yeses was to what waited then.
        source.first_yes = None
        source.save(update_fields=("first_yes",))
        detail = {"service": row.slug, "theirs": theirs}
        note_waiting("choose between sources", viewer, source, detail)


def _locked(source_id: UUID) -> Source:
    source = Source.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise Http404
    return source


class _Applying:
    def __init__(self, source: Source, terms: Terms) -> None:
        self.source, self.terms = source, terms
        self.counts: Counter[str] = Counter()
        self._owners: set[UUID] = set()
        self._moved = False

    def run(self) -> Counter[str]:
        """Take out what is gone, the narrowest first; then write, the widest first."""
        for kind in reversed(ORDER):
            for some in self._waiting(kind, Verdict.GONE):
                self._apart(some, self._remove)
        self._foresee()
        for kind in ORDER:
            for some in self._waiting(kind, Verdict.NEW, Verdict.CHANGED):
                self._apart(some, self.write)
            if kind == "taxonomy_term" and self._moved:
                self._parents()
        return self.counts

    def _foresee(self) -> None:
        """Let services be for what their terms are about to mean, and no more for what is dropped.

        Before the terms are written: a service that they hide loses its places first, as the
        database takes no confidential one at a place.
        """
        self._moved = foresee(self.source, self.terms)
        if self._moved:
            self._retag()

    def _waiting(self, kind: str, *verdicts: Verdict) -> Any:
        rows = self.source.incoming.filter(kind=kind, verdict__in=verdicts).order_by("pk")
        last = 0
        while some := list(rows.filter(pk__gt=last)[:_BATCH]):
            last = some[-1].pk
            yield some

    def _apart(
        self, some: Sequence[Incoming], write: Callable[[Sequence[Incoming]], Counter[str]]
    ) -> None:
        """Write rows together; where the database refuses, find out which and leave that one."""
        try:
            with transaction.atomic():
                counts = write(some)
                _check()
        except DatabaseError:
            if len(some) > 1:
                self._apart(some[: len(some) // 2], write)
                self._apart(some[len(some) // 2 :], write)
                return
            words = gettext("Couldn't be kept: the database refuses it.")
            self.source.mistakes = [
                *self.source.mistakes,
                ("", f"{some[0].kind} {some[0].key}", words),
            ]
            self.source.mistaken += 1
        else:
            self.counts.update(counts)

    def _remove(self, some: Sequence[Incoming]) -> Counter[str]:
        kind, keys = some[0].kind, [one.key for one in some]
        rows = MODELS[kind].objects.filter(pk__in=keys, **{OWNER.get(kind, "source"): self.source})
        if kind == "service":
            decided = set(rows.filter(assured_by__isnull=False).values_list("pk", flat=True))
            self._dispute(one for one in some if one.key in decided)
            rows = rows.filter(assured_by__isnull=True)
            # What is off the list is searched for by nobody: a trigger takes its entries out.
            rows.update(listed=False)
            LineFailure.objects.filter(service__in=rows)._raw_delete("default")
            ServiceAtLocation.objects.filter(service__in=rows).delete()
        elif kind == "organization":
            rows = rows.filter(services__isnull=True)
        elif kind == "taxonomy_term":
            TaxonomyTerm.objects.filter(parent__in=keys).update(parent=None)
        own = list(rows.values_list("pk", flat=True))
        MODELS[kind].objects.filter(pk__in=own)._raw_delete("default")
        return Counter({"gone": len(own)} if kind == "service" else {})

    def _dispute(self, some: Any) -> set[UUID]:
        keys = {one.pk: one.key for one in some}
        Incoming.objects.filter(pk__in=keys).update(verdict=Verdict.DISPUTED)
        return set(keys.values())

    def write(self, some: Sequence[Incoming]) -> Counter[str]:
        """Write records of one kind, as they stand; what has become another's is left."""
        kind = some[0].kind
        model = MODELS[kind]
        rows = model.objects.annotate(whose=F(OWNER.get(kind, "source")))
        standing = rows.select_for_update(of=("self",)).in_bulk([one.key for one in some])
        if kind == "service":
            decided = (one for one in some if _decided(standing.get(one.key)))
            left = self._dispute(decided)
            some = [one for one in some if one.key not in left]
        if kind == "location":
            named = [owner for one in some if (owner := (one.record or {}).get("organization_id"))]
            own = Organization.objects.filter(source=self.source, pk__in=named)
            self._owners = set(own.values_list("pk", flat=True))
        new, changed = [], []
        for one in some:
            row = standing.get(one.key)
            columns = self._columns(kind, one.record or {}, one.confidential)
            if row is None:
                made = model(pk=one.key, **columns)
                if kind in ("taxonomy", "organization", "location", "service"):
                    made.source = self.source
                if kind == "service":
                    made.slug = f"{slugify(one.name)[:17]}-{one.key.hex}".strip("-")
                    made.kind, made.state = Kind.SEARCH, self.source.state
                new.append(made)
            elif row.whose == self.source.pk:
                if getattr(row, "confidential", False):
                    columns["confidential"] = True
                for name, value in columns.items():
                    setattr(row, name, value)
                changed.append(row)
        model.objects.bulk_create(new)
        if changed:
            model.objects.bulk_update(
                changed, [name.removesuffix("_id") for name in _COLUMNS[kind]]
            )
        counted = {"new": len(new), "changed": len(changed)} if kind == "service" else {}
        return Counter(counted)

    def _columns(self, kind: str, body: Body, confidential: bool) -> dict[str, Any]:
        said: dict[str, Any] = {"record": body, "name": str(body.get("name", ""))[:200]}
        said |= {key: body.get(key) for key in ("organization_id", "service_id", "location_id")}
        said |= {key: body.get(key) for key in ("latitude", "longitude", "taxonomy_id")}
        said["code"] = str(body.get("code") or body["id"])
        if kind == "location":
            own = body.get("organization_id")
            said["organization_id"] = own if own and UUID(own) in self._owners else None
        said["terms"], hides = self.terms.meant(named_in(body) if kind == "service" else ())
        if kind == "taxonomy_term":
            hides = Terms.hides(body)
        said["confidential"] = confidential or hides
        return {name: said[name] for name in _COLUMNS[kind]}

    def _parents(self) -> None:
        """Let terms stand beneath each other, once all of them are there."""
        own = TaxonomyTerm.objects.filter(taxonomy__source=self.source)
        known = set(own.values_list("pk", flat=True))
        for some in batched(own.iterator(), _BATCH):
            for row in some:
                parent = row.record.get("parent_id")
                row.parent_id = UUID(parent) if parent and UUID(parent) in known else None
            TaxonomyTerm.objects.bulk_update(some, ["parent"])
        _check()

    def _retag(self) -> None:
        """Let services be for what their terms now mean; one that this hides loses its places."""
        for some in batched(Service.objects.filter(source__isnull=False).iterator(), _BATCH):
            for row in some:
                terms, hides = self.terms.meant(named_in(row.record))
                if terms == sorted(row.terms) and (row.confidential or not hides):
                    continue
                if hides and not row.confidential:
                    hide(row)
                row.terms = terms
                row.save(update_fields=("terms", "confidential", "record"))


def _decided(row: Service | None) -> bool:
    return row is not None and row.assured_by is not None


def _check() -> None:
    """Have references looked at now and not all at once at the end, within one statement's time."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
