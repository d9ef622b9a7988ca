"""Whom a tip can go to, and who near it must be kept out. Call these inside ``viewing``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from upstander.places.bars import Bars
from upstander.places.folders import holders_for
from upstander.places.keys import mac_holder, person_mac
from upstander.places.models import Membership, Team
from upstander.places.people_near import Groups, grouped, people_near
from upstander.places.roles import TeamKind
from upstander.tips.models import Tip
from upstander.tips.not_see import is_unsettled
from upstander.tips.queries import names_of


@dataclass(frozen=True, slots=True)
class Getting:
    """One team of a hand-off as the check before sending shows it."""

    team: str
    people: Sequence[str]
    #: Members who must not see the matter. Their names are not repeated here.
    kept_out: int
    #: True: the grant goes to each person, not to the team's key.
    by_person: bool


def teams_for(tip: Tip) -> tuple[list[Team], list[int]]:
    """Return the teams of a tip's district, and which of them have a member who is kept out."""
    teams = list(
        Team.objects.filter(
            district_id=tip.district_id, kind__in=[TeamKind.SCHOOL, TeamKind.DISTRICT]
        ).order_by("name")
    )
    barred = _barred(tip)
    members = _members(teams)
    return teams, [
        team.pk for team in teams if any(person_mac(p) in barred for p in members[team.pk])
    ]


def who_would_get_it(tip: Tip, teams: Sequence[Team]) -> list[Getting]:
    """Return by name who would be granted a tip if it were handed to ``teams`` now."""
    members = _members(teams)
    names = names_of(person for people in members.values() for person in people)
    shown = []
    for team in teams:
        holders = {holder for holder, _ in holders_for(tip.matter_id, [team])}
        whole = team.holder in holders
        getting = [p for p in members[team.pk] if whole or mac_holder(p) in holders]
        shown.append(
            Getting(
                team.name,
                sorted(names.get(person, "Somebody") for person in getting),
                len(members[team.pk]) - len(getting),
                not whole,
            )
        )
    return shown


def people_to_keep_out(tip: Tip, *, leave_out: int) -> Groups:
    """Return everybody who could come to see a tip, by team, for choosing who must not.

    Those who are kept out already are not offered again; they may be who the reporter means,
    though, and are while that isn't settled.
    """
    near = people_near(tip.district_id)
    barred = Bars(()) if is_unsettled(tip) else _barred(tip)
    out = {one.person_id for one in near if person_mac(one.person_id) in barred}
    return grouped(near, school_id=tip.school_id, leave_out={leave_out, *out})


def _members(teams: Iterable[Team]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for team, person in Membership.objects.filter(team__in=list(teams)).values_list(
        "team_id", "person_id"
    ):
        found[team].append(person)
    return found


def _barred(tip: Tip) -> Bars:
    return Bars.on([tip.matter_id])
