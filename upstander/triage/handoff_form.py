"""The form of a hand-off: to which teams, with which brief, and of a talk on what ground."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.people.models import Team
from upstander.tips.states import Ground
from upstander.triage.forms import WORDS_LIMIT
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles

#: The line of a brief that says what it is about, and its longest.
WHAT: Final = "WHAT:"
WHAT_LIMIT: Final = 160

#: What a brief answers, shown beside its field.
BRIEF_GUIDE = (
    _("What happened, in your own words."),
    _("Where: building, room, street."),
    _("Now, or when?"),
    _("Who: name, grade, or appearance, and what makes them vulnerable."),
    _("What is needed first."),
    _("Who must not see it or hear about it."),
    _("How certain it is: an anonymous report, not verified."),
)


class HandoffForm(forms.Form):
    """To whom, and the brief. The reporter's own words stay behind unless there is a reason.

    Of a talk (``talk``) also on what ground it goes; where nobody is asked before the district's
    hours (``waits``) also whether they are asked at once; ``asks``: what it is about and why 911
    is not called, of words that nobody has judged.
    """

    ground = forms.ChoiceField(
        label=_("This is a talk. Others get it because"),
        choices=[
            (Ground.YES, _("the reporter said yes, here in the conversation")),
            (Ground.DANGER, _("a life may be in danger, as it was assessed")),
            (Ground.DUTY, _("someone has a duty to report, and has started it")),
        ],
        widget=RadioTiles,
        error_messages={"required": _("Say on what ground others get it.")},
        help_text=_(
            "The reporter is told in the conversation as it happens. It stays on the tip, in the "
            "record, and at the top of the brief."
        ),
    )

    teams = forms.MultipleChoiceField(
        label=_("Hand off to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one team.")},
    )
    at_once = forms.BooleanField(
        label=_("Ask them now"),
        required=False,
        help_text=_("Without the tick it waits until the district's hours begin."),
    )
    facts = Words(
        label=_("What is known now"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_(
            "The brief starts with this. It is kept up to date until you send it; lines that you "
            "edit by hand are sent as you leave them."
        ),
    )
    what = Words(
        label=_("What it is about, in one line"),
        max_length=WHAT_LIMIT,
        error_messages={"required": _("Write one line: what is it about?")},
        help_text=_("No topic was chosen, and nobody has assessed it: they read this line first."),
    )
    not_911 = Words(
        label=_("911 has not been called, because"),
        max_length=500,
        error_messages={"required": _("Say why 911 is not called, or call first.")},
        help_text=_("The reporter says that it is now or today. They read this too."),
    )
    #: Which lines the form showed (desk/brief.py).
    facts_mark = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    brief = Words(
        label=_("Brief for them"),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": "brief", "dir": "auto"}),
        help_text=_(
            "Continue in your own words, never the reporter's: wording can give a child away."
        ),
    )
    with_words = forms.BooleanField(
        label=_("Also show them what the reporter wrote"), required=False
    )
    words_reason = Words(
        label=_("Why they need the reporter's own words"),
        required=False,
        max_length=500,
        help_text=_("Only with “Also show them.” It is saved with the brief."),
    )

    def __init__(
        self,
        *args: Any,
        teams: Iterable[tuple[str, str]],
        talk: bool = False,
        waits: bool = False,
        asks: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not talk:
            del self.fields["ground"]
        if not waits:
            del self.fields["at_once"]
        for key in {"what", "not_911"}.difference(asks):
            del self.fields[key]
        cast("forms.MultipleChoiceField", self.fields["teams"]).choices = list(teams)

    def clean(self) -> dict[str, Any]:
        """A brief says something, and a reason is needed to show the reporter's own words."""
        cleaned = super().clean() or {}
        if not cleaned.get("facts") and not cleaned.get("brief"):
            self.add_error(
                "brief",
                gettext(
                    "Write a brief: what happened, where, when (or now), and what is needed first."
                ),
            )
        if cleaned.get("with_words") and not (cleaned.get("words_reason") or "").strip():
            self.add_error(
                "words_reason", gettext("Say why the school needs the reporter's own words.")
            )
        return cleaned

    @property
    def team_ids(self) -> list[int]:
        """The chosen teams."""
        return [int(team) for team in self.cleaned_data["teams"]]

    @property
    def whole(self) -> str:
        """The brief as it is sent: what is known now, then the own words."""
        lines = self.cleaned_data["facts"].split("\n")
        if what := self.cleaned_data.get("what"):
            # Behind the place, where it stands if it is known.
            lines.insert(int(lines[0].startswith("WHERE:")), f"{WHAT} {what}")
        if why := self.cleaned_data.get("not_911"):
            lines.append(gettext("911: the center has not called: %(why)s") % {"why": why})
        parts = ("\n".join(lines), self.cleaned_data["brief"])
        return "\n\n".join(part for part in parts if part)


def team_choices(
    teams: Iterable[Team],
    *,
    school_id: int | None,
    excluded: Iterable[int],
    labels: Mapping[int, str],
) -> list[tuple[str, str]]:
    """Return the teams of a district as choices: the school's own first, who is excluded marked.

    ``labels`` says how each is called (``staff.team_labels``).
    """
    kept_out = set(excluded)
    ordered = sorted(
        teams, key=lambda t: (t.school_id is None or t.school_id != school_id, t.kind, t.name)
    )
    return [
        (
            str(team.pk),
            gettext("%(name)s (without those who must not see it)")
            % {"name": labels.get(team.pk, team.name)}
            if team.pk in kept_out
            else labels.get(team.pk, team.name),
        )
        for team in ordered
    ]
