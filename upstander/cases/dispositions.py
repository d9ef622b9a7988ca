"""How a tip can end. Each has words for the reporter that tell nothing about anybody else."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Disposition(NamedTuple):
    """One way to end. ``nothing``: it says that there was nothing, so nobody had to assess it."""

    key: str
    label: str
    nothing: bool = False


DISPOSITIONS: tuple[Disposition, ...] = (
    Disposition("support_given", "support given"),
    Disposition("parents_told", "parents or guardians told"),
    Disposition("welfare_check", "welfare check made"),
    Disposition("counseling", "counseling or referral arranged"),
    Disposition("mobile_crisis", "mobile crisis involved"),
    Disposition("police", "police involved"),
    Disposition("child_protection", "reported to child protection"),
    Disposition("not_accepted", "reported to child protection; not accepted"),
    Disposition("school_action", "action taken by the school"),
    Disposition("monitoring", "being watched over"),
    Disposition("not_our_student", "not a student of this district"),
    Disposition("duplicate", "same matter as another tip"),
    Disposition("not_enough", "not enough to act on", nothing=True),
    Disposition("unfounded", "unfounded", nothing=True),
    Disposition("false_harm", "false and meant to harm", nothing=True),
    Disposition("junk", "not a report", nothing=True),
)
BY_KEY: dict[str, Disposition] = {d.key: d for d in DISPOSITIONS}

#: What stands in the disposition of a tip that a school's team has, while a case works on it and
#: once that is done (a trigger keeps it so): all that the center and the reporter learn of a case.
CASE_OPEN, CASE_DONE = "case_open", "case_done"
OF_CASES: dict[str, str] = {
    CASE_OPEN: "the school's team works on it as a case",
    CASE_DONE: "the school's team has worked its case to an outcome",
}

#: What the reporter is told; anything not listed gets the general words.
FOR_REPORTER: dict[str, object] = {
    CASE_OPEN: _("Your school’s team is working on it."),
    CASE_DONE: _("Your school’s team has worked on it and is keeping an eye on it."),
    "support_given": _("Somebody was given support because of what you told us."),
    "counseling": _("Somebody was given support because of what you told us."),
    "welfare_check": _("Somebody checked that people are safe."),
    "police": _("People whose job it is to keep others safe were told."),
    "not_enough": _("There was not enough to act on. If you know more, please write again."),
}
GENERAL_FOR_REPORTER = _("Adults looked into it and did what they could.")


def words_for_reporter(key: str) -> str:
    """Return what the reporter reads about a closing, in the active language."""
    return str(FOR_REPORTER.get(key, GENERAL_FOR_REPORTER))
