"""What is confidential loses where it is; and a person says that it need not be."""

from __future__ import annotations

from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.directory.confidential import guarded, words_mark
from upstander.directory.models import (
    OF_VIOLENCE,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
)
from upstander.directory.sources import Source
from upstander.people.scope import Viewer, viewing


def hide(row: Service) -> None:
    """Take out of a service that has become confidential where it is, before it is marked so."""
    for place in Location.objects.filter(services__service=row, confidential=False):
        place.record = {"id": str(place.pk), "location_type": "virtual"}
        place.confidential, place.latitude, place.longitude = True, None, None
        place.save()
    for at in ServiceAtLocation.objects.filter(service=row):
        at.record, _ = guarded(at.record)
        at.save()
    owner = row.organization
    owner.record, _ = guarded(owner.record)
    owner.confidential = True
    owner.save()
    row.record, _ = guarded(row.record)
    row.confidential = True


def unhide(service: Service, *, actor: Viewer) -> None:
    """Record that nobody who flees finds help here, so that what it says may be shown.

    Its words as they stand, and those of who runs it, hide it no more; its needs and terms do.
    Where it is was kept nowhere: it comes back with its source, which is read again. Raises
    Service.DoesNotExist if it is gone, Refused where its need or a term hides it.
    """
    with viewing(actor) as now:
        row = Service.objects.select_for_update().get(pk=service.pk)
        owner = Organization.objects.select_for_update().get(pk=row.organization_id)
        if row.kind not in OF_VIOLENCE:
            row.confidential, row.cleared = False, words_mark(row.record)
            row.save(update_fields=("confidential", "cleared"))
            # The database says so again where a term hides it.
            row.refresh_from_db(fields=("confidential",))
        if row.confidential:
            raise Refused(
                gettext("What it helps with hides it. Change that first, if it is wrong.")
            )
        owner.confidential = owner.services.filter(confidential=True).exists()
        owner.cleared = words_mark(owner.record)
        owner.save(update_fields=("confidential", "cleared"))
        places = Location.objects.filter(services__service=row, confidential=True)
        for place in places.exclude(services__service__confidential=True):
            place.confidential = False
            place.save(update_fields=("confidential",))
        source = Source.objects.filter(service=row)
        source.update(etag="", digest="")
        source.filter(due_at__isnull=False).update(due_at=now)
        record(
            "unhide service",
            actor=actor,
            subject_kind="service",
            subject_id=row.slug[:40],
            district_id=row.district_id,
        )
