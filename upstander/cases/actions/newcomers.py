"""Who joined a team later sees nothing of what it had before, until a colleague has looked.

The team's key opens all that the team was granted, and a name that meant nobody when it was written
may be theirs. So the database hides it (``matters_newcomer``), and a colleague's press compares
their name with all that is open to that colleague: what meets nothing is theirs to work on, what
meets something is decided one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.cases.actions.keeping_out import keep_from_tip
from upstander.cases.actions.opening import OpenCase, open_the_case
from upstander.cases.actions.sharing import keep_out_of
from upstander.cases.actions.timeline import add_item
from upstander.cases.models import Case, CaseTip
from upstander.cases.named import case_words
from upstander.matters.folders import FolderShut
from upstander.matters.kept_out import Newcomer
from upstander.matters.people_near import Near, near_by_id, people_near
from upstander.people.scope import EVERY_NAME, Viewer, viewing
from upstander.tips.actions.not_see import NOBODY_NEW, matter_unsettled
from upstander.tips.actions.writing import add_note
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents, words_of
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in

#: How many matters one press opens and compares; the next press goes on.
AT_ONCE: Final = 40


@dataclass(frozen=True, slots=True)
class Waits:
    """A matter that a newcomer doesn't see yet, by the numbers of its tips and cases."""

    matter_id: UUID
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who joined a team of the viewer's, and what waits for a look at them."""

    person_id: int
    name: str
    #: What they were invited as or called before, and their addresses, of before too.
    also: tuple[str, ...]
    addresses: tuple[str, ...]
    waits: tuple[Waits, ...]


def how_many_wait() -> int:
    """Return in how many matters somebody waits for a look; call inside ``viewing``."""
    return Newcomer.objects.filter(let_in_at=None).values("matter_id").distinct().count()


def joined(viewer: Viewer) -> list[Joined]:
    """Return who joined the viewer's teams and waits, with what they wait for."""
    with viewing(viewer):
        rows = list(Newcomer.objects.filter(let_in_at=None).order_by("since", "pk"))
        matters = {row.matter_id for row in rows}
        said: dict[UUID, list[str]] = {}
        for kind in (_tips(viewer).filter(matter_id__in=matters), _cases(matters)):
            for matter, reference in kind.values_list("matter_id", "reference"):
                said.setdefault(matter, []).append(reference)
        known = {one.person_id: one for one in near_by_id({row.person_id for row in rows})}
    found: dict[int, dict[UUID, Waits]] = {}
    for row in rows:
        waits = Waits(row.matter_id, tuple(said.get(row.matter_id, ())))
        if waits.references:
            found.setdefault(row.person_id, {})[row.matter_id] = waits
    return [
        Joined(
            person,
            known[person].name,
            tuple(one for one in known[person].also if "@" not in one),
            tuple(one for one in known[person].also if "@" in one),
            tuple(waits.values()),
        )
        for person, waits in found.items()
        if person in known
    ]


def compare(viewer: Viewer, person_id: int) -> int:
    """Let somebody who joined in to all that doesn't meet their name; returns how many that were.

    Raises Http404, Locked.
    """
    waiting = _waiting(viewer, person_id)
    let_in = 0
    for waits in waiting.waits[:AT_ONCE]:
        matter = _open(viewer, waits.matter_id)
        if matter.whole and not matter.waits(viewer) and not matter.names(viewer, person_id):
            _let_in(viewer, matter, person_id)
            let_in += 1
    return let_in


def let_in(viewer: Viewer, person_id: int, matter_id: UUID, why: str) -> None:
    """Let somebody who joined in to one matter, whose words may mean them, with the reason.

    Raises Http404, Locked, Refused.
    """
    waiting = _waiting(viewer, person_id)
    _one(waiting, matter_id)
    if not why.strip():
        raise Refused(gettext("Say how you know that it isn’t about them."))
    matter = _open(viewer, matter_id)
    if not (matter.tips or matter.cases):
        raise Refused(gettext("You can’t open any of this. A colleague who can must check it."))
    if matter.waits(viewer):
        raise Refused(str(NOBODY_NEW))
    met = gettext("Named, and it is not about them: %(names)s.") % {"names": waiting.name}
    text = f"{met} {why.strip()}"
    for tip in matter.tips[:1]:
        add_note(tip, text)
    for case in matter.cases[:1]:
        add_item(case, "note", {"words": text})
    _let_in(viewer, matter, person_id)


