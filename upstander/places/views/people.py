"""The administrator's pages of people."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.places import queries
from upstander.places.access import is_administrator, person_to_keep
from upstander.places.actions import leaving, people
from upstander.places.forms.places import PersonForm
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.scope import viewing
from upstander.plug import held_at
from upstander.ui.press import refusal_on, refusal_told

#: People on one page of the list.
PAGE = 50


@require_GET
@requires(Permission.LEAD_TEAM)
def index(request: HttpRequest) -> HttpResponse:
    """Everybody, for an administrator; a lead goes to their team."""
    viewer = viewer_of(request)
    if not is_administrator(viewer):
        return redirect("people:teams")
    asked = request.GET.get("q", "").strip()[:80]
    with viewing(viewer):
        found = queries.all_people(asked)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "places/people.html", {"page": page, "asked": asked})


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's details and teams."""
    viewer = viewer_of(request)
    with viewing(viewer):
        row = person_to_keep(viewer, person_id)
        posts = list(row.memberships.select_related("team").order_by("team__name"))
        held = held_at(viewer, person_id) if row.is_active else None
        form = PersonForm(request.POST if request.method == "POST" else None, instance=row)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        with refusal_on(form, "email"):
            people.change_person(viewer, person_id, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("people:person", person_id=person_id)
    context = {
        "form": form,
        "person": row,
        "posts": posts,
        "myself": row.pk == viewer.person_id,
        "held": held,
    }
    return render(request, "places/person.html", context)


@require_POST
@requires(Permission.KEEP_PLACES)
def shut(request: HttpRequest, person_id: int) -> HttpResponse:
    """Shut an account at once."""
    with refusal_told(request):
        try:
            without = leaving.lock_out(viewer_of(request), person_id)
        except leaving.Held as held:
            return redirect(held.path)
        messages.success(
            request,
            gettext(
                "Shut, and signed out everywhere. The leads of their teams must renew the key."
            ),
        )
        if without:
            messages.warning(
                request,
                gettext(
                    "No lead is left in: %(teams)s. Make one of its members the lead now, on the "
                    "team’s page: without one nobody can renew its key or invite anybody."
                )
                % {"teams": ", ".join(without)},
            )
    return redirect("people:person", person_id=person_id)


@require_POST
@requires(Permission.KEEP_PLACES)
def reopen(request: HttpRequest, person_id: int) -> HttpResponse:
    """Open an account again."""
    people.reopen_account(viewer_of(request), person_id)
    messages.success(request, gettext("Open again. They are in no team until they are invited."))
    return redirect("people:person", person_id=person_id)


@require_POST
@requires(Permission.KEEP_PLACES)
def reset_second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a lost phone off an account."""
    people.reset_second_factor(viewer_of(request), person_id)
    messages.success(request, gettext("They can set up a new phone at their next sign-in."))
    return redirect("people:person", person_id=person_id)
