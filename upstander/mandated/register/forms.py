"""Forms of the register."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from upstander.mandated.register.actions.settling import Reader, Says
from upstander.mandated.register.models import Entry
from upstander.mandated.register.reasons import Reason
from upstander.ui.fields import Words
from upstander.ui.forms import DayField, RadioTiles

SHORT, LONG = 200, 4000
_YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
_FLAGS = {"yes": True, "no": False}


def _capitals(words: type[TextChoices]) -> list[tuple[str, str]]:
    return [(key, capfirst(label)) for key, label in words.choices]


def _text(label: Any, *, long: bool = False, hint: Any = "", needed: bool = False) -> Any:
    return Words(
        label=label,
        help_text=hint,
        required=needed,
        max_length=LONG if long else SHORT,
        widget=forms.Textarea(attrs={"rows": 3}) if long else None,
    )


class ReasonForm(forms.Form):
    """Why an entry is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open it?"), choices=Reason.choices, widget=RadioTiles
    )
    words = _text(
        _("In your own words"),
        long=True,
        hint=_("Encrypted with the entry; anyone who opens it can read it."),
    )


_OTHERS = _text(
    _("Other names they use or used"),
    hint=_("A former name, a short form, another spelling; separate them with commas."),
)


class _FlagsMixin:
    """For forms that ask about the child; None: not known."""

    cleaned_data: dict[str, Any]

    def flag(self, name: str) -> bool | None:
        """Return a flag; None: not known."""
        return _FLAGS.get(self.cleaned_data.get(name, ""))


