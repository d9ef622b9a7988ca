"""What is asked of a client, and of going along with them: as little as can be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.helplines.words import CHANNELS, CONTACT, JOINT, PARTNERS, PLACES, WHOSE, languages
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles
from upstander.ui.local_time import LocalTime


def _words(
    label: Any, *, hint: Any = "", rows: int = 0, most: int = 500, required: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows else None
    return Words(label=label, help_text=hint, required=required, max_length=most, widget=widget)


class ClientForm(forms.Form):
    """Who they are, as they choose; and how they may be reached, if at all."""

    name = _words(
        _("A name of their choosing"), hint=_("It need not be theirs."), most=80, required=True
    )
    whose = forms.ChoiceField(
        label=_("They come"), choices=WHOSE, widget=RadioTiles, initial="self"
    )
    language = forms.ChoiceField(label=_("Language they speak"), choices=languages)
    channel = forms.ChoiceField(
        label=_("How we may get in touch"),
        choices=[("", _("Not at all: they come to us")), *CHANNELS],
        required=False,
        help_text=_("Nobody gets in touch unless they named way, hours and words."),
    )
    hours = _words(_("At which number or address, and hours"), most=200)
    words = _words(
        _("What we say, and who we say we are"),
        hint=_("Also when somebody else answers."),
        most=300,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a way without its hours and words: in part it is not safe."""
        given: dict[str, Any] = super().clean() or {}
        named = [name for name in CONTACT if given.get(name)]
        if named and len(named) < len(CONTACT):
            missing = next(name for name in CONTACT if name not in named)
            self.add_error(missing, _("All three, or none: in part it is not safe."))
        return given


class NoteForm(forms.Form):
    """What an advocate writes."""

    text = _words(_("What was said and done"), rows=4, most=8000, required=True)


class AlongForm(forms.Form):
    """Where and when an advocate is wanted, who may know, and with whom they may work."""

    place = forms.ChoiceField(label=_("To which place"), choices=PLACES, widget=RadioTiles)
    where = _words(_("Where exactly"), hint=_("Name, street, entrance, room."), required=True)
    language = forms.ChoiceField(label=_("Language they speak"), choices=languages)
    knows = _words(
        _("Who may know that an advocate is coming"),
        hint=_("“Only the nurse at the desk.” Nobody else is told."),
        required=True,
    )
    joint = forms.MultipleChoiceField(
        label=_("Staff there whom they let us work with"),
        choices=JOINT,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Ask them for each. They may take it back at any time."),
    )

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self.fields["begins_at"] = LocalTime(label=_("When"), zone=zone, initial=now)
        self.order_fields(["place", "where", "begins_at"])

    def clean_begins_at(self) -> datetime:
        """Refuse what is long over, and what is too far off to be asked about. Raises."""
        at: datetime = self.cleaned_data["begins_at"]
        if not timedelta(hours=-12) < at - self._now < timedelta(days=400):
            raise forms.ValidationError(_("Enter a time that is now or in the future."))
        return at

    @property
    def said(self) -> dict[str, str]:
        """What is sealed; call once it is valid."""
        plain = {name: self.cleaned_data[name] for name in ("place", "where", "language", "knows")}
        return plain | {"joint": " ".join(self.cleaned_data["joint"])}


class PartnerForm(forms.Form):
    """Whom the client lets us tell that an advocate comes, and what of the place."""

    who = forms.ChoiceField(label=_("Who may know"), choices=PARTNERS, widget=RadioTiles)
    entrance = _words(
        _("Entrance that the advocate will use"),
        hint=_("They read this. Name neither the client nor a room of theirs."),
        most=200,
        required=True,
    )
    email = forms.EmailField(
        label=_("Their email address at work"),
        help_text=_("The mail names nobody and nothing. Tell them the four words yourself."),
    )
    agreed = forms.BooleanField(label=_("The client said yes to this"))
