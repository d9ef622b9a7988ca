"""The page on which a district goes from one center to another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.approvals.models import Approval
from upstander.people.access import is_administrator
from upstander.people.keys import Locked
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District
from upstander.triage.moving import actions, passing
from upstander.triage.rights import TriageRight
from upstander.ui.press import refusal_on, refusal_told

#: So many are looked at for what they left behind.
_SHOWN = 20
_CHOICES = (
    ("district_center", _("another center takes over the district")),
    ("catch_all", _("tips that name no place come to the district")),
)


class MoveForm(forms.Form):
    """What is to go where."""

    what = forms.ChoiceField(label=_("What changes"), choices=_CHOICES, widget=forms.RadioSelect)
    district = forms.ModelChoiceField(label=_("District"), queryset=District.objects.none())
    center = forms.ModelChoiceField(
        label=_("Center that is to take over"),
        queryset=Center.objects.none(),
        required=False,
        help_text=_("Leave empty if tips that name no place are to come to the district."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the center where one is to be named."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") == "district_center" and not given.get("center"):
            self.add_error(
                "center", gettext("Choose the center that is to take over the district.")
            )
        return given


@require_http_methods(["GET", "POST"])
@requires(TriageRight.MOVE)
def moves(request: HttpRequest) -> HttpResponse:
    """Ask for a move, as an administrator; pass on what one left behind, as a supervisor."""
    viewer = viewer_of(request)
    form = None
    with viewing(viewer):
        if is_administrator(viewer):
            form = _form(request)
            form.is_valid()
        context = {"form": form, "left": _left(viewer)}
    if form is not None and form.is_bound and form.is_valid():
        given = form.cleaned_data
        center = given["center"].pk if given["center"] else 0
        with refusal_on(form):
            actions.ask_move(viewer, given["district"].pk, center, given["what"])
            messages.success(
                request, gettext("Requested. Nothing changes until a supervisor signs it.")
            )
            return redirect("triage:moves")
    status = 422 if form is not None and form.errors else 200
    return render(request, "triage/moves.html", context, status=status)


@require_POST
@requires(TriageRight.MOVE)
def pass_on(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Seal what was left behind to the center that has the district now."""
    with refusal_told(request):
        try:
            messages.success(
                request,
                gettext("The other center was given access to %(pass_on)s tips.")
                % {"pass_on": passing.pass_on(viewer_of(request), move_id)},
            )
        except Locked:
            messages.error(
                request, gettext("Unlock your key first: sign in with your passphrase again.")
            )
    return redirect("triage:moves")


def _form(request: HttpRequest) -> MoveForm:
    form = MoveForm(request.POST if request.method == "POST" else None)
    fields: Any = form.fields
    fields["district"].queryset = District.objects.order_by("name")
    fields["center"].queryset = Center.objects.order_by("name")
    # Read now: the choices are rows that only this transaction sees.
    for name in ("district", "center"):
        fields[name].choices = list(fields[name].choices)
    return form


def _left(viewer: Viewer) -> list[Approval]:
    """Return what the viewer's center gave up and others can't open all of; in ``viewing``."""
    done = Approval.objects.filter(kind="district_center", outcome__in=("approved", "shares"))
    return [
        one
        for one in done.order_by("-decided_at")[:_SHOWN]
        if passing.gives(viewer, one) and passing.left_behind(one, passing.members_of(one), most=1)
    ]
