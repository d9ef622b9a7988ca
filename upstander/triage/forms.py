"""The center's forms. Their fields are data (``assessment_fields.py``); they judge nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.decisions.dispositions import DISPOSITIONS
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import CATEGORIES, TILES, TILES_BY_KEY
from upstander.matters.people_near import Groups
from upstander.triage.assessment_fields import (
    FIELDS,
    TEXT_LIMIT,
    UNKNOWN,
    AssessmentField,
    problems_with,
)
from upstander.triage.protocol import Group, group_of
from upstander.ui.fields import Words
from upstander.ui.forms import RadioTiles

#: A file of 60,000 bytes is far over what anybody types; the database refuses more.
WORDS_LIMIT = 20_000

PRIORITY_CHOICES = [
    (Priority.LIFE_SAFETY.value, _("Life safety")),
    (Priority.URGENT.value, _("Urgent")),
    (Priority.ROUTINE.value, _("Routine")),
]
#: When somebody looks again, in minutes from now.
NEXT_CHECKS = [
    ("", _("Not recorded")),
    ("10", _("In 10 minutes")),
    ("30", _("In half an hour")),
    ("60", _("In an hour")),
    ("240", _("In 4 hours")),
    ("720", _("In 12 hours")),
    ("1440", _("In a day")),
    ("4320", _("In three days")),
    (UNKNOWN, _("Unknown")),
]
#: How the form is cut into parts that can be taken in at a glance.
PARTS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("In the first 60 seconds"), ("call_911", "imminence", "place_now", "condition", "means")),
    (_("If 911 is called"), ("call_911_why", "call_911_agreed")),
    (_("What supports it"), ("source", "corroboration", "could_be_impersonation", "exact_words")),
    (_("Who"), ("subject", "target", "vulnerability", "communication", "place_next")),
    (_("Plan and protection"), ("plan", "prior", "protective", "least_invasive")),
    (_("The reporter and home"), ("reporter_identifiable", "must_not_see", "home_unsafe")),
    (_("Duties and next check"), ("mr_trigger", "mr_whose", "next_check")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a form under one heading. ``open``: something in it is decisive or wrong."""

    title: str | Promise
    #: Each field, and for a text the box that says it is unknown.
    fields: Sequence[tuple[BoundField, BoundField | None]]
    open: bool


class AssessForm(forms.Form):
    """One assessment: category, every field, and the priority that a person chooses."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority (you decide)"), choices=PRIORITY_CHOICES, widget=forms.RadioSelect
    )
    reason = Words(
        label=_("Your reason, in one line"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Required to go below the suggestion, or to lower a life-safety tip."),
    )

    def __init__(self, *args: Any, tile: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tile = tile
        cast("forms.ChoiceField", self.fields["category"]).choices = _categories(tile)
        for definition in FIELDS:
            for key, field in _fields_of(definition):
                self.fields[key] = field

    def clean(self) -> dict[str, Any]:
        """Refuse what the record would refuse, beside the field where it stands."""
        cleaned = super().clean() or {}
        for key, problem in problems_with(self.record(cleaned)).items():
            self.add_error(key if key in self.fields else None, problem)
        return cleaned

    def record(self, cleaned: Mapping[str, Any] | None = None) -> dict[str, str]:
        """Return what was filled in, as assessment fields; absent ones are left out."""
        given = self.cleaned_data if cleaned is None else cleaned
        found: dict[str, str] = {}
        for definition in FIELDS:
            value = given.get(definition.key) or ""
            if definition.kind == "choices":
                value = " ".join(value)
            elif definition.kind == "text" and given.get(f"{definition.key}_unknown") and not value:
                value = UNKNOWN
            elif definition.kind == "time" and value.isdigit():
                value = self.next_check_at(int(value)).isoformat(timespec="seconds")
            if value.strip():
                found[definition.key] = value.strip()
        return found

    @staticmethod
    def next_check_at(minutes: int) -> datetime:
        """Return the time so many minutes from now (UTC)."""
        return timezone.now() + timedelta(minutes=minutes)

    @property
    def group(self) -> Group:
        """The group of questions that the category, or else the tile, belongs to."""
        category = self["category"].value() or ""
        return group_of(category=category, tile=self.tile)

    def parts(self) -> list[Part]:
        """Return the fields under their headings; a part without anything decisive is folded."""
        decisive = {f.key for f in FIELDS if self.group in f.decisive_for}
        shown = []
        for title, keys in PARTS:
            bound = [
                (self[key], self[f"{key}_unknown"] if f"{key}_unknown" in self.fields else None)
                for key in keys
            ]
            filled = any(f and (f.errors or f.value()) for pair in bound for f in pair)
            shown.append(Part(title, bound, filled or bool(decisive & set(keys))))
        return shown


def _fields_of(definition: AssessmentField) -> list[tuple[str, forms.Field]]:
    label, text = definition.label, definition.help
    options = [(option.key, option.label) for option in definition.options]
    if definition.kind == "choice":
        return [
            (
                definition.key,
                forms.ChoiceField(
                    label=label,
                    help_text=text,
                    required=False,
                    choices=[("", gettext("Not recorded")), *options],
                ),
            )
        ]
    if definition.kind == "choices":
        return [
            (
                definition.key,
                forms.MultipleChoiceField(
                    label=label,
                    help_text=text,
                    required=False,
                    choices=options,
                    widget=forms.CheckboxSelectMultiple,
                ),
            )
        ]
    if definition.kind == "time":
        return [
            (
                definition.key,
                forms.ChoiceField(label=label, help_text=text, required=False, choices=NEXT_CHECKS),
            )
        ]
    return [
        (
            definition.key,
            Words(
                label=label,
                help_text=text,
                required=False,
                max_length=TEXT_LIMIT,
                widget=forms.Textarea(attrs={"rows": 1}),
            ),
        ),
        (
            f"{definition.key}_unknown",
            forms.BooleanField(
                # Short to the eye, beside its field; whole to the ear.
                label=format_html('<span class="hide">{}: </span>{}', label, gettext("Unknown")),
                required=False,
            ),
        ),
    ]


def _categories(tile: str) -> list[tuple[str, Any]]:
    """The categories of the reporter's tile first, then all others under their tiles."""
    own = TILES_BY_KEY[tile].categories if tile in TILES_BY_KEY else ()
    near = [(key, CATEGORIES[key].text("en")) for key in own]
    others = [
        (other.text("en"), [(key, CATEGORIES[key].text("en")) for key in other.categories])
        for other in TILES
        if other.key != tile
    ]
    return [
        ("", gettext("Not chosen yet")),
        (gettext("From the reporter's category"), near),
        *others,
    ]


