"""The board, a callout's page, and what is pressed on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.callouts import actions
from upstander.callouts.clocks import WITHIN
from upstander.callouts.consent import consents
from upstander.callouts.forms import AskForm, CalloutForm, StepForm, WhenForm
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.queries import board as board_rows
from upstander.callouts.queries import names_of, order_of, rows_of, teams
from upstander.callouts.rights import CalloutRight
from upstander.callouts.words import CANT, CHOSEN, CONSENTS, MINOR, OUTCOMES, SEEN_TO
from upstander.cases.access import case_for
from upstander.matters.folders import folder_for
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District
from upstander.tips.access import tip_for
from upstander.ui.press import refusal_on, refusal_told

Kind = Event.Kind
State = Callout.State
#: Steps that are a press, with no more to say than a reason.
_PRESSED = {
    "go": Kind.GO,
    "911": Kind.CALLED_911,
    "arrived": Kind.ARRIVED,
    "safe": Kind.SAFE,
    "seen_to": Kind.SEEN_TO,
    "ended": Kind.ENDED,
    "followed": Kind.FOLLOWED,
}


@require_GET
@requires(CalloutRight.WORK)
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits, what will be late first; who is free; and what one asked others for."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        districts = _own(viewer)
        own, asked = board_rows(now, own=districts)
        sites = Site.objects.filter(district_id__in=districts).order_by("name")
        shown = {"rows": own, "asked": asked, "sites": teams(sites, now), "now": now}
        due = Callout.objects.filter(state=State.ENDED, due_at__isnull=False)
        shown["follow_ups"] = rows_of(due.defer("sealed", "safety").order_by("due_at"), now)
    return render(request, "callouts/board.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(CalloutRight.ASK)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for somebody: upon a call, or from a tip or a case that one may see."""
    viewer = viewer_of(request)
    way = next((one for one in ("tip", "case") if one in request.GET), "call")
    with viewing(viewer):
        subject = _subject(viewer, way, request.GET.get(way, ""))
        own = _own(viewer)
        sites = Site.objects.order_by("name")
        # A call is taken by the center that goes out; a tip or case may ask any.
        sites = sites if subject else sites.filter(district_id__in=own)
        every = list(sites)
        words_of = consents(every[0].district_id) if every else []
    if not every:
        return render(request, "callouts/nobody.html")
    posted = request.POST if request.method == "POST" else None
    form = AskForm(posted, sites=every, consents=words_of)
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            facts = {"way": way, "subject_id": subject, **form.facts}
            team = next(one.team_id for one in viewer.memberships if one.kind == viewer.kind)
            made = actions.ask(viewer, form.site, team, facts, form.words, form.safety)
            messages.success(
                request,
                gettext("Asked. Their desk is being rung; stay with the child until they come."),
            )
            if form.site.district_id in own:
                return redirect("callouts:callout", callout_id=made)
            return redirect(f"/tips/{subject}" if way == "tip" else f"/cases/{subject}")
    return render(
        request,
        "callouts/new.html",
        {"form": form, "way": way, "subject": subject},
        status=422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@requires(CalloutRight.WORK)
def callout(request: HttpRequest, callout_id: UUID) -> HttpResponse:
    """Show a callout, for whoever triages, goes, or looks after it; keep what was learned."""
    opened = actions.open_callout(viewer_of(request), callout_id)
    form = _form(opened, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            actions.learn(opened, form.facts, form.words, form.safety)
            messages.success(request, gettext("Saved."))
            return redirect("callouts:callout", callout_id=callout_id)
    status = 422 if form.errors else 200
    return render(request, "callouts/callout.html", _shown(opened, form), status=status)


@require_POST
@requires(CalloutRight.WORK)
def do(request: HttpRequest, callout_id: UUID) -> HttpResponseBase:
    """Do what was pressed on a callout's page."""
    viewer, act = viewer_of(request), request.POST.get("act", "")
    form = StepForm(request.POST)
    with viewing(viewer):
        folder_for(callout_id, actions.KIND)
    with refusal_told(request):
        if act == "link":
            opened = actions.open_callout(viewer, callout_id, purpose="link")
            if not form.is_valid():
                shown = _shown(opened, _form(opened)) | {"step": form}
                return render(request, "callouts/callout.html", shown, status=422)
            link = actions.make_link(
                opened, form.cleaned_data["email"], text=form.cleaned_data["text"]
            )
            shown = {"one": opened.row, "link": request.build_absolute_uri(f"/c/{link}")}
            return render(request, "callouts/link.html", shown)
        if not form.is_valid():
            raise Refused(gettext("Nothing was changed: choose again."))
        _press(request, viewer, callout_id, act, form.cleaned_data)
    return redirect("callouts:callout", callout_id=callout_id)


def _press(
    request: HttpRequest, viewer: Viewer, callout_id: UUID, act: str, given: dict[str, Any]
) -> None:
    """Take one step. Raises Http404, Refused."""
    me, code = viewer.person_id, given["code"]
    if act == "accept":
        actions.accept(viewer, callout_id)
    elif act == "cannot":
        actions.cannot(viewer, callout_id, code)
    elif act == "phone":
        actions.step(viewer, callout_id, Kind.PHONE, to_id=me)
    elif act == "offer":
        _offer(viewer, callout_id, given["to"])
    elif act == "way":
        with viewing(viewer) as now:
            until = now + timedelta(minutes=given["minutes"] or 0)
        actions.step(viewer, callout_id, Kind.WAY, until=until)
    elif act in ("planned", "visit"):
        with viewing(viewer) as now:
            zone = _zone(callout_id)
        when = WhenForm(request.POST, zone=zone, now=now)
        if not when.is_valid():
            raise Refused(gettext("Say a time that is still to come."))
        actions.step(viewer, callout_id, Kind(act), until=when.cleaned_data["until"])
    elif act in _PRESSED:
        reason = {"code": code} if act in ("go", "seen_to", "ended") else {}
        actions.step(viewer, callout_id, _PRESSED[act], **reason)
    else:
        raise Refused(gettext("Nothing was changed: choose again."))


def _offer(viewer: Viewer, callout_id: UUID, to: int | None) -> None:
    """Offer it to somebody of the center; that the order named another first is kept."""
    with viewing(viewer) as now:
        row = Callout.objects.filter(pk=callout_id).first()
        if row is None:
            raise Http404
        sites = Site.objects.filter(district_id=row.district_id)
        if to not in {one.person for _, some in teams(sites, now) for one in some}:
            raise Refused(gettext("They are in no team that goes out."))
        code = "overruled" if to not in order_of(row, now)[:1] else ""
    actions.step(viewer, callout_id, Kind.OFFERED, to_id=to, code=code)


def _own(viewer: Viewer) -> list[int]:
    """Return the districts of the viewer's centers whose teams go out."""
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    own = District.objects.filter(center_id__in=centers).values_list("pk", flat=True)
    sites = Site.objects.filter(district_id__in=list(own))
    return list(sites.values_list("district_id", flat=True).distinct())


def _subject(viewer: Viewer, way: str, sent: str) -> UUID | None:
    """Return the tip or case that is asked from, which the viewer may see. Raises Http404."""
    if way == "call":
        return None
    try:
        subject = UUID(sent)
    except ValueError as error:
        raise Http404 from error
    return tip_for(viewer, subject).pk if way == "tip" else case_for(viewer, subject).pk


def _zone(callout_id: UUID) -> str:
    district = Callout.objects.filter(pk=callout_id).values("district_id")
    return District.objects.values_list("time_zone", flat=True).get(pk__in=district)


def _form(opened: actions.OpenCallout, sent: QueryDict | None = None) -> CalloutForm:
    begins = {**opened.words, **opened.safety, "language": opened.row.language}
    begins["danger"] = "yes" if opened.row.danger else "no"
    with viewing(opened.folder.viewer):
        words_of = consents(opened.row.district_id)
    return CalloutForm(sent, initial=begins, consents=words_of)


def _shown(opened: actions.OpenCallout, form: CalloutForm) -> dict[str, Any]:
    viewer = opened.folder.viewer
    with viewing(viewer) as now:
        row = Callout.objects.get(pk=opened.row.pk)
        steps = list(row.events.order_by("pk"))
        zone = _zone(row.pk)
        sites = Site.objects.filter(district_id=row.district_id).order_by("name")
        near, order = teams(sites, now), order_of(row, now)
        people = {who for one in steps for who in (one.person_id, one.to_id) if who}
        names = names_of({*people, *order})
        center = Center.objects.get(districts=row.district_id)
        board_row = rows_of([row], now)[0]
    return {
        "one": row,
        "row": board_row,
        "zone": zone,
        "late_at": _late_at(row),
        "center": center,
        "words": _named(form, opened.words),
        "safety": _named(form, opened.safety),
        "address": opened.words.get("where", ""),
        "form": form,
        "later": WhenForm(zone=zone, now=now, auto_id=f"id_{row.state}_%s"),
        "mine": row.held_by == viewer.person_id,
        "called_911": any(one.kind == Kind.CALLED_911 for one in steps),
        "steps": [_step(one, names) for one in steps],
        "sites": near,
        "suggested": names.get(order[0], "") if order else "",
        "consents": form.consents,
        "whose": "danger" if row.danger else opened.words.get("whose", ""),
        "cant": CANT,
        "outcomes": OUTCOMES,
        "seen_to": SEEN_TO,
        "ways": (5, 10, 15, 20, 30, 45, 60, 90),
        "missed_at": _missed_at(row),
    }


def _step(one: Event, names: dict[int, str]) -> dict[str, Any]:
    lists = (CONSENTS, CANT, OUTCOMES, SEEN_TO)
    codes = {code: str(words) for some in lists for code, words in some}
    codes |= {MINOR: gettext("the minor’s own word")}
    codes |= {CHOSEN: gettext("at the time that the family chose")}
    codes |= {"silence": gettext("no word of them"), "overruled": gettext("not the first in order")}
    return {
        "at": one.at,
        "words": one.get_kind_display(),
        "until": one.until,
        "to": names.get(one.to_id or 0, ""),
        "by": names.get(one.person_id or 0, ""),
        "code": codes.get(one.code, ""),
    }


def _named(form: CalloutForm, words: Any) -> list[tuple[str, str]]:
    """Return words with what the form calls them."""
    said: dict[str, Any] = dict([*CONSENTS, (MINOR, gettext("the minor’s own word"))])
    return [
        (str(form.fields[name].label), str(said.get(text, text)) if name == "whose" else text)
        for name, text in words.items()
        if text
    ]


def _late_at(row: Callout) -> datetime | None:
    """Return when 45 minutes are over, for a child whom nobody is with yet."""
    waits = row.state in (State.ASKED, State.WAITING, State.ACCEPTED, State.WAY)
    return row.begun_at + WITHIN if waits and not row.apart else None


def _missed_at(row: Callout) -> datetime | None:
    """Return when the next safe check is missed, of who is with a child."""
    return row.due_at if row.state == State.ARRIVED and row.due_at else None
