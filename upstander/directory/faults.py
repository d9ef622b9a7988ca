"""What can't be true of a service, or not be used: for the State's file and a keeper's form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from upstander.directory.agreeing import ages_differ, cost_differs, says_free
from upstander.directory.facts import OF_SHELTERS, TEXT_KEYS, Item
from upstander.standards.hsds.addresses import struck

#: An address that families open: encrypted, of a host.
ADDRESS: Final = r"^https://[a-z0-9.-]+(/\S*)?$"
_NUMBER: Final = re.compile(r"^\+?[0-9][0-9 -]{1,20}$")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one text of a service, ``key`` of TEXT_KEYS in a language."""

    key: str
    language: str
    words: str


def way_works(kind: str, value: str) -> bool:
    """Whether a number can be dialed or an address opened, whichever ``kind`` of a line it is."""
    return bool(re.match(ADDRESS, value) if kind in ("chat", "web") else _NUMBER.match(value))


def faults(
    texts: Mapping[str, Mapping[str, str]],
    *,
    youngest: float | None,
    oldest: float | None,
    costs: Sequence[Item],
    shelter: bool,
) -> Iterator[Fault]:
    """Give what doesn't fit: words and numbers, a text without English, where a shelter may be."""
    amounts = ", ".join(f"{one.amount:g}" for one in costs if one.amount is not None)
    first, last = ("" if one is None else f"{one:g}" for one in (youngest, oldest))
    for language, own in texts.items():
        cost, ages = own.get("cost", ""), own.get("ages", "")
        if cost_differs(cost, costs):
            says = {"says": gettext("free") if says_free(cost) else cost, "amount": amounts}
            words = gettext("The words say %(says)s, the price is %(amount)s.")
            yield Fault("cost", language, words % says)
        if ages_differ(ages, youngest, oldest):
            years = (
                gettext("%(first)s to %(last)s") if last else gettext("%(first)s and older")
            ) % {"first": first or 0, "last": last}
            words = gettext("The words say %(ages)s, the ages are %(years)s.")
            yield Fault("ages", language, words % {"ages": ages, "years": years})
        for key in TEXT_KEYS:
            if not (text := own.get(key, "")):
                continue
            if not texts["en"].get(key):
                yield Fault(key, language, gettext("Write it in English, too."))
            if shelter and struck(text)[1]:
                yield Fault(key, language, gettext("This looks like an address."))
            if shelter and key not in OF_SHELTERS:
                yield Fault(key, language, gettext("This could tell where a shelter is."))
