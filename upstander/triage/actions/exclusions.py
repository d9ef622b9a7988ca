"""What an exclusion takes away at the center: the team's key to tips, and what the excluded had.

An exclusion holds for a matter, and a matter may have several tips: linked ones, and what a
reporter sent again. So all of them are opened by whoever sets the exclusion, and sealed anew to
single persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import step_aside
from upstander.matters.exclusions import Exclusions
from upstander.matters.models import Matter
from upstander.people.keys import mac_holder, person_mac
from upstander.people.models import Membership
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.subjects import forget_indexes
from upstander.tips.actions.writing import record_on
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.granting import grant
from upstander.vault.models import Grant
from upstander.vault.seeds import Audience


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """The viewer's team at the center and its members."""

    holder: str
    members: frozenset[int]


def own_team(viewer: Viewer) -> OwnTeam:
    """Return the viewer's team at the center; call inside ``viewing``."""
    membership = next(
        membership for membership in viewer.memberships if membership.kind is TeamKind.CENTER
    )
    members = Membership.objects.filter(team_id=membership.team_id)
    return OwnTeam(membership.holder, frozenset(members.values_list("person_id", flat=True)))


def excluded_from(matters: Iterable[UUID]) -> frozenset[int]:
    """Return who within view is excluded from one of these matters; call inside ``viewing``."""
    exclusions = Exclusions.on(list(matters))
    if not exclusions:
        return frozenset()
    people = set(Membership.objects.values_list("person_id", flat=True))
    return frozenset(person for person in people if person_mac(person) in exclusions)


def open_matters(viewer: Viewer, matters: Iterable[UUID], *known: OpenTip) -> dict[UUID, OpenTip]:
    """Open every tip of these matters that is granted to the viewer, as the record then shows.

    Raises Locked. A tip that nobody granted to them is left out: its keys stay as they are.
    """
    found = {opened.tip.pk: opened for opened in known}
    with viewing(viewer):
        tips = list(Tip.objects.filter(matter_id__in=list(matters)).values_list("pk", flat=True))
    for tip in tips:
        if tip not in found:
            try:
                found[tip] = open_tip(viewer, tip, purpose="restrict")
            except NotGranted:
                continue
    return found


def take_from(
    tip: Tip,
    opened: OpenTip | None,
    team: OwnTeam,
    excluded: frozenset[int],
    viewer: Viewer,
    now: datetime,
) -> None:
    """Take one tip from those who are excluded from its matter; call inside ``viewing``.

    One that an excluded counselor has claimed waits on the queue again.
    """
    for person in sorted(excluded):
        step_aside(tip.pk, person, now)
    claimed = Tip.objects.filter(pk=tip.pk, state=TipState.CLAIMED, claimed_by__in=excluded)
    if claimed.update(
        state=TipState.NEW,
        claimed_by=None,
        claimed_at=None,
        changed_at=now,
        waiting_since=Coalesce("waiting_since", now),
    ):
        record_on(tip, "tip put back", viewer)
    if opened is None or not team.members & excluded:
        return
    people = [(mac_holder(one), f"person:{one}") for one in sorted(team.members - excluded)]
    for audience in (Audience.DIALOG, Audience.CENTER):
        secret = opened.secrets.get(audience)
        if secret and not grant(tip, audience, tip.pk, secret, people) and people:
            raise Refused(
                gettext(
                    "Nothing was done: your team’s members do not match what was signed, so "
                    "nobody would be left who can open this. Have your system administrator run "
                    "“upstander doctor” now."
                )
            )
    Grant.objects.filter(tip_id=tip.pk, holder=team.holder).delete()
    forget_indexes(tip)


def take_late(viewer: Viewer, tip_id: UUID) -> None:
    """Take a tip that came to an excluded matter from the same page, later, from whom it names.

    The public process knows no person and seals to the center's team; the exclusion hides the tip
    from whom it names at once, and whoever claims it seals it anew, to persons. Raises Http404.
    """
    with viewing(viewer):
        tip, team = tip_for(viewer, tip_id), own_team(viewer)
        excluded = excluded_from([tip.matter_id])
        by_team = Grant.objects.filter(tip_id=tip.pk, holder=team.holder)
        if not team.members & excluded or not by_team.exists():
            return
    opened = open_tip(viewer, tip_id, purpose="restrict")
    with viewing(viewer) as now:
        take_from(tip_for(viewer, tip_id, lock=True), opened, team, excluded, viewer, now)


def pass_excluded_by(opened: OpenTip) -> None:
    """Take an opened tip from the center's key where somebody of it was excluded elsewhere.

    In a case, say, or by "I suspect", by people who hold no key of the center's: the database hides
    the tip at once, and whoever of the center opens it next seals it anew, to persons. Raises
    Http404.
    """
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk)
        if not Matter.objects.filter(pk=tip.matter_id, restricted=True).exists():
            return
        team = own_team(viewer)
        if not Grant.objects.filter(tip_id=tip.pk, holder=team.holder).exists():
            return
        excluded = excluded_from([tip.matter_id])
        if team.members & excluded:
            tip = tip_for(viewer, tip.pk, lock=True)
            take_from(tip, opened, team, excluded, viewer, now)
            record_on(tip, "tip sealed to persons", viewer)
