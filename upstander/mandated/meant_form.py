"""What words may say of a colleague or of an office is asked about before anything is kept.

For every form whose free text can name who must not read it: "I suspect", and the one that opens a
case. The words decide nothing; whoever wrote them says whom they mean (naming.py finds them).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.matters.people_near import Near
from upstander.people.roles import Role
from upstander.tips.place_words import without_places
from upstander.tips.whom import OF_SCHOOL, holding, offices_met, people_met, words_of_office
from upstander.tips.whom_form import named, put
from upstander.ui.forms import RadioTiles


class MeantForm(forms.Form):
    """A form that asks about its own words; call ``look_at_words`` once its fields stand."""

    #: The fields in which somebody writes in their own words.
    words_in: ClassVar[Sequence[str]] = ()
    #: The field of those who were chosen by name already.
    chosen_in: ClassVar[str]

    #: Asked only where the words name somebody; ``asked_about`` says about whom it was.
    meant = forms.ChoiceField(
        label=_("Is it about them?"),
        choices=[
            ("out", _("Yes: exclude the people I check below")),
            ("unknown", _("I’m not sure: no one at the school sees it for now")),
            ("not", _("No: they are only mentioned and may see it")),
        ],
        required=False,
        widget=RadioTiles,
    )
    meant_people = forms.TypedMultipleChoiceField(
        label=_("Whom your words may refer to"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        near: Sequence[Near],
        places: Sequence[str],
        me: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        #: What districts and their places are called: nobody's names (``place_words``).
        self.places = places
        #: Everybody who could come to see it, but for whoever writes; and which offices are theirs.
        self.near = [one for one in near if one.person_id != me]
        self.own_roles = frozenset(one.role for one in near if one.person_id == me)
        #: Whom the words mean, perhaps; and whether nobody was asked about just these yet.
        self.met: list[int] = []
        self.asks_again = False
        #: The words of an office that nobody is known to hold.
        self.office_words = ""

    def at_schools(self) -> Collection[int]:
        """Return the schools whose offices the words may mean: all of them, unless a form knows."""
        return {one.school_id for one in self.near if one.school_id is not None}

    def answered(self) -> tuple[set[int], bool]:
        """Return who was chosen already, and whether nobody at the school sees it anyway."""
        data: Any = self.data
        chosen = data.getlist(self.add_prefix(self.chosen_in))
        return {int(one) for one in chosen if one.isdecimal()}, False

    def typed(self, name: str) -> str:
        """Return what was sent for a field, as it came."""
        return str(self.data.get(self.add_prefix(name), ""))

    def look_at_words(self) -> None:
        """Find whom the words name, and ask (again) if that was not asked about just so."""
        if not self.is_bound:
            return
        text = "\n".join(self.typed(name) for name in self.words_in)
        text = without_places(text, self.places, self.near)
        chosen, passed_by = self.answered()
        offices = offices_met(text) - self.own_roles
        # The school's office is answered where somebody of it was chosen, or is passed over anyway.
        if passed_by or chosen & self.holding(OF_SCHOOL):
            offices -= OF_SCHOOL
        of_district = self.holding(offices - OF_SCHOOL)
        # One that nobody here is known to hold is asked about too.
        offices = frozenset(role for role in offices if not chosen & self.holding({role}))
        met = [*people_met(text, self.near), *self.holding(offices & OF_SCHOOL), *of_district]
        self.met = [one for one in dict.fromkeys(met) if one not in chosen]
        data, self.asks_again = put(self.data, self.met, [role.value for role in offices])
        self.data = data
        if not self.met and not offices:
            for name in ("meant", "meant_people", "asked_about"):
                data.pop(name, None)
            return
        if not all(self.holding({role}) for role in offices):
            self.office_words = words_of_office(text)
        names = named([one for one in self.near if one.person_id in self.met], text)
        fields: Mapping[str, Any] = self.fields
        fields["meant_people"].choices = [(one, names[one]) for one in self.met]
        fields["meant"].required = True

    def holding(self, roles: Collection[Role]) -> set[int]:
        """Return who holds one of these offices, at the schools meant or in the district's own."""
        return set(holding(roles, self.near, self.at_schools()))

    @property
    def asks_meant(self) -> bool:
        """Whether the words name somebody, so that their owner is asked whom they mean."""
        return bool(self.fields["meant"].required)

    def kept_out(self) -> tuple[int, ...]:
        """Return everybody who was chosen, also from those whom the words name."""
        chosen = set(self.cleaned_data[self.chosen_in])
        if self.cleaned_data.get("meant") == "out":
            chosen |= set(self.cleaned_data["meant_people"])
        return tuple(sorted(chosen))
