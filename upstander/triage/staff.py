"""Whom a tip can go to, and who near it must be kept out. Call these inside ``viewing``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from upstander.approvals.queries import let_in_lately
from upstander.base.refused import Refused
from upstander.matters.exclusions import Exclusions
from upstander.matters.folders import holders_for
from upstander.matters.people_near import Groups, grouped, people_near
from upstander.oncall.queries import on_call
from upstander.people.keys import mac_holder, person_mac
from upstander.people.models import Membership, Team
from upstander.people.place_names import schools_told_apart
from upstander.people.roles import TeamKind
from upstander.people.statements import stated_teams
from upstander.tips.actions.not_see import is_unsettled
from upstander.tips.models import Tip
from upstander.tips.queries import names_of


@dataclass(frozen=True, slots=True)
class Getting:
    """One team of a hand-off as the check before sending shows it."""

    team: str
    #: Who can open it then.
    people: Sequence[str]
    #: Whose phones are asked first; the others follow if nobody answers.
    asked: Sequence[str]
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
    excluded = _excluded(tip)
    members = _members(teams)
    return teams, [
        team.pk for team in teams if any(person_mac(p) in excluded for p in members[team.pk])
    ]


def team_labels(tip: Tip, now: datetime) -> dict[int, str]:
    """Return how the teams of a tip's district are called where one is chosen; in ``viewing``.

    A team of a school that another is called like says which one; one whose key is younger than
    thirty days says who let its first member in.
    """
    teams = list(
        Team.objects.filter(
            district_id=tip.district_id, kind__in=[TeamKind.SCHOOL, TeamKind.DISTRICT]
        ).select_related("school__district")
    )
    apart = schools_told_apart(team.school for team in teams if team.school)
    new = let_in_lately(teams, now)
    return {
        team.pk: "; ".join(
            filter(None, (_named(team, apart.get(team.school_id or 0, "")), new.get(team.pk)))
        )
        for team in teams
    }


def _named(team: Team, apart: str) -> str:
    return f"{team.name} ({apart})" if apart else team.name


def chosen_teams(tip: Tip, team_ids: Sequence[int]) -> list[Team]:
    """Return the teams that a tip is handed to. Raises Refused: none, or not where it is signed."""
    teams = list(
        Team.objects.filter(
            pk__in=team_ids,
            district_id=tip.district_id,
            kind__in=[TeamKind.SCHOOL, TeamKind.DISTRICT],
        )
    )
    if not teams or len(teams) != len(set(team_ids)):
        raise Refused(gettext("Choose a team of this tip's district."))
    if len(stated_teams(teams)) != len(teams):
        raise Refused(
            gettext(
                "One of these teams is not where the signed record says, so nothing was sent. "
                "Call them, and have “upstander doctor” run."
            )
        )
    return teams


def any_on_call(teams: Iterable[Team], holders: Iterable[tuple[str, str]], now: datetime) -> bool:
    """Tell whether anybody on call of these teams is among whom a tip is granted to."""
    names = {holder for holder, _ in holders}
    return any(
        team.holder in names or mac_holder(person) in names
        for team in teams
        for person in on_call(team.pk, now).primary
    )


def who_would_get_it(tip: Tip, teams: Sequence[Team], now: datetime) -> list[Getting]:
    """Return by name who would be granted a tip if it were handed to ``teams`` now, and asked.

    Those on call are asked first; where it goes to people by name, or nobody of those on call gets
    it, all of them are (``escalations/targets.py``).
    """
    members = _members(teams)
    names = names_of(person for people in members.values() for person in people)
    labels = team_labels(tip, now)
    shown = []
    for team in teams:
        holders = {holder for holder, _ in holders_for(tip.matter_id, [team])}
        whole = team.holder in holders
        getting = [p for p in members[team.pk] if whole or mac_holder(p) in holders]
        first = set(on_call(team.pk, now).primary) & set(getting) if whole else set()

        def named(people: Iterable[int]) -> list[str]:
            return sorted(names.get(person, gettext("Someone")) for person in people)

        shown.append(
            Getting(
                labels.get(team.pk, team.name),
                named(getting),
                named(first or getting),
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
    excluded = Exclusions(()) if is_unsettled(tip) else _excluded(tip)
    out = {one.person_id for one in near if person_mac(one.person_id) in excluded}
    return grouped(near, school_id=tip.school_id, leave_out={leave_out, *out})


def _members(teams: Iterable[Team]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for team, person in Membership.objects.filter(team__in=list(teams)).values_list(
        "team_id", "person_id"
    ):
        found[team].append(person)
    return found


def _excluded(tip: Tip) -> Exclusions:
    return Exclusions.on([tip.matter_id])
