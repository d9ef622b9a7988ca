"""The dispatch sheet's page: a script to read out, with a timer, and what is written down of it.

It opens in one press from the tip, at any time, beside everything else that goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.refused import Refused
from upstander.desk.one_source import Facts, facts_of, places_around, words_of
from upstander.desk.tip_page import show
from upstander.dispatch.actions import decide_911, record_call, save_sheet
from upstander.dispatch.briefs import add_page, hand_to_police
from upstander.dispatch.eido import eido_document
from upstander.dispatch.forms import CallForm, PoliceForm, SheetForm
from upstander.dispatch.panel import DispatchShown, dispatch_panel, times_of
from upstander.dispatch.printed import sheet_pdf
from upstander.dispatch.queries import Standing, standing_of
from upstander.dispatch.sheet import Around, Lines, Told, opening, script, unverified
from upstander.escalations.reading import Decision, words_read
from upstander.escalations.tasks import ReadFirst
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.priority import Priority
from upstander.places.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import record_on
from upstander.tips.models import Tip
from upstander.tips.not_see import matter_unsettled
from upstander.tips.opening import OpenTip, Turn, open_tip, read_contents
from upstander.tips.queries import names_of
from upstander.triage import panel
from upstander.triage.queries import QueueRow, rows_for
from upstander.triage.whom import whom_of_brief
from upstander.ui.press import Ask, refusal_on


@dataclass(frozen=True, slots=True)
class Seen:
    """A tip's dispatch as it stands, read anew."""

    opened: OpenTip
    tip: Tip
    row: QueueRow
    now: datetime
    standing: Standing
    shown: DispatchShown
    #: The one source of all that is said.
    facts: Facts
    extras: tuple[str, ...]
    #: What the reporter wrote, beside the line that a person types of it.
    words: list[Turn]

    @property
    def around(self) -> Around:
        """The places, and what the reporter ticked."""
        return self.facts.around

    @property
    def lines(self) -> Lines:
        """The sheet's lines."""
        return self.facts.lines

    def told_by(self, lines: Lines, read: str = "") -> dict[str, Told]:
        """Return who says ``lines``: for what was changed, whoever types it, from now on.

        What was empty and stays so is nobody's: it is filled once anybody knows it. ``read``: the
        turns of the reporter stood on the page on which it was typed.
        """
        told, at = dict(self.facts.told), self.read_until(read)
        given = {key: "" if words == "unknown" else words for key, words in lines.items()}
        for key in {*given, *self.lines}:
            if given.get(key, "") != self.lines.get(key, ""):
                told[key] = Told("typed", at)
        return told

    def read_until(self, read: str) -> datetime:
        """Return until when a person had read what the reporter wrote, as their page had it.

        What came while the page stood open was not before them: it is newer than what they typed.
        """
        if read.isdecimal() and len(read) < 9 and int(read) < len(self.words):
            return min(self.now, self.words[int(read)].at - timedelta(microseconds=1))
        return self.now


#: The page with the words, and what writes or takes out without showing them: that is no reading.
_SHOWN, _UNSHOWN = "dispatch sheet", "sheet written or taken"


def _see(request: HttpRequest, tip_id: UUID, purpose: str) -> Seen:
    viewer = viewer_of(request)
    opened = open_tip(viewer, tip_id, purpose=purpose)
    contents = read_contents(opened)
    if purpose == _SHOWN:
        # The words stand on this page: whoever opened it has read, and decides.
        words_read(viewer, tip_id)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        row = rows_for([tip])[0]
        judgement = panel.judgement_on(tip.pk, now)
        standing = standing_of(tip, now)
        names = names_of(standing.people)
        around = places_around(tip, contents)
    shown = dispatch_panel(opened, standing, names)
    assessment = panel.assessment_panel(opened, judgement.assessment)
    category = assessment.category if assessment else ""
    facts = facts_of(opened, tip, contents, assessment, standing, around)
    # Page, paper and JSON speak from the same lines.
    shown = replace(shown, lines=facts.lines, told=facts.told)
    extras = panel.sheet_for(tile=tip.tile, category=category)
    words = words_of(contents)
    return Seen(opened, tip, row, now, standing, shown, facts, extras, words)


