"""The page on which somebody answers about what went back to the center."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from upstander.mandated.away import away, away_one
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted
from upstander.triage.away import LONGEST, answer_away
from upstander.ui.fields import Words
from upstander.ui.press import refusal_on


class AwayForm(forms.Form):
    """Why not."""

    why = Words(
        label=_("No: why not, in a few words"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why not, in a few words.")},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SUSPECT)
def answer(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Ask about a tip that its opener reaches no more; keep "no, and why". Raises Http404.

    Whoever has it (again) is led to its own page, where they are asked.
    """
    viewer = viewer_of(request)
    with viewing(viewer):
        if Tip.objects.filter(pk=tip_id).exists() and not any(
            one.tip_id == tip_id for one in away(viewer)
        ):
            page = "tips" if viewer.kind is TeamKind.CENTER else "team"
            return redirect(f"/{page}/{tip_id}")
        one = away_one(viewer, tip_id)
        school = School.objects.filter(pk=one.school_id).first() if one.school_id else None
    form = AwayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with refusal_on(form):
                answer_away(viewer, tip_id, form.cleaned_data["why"])
                messages.success(
                    request,
                    gettext(
                        "Saved and sealed for the center. It counts once someone there has read "
                        "it. If this changes, press “I suspect” at any time."
                    ),
                )
                return redirect("mandated:own")
        except NotGranted:
            form.add_error(
                None,
                gettext(
                    "Not saved: your team no longer has its key. If you suspect abuse, start your "
                    "report; otherwise tell your supervisor that your answer is no."
                ),
            )
    context = {"one": one, "school": school, "form": form}
    return render(request, "triage/away.html", context, status=422 if form.is_bound else 200)
