"""A duty's pages: "I suspect", the duty with its clocks, and what its owner writes down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.cases.access import case_for
from upstander.cases.models import Case
from upstander.cases.questioning import why_questioned
from upstander.mandated import queries
from upstander.mandated.access import duty_for
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.answers import answer_suspicion
from upstander.mandated.actions.consults import consult_becomes, open_consult
from upstander.mandated.actions.for_file import Owed, owed_one
from upstander.mandated.actions.granting import suspect_also
from upstander.mandated.actions.unfiled import FILES, TO_FILE, is_unfiled
from upstander.mandated.away import Away, asked_of, away
from upstander.mandated.clocks import is_open
from upstander.mandated.copying import MENTIONED
from upstander.mandated.days import days_of
from upstander.mandated.deadlines import begins, dues_of
from upstander.mandated.event_words import KIND_WORDS, WORD_LABELS
from upstander.mandated.forms import (
    FirstForm,
    MeetForm,
    MomentForm,
    NoteForm,
    UrgencyForm,
)
from upstander.mandated.keep_out_form import ask_whom, keep_out_form, kept_out_just_now
from upstander.mandated.leaving.queries import stand_in_of
from upstander.mandated.models import DutyEvent, WideExclusion
from upstander.mandated.rights import DutyRight
from upstander.mandated.routing import route_of
from upstander.mandated.suspect_form import CARRIED, SuspectForm
from upstander.mandated.suspicion import Suspicion
from upstander.matters.folders import FolderShut
from upstander.matters.people_near import people_near
from upstander.people.permissions import Permission, may, requires, viewer_here, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states import RuleSet, laws
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import matter_unsettled
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, open_tip
from upstander.tips.place_words import places_of
from upstander.ui.press import Again, Misfilled, Page, Said, filled, refusal_on, refused_as


@require_http_methods(["GET", "POST"])
@requires(Permission.SUSPECT)
def suspect(request: HttpRequest) -> HttpResponse:
    """Begin one's own duty, in under a minute: from a tip, from a case, or from nothing."""
    viewer = viewer_of(request)
    tip_id, case_id = _named(request, "tip"), _named(request, "case")
    asked_id = request.POST.get("asked") or request.GET.get("asked") or ""
    consult_id = _named(request, "consult")
    consult = open_consult(viewer, consult_id) if consult_id else None
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id) if tip_id else None
        case = case_for(viewer, case_id) if case_id else None
        # Who can't read it (any more) may begin the report all the same.
        owed = _owed(viewer, asked_id)
        about = tip or case or owed
        asked = request.POST.get("school", "")
        school = int(asked) if re.fullmatch(r"[0-9]{1,18}", asked) else None
        district = queries.district_of(viewer, school, about.district_id if about else None)
        schools = queries.schools_near(viewer)
        near = people_near(about.district_id if about else None)
        places = places_of({one.district_id for one in near if one.district_id is not None})
    # Before there is a district, nobody's law is better than another's.
    rules = (law_of(district) if district else laws()[0]).duties
    zone = district.time_zone if district else settings.TIME_ZONE
    # Words that were taken down for the center come along, to be read before they are kept here.
    begins = request.method != "POST" or "carried" in request.POST
    carried = {name: request.POST[name] for name in CARRIED if begins and name in request.POST}
    form = SuspectForm(
        None if begins else request.POST,
        rules=rules,
        zone=zone,
        schools=schools,
        near=near,
        places=places,
        me=viewer.person_id,
        initial={"school": about.school_id if about else school or queries.own_school(viewer)}
        | (consult.begins if consult else {})
        | carried,
    )
    form.consult_id = consult_id
    if not begins and form.is_valid():
        data = form.cleaned_data
        if district is None:
            words = gettext("There is no district yet: call %(whom)s now.")
            form.add_error(None, words % {"whom": rules.phoned.called})
            return render(request, "mandated/suspect.html", _around(rules, form, tip, case, owed))
        cause = now if data["since"] == "now" else data["since_at"]
        with refusal_on(form):
            duty_id = actions.start_duty(
                viewer,
                Suspicion(
                    rule_set=rules.key,
                    rule=data["rule"],
                    district_id=district.pk,
                    school_id=data["school"],
                    tip_id=tip.pk if tip else None,
                    case_id=case.pk if case else None,
                    matter_id=about.matter_id if about else None,
                    cause_at=cause,
                    accused=form.kept_out(),
                    about=form.about_whom(),
                    disability=form.flag("disability"),
                    restraint=form.flag("restraint"),
                    words=form.words() | (consult.told_in(zone) if consult else {}),
                ),
            )
            if consult is not None:
                consult_becomes(viewer, consult.id, duty_id)
            if tip is not None and tip.mandated:
                _answer_yes(viewer, tip.pk, duty_id)
            messages.success(request, gettext("Saved. It is your duty from now on; call next."))
            for said in form.said():
                messages.warning(request, said)
            return redirect("mandated:duty", duty_id=duty_id)
    return render(request, "mandated/suspect.html", _around(rules, form, tip, case, owed))


