"""What the database refuses to end, in words: it sees what whoever ends it may not see.

A refusal bears a constraint's name. Those of ``mandated_…`` come of triggers of the app above this
one, which knows who owes an answer or a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError

from upstander.base.refused import Refused

WORDS: Final[Mapping[str, str]] = {
    "cases_nothing_left": (
        "Not closed: in the part that only the lead and those they named see, something is still "
        "to be done. Ask the lead."
    ),
    "mandated_unanswered": (
        "This is about abuse, and not everybody who opened it has answered whether they suspect "
        "it; a “no” counts once a second person has read why. “Do you suspect abuse or neglect?” "
        "shows who is missing. Until then it stays open."
    ),
    "mandated_duty_open": (
        "A report of suspected abuse was begun here and is not finished: both the first and the "
        "written report must be written down by whoever owes them. Until then it stays open."
    ),
    "mandated_no_report": (
        "It can be called reported to child protection once a report of this matter is written "
        "down as made: by “I suspect”, with who was called and when. What somebody else said "
        "about a call is no report."
    ),
    "mandated_not_accepted": (
        "Child protection was told and did not accept it, as the report says: choose “reported to "
        "child protection; not accepted”. If they have taken it since, whose report it is writes "
        "down their answer first."
    ),
    "mandated_accepted": (
        "No report of this matter is written down as not accepted: choose “reported to child "
        "protection”."
    ),
    "mandated_nobody_named": (
        "Not yet: it is written down that child protection was called, but not whom one spoke to, "
        "nor a reference number. Whose report it is adds one of them on its page, under “What "
        "proves it”."
    ),
    "mandated_not_signed": (
        "Not yet: the written report is not signed here, and no file of it is kept. Whose report "
        "it is adds a file on its page, under “What proves it”."
    ),
    "mandated_sent_nowhere": (
        "Not yet: it is not written down how the written report went, and to which office. Whose "
        "report it is adds both on its page, under “What proves it”."
    ),
}


@contextmanager
def said_in_words() -> Iterator[None]:
    """Have a refusal of the database said to the person. Raises Refused; other errors pass."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        words = WORDS.get(getattr(diagnosis, "constraint_name", None) or "")
        if words is None:
            raise
        raise Refused(words) from None