def keep_out(viewer: Viewer, person_id: int, matter_id: UUID) -> None:
    """Keep somebody who joined from one matter for good. Raises Http404, Locked, Refused."""
    _one(_waiting(viewer, person_id), matter_id)
    matter = _open(viewer, matter_id)
    if matter.cases:
        keep_out_of(
            matter.cases[0], [person_id], gettext("Words that stand in it may be about them.")
        )
    elif matter.tips:
        keep_from_tip(viewer, matter.tips[0].tip.pk, [person_id])
    else:
        raise Refused(gettext("You can’t open any of this. A colleague who can must check it."))


@dataclass(frozen=True, slots=True)
class _Matter:
    """A matter's tips and cases as the viewer opened them."""

    id: UUID
    tips: tuple[OpenTip, ...]
    cases: tuple[OpenCase, ...]
    #: Nothing of it stayed shut for the viewer.
    whole: bool

    def waits(self, viewer: Viewer) -> bool:
        """Tell whether who must not see it is not settled: nobody new is let in then."""
        with viewing(viewer):
            of_cases = CaseTip.objects.filter(case_id__in=[one.case.pk for one in self.cases])
            matters = {self.id, *of_cases.values_list("matter_id", flat=True)}
            return any(map(matter_unsettled, matters))

    def names(self, viewer: Viewer, person_id: int) -> bool:
        """Tell whether its words may mean somebody."""
        text = [words_of(read_contents(tip)) for tip in self.tips]
        text += [one.tip_words for one in self.cases]
        with viewing(viewer):
            text += [case_words(one) for one in self.cases]
            rows = [one.tip for one in self.tips] + [one.case for one in self.cases]
            words, near = "\n".join(text), list[Near]()
            for place in {one.district_id for one in rows}:
                near += (here := people_near(place))
                words = beside_places(words, place, here)
        schools = {one.school_id for one in rows if one.school_id is not None}
        unseen = all(one.person_id != person_id for one in near)
        return unseen or person_id in met_in(words, near, schools).people


def _tips(viewer: Viewer) -> QuerySet[Tip]:
    handed = Recipient.objects.filter(holder__in=EVERY_NAME).values("tip_id")
    return Tip.objects.filter(pk__in=handed)


def _cases(matters: Iterable[UUID]) -> QuerySet[Case]:
    of_tips = CaseTip.objects.filter(matter_id__in=list(matters)).values("case_id")
    return Case.objects.filter(Q(matter_id__in=list(matters)) | Q(pk__in=of_tips))


def _open(viewer: Viewer, matter_id: UUID) -> _Matter:
    with viewing(viewer):
        tip_ids = list(_tips(viewer).filter(matter_id=matter_id).values_list("pk", flat=True))
        case_ids = list(_cases([matter_id]).values_list("pk", flat=True))
    tips, cases, whole = list[OpenTip](), list[OpenCase](), bool(tip_ids or case_ids)
    for tip_id in tip_ids:
        try:
            tips.append(open_tip(viewer, tip_id, purpose="who joined"))
        except NotGranted:
            whole = False
    for case_id in case_ids:
        try:
            cases.append(open_the_case(viewer, case_id, purpose="who joined"))
        except FolderShut:
            whole = False
    return _Matter(matter_id, tuple(tips), tuple(cases), whole)


def _waiting(viewer: Viewer, person_id: int) -> Joined:
    found = next((one for one in joined(viewer) if one.person_id == person_id), None)
    if found is None:
        raise Http404
    return found


def _one(waiting: Joined, matter_id: UUID) -> None:
    if not any(one.matter_id == matter_id for one in waiting.waits):
        raise Http404


def _let_in(viewer: Viewer, matter: _Matter, person_id: int) -> None:
    with viewing(viewer), connection.cursor() as cursor:
        cursor.execute("SELECT api.let_newcomer_in(%s, %s)", [matter.id, person_id])
        rows = [("tip", one.tip) for one in matter.tips] + [("case", o.case) for o in matter.cases]
        for kind, row in rows[:1]:
            record(
                "newcomer let in",
                actor=viewer,
                subject_kind=kind,
                subject_id=row.pk,
                district_id=row.district_id,
                matter_id=matter.id,
            )
