"""Which phone an interpreters' service has: one number for calls and for whoever reads a tip."""

from __future__ import annotations

from upstander.base.phones import NoNumber, e164
from upstander.carriers.providers import lines
from upstander.places.models import Center, District
from upstander.rulefiles import RuleFileWrong


def interpreters(center_id: int) -> str:
    """Return a center's interpreters' service as +12035550123, "" where none is known.

    Its administrator's setting; where there is none, what the providers' file names for a line of
    the center's districts, or for one of which nobody knows the district. Raises nothing: a file
    that can't be read names none. Call where places may be read.
    """
    for own in Center.objects.filter(pk=center_id).values_list("interpreter_phone", flat=True):
        try:
            return e164(own)
        except NoNumber:
            pass
    try:
        named = [line for line in lines() if line.interpreter]
    except RuleFileWrong:
        return ""
    if not named:
        return ""
    own_lines = {"", *District.objects.filter(center_id=center_id).values_list("slug", flat=True)}
    return next((line.interpreter for line in named if line.district in own_lines), "")
