"""What the database refuses to end, in words: it sees what whoever ends it may not see.

A refusal bears a constraint's name. Those of ``mandated_…`` come of triggers of the app above this
one, which knows who owes an answer or a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused

WORDS: Final[Mapping[str, str | Promise]] = {
    "cases_nothing_left": (
        _(
            "Not closed: something is still to be done in the restricted part, which only the "
            "case lead and the people they named can see. Ask the case lead."
        )
    ),
    "mandated_unanswered": (
        _(
            "This is about abuse, and not everyone who opened it has answered whether they "
            "suspect it; a “no” counts once a second person has read why. “Do you suspect abuse "
            "or neglect?” shows who is missing. Until then it stays open."
        )
    ),
    "mandated_duty_open": (
        _(
            "A report of suspected abuse was started here and is not finished: both the first "
            "report and the written report must be recorded by the person who must make them. "
            "Until then it stays open."
        )
    ),
    "mandated_no_report": (
        _(
            "It can be closed as reported to child protection once a report of this matter is "
            "recorded as made: with “I suspect,” and with who was called and when. What someone "
            "else said about a call is not a report."
        )
    ),
    "mandated_not_accepted": (
        _(
            "Child protection was told and did not accept it, as the report says: choose "
            "“reported to child protection; not accepted.” If they have accepted it since, the "
            "person whose report it is records their answer first."
        )
    ),
    "mandated_accepted": (
        _(
            "No report of this matter is recorded as not accepted: choose “reported to child "
            "protection.”"
        )
    ),
    "mandated_nobody_named": (
        _(
            "Not yet: it is recorded that child protection was called, but not who was spoken to, "
            "and no reference number. The person whose report it is adds one of these on its "
            "page, under “What proves it.”"
        )
    ),
    "mandated_not_signed": (
        _(
            "Not yet: the written report is not signed here, and no file of it is saved. The "
            "person whose report it is adds a file on its page, under “What proves it.”"
        )
    ),
    "mandated_sent_nowhere": (
        _(
            "Not yet: it is not recorded how the written report was sent, and to which office. "
            "The person whose report it is adds both on its page, under “What proves it.”"
        )
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
        raise Refused(str(words)) from None
