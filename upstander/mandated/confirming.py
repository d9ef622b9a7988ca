"""What a rule set says, fact by fact, and which of it an administrator has compared with the law.

A confirmation counts for what the fact said then: a file that was changed is not confirmed by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.models import Confirmation
from upstander.mandated.rule_sets import Deadline, DutyRule, RuleSet, Way, rule_set, rule_sets
from upstander.mandated.rule_sets.said import event_words, owner_words
from upstander.places.approvals import Approvals, digest_of
from upstander.places.models import Person
from upstander.places.scope import Viewer, viewing


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a rule set says, and whether it is confirmed: by its file, or by somebody."""

    rule_set: str
    #: Its place in the file.
    key: str
    label: str
    says: str
    source: str
    digest: str
    by_file: bool
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it counts as compared with the law in force."""
        return self.by_file or self.confirmed_at is not None


def facts_of(rules: RuleSet) -> list[Fact]:
    """Return every fact of a rule set that has a source, in the order of its file."""
    found = [_way_fact(rules, way) for way in rules.ways.values()]
    for duty in rules.duties.values():
        found += [_deadline_fact(rules, duty, one) for one in _deadlines(duty)]
    return found


def _deadlines(duty: DutyRule) -> tuple[Deadline, ...]:
    return (duty.first, duty.written, *duty.follow)


def _way_fact(rules: RuleSet, way: Way) -> Fact:
    hours = f", {way.opens:%H:%M} to {way.closes:%H:%M}" if way.opens and way.closes else ""
    only = ", only where nothing is urgent" if way.only_if_not_emergent else ""
    return Fact(
        rules.key,
        f"ways.{way.key}",
        way.label,
        f"{way.phone or 'no number'}{hours}{only}",
        way.source,
        _digest(way),
        way.confirmed,
    )


def _deadline_fact(rules: RuleSet, duty: DutyRule, one: Deadline) -> Fact:
    says = f"{one.interval} after {event_words(one.after)}, owed by {owner_words(one.owner)}"
    return Fact(
        rules.key,
        f"duties.{duty.key}.{one.key}",
        f"{duty.label}: {one.label}",
        says,
        one.source,
        _digest(one),
        one.confirmed,
    )


def _digest(fact: Way | Deadline) -> str:
    told = json.dumps(structs.asdict(fact), sort_keys=True, default=_plain)
    return digest_of(told)


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def all_facts() -> list[Fact]:
    """Return the facts of all rule sets as they stand confirmed; call inside ``viewing``.

    Two queries.
    """
    stands = _standing()
    people = Person.objects.filter(pk__in=stands.people())
    names = {person.pk: person.name for person in people}
    shown = []
    for rules in rule_sets():
        for fact in facts_of(rules):
            row = stands.of((fact.rule_set, fact.key), fact.digest)
            if row is not None:
                who = names.get(row.person_id, "an administrator")
                shown.append(replace(fact, confirmed_by=who, confirmed_at=row.at))
            else:
                shown.append(fact)
    return shown


type _Standing = Approvals[tuple[str, str], Confirmation]


def _standing() -> _Standing:
    return Approvals(Confirmation.objects.order_by("pk"), lambda row: (row.rule_set, row.fact))


def as_confirmed(all_rules: Iterable[RuleSet]) -> dict[str, RuleSet]:
    """Return rule sets by key with what was confirmed since; call inside ``viewing``: one query."""
    stands = _standing()
    return {rules.key: _confirmed(rules, stands) for rules in all_rules}


def _confirmed(rules: RuleSet, stands: _Standing) -> RuleSet:
    def seen[F: (Way, Deadline)](fact: F, key: str) -> F:
        if fact.confirmed or stands.of((rules.key, key), _digest(fact)) is None:
            return fact
        return structs.replace(fact, confirmed=True)

    ways = {key: seen(way, f"ways.{key}") for key, way in rules.ways.items()}
    duties = {
        key: structs.replace(
            duty,
            first=seen(duty.first, f"duties.{key}.first"),
            written=seen(duty.written, f"duties.{key}.written"),
            follow=tuple(seen(one, f"duties.{key}.{one.key}") for one in duty.follow),
        )
        for key, duty in rules.duties.items()
    }
    return structs.replace(rules, ways=ways, duties=duties)


def confirm_fact(viewer: Viewer, key: str, fact: str, digest: str, *, stands: bool) -> None:
    """Keep that an administrator compared a fact with the law in force, or takes that back.

    ``digest`` is what they saw. Raises Refused (no such fact, or it says something else by now).
    """
    try:
        known = {one.key: one for one in facts_of(rule_set(key))}[fact]
    except KeyError as error:
        raise Refused("There is no such fact.") from error
    if known.digest != digest:
        raise Refused("This says something else by now: read it again.")
    with viewing(viewer) as now:
        Confirmation.objects.create(
            rule_set=key,
            fact=fact,
            digest=digest,
            stands=stands,
            person_id=viewer.person_id,
            at=now,
        )
        record(
            "rule confirmed" if stands else "rule's confirmation taken back",
            actor=viewer,
            subject_kind="rule",
            subject_id=fact[:40],
            detail={"rule_set": key, "fact": fact, "digest": digest[:16]},
        )
