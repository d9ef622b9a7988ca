"""What the lines of a brief say by themselves: the form's words, which name nobody.

"WHO: Grade 8" is no Ms. Grace, and behind "a counselor's note" stands no Nate. A question that the
form's own words bring up is soon answered unread, and its "yes" keeps out whoever was to help. What
somebody wrote into a line stays as it is, but for its first letter: the form made that a capital.
"""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from upstander.emergency.sheet import (
    A_COUNSELOR,
    BY_KEY,
    LOOK_IN_WORDS,
    NOT_KNOWN,
    NOT_WRITTEN_DOWN,
    NOW,
    PLACE_NOT_KNOWN,
    SAID_BY,
    SOURCE,
    TICKED,
    WHEN_NOT_SAID,
    WRITTEN_SINCE,
    WRITTEN_SINCE_TO_US,
)

#: Whether a call home is safe, as a team is told it. Nobody's answer is no yes.
HOME: Final = {
    "no": _("Don't call home: it would not be safe"),
    "yes": _("The reporter says that a call home is safe, not verified"),
    "unknown": _("not known whether a call home is safe: don't call yet"),
}
#: Never who: the words are the reporter's own, and whom they mean is settled before it goes.
NOT_SEE: Final = _(
    "WARNING: the reporter says that someone must not see this: tell nobody outside of this team "
    "before you have asked the center"
)


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of these, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_LABELS: Final = {*(one.say.upper() for one in BY_KEY.values()), "SCHOOL", "HOME", SOURCE}
_LINE: Final = re.compile(rf"^(?:{_any_of(_LABELS)}):(.*)$", re.MULTILINE)
#: Who says a line, or what was ticked, and when: nothing that somebody wrote beside it.
_DAYS: Final = (*day_name, *day_abbr, *month_name[1:], *month_abbr[1:], month_name[9][:4])
_WHEN: Final = (
    r"(?:[ ,(]+(?:[\d:]+|[ap]\.m\.|(?:about|on|or|morning|afternoon|evening"
    rf"|{_any_of(_DAYS)})\b\.?))*"
)
_SAID: Final = re.compile(rf"(?:{_any_of([*SAID_BY.values(), *TICKED.values()])}){_WHEN}")
_FIXED: Final = (
    *(NOT_KNOWN, PLACE_NOT_KNOWN, LOOK_IN_WORDS, NOT_WRITTEN_DOWN, WHEN_NOT_SAID),
    *(WRITTEN_SINCE, WRITTEN_SINCE_TO_US, *(f"{A_COUNSELOR} {said}" for said in NOW.values())),
)


def beside_form(text: str) -> str:
    """Return a text without the form's own words in a brief's lines, wherever such lines stand."""
    named = rf"\b(?:{_any_of(_LABELS)})\b"
    fixed = re.compile(f"{_any_of([*_FIXED, *map(str, HOME.values())])}|{named}")

    def own(line: re.Match[str]) -> str:
        return "\n" + fixed.sub(" / ", _SAID.sub(" / ", line[1]))

    return _LINE.sub(own, text.replace(str(NOT_SEE), ""))
