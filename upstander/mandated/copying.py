"""The copy of a written report, and whoever came into office after words were asked about.

Words are asked about when they are typed, of those who could read them then. Whoever takes an
office later was asked about by nobody: if words of the report may mean them, they are passed over
for the next, until its owner keeps them out or says that it is about nobody of the office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from upstander.carriers.notices import tell
from upstander.mandated.actions.events import let_wait, names_of_people, write_event
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.recipients import (
    accused_among,
    copy_goes_to,
    holding,
    officers_of,
    outside,
)
from upstander.mandated.routing import route_of
from upstander.mandated.words import unpack
from upstander.mandated.written.models import Report
from upstander.matters.folders import OpenFolder, holders_of, person_holder, share_folder
from upstander.matters.people_near import near_by_id
from upstander.people.keys import name_in
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.tips.actions.not_see import matter_unsettled
from upstander.tips.place_words import beside_places
from upstander.tips.whom import offices_met, people_met

#: The word under which an event keeps who was asked about and is only mentioned, by their ids.
MENTIONED: Final = "mentioned"


def unasked_of(folder: OpenFolder, duty: Duty, *, also_asked: bool = False) -> set[int]:
    """Return who in office may be meant by a duty's words and was never asked about.

    Call inside ``viewing``. ``also_asked``: also who holds it, as nobody could be asked (its owner
    has left and keeps nobody out).
    """
    officers = officers_of(duty.district_id)
    held = set() if also_asked else {row["holder"] for row in holders_of(folder.id)}
    new = [one for one in officers if name_in(one.person_id, folder.id) not in held]
    if not new:
        return set()
    events = _events(folder, duty)
    only = {int(one) for words in events for one in words.get(MENTIONED, "").split()}
    text = "\n".join(_words(events, folder, duty))
    named = holding(new, offices_met(text), duty.school_id)
    near = near_by_id(one.person_id for one in new)
    named |= set(people_met(beside_places(text, duty.district_id, near), near))
    return named - only


def _events(folder: OpenFolder, duty: Duty) -> list[dict[str, str]]:
    rows = DutyEvent.objects.filter(duty_id=duty.pk).order_by("number")
    return [unpack(folder.read("event", row.pk, row.sealed)) for row in rows if row.sealed]


#: Names that accuse nobody: whom a report went to, and who is kept out already.
_NO_WORDS: Final = frozenset({"to", "kept_out", "accused", MENTIONED})


def _words(events: Iterable[Mapping[str, str]], folder: OpenFolder, duty: Duty) -> list[str]:
    found = [text for one in events for name, text in one.items() if name not in _NO_WORDS]
    for report in Report.objects.filter(duty_id=duty.pk).order_by("number"):
        kept = unpack(folder.read("report", report.pk, report.sealed))
        found += [text for name, text in kept.items() if name.startswith("field ")]
    return found


def give_copy(viewer: Viewer, folder: OpenFolder, duty: Duty) -> None:
    """Give the copy to whom it goes, and tell them; call in the ``viewing`` of the sending."""
    officers = officers_of(duty.district_id)
    route = route_of(duty.pk)
    if route.waits or matter_unsettled(duty.matter_id):
        # Nobody but its owner may see it yet: the copy goes once that is settled (granting.py).
        # Where that is said since the duty began, it waits from now on.
        let_wait(duty.pk)
        return
    named = unasked_of(folder, duty, also_asked=viewer.kind is TeamKind.FORMER)
    person = copy_goes_to(
        outside(officers) if route.past_building else officers,
        school_id=duty.school_id,
        accused=accused_among(officers, duty.matter_id) | named,
        owner=duty.person_id,
    )
    if person is None:
        return
    # Whoever has come into office since the duty began holds nothing of it yet.
    share_folder(folder, [person_holder(person)])
    words = {"to": names_of_people([person]).get(person, "")}
    write_event(viewer, folder, duty.pk, DutyEvent.Kind.COPY, words)
    tell(person, "duty_copy")
