"""What a reporter reads of how their tip ended: words that tell nothing about anybody else."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Of a tip that a school's team works on as a case, or has: by the tip's ``in_case``.
_OF_CASES: dict[str, Promise] = {
    "open": _("Your school’s team is working on it."),
    "done": _("Your school’s team has worked on it and is keeping an eye on it."),
}

#: What the reporter is told; anything not listed gets the general words.
FOR_REPORTER: dict[str, Promise] = {
    "support_given": _("Somebody was given support because of what you told us."),
    "counseling": _("Somebody was given support because of what you told us."),
    "talked": _("You and a counselor talked."),
    "welfare_check": _("Somebody checked that people are safe."),
    "police": _("People whose job it is to keep others safe were told."),
    "not_enough": _("There was not enough to act on. If you know more, please write again."),
}
GENERAL_FOR_REPORTER = _("Adults looked into it and did what they could.")


def words_for_reporter(key: str) -> str:
    """Return what the reporter reads about a closing, in the active language."""
    return str(FOR_REPORTER.get(key, GENERAL_FOR_REPORTER))


def words_of_case(in_case: str) -> str:
    """Return what the reporter reads of a case that their tip is in; empty if there is none."""
    return str(_OF_CASES.get(in_case, ""))
