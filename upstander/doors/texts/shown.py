"""The number to which reporters text, and that they may call, as the public pages show it."""

from __future__ import annotations

import logging
from typing import NamedTuple

import phonenumbers

from upstander.carriers.providers import lines
from upstander.rulefiles import RuleFileWrong

log = logging.getLogger("upstander.doors")


class ShownLine(NamedTuple):
    """A line: as it is dialed, and as people write it."""

    number: str
    words: str
    #: Whether it takes calls too.
    calls: bool = False


def line_of(district: str) -> ShownLine | None:
    """Return the line that a district's reporters text, or None where there is none.

    A line without a district is everybody's who has none of their own. For the public process;
    never raises.
    """
    try:
        known = sorted(lines(), key=lambda line: line.district != district)
    except RuleFileWrong:
        log.exception("the providers' file can't be used: no line is shown")
        return None
    found = next((line for line in known if line.district in (district, "")), None)
    if found is None:
        return None
    parsed = phonenumbers.parse(found.number)
    words = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return ShownLine(found.number, words, found.calls)
