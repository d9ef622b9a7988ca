"""Bringing the services of the States' files into the directory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from upstander.audit.actions import record
from upstander.directory.data import Entry, read_services
from upstander.directory.models import (
    OF_VIOLENCE,
    Kind,
    Organization,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from upstander.directory.records import KEYS, id_of, record_of
from upstander.directory.vocabulary import NEEDS
from upstander.people.scope import System
from upstander.rulefiles import RuleFileWrong, once
from upstander.states import laws

_FROM_THE_FILE = (
    "state",
    "organization_id",
    "kind",
    "position",
    "record",
    "confidential",
    "terms",
    "confirmed",
    "assured_on",
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``kept`` are rows that a person has decided on, which it leaves alone."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]


def load_services() -> LoadReport:
    """Bring the services of each State's file into the database. Safe to run again.

    Runs as the owner, at ``init`` and after an upgrade. Creates what is missing and corrects what
    nobody has decided on; a service that an administrator confirmed or doubted stays as it is, and
    whether it is listed is never changed. Raises RuleFileWrong before any write.
    """
    entries = {one.key: read_services(one.services) for one in laws()}
    slugs = [entry.facts.slug for some in entries.values() for entry in some]
    try:
        once(slugs, "the service")
    except ValueError as error:
        raise RuleFileWrong("services.json", "", f"{error}, in two States") from error
    created, updated, kept = [], [], []
    with transaction.atomic():
        _write_terms()
        rows = {
            row.slug: row
            for row in Service.objects.select_for_update(of=("self",)).select_related(
                "organization"
            )
        }
        # Whoever decided on a service has seen who runs it, and may have changed that, too.
        seen = {row.organization_id for row in rows.values() if row.assured_by is not None}
        for state, entry in ((key, entry) for key, some in entries.items() for entry in some):
            slug = entry.facts.slug
            row, wanted = rows.get(slug), _wanted(state, entry)
            if row is None:
                _write(wanted, wanted, seen)
                created.append(slug)
            elif row.assured_by is not None or row.district_id is not None:
                kept.append(slug)
            elif not _stands(row, wanted, seen):
                _write(row, wanted, seen)
                updated.append(slug)
        _enter_missing()
        if created or updated:
            record(
                "load services",
                actor=System(),
                subject_kind="directory",
                subject_id="services",
                detail={"created": created, "updated": updated},
            )
    return LoadReport(tuple(created), tuple(updated), tuple(kept))


def _enter_missing() -> None:
    """Let what stood there before services could be searched for be found as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT directory_enter(s.id) FROM directory_service s WHERE NOT EXISTS"
            " (SELECT FROM directory_entry e WHERE e.service_id = s.id)"
        )


def _stands(row: Service, wanted: Service, seen: Collection[UUID]) -> bool:
    same = row.organization_id in seen or row.organization.record == wanted.organization.record
    return same and all(getattr(row, field) == getattr(wanted, field) for field in _FROM_THE_FILE)


def _wanted(state: str, entry: Entry) -> Service:
    """Return a service as the file has it; it, and who runs it, have the same ids everywhere."""
    facts = entry.facts
    service_id = id_of(state, "service", facts.slug)
    organization = Organization(id=id_of(state, "organization", facts.agency), name=facts.agency)
    organization.record = {
        "id": str(organization.id),
        "name": facts.agency,
        "description": facts.agency,
    }
    return Service(
        id=service_id,
        slug=facts.slug,
        state=state,
        organization=organization,
        kind=facts.kind,
        position=entry.position,
        record=record_of(facts, service=service_id, organization=organization.id),
        confidential=facts.kind in OF_VIOLENCE,
        terms=[id_of("term", "need", facts.kind)],
        confirmed=facts.confirmed,
        assured_on=facts.checked_on,
    )


def _write_terms() -> None:
    """Write down what our attributes mean, and what services are for."""
    needs = {kind.value: (kind.label, kind in OF_VIOLENCE) for kind in Kind}
    needs |= {key: (need.label("en"), need.confidential) for key, need in NEEDS.items()}
    for code, name, terms in (
        ("fact", "Facts of a service", {key: (words, False) for key, words in KEYS.items()}),
        ("need", "What somebody needs", needs),
    ):
        taxonomy_id = id_of("taxonomy", code)
        said = {"id": str(taxonomy_id), "name": name, "description": name}
        Taxonomy.objects.update_or_create(id=taxonomy_id, defaults={"name": name, "record": said})
        for key, (words, confidential) in terms.items():
            own = id_of("term", code, key)
            term = {"id": str(own), "code": key, "name": key, "description": words}
            TaxonomyTerm.objects.update_or_create(
                id=own,
                defaults={
                    "taxonomy_id": taxonomy_id,
                    "code": key,
                    "confidential": confidential,
                    "record": term | {"taxonomy_id": str(taxonomy_id)},
                },
            )


def _write(row: Service, wanted: Service, seen: Collection[UUID]) -> None:
    """Write a service of the file. Whoever wrote that file has read each word of it."""
    who = wanted.organization
    if who.id not in seen:
        Organization.objects.update_or_create(
            id=who.id, defaults={"name": who.name, "record": who.record}
        )
    row.organization_id = who.id
    for field in _FROM_THE_FILE:
        setattr(row, field, getattr(wanted, field))
    row.save()
    read = MD5(Cast("record", TextField()))
    Service.objects.filter(id=row.id).update(read_mark=read)
    if who.id not in seen:
        Organization.objects.filter(id=who.id).update(read_mark=read)
