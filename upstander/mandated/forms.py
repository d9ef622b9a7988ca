"""Forms of a duty. All but the time and the kind may stay empty: no report is late for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.cases.homes import FAMILIES, HOME, AboutHome
from upstander.mandated.rule_sets import Ask, DutyRule, RuleSet
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime

LONG = 4000
SHORT = 200


def _text(label: Any, *, long: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONG if long else SHORT,
        widget=forms.Textarea(attrs={"rows": 3}) if long else None,
    )


_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def _ages(rule: DutyRule) -> str:
    """Say of which age a kind of duty is: somebody of 18 must not be passed over for it."""
    if rule.under_age is not None:
        return str(_("For a child under %(age)d.") % {"age": rule.under_age})
    if rule.about_staff:
        return str(_("At any age: also for students of 18 and older."))
    return ""


class SuspectForm(forms.Form):
    """ "I suspect": which kind and since when. The rest helps whoever takes the call."""

    rule = forms.ChoiceField(label=_("What do you suspect?"), widget=RadioTiles)
    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    since = forms.ChoiceField(
        label=_("When did you first have reason to suspect?"),
        choices=[("now", _("Just now")), ("earlier", _("Earlier"))],
        initial="now",
        widget=RadioTiles,
    )
    first_words = _text(
        _("The child’s own first words, exactly"),
        long=True,
        hint=_("Write down what was said without being asked. Do not ask for more."),
    )
    facts = _text(
        _("What you saw or heard"),
        long=True,
        hint=_("Who, what, when, where: what you know now is enough. Do not investigate."),
    )
    child = _text(_("Which child? A name, or how one finds them"))
    where = _text(_("Where is the child now?"))
    accused = forms.TypedMultipleChoiceField(
        label=_("Is it about somebody on staff?"),
        help_text=_("They, and whoever depends on them, will not see or hear of this."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    suspected = _text(_("Somebody else who is suspected, and how they know the child"))
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
        colleagues: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["rule"].choices = [(rule.key, rule.label) for rule in rules.duties.values()]
        fields["rule"].widget.hints = {rule.key: _ages(rule) for rule in rules.duties.values()}
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
        fields["accused"].choices = list(colleagues)
        self.fields["since_at"] = LocalTime(zone, label=_("If earlier: when?"), required=False)
        self.order_fields(["rule", "since", "since_at", "first_words", "facts"])

    @property
    def asked(self) -> list[forms.BoundField]:
        """The questions of single kinds of duty."""
        return [self[f"{rule.key}_{ask.key}"] for rule, ask in self.asks]

    def clean(self) -> dict[str, Any]:
        """Ask for the time where "earlier" was chosen."""
        data = super().clean() or {}
        if data.get("since") == "earlier" and not data.get("since_at"):
            self.add_error("since_at", _("Say when: the hours count from then."))
        return data

    def words(self) -> dict[str, str]:
        """Return what was written, by name; empty fields are left out when it is sealed."""
        names = ("first_words", "facts", "child", "where", "suspected")
        return {name: self.cleaned_data.get(name, "") for name in names} | {
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


class UrgencyForm(forms.Form):
    """The rule's questions. One left open counts as a yes: then only the phone will do."""

    def __init__(self, *args: Any, rule: DutyRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in rule.emergent:
            self.fields[one.key] = forms.ChoiceField(
                label=one.question,
                required=False,
                choices=[("yes", _("Yes, or I don’t know")), ("no", _("No"))],
                widget=RadioTiles,
            )

    def answers(self) -> dict[str, bool]:
        """Return which of them is a yes."""
        return {key: self.cleaned_data.get(key) != "no" for key in self.fields}


class FirstForm(forms.Form):
    """The first report: to whom, when, what they said."""

    way = forms.ChoiceField(label=_("How did you report?"), widget=RadioTiles)
    worker = _text(_("Name of whom you spoke to"), hint=_("Ask for it; or the officer and agency."))
    reference = _text(_("Their reference or incident number"))
    hold = _text(_("How long did you wait on the line?"))
    advice = _text(_("What did they say you should do?"), long=True)
    accepted = forms.ChoiceField(
        label=_("Did they accept the report?"),
        choices=[("", _("They didn’t say")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        widget=RadioTiles,
    )

    def __init__(self, *args: Any, rules: RuleSet, rule: DutyRule, zone: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields: Mapping[str, Any] = self.fields
        fields["way"].choices = [(key, rules.ways[key].label) for key in rule.ways]
        self.fields["at"] = LocalTime(zone, label=_("When did you report?"))
        self.order_fields(["way", "at"])

    def words(self) -> dict[str, str]:
        """Return what was written, by name."""
        names = ("worker", "reference", "hold", "advice")
        return {name: self.cleaned_data.get(name, "") for name in names}

    def took_it(self) -> bool | None:
        """Return whether the agency accepted it; None: they didn't say."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("accepted", ""))


class WrittenForm(forms.Form):
    """The written report's way: how, to whom, when."""

    how = _text(_("How was it sent?"), hint=_("Fax, mail, the agency’s site, by hand."))
    to = _text(_("To which office?"))
    proof = _text(_("What proves it? A fax receipt, a mail’s number"))

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"] = LocalTime(zone, label=_("When was it sent?"))
        self.order_fields(["at"])

    def words(self) -> dict[str, str]:
        """Return what was written, by name."""
        return {name: self.cleaned_data.get(name, "") for name in ("how", "to", "proof")}


class MomentForm(forms.Form):
    """When something was done, and what should be kept about it."""

    words = _text(_("What should be kept about it"), long=True)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"] = LocalTime(zone, label=_("When was it?"))
        self.order_fields(["at"])

    def kept(self) -> dict[str, str]:
        """Return what was written, by name."""
        return {"words": self.cleaned_data.get("words", "")}


class MeetForm(MomentForm):
    """When something that fell due later was done; of what tells families, whether home is safe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for family in FAMILIES.values():
            self.fields[f"{family.prefix}home"] = forms.ChoiceField(
                label=str(family.ask), choices=[("", _("Choose …")), *HOME.items()], required=False
            )
            self.fields[f"{family.prefix}sure"] = forms.BooleanField(
                label=_("If nobody knows: I have thought of that, and they are told all the same"),
                required=False,
            )

    @property
    def about_homes(self) -> list[forms.BoundField]:
        """The fields about homes, as the page shows them."""
        return [
            self[f"{family.prefix}{name}"]
            for family in FAMILIES.values()
            for name in ("home", "sure")
        ]

    def homes(self) -> dict[str, AboutHome]:
        """Return what was said of each family's home, by the family's key."""
        said = self.cleaned_data
        return {
            family.key: AboutHome(said[f"{family.prefix}home"], sure=said[f"{family.prefix}sure"])
            for family in FAMILIES.values()
        }


class NoteForm(forms.Form):
    """A few words that are kept with a duty."""

    words = forms.CharField(
        label=_("What should be kept"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )
    accepted = forms.ChoiceField(
        label=_("If it is the agency’s answer: do they accept the report?"),
        choices=[("", _("They didn’t say")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
