"""An allegation comes into the register: from a duty about staff, or by one of the named roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from django.db import connection

from upstander.mandated.naming import names_others
from upstander.mandated.recipients import Officer, accused_among
from upstander.mandated.register.blind_indexes import (
    indexes_for,
    indexes_in,
    indexes_of_others,
    seal_indexes,
    sure,
)
from upstander.mandated.register.meant import may_mean
from upstander.mandated.register.models import Entry
from upstander.mandated.register.rules import readers, told_of_second
from upstander.mandated.register.sealing import (
    holders_of_readers,
    seal_letter_words,
    seal_notes,
)
from upstander.mandated.words import pack_round
from upstander.matters.folders import seal_folder, sealed_for_good
from upstander.people.keys import person_mac


@dataclass(frozen=True, slots=True)
class Allegation:
    """What is known of an allegation when it is filed. No child's name belongs here."""

    district_id: int
    happened_on: date
    school_id: int | None = None
    matter_id: UUID | None = None
    duty_id: UUID | None = None
    #: An account of staff, or a name; neither: it is not known yet who it was.
    person_id: int | None = None
    name: str = ""
    kind: Entry.Kind = Entry.Kind.UNKNOWN
    disability: bool | None = None
    restraint: bool | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def file_allegation(
    allegation: Allegation, officers: Iterable[Officer], accused: Iterable[int]
) -> UUID | None:
    """File an allegation as unproven; call inside ``viewing``, after the exclusions were set.

    ``officers`` are the district's, ``accused`` everybody whom its matter is kept from. None: there
    is nobody in the district's office for whom it could be sealed. Whether the same person stands
    there already is not told here; those who must know are (``rules.told_of_second``).
    """
    officers, accused = list(officers), set(accused)
    # Whom its words may mean reads it once somebody has said that it isn't them (settling.py).
    words = {"name": allegation.name, **allegation.words}
    in_doubt = accused | may_mean(officers, "\n".join(words.values()), allegation.district_id)
    may = readers(officers, in_doubt)
    if not may:
        return None
    folder = seal_folder(
        holders_of_readers(allegation.district_id, allegation.matter_id, officers, may)
    )
    entry_id, event_id = uuid4(), uuid4()
    blind_indexes = indexes_of_entry(
        allegation.district_id,
        person_id=allegation.person_id,
        name=allegation.name,
        others=allegation.words.get("others", ""),
        typed=allegation.words.get("person", ""),
    )
    with sealed_for_good(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.file_allegation(p_entry => %s, p_event => %s, p_folder => %s, "
            "p_district => %s, p_school => %s, p_matter => %s, p_duty => %s, p_happened => %s, "
            "p_kind => %s, p_disability => %s, p_restraint => %s, p_sealed => %s, p_notes => %s, "
            "p_found_by => %s, p_sealed_event => %s, p_strengths => %s::smallint[], "
            "p_indexes => %s::bytea[], p_tell => %s::bigint[], p_exclusions => %s::bytea[], "
            "p_shred => %s, p_shred_version => %s, p_shred_mark => %s, p_holders => %s::text[], "
            "p_versions => %s::int[], p_blobs => %s::bytea[])",
            [
                entry_id,
                event_id,
                folder.id,
                allegation.district_id,
                allegation.school_id,
                allegation.matter_id,
                allegation.duty_id,
                allegation.happened_on,
                allegation.kind.value,
                allegation.disability,
                allegation.restraint,
                seal_letter_words(folder, entry_id, words),
                seal_notes(folder, entry_id, words),
                seal_indexes(allegation.district_id, entry_id, blind_indexes),
                folder.seal("event", event_id, pack_round(words)),
                list(sure(blind_indexes).values()),
                list(sure(blind_indexes)),
                list(told_of_second(officers, in_doubt)),
                # A matter of its own begins with its exclusions; a duty's has them already.
                [] if allegation.matter_id else [person_mac(one) for one in sorted(accused)],
                *folder.columns,
            ],
        )
    return entry_id


def indexes_of_entry(
    district_id: int, *, name: str, typed: str, others: str = "", person_id: int | None = None
) -> dict[bytes, int]:
    """Return the blind indexes that find an entry: of whom it names, else whom its words name.

    ``others`` are other names that they have or had, a line or a comma apart.
    """
    if name or person_id is not None:
        found = indexes_for(district_id, person_id=person_id, name=name)
        for blind_index, strength in indexes_of_others(district_id, others).items():
            found[blind_index] = max(strength, found.get(blind_index, 0))
        return found
    return indexes_in(district_id, typed)


def file_from_duty(
    allegation: Allegation, accused: Mapping[int, str], officers: Sequence[Officer]
) -> bool:
    """File what a duty about staff says: one entry for each accused, by id and name; call in the
    ``viewing`` that begins the duty.

    Where nobody of staff was chosen there is one entry, whose name one of the named roles adds; so
    too where the words name somebody beside those who were chosen.
    False: nothing was filed, for nobody may read it (``mandated/actions/unfiled.py`` keeps that).
    """
    kept_from = set(accused)
    if allegation.matter_id is not None:
        kept_from |= accused_among(officers, allegation.matter_id)
    people: list[tuple[int | None, str]] = [*accused.items()]
    if not people or names_others(allegation.words.get("person", ""), accused.values()):
        people.append((None, ""))
    # Who may read hangs on the matter, not on the person: all are filed, or none is.
    filed = [
        file_allegation(
            replace(
                allegation,
                person_id=person_id,
                name=name,
                words=allegation.words if person_id is None else {},
            ),
            officers,
            kept_from,
        )
        for person_id, name in people
    ]
    return None not in filed
