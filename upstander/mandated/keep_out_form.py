"""The form that keeps somebody out of a report later: for whose it is, and the compliance lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from upstander.mandated.granting import may_keep_out
from upstander.mandated.models import Duty
from upstander.places.keys import person_mac
from upstander.places.models import MatterBar
from upstander.places.people_near import Groups, grouped, people_near
from upstander.places.scope import Viewer


class KeepOutForm(forms.Form):
    """Who must not see it, and why. It holds from the moment it is sent."""

    people = forms.TypedMultipleChoiceField(
        label="Who must not see this",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person."},
        help_text=(
            "From now on they, and whoever depends on them, find it in no list, count or page, and "
            "their key no longer opens it. It can’t be undone."
        ),
    )
    why = forms.CharField(
        label="Why",
        max_length=500,
        help_text="Whoever sees this report reads it.",
        error_messages={"required": "Say in a line why they must not see it."},
    )

    def __init__(self, *args: Any, people: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["people"].choices = people


def keep_out_form(viewer: Viewer, duty: Duty, data: Any = None) -> KeepOutForm | None:
    """Return the form for whoever may use it; call inside ``viewing``. None: it isn't theirs.

    Those who are kept out already are not offered again, nor whose report it is.
    """
    if not may_keep_out(viewer, duty):
        return None
    macs = MatterBar.objects.filter(matter_id=duty.matter_id).values_list("person_mac", flat=True)
    barred, near = {bytes(mac) for mac in macs}, people_near(duty.district_id)
    out = {one.person_id for one in near if person_mac(one.person_id) in barred}
    groups = grouped(
        near, school_id=duty.school_id, leave_out={viewer.person_id, duty.person_id, *out}
    )
    return KeepOutForm(data, people=groups)
