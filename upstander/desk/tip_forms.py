"""The forms that stand beside the dialog: assessment, hand-off, who must not see it, closing."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.cases.actions import asks_first, close_tip, need_asked
from upstander.cases.dispositions import BY_KEY
from upstander.cases.models import SecondOpinion
from upstander.cases.views import read_to
from upstander.desk.one_source import facts_of, places_around
from upstander.desk.tip_page import open_form, show
from upstander.dispatch.queries import standing_of
from upstander.places.models import Team
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.priority import Priority
from upstander.places.roles import TeamKind
from upstander.places.scope import viewing
from upstander.places.taxonomy import TILES_BY_KEY, priority_floor
from upstander.tips.access import tip_for
from upstander.tips.actions import drafts_of, save_draft
from upstander.tips.models import Tip
from upstander.tips.not_see import dismiss_not_see, is_unsettled, settle_meant
from upstander.tips.opening import OpenTip, read_contents
from upstander.triage import panel, staff
from upstander.triage.actions import assess_tip
from upstander.triage.forms import (
    BRIEF_GUIDE,
    AssessForm,
    BarForm,
    CloseForm,
    DismissForm,
    HandoffForm,
    initial_from,
    team_choices,
)
from upstander.triage.handed import home_of, need_home_known
from upstander.triage.handoff import bar_people, hand_off
from upstander.triage.queries import assessed
from upstander.triage.suggestions import Suggestion, suggest_priority
from upstander.triage.whom import ask_whom, whom_of_handoff
from upstander.ui.press import asking, refusal_on


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def assess(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Judge a tip. The system suggests and shows why; the person decides."""
    opened = open_form(request, tip_id, "assess")
    tip = opened.tip
    floor = priority_floor(tip.tile, read_contents(opened).answers).priority
    if request.method == "POST":
        form = AssessForm(request.POST, tile=tip.tile)
        valid = form.is_valid()
        suggestion = suggest_priority(
            form.record(), category=form.cleaned_data.get("category", ""), floor=floor
        )
        if valid and "preview" not in request.POST:
            ask_whom(request, opened.viewer, tip_id, "assess")
            if _decide(request, opened, form, suggestion):
                return redirect("tip", tip_id=tip_id)
    else:
        form = AssessForm(initial=_assess_initial(opened), tile=tip.tile)
        initial = form.initial
        suggestion = suggest_priority(
            initial.get("record", {}),
            category=initial.get("category", ""),
            floor=floor,
        )
    return show(
        request,
        opened,
        mode="assess",
        more={"form": form, "suggestion": suggestion, "floor_priority": floor},
    )


def _assess_initial(opened: OpenTip) -> dict[str, Any]:
    """Begin where somebody stopped: the own draft, else the last judgement."""
    with viewing(opened.viewer) as now:
        row = panel.judgement_on(opened.tip.pk, now).assessment
    last = panel.assessment_panel(opened, row)
    record = dict(last.fields) if last else {}
    category = last.category if last else ""
    initial: dict[str, Any] = {"priority": opened.tip.priority, "category": category}
    own = [
        text
        for person, text in drafts_of(opened).get("assessment", [])
        if person == opened.viewer.person_id
    ]
    if own:
        try:
            kept = json.loads(own[-1])
        except ValueError:
            kept = {}
        return {**initial, **{str(k): v for k, v in kept.items()}, "record": record}
    return {**initial, **initial_from(record), "record": record}


