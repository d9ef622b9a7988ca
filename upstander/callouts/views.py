"""The board, a callout's page, and what is pressed on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.callouts.actions import callouts as actions
from upstander.callouts.actions import desk
from upstander.callouts.clocks import WITHIN
from upstander.callouts.consent import consents
from upstander.callouts.forms import AskForm, CalloutForm, RoadsForm, StepForm, WhenForm
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.queries import (
    OUT,
    PAGE,
    at_desk,
    by_time,
    desk_of,
    names_of,
    open_ones,
    order_of,
    own_districts,
    ranked,
    rows_of,
    teams,
)
from upstander.callouts.rights import CalloutRight
from upstander.callouts.suggestions import slowed, suggest, why_none
from upstander.callouts.words import (
    CANT,
    CHOSEN,
    CONSENTS,
    MINOR,
    OTHERWISE,
    OUTCOMES,
    SEEN_TO,
    SUGGESTED,
)
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


@require_http_methods(["GET", "POST"])
@requires(CalloutRight.WORK)
def board(request: HttpRequest) -> HttpResponseBase:
    """Show what waits, a crowd folded; who is free; and what one asked others for."""
    viewer = viewer_of(request)
    if request.method == "POST":
        if "desk" in request.POST:
            desk.keep_desk(viewer, keeps=request.POST["desk"] == "keep")
            return redirect("callouts:board")
        with refusal_told(request):
            form = RoadsForm(request.POST)
            if not form.is_valid():
                raise Refused(gettext("Nothing was changed: choose again."))
            desk.say_roads(viewer, **form.cleaned_data)
        return redirect("callouts:board")
    with viewing(viewer) as now:
        districts = own_districts(viewer)
        every = open_ones()
        own = by_time(one for one in every if one.district_id in districts)
        near = teams(Site.objects.filter(district_id__in=districts).order_by("name"), now)
    plans = suggest(viewer, own, near, now)
    sent = request.GET.get("from", "")
    begin = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else 0
    with viewing(viewer):
        crowd = [one for one in own if one.in_crowd]
        way = "crowd&" if "crowd" in request.GET else ""
        own = ranked(crowd if way else [one for one in own if not one.in_crowd], plans)
        asked = ranked(one for one in every if one.district_id not in districts)
        due = Callout.objects.filter(state=State.ENDED, due_at__isnull=False)
        due = due.defer("sealed", "safety").order_by("due_at")
        rows = rows_of(own[begin : begin + PAGE], now, plans)
        offers = (row.one.pk for row in rows if row.plan and row.plan.name not in row.asked)
        shown = {
            "rows": rows,
            "keyed": next(offers, None),
            "asked": rows_of(asked[:PAGE], now),
            "sites": near,
            "desk": desk_of(near, viewer.person_id),
            "now": now,
            "follow_ups": rows_of(due[:PAGE], now),
            "unplanned": why_none(viewer, own, plans),
            "slow": next((site for site, _some in near if slowed(site, now) > 1), None),
            "roads": RoadsForm(),
            "crowd": 0 if way else len(crowd),
            "left": max(len(own) - begin - PAGE, 0),
            "newer": f"?{way}from={max(begin - PAGE, 0)}" if begin else "",
            "older": f"?{way}from={begin + PAGE}" if len(own) > begin + PAGE else "",
        }
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
        own = own_districts(viewer)
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
            words = {**form.words, "town": form.cleaned_data["town"].partition(":")[2]}
            made = actions.ask(viewer, form.site, team, facts, words, form.safety)
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
            # The town decides who is near, and nothing in this form says it anew.
            words = {"town": opened.words.get("town", ""), **form.words}
            actions.learn(opened, form.facts, words, form.safety)
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


@never_cache
@require_http_methods(["GET", "POST"])
@requires(CalloutRight.WORK)
def panic(request: HttpRequest, callout_id: UUID) -> HttpResponseBase:
    """Ask for the desk silently: the second touch. Opens no word, so that it needs no passphrase.

    A script asks for JSON: without ``sent`` in it nothing was sent.
    """
    viewer = viewer_of(request)
    if request.method == "POST":
        if request.headers.get("Accept") == "application/json":
            try:
                return JsonResponse({"sent": actions.panic(viewer, callout_id).isoformat()})
            except Refused as error:
                return JsonResponse({"refused": str(error)}, status=409)
        with refusal_told(request):
            actions.panic(viewer, callout_id)
        return redirect("callouts:panic", callout_id=callout_id)
    with viewing(viewer):
        folder_for(callout_id, actions.KIND)
        clear = Callout.objects.only("id", "panic_at", "held_by", "state", "district_id")
        one = clear.get(pk=callout_id)
        zone = _zone(callout_id)
    mine = one.held_by == viewer.person_id and one.state in OUT
    return render(request, "callouts/panic.html", {"one": one, "mine": mine, "zone": zone})


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
        _offer(viewer, callout_id, given["to"], code)
    elif act == "way":
        with viewing(viewer) as now:
            until = now + timedelta(minutes=given["minutes"] or 0)
        actions.step(viewer, callout_id, Kind.WAY, until=until)
    elif act in ("planned", "visit"):
        with viewing(viewer) as now:
            zone = _zone(callout_id)
        when = WhenForm(request.POST, zone=zone, now=now)
        if not when.is_valid():
            raise Refused(gettext("Enter a time in the future."))
        actions.step(viewer, callout_id, Kind(act), until=when.cleaned_data["until"])
    elif act in _PRESSED:
        reason = {"code": code} if act in ("go", "seen_to", "ended") else {}
        if act == "ended":
            reason["done"] = given["done"]
        actions.step(viewer, callout_id, _PRESSED[act], **reason)
    else:
        raise Refused(gettext("Nothing was changed: choose again."))


def _offer(viewer: Viewer, callout_id: UUID, to: int | None, code: str) -> None:
    """Offer it to somebody of the center; why it is another than was suggested is kept."""
    with viewing(viewer) as now:
        row = Callout.objects.filter(pk=callout_id).first()
        if row is None:
            raise Http404
        sites = Site.objects.filter(district_id=row.district_id)
        if to not in {one.person for _, some in teams(sites, now) for one in some}:
            raise Refused(gettext("They are not on a mobile crisis team."))
        if to in at_desk(now):
            raise Refused(gettext("They keep the desk, and are offered nothing."))
        if not code and to not in order_of(row, now)[:1]:
            raise Refused(gettext("Choose a reason."))
    actions.step(viewer, callout_id, Kind.OFFERED, to_id=to, code=code)


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
        waiting = [one for one in open_ones() if one.district_id == row.district_id]
        people = {who for one in steps for who in (one.person_id, one.to_id) if who}
        names = names_of({*people, *order})
        center = Center.objects.get(districts=row.district_id)
    plans = suggest(viewer, by_time(waiting), near, now)
    with viewing(viewer):
        board_row = rows_of([row], now, plans)[0]
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
        "out": row.state in OUT,
        "called_911": any(one.kind == Kind.CALLED_911 for one in steps),
        "steps": [_step(one, names) for one in steps],
        "sites": near,
        "desk": desk_of(near, viewer.person_id),
        "nobody": not order,
        "first": names.get(order[0], "") if order else "",
        "otherwise": OTHERWISE,
        "consents": form.consents,
        "whose": "danger" if row.danger else opened.words.get("whose", ""),
        "cant": CANT,
        "outcomes": OUTCOMES,
        "seen_to": SEEN_TO,
        "ways": (5, 10, 15, 20, 30, 45, 60, 90),
        "missed_at": _missed_at(row),
    }


def _step(one: Event, names: dict[int, str]) -> dict[str, Any]:
    lists = (CONSENTS, CANT, OUTCOMES, SEEN_TO, OTHERWISE)
    codes = {code: str(words) for some in lists for code, words in some}
    codes |= {MINOR: gettext("the minor’s own consent")}
    codes |= {CHOSEN: gettext("at the time that the family chose")}
    codes |= {"silence": gettext("no word of them"), SUGGESTED: gettext("as suggested")}
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
    said: dict[str, Any] = dict([*CONSENTS, (MINOR, gettext("the minor’s own consent"))])
    return [
        (str(form.fields[name].label), str(said.get(text, text)) if name == "whose" else text)
        for name, text in words.items()
        if text and name in form.fields
    ]


def _late_at(row: Callout) -> datetime | None:
    """Return when 45 minutes are over, for a child whom nobody is with yet."""
    waits = row.state in (State.ASKED, State.WAITING, State.ACCEPTED, State.WAY)
    return row.begun_at + WITHIN if waits and not row.apart else None


def _missed_at(row: Callout) -> datetime | None:
    """Return when the next safe check is missed, of who is with a child."""
    return row.due_at if row.state == State.ARRIVED and row.due_at else None
