"""The page on which a district goes from one center to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.people.access import is_administrator
from upstander.people.keys import Locked
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District
from upstander.tips.queries import names_of
from upstander.triage.moving import actions, passing
from upstander.triage.moving.models import Move
from upstander.triage.rights import TriageRight
from upstander.ui.press import refusal_on, refusal_told

#: So many decided ones are shown.
_SHOWN = 20


class MoveForm(forms.Form):
    """What is to go where."""

    what = forms.ChoiceField(
        label=_("What changes"), choices=Move.What.choices, widget=forms.RadioSelect
    )
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
        if given.get("what") == Move.What.CENTER and not given.get("center"):
            self.add_error(
                "center", gettext("Choose the center that is to take over the district.")
            )
        return given


@require_http_methods(["GET", "POST"])
@requires(TriageRight.MOVE)
def moves(request: HttpRequest) -> HttpResponse:
    """List what waits and what was decided; an administrator asks for more."""
    viewer = viewer_of(request)
    form = None
    with viewing(viewer):
        if is_administrator(viewer):
            form = _form(request)
            form.is_valid()
        context = {"form": form, "rows": _rows(viewer)}
    if form is not None and form.is_bound and form.is_valid():
        given = form.cleaned_data
        center = given["center"].pk if given["center"] else 0
        with refusal_on(form):
            actions.ask_move(viewer, given["district"].pk, center, Move.What(given["what"]))
            messages.success(
                request, gettext("Requested. Nothing changes until a supervisor signs it.")
            )
            return redirect("triage:moves")
    status = 422 if form is not None and form.errors else 200
    return render(request, "triage/moves.html", context, status=status)


@require_POST
@requires(TriageRight.MOVE)
def sign(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Sign a move as a supervisor of the center that gives something up."""
    return _decided(
        request,
        lambda viewer: (
            gettext(
                "Signed, effective now. The other center was given access to %(sign_move)s tips. "
                "Check here again in a minute for anything that came in since."
            )
            % {"sign_move": actions.sign_move(viewer, move_id)}
        ),
    )


@require_POST
@requires(TriageRight.MOVE)
def pass_on(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Seal what was left behind to the center that has the district now."""
    return _decided(
        request,
        lambda viewer: (
            gettext("The other center was given access to %(pass_on)s tips.")
            % {"pass_on": passing.pass_on(viewer, move_id)}
        ),
    )


@require_POST
@requires(TriageRight.MOVE)
def refuse(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Refuse a move."""

    def act(viewer: Viewer) -> str:
        actions.refuse_move(viewer, move_id)
        return gettext("Refused. Nothing was transferred.")

    return _decided(request, act)


@require_POST
@requires(TriageRight.MOVE)
def withdraw(request: HttpRequest, move_id: UUID) -> HttpResponse:
    """Take the question back, as an administrator."""

    def act(viewer: Viewer) -> str:
        actions.withdraw_move(viewer, move_id)
        return gettext("Withdrawn. Nothing was transferred.")

    return _decided(request, act)


def _decided(request: HttpRequest, act: Callable[[Viewer], str]) -> HttpResponse:
    with refusal_told(request):
        try:
            messages.success(request, act(viewer_of(request)))
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


def _rows(viewer: Viewer) -> list[dict[str, Any]]:
    """Return the moves that the viewer may know of; call inside ``viewing``."""
    found = [*Move.objects.filter(outcome="").order_by("asked_at")]
    found += Move.objects.exclude(outcome="").order_by("-decided_at")[:_SHOWN]
    centers = dict(Center.objects.values_list("pk", "name"))
    districts = dict(District.objects.values_list("pk", "name"))
    names = names_of({one.asked_by for one in found} | {one.decided_by or 0 for one in found})
    own = {post.center_id for post in viewer.memberships if post.center_id}
    return [
        {
            "one": one,
            "district": districts.get(one.district_id, gettext("District %s") % one.district_id),
            "giving": centers.get(one.from_center_id, ""),
            "getting": centers.get(one.to_center_id, ""),
            "asker": names.get(one.asked_by, gettext("An administrator")),
            "decider": names.get(one.decided_by or 0, gettext("a supervisor")),
            "decides": one.from_center_id in own,
            "withdraws": is_administrator(viewer),
            "left": one.from_center_id in own
            and one.outcome in {Move.Outcome.SIGNED, Move.Outcome.SHARES}
            and one.what == Move.What.CENTER
            and bool(passing.left_behind(one, passing.members_of(one), most=1)),
        }
        for one in found
    ]
