"""Who is told that a second person is needed, and has decided: what nobody hears of only lapses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from upstander.carriers.notices import tell
from upstander.matters.exclusions import Exclusions
from upstander.oncall.queries import on_call
from upstander.people.keys import person_mac
from upstander.people.models import Membership, Team
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer
from upstander.tips.models import Recipient, Tip


def tell_second_people(
    tip: Tip, *, asked_by: Viewer, now: datetime, kind: str = "second_opinion"
) -> list[int]:
    """Have those told who can agree or refuse as the second person; call inside ``viewing``.

    At the center whoever is on call at ``now`` (aware), and the supervisors; at a school or in a
    district's office everybody of the asker's teams that the tip was handed to. ``kind`` is the
    notice (``carriers/notices.py``). Returns who they are.
    """
    if asked_by.kind is TeamKind.CENTER:
        wanted = _at_center(tip, now)
    else:
        handed = Recipient.objects.filter(tip_id=tip.pk).values_list("holder", flat=True)
        own = [
            membership.team_id
            for membership in asked_by.memberships
            if f"team:{membership.team_id}" in set(handed)
        ]
        members = Membership.objects.filter(team_id__in=own, person__is_active=True)
        wanted = set(members.values_list("person_id", flat=True))
    excluded = excluded_macs(tip.matter_id)
    others = sorted(wanted - {asked_by.person_id})
    told = [person for person in others if person_mac(person) not in excluded]
    for person in told:
        tell(person, kind, {"reference": tip.reference, "tip": str(tip.pk)})
    return told


def tell_asker(tip: Tip, asker: int, *, decided_by: Viewer, kind: str) -> None:
    """Have whoever asked for a second person told that one decided; call inside ``viewing``.

    By the tip's number alone: which way, they read on its page. Nobody is told of what they took
    back themselves, nor whom the matter is kept from by now. ``kind`` as for
    ``tell_second_people``.
    """
    if asker != decided_by.person_id and person_mac(asker) not in excluded_macs(tip.matter_id):
        tell(asker, kind, {"reference": tip.reference, "tip": str(tip.pk)})


def tell_supervisors(tip: Tip, kind: str, *, but: int) -> None:
    """Have the supervisors of a tip's center told, by its number alone; call inside ``viewing``.

    Not ``but``, who did it, nor whom the matter is kept from.
    """
    excluded = excluded_macs(tip.matter_id)
    rows = Membership.objects.filter(
        team__kind=TeamKind.CENTER,
        team__center_id=tip.center_id,
        role=Role.CENTER_SUPERVISOR,
        person__is_active=True,
    )
    for person in sorted(set(rows.values_list("person_id", flat=True)) - {but}):
        if person_mac(person) not in excluded:
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


def excluded_macs(matter_id: UUID) -> Exclusions:
    """Return from whom a matter is kept."""
    return Exclusions.on([matter_id])
