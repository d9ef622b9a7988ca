"""The dispatch sheet's page: a script to read out, with a timer, and what is written down of it.

It opens in one press from the tip, at any time, beside everything else that goes on.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.refused import Refused
from upstander.cases.questioning import ask_questioned_about_911
from upstander.desk.emergency_seen import SHOWN, UNSHOWN, Seen, see
from upstander.desk.newer import for_police
from upstander.desk.newer_views import tell_place
from upstander.desk.tip_page import show
from upstander.emergency.actions.briefs import add_page, hand_to_police
from upstander.emergency.actions.help import decide_911, record_call, save_sheet
from upstander.emergency.actions.mistaken import call_not_made
from upstander.emergency.flags import why_flagged
from upstander.emergency.forms import CallForm, PoliceForm, SheetForm
from upstander.emergency.printed import sheet_pdf
from upstander.emergency.sheet import opening, script, unverified
from upstander.emergency.shown import times_of
from upstander.escalations.actions.reading import Decision, asked_to_decide
from upstander.escalations.actions.tasks import ReadFirst
from upstander.intake.priority import Priority
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.actions.not_see import matter_unsettled
from upstander.tips.actions.writing import record_on
from upstander.tips.opening import open_tip, words_shown
from upstander.triage.whom import whom_of_brief
from upstander.ui.fields import said
from upstander.ui.press import Ask, asking, refusal_on


@require_GET
@requires(Permission.WORK_TIPS)
def sheet(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Show the call script with its timer, and what was done so far."""
    seen = see(request, tip_id, SHOWN)
    response = _page(request, seen)
    # The words stand on this page: whoever opened it has read, and decides.
    if words_shown(seen.opened):
        return _page(request, see(request, tip_id, UNSHOWN))
    return response


