""" "Should I report?": a member of staff asks, keeps it for themselves, and goes on to a report."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from upstander.mandated import queries
from upstander.mandated.actions.confirming import as_confirmed
from upstander.mandated.actions.consults import consults_of, keep_consult, open_consult
from upstander.mandated.forms import text_field
from upstander.mandated.worried import asked_by
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.law import law_of
from upstander.states import laws


class ConsultForm(forms.Form):
    """What they saw, and what they ask themselves. A report of theirs begins with it."""

    facts = text_field(
        _("What you saw or heard, and what you are unsure of"),
        long=True,
        hint=_("Who, what, when, where. Do not question the child, and do not investigate."),
    )
    first_words = text_field(_("The child’s own first words, exactly"), long=True)

    def clean(self) -> None:
        """Ask for a word at least."""
        if not any(self.cleaned_data.values()):
            self.add_error("facts", _("Write a few words. Or don’t wait: call."))


@require_http_methods(["GET", "POST"])
@requires(Permission.SUSPECT)
def consults(request: HttpRequest) -> HttpResponse:
    """Ask the short questions; keep what somebody wrote for them alone, or begin their report."""
    viewer = viewer_of(request)
    form = ConsultForm(request.POST if request.method == "POST" else None)
    with viewing(viewer):
        school_id = queries.own_school(viewer)
        district = queries.district_of(viewer, school_id)
        rules = (law_of(district) if district else laws()[0]).duties
        rules = as_confirmed([rules])[rules.key]
        kept = consults_of(viewer)
    if form.is_bound and form.is_valid():
        if district is not None:
            words = {name: text for name, text in form.cleaned_data.items() if text}
            consult_id = keep_consult(viewer, words, district_id=district.pk, school_id=school_id)
            if "report" in request.POST:
                return redirect(f"/suspect?consult={consult_id}")
            return redirect("mandated:consult", consult_id=consult_id)
        told = gettext("There is no district yet: call %(whom)s now.")
        form.add_error(None, told % {"whom": rules.phoned.called})
    reminder = gettext("Asking here is not reporting.")
    shown = {"form": form, "kept": kept, "rules": rules, "reminder": reminder}
    # Who they are is known: whoever works here must report.
    asked = [one for one in asked_by(rules) if one[0] != "who"]
    return render(request, "mandated/consults.html", shown | {"asked": asked})


@require_GET
@requires(Permission.SUSPECT)
def consult(request: HttpRequest, consult_id: UUID) -> HttpResponse:
    """Show what somebody kept, to them alone, and how it becomes their report."""
    viewer = viewer_of(request)
    opened = open_consult(viewer, consult_id)
    with viewing(viewer):
        district = queries.district_of(viewer, None)
        rules = (law_of(district) if district else laws()[0]).duties
        rules = as_confirmed([rules])[rules.key]
    zone = district.time_zone if district else "UTC"
    shown = {
        "one": opened,
        "rules": rules,
        "zone": zone,
        "suspect_url": f"/suspect?consult={consult_id}",
        "duty_url": f"/duties/{opened.duty_id}",
    }
    return render(request, "mandated/consult.html", shown)
