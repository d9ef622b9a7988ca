"""Opening a case: from tips that were handed to the team, or from a worry of somebody on staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from upstander.cases.actions.opening import NewCase, memberships_of, open_case
from upstander.cases.models import Case
from upstander.cases.questioning import ask_questioned_of_new_case
from upstander.cases.rights import CaseRight
from upstander.desk.english import in_english
from upstander.mandated.meant_form import MeantForm
from upstander.matters.people_near import Near, grouped, people_near
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import EVERY_NAME, Viewer, viewing
from upstander.places.models import School
from upstander.tips.models import Recipient, Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents
from upstander.tips.place_words import places_of
from upstander.tips.shown import tile_words
from upstander.tips.states import TipState
from upstander.triage.handed import home_safety, without_any
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles
from upstander.ui.press import asking, refusal_on

#: Tips that the form offers, the newest first.
MOST_TIPS = 50
#: What a tip's tile means for a case, where it is clear.
CONCERN_OF_TILE = {
    "attack": Case.Concern.THREAT,
    "threat": Case.Concern.THREAT,
    "suicide": Case.Concern.SELF_HARM,
    "sad": Case.Concern.WELLBEING,
    "home": Case.Concern.ABUSE,
    "adult": Case.Concern.ABUSE,
    "sexual": Case.Concern.SEXUAL,
    "images": Case.Concern.SEXUAL,
    "bullying": Case.Concern.BULLYING,
    "drugs": Case.Concern.SUBSTANCE,
}


class NewCaseForm(MeantForm):
    """What a case is opened with. Everything else can be written down once it is there.

    What its words say of a colleague or of an office is asked about first, as in one's own report.
    """

    words_in = ("why", "raised_by")
    chosen_in = "keep_out"

    tips = forms.MultipleChoiceField(
        label=_("From which tips?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    concern = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(one.value, capfirst(one.label)) for one in Case.Concern],
        widget=RadioTiles,
    )
    life_safety = forms.BooleanField(
        label=_("A life may be in danger"),
        help_text=_("Then two persons close the case. It is never lowered."),
        required=False,
    )
    why = Words(
        label=_("Why is it opened?"),
        help_text=_("In your words. Don’t copy a reporter’s: their wording shows who wrote."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    raised_by = Words(label=_("Whose concern is it, if no tip’s?"), required=False, max_length=200)
    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    team = forms.TypedChoiceField(label=_("Which team works it?"), coerce=int)
    keep_out = forms.TypedMultipleChoiceField(
        label=_("Is it about somebody on staff? Choose everybody who must not see it"),
        help_text=_("They will see and hear nothing of it."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        tips: Sequence[Tip],
        teams: Sequence[tuple[int, str]],
        schools: Sequence[tuple[int, str]],
        near: Sequence[Near],
        places: Sequence[str],
        me: Viewer,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, near=near, places=places, me=me.person_id, **kwargs)
        self.handed, self.me = tips, me
        fields: dict[str, Any] = self.fields
        # An exclusion on a case can't be taken back, so that it knows no "for now".
        fields["meant"].choices = [
            ("out", _("Yes, or I’m not sure: keep out those whom I tick")),
            ("not", _("No: they are only mentioned, and may see it")),
        ]
        fields["tips"].choices = [(str(tip.pk), f"{tip.reference}: {_tile(tip)}") for tip in tips]
        fields["team"].choices = teams
        fields["team"].initial = teams[0][0]
        fields["school"].choices = [("", _("No school")), *schools]
        own = {membership.school_id for membership in memberships_of(me)}
        fields["keep_out"].choices = grouped(
            self.near, school_id=own.pop() if len(own) == 1 else None
        )
        # One team and one school: there is nothing to choose.
        if len(teams) == 1:
            fields["team"].widget = forms.HiddenInput()
        if len(schools) < 2:
            fields["school"].widget = forms.HiddenInput()
        # A tip that was sent and isn't the team's any more is refused, not left out.
        if not tips and not self.is_bound:
            del fields["tips"]
        self.look_at_words()

    def at_schools(self) -> set[int]:
        """Return the schools that it may be at: of its tips, the chosen one, and the team's."""
        data: Any = self.data
        sent = set(_ids(data.getlist(self.add_prefix("tips"))))
        chosen = self.typed("school")
        return (
            {tip.school_id for tip in self.handed if tip.school_id and tip.pk in sent}
            | {
                membership.school_id
                for membership in memberships_of(self.me)
                if membership.school_id
            }
            | ({int(chosen)} if chosen.isdecimal() else set())
        )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one who is kept out, where it was said that somebody is."""
        data = super().clean() or {}
        if data.get("meant") == "out" and not (data.get("meant_people") or data.get("keep_out")):
            self.add_error("meant", _("Tick them here, or choose them from the list of everybody."))
        return data


@require_http_methods(["GET", "POST"])
@requires(CaseRight.OPEN_CASES)
@asking
@in_english
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case, from the tips that the address names (``?tip=``) or from none.

    Raises Http404.
    """
    viewer = viewer_of(request)
    memberships = memberships_of(viewer)
    if not memberships:
        raise Http404
    with viewing(viewer):
        tips = _handed_tips(viewer)
        around: dict[str, Any] = {
            "tips": tips,
            "teams": [(membership.team_id, membership.team_name) for membership in memberships],
            "schools": _schools(viewer),
            "near": (near := people_near()),
            "places": places_of({one.district_id for one in near if one.district_id is not None}),
            "me": viewer,
        }
    asked = _ids(request.GET.getlist("tip"))
    chosen = [tip for tip in tips if tip.pk in asked]
    if asked and not chosen:
        raise Http404
    if request.method == "POST":
        form = NewCaseForm(request.POST, **around)
        if form.is_valid() and (case_id := _asked_and_opened(request, viewer, form)):
            messages.success(
                request,
                gettext("The case is open, and you are the case lead. Your team can see it now."),
            )
            return redirect("cases:case", case_id=case_id)
        return render(request, "desk/team/new_case.html", {"form": form}, status=422)
    form = NewCaseForm(initial=_initial(chosen), **around)
    return render(request, "desk/team/new_case.html", {"form": form})


