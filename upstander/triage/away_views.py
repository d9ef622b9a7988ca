"""The page on which somebody answers about what went back to the center."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstander.mandated.away import away_one
from upstander.places.models import School
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.scope import viewing
from upstander.tips.opening import NotGranted
from upstander.triage.away import LONGEST, answer_away
from upstander.ui.press import refusal_on


class AwayForm(forms.Form):
    """Why not."""

    why = forms.CharField(
        label="No: why not, in a few words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why not, in a few words."},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SUSPECT)
def answer(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Ask about a tip that its opener reaches no more; keep "no, and why". Raises Http404."""
    viewer = viewer_of(request)
    with viewing(viewer):
        one = away_one(viewer, tip_id)
        school = School.objects.filter(pk=one.school_id).first() if one.school_id else None
    form = AwayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with refusal_on(form):
                answer_away(viewer, tip_id, form.cleaned_data["why"])
                messages.success(
                    request,
                    "Kept, sealed for the center: it counts once somebody there has read it. If it "
                    "changes, press “I suspect” at any time.",
                )
                return redirect("mandated:own")
        except NotGranted:
            form.add_error(
                None,
                "Not kept: your team's key of it is gone. If you suspect, begin your report; else "
                "tell your supervisor that your answer is no.",
            )
    context = {"one": one, "school": school, "form": form}
    return render(request, "triage/away.html", context, status=422 if form.is_bound else 200)
