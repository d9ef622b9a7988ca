"""Whether a home is safe: asked for each family, before anybody tells it something.

A parent may be the danger. A case can have to do with two families: that of the student whom it is
about, and that of another student, who was hurt or threatened or did it. Where a threat is looked
into, they are asked for by the part that each has in it, whoever of them the case is about: whoever
said or did it, and each one whom it was aimed at, by name. What is known of one home says nothing
of another: where one is not safe, the other families are warned all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase, locked
from upstander.cases.actions.timeline import Entry, unpack, write_item
from upstander.cases.models import CaseItem
from upstander.people.scope import viewing

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
    #: There can be more than one: each is asked for by name.
    several: bool = False


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
#: The families of a case, asked about on its page.
FAMILIES: Final[Mapping[str, Family]] = {one.key: one for one in (STUDENT, OTHER)}
MAKER: Final = Family(
    "maker",
    _("Is home safe for whoever said or did it?"),
    _("Whoever said or did it"),
    "maker_parents",
    "maker_home_asked_at",
    "maker_",
)
AIMED: Final = Family(
    "aimed",
    _("Is home safe for whoever it was aimed at?"),
    _("Whoever it was aimed at"),
    "aimed_parents",
    "aimed_home_asked_at",
    "aimed_",
    several=True,
)
#: All of them, those that a threat has too.
EVERY: Final[Mapping[str, Family]] = {
    **FAMILIES,
    **{one.key: one for one in (MAKER, AIMED)},
}
_TOLD_BY: Final = {one.told_by: one for one in EVERY.values()}


@dataclass(frozen=True, slots=True)
class AboutHome:
    """What a person said of one family's home; "" for nothing."""

    answer: str = ""
    words: str = ""
    #: "Nobody knows whether home is safe, and we tell the parents all the same."
    sure: bool = False
    #: Whose home, where a family is one of several.
    name: str = ""

    @property
    def tells(self) -> bool:
        """Whether the parents are told, going by it."""
        return self.answer == "yes" or (self.answer == "unknown" and self.sure)


def told_by(kind: str) -> Family | None:
    """Return the family whose parents an entry of a case's list tells; None: it tells none."""
    return _TOLD_BY.get(kind)


def answer_home(
    opened: OpenCase,
    answer: str,
    words: str = "",
    *,
    family: str = STUDENT.key,
    name: str = "",
) -> None:
    """Keep what somebody says about whether a home is safe. Raises Http404, Refused.

    ``name``: whose, where it is one of several.
    """
    with viewing(opened.viewer) as now:
        write_home(opened, answer, words, family=family, name=name, now=now)


def write_home(
    opened: OpenCase, answer: str, words: str, *, family: str, now: datetime, name: str = ""
) -> None:
    """Keep the answer inside a ``viewing``. Raises as ``answer_home``."""
    of = EVERY.get(family)
    if of is None:
        raise Refused(gettext("Choose whose home you mean."))
    if answer not in HOME:
        raise Refused(gettext("Choose one of the three answers."))
    if of is AIMED and answer == "no" and not words.strip():
        raise Refused(
            gettext("Say why their parents can’t be told: the reason is saved and shown.")
        )
    case = locked(opened)
    said = {"home": answer, "family": of.key, "words": words.strip()}
    if of.several and name.strip():
        said["name"] = name.strip()
    write_item(opened, "home", said, now=now)
    setattr(case, of.asked, now)
    case.save(update_fields=[of.asked])


def home_entry(entries: Sequence[Entry], family: Family = STUDENT) -> Entry | None:
    """Return the last answer about a family's home."""
    found = (one for one in reversed(entries) if one.kind == "home")
    return next((one for one in found if _is_about(one.words, family)), None)


def home_entries(entries: Sequence[Entry], family: Family) -> list[Entry]:
    """Return the last answer about each of several families, in the order in which they came."""
    found = {
        _named(one.words): one
        for one in entries
        if one.kind == "home" and _is_about(one.words, family)
    }
    return list(found.values())


def home_said(entries: Sequence[Entry], family: Family = STUDENT) -> str:
    """Return what is known of whether a home is safe: "yes", "no", "unknown", or "": never asked.

    What a reporter said when the case began outweighs nothing that somebody answered since, but
    alone it is no answer: a person asks themselves first. Of several families see ``_together``.
    """
    return _together([one.words for one in home_entries(entries, family)], family)


def homes_known(entries: Sequence[Entry]) -> dict[str, tuple[AboutHome, ...]]:
    """Return the last answer about each family's home, by the family's key, each by name."""
    return {
        family.key: tuple(
            AboutHome(
                one.words.get("home", "unknown"),
                one.words.get("words", ""),
                name=one.words.get("name", ""),
            )
            for one in home_entries(entries, family)
        )
        for family in EVERY.values()
    }


def homes_said(entries: Sequence[Entry]) -> dict[str, str]:
    """Return ``home_said`` of each family, by its key."""
    return {family.key: home_said(entries, family) for family in EVERY.values()}


def home_now(opened: OpenCase, family: Family, name: str | None = None) -> str:
    """Return the same from the database; call inside ``viewing``.

    ``name``: of this one of several families, "" for the one who was not named; None: of all.
    """
    rows = CaseItem.objects.filter(case_id=opened.case.pk, kind="home").order_by("number")
    said = {}
    for row in rows:
        words = unpack(opened.folder.read("item", row.pk, row.sealed))
        if _is_about(words, family):
            said[_named(words)] = words
    if name is not None:
        words = said.get(name.strip().casefold(), {})
        return words.get("home", "") if words else ""
    return _together(list(said.values()), family)


def _together(said: Sequence[Mapping[str, str]], family: Family) -> str:
    """Return what the last answers come to. One unsafe home of several shuts out no other family:
    as long as they differ, whoever tells one thinks of it first."""
    if not said:
        return ""
    if not family.several:
        return said[-1].get("home", "unknown")
    answers = {one.get("home", "unknown") for one in said}
    return answers.pop() if len(answers) == 1 else "unknown"


def _named(words: Mapping[str, str]) -> str:
    """Whose home an entry is about, where there are several."""
    return words.get("name", "").casefold() if words.get("family") == AIMED.key else ""


def _is_about(words: Mapping[str, str], family: Family) -> bool:
    """Whether an entry is about a family's home. One that doesn't open may be about each of them;
    one from before there were two is about the student's."""
    return "home" not in words or words.get("family", STUDENT.key) == family.key


def home_first(home: str, *, sure: bool) -> None:
    """Raise Refused unless parents may be told, going by what is known of their home."""
    if not home:
        raise Refused(gettext("First answer whether home is safe: a parent may be the danger."))
    if home == "no":
        raise Refused(
            gettext(
                "Not added to the list: someone recorded that home is not safe. Speak with child "
                "protection first. If it was a mistake, answer the question about home again."
            )
        )
    if home != "yes" and not sure:
        raise Refused(
            gettext(
                "Not added to the list: we don’t know yet if home is safe. Tick that you "
                "understand this, or choose something else."
            )
        )