def _asked_and_opened(request: HttpRequest, viewer: Viewer, form: NewCaseForm) -> UUID | None:
    chosen = set(_ids(form.cleaned_data.get("tips", [])))
    tips = [tip for tip in form.handed if tip.pk in chosen]
    abuse = form.cleaned_data["concern"] == Case.Concern.ABUSE
    ask_questioned_of_new_case(request, viewer, tips, abuse=abuse)
    return _opened(viewer, form)


def _opened(viewer: Viewer, form: NewCaseForm) -> UUID | None:
    """Open the case; None, with the reason in the form, when it can't be."""
    data = form.cleaned_data
    try:
        opened = [open_tip(viewer, tip, purpose="case") for tip in _ids(data.get("tips", []))]
        with refusal_on(form):
            return open_case(
                viewer,
                NewCase(
                    concern=Case.Concern(data["concern"]),
                    why=data["why"],
                    team_id=data["team"],
                    school_id=data["school"],
                    raised_by=data["raised_by"],
                    life_safety=data["life_safety"],
                    tips=opened,
                    home_said=_home(opened),
                    keep_out=form.kept_out(),
                    without=without_any(viewer, [one.tip for one in opened], form.near),
                ),
            )
    except NotGranted:
        form.add_error("tips", gettext("One of these tips was given to others. Leave it out."))
    return None


def _home(opened: Sequence[OpenTip]) -> str:
    """Return what the reporters said of home; one "no" outweighs every "yes"."""
    said = {home_safety(one, read_contents(one).answers) for one in opened}
    return "no" if "no" in said else "yes" if said == {"yes"} else ""


def _initial(chosen: Sequence[Tip]) -> dict[str, Any]:
    if not chosen:
        return {}
    first = chosen[0]
    return {
        "tips": [str(tip.pk) for tip in chosen],
        "concern": CONCERN_OF_TILE.get(first.tile, ""),
        "life_safety": any(tip.rank == 0 for tip in chosen),
    }


def _handed_tips(viewer: Viewer) -> list[Tip]:
    handed = Recipient.objects.filter(holder__in=EVERY_NAME).values("tip_id")
    query = Tip.objects.filter(pk__in=handed, state=TipState.HANDED_OFF)
    return list(query.order_by("rank", "-received_at", "pk")[:MOST_TIPS])


def _schools(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the schools of the viewer's teams: their own, or all of a district's office."""
    districts = [
        membership.district_id
        for membership in viewer.memberships
        if membership.kind is TeamKind.DISTRICT and membership.district_id
    ]
    own = [membership.school_id for membership in viewer.memberships if membership.school_id]
    query = School.objects.filter(pk__in=own) | School.objects.filter(district_id__in=districts)
    return list(query.order_by("name").values_list("pk", "name"))


def _tile(tip: Tip) -> str:
    return tile_words(tip)


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