def _named(request: HttpRequest, what: str) -> UUID | None:
    """Return the id by which a tip or a case was named, if one was."""
    return _id(request.POST.get(what) or request.GET.get(what) or "")


def _owed(viewer: Viewer, asked: str) -> Owed | Away | None:
    """Return the question that was named: one's own about what went back to the center, or one that
    an office answers for. Raises Http404."""
    if not re.fullmatch(r"[0-9]{1,18}", asked):
        return None
    own = next((one for one in away(viewer) if one.id == int(asked)), None)
    if own is not None or not may(viewer, DutyRight.ANSWER_FOR_FILE):
        return own
    return owed_one(viewer, int(asked))


def _answer_yes(viewer: Viewer, tip_id: UUID, duty_id: UUID) -> None:
    """Keep the answer that a tip's page asked for, where it opens for them: it is begun."""
    with suppress(NotGranted):
        opened = open_tip(viewer, tip_id, purpose="answer")
        answer_suspicion(opened, suspects=True, why="", duty_id=duty_id)


def _around(
    rules: RuleSet, form: SuspectForm, tip: Tip | None, case: Case | None, owed: Owed | Away | None
) -> dict[str, Any]:
    phones = [way for way in rules.ways.values() if way.phone]
    about = {"tip": tip, "case": case, "owed": owed}
    return {"rules": rules, "form": form, "phones": phones} | about


@require_GET
@requires(DutyRight.OWN_DUTY)
def own(request: HttpRequest) -> HttpResponse:
    """List one's own duties, what is owed first."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        rows = queries.own_duties(viewer, now)
        seen = queries.duties_of_advocates(viewer, now)
        later = queries.later_of(viewer, now)
        # Who has left begins nothing, and is asked nothing any more.
        may_begin = may(viewer, Permission.SUSPECT)
        asked = asked_of(viewer) if may_begin else []
    shown = {"rows": rows, "later": later, "asked": asked, "now": now, "may_begin": may_begin}
    return render(request, "mandated/own.html", shown | {"seen": seen})


@require_GET
@requires(DutyRight.OWN_DUTY)
def duty(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Show a duty: its clocks, what to do next, and everything that was written down."""
    return _page(request, duty_id)


