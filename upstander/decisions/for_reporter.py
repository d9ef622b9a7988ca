"""What a reporter reads of how their tip ended: words that tell nothing about anybody else."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Who has a tip that was handed on: a team's kind and no name. Of any other, that it is somebody's.
_WHO: dict[str, Promise] = {
    "school": _("Your school’s team"),
    "district": _("Your district’s office"),
    "center": _("The crisis center"),
}
_ANYBODY = _("A team whose job it is to help")
#: What they do with it: nothing about anybody else.
_HAVE = _("%(who)s has it.")
#: Of a tip that they work on as a case, or have: by the tip's ``in_case``.
_OF_CASES: dict[str, Promise] = {
    "open": _("%(who)s is working on it."),
    "done": _("%(who)s has worked on it and is keeping an eye on it."),
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


def words_of_having(had_by: str, in_case: str) -> str:
    """Return what the reporter reads of a tip that a team has, and of a case that it is in.

    ``had_by`` is the kind of that team (``TeamKind``), and says nothing else of it.
    """
    return str(_OF_CASES.get(in_case, _HAVE)) % {"who": _WHO.get(had_by, _ANYBODY)}
