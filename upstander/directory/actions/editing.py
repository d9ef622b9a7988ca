"""Changing the facts of a service, by its keepers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from upstander.audit.actions import record
from upstander.directory.actions.hiding import hide
from upstander.directory.actions.importing import known_terms
from upstander.directory.confidential import guarded
from upstander.directory.facts import ServiceFacts
from upstander.directory.merging import merged
from upstander.directory.models import Location, Organization, Service
from upstander.directory.records import Record, id_of, record_of
from upstander.directory.terms import PLAIN, need_id, needs_in
from upstander.directory.vocabulary import NEEDS
from upstander.people.scope import Viewer, viewing

#: So many of the last changes stand in a record, as the standard has them (metadata).
MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change came to: the record's fields that differ, and those that lost an address."""

    fields: tuple[str, ...]
    struck: tuple[str, ...] = ()


def change_service(
    service: Service,
    facts: ServiceFacts,
    *,
    actor: Viewer,
    website: str | None = None,
    access: Mapping[UUID, tuple[str, ...]] | None = None,
    needs: Collection[str] | None = None,
) -> Changed:
    """Let a service say ``facts``; whoever runs it, its name and ``website``; None: as it was.

    ``access``: what helps who can't walk or see or hear, at each of its places (ids of Location).
    ``needs``: the plain needs that it is found by; one of them that is confidential takes out where
    it is. None: as it was.
    What was changed is unconfirmed until somebody checks it. Of what is confidential whatever looks
    like an address goes before it is kept, and the rest is unread until somebody has read it. What
    the record has besides what a card shows stays. Raises Service.DoesNotExist if it is gone.
    """
    with viewing(actor) as now:
        row = Service.objects.select_for_update().get(pk=service.pk)
        wanted = record_of(facts, service=row.pk, organization=row.organization_id)
        new, struck = merged(row.record, wanted), tuple[str, ...]()
        for_needs = needs is not None and _change_needs(row, new, needs)
        if row.confidential:
            new, struck = guarded(new)
        changed = [
            key
            for key in sorted({*new, *row.record})
            if key != "metadata" and new.get(key) != row.record.get(key)
        ]
        told = [] if row.confidential else [_change(row, new, key, now) for key in changed]
        of_who, went = _change_organization(row.organization_id, facts.agency, website)
        struck += went
        changed += [*of_who, *_change_access(row, access or {})]
        changed += ["needs"] if for_needs else []
        if not changed:
            return Changed((), struck)
        if told:
            new["metadata"] = [*row.record.get("metadata", ()), *told][-MOST_CHANGES:]
        row.record, row.confirmed, row.assured_by = new, False, actor.person_id
        row.recheck_at = now + timedelta(days=1)
        said = ("record", "terms", "confidential", "confirmed", "assured_by", "recheck_at")
        row.save(update_fields=said)
        record(
            "change service",
            actor=actor,
            subject_kind="service",
            subject_id=row.slug[:40],
            district_id=row.district_id,
            detail={"fields": changed},
        )
    return Changed(tuple(changed), struck)


def _change_needs(row: Service, new: Record, needs: Collection[str]) -> bool:
    """Let a service be found by these needs; whether that differs. Another's term goes with its
    need: the record says neither.
    """
    before = {one for one in needs_in(row.terms) if one != row.kind}
    if before == set(needs):
        return False
    gone, known = {need_id(one) for one in before - set(needs)}, known_terms()
    dropped = {one for one in row.terms if gone & {one, *known.meant([one])[0]}}
    said = [
        one
        for one in new.get("attributes", ())
        if one.get("link_type") == "need" or one.get("taxonomy_term_id") not in map(str, dropped)
    ]
    said += [
        {
            "id": str(id_of(row.pk, PLAIN, key)),
            "link_type": PLAIN,
            "taxonomy_term_id": str(need_id(key)),
            "value": key,
        }
        for key in sorted(set(needs) - before)
    ]
    new["attributes"] = said
    row.terms = sorted({*row.terms} - dropped | {need_id(one) for one in needs})
    if not row.confidential and any(NEEDS[one].confidential for one in needs):
        hide(row)
    return True


def _change_organization(
    own: UUID, name: str, website: str | None
) -> tuple[list[str], tuple[str, ...]]:
    """Let whoever runs services bear a name and a website; return what changed, and what went."""
    who = Organization.objects.select_for_update().get(pk=own)
    said = who.record | {"name": name} | ({} if website is None else {"website": website})
    new, struck = _without_empty(said, "website"), tuple[str, ...]()
    if who.confidential:
        new, struck = guarded(new)
    if new == who.record:
        return [], struck
    changed = [
        f"organization.{key}" for key in ("name", "website") if new.get(key) != who.record.get(key)
    ]
    who.record, who.name = new, new["name"]
    who.save(update_fields=("record", "name"))
    return changed, tuple(f"organization.{one}" for one in struck)


def _change_access(row: Service, access: Mapping[UUID, tuple[str, ...]]) -> list[str]:
    places = Location.objects.filter(services__service=row, confidential=False, pk__in=access)
    changed = []
    for place in places.select_for_update(of=("self",)).order_by("pk"):
        before = {one.get("description"): one for one in place.record.get("accessibility", ())}
        said = [
            before.get(
                words, {"id": str(id_of(place.pk, "accessibility", words)), "description": words}
            )
            for words in access[place.pk]
        ]
        new = _without_empty(place.record | {"accessibility": said}, "accessibility")
        if new != place.record:
            place.record = new
            place.save(update_fields=("record",))
            changed.append("location.accessibility")
    return changed


def _without_empty(record: Record, key: str) -> Record:
    return record if record.get(key) else {name: one for name, one in record.items() if name != key}


def _change(row: Service, new: Record, key: str, now: datetime) -> Record:
    """Return a change as the standard keeps it. Of what is confidential no old word is kept."""
    before, after = (
        one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for one in (row.record.get(key, ""), new.get(key, ""))
    )
    return {
        "id": str(uuid4()),
        "resource_id": str(row.pk),
        "resource_type": "service",
        "last_action_date": now.date().isoformat(),
        "last_action_type": "update",
        "field_name": key,
        "previous_value": before,
        "replacement_value": after,
        "updated_by": "keeper",
    }
