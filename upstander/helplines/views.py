"""The pages of an agency's clients: the list, a folder, its safety plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.languages import language_of, printed_languages
from upstander.base.refused import Refused
from upstander.helplines.actions import clients as actions
from upstander.helplines.actions.accompaniments import State
from upstander.helplines.actions.deadlines import AHEAD
from upstander.helplines.actions.links import link as link_them
from upstander.helplines.actions.links import linked, may_be_linked, unlink
from upstander.helplines.forms import ClientForm, NoteForm
from upstander.helplines.legal_models import Deadline
from upstander.helplines.models import Accompaniment
from upstander.helplines.plan import PARTS, plan_pdf, texts
from upstander.helplines.rights import AdvocateRight
from upstander.helplines.words import reach
from upstander.intake.tables import in_language
from upstander.mandated.actions.confirming import as_confirmed
from upstander.people.models import Person
from upstander.people.permissions import may, requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states.duties import Reporter
from upstander.ui.fields import said
from upstander.ui.press import refusal_on, refusal_told


@never_cache
@require_GET
@requires(AdvocateRight.WORK)
def clients(request: HttpRequest) -> HttpResponse:
    """List the agency's clients, what falls due within a week, and where somebody goes along."""
    viewer = viewer_of(request)
    with viewing(viewer):
        place = actions.agency_of(viewer)
    if place is None:
        return render(request, "helplines/nobody.html")
    ended = "closed" in request.GET
    with viewing(viewer) as now:
        open_ones = Accompaniment.objects.exclude(state__in=(State.SAFE, State.OFF))
        along = [] if ended else list(open_ones.defer("sealed").order_by("begins_at")[:50])
        due = Deadline.objects.filter(done_at=None, due_at__lte=now + AHEAD[0])
        due_soon = [] if ended else list(due.defer("sealed").order_by("due_at", "pk")[:50])
        names = dict(
            Person.objects.filter(pk__in=[one.held_by for one in along if one.held_by]).values_list(
                "pk", "name"
            )
        )
    shown = {
        "rows": actions.list_clients(viewer, ended=ended),
        "along": [(one, names.get(one.held_by or 0, "")) for one in along],
        "due": due_soon,
        "now": now,
        "ended": ended,
        "may_release": may(viewer, AdvocateRight.RELEASE),
        "zone": place.time_zone,
    }
    return render(request, "helplines/clients.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def new(request: HttpRequest) -> HttpResponse:
    """Take on a client. They hear first what an advocate must do all the same."""
    viewer = viewer_of(request)
    with viewing(viewer):
        place = actions.agency_of(viewer)
        reporter = _reporter(place) if place else None
    if place is None:
        return render(request, "helplines/nobody.html")
    form = ClientForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            made = actions.take_on(viewer, form.cleaned_data)
            return redirect("helplines:client", client_id=made)
    status = 422 if form.errors else 200
    shown = {"form": form, "reporter": reporter}
    return render(request, "helplines/new.html", shown, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Show a client's folder; keep what was learned since."""
    opened = actions.open_client(viewer_of(request), client_id)
    posted = request.POST if request.method == "POST" else None
    form = ClientForm(posted, initial=dict(opened.words))
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            actions.change_client(opened, form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("helplines:client", client_id=client_id)
    status = 422 if form.errors else 200
    return render(request, "helplines/client.html", _shown(opened, form), status=status)


@require_POST
@requires(AdvocateRight.WORK)
def note(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Write something about a client."""
    opened = actions.open_client(viewer_of(request), client_id, purpose="note")
    form = NoteForm(request.POST)
    if form.is_valid():
        with refusal_told(request):
            actions.write_note(opened, form.cleaned_data["text"])
            messages.success(request, gettext("Saved."))
        return redirect("helplines:client", client_id=client_id)
    shown = _shown(opened, _form(opened)) | {"note": form}
    return render(request, "helplines/client.html", shown, status=422)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def link(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Link somebody who loves this survivor, or take that back."""
    opened = actions.open_client(viewer_of(request), client_id)
    if request.method == "POST":
        try:
            other = UUID(request.POST.get("other", ""))
        except ValueError as error:
            raise Http404 from error
        with refusal_told(request):
            if "take_back" in request.POST:
                unlink(opened, other)
                messages.success(request, gettext("Taken back: no folder tells of the other."))
            else:
                link_them(opened, other, agreed=request.POST.get("agreed") == "yes")
                messages.success(request, gettext("Linked, by the survivor’s yes."))
        return redirect("helplines:link", client_id=client_id)
    loved = opened.words.get("whose") == "loved"
    shown = {
        "one": opened.row,
        "name": opened.words.get("name", ""),
        "loved": loved,
        "linked": linked(opened).items(),
        "others": [] if loved or opened.row.ended_at else may_be_linked(opened),
    }
    return render(request, "helplines/link.html", shown)


@require_POST
@requires(AdvocateRight.WORK)
def end(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Close a folder."""
    opened = actions.open_client(viewer_of(request), client_id, purpose="end")
    with refusal_told(request):
        actions.end_client(opened)
        messages.success(request, gettext("Closed. It is destroyed in a year."))
    return redirect("helplines:client", client_id=client_id)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def plan(request: HttpRequest, client_id: UUID) -> HttpResponseBase:
    """Make the safety plan together: print it, keep it, or neither."""
    opened = actions.open_client(viewer_of(request), client_id, purpose="plan")
    kept, shown = opened.plan, dict[str, str]()
    if request.method == "POST":
        with refusal_told(request):
            shown = {key: said(request.POST.get(key, "")) for key in PARTS}
            shown["language"] = _language(request.POST.get("language", ""))
            if request.POST.get("do") == "print":
                with viewing(opened.viewer) as now:
                    day = now.date()
                made = plan_pdf(shown, language=shown["language"], day=day)
                actions.record_printing(opened)
                # A name that tells nothing: it stays in a browser's list of downloads.
                told = {"Content-Disposition": 'inline; filename="notes.pdf"'}
                return HttpResponse(made, content_type="application/pdf", headers=told)
            if request.POST.get("agreed") != "yes":
                raise Refused(
                    gettext("Not saved: ask whether they want it kept, then tick the box.")
                )
            actions.keep_plan(opened, shown)
            messages.success(request, gettext("The plan is saved in their folder."))
            return redirect("helplines:plan", client_id=client_id)
    typed = shown or kept
    asked = request.GET.get("language") or typed.get("language") or opened.words.get("language", "")
    language = asked if asked in printed_languages() else "en"
    parts = [
        (
            key,
            in_language(texts()[key].texts, get_language() or "en"),
            in_language(texts()[key].texts, language),
            translation.gettext(texts()[key].staff),
            typed.get(key, ""),
        )
        for key in PARTS
    ]
    status = 409 if request.method == "POST" else 200
    return render(
        request,
        "helplines/plan.html",
        {
            "one": opened.row,
            "name": opened.words.get("name", ""),
            "parts": parts,
            "language": language,
            "rtl": language_of(language).right_to_left,
            "languages": printed_languages().items(),
            "kept": bool(kept),
        },
        status=status,
    )


def _reporter(place: District) -> Reporter | None:
    """Return what the State says of advocates who hear of a hurt child. Inside ``viewing``."""
    rules = law_of(place).duties
    return as_confirmed([rules])[rules.key].reporters.get("advocates")


def _language(sent: str) -> str:
    if sent not in printed_languages():
        raise Refused(gettext("Choose their language."))
    return sent


def _form(opened: actions.OpenClient) -> ClientForm:
    return ClientForm(initial=dict(opened.words))


def _shown(opened: actions.OpenClient, form: ClientForm) -> dict[str, Any]:
    notes = actions.notes_of(opened)
    with viewing(opened.viewer) as now:
        along = list(opened.row.accompaniments.defer("sealed").order_by("-begins_at"))
        people = {who for _at, who, _words in notes} | {one.held_by for one in along}
        names = dict(
            Person.objects.filter(pk__in=[who for who in people if who]).values_list("pk", "name")
        )
        place = actions.agency_of(opened.viewer)
        reporter = _reporter(place) if place else None
    return {
        "reporter": reporter,
        "one": opened.row,
        "words": opened.words,
        "form": form,
        "note": NoteForm(),
        "notes": [(at, names.get(who, ""), words) for at, who, words in notes],
        "along": [(one, names.get(one.held_by or 0, "")) for one in along],
        "now": now,
        "zone": place.time_zone if place else "UTC",
        "way": reach(opened.words),
        "loved": opened.words.get("whose") == "loved",
    }
