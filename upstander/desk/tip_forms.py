"""The forms that stand beside the dialog: assessment, hand-off, who must not see it, closing."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.cases.questioning import ask_questioned_at_center
from upstander.cases.views import read_to
from upstander.decisions.actions import asks_first, close_tip, need_asked
from upstander.decisions.dispositions import BY_KEY
from upstander.decisions.models import SecondOpinion
from upstander.desk.brief import (
    asks_of,
    facts_now,
    first_words,
    known_for,
    mark_of,
    place_now,
    with_todays,
)
from upstander.desk.handoff_who import asked_from, getting_of, handed_off_words, who_mark
from upstander.desk.newer_views import tell_place
from upstander.desk.tip_page import open_form, show
from upstander.emergency.actions.help import decide_911
from upstander.escalations.actions.reading import Decision
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import TILES_BY_KEY, priority_floor
from upstander.people.models import Team
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import drafts_of, save_draft
from upstander.tips.models import Draft, Tip
from upstander.tips.opening import OpenTip, read_contents
from upstander.tips.states import TipState
from upstander.triage import shown, staff
from upstander.triage.actions.handoff import exclude_people, hand_off
from upstander.triage.actions.work import assess_tip, claim_tip
from upstander.triage.forms import (
    AssessForm,
    CloseForm,
    initial_from,
)
from upstander.triage.handed import home_of, need_home_known
from upstander.triage.handoff_form import BRIEF_GUIDE, HandoffForm, team_choices
from upstander.triage.queries import assessed
from upstander.triage.suggestions import Suggestion, suggest_priority
from upstander.triage.whom import ask_whom, whom_of_handoff
from upstander.ui.press import asked_as, asking, refusal_on


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
    more = {"form": form, "suggestion": suggestion, "floor_priority": floor}
    more["known"] = known_for(opened, form)
    return show(request, opened, mode="assess", more=more, status=_status(form))


def _assess_initial(opened: OpenTip) -> dict[str, Any]:
    """Begin where somebody stopped: the own draft, else the last judgement.

    Of a draft that is older than that judgement only the reason stays: what a colleague has learned
    since is not put back to what stood before.
    """
    with viewing(opened.viewer) as now:
        row = shown.judgement_on(opened.tip.pk, now).assessment
        mine = Draft.objects.filter(
            tip_id=opened.tip.pk, kind="assessment", person_id=opened.viewer.person_id
        )
        begun = mine.values_list("at", flat=True).first()
    last = shown.assessment_panel(opened, row)
    record = dict(last.fields) if last else {}
    if place := place_now(opened):
        record["place_now"] = place
    category = last.category if last else ""
    initial: dict[str, Any] = {"category": category}
    if last:
        # Nothing is chosen for whoever judges first; later what was judged stands until it changes.
        initial["priority"] = opened.tip.priority
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
        if row is not None and begun is not None and row.at > begun:
            kept = {**initial_from(record), "reason": kept.get("reason", "")}
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
            gettext("Say why: a second person will read it before they agree.")
            if lowers
            else gettext("Say why this is less urgent than the record suggests."),
        )
        return False
    if not form.record() and not given["reason"].strip():
        form.add_error(
            None,
            gettext(
                "Nothing is recorded yet. Enter at least one thing that you know, or your reason."
            ),
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
    tell_place(request, opened.tip.pk)
    messages.success(
        request,
        gettext("Saved. It stays life safety until a second person agrees, within 10 minutes.")
        if lowers
        else gettext("Assessment saved."),
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
    with viewing(viewer) as now:
        teams, excluded = staff.teams_for(tip)
        waits = asked_from(tip, now)
        judged = assessed(tip_id)
        labels = staff.team_labels(tip, now)
    choices = team_choices(teams, school_id=tip.school_id, excluded=excluded, labels=labels)
    today = facts_now(opened)
    sent = with_todays(request.POST, today) if request.method == "POST" else None
    initial = _handoff_initial(opened, teams, today, judged=judged) if sent is None else {}
    if copies := sent is not None and "copy" in sent.data:
        sent.data["what"] = first_words(opened)
    form = HandoffForm(
        sent and sent.data,
        teams=choices,
        talk=tip.to_talk,
        waits=bool(waits),
        asks=asks_of(opened, today),
        initial=initial,
    )
    more: dict[str, Any] = {"form": form, "guide": BRIEF_GUIDE, "outside": _outside(tip)}
    if copies:
        save_draft(opened, "brief", sent.data.get("brief", ""))
    elif sent is not None and sent.changed and sent.by_hand:
        more["changed"] = today
    elif sent is not None and form.is_valid():
        with viewing(viewer) as now:
            who = staff.who_would_get_it(tip, [t for t in teams if t.pk in form.team_ids], now)
        # Chosen anew without a script, or somebody joined or was kept out: they are read first.
        other = sent.data.get("who_seen") not in (None, who_mark(who))
        if "confirmed" in sent.data and not other:
            why = form.cleaned_data["words_reason"]
            own = f"{form.cleaned_data['brief']}\n{why}"
            whom = whom_of_handoff(request, opened, form.team_ids, form.whole, why)
            with asked_as(gettext("Not handed off yet: one question first")):
                ask_questioned_at_center(request, viewer, tip, own)
            with refusal_on(form):
                if whom is not None and whom.out():
                    exclude_people(opened, whom.out())
                if tip.state == TipState.NEW:
                    # As with a reply: whoever acts on what nobody has, has it.
                    claim_tip(viewer, tip_id)
                if why_not := form.cleaned_data.get("not_911"):
                    decide_911(opened, Decision.NOT_NOW, why_not)
                hand_off(
                    opened,
                    form.team_ids,
                    form.whole,
                    with_words=form.cleaned_data["with_words"],
                    words_reason=why,
                    mentioned=whom.mentioned() if whom is not None else (),
                    ground=form.cleaned_data.get("ground", ""),
                    at_once=form.cleaned_data.get("at_once", False),
                )
                save_draft(opened, "brief", "")
                messages.success(
                    request, handed_off_words(None if form.cleaned_data.get("at_once") else waits)
                )
                if sent.changed:
                    messages.info(
                        request, gettext("The facts had changed, so they got the current version.")
                    )
                return redirect("tip", tip_id=tip_id)
        elif "change" not in sent.data:
            more |= {"who": who, "who_changed": other and "confirmed" in sent.data}
            save_draft(opened, "brief", form.cleaned_data["brief"])
    chosen = [int(team) for team in form["teams"].value() or () if str(team).isdecimal()]
    typed = sent is not None and form.is_valid()
    words = (form.whole, form.cleaned_data["words_reason"]) if typed else (today,)
    more["whom"] = whom_of_handoff(request, opened, chosen, *words)
    return show(
        request,
        opened,
        mode="handoff",
        more=more | getting_of(viewer, tip, teams, form["teams"].value()),
        status=_status(form),
    )


def _status(form: Form) -> HTTPStatus:
    """Tell a page that sends by itself what came of it: a form that comes back was refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _handoff_initial(
    opened: OpenTip, teams: list[Team], today: str, *, judged: bool
) -> dict[str, Any]:
    """Suggest the school's team, and the district's office where the building may be the danger.

    Of a brief that was begun only the own words are kept: what is known is today's.
    """
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
    return {
        "teams": suggested,
        "facts": today,
        "facts_mark": mark_of(today),
        "brief": own[-1] if own else "",
        # What is urgent, or not judged yet, lies until the morning only if somebody says so.
        "at_once": tip.priority != Priority.ROUTINE or not judged,
    }


def _outside(tip: Tip) -> bool:
    tile = TILES_BY_KEY.get(tip.tile)
    return tile is not None and tile.outside_building


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
                gettext(
                    "A second person has been asked. They have 10 minutes; it stays open until "
                    "they agree."
                )
                if proposed
                else gettext("Closed."),
            )
            return redirect(f"/tips/{tip_id}" if proposed else "/queue")
    with viewing(opened.viewer):
        asks = asks_first(tip_for(opened.viewer, tip_id))
    more = {"form": form, "asks": asks, "ticked": request.POST, "home": home_of(opened)}
    return show(request, opened, mode="close", more=more, status=_status(form))


def _judged(opened: OpenTip) -> None:
    """Refuse to end a life-safety tip that nobody has assessed. Raises Refused."""
    with viewing(opened.viewer):
        unjudged = opened.tip.priority == Priority.LIFE_SAFETY and not assessed(opened.tip.pk)
    if unjudged:
        raise Refused(
            gettext(
                "Nobody has assessed this tip, and a life may be in danger. Assess it first, so "
                "that the record shows what was known when it was closed."
            )
        )
