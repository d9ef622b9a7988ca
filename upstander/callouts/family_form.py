"""What a family is asked on the public site: in its language, no more than must be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from upstander.base.languages import BY_CODE, ENGLISH
from upstander.base.phones import NoNumber, e164
from upstander.callouts.public import PublicSite
from upstander.ui.fields import Phone, Words
from upstander.ui.forms import RadioTiles

#: Who asks on the website, and whether somebody may come.
WHO: Final = (
    ("guardian", _("The child’s parent or guardian")),
    ("self", _("The child or teen")),
    ("other", _("Somebody else")),
)
MAY: Final = (
    ("come", _("Yes, come")),
    ("call", _("Call me first")),
)
_SAY: Final = {"required": _("Please choose one.")}


class FamilyForm(forms.Form):
    """What a family is asked on the public site. ``reached``: town → who goes there."""

    danger = forms.TypedChoiceField(
        label=_("Is a life in danger now?"),
        choices=[("yes", _("Yes: I call 911 first. Come all the same")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=RadioTiles,
        error_messages={"required": _("Please say this first.")},
    )
    town = forms.ChoiceField(label=_("Town"))
    where = Words(
        label=_("Where the child is now"),
        help_text=_("Street and number, floor, ZIP code; or the name of the school."),
        max_length=300,
    )
    child = Words(
        label=_("The child’s first name or initials, and age"), max_length=120, required=False
    )
    #: By the name under which the gate's own page gives words back (``front/pages.py``).
    text = Words(
        label=_("What is happening"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    who_with = Words(label=_("Who is with the child now"), max_length=200, required=False)
    who = forms.ChoiceField(label=_("You are"), choices=WHO, widget=RadioTiles, error_messages=_SAY)
    may = forms.ChoiceField(
        label=_("May we come?"), choices=MAY, widget=RadioTiles, error_messages=_SAY
    )
    phone = Phone(label=_("Your phone number"), max_length=40)
    tell = forms.BooleanField(
        label=_("Text me when somebody comes: a link that shows who, and when"), required=False
    )
    #: Not ``language``: that is pressed to read the page in another one.
    spoken = forms.ChoiceField(
        label=_("Language you speak"), choices=[(one.code, one.own) for one in BY_CODE.values()]
    )

    def __init__(self, *args: Any, reached: Mapping[str, PublicSite], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reached = reached
        cast("forms.ChoiceField", self.fields["town"]).choices = [
            ("", _("Choose")),
            *((town, town) for town in sorted(reached)),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse to promise a text to an extension."""
        given = super().clean() or self.cleaned_data
        if given.get("tell") and given.get("phone"):
            try:
                e164(given["phone"])
            except NoNumber:
                self.add_error(
                    "phone", _("We can’t text this number. Leave the text out, or type another.")
                )
        return given

    @property
    def site(self) -> PublicSite:
        """Who goes to the town; call once it is valid."""
        return self.reached[self.cleaned_data["town"]]

    @property
    def words(self) -> dict[str, str]:
        """What is sealed, under the names of ``CalloutForm``; in English what is chosen."""
        given = self.cleaned_data
        with override(ENGLISH.code):
            asks = f"{dict(WHO)[given['who']]}: {dict(MAY)[given['may']]}"
        kept = {name: given[name] for name in ("child", "who_with", "phone")}
        where = f"{given['where']}, {given['town']}"
        agreed = (given["who"], given["may"]) == ("guardian", "come")
        whose = "guardian" if agreed else ""
        told = {"where": where, "town": given["town"], "story": given["text"]}
        return {**told, "whose": whose, "consent": asks, **kept}
