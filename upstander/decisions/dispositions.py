"""How a tip can end, as staff say it. What its reporter reads of it: ``for_reporter.py``."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CountsAs(StrEnum):
    """What an ending, or something done, counts as in published figures."""

    SUPPORT = "support"
    POLICE = "police"
    DISCIPLINE = "discipline"
    CHILD_PROTECTION = "child_protection"
    NOTHING = "nothing"
    #: It stands in the total alone.
    OTHER = "other"
    #: It was no tip about this district's students, or one that is counted already.
    NO_TIP = "no_tip"


class Disposition(NamedTuple):
    """One way to end. ``nothing``: it says that there was nothing, so nobody had to assess it."""

    key: str
    label: Promise
    counts_as: CountsAs
    nothing: bool = False


DISPOSITIONS: tuple[Disposition, ...] = (
    Disposition("support_given", _("support given"), CountsAs.SUPPORT),
    Disposition("parents_told", _("parents or guardians told"), CountsAs.OTHER),
    Disposition("welfare_check", _("welfare check made"), CountsAs.SUPPORT),
    Disposition("counseling", _("counseling or referral arranged"), CountsAs.SUPPORT),
    Disposition("mobile_crisis", _("mobile crisis involved"), CountsAs.SUPPORT),
    Disposition("police", _("police involved"), CountsAs.POLICE),
    Disposition("child_protection", _("reported to child protection"), CountsAs.CHILD_PROTECTION),
    Disposition(
        "not_accepted", _("reported to child protection; not accepted"), CountsAs.CHILD_PROTECTION
    ),
    Disposition("school_action", _("action taken by the school"), CountsAs.OTHER),
    Disposition("monitoring", _("being watched over"), CountsAs.SUPPORT),
    Disposition("talked", _("talked with the reporter"), CountsAs.SUPPORT),
    Disposition("not_our_student", _("not a student of this district"), CountsAs.NO_TIP),
    Disposition("duplicate", _("same matter as another tip"), CountsAs.NO_TIP),
    Disposition("not_enough", _("not enough to act on"), CountsAs.NOTHING, nothing=True),
    Disposition("unfounded", _("unfounded"), CountsAs.NOTHING, nothing=True),
    Disposition("false_harm", _("false and meant to harm"), CountsAs.NOTHING, nothing=True),
    Disposition("junk", _("not a report"), CountsAs.NO_TIP, nothing=True),
)
BY_KEY: dict[str, Disposition] = {d.key: d for d in DISPOSITIONS}

#: What the center reads of a tip that a school's team works on as a case, or has: by the tip's
#: ``in_case``.
OF_CASES: dict[str, Promise] = {
    "open": _("the school's team works on it as a case"),
    "done": _("the school's team has worked its case to an outcome"),
}
