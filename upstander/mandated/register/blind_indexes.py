"""Blind indexes of a person that can be compared and not read, under a key that lies in a file.

One key for the register of a district, whoever is in its office and however their keys change: an
allegation of today must find one of ten years ago. No row holds a blind index as it is here: those
that say "the same person" are bound to their entry, for the database, and all are sealed in it, for
the desk (ADR 162). Who has the database alone can neither try a name nor join two entries; who has
the key file as well can do both (docs/threat-model.md).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings

from upstander.mandated.naming import names_typed, pairs_typed
from upstander.mandated.register.models import BlindIndex, Entry, Proposal
from upstander.tips.blind_indexes import Closeness, blind_indexes_of, name_parts, plain_words
from upstander.vault.envelopes import bind, opener, seal

#: Bytes of an account's blind index, as of a name's.
_INDEX_BYTES = 16
_CLOSE = {Closeness.SAME: BlindIndex.Strength.SAME, Closeness.PARTS: BlindIndex.Strength.PARTS}
#: Blind indexes that say "the same person" without anybody's judgement.
SURE = (BlindIndex.Strength.PERSON, BlindIndex.Strength.SAME, BlindIndex.Strength.TYPED)
#: Fewer bytes than this are filled up: how long they are would tell how many words a name has.
_ROUND = 255
#: Blind indexes that an entry has once somebody said whom it is about. Typed words never say it,
#: nor does an account alone, which may be called by half a name: nobody who is asked about is met
#: by it.
NAMED = (BlindIndex.Strength.SAME,)
#: What stands before a name and is none, in plain letters: "Mr. R.", "Coach Marlow".
_TITLES: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "miss",
        "dr",
        "prof",
        "professor",
        "coach",
        "principal",
        "superintendent",
        "sr",
        "sra",
        "srta",
        "senor",
        "senora",
        "senorita",
        "profe",
        "maestro",
        "maestra",
    ]
)
#: What people write where they know no name ("the bus driver"); some are somebody's surname.
_NO_NAMES: Final = frozenset(
    [
        "teacher",
        "nurse",
        "counselor",
        "aide",
        "assistant",
        "substitute",
        "sub",
        "driver",
        "bus",
        "custodian",
        "janitor",
        "gym",
        "director",
        "directora",
        "employee",
        "staff",
        "officer",
        "tutor",
        "trainer",
        "man",
        "woman",
        "person",
        "somebody",
        "someone",
        "unknown",
        "not",
        "known",
        "nobody",
        "new",
        "old",
        "tall",
        "young",
        "the",
        "a",
        "an",
        "of",
        "at",
        "in",
        "or",
        "our",
        "my",
        "his",
        "her",
        "their",
        "school",
        "el",
        "la",
        "los",
        "las",
    ]
)


def name_words(name: str) -> str:
    """Return a name without titles."""
    return " ".join(word for word in plain_words(name) if word not in _TITLES)


def is_whole_name(name: str) -> bool:
    """Tell whether a name could be somebody's whole one: two names written out, at the least."""
    return _whole(name_parts(name_words(name))) > 1


def says_who(name: str) -> bool:
    """Tell whether a name says who it is. "Mr. R.", "the gym teacher" and "D. Marlow" don't.

    One with a word in it that may be none (a driver, and Ms. Driver) is found all the same.
    """
    parts = name_parts(name_words(name))
    return _whole(parts) > 1 and _NO_NAMES.isdisjoint(parts)


def _whole(parts: Iterable[str]) -> int:
    return sum(len(part) > 1 or not part.isascii() for part in parts)


