"""Whether a card's words and its numbers can both be true: what it costs, and for which ages.

Numbers are what is searched by, so they hold; words stand beside them where they don't contradict.
A keeper who writes both at odds is told (``data``). Words are looked at in each language; what no
pattern here knows contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext

from upstander.directory.facts import Item, ServiceFacts
from upstander.directory.texts import Text, in_their_language, no_words

_FREE: Final = re.compile(
    r"\W*(free\b|no (cost|charge|fee)|gratis|gratuit|sin costo|مجان)", re.IGNORECASE
)
_MONEY: Final = re.compile(
    r"\$\s?(\d+(?:\.\d\d?)?)|(\d+(?:\.\d\d?)?)\s?(?:\$|dollars?|usd|dólar|دولار)", re.IGNORECASE
)
#: One sum that is the most or the least, not the price.
_BOUND: Final = re.compile(
    r"up to|from|starting|sliding|at (most|least)|hasta|desde|escala|حتى|من", re.IGNORECASE
)
_ANYBODY: Final = re.compile(
    r"\W*(any(one|body)|every(one|body)|cualquier persona|tod[oa]s|أي شخص|الجميع)\W*"
)
_ANY_AGE: Final = re.compile(
    r"(all|any) ages?\b|todas las edades|cualquier edad|أي عمر|(كل|جميع) الأعمار"
)
_SPAN: Final = re.compile(r"(\d+)\s*(?:-|–|to|and|a|y|إلى|و)\s*(\d+)")
#: A year of school is no age.
_GRADE: Final = re.compile(r"grade|grado|curso|صف")


def said_of(facts: ServiceFacts, language: str) -> tuple[dict[str, Text], str, str]:
    """Return a card's words for a reader, the ages in years and the prices; in their language.

    Words that the numbers contradict are left out; and numbers that the words say already.
    """
    texts = in_their_language(facts.texts, language)
    every = facts.texts.values()
    if any(cost_differs(one.get("cost", ""), facts.costs) for one in every):
        texts["cost"] = no_words()
    if any(ages_differ(one.get("ages", ""), facts.youngest, facts.oldest) for one in every):
        texts["ages"] = no_words()
    ages, cost = texts["ages"], texts["cost"]
    years = "" if ages and _ages_said(ages, facts) else _years(facts)
    return texts, years, "" if cost and _cost_said(cost, facts.costs) else _price(facts.costs)


def _price(costs: Sequence[Item]) -> str:
    """Say what it costs, and for whom, as it was written; dollars alone can be said."""
    said = (
        (_sum(one.amount), one.words)
        for one in costs
        if one.amount is not None and one.currency in ("", "USD")
    )
    return "; ".join(f"{price} ({words})" if words else price for price, words in said)


def _sum(amount: float) -> str:
    return f"${amount:,.2f}".removesuffix(".00") if amount else gettext("Free")


def _years(facts: ServiceFacts) -> str:
    values = {"first": f"{facts.youngest or 0:g}", "last": f"{facts.oldest or 0:g}"}
    if facts.youngest and facts.oldest is not None:
        return gettext("%(first)s to %(last)s years old") % values
    if facts.youngest:
        return gettext("%(first)s years and older") % values
    return gettext("Up to %(last)s years old") % values if facts.oldest is not None else ""


def says_free(words: str) -> bool:
    """Whether words say that it costs nothing."""
    return bool(_FREE.match(words))


def sums_in(words: str) -> list[float]:
    """Return the sums of money that words name."""
    return [float(one or other) for one, other in _MONEY.findall(words)]


def cost_differs(words: str, costs: Iterable[Item]) -> bool:
    """Whether what words say of the cost can't be true beside these amounts."""
    amounts = [one.amount for one in costs if one.amount is not None]
    sums = sums_in(words)
    if not amounts or not words:
        return False
    if says_free(words):
        return min(amounts) > 0
    if not sums or (len(sums) == 1 and _BOUND.search(words)):
        return False
    return not any(min(sums) <= amount <= max(sums) for amount in amounts)


def _cost_said(words: str, costs: Sequence[Item]) -> bool:
    amounts = {one.amount for one in costs if one.amount is not None}
    told = set(sums_in(words)) | ({0} if says_free(words) else set())
    return not any(one.words for one in costs) and amounts <= told


def ages_in(words: str) -> list[int]:
    """Return the ages in years that words name."""
    return [age for one in re.findall(r"\d+", words) if (age := int(one)) <= 120]


def ages_differ(words: str, youngest: float | None, oldest: float | None) -> bool:
    """Whether what words say of whom it is for can't be true beside these ages in years."""
    plain = words.lower()
    bounds = [one for one in (youngest or None, oldest) if one is not None]
    if not bounds or not plain or _GRADE.search(plain):
        return False
    if _ANYBODY.fullmatch(plain) or _ANY_AGE.search(plain):
        return True
    if span := _SPAN.search(plain):
        pairs = ((youngest, int(span[1])), (oldest, int(span[2])))
        return any(one is not None and not _near(one, other) for one, other in pairs)
    ages = ages_in(plain)
    # "Under 18" and 17 are the same.
    return bool(ages) and not any(_near(one, age) for one in bounds for age in ages)


def _ages_said(words: str, facts: ServiceFacts) -> bool:
    bounds = {one for one in (facts.youngest or None, facts.oldest) if one is not None}
    return bounds <= set(ages_in(words))


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1
