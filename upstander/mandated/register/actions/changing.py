"""A change of what a letter rests on: one person of the office proposes it, a second one agrees.

Whom an entry is about, since when, of what kind, what came of it, what is told: who changed these
alone could make a clean letter for a friend. So is naming somebody for the first time: it clears
everybody else who worked there. What no letter rests on, one person writes down
(``actions.note_entry``). The database holds it (``register_entry_guard``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.mandated.naming import accounts_named
from upstander.mandated.recipients import Officer, accused_among, excluded_with, officers_of
from upstander.mandated.register.actions.entries import OpenEntry, call
from upstander.mandated.register.actions.filing import indexes_of_entry
from upstander.mandated.register.actions.settling import keep_from_meant, readers_of
from upstander.mandated.register.blind_indexes import (
    indexes_of_row,
    seal_indexes,
    split_names,
    sure,
)
from upstander.mandated.register.models import BlindIndex, Entry, Proposal
from upstander.mandated.register.queries import waiting_rows
from upstander.mandated.register.rule import rule_in
from upstander.mandated.register.rules import told_of_second
from upstander.mandated.register.sealing import KIND, OF_LETTER, seal_letter_words, seal_notes
from upstander.mandated.words import pack, unpack
from upstander.matters.folders import keep_out
from upstander.matters.people_near import people_near
from upstander.people.models import Person
from upstander.people.reading import need_opened
from upstander.people.roles import DISTRICT_OFFICE
from upstander.people.scope import viewing
from upstander.ui.times import day

#: What of an entry's words a person writes in a proposal; what came with the report stays.
WORDS: Final = ("name", "others", "told")
#: Words that say whom it is about. Whoever is dealt with ("the superintendent was told") stands in
#: the others, and is not asked about for that.
_OF_WHOM: Final = ("name", "others", "person", "role", "words")


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry is to say, in place of what it says."""

    happened_on: date
    kind: Entry.Kind
    outcome: Entry.Outcome
    outcome_on: date | None
    #: By name, of ``WORDS``.
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of a proposal."""

    #: How many of the office could agree to it, and how many it may mean.
    others: int
    meant: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for its second person, opened."""

    row: Proposal
    by: str
    why: str = field(repr=False)
    #: Field, as it is, as it is to be.
    changes: list[tuple[str, str, str]] = field(repr=False)


