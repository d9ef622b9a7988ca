"""People named in a tip: written down, and taken out again. Each is one press on the tip's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from upstander.people.scope import Viewer
from upstander.tips.actions.subjects import earlier_matters, name_subject, remove_subject
from upstander.tips.opening import open_tip
from upstander.triage.views import TIP_PAGE
from upstander.ui.fields import said


@TIP_PAGE.act
def name(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Write somebody down, and say at once whether earlier tips name somebody alike."""
    opened = open_tip(viewer, tip_id, purpose="name a person")
    name_subject(
        opened, said(request.POST.get("name", ""), line=True), request.POST.get("text", "")
    )
    found = len(earlier_matters(opened))
    if found:
        warned = ngettext(
            "Added. Please check: %(found)d other tip names someone similar.",
            "Added. Please check: %(found)d other tips name someone similar.",
            found,
        )
        messages.warning(request, warned % {"found": found})
    else:
        messages.success(request, gettext("Added. No other tip names someone similar."))
    return "#subjects"


@TIP_PAGE.act
def remove(request: HttpRequest, viewer: Viewer, tip_id: UUID, subject_id: UUID) -> str:
    """Take somebody out who was written down by mistake."""
    remove_subject(open_tip(viewer, tip_id, purpose="take a person out"), subject_id)
    messages.success(request, gettext("Removed."))
    return "#subjects"