def initial_from(record: Mapping[str, str]) -> dict[str, Any]:
    """Turn an assessment's fields into a form's initial values; the next check is asked anew."""
    initial: dict[str, Any] = {}
    for definition in FIELDS:
        value = record.get(definition.key, "")
        if not value or definition.kind == "time":
            continue
        if definition.kind == "choices":
            initial[definition.key] = value.split()
        elif definition.kind == "text" and value == UNKNOWN:
            initial[f"{definition.key}_unknown"] = True
        else:
            initial[definition.key] = value
    return initial


class ExcludeForm(forms.Form):
    """Who must not see this matter. It holds from the moment it is sent."""

    people = forms.MultipleChoiceField(
        label=_("Who must not see this"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
        help_text=(
            _(
                "They will not see it in any list, count, page, or search, and their team's key "
                "will not open what is handed off from now on. This can't be undone here."
            )
        ),
    )

    #: Asked while it isn't settled whom the reporter means: no exclusion settles that by itself.
    is_meant = forms.ChoiceField(
        label=_("Are these the people the reporter means?"),
        choices=[
            ("yes", _("Yes: the people I ticked are who must not see it")),
            ("no", _("No: they are kept out for another reason")),
        ],
        widget=RadioTiles,
        error_messages={"required": _("Say whether these are the people the reporter means.")},
    )

    def __init__(self, *args: Any, people: Groups, unsettled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unsettled:
            del self.fields["is_meant"]
        field = cast("forms.MultipleChoiceField", self.fields["people"])
        field.choices = [
            (team, [(str(person), name) for person, name in members]) for team, members in people
        ]


class DismissForm(forms.Form):
    """Why nobody has to be kept out, although the reporter said that somebody must not see it."""

    reason = Words(
        label=_("Why no one has to be kept out"),
        max_length=500,
        help_text=_("This stays in the notes with your name."),
        error_messages={"required": _("Say why no one has to be kept out.")},
    )


class CloseForm(forms.Form):
    """How it ended, from the list, and why."""

    disposition = forms.ChoiceField(
        label=_("How it ended"),
        choices=[("", _("Choose"))] + [(d.key, str(d.label).capitalize()) for d in DISPOSITIONS],
        error_messages={"required": _("Choose how it ended.")},
    )
    words = Words(
        label=_("Why, for the record"),
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Center staff can read this; the reporter can’t."),
        error_messages={"required": _("Say in one line why you are closing it this way.")},
    )
