"""Services that say of no need that they help with it: nobody who looks by need finds them."""

from __future__ import annotations

from django.db.models import QuerySet

from upstander.directory.actions.importing import foresee, known_terms
from upstander.directory.models import Kind, Service
from upstander.directory.sources import Source, Verdict
from upstander.directory.terms import named_in, need_id, needs_in
from upstander.directory.vocabulary import NEEDS


def without_need(every: QuerySet[Service]) -> QuerySet[Service]:
    """Return those of some services that are found by no need."""
    return every.filter(kind=Kind.SEARCH).exclude(terms__overlap=[need_id(key) for key in NEEDS])


def coming_without_need(source: Source) -> int:
    """Return how many services that wait of a source would be found by no need after a yes."""
    terms = known_terms()
    foresee(source, terms)
    waiting = source.incoming.filter(
        kind="service", verdict__in=(Verdict.NEW, Verdict.CHANGED)
    ).values_list("record__attributes", flat=True)
    meant = (terms.meant(named_in({"attributes": one or ()}))[0] for one in waiting.iterator())
    return sum(not needs_in(some) for some in meant)
