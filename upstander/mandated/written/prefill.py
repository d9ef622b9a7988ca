"""What is known already, by the names that a form's file uses (``from = ["child"]``).

From the duty's own events, its owner's account and school, and, where the owner may read it, the
tip. What the center assessed is read by the app above, which holds assessments
(``triage/written.py``), and put into the draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404

from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.queries import EventShown
from upstander.mandated.written.agency_forms import AgencyForm
from upstander.places.keys import Locked
from upstander.places.models import District, Person, School
from upstander.places.scope import Viewer
from upstander.tips.opening import NotGranted, open_tip, read_contents

#: A question of the reporter's form → what it is known as here. Whom it is about may be the child
#: or whoever is suspected, so it is no child's name.
_OF_TIP = {"subject": "about", "place": "where"}


def filled_from(form: AgencyForm, known: Mapping[str, str]) -> dict[str, str]:
    """Return the form's fields that something is known about."""
    found = {}
    for field in form.fields:
        value = next((known[name] for name in field.known_from if known.get(name)), "")
        if value and field.kind not in ("choice", "choices"):
            found[field.key] = value
    return found


def known_of_events(events: Iterable[EventShown]) -> dict[str, str]:
    """Return what a duty's events say, the later one where two say it."""
    known: dict[str, str] = {}
    for one in events:
        if one.event.kind in (DutyEvent.Kind.STARTED, DutyEvent.Kind.FIRST):
            known |= one.words
    return known


def known_of_duty(viewer: Viewer, duty: Duty) -> dict[str, str]:
    """Return what rows say: times, the owner's account, their school; call inside ``viewing``."""
    person = Person.objects.get(pk=viewer.person_id)
    school = School.objects.filter(pk=duty.school_id).first() if duty.school_id else None
    zone = ZoneInfo(District.objects.get(pk=duty.district_id).time_zone)
    return {
        "reporter_name": person.name,
        "reporter_phone": person.phone,
        "reporter_position": ", ".join(dict.fromkeys(str(p.role.label) for p in viewer.posts)),
        "school": school.name if school else viewer.posts[0].team_name,
        "school_address": ", ".join(filter(None, (school.address, school.town))) if school else "",
        "cause_on": _day(duty.cause_at, zone),
        "first_on": _day(duty.first_at, zone),
    }


def known_of_tip(viewer: Viewer, duty: Duty) -> dict[str, str]:
    """Return what a tip's form said, where its words were granted to the viewer; else nothing.

    The opening is in the record like any other.
    """
    if duty.tip_id is None:
        return {}
    try:
        contents = read_contents(open_tip(viewer, duty.tip_id, purpose="written report"))
    except (Http404, NotGranted, Locked):  # 404: the tip isn't theirs any more; the duty is
        return {}
    first = next((turn.text for turn in contents.turns if turn.author == "reporter"), "")
    return {"tip": first} | {
        name: contents.answers.get(question, "") for question, name in _OF_TIP.items()
    }


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat() if moment else ""
