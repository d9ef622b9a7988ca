"""The form behind "I suspect": which kind and since when, and who of staff must not hear of it.

Whom it is about never hangs on a tick that can be overlooked. Where the kind is about staff the
question is asked and answered, if only with "I don't know"; and what the words say of a colleague
or of an office ("our principal") is asked about before anything is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.mandated.forms import text_field
from upstander.mandated.naming import offices_met, people_met
from upstander.mandated.rule_sets import Ask, DutyRule, RuleSet
from upstander.mandated.suspicion import About
from upstander.places.people_near import Near, grouped
from upstander.places.roles import Role
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime

_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
#: What somebody writes in their own words, by field.
WORDS: Final = ("first_words", "facts", "child", "where", "suspected")
#: The offices of a school; and which of them an answer means.
_OF_SCHOOL: Final = frozenset({Role.HEAD_OF_SCHOOL, Role.DESIGNEE})
_ANSWERS: Final[Mapping[str, frozenset[Role]]] = {
    About.HEAD: frozenset({Role.HEAD_OF_SCHOOL}),
    About.DESIGNEE: frozenset({Role.DESIGNEE}),
}


def _ages(rule: DutyRule) -> str:
    """Say of which age a kind of duty is: somebody of 18 must not be passed over for it."""
    if rule.under_age is not None:
        return str(_("For a child under %(age)d.") % {"age": rule.under_age})
    if rule.about_staff:
        return str(_("At any age: also for students of 18 and older."))
    return ""


class SuspectForm(forms.Form):
    """ "I suspect". The rest helps whoever takes the call."""

    rule = forms.ChoiceField(label=_("What do you suspect?"), widget=RadioTiles)
    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    since = forms.ChoiceField(
        label=_("When did you first have reason to suspect?"),
        choices=[("now", _("Just now")), ("earlier", _("Earlier"))],
        initial="now",
        widget=RadioTiles,
    )
    first_words = text_field(
        _("The child’s own first words, exactly"),
        long=True,
        hint=_("Write down what was said without being asked. Do not ask for more."),
    )
    facts = text_field(
        _("What you saw or heard"),
        long=True,
        hint=_("Who, what, when, where: what you know now is enough. Do not investigate."),
    )
    child = text_field(_("Which child? A name, or how one finds them"))
    where = text_field(_("Where is the child now?"))
    about = forms.ChoiceField(
        label=_("Who on staff is it about?"),
        help_text=_(
            "Always asked where it is about an employee. They, and whoever depends on them, will "
            "not see or hear of this."
        ),
        choices=[
            (About.HEAD.value, _("The principal or head of the school")),
            (About.DESIGNEE.value, _("Whoever stands in for them (the head’s designee)")),
            (About.NAMED.value, _("Somebody I choose or name below")),
            (About.UNKNOWN.value, _("I don’t know who it is")),
        ],
        required=False,
        widget=RadioTiles,
    )
    accused = forms.TypedMultipleChoiceField(
        label=_("Choose everybody on staff whom it is about"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    suspected = text_field(
        _("Somebody who is not on the list, and how they know the child"),
        hint=_("A substitute, a coach, a driver, somebody at home."),
    )
    disability = forms.ChoiceField(
        label=_("Does the child have a disability?"), choices=_YES_NO, required=False
    )
    restraint = forms.ChoiceField(
        label=_("Was restraint or seclusion part of it?"), choices=_YES_NO, required=False
    )
    #: Asked only where the words name somebody; ``asked`` says about whom it was.
    meant = forms.ChoiceField(
        label=_("Is it about them?"),
        choices=[
            ("out", _("Yes: keep out those whom I tick below")),
            ("unknown", _("I’m not sure: nobody at the school sees it for now")),
            ("not", _("No: they are only mentioned, and may see it")),
        ],
        required=False,
        widget=RadioTiles,
    )
    meant_people = forms.TypedMultipleChoiceField(
        label=_("Whom your words may mean"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        rules: RuleSet,
        zone: str,
        schools: Sequence[tuple[int, str]],
        near: Sequence[Near],
        me: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["rule"].choices = [(rule.key, rule.label) for rule in rules.duties.values()]
        fields["rule"].widget.hints = {rule.key: _ages(rule) for rule in rules.duties.values()}
        unknown = _("Then nobody at the school sees it until you know.")
        fields["about"].widget.hints = {About.UNKNOWN.value: unknown}
        self.rules, self.near = rules, [one for one in near if one.person_id != me]
        self.own_roles = frozenset(one.role for one in near if one.person_id == me)
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
            self._typed("school")
            if self.is_bound
            else self.get_initial_for_field(fields["school"], "school")
        )
        self.school_id = int(own) if str(own or "").isdecimal() else None
        fields["accused"].choices = grouped(self.near, school_id=self.school_id)
        self.fields["since_at"] = LocalTime(zone, label=_("If earlier: when?"), required=False)
        self.order_fields(["rule", "since", "since_at", "first_words", "facts"])
        #: Whom the words mean, perhaps; and whether nobody was asked about just these yet.
        self.met: list[int] = []
        self.asks_again = False
        if self.is_bound:
            self._look_at_words()

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))

    def _look_at_words(self) -> None:
        """Find whom the words name, and ask (again) if that was not asked about just so."""
        # A copy, as what was answered to an older question must not stand under a newer one.
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        self.data = data
        text = "\n".join(self._typed(name) for name in WORDS)
        about = self._typed("about")
        chosen = {int(one) for one in data.getlist("accused") if one.isdecimal()}
        chosen |= self._holding(_ANSWERS.get(about, frozenset()))
        offices = offices_met(text) - self.own_roles
        # The school's office is answered where somebody of it was chosen, or is passed over anyway.
        if about == About.UNKNOWN or chosen & self._holding(_OF_SCHOOL):
            offices -= _OF_SCHOOL
        of_district = self._holding(offices - _OF_SCHOOL)
        # One that nobody here is known to hold is asked about too.
        offices = frozenset(role for role in offices if not chosen & self._holding({role}))
        named = [*people_met(text, self.near), *self._holding(offices & _OF_SCHOOL), *of_district]
        self.met = [one for one in dict.fromkeys(named) if one not in chosen]
        if not self.met and not offices:
            for name in ("meant", "meant_people", "asked_about"):
                data.pop(name, None)
            return
        now = [*map(str, sorted(self.met)), *sorted(role.value for role in offices)]
        self.asks_again = not set(now) <= set(self._typed("asked_about").split())
        ticked = [one for one in data.getlist("meant_people") if one.isdecimal()]
        if self.asks_again:
            data["meant"] = ""
            ticked = [str(one) for one in self.met]
        data["asked_about"] = " ".join(now)
        data.setlist("meant_people", [one for one in ticked if int(one) in self.met])
        names = {one.person_id: f"{one.name} ({one.team})" for one in reversed(self.near)}
        fields: Mapping[str, Any] = self.fields
        fields["meant_people"].choices = [(one, names[one]) for one in self.met]
        fields["meant"].required = True

    def _holding(self, roles: Collection[Role]) -> set[int]:
        """Return who holds one of these offices, at the chosen school or in the district's own."""
        return {
            one.person_id
            for one in self.near
            if one.role in roles and one.school_id in (None, self.school_id)
        }

    @property
    def asks_meant(self) -> bool:
        """Whether the words name somebody, so that their owner is asked whom they mean."""
        return bool(self.fields["meant"].required)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions of single kinds of duty."""
        return [self[f"{rule.key}_{ask.key}"] for rule, ask in self.asks]

    def clean(self) -> dict[str, Any]:
        """Ask for the time where "earlier" was chosen, and for whom it is about."""
        data = super().clean() or {}
        if data.get("since") == "earlier" and not data.get("since_at"):
            self.add_error("since_at", _("Say when: the hours count from then."))
        rule = self.rules.duties.get(data.get("rule", ""))
        if rule is not None and rule.about_staff and not (data.get("about") or data.get("accused")):
            self.add_error(
                "about", _("Say who it is about, or that you don’t know: both can be kept at once.")
            )
        named = data.get("accused") or data.get("suspected") or data.get("meant_people")
        if data.get("about") == About.NAMED and not named:
            self.add_error(
                "about", _("Choose them below, or write who it is. Or say that you don’t know.")
            )
        if data.get("meant") == "out" and not data.get("meant_people"):
            self.add_error("meant", _("Tick at least one of them, or say that you’re not sure."))
        return data

    def accused_people(self) -> tuple[int, ...]:
        """Return everybody who was chosen, also from those whom the words name."""
        chosen = set(self.cleaned_data["accused"])
        if self.cleaned_data.get("meant") == "out":
            chosen |= set(self.cleaned_data["meant_people"])
        return tuple(sorted(chosen))

    def about_whom(self) -> About:
        """Return who of staff it is about."""
        if self.cleaned_data.get("meant") == "unknown":
            return About.UNKNOWN
        return About(self.cleaned_data.get("about") or "")

    def words(self) -> dict[str, str]:
        """Return what was written, by name; empty fields are left out when it is sealed."""
        return {name: self.cleaned_data.get(name, "") for name in WORDS} | {
            "asked": "\n".join(f"{ask.question} Yes" for ask in self._yes())
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
