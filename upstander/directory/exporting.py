"""The directory as files of the standard: all but what is confidential."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import batched
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from upstander.directory.models import (
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from upstander.standards.hsds.shapes import ENTITIES, Body, Kind, owner_keys
from upstander.standards.hsds.writing import write_tabular

_BATCH: Final = 200


def exported(form: str) -> IO[bytes]:
    """Return the directory in a file without a name: "json" or "tables"; inside ``viewing``.

    JSON is a list: terms with their taxonomies, then organizations with all that they do. Without
    confidential services and places; who runs such a one alone is left out with it, and words that
    wait to be read are nowhere.
    """
    file = TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    if form == "tables":
        write_tabular(_records(), file)
    else:
        file.write(b"[")
        for number, one in enumerate(_entries()):
            file.write((b",\n" if number else b"\n") + json.dumps(one, ensure_ascii=False).encode())
        file.write(b"\n]\n")
    file.seek(0)
    return file


def _services() -> QuerySet[Service]:
    rows = Service.objects.filter(confidential=False, listed=True, organization__withheld=False)
    return rows.order_by("pk")


def _organizations() -> QuerySet[Organization]:
    does = Exists(_services().filter(organization=OuterRef("pk")).order_by())
    return Organization.objects.filter(does | Q(confidential=False), withheld=False).order_by("pk")


def _places() -> QuerySet[ServiceAtLocation]:
    rows = ServiceAtLocation.objects.filter(service__in=_services().order_by())
    return rows.filter(location__confidential=False).order_by("pk")


def _locations() -> QuerySet[Location]:
    used = Exists(_places().filter(location=OuterRef("pk")).order_by())
    known = Q(organization__in=_organizations().order_by())
    return Location.objects.filter(used | known, confidential=False).order_by("pk")


def _said(row: Service) -> Body:
    checked = row.assured_on.isoformat() if row.confirmed and row.assured_on else ""
    record: Body = row.record
    return record | ({"assured_date": checked} if checked else {})


def _records() -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    every: tuple[tuple[Kind, QuerySet[Any]], ...] = (
        ("taxonomy", Taxonomy.objects.order_by("pk")),
        ("taxonomy_term", TaxonomyTerm.objects.order_by("pk")),
        ("organization", _organizations()),
        ("location", _locations()),
        ("service", _services()),
        ("service_at_location", _places()),
    )
    for kind, rows in every:
        for row in rows.iterator(_BATCH):
            yield kind, _said(row) if isinstance(row, Service) else row.record


def _entries() -> Iterator[Body]:
    terms = TaxonomyTerm.objects.select_related("taxonomy").order_by("pk")
    for term in terms.iterator(_BATCH):
        yield {**term.record, "taxonomy_detail": term.taxonomy.record}
    for some in batched(_organizations().iterator(_BATCH), _BATCH):
        keys = [one.pk for one in some]
        within: dict[Any, tuple[list[Body], list[Body]]] = {key: ([], []) for key in keys}
        services: dict[Any, Body] = {}
        for place in _locations().filter(organization__in=keys):
            within[place.organization_id][0].append(told("location", place.record))
        for service in _services().filter(organization__in=keys):
            services[service.pk] = told("service", _said(service))
            within[service.organization_id][1].append(services[service.pk])
        for at in _places().filter(service__in=list(services)).select_related("location"):
            one = told("service_at_location", at.record)
            one["location"] = told("location", at.location.record)
            services[at.service_id].setdefault("service_at_locations", []).append(one)
        for row in some:
            locations, does = within[row.pk]
            nested = {"locations": locations, "services": does}
            whole = told("organization", row.record)
            yield whole | {key: value for key, value in nested.items() if value}


def told(entity: str, one: Mapping[str, Any]) -> Body:
    """Return a record whose attributes and changes say whose they are, as the standard wants."""
    found: Body = {}
    for key, value in one.items():
        name, many = ENTITIES[entity].children.get(key, ("", False))
        if name and many and isinstance(value, list):
            own = owner_keys(name, entity, one["id"]) if name in ("attribute", "metadata") else {}
            found[key] = [own | told(name, part) for part in value]
        else:
            found[key] = told(name, value) if name and isinstance(value, dict) else value
    return found
