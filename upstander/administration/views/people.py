"""The administrator's pages of people."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.administration.forms.places import PersonForm
from upstander.oncall.access import CALLED
from upstander.oncall.reach import ringable
from upstander.people import queries
from upstander.people.access import is_administrator, person_to_keep
from upstander.people.actions import leaving, people
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
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
    return render(request, "administration/people.html", {"page": page, "asked": asked})


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's details and teams."""
    viewer = viewer_of(request)
    with viewing(viewer):
        row = person_to_keep(viewer, person_id)
        memberships = list(row.memberships.select_related("team").order_by("team__name"))
        held = held_at(viewer, person_id) if row.is_active else None
        rings = bool(ringable([person_id]))
        asked = people.address_asked(person_id)
        form = PersonForm(request.POST if request.method == "POST" else None, instance=row)
        valid = request.method == "POST" and form.is_valid()
    if valid:
        with refusal_on(form, "email"):
            people.change_person(viewer, person_id, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            if "phone" in form.changed_data:
                _say_what_rings(request, rings=rings)
            return redirect("accounts:person", person_id=person_id)
    context = {
        "form": form,
        "person": row,
        "memberships": memberships,
        "asked": asked,
        "myself": row.pk == viewer.person_id,
        "held": held,
        "rings": rings,
        "is_called": any(one.team.kind in CALLED for one in memberships),
    }
    return render(request, "administration/person.html", context)


def _say_what_rings(request: HttpRequest, *, rings: bool) -> None:
    """Say that the number which was changed is not the one that alerts ring."""
    if rings:
        messages.info(request, gettext("Alerts still ring what this person confirmed themselves."))
    else:
        messages.warning(
            request,
            gettext(
                "No alert rings this person: they have confirmed no phone or device. Only they "
                "can, under “How I’m reached”. “On call” shows where that leaves a gap."
            ),
        )


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
                "Deactivated, and signed out everywhere. The leads of their teams must "
                "renew the key."
            ),
        )
        if without:
            messages.warning(
                request,
                gettext(
                    "These teams have no lead now: %(teams)s. Go to each team’s page and "
                    "make one of its members the lead; without a lead, no one can renew "
                    "its key or invite anyone."
                )
                % {"teams": ", ".join(without)},
            )
    return redirect("accounts:person", person_id=person_id)


@require_POST
@requires(Permission.KEEP_PLACES)
def reopen(request: HttpRequest, person_id: int) -> HttpResponse:
    """Open an account again."""
    people.reopen_account(viewer_of(request), person_id)
    messages.success(request, gettext("Reactivated. They are in no team until they are invited."))
    return redirect("accounts:person", person_id=person_id)


@require_POST
@requires(Permission.KEEP_PLACES)
def reset_second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a lost phone off an account."""
    people.reset_second_factor(viewer_of(request), person_id)
    messages.success(request, gettext("They can set up a new phone the next time they sign in."))
    return redirect("accounts:person", person_id=person_id)