def propose_change(opened: OpenEntry, change: Change, *, why: str) -> Proposed:
    """Propose a change. One durable transaction.

    Whoever it names is kept out at once, before anybody agrees: they must not read it meanwhile.
    Whom it may mean, by half a name, is kept out until that is settled (settling.py).
    Raises Refused (no reason, nothing different, a day to come, oneself, one waits already).
    """
    viewer, entry = opened.folder.viewer, opened.entry
    outcome_on = None if change.outcome == Entry.Outcome.UNPROVEN else change.outcome_on
    if change.outcome != Entry.Outcome.UNPROVEN and outcome_on is None:
        raise Refused(_("An outcome needs a date: the retention period is counted from it."))
    if not why.strip():
        raise Refused(_("Say why in a few words: a second person decides based on it."))
    words = {key: text for key, text in opened.words.items() if key in OF_LETTER}
    words |= {key: change.words.get(key, "").strip() for key in WORDS}
    before, after = _fields(entry, opened.words), _fields(change, words)
    different = {key for key in after if before[key] != after[key]}
    if not different:
        raise Refused(_("Nothing is different from the current entry."))
    blind_indexes = indexes_of_entry(
        entry.district_id,
        name=words["name"],
        others=words["others"],
        typed=words.get("person", ""),
    )
    # An account's blind index comes with the duty and stays: only names are corrected.
    account = {
        blind_index: strength
        for blind_index, strength in indexes_of_row(entry, entry.pk).items()
        if strength == BlindIndex.Strength.PERSON
    }
    event_id = uuid4()
    said = {"why": why.strip()}
    said |= {f"was {key}": before[key] for key in sorted(different) if before[key]}
    said |= {f"new {key}": after[key] for key in sorted(different) if after[key]}
    with viewing(viewer) as now:
        if outcome_on is not None and outcome_on > now.date() + timedelta(days=1):
            raise Refused(_("That date is in the future."))
        if change.happened_on > now.date() + timedelta(days=1):
            raise Refused(_("That date is in the future."))
        officers = officers_of(entry.district_id)
        _keep_out_named(opened, words, officers)
        meant = _keep_from_meant(opened, words)
        second = {one.person_id for one in readers_of(opened) if one.holds}
        try:
            with transaction.atomic():
                call(
                    "SELECT api.propose_change(p_proposal => %s, p_entry => %s, p_event => %s, "
                    "p_happened => %s, p_kind => %s, p_outcome => %s, p_outcome_on => %s, "
                    "p_keep => %s, p_strengths => %s::smallint[], p_indexes => %s::bytea[], "
                    "p_found_by => %s, p_sealed => %s, p_reason => %s, p_sealed_event => %s, "
                    "p_tell => %s::bigint[])",
                    proposal_id := uuid4(),
                    entry.pk,
                    event_id,
                    change.happened_on,
                    change.kind.value,
                    change.outcome.value,
                    outcome_on,
                    rule_in(entry.district_id).keep_until(change.outcome.value, outcome_on),
                    list(sure(blind_indexes).values()),
                    list(sure(blind_indexes)),
                    seal_indexes(entry.district_id, entry.pk, account | blind_indexes),
                    seal_letter_words(opened.folder, entry.pk, words),
                    opened.folder.seal("proposal", proposal_id, pack({"why": why.strip()})),
                    opened.folder.seal("event", event_id, pack(said)),
                    sorted(second),
                )
        except IntegrityError as error:
            raise Refused(
                _(
                    "A change to this entry is already waiting: a second person must decide "
                    "it first, or the person who proposed it withdraws it."
                )
            ) from error
    return Proposed(len(second), meant)


def note_entry(
    opened: OpenEntry, *, disability: bool | None, restraint: bool | None, words: Mapping[str, str]
) -> int:
    """Write down what was alleged and done. No letter rests on it, so one person does.

    Of ``words`` only what is no letter's counts (``sealing.OF_LETTER``); the old stays in the
    events. Returns how many of the office they may mean: it is kept from them until settled.
    """
    entry, event_id = opened.entry, uuid4()
    notes = {key: text for key, text in words.items() if key not in OF_LETTER}
    before = {
        f"was {key}": text
        for key, text in opened.words.items()
        if key not in OF_LETTER and text and notes.get(key, "") != text
    }
    with viewing(opened.folder.viewer):
        meant = _keep_from_meant(opened, notes)
        call(
            "SELECT api.note_allegation(p_entry => %s, p_event => %s, p_disability => %s, "
            "p_restraint => %s, p_notes => %s, p_sealed_event => %s)",
            entry.pk,
            event_id,
            disability,
            restraint,
            seal_notes(opened.folder, entry.pk, notes),
            opened.folder.seal("event", event_id, pack(before)),
        )
    return meant


def waiting_change(opened: OpenEntry, now: datetime) -> Waiting | None:
    """Return what waits for a second person, opened; call inside ``viewing``."""
    row = waiting_rows(now).filter(entry_id=opened.entry.pk).first()
    if row is None:
        return None
    words = unpack(opened.folder.read("entry", opened.entry.pk, row.sealed))
    before, after = _fields(opened.entry, opened.words), _fields(row, words)
    return Waiting(
        row,
        Person.objects.filter(pk=row.person_id).values_list("name", flat=True).first() or "",
        unpack(opened.folder.read("proposal", row.pk, row.reason)).get("why", ""),
        [(key, before[key], text) for key, text in after.items() if before[key] != text],
    )