def _decide(
    request: HttpRequest, opened: OpenTip, form: AssessForm, suggestion: Suggestion
) -> bool:
    """Save a judgement; False when the form must be shown again."""
    given = form.cleaned_data
    priority = Priority(given["priority"])
    lowers = opened.tip.priority == Priority.LIFE_SAFETY and priority is not Priority.LIFE_SAFETY
    if not given["reason"].strip() and (lowers or priority < suggestion.priority):
        form.add_error(
            "reason",
            "Say why: a second person reads it before they agree."
            if lowers
            else "Say why this is less urgent than what the record suggests.",
        )
        return False
    if not form.record() and not given["reason"].strip():
        form.add_error(
            None, "Nothing is recorded yet. Say at least one thing that you know, or your reason."
        )
        return False
    minutes = given.get("next_check") or ""
    saved = False
    with refusal_on(form):
        assess_tip(
            opened,
            form.record(),
            priority,
            category=given["category"],
            next_check_at=form.next_check_at(int(minutes)) if minutes.isdigit() else None,
            reason=given["reason"],
        )
        saved = True
    if not saved:
        return False
    save_draft(opened, "assessment", "")
    messages.success(
        request,
        "Kept. It stays life safety until a second person agrees; they have 10 minutes."
        if lowers
        else "The assessment is kept.",
    )
    return True


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def handoff(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Give a tip to teams: the form, who would get it, whom the words may mean; then it goes."""
    viewer = viewer_of(request)
    opened = open_form(request, tip_id, "hand off")
    tip = opened.tip
    with viewing(viewer):
        teams, barred = staff.teams_for(tip)
    choices = team_choices(teams, school_id=tip.school_id, barred=barred)
    asked = request.POST if request.method == "POST" else None
    initial = _handoff_initial(opened, teams) if asked is None else {}
    form = HandoffForm(asked, teams=choices, initial=initial)
    more: dict[str, Any] = {"form": form, "guide": BRIEF_GUIDE, "outside": _outside(tip)}
    if asked is not None and form.is_valid():
        if "confirmed" in asked:
            brief, why = form.cleaned_data["brief"], form.cleaned_data["words_reason"]
            mentioned = whom_of_handoff(request, opened, form.team_ids, brief, why)
            with refusal_on(form):
                hand_off(
                    opened,
                    form.team_ids,
                    brief,
                    with_words=form.cleaned_data["with_words"],
                    words_reason=why,
                    mentioned=mentioned,
                )
                save_draft(opened, "brief", "")
                messages.success(
                    request, "Handed off. Below is who has been asked and who answers."
                )
                return redirect("tip", tip_id=tip_id)
        elif "change" not in asked:
            with viewing(viewer):
                more["who"] = staff.who_would_get_it(
                    tip, [t for t in teams if t.pk in form.team_ids]
                )
            save_draft(opened, "brief", form.cleaned_data["brief"])
    return show(request, opened, mode="handoff", more=more)


def _handoff_initial(opened: OpenTip, teams: list[Team]) -> dict[str, Any]:
    """Suggest the school's team, and the district's office where the building may be the danger."""
    tip = opened.tip
    own = [
        text
        for person, text in drafts_of(opened).get("brief", [])
        if person == opened.viewer.person_id
    ]
    suggested = [
        str(team.pk)
        for team in teams
        if (
            team.kind == TeamKind.DISTRICT
            if _outside(tip)
            else team.school_id is not None and team.school_id == tip.school_id
        )
    ]
    return {"teams": suggested, "brief": own[-1] if own else _brief_from_source(opened)}


def _brief_from_source(opened: OpenTip) -> str:
    """Begin a brief with where, what, now and who, as 911 would be told them."""
    contents = read_contents(opened)
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, opened.tip.pk)
        row = panel.judgement_on(tip.pk, now).assessment
        standing, around = standing_of(tip, now), places_around(tip, contents)
    assessment = panel.assessment_panel(opened, row)
    return facts_of(opened, tip, contents, assessment, standing, around).brief()


def _outside(tip: Tip) -> bool:
    tile = TILES_BY_KEY.get(tip.tile)
    return tile is not None and tile.outside_building


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def keep_out(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Say by name who must not see a matter."""
    viewer = viewer_of(request)
    opened = open_form(request, tip_id, "hand off")
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        groups = staff.people_to_keep_out(tip, leave_out=viewer.person_id)
        unsettled = is_unsettled(tip)
    did = request.POST.get("did", "bar") if request.method == "POST" else ""
    # What was said since the page was made was not read by whoever presses.
    turn = request.POST.get("said", "")
    said = int(turn) if turn.isdecimal() and len(turn) < 9 else None
    form = BarForm(request.POST if did == "bar" else None, people=groups, unsettled=unsettled)
    dismiss = DismissForm(request.POST if did == "dismiss" else None)
    # Two presses settle it: the second one is of somebody who has read whom they let see it.
    sure = about = ""
    if did == "dismiss" and dismiss.is_valid():
        sure = did
        if "sure" in request.POST:
            ask_whom(request, viewer, tip_id, "dismiss")
            with refusal_on(dismiss):
                dismiss_not_see(opened, dismiss.cleaned_data["reason"], said=said)
                messages.success(request, "Kept, with your name and your reason. It can go now.")
                return redirect("tip", tip_id=tip_id)
    elif did == "bar" and form.is_valid():
        people = [int(person) for person in form.cleaned_data["people"]]
        is_meant = form.cleaned_data.get("is_meant") == "yes"
        asked = " ".join(map(str, people))
        with refusal_on(form):
            if is_meant and request.POST.get("sure") == asked:
                settle_meant(opened, people, said=said)
                messages.success(request, "Settled: they are kept out, and it can go to others.")
                return redirect("tip", tip_id=tip_id)
            # The bar waits for no second press, and settles nothing.
            bar_people(opened, people)
            if is_meant:
                sure, about = did, asked
            else:
                messages.success(request, "Kept out, from now on and everywhere.")
                return redirect("tip_keep_out" if unsettled else "tip", tip_id=tip_id)
    more = {"form": form, "dismiss": dismiss, "sure": sure, "about": about}
    return show(request, opened, mode="keep_out", more=more)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def close(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Close a tip, or propose it where a second person must agree."""
    opened = open_form(request, tip_id, "close")
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_whom(request, opened.viewer, tip_id, "close")
        with refusal_on(form):
            ticked = set(request.POST)
            if not BY_KEY[form.cleaned_data["disposition"]].nothing:
                # Whoever can assess it here does: no tick stands in for it.
                _judged(opened)
                ticked.add("unassessed")
            need_asked(opened, ticked, read_to=read_to(request))
            need_home_known(opened, form.cleaned_data["disposition"], request.POST)
            done = close_tip(
                opened,
                form.cleaned_data["disposition"],
                form.cleaned_data["words"],
                read_to=read_to(request),
            )
            proposed = isinstance(done, SecondOpinion)
            messages.success(
                request,
                "A second person is asked. They have 10 minutes; until they agree it stays open."
                if proposed
                else "Closed.",
            )
            return redirect(f"/tips/{tip_id}" if proposed else "/queue")
    with viewing(opened.viewer):
        asks = asks_first(tip_for(opened.viewer, tip_id))
    more = {"form": form, "asks": asks, "ticked": request.POST, "home": home_of(opened)}
    return show(request, opened, mode="close", more=more)


def _judged(opened: OpenTip) -> None:
    """Refuse to end a life-safety tip that nobody has assessed. Raises Refused."""
    with viewing(opened.viewer):
        unjudged = opened.tip.priority == Priority.LIFE_SAFETY and not assessed(opened.tip.pk)
    if unjudged:
        raise Refused(
            "Nobody has assessed this tip, and a life may be in danger. Assess it first: then "
            "whoever reads the record sees what was known when it was closed."
        )
