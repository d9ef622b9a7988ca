"""Whether a home is safe: asked for each family, before anybody tells it something.

A parent may be the danger. A case can have to do with two families: that of the student whom it is
about, and that of another student, who was hurt or threatened or did it. What is known of one says
nothing of the other: where one home is not safe, the other family is warned all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.cases.models import CaseItem
from upstander.cases.opening import OpenCase, locked
from upstander.cases.timeline import Entry, unpack, write_item
from upstander.places.scope import viewing

#: Answers to "is home safe?".
HOME: dict[str, Promise] = {
    "yes": _("Home is safe"),
    "no": _("Home is not safe"),
    "unknown": _("Nobody knows yet"),
}


class Family(NamedTuple):
    """One family that can be told something: what is asked before, and what telling it is."""

    key: str
    ask: Promise
    of: Promise
    #: The entry of a case's list by which its parents are told (support.py).
    told_by: str
    #: The case's column that says when it was asked: the database looks there.
    asked: str
    #: What stands before the names of a form's fields about it.
    prefix: str


STUDENT: Final = Family(
    "student",
    _("Is home safe for the student whom this case is about?"),
    _("The student whom this case is about"),
    "parents",
    "home_asked_at",
    "",
)
OTHER: Final = Family(
    "other",
    _("Is home safe for the other student, who was hurt or threatened or did it?"),
    _("The other student"),
    "their_parents",
    "their_home_asked_at",
    "their_",
)
FAMILIES: Final[Mapping[str, Family]] = {one.key: one for one in (STUDENT, OTHER)}
_TOLD_BY: Final = {one.told_by: one for one in FAMILIES.values()}


@dataclass(frozen=True, slots=True)
class AboutHome:
    """What a person said of one family's home; "" for nothing."""

    answer: str = ""
    words: str = ""
    #: "Nobody knows whether home is safe, and we tell the parents all the same."
    sure: bool = False

    @property
    def tells(self) -> bool:
        """Whether the parents are told, going by it."""
        return self.answer == "yes" or (self.answer == "unknown" and self.sure)


def told_by(kind: str) -> Family | None:
    """Return the family whose parents an entry of a case's list tells; None: it tells none."""
    return _TOLD_BY.get(kind)


def answer_home(
    opened: OpenCase, answer: str, words: str = "", *, family: str = STUDENT.key
) -> None:
    """Keep what somebody says about whether a home is safe. Raises Http404, Refused."""
    with viewing(opened.viewer) as now:
        write_home(opened, answer, words, family=family, now=now)


def write_home(opened: OpenCase, answer: str, words: str, *, family: str, now: datetime) -> None:
    """Keep the answer inside a ``viewing``. Raises as ``answer_home``."""
    of = FAMILIES.get(family)
    if of is None:
        raise Refused("Choose whose home you mean.")
    if answer not in HOME:
        raise Refused("Choose one of the three answers.")
    case = locked(opened)
    said = {"home": answer, "family": of.key, "words": words.strip()}
    write_item(opened, "home", said, now=now)
    setattr(case, of.asked, now)
    case.save(update_fields=[of.asked])


def home_entry(entries: Sequence[Entry], family: Family = STUDENT) -> Entry | None:
    """Return the last answer about a family's home."""
    found = (one for one in reversed(entries) if one.kind == "home")
    return next((one for one in found if _is_about(one.words, family)), None)


def home_said(entries: Sequence[Entry], family: Family = STUDENT) -> str:
    """Return what is known of whether a home is safe: "yes", "no", "unknown", or "": never asked.

    What a reporter said when the case began outweighs nothing that somebody answered since, but
    alone it is no answer: a person asks themselves first.
    """
    answered = home_entry(entries, family)
    return answered.words.get("home", "unknown") if answered else ""


def homes_said(entries: Sequence[Entry]) -> dict[str, str]:
    """Return ``home_said`` of each family, by its key."""
    return {family.key: home_said(entries, family) for family in FAMILIES.values()}


def home_now(opened: OpenCase, family: Family) -> str:
    """Return the same from the database; call inside ``viewing``."""
    rows = CaseItem.objects.filter(case_id=opened.case.pk, kind="home").order_by("-number")
    for row in rows:
        words = unpack(opened.folder.read("item", row.pk, row.sealed))
        if _is_about(words, family):
            return words.get("home", "unknown")
    return ""


def _is_about(words: Mapping[str, str], family: Family) -> bool:
    """Whether an entry is about a family's home. One that doesn't open may be about each of them;
    one from before there were two is about the student's."""
    return "home" not in words or words.get("family", STUDENT.key) == family.key


def home_first(home: str, *, sure: bool) -> None:
    """Raise Refused unless parents may be told, going by what is known of their home."""
    if not home:
        raise Refused("First answer whether home is safe: a parent may be the danger.")
    if home == "no":
        raise Refused(
            "Not put on the list: somebody wrote that home is not safe. Speak with child "
            "protection first. If it was a mistake, answer the question about home again."
        )
    if home != "yes" and not sure:
        raise Refused(
            "Not put on the list: nobody knows yet whether home is safe. Tick that you have "
            "thought of it, or choose something else."
        )
