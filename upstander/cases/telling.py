"""Who is told that a second person is needed: a proposal that nobody hears of only lapses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from upstander.carriers.notices import tell
from upstander.oncall.queries import on_call
from upstander.places.bars import Bars
from upstander.places.keys import person_mac
from upstander.places.models import Membership, Team
from upstander.places.roles import Role, TeamKind
from upstander.places.scope import Viewer
from upstander.tips.models import Recipient, Tip


def tell_second_people(
    tip: Tip, *, asked_by: Viewer, now: datetime, kind: str = "second_opinion"
) -> None:
    """Have those told who can agree or refuse as the second person; call inside ``viewing``.

    At the center whoever is on call at ``now`` (aware), and the supervisors; at a school or in a
    district's office everybody of the asker's teams that the tip was handed to. ``kind`` is the
    notice (``carriers/notices.py``).
    """
    if asked_by.kind is TeamKind.CENTER:
        wanted = _at_center(tip, now)
    else:
        handed = Recipient.objects.filter(tip_id=tip.pk).values_list("holder", flat=True)
        own = [post.team_id for post in asked_by.posts if f"team:{post.team_id}" in set(handed)]
        members = Membership.objects.filter(team_id__in=own, person__is_active=True)
        wanted = set(members.values_list("person_id", flat=True))
    barred = barred_macs(tip.matter_id)
    for person in sorted(wanted - {asked_by.person_id}):
        if person_mac(person) not in barred:
            tell(person, kind, {"reference": tip.reference})


def tell_supervisors(tip: Tip, kind: str, *, but: int) -> None:
    """Have the supervisors of a tip's center told, by its number alone; call inside ``viewing``.

    Not ``but``, who did it, nor whom the matter is kept from.
    """
    barred = barred_macs(tip.matter_id)
    rows = Membership.objects.filter(
        team__kind=TeamKind.CENTER,
        team__center_id=tip.center_id,
        role=Role.CENTER_SUPERVISOR,
        person__is_active=True,
    )
    for person in sorted(set(rows.values_list("person_id", flat=True)) - {but}):
        if person_mac(person) not in barred:
            tell(person, kind, {"reference": tip.reference})


def _at_center(tip: Tip, now: datetime) -> set[int]:
    wanted = set[int]()
    for team in Team.objects.filter(kind=TeamKind.CENTER, center_id=tip.center_id):
        shift = on_call(team.pk, now)
        wanted |= {*shift.primary, *shift.backup}
        supervisors = Membership.objects.filter(
            team_id=team.pk, role=Role.CENTER_SUPERVISOR, person__is_active=True
        )
        wanted |= set(supervisors.values_list("person_id", flat=True))
    return wanted


def barred_macs(matter_id: UUID) -> Bars:
    """Return from whom a matter is kept."""
    return Bars.on([matter_id])
