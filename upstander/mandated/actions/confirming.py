"""What files say of the law, fact by fact, and which of it an administrator has compared with it.

All apps' files (``laws`` of a manifest): deadlines, forms, how long what is kept. A confirmation
counts for what the fact said then: a file that was changed is not confirmed by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from msgspec import Struct, structs

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.models import Confirmation
from upstander.people.approved_texts import Approvals, digest_of
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.plug import law_files
from upstander.rulefiles import LawFile, OfLaw, laws_in, with_confirmed
from upstander.states import RuleSet


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule of law that a file has, and who has confirmed it."""

    rule_set: str
    #: Its place in the file.
    key: str
    label: str
    says: str
    source: str
    digest: str
    #: It does nothing before it is confirmed.
    permits: bool
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Whether it counts as compared with the law in force."""
        return self.confirmed_at is not None


#: The place of a file that is one rule as a whole: rows need a name for it.
WHOLE = "all"


def facts_of(file: LawFile) -> list[Fact]:
    """Return every rule of law that a file has, in its order."""
    return [
        Fact(
            file.key,
            found.place or WHOLE,
            found.label,
            found.law.says,
            found.law.source,
            digest_of_law(found.law),
            found.law.permits,
        )
        for found in laws_in(file.root)
    ]


def digest_of_law(law: OfLaw) -> str:
    """Return what a rule is known by as it stands in its file: confirmed or not, it is the same."""
    told = structs.asdict(structs.replace(law, confirmed=False))
    return digest_of(json.dumps(told, sort_keys=True, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return structs.asdict(value)
    return sorted(value) if isinstance(value, frozenset) else str(value)


def all_facts() -> list[Fact]:
    """Return the facts of all files as they stand confirmed; call inside ``viewing``.

    Two queries.
    """
    stands = _standing()
    people = Person.objects.filter(pk__in=stands.people())
    names = {person.pk: person.name for person in people}
    shown = []
    for file in law_files():
        for fact in facts_of(file):
            row = stands.of((fact.rule_set, fact.key), fact.digest)
            if row is not None:
                who = names.get(row.person_id, "an administrator")
                shown.append(replace(fact, confirmed_by=who, confirmed_at=row.at))
            else:
                shown.append(fact)
    return shown


def unconfirmed() -> int:
    """Return of how many facts nobody has said that they stand so in the law."""
    return sum(not fact.confirmed for fact in all_facts())


type _Standing = Approvals[tuple[str, str], Confirmation]


def _standing() -> _Standing:
    return Approvals(Confirmation.objects.order_by("pk"), lambda row: (row.rule_set, row.fact))


def as_confirmed(all_rules: Iterable[RuleSet]) -> dict[str, RuleSet]:
    """Return rule sets by key with what was confirmed since; call inside ``viewing``: one query."""
    stands = _standing()
    return {rules.key: _marked(rules.key, rules, stands) for rules in all_rules}


def as_it_stands[T: Struct](key: str, root: T) -> T:
    """Return what one file says (``LawFile.key``) with what was confirmed; call inside ``viewing``,
    or as the worker: one query."""
    return _marked(key, root, _standing())


def _marked[T: Struct](key: str, root: T, stands: _Standing) -> T:
    return with_confirmed(
        root,
        lambda place, law: stands.of((key, place or WHOLE), digest_of_law(law)) is not None,
    )


def as_published(rules: RuleSet) -> RuleSet:
    """Return a rule set with what was confirmed since, for the reporters' site: one query."""
    rows = Confirmation.objects.raw("SELECT * FROM api.law_confirmations() ORDER BY id")
    return _marked(rules.key, rules, Approvals(rows, lambda row: (row.rule_set, row.fact)))


def confirm_fact(viewer: Viewer, key: str, fact: str, digest: str, *, stands: bool) -> None:
    """Keep that an administrator compared a fact with the law in force, or takes that back.

    ``digest`` is what they saw. Raises Refused (no such fact, or it says something else by now).
    """
    file = next((one for one in law_files() if one.key == key), None)
    known = next((one for one in facts_of(file) if one.key == fact), None) if file else None
    if known is None:
        raise Refused(_("This fact does not exist."))
    if known.digest != digest:
        raise Refused(_("This has changed: read it again."))
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