def _page(request: HttpRequest, seen: Seen, **forms: Any) -> HttpResponse:
    times = times_of(seen.tip, seen.shown, seen.around, seen.now)
    teams = [(str(team.pk), team.name) for team in seen.standing.police.values()]
    given = {brief.team_id for brief in seen.standing.briefs}
    context = {
        "tip": seen.tip,
        "row": seen.row,
        "around": seen.around,
        "now": seen.now,
        "lead": unverified(seen.lines),
        "opening": opening(seen.around),
        "said": script(seen.lines, seen.around, times, seen.facts.told),
        "words": seen.words,
        **seen.facts.place_asked,
        "teams_behind": seen.behind(),
        "zone": seen.around.zone,
        "extras": seen.extras,
        "shown": seen.shown,
        "sheet_form": SheetForm(initial=seen.lines),
        "call_form": CallForm(),
        "police_form": PoliceForm(teams=[team for team in teams if int(team[0]) not in given]),
        "new_teams": [team for team in teams if int(team[0]) not in given],
        "life_safety": seen.tip.priority == Priority.LIFE_SAFETY,
        "may_search": seen.tip.rank <= 1,
    }
    # A form that comes back was refused.
    return render(request, "desk/emergency.html", context | forms, status=422 if forms else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def save(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Keep the sheet as its next version."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    seen = see(request, tip_id, UNSHOWN)
    form = SheetForm(request.POST, initial=seen.lines)
    typed = [words for key, words in form.data.items() if words != seen.lines.get(key, "")]
    ask_questioned_about_911(request, seen.opened, "\n".join(map(str, typed)))
    if form.is_valid():
        with refusal_on(form):
            lines = form.lines()
            told = seen.told_by(lines, request.POST.get("read", ""))
            kept = save_sheet(seen.opened, *seen.keeping(lines, told))
            messages.success(
                request,
                gettext("Version %(number)s is saved. Read out what is new.")
                % {"number": kept.number},
            )
            if lines.get("street", "") != seen.lines.get("street", ""):
                tell_place(request, tip_id)
            return redirect("emergency_sheet", tip_id=tip_id)
    return _page(request, seen, sheet_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def place(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Write down where it is: every page and paper says it from then on, and who was told other."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    seen = see(request, tip_id, UNSHOWN)
    street = request.POST.get("street", "").strip()
    try:
        said(street)
    except Refused as refused:
        messages.error(request, gettext("Nothing was recorded: %(why)s") % {"why": refused})
        return redirect("emergency_sheet", tip_id=tip_id)
    if not street:
        messages.error(request, gettext("Nothing was recorded: the place was left empty."))
        return redirect("emergency_sheet", tip_id=tip_id)
    ask_questioned_about_911(request, seen.opened, street)
    lines = {**seen.lines, "street": street}
    form = SheetForm(lines, initial=seen.lines)
    told = seen.told_by(lines, request.POST.get("read", ""))
    if street == seen.lines.get("street"):
        # Read, and it stands. What somebody typed stays theirs: no later note takes its place.
        stands = seen.facts.told.get("street")
        by = "typed" if stands and stands.by == "typed" else "looked"
        told["street"] = seen.said(by, request.POST.get("read", ""))
    try:
        save_sheet(seen.opened, *seen.keeping(lines, told))
    except Refused as refused:
        # Shown again with what was typed, so that nothing is lost.
        form.add_error("street", str(refused))
        return _page(request, seen, sheet_form=form)
    messages.success(
        request, gettext("The place is recorded. If a call is in progress, read it out.")
    )
    tell_place(request, tip_id, anew=bool(seen.facts.newer))
    back = "emergency_sheet" if "sheet" in request.POST else "tip"
    return redirect(back, tip_id=tip_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def call(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Write down "I called"."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    seen = see(request, tip_id, UNSHOWN)
    form = CallForm(request.POST)
    if form.is_valid():
        with refusal_on(form):
            made = record_call(
                seen.opened,
                seen.lines,
                told=seen.facts.told,
                **form.facts(seen.now, seen.around.zone),
            )
            with viewing(seen.opened.viewer):
                stays_open = asked_to_decide(tip_id)
            if stays_open:
                messages.warning(
                    request,
                    gettext(
                        "“Decide about 911” is still open: read what they wrote here, and decide."
                    ),
                )
            messages.success(request, gettext("Saved. You will be asked whether help arrived."))
            if made.flagged:
                messages.warning(
                    request,
                    gettext("It is flagged for your supervisor: %(causes)s.")
                    % {"causes": "; ".join(why_flagged(made))},
                )
            return redirect(f"/tips/{tip_id}" if _beside(request) else f"/tips/{tip_id}/911#done")
    return _page(request, seen, call_form=form)


def _beside(request: HttpRequest) -> bool:
    """Tell whether it was pressed on the tip's page by its script, which goes on there."""
    return "X-Beside" in request.headers


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def not_made(request: HttpRequest, tip_id: UUID, call_id: UUID) -> HttpResponseBase:
    """Write down that a recorded call was never made: it stays, struck through, with the reason."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    seen, why = see(request, tip_id, UNSHOWN), request.POST.get("why", "")
    ask_questioned_about_911(request, seen.opened, why)
    try:
        call_not_made(seen.opened, call_id, said(why))
    except Refused as refused:
        again = {"not_made": str(call_id), "not_made_refused": str(refused), "not_made_why": why}
        return _page(request, seen, **again)
    except ReadFirst:
        messages.error(request, gettext("Nothing was recorded: first read what they wrote."))
        return redirect("tip", tip_id=tip_id)
    messages.success(request, gettext("Recorded: that call was not made."))
    with viewing(seen.opened.viewer):
        if asked_to_decide(tip_id):
            messages.warning(request, gettext("Nobody has called 911: decide about it now."))
    return redirect("tip", tip_id=tip_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def decide(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Decide about 911, having read: call, not now, or one more fact."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    given = request.POST.get("decision", "")
    if given not in list(Decision):
        raise Http404
    chosen, words = Decision(given), request.POST.get("words", "")
    opened = open_tip(viewer_of(request), tip_id, purpose="decide about 911")
    if chosen is not Decision.CALL:
        ask_questioned_about_911(request, opened, words)
    try:
        decide_911(opened, chosen, words if chosen is Decision.CALL else said(words))
    except Refused as refused:
        # Shown again with what was typed, so that nothing is lost.
        more = {"refused_911": str(refused), "words_911": words}
        return show(request, opened, more=more, status=422)
    except ReadFirst:
        messages.error(
            request,
            gettext("Nothing is decided yet: first read what they wrote. It is shown here."),
        )
        return redirect("tip", tip_id=tip_id)
    if chosen is Decision.CALL:
        # Nothing is done by that: a green "Done" above a call that nobody made would stop it.
        messages.warning(
            request,
            gettext(
                "What to say is open, and nobody has called yet. Call now; a call is recorded only "
                "once you press “Record my call” below."
            ),
        )
        return redirect("tip" if _beside(request) else "emergency_sheet", tip_id=tip_id)
    messages.success(request, gettext("Saved, with your reason."))
    return redirect("tip", tip_id=tip_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def police(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Hand a brief to police contacts."""
    if request.method == "GET":
        return redirect("emergency_sheet", tip_id=tip_id)
    seen = see(request, tip_id, "brief for police")
    teams = [(str(team.pk), team.name) for team in seen.standing.police.values()]
    form = PoliceForm(request.POST, teams=teams)
    if not form.is_valid():
        return _page(request, seen, police_form=form)
    team, words = int(form.cleaned_data["team"]), form.cleaned_data["words"]
    danger_now = form.cleaned_data["danger_now"]
    try:
        with refusal_on(form):
            hand_to_police(
                seen.opened,
                team,
                words,
                seen.facts.lines_away,
                seen.around,
                danger_now=danger_now,
                sheet_number=seen.shown.number,
                told=seen.facts.told,
                mentioned=_mentioned(request, seen, team, words, danger_now=danger_now),
            )
            messages.success(
                request,
                gettext("Handed over. They are being notified; what they do is shown here."),
            )
            return redirect(f"/tips/{tip_id}/911#police")
    except Ask as ask:
        # On the sheet itself: whoever is asked has the numbers and the script before them.
        return _page(request, seen, police_form=form, police_ask=ask)
    return _page(request, seen, police_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def police_update(request: HttpRequest, tip_id: UUID, brief_id: UUID) -> HttpResponseBase:
    """Send police a numbered update of their brief."""
    if request.method != "POST":
        return redirect(f"/tips/{tip_id}/911#police")
    seen, words = see(request, tip_id, "brief for police"), request.POST.get("words", "")
    given = next((one for one in seen.standing.briefs if one.pk == brief_id), None)
    if given is None:
        raise Http404
    if "newer" in request.POST and not words.strip():
        words = for_police(*(one.newer for one in seen.shown.briefs if one.id == brief_id))
    update: dict[str, Any] = {"update_of": brief_id, "update_words": words}
    try:
        page = add_page(
            seen.opened,
            brief_id,
            words,
            seen.facts.lines_away,
            seen.around,
            sheet_number=seen.shown.number,
            told=seen.facts.told,
            mentioned=_mentioned(request, seen, given.team_id, words, danger_now=given.danger_now),
        )
    except Ask as ask:
        return _page(request, seen, update_ask=ask, **update)
    except Refused as refused:
        return _page(request, seen, update_refused=str(refused), **update)
    messages.success(request, gettext("Update %s was sent to them.") % page.number)
    return redirect(f"/tips/{tip_id}/911#police")


def _mentioned(
    request: HttpRequest, seen: Seen, team_id: int, words: str, *, danger_now: bool
) -> tuple[int, ...]:
    """Return whom of a police team somebody says it isn't about; raises Ask.

    Nobody is asked about what doesn't go anyway: empty, or who must not see it isn't settled.
    """
    with viewing(seen.opened.viewer):
        if not words.strip() or (not danger_now and matter_unsettled(seen.tip.matter_id)):
            return ()
    text = "\n".join([words, *seen.facts.lines_away.values()])
    return whom_of_brief(request, seen.opened, team_id, text)


@require_GET
@requires(Permission.WORK_TIPS)
def pdf(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the sheet as one page to print. The record says that it left the desk."""
    seen = see(request, tip_id, UNSHOWN)
    with viewing(seen.opened.viewer):
        record_on(seen.tip, "dispatch sheet taken out", seen.opened.viewer, form="pdf")
    times = times_of(seen.tip, seen.shown, seen.around, seen.now)
    said = script(seen.lines, seen.around, times, seen.facts.told, away=True)
    content = sheet_pdf(seen.lines, seen.around, said, seen.shown, seen.now)
    name = f"sheet-{seen.tip.reference}-{seen.shown.number}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, name) or "inline"},
    )
