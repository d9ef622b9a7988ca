"""What a tip's assessment says goes into the draft of a written report: its owner's, at the center.

The report lies in an app below, which knows no assessments; so this one reads, and hands it down.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from upstander.mandated.written.actions import keep_draft, open_writing
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.tips.opening import NotGranted, open_tip
from upstander.triage.models import Assessment
from upstander.triage.shown import assessment_panel, facts_of
from upstander.vault.seeds import Audience

#: A field of the assessment → fields of an agency's form, those that it has and nobody has filled.
_FIELDS = {
    "place_now": ("child_now", "place"),
    "exact_words": ("circumstances", "words"),
}
#: … and what is told together, with its labels. Whom it is about may be the child or whoever is
#: suspected: it fills in no name.
_TOGETHER = ("subject", "condition", "imminence", "prior", "vulnerability", "communication")


@require_POST
@requires(Permission.SUSPECT)
def take_over(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Fill the gaps of one's own draft from what the tip's latest assessment says."""
    viewer = viewer_of(request)
    writing = open_writing(viewer, duty_id)
    known = _assessed(viewer, writing.duty.tip_id) if writing.duty.written_at is None else {}
    if not known:
        messages.info(request, gettext("There is no assessment that could be taken over."))
        return redirect("written:report", duty_id=duty_id)
    values = dict(writing.values)
    fields = {field.key for field in writing.form.fields}

    def fill(key: str, text: str) -> None:
        if text and key in fields and not values.get(key):
            values[key] = text

    for name, keys in _FIELDS.items():
        text = known.get(name, "")
        for key in keys:
            fill(key, "" if text == "unknown" else text)
    together = facts_of({name: known[name] for name in _TOGETHER if known.get(name)})
    fill("nature", "\n".join(f"{label}: {text}" for label, text in together))
    keep_draft(writing, values)
    messages.success(request, gettext("Taken over where nothing stood yet. Look at every line."))
    return redirect("written:report", duty_id=duty_id)


def _assessed(viewer: Viewer, tip_id: UUID | None) -> dict[str, str]:
    """Return the fields of a tip's latest assessment; empty where it isn't theirs to read."""
    if tip_id is None:
        return {}
    try:
        opened = open_tip(viewer, tip_id, purpose="written report")
        opened.seed(Audience.CENTER)
    except (Http404, NotGranted):
        return {}
    with viewing(viewer):
        row = Assessment.objects.filter(tip_id=tip_id).order_by("-at", "-pk").first()
    shown = assessment_panel(opened, row)
    return dict(shown.fields) if shown else {}
