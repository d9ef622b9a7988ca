"""To whom an entry is sealed: the named roles, and nobody who merely files it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from upstander.mandated.recipients import Officer
from upstander.mandated.register.models import Entry
from upstander.mandated.words import pack, pack_round, unpack
from upstander.matters.folders import OpenFolder, SealedFolder, holders_for, person_holder
from upstander.people.models import Team
from upstander.people.roles import DISTRICT_OFFICE, TeamKind

KIND = "register"
#: Which words of an entry a letter rests on, and only two persons change: whom it is about, by all
#: their names and in the words of the report, and what is told. All others are notes.
OF_LETTER: Final = frozenset({"name", "others", "person", "told"})


def seal_letter_words(
    folder: OpenFolder | SealedFolder, entry_id: UUID, words: Mapping[str, str]
) -> bytes:
    """Seal those of an entry's words that a letter rests on: in one length, whoever is named."""
    return folder.seal("entry", entry_id, pack_round(_of_letter(words, wanted=True)))


def seal_notes(
    folder: OpenFolder | SealedFolder, entry_id: UUID, words: Mapping[str, str]
) -> bytes:
    """Seal those of an entry's words that no letter rests on."""
    return folder.seal("notes", entry_id, pack(_of_letter(words, wanted=False)))


def words_of(folder: OpenFolder, entry: Entry) -> dict[str, str]:
    """Return an entry's words, by name."""
    return unpack(folder.read("entry", entry.pk, entry.sealed)) | unpack(
        folder.read("notes", entry.pk, entry.notes)
    )


def _of_letter(words: Mapping[str, str], *, wanted: bool) -> dict[str, str]:
    return {key: text for key, text in words.items() if (key in OF_LETTER) is wanted}


def holders_of_readers(
    district_id: int, matter_id: UUID | None, officers: Iterable[Officer], may: Iterable[int]
) -> list[tuple[str, str]]:
    """Return whom to seal an entry to; call inside ``viewing``.

    The district office's team where all of it may read, so that whoever follows in a role reads
    what was there before them; else single persons.
    """
    allowed = set(may)
    district = [one for one in officers if one.school_id is None and one.role in DISTRICT_OFFICE]
    teams = Team.objects.filter(kind=TeamKind.OFFICE, district_id=district_id, school__isnull=True)
    if district and {one.person_id for one in district} <= allowed:
        return holders_for(matter_id, teams)
    return [person_holder(person) for person in may]