def indexes_for(
    district_id: int, *, person_id: int | None = None, name: str = ""
) -> dict[bytes, int]:
    """Return the blind indexes of somebody by account and by name, each with its strength.

    Empty for no account and a name of fewer than two words: nothing could be found by it. One that
    says only half of who it is counts as words that somebody typed: it joins, and names nobody.
    """
    name = name_words(name)
    key = _key(district_id)
    found: dict[bytes, int] = {}
    if person_id is not None:
        account = hmac.digest(key, bind("account", person_id), "sha256")[:_INDEX_BYTES]
        found[account] = int(BlindIndex.Strength.PERSON)
    # One name alone, or with an initial, would join half a district.
    whole = blind_indexes_of(name, key) if len(name_parts(name)) > 1 else {}
    most = BlindIndex.Strength.SAME if says_who(name) else BlindIndex.Strength.TYPED
    for blind_index, closeness in whole.items():
        if closeness in _CLOSE:
            found.setdefault(blind_index, int(min(_CLOSE[closeness], most)))
    return found


def split_names(others: str) -> list[str]:
    """Return names that stand a line or a comma apart."""
    return [name for one in re.split(r"[\n,;]", others) if (name := one.strip())]


def indexes_of_others(district_id: int, others: str) -> dict[bytes, int]:
    """Return the blind indexes of other names that somebody has or had, a line or a comma apart."""
    found: dict[bytes, int] = {}
    for name in split_names(others):
        for blind_index, strength in indexes_for(district_id, name=name).items():
            found[blind_index] = max(strength, found.get(blind_index, 0))
    return found


def indexes_in(district_id: int, text: str) -> dict[bytes, int]:
    """Return the blind indexes of whoever a text names, where nobody of staff was chosen.

    A name that is written out as one counts as that name, and joins; it names the person for
    nobody, since "Alder Elementary" looks like a name too. Two words in a row that may be one are
    found only as "perhaps", by whoever looks.
    """
    found: dict[bytes, int] = {}
    for name in names_typed(text):
        for blind_index, strength in indexes_for(district_id, name=name).items():
            typed = min(strength, int(BlindIndex.Strength.TYPED))
            found[blind_index] = max(typed, found.get(blind_index, 0))
    for pair in pairs_typed(text):
        for blind_index, strength in indexes_for(district_id, name=pair).items():
            if strength == BlindIndex.Strength.PARTS:
                found.setdefault(blind_index, strength)
    return found


def sure(blind_indexes: Mapping[bytes, int]) -> dict[bytes, int]:
    """Return those of some blind indexes that say who it is, in their order."""
    return {
        blind_index: strength for blind_index, strength in blind_indexes.items() if strength in SURE
    }


def seal_indexes(district_id: int, entry_id: UUID, blind_indexes: Mapping[bytes, int]) -> bytes:
    """Seal an entry's blind indexes under the register's key: for who looks in the desk, for nobody
    who has the database alone.
    """
    told = b"".join(
        bytes([strength]) + blind_index for blind_index, strength in blind_indexes.items()
    )
    return seal(_key(district_id, "found by"), told.ljust(_ROUND, b"\0"), aad=entry_id.bytes)


def open_indexes(rows: Iterable[tuple[UUID, int, bytes]]) -> dict[UUID, dict[bytes, int]]:
    """Return what ``seal_indexes`` sealed by entry, each with its strength; rows are entry,
    district and what was sealed. Raises SealBroken: what is left out would be missing in a letter.
    """
    of_district = cache(lambda district_id: opener(_key(district_id, "found by")))
    return {
        entry_id: _indexes_in(of_district(district_id)(sealed, entry_id.bytes).rstrip(b"\0"))
        for entry_id, district_id, sealed in rows
    }


def indexes_of_row(row: Entry | Proposal, entry_id: UUID) -> dict[bytes, int]:
    """Return the blind indexes that an entry has, or is to have."""
    return open_indexes([(entry_id, row.district_id, bytes(row.found_by))])[entry_id]


def _indexes_in(told: bytes) -> dict[bytes, int]:
    step = 1 + _INDEX_BYTES
    # Its last blind index may end in noughts, which went with what fills up.
    told = told.ljust(-(-len(told) // step) * step, b"\0")
    return {told[at + 1 : at + step]: told[at] for at in range(0, len(told), step)}


def _key(district_id: int, purpose: str = "register") -> bytes:
    return hmac.digest(settings.PERSON_PEPPER, bind(purpose, district_id), "sha256")
