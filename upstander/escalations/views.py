"""Answering an alert: one press, also on a phone that is half asleep and holds no key."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upstander.escalations.actions import NoSuchAlert, acknowledge
from upstander.escalations.models import Acknowledgement
from upstander.places.permissions import Permission, requires, viewer_of

_SAID: dict[Acknowledgement.Answer, str] = {
    Acknowledgement.Answer.HAVE_IT: "You have it. Now write down what you do next.",
    Acknowledgement.Answer.SEEN: "Noted: you have seen it. Others are still being asked.",
    Acknowledgement.Answer.CANNOT: "Noted: you can't. The next people are asked now.",
}


@require_POST
@requires(Permission.OPEN_TIPS)
def answer(request: HttpRequest, alert_id: UUID) -> HttpResponseBase:
    """Answer an alert for oneself. Opens nothing of the tip, so it needs no key."""
    said = request.POST.get("answer", "")
    if said not in Acknowledgement.Answer.values:
        raise Http404
    chosen = Acknowledgement.Answer(said)
    viewer = viewer_of(request)
    try:
        alert = acknowledge(viewer, alert_id, chosen)
    except NoSuchAlert as error:
        raise Http404 from error
    if chosen is Acknowledgement.Answer.HAVE_IT and alert.acknowledged_by != viewer.person_id:
        messages.info(request, "Somebody was faster and has it already. Your answer is noted.")
    else:
        messages.success(request, _SAID[chosen])
    return redirect(f"/tips/{alert.subject_id}")
