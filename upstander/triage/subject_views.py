"""People named in a tip: written down, and taken out again. Each is one press on the tip's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from upstander.places.scope import Viewer
from upstander.tips.opening import open_tip
from upstander.tips.subjects import earlier_matters, name_subject, remove_subject
from upstander.triage.views import TIP_PAGE


@TIP_PAGE.act
def name(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Write somebody down, and say at once whether earlier tips name somebody alike."""
    opened = open_tip(viewer, tip_id, purpose="name a person")
    name_subject(opened, request.POST.get("name", ""), request.POST.get("text", ""))
    found = len(earlier_matters(opened))
    if found:
        tips = "another tip names" if found == 1 else f"{found} other tips name"
        messages.warning(request, f"Written down. Look: {tips} somebody alike.")
    else:
        messages.success(request, "Written down. No other tip names somebody alike.")
    return "#subjects"


@TIP_PAGE.act
def remove(request: HttpRequest, viewer: Viewer, tip_id: UUID, subject_id: UUID) -> str:
    """Take somebody out who was written down by mistake."""
    remove_subject(open_tip(viewer, tip_id, purpose="take a person out"), subject_id)
    messages.success(request, "Taken out.")
    return "#subjects"
