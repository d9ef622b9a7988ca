"""Whom this app has told, through the carriers: officers of a brief, the center of a request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from upstander.carriers.notices import tell
from upstander.dispatch.models import Brief
from upstander.oncall.queries import on_call
from upstander.places.keys import person_mac
from upstander.places.models import MatterBar, Membership, Team
from upstander.places.roles import Role, TeamKind
from upstander.tips.models import Tip


def tell_officers(brief: Brief, team: Team) -> None:
    """Have a police team's officers told of a brief or an update; call inside ``viewing``."""
    barred = _barred(brief.matter_id)
    officers = Membership.objects.filter(team_id=team.pk, person__is_active=True)
    for person in officers.values_list("person_id", flat=True):
        if person_mac(person) not in barred:
            tell(person, "police_brief", {"reference": brief.reference})


def tell_second_people(tip: Tip, *, asked_by: int, now: datetime) -> None:
    """Have those told who can second a request for police: on call now, and the supervisors."""
    barred, wanted = _barred(tip.matter_id), set[int]()
    for team in Team.objects.filter(kind=TeamKind.CENTER, center_id=tip.center_id):
        shift = on_call(team.pk, now)
        wanted |= {*shift.primary, *shift.backup}
        wanted |= set(
            Membership.objects.filter(
                team_id=team.pk, role=Role.CENTER_SUPERVISOR, person__is_active=True
            ).values_list("person_id", flat=True)
        )
    for person in sorted(wanted - {asked_by}):
        if person_mac(person) not in barred:
            tell(person, "second_person", {"reference": tip.reference})


def _barred(matter_id: UUID) -> set[bytes]:
    macs = MatterBar.objects.filter(matter_id=matter_id).values_list("person_mac", flat=True)
    return {bytes(mac) for mac in macs}
