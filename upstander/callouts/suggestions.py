"""Who should go, as the planner says (``planning``), for whoever looks at the board unlocked.

The town of a callout lies sealed with its words. Opening the towns of all that wait is one entry of
the record, for each callout that came to wait since; nothing that was opened is stored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.planning import TARGET, Clinician, Place, Suggestion, Waiting, Why, plan
from upstander.callouts.queries import PAGE, Free, Suggested
from upstander.callouts.travel import OVERHEAD, SPEED, ByFactors, ByRouting
from upstander.callouts.words import unpack
from upstander.directory.models import Town
from upstander.directory.vocabulary import folded
from upstander.escalations.models import Acknowledgement
from upstander.matters.folders import open_each_here
from upstander.matters.models import Folder
from upstander.people.scope import Viewer, viewing

#: What somebody has done within so long counts for a fair share of the shift.
_SHIFT: Final = timedelta(hours=12)
#: What speaks for or against somebody, in a few words.
_WHY: Final[dict[Why, str | Promise]] = {
    Why.OWN_SITE: _("own site"),
    Why.OTHER_SITE: _("from another site"),
    Why.LAST_OF_SITE: _("nobody else is free there"),
}


def suggest(
    viewer: Viewer,
    rows: Iterable[Callout],
    near: Sequence[tuple[Site, list[Free]]],
    now: datetime,
) -> dict[UUID, Suggested]:
    """Return who should go to each of the callouts that wait, of one's own center's; of a page.

    Empty where this sign-in holds no key, or nobody said where the towns are. Call outside
    ``viewing``: the record is committed before anything opens, and no transaction waits for a
    routing server.
    """
    waiting = [one for one in rows if one.state == Callout.State.WAITING][:PAGE]
    if not waiting or not viewer.unlocked:
        return {}
    with viewing(viewer):
        _record(viewer, waiting)
    with viewing(viewer):
        towns = _open(viewer, waiting)
        first = {site.pk: site.towns[0] for site, _some in near if site.towns}
        places = _places({*towns.values(), *first.values()})
        no = _said_no(waiting)
        staff = _staff(near, now)
    points = {pk: places[folded(town)] for pk, town in first.items() if folded(town) in places}
    number = {pk: n for n, pk in enumerate(points)}
    # A town that nobody has placed counts as its site's first.
    where = {pk: places.get(folded(town)) for pk, town in towns.items()}
    asked = [(one, where.get(one.pk) or points.get(one.site_id)) for one in waiting]
    calls = [
        Waiting(
            n,
            place,
            number.get(one.site_id, -1),
            (now - one.begun_at).total_seconds() / 60,
            but=frozenset(no[one.pk]),
        )
        for n, (one, place) in enumerate(asked)
        if place
    ]
    slow = max((slowed(site, now) for site, _some in near), default=1.0)
    named = {one.person: one.name for _site, some in near for one in some}
    there = [replace(one, site=number[one.site]) for one in staff if one.site in number]
    return {
        asked[said.callout][0].pk: Suggested(
            said.clinician,
            named[said.clinician],
            now + timedelta(minutes=said.minutes),
            _words(said),
        )
        for said in plan(calls, there, list(points.values()), travel(slow))
    }


def why_none(viewer: Viewer, rows: Iterable[Callout], plans: Mapping[UUID, Suggested]) -> str:
    """Return why nobody is suggested for what waits, in words; empty where somebody is."""
    if plans or all(one.state != Callout.State.WAITING for one in rows):
        return ""
    if not viewer.unlocked:
        return gettext(
            "People are asked in the stated order. Whom the planner suggests is shown once your key"
            " is unlocked: sign in with your passphrase again."
        )
    return gettext(
        "People are asked in the stated order. The planner suggests nobody: it doesn’t know where"
        " these towns are, or nobody is free in time."
    )


def travel(slow: float) -> ByFactors | ByRouting:
    """Return what knows how long ways take: the routing server that is set up, else factors."""
    factors = ByFactors(SPEED, slow, overhead=OVERHEAD)
    return ByRouting(settings.ROUTING_URL, factors) if settings.ROUTING_URL else factors


def slowed(site: Site, now: datetime) -> float:
    """Return how many times as long ways from a site take now, as its desk says."""
    return site.slow if site.slow_until and site.slow_until > now else 1.0


def _record(viewer: Viewer, waiting: Sequence[Callout]) -> None:
    """Keep that the towns of what waits were opened, once for whatever came to wait last."""
    steps = Event.objects.filter(callout__in=waiting, kind__in=(Event.Kind.GO, Event.Kind.OFFERED))
    newest = steps.order_by("-pk").values_list("callout_id", flat=True).first()
    last = next((one for one in waiting if one.pk == newest), waiting[0])
    before = Entry.objects.filter(
        subject_kind="callout",
        subject_id=str(last.pk),
        action="callout towns read",
        actor_id=viewer.person_id,
    )
    if not before.exists():
        record(
            "callout towns read",
            actor=viewer,
            subject_kind="callout",
            subject_id=last.pk,
            district_id=last.district_id,
            detail={"count": len(waiting)},
        )


def _open(viewer: Viewer, waiting: Sequence[Callout]) -> dict[UUID, str]:
    """Return the towns of callouts, of those that open."""
    ids = [one.pk for one in waiting]
    opened = open_each_here(viewer, Folder.objects.filter(pk__in=ids))
    sealed = Callout.objects.filter(pk__in=opened).values_list("pk", "sealed")
    return {pk: unpack(opened[pk].read("words", pk, words)).get("town", "") for pk, words in sealed}


def _places(towns: Iterable[str]) -> dict[str, Place]:
    """Return where towns are, of those that whoever runs this has placed (``towns.csv``)."""
    found = Town.objects.filter(name__in={folded(one) for one in towns})
    return {
        name: Place(north, east)
        for name, north, east in found.values_list("name", "latitude", "longitude")
    }


def _staff(near: Iterable[tuple[Site, list[Free]]], now: datetime) -> list[Clinician]:
    """Return who may be asked, each once, with the id of their site: on call, free now or soon."""
    begun = Event.objects.filter(kind=Event.Kind.ACCEPTED, at__gt=now - _SHIFT)
    gone = Counter(begun.values_list("to_id", flat=True))
    found = {
        one.person: Clinician(one.person, site.pk, _minutes(one, now), gone_today=gone[one.person])
        for site, some in near
        for one in some
        if one.on_call and not one.desk and _minutes(one, now) < TARGET
    }
    return list(found.values())


def _said_no(waiting: Sequence[Callout]) -> defaultdict[UUID, set[int]]:
    """Return who said of each callout that they can't go, on whichever way."""
    no = defaultdict[UUID, set[int]](set)
    given = Event.objects.filter(callout__in=waiting, kind=Event.Kind.RELEASED)
    for pk, person in given.values_list("callout_id", "person_id"):
        no[pk].add(person or 0)
    alerts = {one.alert_id: one.pk for one in waiting}
    answers = Acknowledgement.objects.filter(
        alert_id__in=[one for one in alerts if one], answer=Acknowledgement.Answer.CANNOT
    )
    for alert, person in answers.values_list("alert_id", "person_id"):
        no[alerts[alert]].add(person)
    return no


def _minutes(one: Free, now: datetime) -> float:
    """Return in how many minutes somebody may be free."""
    return max((one.free_at - now).total_seconds() / 60, 0.0) if one.free_at else 0.0


def _words(said: Suggestion) -> str:
    minutes, left = round(said.minutes), round(said.free_in)
    parts = [
        ngettext("there in about %(n)s minute", "there in about %(n)s minutes", minutes)
        % {"n": minutes},
        *(str(_WHY[why]) for why in said.why if why in _WHY),
    ]
    if left:
        parts.append(
            ngettext("free in about %(n)s minute", "free in about %(n)s minutes", left)
            % {"n": left}
        )
    return ", ".join(parts)
