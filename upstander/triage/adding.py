"""Asking one more person about a tip: not whom its words may mean, before somebody has said so."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.escalations.actions.alerts import NoSuchAlert
from upstander.escalations.actions.by_hand import add_person, people_to_add
from upstander.escalations.forms import AddPersonForm
from upstander.escalations.models import Alert
from upstander.escalations.views import in_english
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.triage.whom import whom_of_page
from upstander.ui.press import asking, refusal_on


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def add(request: HttpRequest, ringing_id: UUID) -> HttpResponseBase:
    """Ask one more person, of the tip's district or of the center."""
    viewer = viewer_of(request)
    with viewing(viewer):
        alert = Alert.objects.filter(pk=ringing_id).first()
        if alert is None:
            raise Http404
        groups = people_to_add(alert)
    form = AddPersonForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        page = f"/tips/{alert.subject_id}#alert-title"
        with refusal_on(form):
            if not whom_of_page(request, viewer, alert.subject_id, form.person_id):
                messages.success(request, gettext("They are kept out and were not asked."))
                return redirect(page)
            try:
                add_person(viewer, ringing_id, form.person_id)
            except NoSuchAlert as error:
                raise Http404 from error
            messages.success(request, gettext("They are being asked now."))
            return redirect(page)
    return in_english(request, "triage/add.html", {"form": form, "alert": alert})