def _page(
    request: HttpRequest,
    duty_id: UUID,
    bad: Mapping[str, forms.BaseForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        found, folder = actions.open_duty(viewer, duty_id)
    except FolderShut:
        return render(request, "mandated/shut.html", status=403)
    with viewing(viewer) as now:
        row = queries.rows_of([found], now)[0]
        events = queries.events_of(found, folder)
        days = days_of(found.district_id)
        later = dues_of(viewer, found, row.rule, now)
        route = route_of(found.pk)
        unsettled = route.waits and matter_unsettled(found.matter_id)
        exclusions = keep_out_form(viewer, found)
        stood_in, may_stand_in = stand_in_of(found.pk) if row.left else (None, False)
        wide = WideExclusion.objects.filter(duty_id=duty_id, agreed__isnull=True).exists()
    zone = days.zone
    rules, rule = row.rules, row.rule
    # An answer stands under its question's key.
    labels = {one.key: one.question for one in rule.emergent} | WORD_LABELS
    mine = found.person_id == viewer.person_id
    ways = [rules.ways[key] for key in rule.ways]
    shown: dict[str, Any] = {
        "urgency": UrgencyForm(rule=rule),
        "first": FirstForm(rules=rules, rule=rule, zone=zone, initial={"at": now}),
        "note": NoteForm(),
        "correct": MomentForm(zone=zone, initial={"at": found.first_at}),
        "redate": MomentForm(zone=zone, initial={"at": found.written_at}, prefix="redate"),
        "event": MomentForm(zone=zone, initial={"at": now}),
        "meet": MeetForm(zone=zone, initial={"at": now}),
        "keep_out": exclusions,
    } | dict(bad or {})
    # Several forms ask for a time and words: each field of the page has an id of its own.
    for name, form in shown.items():
        if form is not None:
            form.auto_id = f"{name}_%s"
    said = [e for e in events if e.event.kind == DutyEvent.Kind.SAID_REPORTED]
    answered = [
        e for e in events if e.event.kind in (DutyEvent.Kind.CONFIRMED, DutyEvent.Kind.DENIED)
    ]
    context = {
        "row": row,
        "duty": found,
        "mine": mine,
        "now": now,
        "forms": shown,
        "ways": [
            {
                "way": way,
                "open": is_open(way, now, zone, days.is_holiday),
                "excluded": way.only_if_not_emergent and found.emergent is not False,
            }
            for way in ways
        ],
        "uncounted": [e for e in events if e.event.kind == DutyEvent.Kind.UNCOUNTED],
        "events": [
            {
                "kind": KIND_WORDS[DutyEvent.Kind(one.event.kind)],
                "who": one.who,
                "event": one.event,
                "words": [
                    (labels.get(n, n), text)
                    for n, text in one.words.items()
                    if n not in (TO_FILE, FILES, MENTIONED)
                ],
            }
            for one in events
        ],
        "later": later,
        "begins": [(kind, KIND_WORDS[kind]) for kind in begins(viewer, row.duty, rule)],
        "unfiled": mine and not route.waits and is_unfiled(one.event for one in events),
        "unsettled": unsettled,
        "past_building": route.past_building,
        "stood_in": stood_in,
        "may_stand_in": may_stand_in,
        "wide": wide,
        "asked": said[-1] if len(said) > len(answered) else None,
    }
    return render(request, "mandated/duty.html", context, status=status)


def _again(request: HttpRequest, viewer: Viewer, again: Again) -> HttpResponse:
    return _page(request, again.key, again.forms, status=again.status)


#: A duty's page: what is done on it ends there, with what was typed kept.
DUTY_PAGE = Page(
    guard=requires(DutyRight.OWN_DUTY),
    key="duty_id",
    opens=viewer_here,
    home=lambda duty_id: reverse("mandated:duty", args=[duty_id]),
    again=_again,
    first=ask_whom,
    only_post=True,
)


def _for(viewer: Viewer, duty_id: UUID) -> tuple[queries.DutyRow, str, datetime]:
    """Return a duty of the viewer's own with its zone, for a form. Raises Http404."""
    with viewing(viewer) as now:
        found = duty_for(viewer, duty_id)
        actions.own_or_404(viewer, found)
        row = queries.rows_of([found], now)[0]
        zone = District.objects.get(pk=found.district_id).time_zone
    return row, zone, now


@DUTY_PAGE.act
def urgency(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep whether only the phone will do."""
    row, _zone, _now = _for(viewer, duty_id)
    form = filled("urgency", UrgencyForm(request.POST, rule=row.rule))
    with refused_as("urgency", form):
        urgent = actions.answer_urgency(viewer, duty_id, form.answers())
    if urgent:
        return Said(gettext("Saved. You must phone: call now."))
    if not row.spares_call:
        return Said(gettext("Saved. Phone: an electronic report doesn’t count yet."))
    return Said(gettext("Saved. Phone, or report electronically during its hours."))


@DUTY_PAGE.act
def first(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> str:
    """Keep that the first report was made."""
    row, zone, now = _for(viewer, duty_id)
    form = filled("first", FirstForm(request.POST, rules=row.rules, rule=row.rule, zone=zone))
    # A minute's picker can't be ahead of the second in which it was pressed.
    at = min(form.cleaned_data["at"], now) if form.cleaned_data["at"] <= now else None
    if at is None:
        form.add_error("at", gettext("That time is in the future."))
        raise Misfilled(first=form)
    with refused_as("first", form):
        counts = actions.report_first(
            viewer,
            duty_id,
            way=form.cleaned_data["way"],
            at=at,
            words=form.words(),
            accepted=form.took_it(),
        )
    if not counts:
        return "#uncounted"
    return Said(gettext("Saved. The written report is due next; its clock runs from this report."))


@DUTY_PAGE.act
def note(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep a note, an answer of the agency, or why questions were asked before the report."""
    row, _zone, _now = _for(viewer, duty_id)
    form = filled("note", NoteForm(request.POST))
    if request.POST.get("kind") == "suspected":
        with refused_as("note", form):
            text, named = form.cleaned_data["words"], kept_out_just_now(request)
            suspect_also(viewer, duty_id, text, named)
        return Said(gettext("Saved."))
    words = {"words": form.cleaned_data["words"]}
    kinds = {"answer": DutyEvent.Kind.ANSWER, "questions": DutyEvent.Kind.ASKED_WHY}
    kind = kinds.get(request.POST.get("kind", ""), DutyEvent.Kind.NOTE)
    accepted = {"yes": True, "no": False}.get(request.POST.get("accepted", ""))
    why = ""
    if kind == DutyEvent.Kind.NOTE:
        why = why_questioned(request, viewer, row.duty.matter_id, words["words"])
    with refused_as("note", form):
        if why:
            actions.add_event(viewer, duty_id, DutyEvent.Kind.ASKED_WHY, {"words": why})
        actions.add_event(viewer, duty_id, kind, words, accepted=accepted)
    return Said(gettext("Saved."))


@DUTY_PAGE.act
def confirm(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Say whether it is true that somebody else reported it. It ends nothing by itself."""
    _for(viewer, duty_id)
    right = request.POST.get("right") == "yes"
    kind = DutyEvent.Kind.CONFIRMED if right else DutyEvent.Kind.DENIED
    actions.add_event(viewer, duty_id, kind, {})
    return Said(
        gettext("Saved. The law requires a report from you too: record your own report below.")
    )


@DUTY_PAGE.act
def said(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Say of somebody else's duty that it was reported."""
    form = filled("note", NoteForm(request.POST))
    with refused_as("note", form):
        actions.say_reported(viewer, duty_id, {"words": form.cleaned_data["words"]})
    return Said(gettext("Saved. The duty’s owner must confirm it; their clock keeps running."))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