class ChangeForm(forms.Form):
    """What a letter to somebody who hires rests on: two persons change it."""

    name = _text(_("Whom it is about"), hint=_("Full name: other entries are found by it."))
    others = _OTHERS
    happened_on = DayField(label=_("Since when, as far as known"))
    kind = forms.ChoiceField(label=_("What is alleged"), choices=_capitals(Entry.Kind))
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=_capitals(Entry.Outcome),
        widget=RadioTiles,
        initial=Entry.Outcome.UNPROVEN,
    )
    outcome_on = DayField(label=_("Date of the outcome"), required=False)
    told = _text(
        _("What employers are told besides the outcome"),
        long=True,
        hint=_(
            "Discipline, or that someone left while it was open: what the law allows to be said."
        ),
    )
    why = _text(
        _("Reason for the change"),
        long=True,
        needed=True,
        hint=_("The second person reads it. It is encrypted and kept with the entry."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the day of an outcome."""
        data = super().clean() or {}
        decided = data.get("outcome") not in (None, Entry.Outcome.UNPROVEN)
        if decided and not data.get("outcome_on"):
            self.add_error(
                "outcome_on", _("Enter the date: the retention period is counted from it.")
            )
        return data


class ReadersForm(forms.Form):
    """Whether an entry is about others of the office, each by name."""

    why = _text(
        _("How you know"),
        long=True,
        needed=True,
        hint=_("It is encrypted and kept with the entry."),
    )

    def __init__(self, *args: Any, readers: Iterable[Reader], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = (Says.ABOUT, _("It is about them: exclude them permanently"))
        for one in readers:
            if one.holds:
                choices = [
                    ("", _("Nothing changes: they may read it")),
                    (
                        Says.UNSURE,
                        _("It may be about them: they can’t read it until that is known"),
                    ),
                    about,
                ]
            else:
                choices = [
                    (Says.UNSURE, _("Not known: they still can’t read it")),
                    (Says.NOT, _("It is not about them: they may read it")),
                    about,
                ]
            self.fields[f"who_{one.person_id}"] = forms.ChoiceField(
                label=one.name,
                choices=choices,
                required=not one.holds,
                initial="" if one.holds else Says.UNSURE,
                widget=RadioTiles,
            )
        self.order_fields([*(name for name in self.fields if name != "why"), "why"])

    def said(self) -> dict[int, Says]:
        """Return what was said of whom."""
        return {
            int(name.removeprefix("who_")): Says(word)
            for name, word in self.cleaned_data.items()
            if name.startswith("who_") and word
        }


class NotesForm(_FlagsMixin, forms.Form):
    """What was alleged and done. No letter rests on it."""

    role = _text(_("What they do, and where"))
    disability = forms.ChoiceField(
        label=_("Does the child have a disability?"), choices=_YES_NO, required=False
    )
    restraint = forms.ChoiceField(
        label=_("Was restraint or seclusion part of it?"), choices=_YES_NO, required=False
    )
    words = _text(
        _("What is alleged, without the child’s name"),
        long=True,
        hint=_("The register is not a student record: no child is named in it."),
    )
    response = _text(_("What the district did"), long=True)
    agency = _text(_("What the agency found"), long=True)
    police = _text(_("What the police or a court found"), long=True)
    NAMES = ("role", "words", "response", "agency", "police")

    def kept(self) -> dict[str, str]:
        """Return the words, by name."""
        return {name: self.cleaned_data.get(name, "") for name in self.NAMES}


class NewForm(_FlagsMixin, forms.Form):
    """An allegation that came without a duty."""

    district = forms.TypedChoiceField(label=_("District"), coerce=int)
    person = forms.TypedChoiceField(
        label=_("Someone with an account here?"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("They, and anyone who depends on them, will not see or hear of this."),
    )
    name = _text(_("Whom it is about"), hint=_("Full name: other entries are found by it."))
    others = _OTHERS
    role = _text(_("What they do, and where"))
    school = forms.TypedChoiceField(label=_("School"), coerce=int, empty_value=None, required=False)
    happened_on = DayField(label=_("Since when, as far as known"))
    kind = forms.ChoiceField(label=_("What is alleged"), choices=_capitals(Entry.Kind))
    disability = forms.ChoiceField(
        label=_("Does the child have a disability?"), choices=_YES_NO, required=False
    )
    restraint = forms.ChoiceField(
        label=_("Was restraint or seclusion part of it?"), choices=_YES_NO, required=False
    )
    words = _text(
        _("What is alleged, without the child’s name"),
        long=True,
        needed=True,
        hint=_("The register is not a student record: no child is named in it."),
    )

    def __init__(
        self,
        *args: Any,
        districts: Sequence[tuple[int, str]],
        schools: Sequence[tuple[int, str]],
        people: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["district"].choices = districts
        fields["school"].choices = [("", _("None, or another")), *schools]
        fields["person"].choices = [("", _("No")), *people]

    def clean(self) -> dict[str, Any]:
        """Refuse an entry about nobody: it could never be found again, nor be answered for."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("person", "name", "role")) and not self.errors:
            self.add_error(
                "name",
                _("Whom is it about? If the name is not known, say what they do, and where."),
            )
        return data

    def kept(self) -> dict[str, str]:
        """Return the words, by name; the name apart."""
        return {name: self.cleaned_data.get(name, "") for name in ("others", "role", "words")}


class QuestionForm(forms.Form):
    """What somebody who hires asks."""

    district = forms.TypedChoiceField(label=_("District"), coerce=int)
    name = _text(_("About whom? Full name"), needed=True)
    others = _OTHERS
    asker = _text(_("Who is asking: name and employer"), needed=True)
    reason = _text(
        _("On what basis"),
        needed=True,
        hint=_("The form or the law they name, and the person’s written consent with its date."),
    )
    asked_on = DayField(label=_("Date of the request"))
    school = forms.TypedChoiceField(
        label=_("At which school did they work?"), coerce=int, empty_value=None, required=False
    )
    worked_from = DayField(label=_("Since when?"), required=False)
    worked_until = DayField(
        label=_("Until when?"),
        required=False,
        help_text=_("Leave empty what is not known: then every school and every year is searched."),
    )

    def __init__(
        self,
        *args: Any,
        districts: Sequence[tuple[int, str]],
        schools: Sequence[tuple[int, str]] = (),
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["district"].choices = districts
        fields["school"].choices = [("", _("Not known, or several")), *schools]
        fields["asked_on"].initial = today


class DecisionForm(forms.Form):
    """What a second person says: to an answer that leaves something out, to a change."""

    why = _text(
        _("In your own words"), long=True, hint=_("Required if you don’t agree. Stored encrypted.")
    )
