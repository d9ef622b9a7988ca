"""Phone numbers: what is one, and the one form in which two can be compared."""

from __future__ import annotations

import re

import phonenumbers

#: The country of a number that is written without one.
REGION = "US"
#: … and where its prices hold: its territories. "+1" alone is twenty more countries, some of whose
#: numbers pay their owner for each text that comes in.
_COUNTRY = frozenset({REGION, "AS", "GU", "MP", "PR", "VI"})
#: What a number is written with. The library would find one in any sentence.
_WRITTEN = re.compile(r"[\d+()./\s-]+(?:,?\s*(?:x|ext\.?|extension|#)\s*\d{1,6})?", re.IGNORECASE)


class NoNumber(ValueError):
    """This is no phone number."""


def number_in(typed: str) -> phonenumbers.PhoneNumber:
    """Read a number that can be dialed from anywhere, with its extension. Raises NoNumber.

    Only the form is checked: whether anybody is there, a call will show.
    """
    if not _WRITTEN.fullmatch(typed.strip()):
        raise NoNumber
    try:
        parsed = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException as error:
        raise NoNumber from error
    # Without an area code it would reach another town, or nobody.
    whole = phonenumbers.ValidationResult.IS_POSSIBLE
    if phonenumbers.is_possible_number_with_reason(parsed) != whole:
        raise NoNumber
    return parsed


def e164(typed: str) -> str:
    """Return a number as ``+12035550123`` (ITU-T E.164). Raises NoNumber: an extension has none."""
    parsed = number_in(typed)
    if parsed.extension:
        raise NoNumber
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def numbers_in(words: str) -> set[str]:
    """Return the numbers (E.164) that stand in some words, each without its extension."""
    found = phonenumbers.PhoneNumberMatcher(words, REGION, leniency=phonenumbers.Leniency.POSSIBLE)
    kind = phonenumbers.PhoneNumberFormat.E164
    return {str(phonenumbers.format_number(one.number, kind)) for one in found}


def in_country(number: str) -> bool:
    """Tell whether a number in E.164 is an ordinary one of this country's."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(parsed)
    return (
        phonenumbers.region_code_for_number(parsed) in _COUNTRY
        and kind != phonenumbers.PhoneNumberType.PREMIUM_RATE
    )
