"""Whom a tip's words may mean of those who would get it by a hand-off."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.emergency.brief_words import beside_form
from upstander.matters.exclusions import Exclusions
from upstander.matters.folders import holders_for
from upstander.matters.people_near import Near, people_near
from upstander.people.keys import mac_holder, person_mac
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.tips.models import Tip
from upstander.tips.place_words import beside_places
from upstander.tips.whom import OF_SCHOOL, met_in


def named_of(tip: Tip, teams: Iterable[Team], text: str) -> list[Near]:
    """Return whom a tip's words may mean of those who would get it; call inside ``viewing``.

    Where an office of the school is named and nobody is known to hold it, that may be anybody of
    the school's team, if it is about abuse or somebody must not see it.
    """
    teams = list(teams)
    office = Team.objects.filter(kind=TeamKind.DISTRICT, district_id=tip.district_id)
    every = {team.pk: team for team in (*teams, *office)}
    holders = {holder for holder, _ in holders_for(tip.matter_id, list(every.values()))}
    near, excluded = people_near(tip.district_id), excluded_macs(tip)
    getting = {
        one.person_id
        for one in near
        if one.team_id in every
        and holders & {every[one.team_id].holder, mac_holder(one.person_id)}
        and person_mac(one.person_id) not in excluded
    }
    places = [tip.school_id, *(team.school_id for team in teams)]
    schools = {place for place in places if place is not None}
    met = met_in(beside_places(beside_form(text), tip.district_id, near), near, schools)
    people = set(met.people)
    grave = tip.mandated or tip.not_see
    held = any(one.role in OF_SCHOOL and one.school_id in schools for one in near)
    if grave and met.offices & OF_SCHOOL and not held:
        people |= {one.person_id for one in near if one.kind is TeamKind.SCHOOL}
    people &= getting
    return [one for one in near if one.person_id in people]


def names_of_near(people: Iterable[Near]) -> str:
    """Return people's names, each once, as a sentence lists them."""
    return ", ".join(dict.fromkeys(one.name for one in people))


def excluded_macs(tip: Tip) -> Exclusions:
    """Return whom a tip's matter excludes; call inside ``viewing``."""
    return Exclusions.on([tip.matter_id])