def decide_change(opened: OpenEntry, proposal_id: UUID, *, agrees: bool, why: str = "") -> None:
    """Agree to a proposed change, as the second person, or don't; its author takes it back so.

    One durable transaction. Raises Refused.
    """
    viewer, entry = opened.folder.viewer, opened.entry
    event_id = uuid4()
    with viewing(viewer) as now:
        row = waiting_rows(now).filter(pk=proposal_id, entry_id=entry.pk).first()
        if row is None:
            raise Refused(_("This was already decided, or it has expired. Check it again."))
        own = row.person_id == viewer.person_id
        if own and agrees:
            raise Refused(_("You proposed it yourself: a second person decides."))
        if not own and not agrees and not why.strip():
            raise Refused(_("Say why not in a few words: the person who proposed it will read it."))
        if agrees:
            need_opened(KIND, opened.folder.id, row.at)
        officers = officers_of(entry.district_id)
        accused = accused_among(officers, entry.matter_id)
        # Whoever named their own superior may be passed over since; what they proposed counts.
        keepers = {one.person_id for one in officers if one.role in DISTRICT_OFFICE} - accused
        if agrees and row.person_id not in keepers:
            raise Refused(
                _(
                    "The person who proposed it no longer keeps this entry. Decline it, and "
                    "propose it yourself if it is right."
                )
            )
        in_doubt = {one.person_id for one in readers_of(opened) if not one.holds}
        of_whom = indexes_of_row(row, entry.pk)
        try:
            with transaction.atomic():
                call(
                    "SELECT api.decide_change(p_proposal => %s, p_event => %s, p_agree => %s, "
                    "p_sealed_event => %s, p_indexes => %s::bytea[], p_tell => %s::bigint[])",
                    proposal_id,
                    event_id,
                    agrees,
                    opened.folder.seal("event", event_id, pack({"why": why.strip()})),
                    [
                        blind_index
                        for blind_index, strength in sure(of_whom).items()
                        if strength != BlindIndex.Strength.PERSON
                    ],
                    list(told_of_second(officers, accused | in_doubt)),
                )
        except ProgrammingError as error:
            raise Refused(
                _("Someone else has decided it, or it is not yours to decide.")
            ) from error


def _keep_from_meant(opened: OpenEntry, words: Mapping[str, str]) -> int:
    before, after = (
        "\n".join(one.get(name, "") for name in _OF_WHOM)
        for one in (opened.words, {**opened.words, **words})
    )
    return keep_from_meant(opened, before, after)


def _keep_out_named(
    opened: OpenEntry, words: Mapping[str, str], officers: Iterable[Officer]
) -> None:
    """Keep out whoever has a name that an entry is to have, with the lead under a superintendent.

    Before that nobody knew whom it was about, and the office reads it by its team's key. Call
    inside ``viewing``. Raises Refused (oneself).
    """
    near = people_near(opened.entry.district_id)
    named = {
        person
        for name in (words["name"], *split_names(words["others"]))
        for person in accounts_named(name, near)
    }
    me = opened.folder.viewer.person_id
    if me in named:
        raise Refused(_("This is your own name: someone else in the office must record that."))
    out = (named | excluded_with(officers, named)) - {me}
    if out:
        keep_out(opened.entry.folder_id, sorted(out))


def _fields(row: Entry | Proposal | Change, words: Mapping[str, str]) -> dict[str, str]:
    """Return what a proposal can change, as people read it, by name."""
    outcome = Entry.Outcome(row.outcome)
    on = row.outcome_on if outcome != Entry.Outcome.UNPROVEN else None
    return {
        "name": words.get("name", ""),
        "others": words.get("others", ""),
        "happened_on": day(row.happened_on),
        "kind": str(capfirst(Entry.Kind(row.kind).label)),
        "outcome": str(capfirst(outcome.label)),
        "outcome_on": day(on) if on else "",
        "told": words.get("told", ""),
    }
