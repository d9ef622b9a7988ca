"""What a bar takes away at the center: its team's key to a matter's tips, and what the barred had.

A bar holds for a matter, and a matter may have several tips: linked ones, and what a reporter sent
again. So all of them are opened by whoever sets the bar, and sealed anew to single persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from upstander.base.refused import Refused
from upstander.escalations.actions import step_aside
from upstander.places.bars import Bars
from upstander.places.keys import mac_holder, person_mac
from upstander.places.models import Matter, Membership
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import record_on
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.tips.states import TipState
from upstander.tips.subjects import forget_marks
from upstander.triage.granting import grant
from upstander.vault.models import Grant
from upstander.vault.seeds import Audience


@dataclass(frozen=True, slots=True)
class OwnTeam:
    """The viewer's team at the center and its members."""

    holder: str
    members: frozenset[int]


def own_team(viewer: Viewer) -> OwnTeam:
    """Return the viewer's team at the center; call inside ``viewing``."""
    post = next(post for post in viewer.posts if post.kind is TeamKind.CENTER)
    members = Membership.objects.filter(team_id=post.team_id)
    return OwnTeam(post.holder, frozenset(members.values_list("person_id", flat=True)))


def barred_from(matters: Iterable[UUID]) -> frozenset[int]:
    """Return who within view is barred from one of these matters; call inside ``viewing``."""
    bars = Bars.on(list(matters))
    if not bars:
        return frozenset()
    people = set(Membership.objects.values_list("person_id", flat=True))
    return frozenset(person for person in people if person_mac(person) in bars)


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
    barred: frozenset[int],
    viewer: Viewer,
    now: datetime,
) -> None:
    """Take one tip from those who are barred from its matter; call inside ``viewing``.

    One that a barred counselor has claimed waits on the queue again.
    """
    for person in sorted(barred):
        step_aside(tip.pk, person, now)
    claimed = Tip.objects.filter(pk=tip.pk, state=TipState.CLAIMED, claimed_by__in=barred)
    if claimed.update(
        state=TipState.NEW,
        claimed_by=None,
        claimed_at=None,
        changed_at=now,
        waiting_since=Coalesce("waiting_since", now),
    ):
        record_on(tip, "tip put back", viewer)
    if opened is None or not team.members & barred:
        return
    people = [(mac_holder(one), f"person:{one}") for one in sorted(team.members - barred)]
    for audience in (Audience.DIALOG, Audience.CENTER):
        secret = opened.secrets.get(audience)
        if secret and not grant(tip, audience, tip.pk, secret, people) and people:
            raise Refused(
                "Nothing was done: who is in your team is not what was signed, so nobody would be "
                "left to open this. Whoever runs the system runs “upstander doctor”, now."
            )
    Grant.objects.filter(tip_id=tip.pk, holder=team.holder).delete()
    forget_marks(tip)


def take_late(viewer: Viewer, tip_id: UUID) -> None:
    """Take a tip that came to a barred matter from the same page, later, from whom it names.

    The public process knows no person and seals to the center's team; the bar hides the tip from
    whom it names at once, and whoever claims it seals it anew, to persons. Raises Http404.
    """
    with viewing(viewer):
        tip, team = tip_for(viewer, tip_id), own_team(viewer)
        barred = barred_from([tip.matter_id])
        by_team = Grant.objects.filter(tip_id=tip.pk, holder=team.holder)
        if not team.members & barred or not by_team.exists():
            return
    opened = open_tip(viewer, tip_id, purpose="restrict")
    with viewing(viewer) as now:
        take_from(tip_for(viewer, tip_id, lock=True), opened, team, barred, viewer, now)


def pass_barred_by(opened: OpenTip) -> None:
    """Take an opened tip from the center's key where somebody of it was barred elsewhere.

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
        barred = barred_from([tip.matter_id])
        if team.members & barred:
            tip = tip_for(viewer, tip.pk, lock=True)
            take_from(tip, opened, team, barred, viewer, now)
            record_on(tip, "tip sealed to persons", viewer)
