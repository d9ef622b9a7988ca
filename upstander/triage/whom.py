"""Whom a note of the center may mean, and a tip's words of those who would get it: asked first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext

from upstander.cases.questioning import ask_questioned_at_center
from upstander.emergency.brief_words import beside_form
from upstander.emergency.named import names_an_officer, officers_named
from upstander.matters.people_near import people_near
from upstander.people.keys import person_mac
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import matter_unsettled, need_settled
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip, open_tip, read_contents, words_of
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in, whom_met
from upstander.tips.whom_form import LaterForm, WhomForm, answered, asks_on, named
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.actions.told_since import named_for_team
from upstander.triage.naming import excluded_macs, named_of
from upstander.ui.press import own_words

#: Presses whose words are not asked about: an answer to the reporter waits for nothing, and what a
#: link names is a tip.
_NOT_ASKED = frozenset({"reply", "link"})


def ask_whom(request: HttpRequest, viewer: Viewer, tip_id: UUID, act: str) -> None:
    """Ask whom words of the center mean that are kept with a tip; keep those out first.

    Colleagues by name on every tip; by their office too where it is about abuse, or somebody must
    not see it, and only there in a reason to take it over ("Bea went home"). Then whether it is
    questioning, which waits. Raises Http404, Ask.
    """
    text = own_words(request)
    if act in _NOT_ASKED or not text:
        return
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
    if act != "take" or tip.mandated or tip.not_see:
        _ask_whom_met(request, viewer, tip, text)
    # Last: its reason is kept at once, and what was pressed is done next.
    ask_questioned_at_center(request, viewer, tip)


def _ask_whom_met(request: HttpRequest, viewer: Viewer, tip: Tip, text: str) -> None:
    with viewing(viewer):
        near = [
            one
            for one in people_near(tip.district_id)
            if one.kind is TeamKind.CENTER and one.person_id != viewer.person_id
        ]
        excluded = excluded_macs(tip)
        met = whom_met(tip, text, near)
        text = beside_places(text, tip.district_id, near)
    people = [o for o in near if o.person_id in met and person_mac(o.person_id) not in excluded]
    form = answered(request.POST, people, text)
    only_mentioned(lambda: open_tip(viewer, tip.pk, purpose="restrict"), form)


def whom_of_handoff(
    request: HttpRequest, opened: OpenTip, team_ids: Collection[int], *words: str
) -> LaterForm | None:
    """Return the question whom a tip's words may mean of those who would get it; None: nobody.

    ``words``: what goes along, the brief among it. Raises Http404.
    """
    viewer = opened.viewer
    text = beside_form(words_of(read_contents(opened), *words))
    with viewing(viewer):
        tip = tip_for(viewer, opened.tip.pk)
        # Until who must not see it is settled nothing goes anyway: the hand-off says so.
        waits = matter_unsettled(tip.matter_id)
        teams = [] if waits else list(Team.objects.filter(pk__in=team_ids))
        people = [] if waits else named_of(tip, teams, text)
        text = beside_places(text, tip.district_id, people)
    return LaterForm(request.POST, names=named(people, text)) if people else None


def whom_of_newer(request: HttpRequest, opened: OpenTip, text: str) -> tuple[int, ...]:
    """Ask whom of a team that has a tip what is newer may mean; keep those out first.

    Returns who is only mentioned. Raises Http404, Ask.
    """
    with viewing(opened.viewer):
        tip = tip_for(opened.viewer, opened.tip.pk)
        # Until who must not see it is settled nothing goes anyway.
        people = [] if matter_unsettled(tip.matter_id) else named_for_team(tip, text)
        said = beside_places(beside_form(text), tip.district_id, people)
    return only_mentioned(lambda: opened, answered(request.POST, people, said))


def whom_of_page(request: HttpRequest, viewer: Viewer, tip_id: UUID, person_id: int) -> bool:
    """Ask whether a tip's words mean somebody who shall be asked about it by hand.

    Whoever is of its center reads it anyway. False: it is about them, and they are kept out now.
    Raises Http404, Ask, Refused (who must not see it isn't settled, and it may be they).
    """
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        near = people_near(tip.district_id)
        them = [one for one in near if one.person_id == person_id]
        if any(one.kind is TeamKind.CENTER for one in them):
            return True
        # It may be they.
        need_settled(tip, gettext("ask them. The center is asked anyway"))
    opened = open_tip(viewer, tip_id, purpose="ask somebody")
    text = beside_form(words_of(read_contents(opened)))
    with viewing(viewer):
        text = beside_places(text, tip.district_id, near)
    schools = () if tip.school_id is None else (tip.school_id,)
    met = met_in(text, near, schools).people
    people = them[:1] if person_id in met else []
    mentioned = only_mentioned(lambda: opened, answered(request.POST, people, text))
    return not people or person_id in mentioned


def whom_of_brief(
    request: HttpRequest, opened: OpenTip, team_id: int, text: str
) -> tuple[int, ...]:
    """Ask which officers a tip's words, or a brief's, may mean; keep those out first.

    Whoever sends it sends it to the others then. Returns who is only mentioned. Raises Http404,
    Ask.
    """
    said = beside_form(words_of(read_contents(opened), text))
    with viewing(opened.viewer):
        tip = tip_for(opened.viewer, opened.tip.pk)
        team = Team.objects.filter(pk=team_id, kind=TeamKind.POLICE).first()
        people = [] if team is None else officers_named(tip, team, said)
        said = beside_places(said, tip.district_id, people)
    form = answered(request.POST, people, said, office=names_an_officer)
    return only_mentioned(lambda: opened, form)


def only_mentioned(opens: Callable[[], OpenTip], form: WhomForm | None) -> tuple[int, ...]:
    """Keep out whom an answer says it is about; return who is only mentioned. Raises Ask."""
    if form is None:
        return ()
    if form.out():
        with asks_on(form):
            exclude_people(opens(), form.out())
    return form.mentioned()
