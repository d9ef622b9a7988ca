"""What waits for a second person, and who let a team's first member in. Inside ``viewing``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext

from upstander.approvals.models import Approval
from upstander.people.access import is_administrator
from upstander.people.models import Membership, Person, Team
from upstander.people.scope import Viewer
from upstander.plug import approval_kinds
from upstander.tips.queries import names_of
from upstander.ui import times
from upstander.vault.models import HolderKey

#: So long a hand-off says of a team that its key is new, and who let its first member in.
NEW_FOR: Final = timedelta(days=30)
#: So many decided ones are shown.
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits, or was decided, as somebody sees it."""

    one: Approval
    kind: str
    decider: str
    #: Whether the viewer may agree, or refuse; and whether they may take it back.
    decides: bool
    withdraws: bool
    #: Nobody can agree any more.
    lapsed: bool

    @property
    def ticked(self) -> bool:
        """Whether it is decided on this page: what is about a tip is decided on the tip's."""
        return self.one.tip_id is None and (self.decides or self.withdraws)


def waiting_for(viewer: Viewer, now: datetime) -> tuple[list[Waiting], list[Waiting]]:
    """Return what waits, oldest first, and what was decided last, as the viewer may see it."""
    open_ones = list(Approval.objects.filter(outcome="").order_by("asked_at", "pk"))
    over = list(Approval.objects.exclude(outcome="").order_by("-decided_at", "pk")[:_SHOWN])
    every = [*open_ones, *over]
    names = names_of(one.decided_by for one in every)
    kinds = {name: kind for name, (_, kind) in approval_kinds().items()}
    own = Person.objects.filter(pk=viewer.person_id).values_list("email", flat=True).first() or ""
    led = Membership.objects.filter(team_id__in=viewer.leads).values_list("person_id", flat=True)
    subjects = {f"person:{person}" for person in led}

    def shown(one: Approval) -> Waiting:
        lapsed = one.outcome == Approval.Outcome.OPEN and one.lapses_at <= now
        return Waiting(
            one,
            str(kinds[one.kind].words),
            names.get(one.decided_by or 0, gettext("a supervisor")),
            decides=any(
                post.role in kinds[one.kind].by
                and one.center_id in (None, post.center_id)
                and (one.kind != "address" or one.subject in subjects)
                for post in viewer.memberships
            )
            and one.asked_by != viewer.person_id
            and one.about != own.lower()
            and not lapsed,
            withdraws=is_administrator(viewer) or one.asked_by == viewer.person_id,
            lapsed=lapsed,
        )

    return [shown(one) for one in open_ones], [shown(one) for one in over]


def agreed_to(kind: str, district_id: int, now: datetime) -> Approval | None:
    """Return the yes that holds of a kind in a district: nothing else was asked for since."""
    asked = Approval.objects.filter(kind=kind, district_id=district_id)
    yes = asked.filter(outcome="approved", lapses_at__gt=now).order_by("-decided_at").first()
    if yes is None or asked.filter(Q(outcome="") | Q(asked_at__gt=yes.decided_at)).exists():
        return None
    return yes


def let_in_lately(teams: Iterable[Team], now: datetime) -> Mapping[int, str]:
    """Return, by team, who let its first member in where its key is younger than thirty days."""
    by_holder = {team.holder: team.pk for team in teams}
    fresh = set(
        HolderKey.objects.filter(
            holder__in=by_holder, version=1, created_at__gt=now - NEW_FOR
        ).values_list("holder", flat=True)
    )
    rows = Approval.objects.filter(kind="first_key", subject__in=fresh, outcome="approved")
    found = {one.subject: one for one in rows.order_by("decided_at")}
    names = names_of(one.decided_by for one in found.values())
    said = gettext("new since %(day)s: %(who)s, let in by %(asker)s and %(decider)s")
    return {
        by_holder[subject]: said
        % {
            "day": times.day(one.decided_at or one.asked_at),
            "who": one.about,
            "asker": one.asker,
            "decider": names.get(one.decided_by or 0, gettext("a supervisor")),
        }
        for subject, one in found.items()
    }
