"""The demo's outbox: one's own mail, as a phone would show it. Outside the demo there is none."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from upstander.carriers.models import OutboxMail
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing

LIMIT = 50


@require_GET
@requires(Permission.SEE_OUTBOX)
def outbox(request: HttpRequest) -> HttpResponse:
    """Show what would have been sent to whoever looks. The database shows nobody another's mail."""
    if not settings.DEMO:
        raise Http404
    with viewing(viewer_of(request)):
        mails = list(OutboxMail.objects.all()[:LIMIT])
    # The mails are English, as all of the desk's working pages are.
    with translation.override("en"):
        return render(request, "carriers/outbox.html", {"mails": mails})
