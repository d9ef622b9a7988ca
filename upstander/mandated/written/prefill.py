"""What is known already, by the names that a form's file uses (``from = ["child"]``).

From the duty's own events, its owner's account and school, and, where the owner may read it, the
tip. What the center assessed is read by the app above, which holds assessments
(``triage/written.py``), and put into the draft.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404

from upstander.mandated.access import rules_of
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.queries import ACCEPTED_WORDS, EventShown
from upstander.people.keys import Locked
from upstander.people.models import Person
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District, School
from upstander.states import AgencyForm
from upstander.tips.opening import UNREADABLE, NotGranted, open_tip, read_contents
from upstander.ui.moments import moment_words

#: A question of the reporter's form → what it is known as here. Whom a tip is about may be the
#: child or whoever is suspected: that is no child's name, and says nothing of what was done.
_OF_TIP = {"place": "tip_place", "when": "tip_when"}
#: What an event says of whom its writer suspects: of staff by name, and in their own words.
_SUSPECTS = ("accused", "suspected")
#: The form's question "Is it happening now?" and what was answered; what isn't known isn't told.
#: In English, as all that is filled in here: the agency reads it, and it is signed.
_WHEN = {
    "now": "happening now",
    "soon": "today or tonight",
    "days": "in the next days",
    "past": "it already happened",
}


def filled_from(form: AgencyForm, known: Mapping[str, str]) -> dict[str, str]:
    """Return the form's fields that something is known about."""
    found = {}
    for field in form.fields:
        said = [known[n] for n in field.known_from if known.get(n)]
        value = _each_once("; ".join(said)) if field.every else "".join(said[:1])
        if value and field.kind not in ("choice", "choices"):
            found[field.key] = value
    return found


def _each_once(listed: str) -> str:
    """Return a list without what it has already, in capitals or small: as it stood there first."""
    found: dict[str, str] = {}
    for one in listed.split("; "):
        found.setdefault(" ".join(one.split()).casefold(), one)
    return "; ".join(found.values())


def marks_of_values(form: AgencyForm, found: Mapping[str, str]) -> dict[str, str]:
    """Return for each field that is filled in from what is known a mark of what that is."""
    return {
        field.key: hashlib.sha256(found.get(field.key, "").encode()).hexdigest()[:16]
        for field in form.fields
        if field.known_from and field.kind not in ("choice", "choices")
    }


def known_of_events(events: Iterable[EventShown], zone: str) -> dict[str, str]:
    """Return what a duty's events say, the later one where two say it.

    But of whom they suspect everybody: also those who were named after it began.
    """
    known: dict[str, str] = {}
    suspected: dict[str, dict[str, None]] = {name: {} for name in _SUSPECTS}
    for one in events:
        if one.event.kind in (DutyEvent.Kind.STARTED, DutyEvent.Kind.FIRST):
            known |= one.words
            if where := one.words.get("where", "").strip():
                # Where they were then: no report may say that they are there now.
                known["where"] = (
                    f"When this was noted ({moment_words(one.event.at, zone)}): {where}"
                )
        for name, people in suspected.items():
            if said := one.words.get(name, "").strip():
                people[said] = None
    return known | {name: "; ".join(people) for name, people in suspected.items() if people}


def known_of_duty(viewer: Viewer, duty: Duty) -> dict[str, str]:
    """Return what rows say: times, how the first report was made and taken, the owner's account,
    their school; call inside ``viewing``."""
    rules, _rule = rules_of(duty)
    person = Person.objects.get(pk=viewer.person_id)
    zone = District.objects.get(pk=duty.district_id).time_zone
    reported = duty.first_at is not None
    way = rules.ways.get(duty.first_way)
    return {
        "reporter_name": person.name,
        "reporter_phone": person.phone,
        # Whoever has left says themselves what they were: their access is no position.
        "reporter_position": ""
        if viewer.kind is TeamKind.FORMER
        else ", ".join(dict.fromkeys(str(p.role.label) for p in viewer.memberships)),
        **_employer(viewer, duty),
        "cause_on": _day(duty.cause_at, zone),
        "cause_at": moment_words(duty.cause_at, zone),
        "first_on": _day(duty.first_at, zone),
        "first_at": moment_words(duty.first_at, zone) if duty.first_at else "",
        "first_way": way.label if way else duty.first_way,
        "accepted": str(ACCEPTED_WORDS[duty.accepted]) if reported else "",
    }


def _employer(viewer: Viewer, duty: Duty) -> dict[str, str]:
    """Return where the writer works, by their own memberships: never where the child was.

    Of several memberships the one of the duty's school, else the first. A center's counselor works
    at the center, whichever school a report is about.
    """
    memberships = sorted(
        viewer.memberships, key=lambda membership: membership.school_id != duty.school_id
    )
    if not memberships or viewer.kind is TeamKind.FORMER:
        # Whoever has left works there no more, and says themselves where they did.
        return {}
    school = School.objects.filter(pk=memberships[0].school_id or 0).first()
    if school is None:
        center = Center.objects.filter(pk=memberships[0].center_id or 0).first()
        return {"school": center.name if center else memberships[0].team_name, "school_address": ""}
    return {
        "school": school.name,
        "school_address": ", ".join(filter(None, (school.address, school.town))),
    }


def known_of_tip(viewer: Viewer, duty: Duty) -> dict[str, str]:
    """Return what a tip's form said, where its words were granted to the viewer; else nothing.

    The opening is in the record like any other.
    """
    # Whoever has left reads no tip: the database gives them no right on any.
    if duty.tip_id is None or viewer.kind is TeamKind.FORMER:
        return {}
    try:
        contents = read_contents(open_tip(viewer, duty.tip_id, purpose="written report"))
    except (Http404, NotGranted, Locked):  # 404: the tip isn't theirs any more; the duty is
        return {}
    first = next((turn for turn in contents.turns if turn.author == "reporter"), None)
    if first is None:
        return {}
    with viewing(viewer):
        zone = District.objects.get(pk=duty.district_id).time_zone
    # Somebody else's words, of then: they are told as such, never as what the writer knows.
    then = moment_words(first.at, zone)
    said = {"tip": "" if first.text == UNREADABLE else first.text} | {
        name: _answer(question, contents.answers.get(question, ""))
        for question, name in _OF_TIP.items()
    }
    return {name: f"In the words of a tip of {then}: {text}" for name, text in said.items() if text}


def _answer(question: str, given: str) -> str:
    """Return an answer of the reporter's form in words: a choice's own, else what was typed."""
    if question == "when":
        return _WHEN.get(given, "")
    return given


def _day(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).date().isoformat() if moment else ""
