"""Who is on call: all teams at a glance, and one team's four weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from upstander.oncall.access import kept_places, plans_for, team_to_see, teams_to_see
from upstander.oncall.board import Turn, turns_of
from upstander.oncall.models import Layer, Override, Rest, Swap
from upstander.oncall.queries import plans
from upstander.oncall.reach import names_of, ringable
from upstander.oncall.views.common import AHEAD, Shown, shown
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing


@require_GET
@requires(Permission.SEE_ON_CALL)
def overview(request: HttpRequest) -> HttpResponse:
    """Four weeks of my own teams, and who is on call now in all others that I see."""
    viewer = viewer_of(request)
    mine = {membership.team_id for membership in viewer.memberships}
    with viewing(viewer) as now:
        pages = shown(teams_to_see(), now, viewer.person_id)
        districts, centers = kept_places()
        context = {
            "own": [page for page in pages if page.team.pk in mine],
            "others": [page for page in pages if page.team.pk not in mine],
            "turns": own_turns(viewer, now),
            "swaps": asked_swaps(viewer),
            "leads": viewer.leads,
            "districts": districts,
            "centers": centers,
            "at_center": viewer.kind is TeamKind.CENTER,
            "rest": Rest.objects.filter(person_id=viewer.person_id, until__gt=now).first(),
        }
    return render(request, "oncall/overview.html", context)


@require_GET
@requires(Permission.SEE_ON_CALL)
def plan(request: HttpRequest, team_id: int) -> HttpResponse:
    """One team's plan: now, four weeks, and for those who keep it the rules behind it."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        team = team_to_see(team_id)
        page = shown([team], now, viewer.person_id)[0]
        context = {
            "page": page,
            "keeps": plans_for(viewer, team.pk),
            "member": viewer.person_id in page.plan.members,
            "layers": _layers(page),
            "overrides": _overrides(page, now),
            "unreachable": _unreachable(page),
        }
    return render(request, "oncall/plan.html", context)


def own_turns(viewer: Viewer, now: datetime) -> list[tuple[str, Turn]]:
    """Return the viewer's next shifts in all their teams, soonest first, with the team's name."""
    found = plans([membership.team_id for membership in viewer.memberships], now, now + AHEAD)
    turns = [
        (one.name, turn)
        for one in found
        if one.schedule_id is not None
        for turn in turns_of(one, viewer.person_id, now, now + AHEAD)
    ]
    return sorted(turns, key=lambda told: told[1].start.timestamp())[:6]


@dataclass(frozen=True, slots=True)
class Asked:
    """A swap that waits for an answer, in words; ``mine``: I asked."""

    id: UUID
    title: str
    team: str
    gives: str
    takes: str
    mine: bool


def asked_swaps(viewer: Viewer) -> list[Asked]:
    """Return the swaps that wait for the viewer's answer, or for a colleague's to theirs."""
    me = viewer.person_id
    found = list(
        Swap.objects.select_related("schedule__team")
        .filter(Q(asker_id=me) | Q(taker_id=me), state=Swap.State.ASKED)
        .order_by("gives_from")
    )
    names = names_of({p for swap in found for p in (swap.asker_id, swap.taker_id)})
    asked = []
    for swap in found:
        zone = ZoneInfo(swap.schedule.time_zone)
        given = Turn(swap.duty, swap.gives_from.astimezone(zone), swap.gives_to.astimezone(zone))
        taken = (
            Turn(swap.duty, swap.takes_from.astimezone(zone), swap.takes_to.astimezone(zone))
            if swap.takes_from is not None and swap.takes_to is not None
            else None
        )
        mine = swap.asker_id == me
        other = names.get(swap.taker_id if mine else swap.asker_id, _("someone who left"))
        asked.append(
            Asked(
                swap.pk,
                (_("You asked %s") if mine else _("%s asks you")) % other,
                swap.schedule.team.name,
                given.words,
                taken.words if taken else "",
                mine,
            )
        )
    return asked


def _layers(page: Shown) -> list[tuple[Layer, list[str], bool]]:
    """Return the plan's layers with names, and whether each is the first of its duty."""
    layers = list(
        Layer.objects.filter(schedule__team_id=page.team.pk)
        .prefetch_related("members", "shifts")
        .order_by("-duty", "rank", "pk")
    )
    people = {m.person_id for layer in layers for m in layer.members.all()}
    names = names_of(people)
    return [
        (
            layer,
            [names.get(m.person_id, _("someone who left")) for m in layer.members.all()],
            number == 0 or layers[number - 1].duty != layer.duty,
        )
        for number, layer in enumerate(layers)
    ]


def _overrides(page: Shown, now: datetime) -> list[dict[str, object]]:
    found = list(
        Override.objects.filter(schedule__team_id=page.team.pk, ends_at__gt=now).order_by(
            "starts_at", "pk"
        )[:50]
    )
    names = names_of({p for o in found for p in (o.on_person_id, o.off_person_id) if p})
    return [
        {
            "row": one,
            "on": names.get(one.on_person_id or 0, ""),
            "off": names.get(one.off_person_id or 0, ""),
            "start": one.starts_at.astimezone(page.plan.zone),
            "end": one.ends_at.astimezone(page.plan.zone),
        }
        for one in found
    ]


def _unreachable(page: Shown) -> list[str]:
    """Return who of the team can't be the only one on call."""
    members = page.plan.members
    reached = ringable(members)
    return [name for pk, name in names_of(members).items() if pk not in reached]
