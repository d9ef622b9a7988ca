"""Marks of a person that can be compared and not read, under a key that lies in a file.

One key for the register of a district, whoever is in its office and however their keys change: an
allegation of today must find one of ten years ago. Who has the database alone can try no name; who
has the key file as well can (docs/threat-model.md).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings

from upstander.mandated.naming import names_typed, pairs_typed
from upstander.mandated.register.models import Mark
from upstander.tips.name_marks import Closeness, marks_of, name_parts, plain_words
from upstander.vault.envelopes import bind

#: Bytes of an account's mark, as of a name's.
_MARK_BYTES = 16
_CLOSE = {Closeness.SAME: Mark.Strength.SAME, Closeness.PARTS: Mark.Strength.PARTS}
#: Marks that say "the same person" without anybody's judgement.
SURE = (Mark.Strength.PERSON, Mark.Strength.SAME, Mark.Strength.TYPED)
#: Marks that an entry has once somebody said whom it is about. Typed words never say it.
NAMED = (Mark.Strength.PERSON, Mark.Strength.SAME)
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


def marks_for(
    district_id: int, *, person_id: int | None = None, name: str = ""
) -> dict[bytes, int]:
    """Return the marks of somebody by account and by name, each with its strength.

    Empty for no account and a name of fewer than two words: nothing could be found by it. One that
    says only half of who it is counts as words that somebody typed: it joins, and names nobody.
    """
    name = name_words(name)
    key = _key(district_id)
    found: dict[bytes, int] = {}
    if person_id is not None:
        account = hmac.digest(key, bind("account", person_id), "sha256")[:_MARK_BYTES]
        found[account] = int(Mark.Strength.PERSON)
    # One name alone, or with an initial, would join half a district.
    whole = marks_of(name, key) if len(name_parts(name)) > 1 else {}
    most = Mark.Strength.SAME if says_who(name) else Mark.Strength.TYPED
    for mark, closeness in whole.items():
        if closeness in _CLOSE:
            found.setdefault(mark, int(min(_CLOSE[closeness], most)))
    return found


def split_names(others: str) -> list[str]:
    """Return names that stand a line or a comma apart."""
    return [name for one in re.split(r"[\n,;]", others) if (name := one.strip())]


def marks_of_others(district_id: int, others: str) -> dict[bytes, int]:
    """Return the marks of other names that somebody has or had, a line or a comma apart."""
    found: dict[bytes, int] = {}
    for name in split_names(others):
        for mark, strength in marks_for(district_id, name=name).items():
            found[mark] = max(strength, found.get(mark, 0))
    return found


def marks_in(district_id: int, text: str) -> dict[bytes, int]:
    """Return the marks of whoever a text names, where nobody of staff was chosen.

    A name that is written out as one counts as that name, and joins; it names the person for
    nobody, since "Alder Elementary" looks like a name too. Two words in a row that may be one are
    found only as "perhaps", by whoever looks.
    """
    found: dict[bytes, int] = {}
    for name in names_typed(text):
        for mark, strength in marks_for(district_id, name=name).items():
            typed = min(strength, int(Mark.Strength.TYPED))
            found[mark] = max(typed, found.get(mark, 0))
    for pair in pairs_typed(text):
        for mark, strength in marks_for(district_id, name=pair).items():
            if strength == Mark.Strength.PARTS:
                found.setdefault(mark, strength)
    return found


def _key(district_id: int) -> bytes:
    return hmac.digest(settings.PERSON_PEPPER, bind("register", district_id), "sha256")
