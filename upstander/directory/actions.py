"""Writes to the directory: loading the data file, and an administrator's word on its facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from upstander.audit.actions import record
from upstander.directory.data import Entry, read_services
from upstander.directory.facts import facts_of
from upstander.directory.models import ContactLine, OpeningHours, Service
from upstander.places.scope import System, Viewer, viewing


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. ``kept`` are rows that a person has decided on, which it leaves alone."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    kept: tuple[str, ...]


def load_services() -> LoadReport:
    """Bring the statewide services of the data file into the database. Safe to run again.

    Runs as the owner, at ``init`` and after an upgrade. Creates what is missing and corrects what
    nobody has decided on; a service that an administrator confirmed or doubted stays as it is, and
    whether it is listed is never changed. Raises RuleFileWrong before any write.
    """
    entries = read_services()
    created, updated, kept = [], [], []
    with transaction.atomic():
        rows = {
            row.slug: row
            for row in Service.objects.select_for_update().prefetch_related("lines", "hours")
        }
        for entry in entries:
            slug = entry.facts.slug
            row = rows.get(slug)
            if row is None:
                _write(Service(slug=slug), entry)
                created.append(slug)
            elif row.checked_by is not None or row.district_id is not None:
                kept.append(slug)
            elif not _same(row, entry):
                _write(row, entry)
                updated.append(slug)
        if created or updated:
            record(
                "load services",
                actor=System(),
                subject_kind="directory",
                subject_id="connecticut",
                detail={"created": created, "updated": updated},
            )
    return LoadReport(tuple(created), tuple(updated), tuple(kept))


def _same(row: Service, entry: Entry) -> bool:
    stored, wanted = facts_of(row), entry.facts
    order = {f: sorted(map(repr, getattr(stored, f))) for f in ("lines", "hours")}
    return row.position == entry.position and all(
        order[f] == sorted(map(repr, getattr(wanted, f)))
        if f in order
        else getattr(stored, f) == getattr(wanted, f)
        for f in wanted.__slots__
        if f != "listed"
    )


def _write(row: Service, entry: Entry) -> None:
    facts = entry.facts
    row.kind, row.position, row.agency = facts.kind, entry.position, facts.agency
    row.texts = {language: dict(texts) for language, texts in facts.texts.items()}
    row.languages = list(facts.languages)
    row.mandated_reporter, row.police = facts.mandated_reporter, facts.police
    row.source_url, row.confirmed = facts.source_url, facts.confirmed
    row.checked_on = facts.checked_on
    row.save()
    row.lines.all().delete()
    row.hours.all().delete()
    ContactLine.objects.bulk_create(
        ContactLine(
            service=row,
            kind=line.kind,
            value=line.value,
            then=line.then,
            language=line.language,
            position=position,
        )
        for position, line in enumerate(facts.lines)
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(
            service=row,
            always=rule.always,
            weekday=rule.weekday,
            opens=rule.opens,
            closes=rule.closes,
            effective_from=rule.effective_from,
            effective_to=rule.effective_to,
            time_zone=rule.time_zone,
            on_holidays=rule.on_holidays,
        )
        for rule in facts.hours
    )


def confirm_service(service: Service, *, actor: Viewer) -> Service:
    """Record that ``actor`` has checked every fact of a service today; clears the mark.

    Raises Service.DoesNotExist if it is gone.
    """
    return _decide(service, "confirm service", actor=actor, confirmed=True)


def doubt_service(service: Service, *, actor: Viewer) -> Service:
    """Put the mark "not yet confirmed" back, because a fact has become doubtful."""
    return _decide(service, "doubt service", actor=actor, confirmed=False)


def _decide(service: Service, action: str, *, actor: Viewer, confirmed: bool) -> Service:
    with viewing(actor) as now:
        row = Service.objects.select_for_update().get(pk=service.pk)
        row.confirmed, row.checked_by = confirmed, actor.person_id
        if confirmed:
            row.checked_on = now.date()
        row.save(update_fields=("confirmed", "checked_by", "checked_on"))
        record(
            action,
            actor=actor,
            subject_kind="service",
            subject_id=row.slug[:40],
            district_id=row.district_id,
        )
    return row


def set_listed(service: Service, listed: bool, *, actor: Viewer) -> Service:
    """Show a service on the public page, or take it off: a wrong number harms at once."""
    with viewing(actor):
        row = Service.objects.select_for_update().get(pk=service.pk)
        row.listed = listed
        row.save(update_fields=("listed",))
        record(
            "list service" if listed else "unlist service",
            actor=actor,
            subject_kind="service",
            subject_id=row.slug[:40],
            district_id=row.district_id,
        )
    return row
