"""What a specialist writes down, and how a family is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import BY_CODE
from upstander.directory.vocabulary import NEEDS
from upstander.places.models import District
from upstander.referrals.models import Contact, Referral
from upstander.referrals.words import BARRIERS, CHANNELS
from upstander.states.consent import MinorsWord
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles

#: What of a contact's form is sealed; all else are columns.
SEALED = ("name", "story", "household", "tried", "obstacles", "town")
_BY_WORD: list[tuple[Any, Any]] = [
    (Referral.Consent.NUMBERS, _("No: they call themselves")),
    (Referral.Consent.ADULT, _("Yes: an adult, for themselves")),
    (Referral.Consent.GUARDIAN, _("Yes: a parent or guardian")),
]
_LANGUAGES = [(one.code, one.english) for one in BY_CODE.values()]
_NEEDS = [(need.key, need.label("en")) for need in NEEDS.values()]


def _words(label: Any, *, hint: Any = "", rows: int = 0, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows else None
    return Words(label=label, help_text=hint, required=False, max_length=most, widget=widget)


class ContactForm(forms.Form):
    """Who asks for what. Only danger and one need must be said; nobody has to give a name."""

    danger = forms.ChoiceField(
        label=_("Is anybody in danger now?"),
        choices=[
            (Contact.Danger.NOW, _("A life is in danger now")),
            (Contact.Danger.CRISIS, _("A child is in a crisis")),
            (Contact.Danger.CHILD_HURT, _("Somebody hurts a child")),
            ("none", _("No sign of it")),
        ],
        widget=RadioTiles,
        error_messages={"required": _("Ask this first.")},
    )
    way = forms.ChoiceField(
        label=_("How they contacted you"),
        choices=[(code, capfirst(label)) for code, label in Contact.Way.choices],
    )
    district = forms.ChoiceField(label=_("School district"))
    language = forms.ChoiceField(label=_("Language they speak"), choices=_LANGUAGES)
    interpreter = forms.BooleanField(label=_("An interpreter helped"), required=False)
    first = forms.ChoiceField(
        label=_("What is most pressing"), choices=[("", _("Choose")), *_NEEDS]
    )
    more = forms.MultipleChoiceField(
        label=_("What else they need"),
        choices=_NEEDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    name = _words(
        _("What to call them"), hint=_("Only if they want to say. They may stay unknown."), most=120
    )
    town = _words(_("Town or ZIP code"), hint=_("To find what is near."), most=80)
    story = _words(_("What they say, in their words"), rows=4)
    household = _words(
        _("Who lives with them"), hint=_("Children and their ages, somebody ill, pets."), most=500
    )
    tried = _words(_("What they have tried"), most=500)
    obstacles = _words(
        _("What makes it hard"), hint=_("Rides, papers, language, phone, hours."), most=500
    )

    def __init__(self, *args: Any, districts: Iterable[District], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in districts]
        if len(choices) > 1:
            choices = [("", gettext("Choose")), *choices]
        cast("forms.ChoiceField", self.fields["district"]).choices = choices

    @property
    def facts(self) -> dict[str, Any]:
        """The columns of ``Contact``; call once it is valid."""
        given = self.cleaned_data
        needs = [given["first"], *given["more"]]
        return {
            "way": given["way"],
            "danger": "" if given["danger"] == "none" else given["danger"],
            "language": given["language"],
            "interpreter": given["interpreter"],
            "needs": list(dict.fromkeys(needs)),
        }

    @property
    def words(self) -> dict[str, str]:
        """What is sealed."""
        return {name: self.cleaned_data[name] for name in SEALED}


class ReferForm(forms.Form):
    """Whether the agency is told, by whose word, what, until when; how the family is asked."""

    consent = forms.ChoiceField(
        label=_("Do they want the agency to be told?"),
        choices=_BY_WORD,
        widget=RadioTiles,
        help_text=_("A minor alone gets numbers, and you can call the agency together with them."),
    )
    told = _words(
        _("What the agency is told"),
        hint=_("Only what they agreed to, in words that you have read to them."),
        rows=4,
    )
    name = _words(_("Which name to say"), most=120)
    email = forms.EmailField(
        label=_("The agency's email for referrals"),
        required=False,
        help_text=_("Leave it empty to call them together instead: nothing is sent then."),
    )
    days = forms.TypedChoiceField(
        label=_("The agency may read it for"),
        choices=[(7, _("7 days")), (30, _("30 days")), (45, _("45 days"))],
        coerce=int,
        initial=30,
    )
    channel = forms.ChoiceField(
        label=_("May we ask whether it helped, after 7 and 30 days?"),
        choices=CHANNELS,
        required=False,
    )
    reach = _words(
        _("At which number, or whom at school"),
        hint=_("With their consent the agency is told this too."),
        most=200,
    )
    hours = _words(_("At which hours it is safe"), most=200)
    safe = _words(
        _("What to say, and what never"),
        hint=_("May a message be left? Which name to say, which word tells you it is them?"),
        most=300,
    )

    def __init__(
        self, *args: Any, confidential: bool, minor: MinorsWord | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if minor is not None:
            own = gettext("Yes: a minor of %(age)s or older, for themselves")
            asked = cast("forms.ChoiceField", self.fields["consent"])
            asked.choices = [*_BY_WORD, (Referral.Consent.MINOR, own % {"age": minor.youngest})]
            asked.help_text = gettext("A younger minor alone gets numbers, and a call together.")
        #: Violence or sexual harm: nobody is called unless they named channel, hours and words.
        self.confidential = confidential

    def clean(self) -> dict[str, Any]:
        """Ask for what a consent says, and for how somebody can be reached safely."""
        given = super().clean() or {}
        consent = given.get("consent")
        if consent and consent != Referral.Consent.NUMBERS and not given.get("told"):
            self.add_error("told", gettext("Write what they agreed that the agency is told."))
        if given.get("channel"):
            if not given.get("reach"):
                self.add_error("reach", gettext("Say where they can be reached."))
            for name in ("hours", "safe") if self.confidential else ():
                if not given.get(name):
                    self.add_error(
                        name, gettext("For their safety: ask them, or choose “not at all.”")
                    )
        return given

    @property
    def words(self) -> dict[str, str]:
        """What is sealed with the referral."""
        names = ("told", "name", "channel", "reach", "hours", "safe")
        return {name: self.cleaned_data.get(name) or "" for name in names}


class HelpedForm(forms.Form):
    """The family's own word."""

    outcome = forms.ChoiceField(
        label=_("Did it help? What they say"),
        choices=[
            (Referral.Outcome.MET, _("Yes")),
            (Referral.Outcome.PARTLY, _("In part")),
            (Referral.Outcome.NOT_MET, _("No")),
            (Referral.Outcome.DECLINED, _("They no longer want it")),
            ("waiting", _("Not yet: they wait")),
        ],
        widget=RadioTiles,
    )
    barrier = forms.ChoiceField(
        label=_("If not: what got in the way"),
        choices=[("", _("Choose")), *BARRIERS],
        required=False,
    )
    own = _words(_("In their words"), rows=2, most=500)
