"""Whom of a police team a tip may mean, before a brief of it goes to them.

A call to 911 rings a line, and waits for nothing. A brief is granted to people by name, and one of
them may be whom it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.decisions.notices import excluded_macs
from upstander.emergency.brief_words import beside_form
from upstander.matters.people_near import Near, people_near
from upstander.people.keys import person_mac
from upstander.people.models import Team
from upstander.tips.actions.not_see import matter_unsettled
from upstander.tips.blind_indexes import plain_words
from upstander.tips.models import Tip
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in

#: An officer without a name: it may be any of them. Not "police", which nearly every brief says.
_OFFICER: Final = re.compile(
    r"\b(officers?|cops?|sros?|deputy|deputies|sheriffs?|troopers?|police ?(wo)?m[ae]n"
    r"|(un|el|al|del|los|unos) policias?|agentes?|oficial|oficiales|ضابط|الضابط|شرطي|الشرطي)\b"
)


def officers_named(tip: Tip, team: Team, text: str) -> list[Near]:
    """Return which officers of a team a tip's words may mean; call inside ``viewing``.

    All of them, where an officer without a name stands in it, or the reporter said that somebody
    must not see it (on this tip or one that is linked) and nobody has settled who.
    """
    excluded = excluded_macs(tip.matter_id)
    officers = [
        one
        for one in people_near(tip.district_id)
        if one.team_id == team.pk and person_mac(one.person_id) not in excluded
    ]
    if matter_unsettled(tip.matter_id) or names_an_officer(text):
        return officers
    said = beside_places(beside_form(text), tip.district_id, officers)
    met = set(met_in(said, officers).people)
    return [one for one in officers if one.person_id in met]


def names_an_officer(text: str) -> bool:
    """Tell whether an officer stands in a text without a name."""
    return bool(_OFFICER.search(" ".join(plain_words(text))))


def need_asked(
    tip: Tip, team: Team, text: str, mentioned: Collection[int], *, danger_now: bool
) -> list[Near]:
    """Raise Refused unless a brief may go to a team; call inside ``viewing``.

    Returns whom the words may mean, and somebody has said that it isn't about them.
    """
    if not danger_now and tip.held:
        raise Refused(
            gettext(
                "This is a talk, held by the center alone. Without danger now, police get it only "
                "after it was handed off on a ground. A 911 call is not on hold."
            )
        )
    if not danger_now and matter_unsettled(tip.matter_id):
        raise Refused(
            gettext(
                "The reporter, or a linked tip’s reporter, said that someone must not see this, "
                "and it may be one of them. Settle this on the tip’s page first. A 911 call is "
                "not on hold."
            )
        )
    named = officers_named(tip, team, text)
    if unasked := [one for one in named if one.person_id not in mentioned]:
        names = ", ".join(dict.fromkeys(one.name for one in unasked))
        raise Refused(
            gettext("This text may be about %(names)s. First say whether it is about them.")
            % {"names": names}
        )
    return named