@require_GET
@requires(Permission.WORK_TIPS)
def sheet(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Show the call script with its timer, and what was done so far."""
    return _page(request, _see(request, tip_id, _SHOWN))


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
        "zone": seen.around.zone,
        "extras": seen.extras,
        "shown": seen.shown,
        "sheet_form": SheetForm(initial=seen.lines),
        "call_form": CallForm(initial={"line": "psap" if seen.around.psap_phone else "911"}),
        "police_form": PoliceForm(teams=[team for team in teams if int(team[0]) not in given]),
        "new_teams": [team for team in teams if int(team[0]) not in given],
        "life_safety": seen.tip.priority == Priority.LIFE_SAFETY,
        "may_search": seen.tip.rank <= 1,
    }
    # A form that comes back was refused.
    return render(request, "desk/dispatch.html", context | forms, status=422 if forms else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def save(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Keep the sheet as its next version."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, _UNSHOWN)
    form = SheetForm(request.POST, initial=seen.lines)
    if form.is_valid():
        with refusal_on(form):
            lines = form.lines()
            told = seen.told_by(lines, request.POST.get("read", ""))
            kept = save_sheet(seen.opened, lines, told)
            messages.success(request, f"Version {kept.number} is kept. Read out what is new.")
            return redirect("dispatch_sheet", tip_id=tip_id)
    return _page(request, seen, sheet_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def place(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Write down where it is: every page, paper and brief says it from then on."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, _UNSHOWN)
    street = request.POST.get("street", "").strip()
    if not street:
        messages.error(request, "Nothing is written down: the place was left empty.")
        return redirect("dispatch_sheet", tip_id=tip_id)
    lines = {**seen.lines, "street": street}
    form = SheetForm(lines, initial=seen.lines)
    told = seen.told_by(lines, request.POST.get("read", ""))
    if street == seen.lines.get("street"):
        # Read, and it stands. What somebody typed stays theirs: no later note takes its place.
        stands = seen.facts.told.get("street")
        by = "typed" if stands and stands.by == "typed" else "looked"
        told["street"] = Told(by, seen.read_until(request.POST.get("read", "")))
    try:
        save_sheet(seen.opened, lines, told)
    except Refused as refused:
        # Shown again with what was typed, so that nothing is lost.
        form.add_error("street", str(refused))
        return _page(request, seen, sheet_form=form)
    messages.success(request, "The place is written down. Read it out if a call is under way.")
    back = "dispatch_sheet" if "sheet" in request.POST else "tip"
    return redirect(back, tip_id=tip_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def call(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Write down "I called"."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, _UNSHOWN)
    form = CallForm(request.POST)
    if form.is_valid():
        with refusal_on(form):
            made = record_call(
                seen.opened,
                seen.lines,
                told=seen.facts.told,
                **form.facts(seen.now, seen.around.zone),
            )
            messages.success(request, "Kept. You are asked whether help arrived.")
            if made.flagged:
                messages.warning(
                    request,
                    "It is kept with a flag for your supervisor: see “Calls so far”.",
                )
            return redirect(f"/tips/{tip_id}/911#done")
    return _page(request, seen, call_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def decide(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Decide about 911, having read: call, not now, or one more fact."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    given = request.POST.get("decision", "")
    if given not in list(Decision):
        raise Http404
    chosen, words = Decision(given), request.POST.get("words", "")
    opened = open_tip(viewer_of(request), tip_id, purpose="decide about 911")
    try:
        decide_911(opened, chosen, words)
    except Refused as refused:
        # Shown again with what was typed, so that nothing is lost.
        more = {"refused_911": str(refused), "words_911": words}
        return show(request, opened, more=more, status=422)
    except ReadFirst:
        messages.error(request, "Nothing is decided yet: read their words first. They stand here.")
        return redirect("tip", tip_id=tip_id)
    if chosen is Decision.CALL:
        messages.success(request, "Yours to call. The numbers and what to say stand here.")
        return redirect("dispatch_sheet", tip_id=tip_id)
    messages.success(request, "Kept, with your reason.")
    return redirect("tip", tip_id=tip_id)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def police(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Hand a brief to police contacts."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, "brief for police")
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
            messages.success(request, "Handed over. They are told now; you see here what they do.")
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
    seen, words = _see(request, tip_id, "brief for police"), request.POST.get("words", "")
    given = next((one for one in seen.standing.briefs if one.pk == brief_id), None)
    if given is None:
        raise Http404
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
    messages.success(request, f"Update {page.number} is with them.")
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
    seen = _exported(request, tip_id, "pdf")
    times = times_of(seen.tip, seen.shown, seen.around, seen.now)
    said = script(seen.lines, seen.around, times, seen.facts.told, away=True)
    content = sheet_pdf(seen.lines, seen.around, said, seen.shown, seen.now)
    name = f"sheet-{seen.tip.reference}-{seen.shown.number}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, name) or "inline"},
    )


@require_GET
@requires(Permission.WORK_TIPS)
def eido(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the sheet in the shape of an EIDO, marked as a draft."""
    seen = _exported(request, tip_id, "eido draft")
    document = eido_document(seen.tip.pk, seen.lines, seen.around, seen.shown, seen.now)
    name = f"sheet-{seen.tip.reference}-{seen.shown.number}-draft.json"
    return JsonResponse(
        document,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


def _exported(request: HttpRequest, tip_id: UUID, form: str) -> Seen:
    seen = _see(request, tip_id, _UNSHOWN)
    with viewing(seen.opened.viewer):
        record_on(seen.tip, "dispatch sheet taken out", seen.opened.viewer, form=form)
    return seen
