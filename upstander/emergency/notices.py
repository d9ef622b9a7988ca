"""Whom this app has told, through the carriers: officers of a brief."""

from __future__ import annotations

from upstander.carriers.notices import tell
from upstander.decisions.notices import excluded_macs
from upstander.emergency.models import Brief
from upstander.people.keys import person_mac
from upstander.people.models import Membership, Team


def tell_officers(brief: Brief, team: Team) -> None:
    """Have a police team's officers told of a brief or an update; call inside ``viewing``."""
    excluded = excluded_macs(brief.matter_id)
    officers = Membership.objects.filter(team_id=team.pk, person__is_active=True)
    for person in officers.values_list("person_id", flat=True):
        if person_mac(person) not in excluded:
            tell(person, "police_brief", {"reference": brief.reference})
