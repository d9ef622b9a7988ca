"""The form that keeps somebody out of a report later: for whose it is, and the compliance lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.mandated.access import duty_for
from upstander.mandated.actions.granting import keep_out_later, may_keep_out
from upstander.mandated.models import Duty
from upstander.matters.exclusions import Exclusions
from upstander.matters.people_near import Groups, Near, grouped, people_near
from upstander.people.keys import person_mac
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in
from upstander.tips.whom_form import answered, asks_on
from upstander.ui.fields import Words
from upstander.ui.press import own_words


class KeepOutForm(forms.Form):
    """Who must not see it, and why. It holds from the moment it is sent."""

    people = forms.TypedMultipleChoiceField(
        label=_("Who must not see this"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
        help_text=(
            _(
                "From now on they, and anyone who depends on them, will not find it in any "
                "list, count or page, and their key no longer opens it. This can’t be undone."
            )
        ),
    )
    why = Words(
        label=_("Why"),
        max_length=500,
        help_text=_("Everyone who sees this report can read it."),
        error_messages={"required": _("Say in one line why they must not see it.")},
    )

    suspects = forms.BooleanField(
        label=_("It is about them: I suspect them"),
        help_text=_("Then your written report names them too."),
        required=False,
    )

    def __init__(self, *args: Any, people: Groups, mine: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mine:
            del self.fields["suspects"]
        fields: Mapping[str, Any] = self.fields
        fields["people"].choices = people


def _could_see(viewer: Viewer, duty: Duty) -> list[Near]:
    """Return who could come to see a duty that isn't theirs, and is not kept out of it yet."""
    excluded = Exclusions.on([duty.matter_id])
    return [
        one
        for one in people_near(duty.district_id)
        if one.person_id not in (viewer.person_id, duty.person_id)
        and person_mac(one.person_id) not in excluded
    ]


def who_may_be_meant(viewer: Viewer, duty: Duty, words: str, *, everybody: bool) -> list[Near]:
    """Return whom words may mean who could read a duty: call inside ``viewing``.

    ``everybody``: also who could read no more than its tip or case, where somebody is suspected.
    """
    near = _could_see(viewer, duty)
    schools = () if duty.school_id is None else (duty.school_id,)
    readers = {
        one.person_id
        for one in near
        if everybody or (one.kind is TeamKind.OFFICE and one.school_id in (None, *schools))
    }
    words = beside_places(words, duty.district_id, near)
    met = readers & set(met_in(words, near, schools).people)
    return [one for one in near if one.person_id in met]


#: What others than its owner write down of a duty.
_OF_OFFICES: Final = frozenset({"said", "event", "meet"})


def ask_whom(request: HttpRequest, viewer: Viewer, duty_id: UUID, act: str) -> None:
    """Ask whom words mean that are written down of a duty, and keep those out before it is done.

    Whoever has left can keep nobody out; the copy passes by whom their words may mean
    (``copying.give_copy``). Raises Http404, Ask.
    """
    text = own_words(request)
    if act == "keep_out" or not text or viewer.kind is TeamKind.FORMER:
        return
    suspected = request.POST.get("kind") == "suspected"
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
        if duty.person_id != viewer.person_id and act not in _OF_OFFICES:
            return  # the act itself refuses
        people = who_may_be_meant(viewer, duty, text, everybody=suspected)
    form = answered(request.POST, people, text)
    if form is None or not form.out():
        return
    with asks_on(form):
        if not may_keep_out(viewer, duty):
            raise Refused(
                gettext(
                    "Only the report’s owner or the compliance lead can exclude someone from "
                    "it: tell them first, then press again."
                )
            )
        why = gettext("Words written down later may be about them.")
        keep_out_later(viewer, duty_id, form.out(), why, suspects=suspected)


def kept_out_just_now(request: HttpRequest) -> tuple[int, ...]:
    """Return whom the press that comes now kept out first, as meant by its words (``ask_whom``)."""
    if request.POST.get("meant") != "out":
        return ()
    sent = request.POST.getlist("meant_people")
    return tuple(int(one) for one in sent if one.isdecimal() and len(one) < 19)


def keep_out_form(viewer: Viewer, duty: Duty, data: Any = None) -> KeepOutForm | None:
    """Return the form for whoever may use it; call inside ``viewing``. None: it isn't theirs.

    Those who are kept out already are not offered again, nor whose report it is.
    """
    if not may_keep_out(viewer, duty):
        return None
    near = _could_see(viewer, duty)
    groups = grouped(near, school_id=duty.school_id)
    return KeepOutForm(data, people=groups, mine=duty.person_id == viewer.person_id)
