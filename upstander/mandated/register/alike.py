"""Whole names that may be one, spelled otherwise: Paola Rener for Paula Renner.

That they are alike says nothing sure: a person looks. No blind index finds a near spelling, so
names are compared where somebody has both of them open.
"""

from __future__ import annotations

from typing import Final

from upstander.mandated.register.blind_indexes import name_words
from upstander.tips.blind_indexes import name_parts
from upstander.tips.spellings import TWO_OFF, Spelled, is_off_by

#: Given names that begin alike are often one (Paul, Paula, Pauline).
_BEGINNING: Final = 4
#: So many words of two names must meet: one in common is half a district's.
_ENOUGH: Final = 2


def is_alike(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: two words of each are near, or the whole is."""
    whole, as_whole = ("".join(name_words(name).split()) for name in (one, other))
    most = 2 if min(len(whole), len(as_whole)) >= TWO_OFF else 1
    return (
        is_off_by(whole, as_whole, most)
        or _words_met(one, other) >= _ENOUGH
        or _words_met(other, one) >= _ENOUGH
    )


def _words_met(name: str, written: str) -> int:
    # Behind a title and with capitals each word stands as a name, also one that is a common word.
    spelled = Spelled(f"Ms. {name_words(written).title()}")
    parts = name_parts(name_words(written))
    return sum(
        part in parts
        or spelled.is_near(part)
        or spelled.is_usual(part)
        or any(
            len(part) >= _BEGINNING <= len(other) and part[:_BEGINNING] == other[:_BEGINNING]
            for other in parts
        )
        for part in name_parts(name_words(name))
        if len(part) > 1 or not part.isascii()
    )
