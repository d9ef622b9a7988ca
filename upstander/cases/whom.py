"""Words that a team writes down of a case or a tip are asked about before a colleague reads them.

In every matter of abuse, and wherever somebody writes down who did it: whoever the words may mean
and who would read them is named, and kept out first if it is about them.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from upstander.cases.actions.keeping_out import keep_from_tip, left_of_team
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.sharing import keep_out_of
from upstander.cases.models import Case, CaseTip
from upstander.cases.named import case_words, named_in_case
from upstander.cases.people import near, seers
from upstander.cases.questioning import ask_questioned, ask_questioned_of_team
from upstander.matters.people_near import Near, people_near
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.models import Tip
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in, whom_met
from upstander.tips.whom_form import answered, asks_on
from upstander.ui.press import number, own_words

_OF_STAFF = frozenset({Case.Concern.ABUSE, Case.Concern.SEXUAL})
#: What is written down of a tip by the team that has it; and to its reporter.
_TEAM_WRITES = frozenset({"note", "next_step", "words", "close", "back"})
_TEAM_ANSWERS = frozenset({"reply"})


#: What shows a case, or more of it, to somebody who is chosen in the form.
_SHOWS = {
    "share": gettext_lazy("They are kept out, and nothing was shared with them."),
    "let_in": gettext_lazy("They are kept out now."),
    "lead": gettext_lazy("They are kept out, and nothing was handed over."),
}


def ask_whom(request: HttpRequest, opened: OpenCase, case_id: UUID, act: str) -> str | None:
    """Ask whom words mean that are written down in a case, or whom it is shown to; keep them out.

    Those are kept out first; where nobody is left to show it to the press ends there. Before that,
    whether it is questioning, which waits. Raises Ask, Refused.
    """
    ask_questioned(request, opened, act)
    text = own_words(request)
    shown_to = number(request, "person") if act in _SHOWS and opened.works else None
    if shown_to is not None:
        _ = opened.tip_words
    elif act in ("keep_out", "unshare") or "look" in request.POST or not text:
        return None
    with viewing(opened.viewer):
        named = None if shown_to is None else named_in_case(opened, shown_to, text)
        people = [] if named is None else [named]
        said = text if named is None else "\n".join([text, opened.tip_words, case_words(opened)])
        accuses = act == "person" and request.POST.get("role") in ("staff", "maker")
        if accuses or _is_of_staff(opened):
            readers = {one.person_id for one in seers(opened, near(opened))} - {shown_to}
            case = opened.case
            people += _met(text, opened.viewer, case.district_id, readers, case.school_id)
        said = beside_places(said, opened.case.district_id, people)
    form = answered(request.POST, people, said, why=named is not None)
    if form is None or not form.out():
        return None
    with asks_on(form):
        keep_out_of(opened, form.out(), gettext("Words that stand in it may be about them."))
    if shown_to not in form.out():
        return None
    messages.success(request, _SHOWS[act])
    return "#access"


def said_of_them(request: HttpRequest) -> str:
    """Return how it is known that a case isn't about whom it is shown to; "" where none asked."""
    return request.POST.get("meant_why", "") if request.POST.get("meant") == "not" else ""


def _is_of_staff(opened: OpenCase) -> bool:
    if opened.case.concern in _OF_STAFF or opened.on_hold:
        return True
    tips = CaseTip.objects.filter(case_id=opened.case.pk).values("tip_id")
    return Tip.objects.filter(pk__in=tips, mandated=True).exists()


def ask_whom_of_team(request: HttpRequest, viewer: Viewer, tip_id: UUID, act: str) -> None:
    """Ask whom a team's words of a tip mean who would read them; those are kept out first.

    By name on every tip; by their office too, and in an answer to the reporter, where it is about
    abuse or somebody must not see it ("Ms. Example sees you at two" helps elsewhere). Before that,
    whether it is questioning, which waits. Raises Http404, Ask, Refused.
    """
    text = own_words(request)
    if not text:
        return
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
    ask_questioned_of_team(request, viewer, tip, act)
    if act not in _TEAM_WRITES | _TEAM_ANSWERS:
        return
    if act in _TEAM_ANSWERS and not (tip.mandated or tip.not_see):
        return
    with viewing(viewer):
        near = people_near(tip.district_id)
        schools = None if tip.school_id is None else (tip.school_id,)
        met = (left_of_team(tip) & whom_met(tip, text, near, schools)) - {viewer.person_id}
        people = [one for one in near if one.person_id in met]
        text = beside_places(text, tip.district_id, people)
    form = answered(request.POST, people, text)
    if form is not None and form.out():
        with asks_on(form):
            keep_from_tip(viewer, tip_id, form.out())


def _met(
    text: str, viewer: Viewer, district_id: int, readers: set[int], school_id: int | None
) -> list[Near]:
    """Return whom words may mean of those who would read them, but for whoever writes."""
    found = people_near(district_id)
    text = beside_places(text, district_id, found)
    schools = None if school_id is None else (school_id,)
    met = (readers & set(met_in(text, found, schools).people)) - {viewer.person_id}
    return [one for one in found if one.person_id in met]
