"""Whom this app has told, through the carriers: officers of a brief."""

from __future__ import annotations

from upstander.carriers.notices import tell
from upstander.cases.telling import barred_macs
from upstander.dispatch.models import Brief
from upstander.places.keys import person_mac
from upstander.places.models import Membership, Team


def tell_officers(brief: Brief, team: Team) -> None:
    """Have a police team's officers told of a brief or an update; call inside ``viewing``."""
    barred = barred_macs(brief.matter_id)
    officers = Membership.objects.filter(team_id=team.pk, person__is_active=True)
    for person in officers.values_list("person_id", flat=True):
        if person_mac(person) not in barred:
            tell(person, "police_brief", {"reference": brief.reference})
