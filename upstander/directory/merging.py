"""What a keeper says of a service, put into the record that stands there; nothing else is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from upstander.directory.records import (
    ASL,
    FIELDS,
    KEYS,
    WEEK,
    Record,
    id_of,
    phone_kind,
    rules_of,
    said,
)
from upstander.directory.spoken import SPOKEN


def merged(old: Mapping[str, Any], new: Record) -> Record:
    """Return ``new``, which says all that a card shows, with what ``old`` says besides.

    That is what the standard has and no card: contacts, a fax, a monthly schedule, others'
    attributes; and of a phone, an address or a price that stays, its own such things.
    """
    kept = {key: value for key, value in old.items() if key not in _ON_A_CARD}
    for key, (said_of_it, unknown) in _BESIDES.items():
        before = {one["id"]: one for one in old.get(key, ()) if not unknown(one)}
        items = [_item(before.get(one["id"], {}), one, said_of_it) for one in new.get(key, ())]
        items += [one for one in old.get(key, ()) if unknown(one)]
        if items:
            kept[key] = items
    if schedules := _schedules(old.get("schedules", ()), new.get("schedules", ())):
        kept["schedules"] = schedules
    # A language is what its code says, whichever row of a list it stood in.
    wanted = {one["code"]: one for one in new.get("languages", ())}
    spoken = [
        one
        for one in old.get("languages", ())
        if one.get("code") in wanted or one.get("code") not in _ASKED_FOR
    ]
    there = {one.get("code") for one in spoken}
    kept["languages"] = spoken + [one for code, one in wanted.items() if code not in there]
    both = {**new, **kept, "status": old.get("status", "active")}
    return {key: value for key, value in both.items() if value != []}


def _schedules(old: Sequence[Mapping[str, Any]], new: Sequence[Record]) -> list[Mapping[str, Any]]:
    """Return the schedules that say ``new``, and what no form shows of ``old``.

    One whose hours are all said still stays as it was written, others' words of it with it.
    """
    wanted = {rule for one in new for rule in rules_of(one)}
    stay = [one for one in old if wanted.issuperset(rules_of(one))]
    left = wanted.difference(rule for one in stay for rule in rules_of(one))
    taken, made = {one["id"] for one in stay}, list[Mapping[str, Any]]()
    before = {one["id"]: one for one in old if one["id"] not in taken}
    for one in new:
        rules = [rule for rule in rules_of(one) if rule in left]
        if not rules:
            continue
        own = one["id"] if one["id"] not in taken else str(id_of(one["id"], "again"))
        days = [WEEK[rule.weekday] for rule in rules if rule.weekday is not None]
        said_now = one | {"id": own} | ({"byday": ",".join(days)} if days else {})
        made.append(_item(before.get(own, {}), said_now, _WHEN))
    return [*stay, *made]


def _item(old: Mapping[str, Any], new: Record, said_of_it: frozenset[str]) -> Record:
    """Return an item of a list as it is said now, with what ``old`` says of it besides."""
    kept = {key: value for key, value in old.items() if key not in said_of_it}
    theirs = [one for one in kept.pop("attributes", ()) if one.get("link_type") not in KEYS]
    attributes = [*new.get("attributes", ()), *theirs]
    return {**kept, **new, **({"attributes": attributes} if attributes else {})}


def settled(record: Record, source: str) -> Record:
    """Return a record in which the hours that ``source`` gives hold alone ("": its own)."""
    theirs = [one for one in record.get("schedules", ()) if said(one, "source") == source]
    if len(theirs) == len(record.get("schedules", ())):
        return record
    told = [
        one | {"attributes": [x for x in one["attributes"] if x.get("link_type") != "source"]}
        if source
        else one
        for one in theirs
    ]
    return record | {"schedules": told}


#: From when to when hours hold, and how often they come.
_WHEN = frozenset({"valid_from", "valid_to", "dtstart", "until", "count", "interval"})
_ON_A_CARD = {
    *FIELDS.values(),
    *("id", "organization_id", "status", "interpretation_services", "languages", "phones"),
    *("additional_urls", "schedules", "service_areas", "attributes"),
    *("minimum_age", "maximum_age", "cost_options", "required_documents"),
}
#: Of what a form shows of each list: the fields, and the items that it doesn't show.
_BESIDES: Mapping[str, tuple[frozenset[str], Callable[[Mapping[str, Any]], bool]]] = {
    "phones": (frozenset({"languages"}), lambda phone: not phone_kind(phone)),
    "additional_urls": (frozenset(), lambda url: False),
    "attributes": (frozenset(), lambda one: one.get("link_type") not in KEYS),
    "cost_options": (frozenset({"option", "amount", "currency"}), lambda one: False),
    "required_documents": (frozenset(), lambda one: False),
}
#: Codes of languages that a form asks for; the others stay.
_ASKED_FOR = frozenset({*SPOKEN, ASL})
