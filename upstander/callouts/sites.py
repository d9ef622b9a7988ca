"""Which teams go out: kept by administrators, as places and teams are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.callouts.actions.callouts import keep_site
from upstander.callouts.forms import SiteForm
from upstander.callouts.models import Site
from upstander.callouts.rights import CalloutRight
from upstander.people.models import Team
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import District


@require_http_methods(["GET", "POST"])
@requires(CalloutRight.KEEP)
def sites(request: HttpRequest) -> HttpResponse:
    """List which teams go out to which towns; keep one."""
    viewer = viewer_of(request)
    with viewing(viewer):
        served = District.objects.values("center_id")
        of_centers = Team.objects.filter(kind=TeamKind.CENTER, center_id__in=served)
        every = {one.pk: one for one in of_centers.order_by("name")}
        kept = list(Site.objects.order_by("name"))
    form = SiteForm(request.POST or None, teams=every.values(), sites=kept)
    if form.is_bound and form.is_valid():
        team = every[form.cleaned_data["team"]]
        keep_site(viewer, team, form.listed, form.cleaned_data["neighbors"])
        messages.success(request, gettext("Saved."))
        return redirect("callouts:sites")
    status = 422 if form.errors else 200
    shown = {"form": form, "sites": kept}
    return render(request, "callouts/sites.html", shown, status=status)
