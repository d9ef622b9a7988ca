"""The form behind "I suspect": which kind and since when, and who of staff must not hear of it.

Whom it is about never hangs on a tick that can be overlooked: the question is asked and answered,
if only with "nobody on staff" or "I don't know", and what the words say of a colleague or of an
office ("our principal") is asked about before anything is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.mandated.copying import MENTIONED
from upstander.mandated.forms import text_field
from upstander.mandated.meant_form import MeantForm
from upstander.mandated.suspicion import About
from upstander.matters.people_near import Near, grouped
from upstander.people.roles import Role
from upstander.states import Ask, DutyRule, RuleSet
from upstander.tips.whom import OF_SCHOOL
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime

_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
#: What somebody writes in their own words, by field.
WORDS: Final = ("first_words", "facts", "child_name", "child", "where", "suspected")
#: … and what of it comes along from a page where it was written down for another purpose.
CARRIED: Final = ("first_words", "facts", "child", "where")
#: Which offices of a school an answer means.
_ANSWERS: Final[Mapping[str, frozenset[Role]]] = {
    About.HEAD: frozenset({Role.HEAD_OF_SCHOOL}),
    About.DESIGNEE: frozenset({Role.DESIGNEE}),
}
#: Whoever holds one of these is a school employee.
_EMPLOYED: Final = OF_SCHOOL | {Role.SUPERINTENDENT}


def _ages(rule: DutyRule) -> str:
    """Say of which age a kind of duty is: somebody of 18 must not be passed over for it."""
    if rule.under_age is not None:
        return str(_("For a child under %(age)d.") % {"age": rule.under_age})
    if rule.about_staff:
        return str(_("At any age: also for students of 18 and older."))
    return ""


class SuspectForm(MeantForm):
    """ "I suspect". The rest helps whoever takes the call."""

    words_in = WORDS
    #: What they had asked themselves before, that this begins with.
    consult_id: UUID | None = None
    chosen_in = "accused"

    rule = forms.ChoiceField(label=_("What do you suspect?"), widget=RadioTiles)
    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    since = forms.ChoiceField(
        label=_("When did you first have reason to suspect?"),
        choices=[("now", _("Just now")), ("earlier", _("Earlier"))],
        # Nothing is chosen for them: the law's hours are counted from this answer.
        error_messages={"required": _("Say whether it was just now or earlier.")},
        widget=RadioTiles,
    )
    first_words = text_field(
        _("The child’s own first words, exactly"),
        long=True,
        hint=_("Write down what the child said without being asked. Do not ask for more."),
    )
    facts = text_field(
        _("What you saw or heard"),
        long=True,
        hint=_("Who, what, when, where: what you know now is enough. Do not investigate."),
    )
    child_name = text_field(_("The child’s name, if you know it"))
    child = text_field(_("Which child? How to find them"))
    where = text_field(_("Where is the child now?"))
    about = forms.ChoiceField(
        label=_("Who on staff is it about?"),
        help_text=_(
            "Always asked. They, and anyone who depends on them, will not see or hear of this."
        ),
        choices=[
            (About.NOBODY.value, _("No one on staff")),
            (About.HEAD.value, _("The principal or head of the school")),
            (About.DESIGNEE.value, _("The person who stands in for them (the head’s designee)")),
            (About.NAMED.value, _("Someone I choose or name below")),
            (About.UNKNOWN.value, _("I don’t know who it is")),
        ],
        required=False,
        widget=RadioTiles,
    )
    employee = forms.ChoiceField(
        label=_("Is the person you suspect a school employee?"),
        help_text=_(
            "The principal, a teacher, an aide, a coach, a driver, a substitute. More offices must "
            "be told then. You can leave this open if it is the principal, the head, their "
            "designee, or the superintendent: they are."
        ),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=RadioTiles,
    )
    accused = forms.TypedMultipleChoiceField(
        label=_("Choose every staff member it is about"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    suspected = text_field(
        _("Someone not on the list, and how they know the child"),
        hint=_("A substitute, a coach, a driver, someone at home."),
    )
    disability = forms.ChoiceField(
        label=_("Does the child have a disability?"), choices=_YES_NO, required=False
    )
    restraint = forms.ChoiceField(
        label=_("Was restraint or seclusion part of it?"), choices=_YES_NO, required=False
    )

    def __init__(
        self,
        *args: Any,
        rules: RuleSet,
        zone: str,
        schools: Sequence[tuple[int, str]],
        near: Sequence[Near],
        places: Sequence[str],
        me: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, near=near, places=places, me=me, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["rule"].choices = [(rule.key, rule.label) for rule in rules.duties.values()]
        fields["rule"].widget.hints = {rule.key: _ages(rule) for rule in rules.duties.values()}
        unknown = _("Then no one at the school sees it until you know.")
        fields["about"].widget.hints = {About.UNKNOWN.value: unknown}
        self.rules = rules
        self.asks = [(rule, ask) for rule in rules.duties.values() for ask in rule.asks]
        for rule, ask in self.asks:
            self.fields[f"{rule.key}_{ask.key}"] = forms.ChoiceField(
                label=ask.question,
                help_text=_("Only for: %(kind)s") % {"kind": rule.label},
                choices=_YES_NO,
                required=False,
            )
        fields["school"].choices = [("", _("None, or another")), *schools]
        if len(schools) == 1:
            fields["school"].initial = schools[0][0]
        own = (
            self.typed("school")
            if self.is_bound
            else self.get_initial_for_field(fields["school"], "school")
        )
        self.school_id = int(own) if str(own or "").isdecimal() else None
        fields["accused"].choices = grouped(self.near, school_id=self.school_id)
        self.fields["since_at"] = LocalTime(zone, label=_("If earlier: when?"), required=False)
        self.order_fields(["rule", "since", "since_at", "first_words", "facts"])
        self.look_at_words()

    def at_schools(self) -> Collection[int]:
        """Return the chosen school."""
        return () if self.school_id is None else (self.school_id,)

    def answered(self) -> tuple[set[int], bool]:
        """Return who was chosen, by name or by the office it is about; "I don’t know" passes by."""
        chosen, _passed_by = super().answered()
        about = self.typed("about")
        return chosen | self.holding(_ANSWERS.get(about, frozenset())), about == About.UNKNOWN

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions of single kinds of duty."""
        return [self[f"{rule.key}_{ask.key}"] for rule, ask in self.asks]

    def clean(self) -> dict[str, Any]:
        """Ask for the time where "earlier" was chosen, and for whom it is about."""
        data = super().clean() or {}
        if data.get("since") == "earlier" and not data.get("since_at"):
            self.add_error("since_at", _("Say when: the hours are counted from then."))
        rule = self._kind(data)
        about, chosen = data.get("about"), data.get("accused")
        if not about and not chosen:
            self.add_error(
                "about", _("Say who it is about, or that you don’t know. You can do both.")
            )
        if about == About.NOBODY and (chosen or (rule is not None and rule.about_staff)):
            self.add_error(
                "about",
                _("You chose that it is about someone on staff. Say who, or that you don’t know."),
            )
        named = data.get("accused") or data.get("suspected") or data.get("meant_people")
        if data.get("about") == About.NAMED and not named:
            self.add_error(
                "about", _("Choose them below, or write who it is. Or say that you don’t know.")
            )
        if data.get("meant") == "out" and not data.get("meant_people"):
            self.add_error("meant", _("Check at least one of them, or say that you’re not sure."))
        return data

    def _kind(self, data: dict[str, Any]) -> DutyRule | None:
        """Return the kind of duty: abuse by an employee is its own, whichever of both was chosen.

        Whoever suspects "abuse of a child" and says that it is about somebody on staff is asked
        whether they are employed there: a parent may be a teacher of another school.
        """
        rule = self.rules.duties.get(data.get("rule", ""))
        if rule is None or rule.about_staff or rule.under_age is None:
            return rule
        of_staff = [one for one in self.rules.duties.values() if one.about_staff and one.under_age]
        about = data.get("about")
        known = data.get("accused") or data.get("meant") == "out"
        known = known or about == About.NAMED
        meant = data.get("meant_people") if data.get("meant") == "out" else None
        named = {*(data.get("accused") or ()), *(meant or ())}
        # Who holds such an office is employed there, unless it is said otherwise.
        if not data.get("employee") and (about in _ANSWERS or named & self.holding(_EMPLOYED)):
            data["employee"] = "yes"
        if of_staff and data.get("employee") == "yes":
            data["rule"] = of_staff[0].key
            return of_staff[0]
        if of_staff and known and not data.get("employee"):
            self.add_error("employee", _("Say whether they are a school employee."))
        return rule

    def about_whom(self) -> About:
        """Return who of staff it is about."""
        if self.cleaned_data.get("meant") == "unknown":
            return About.UNKNOWN
        return About(self.cleaned_data.get("about") or "")

    def words(self) -> dict[str, str]:
        """Return what was written, by name; empty fields are left out when it is sealed."""
        only = self.met if self.cleaned_data.get("meant") == "not" else []
        return {name: self.cleaned_data.get(name, "") for name in WORDS} | {
            "asked": "\n".join(f"{ask.question} Yes" for ask in self._yes()),
            # Who was asked about and is only mentioned: whoever gets it later was asked about too.
            MENTIONED: " ".join(map(str, only)),
        }

    def flag(self, name: str) -> bool | None:
        """Return a yes or no; None: not known."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get(name, ""))

    def said(self) -> list[str]:
        """Return what the rule says to what was answered with yes. It ends and stops nothing."""
        return [ask.if_yes for ask in self._yes()]

    def _yes(self) -> list[Ask]:
        chosen = self.cleaned_data.get("rule")
        return [
            ask
            for rule, ask in self.asks
            if rule.key == chosen and self.cleaned_data.get(f"{chosen}_{ask.key}") == "yes"
        ]
