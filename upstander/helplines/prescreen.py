"""What legal aid asks first, and what it says. It sends nobody away: the office decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from upstander.directory.cards import Card
from upstander.directory.queries import services_for
from upstander.mandated.actions.confirming import as_it_stands
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states.legal import LegalAid

#: The kind of service that is called.
LEGAL: Final = "legal"
#: A day in court that is so near is said loudly.
NEAR: Final = timedelta(days=7)
PROBLEMS: Final = (
    ("order", _("restraining order")),
    ("family", _("custody or family")),
    ("housing", _("housing or eviction")),
    ("benefits", _("benefits")),
    ("school", _("school or education")),
    ("immigration", _("immigration")),
    ("other", _("something else")),
)


@dataclass(frozen=True, slots=True)
class Screened:
    """What may be said of somebody's answers."""

    court: date | None
    #: Days until they are in court; below 0: it is past.
    days: int = 0
    #: In court within a week.
    near: bool = False
    #: The line in dollars a year, for their household; None: the State has no file, or nobody said.
    line: int | None = None
    as_of: str = ""
    #: What a page says beside the line; "" once it is confirmed.
    mark: str = ""
    #: Whether their income is at or below it; None where nobody can say.
    likely: bool | None = None


def rules_for(place: District) -> LegalAid | None:
    """Return the State's file, as it is confirmed; None: it has none. Call inside ``viewing``."""
    found = law_of(place).legal
    return None if found is None else as_it_stands(found.file, found)


def screened(words: Mapping[str, str], rules: LegalAid | None, today: date) -> Screened:
    """Return what the answers say on a day of their own place."""
    court = date.fromisoformat(words["court"]) if words.get("court") else None
    days = (court - today).days if court else 0
    near = court is not None and timedelta() <= court - today <= NEAR
    if rules is None or not words.get("people"):
        return Screened(court, days, near)
    income = rules.income
    line = income.dollars(int(words["people"]))
    says = int(words["income"]) <= line if income.runs and words.get("income") else None
    return Screened(court, days, near, line, income.as_of, income.mark, says)


def offices(place: District, now: datetime) -> list[Card]:
    """Return whom to call for legal aid, from the directory; call inside ``viewing``."""
    return [one for one in services_for(place, "en", at=now) if one.kind == LEGAL and one.lines]
