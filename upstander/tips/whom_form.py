"""The question about words that may mean a colleague who would read them: is it about them?

For every form whose words go to others. What was typed is kept nowhere until it is answered: the
page comes back with all of it. An answer counts for those it was asked about; words that meet
somebody else are asked about again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.matters.people_near import Near
from upstander.tips.whom import offices_met, words_that_meet
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles
from upstander.ui.press import Ask


class WhomForm(forms.Form):
    """Whom the words mean. Bound to what the form beside it was sent with."""

    meant_people = forms.TypedMultipleChoiceField(
        label=_("Whom your words may mean"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    meant = forms.ChoiceField(
        label=_("Did they do it, or may they have?"),
        help_text=_("Whoever is kept out can’t open this any more, here and everywhere."),
        choices=[
            ("out", _("Yes, or I’m not sure: keep out those whom I tick")),
            ("not", _("No: they are only mentioned, and may see it")),
        ],
        error_messages={"required": _("Say whether it is about them.")},
        widget=RadioTiles,
    )
    meant_why = Words(
        label=_("If it isn’t about them: how do you know?"),
        help_text=_("It stays with their name, for whoever reads this later."),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    asked_about = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, names: Mapping[int, str], why: bool = False) -> None:
        #: Whether it asks now what nobody has been asked: then nothing was left out by anybody.
        sent, self.asks_anew = put(data, names)
        super().__init__(sent)
        if not why:
            del self.fields["meant_why"]
        fields: Any = self.fields
        fields["meant_people"].choices = sorted(names.items(), key=lambda one: one[1].casefold())
        #: Whom it asks about.
        self.people = tuple(names)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one, where it is about somebody."""
        data = super().clean() or {}
        if data.get("meant") == "out" and not data.get("meant_people"):
            self.add_error("meant", _("Tick at least one of them, or say that it is about none."))
        elif data.get("meant") == "not" and not data.get("meant_why", "-").strip():
            self.add_error("meant_why", _("Say how you know that it isn’t about them."))
        return data

    def out(self) -> tuple[int, ...]:
        """Return who must be kept out before the words are kept, or go anywhere."""
        chosen = self.cleaned_data["meant_people"] if self.cleaned_data["meant"] == "out" else ()
        return tuple(chosen)

    def mentioned(self) -> tuple[int, ...]:
        """Return who is only mentioned, as somebody says who has just read their names."""
        out = set(self.out())
        return tuple(one for one in self.people if one not in out)


class LaterForm(WhomForm):
    """The same question beside what goes at once: nobody is ticked, and it may stay unanswered.

    What was said of those that it was shown with holds for these; of others nothing was said.
    """

    def __init__(self, data: Any, *, names: Mapping[int, str]) -> None:
        asked = set(data.get("asked_about", "").split())
        ticked = set(data.getlist("meant_people")) & asked
        said = data.get("meant") if ticked or data.get("meant") == "not" else ""
        about = [one for one in names if said and str(one) in asked]
        self._out = tuple(one for one in about if said == "out" and str(one) in ticked)
        self._mentioned = tuple(one for one in about if one not in self._out)
        sent, anew = put(data, names)
        if anew:
            sent.setlist("meant_people", [])
        super().__init__(sent, names=names)
        fields: Any = self.fields
        fields["meant"].required = False
        fields["meant_people"].label = _("Whom the words may mean")

    def out(self) -> tuple[int, ...]:
        """Return who is kept out before it goes."""
        return self._out

    def mentioned(self) -> tuple[int, ...]:
        """Return who is only mentioned, as somebody says who has just read their names."""
        return self._mentioned


def put(data: Any, people: Iterable[int], offices: Iterable[str] = ()) -> tuple[Any, bool]:
    """Return what was sent with a question about these in it, and whether it was never put so.

    A copy, as what was answered to an older question must not stand under a newer one.
    """
    sent, about = data.copy(), sorted(map(str, people))
    now = [*about, *sorted(offices)]
    anew = not set(now) <= set(sent.get("asked_about", "").split())
    if anew:
        sent["meant"] = ""
    sent["asked_about"] = " ".join(now)
    ticked = about if anew else [one for one in sent.getlist("meant_people") if one in about]
    sent.setlist("meant_people", ticked)
    return sent, anew


def named(
    people: Sequence[Near], text: str, office: Callable[[str], object] = offices_met
) -> dict[int, str]:
    """Return how a question calls whom a text meets, with the words that do; each once."""
    found = {}
    for one in reversed(people):
        name, words = f"{one.name} ({one.team})", words_that_meet(text, one, office)
        because = gettext("%(name)s, because of “%(words)s”") % {"name": name, "words": words}
        found[one.person_id] = because if words else name
    return found


def answered(
    data: Any,
    people: Sequence[Near],
    text: str,
    *,
    why: bool = False,
    office: Callable[[str], object] = offices_met,
) -> WhomForm | None:
    """Return the answer that came with a form; None where there is nothing to ask.

    ``text``: what met them, wherever it stands; ``office``: tells words of an office. ``why``: that
    it isn't about them needs a reason. Raises Ask while it isn't answered.
    """
    if not people:
        return None
    form = WhomForm(data, names=named(people, text, office), why=why)
    if not form.is_valid():
        if form.asks_anew:
            form.errors.clear()
        raise Ask(form, str(_("Your words may mean somebody who would read them.")))
    return form


@contextmanager
def asks_on(form: WhomForm) -> Iterator[None]:
    """Have a refusal to keep somebody out said beside the question, with all that was typed."""
    try:
        yield
    except Refused as refused:
        form.add_error("meant", str(refused))
        raise Ask(form, str(_("Your words may mean somebody who would read them."))) from refused
