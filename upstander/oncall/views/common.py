"""What the on-call pages share: a plan with names, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from upstander.oncall.board import Board, board, window
from upstander.oncall.models import DayOff
from upstander.oncall.queries import Shift, plans, shift_of
from upstander.oncall.reach import names_of, ringable
from upstander.oncall.rota import Plan
from upstander.people.models import Team

#: What a page about one plan reads ahead.
AHEAD = timedelta(weeks=13)


@dataclass(frozen=True, slots=True)
class Shown:
    """A team's plan with everything that its page says."""

    team: Team
    plan: Plan
    board: Board
    shift: Shift
    now_first: tuple[str, ...]
    now_then: tuple[str, ...]


def shown(teams: Sequence[Team], now: datetime, me: int) -> list[Shown]:
    """Lay out the plans of these teams, in four queries; call inside ``viewing``."""
    by_id = {team.pk: team for team in teams}
    # A day more at each end: the teams may lie in other time zones than each other.
    found = plans(by_id, now - timedelta(days=8), now + timedelta(days=30))
    people = {person for plan in found for person in plan.members}
    names, reached = names_of(people), ringable(people)
    labels = _labels(teams, now)
    pages = []
    for plan in found:
        team = by_id[plan.team_id]
        shift = shift_of(plan, now, reached)
        pages.append(
            Shown(
                team=team,
                plan=plan,
                board=board(
                    plan,
                    now,
                    names=names,
                    reached=reached,
                    labels=labels.get((team.district_id, team.center_id), {}),
                    me=me,
                ),
                shift=shift,
                now_first=tuple(names.get(p, _("someone else")) for p in shift.primary),
                now_then=tuple(names.get(p, _("someone else")) for p in shift.backup),
            )
        )
    order = {team.pk: number for number, team in enumerate(teams)}
    return sorted(pages, key=lambda page: order[page.team.pk])


type _Place = tuple[int | None, int | None]


def _labels(teams: Sequence[Team], now: datetime) -> dict[_Place, dict[date, str]]:
    """Return what the calendars of these teams' places call their days: place → day → label."""
    first, last = (now - timedelta(days=8)).date(), (now + timedelta(days=30)).date()
    found: dict[_Place, dict[date, str]] = {}
    for one in DayOff.objects.select_related("calendar").filter(last__gte=first, first__lte=last):
        place = (one.calendar.district_id, one.calendar.center_id)
        day = max(one.first, first)
        while day <= min(one.last, last):
            found.setdefault(place, {})[day] = one.label
            day += timedelta(days=1)
    return found


__all__ = ["AHEAD", "Shown", "shown", "window"]
