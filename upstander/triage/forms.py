"""The center's forms. Their fields are data (``assessment_fields.py``); they judge nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils import timezone

from upstander.cases.dispositions import DISPOSITIONS
from upstander.places.models import Team
from upstander.places.people_near import Groups
from upstander.places.priority import Priority
from upstander.places.taxonomy import CATEGORIES, TILES, TILES_BY_KEY
from upstander.triage.assessment_fields import (
    FIELDS,
    TEXT_LIMIT,
    UNKNOWN,
    AssessmentField,
    problems_with,
)
from upstander.triage.protocol import Group, group_of
from upstander.ui.forms import RadioTiles

#: A file of 60,000 bytes is far over what anybody types; the database refuses more.
WORDS_LIMIT = 20_000

PRIORITY_CHOICES = [
    (Priority.LIFE_SAFETY.value, "Life safety"),
    (Priority.URGENT.value, "Urgent"),
    (Priority.ROUTINE.value, "Routine"),
]
#: When somebody looks again, in minutes from now.
NEXT_CHECKS = [
    ("", "Not recorded"),
    ("10", "In 10 minutes"),
    ("30", "In half an hour"),
    ("60", "In an hour"),
    ("240", "In 4 hours"),
    ("720", "In 12 hours"),
    ("1440", "In a day"),
    ("4320", "In three days"),
    (UNKNOWN, "Unknown"),
]
#: How the form is cut into parts that can be taken in at a glance.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("By second 60", ("call_911", "imminence", "place_now", "condition", "means")),
    ("If 911 is called", ("call_911_why", "call_911_agreed")),
    ("What stands behind it", ("source", "corroboration", "could_be_impersonation", "exact_words")),
    ("Who", ("subject", "target", "vulnerability", "communication", "place_next")),
    ("Plan and protection", ("plan", "prior", "protective", "least_invasive")),
    ("The reporter and home", ("reporter_identifiable", "must_not_see", "home_unsafe")),
    ("Duty and next check", ("mr_trigger", "mr_whose", "next_check")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some fields of a form under one heading. ``open``: something in it is decisive or wrong."""

    title: str
    #: Each field, and for a text the box that says it is unknown.
    fields: Sequence[tuple[BoundField, BoundField | None]]
    open: bool


class AssessForm(forms.Form):
    """One assessment: category, every field, and the priority that a person chooses."""

    category = forms.ChoiceField(label="Category", required=False)
    priority = forms.ChoiceField(
        label="Priority: you decide", choices=PRIORITY_CHOICES, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Your reason, in a line",
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed to go below what is suggested, or to lower a life-safety tip.",
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
                    choices=[("", "Not recorded"), *options],
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
            forms.CharField(
                label=label,
                help_text=text,
                required=False,
                max_length=TEXT_LIMIT,
                widget=forms.Textarea(attrs={"rows": 1}),
            ),
        ),
        (
            f"{definition.key}_unknown",
            forms.BooleanField(label=f"{label}: unknown", required=False),
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
    return [("", "Not chosen yet"), ("Of the reporter's tile", near), *others]


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


#: What a brief answers, shown beside its field.
BRIEF_GUIDE = (
    "What happened, in your own words.",
    "Where: building, room, street.",
    "Now, or when?",
    "Who: name or grade or look, and what makes them vulnerable.",
    "What is needed first.",
    "Who must not see or hear of it.",
    "How sure it is: an anonymous report, not verified.",
)


class HandoffForm(forms.Form):
    """To whom, and the brief. The reporter's own words stay behind unless there is a reason."""

    teams = forms.MultipleChoiceField(
        label="Hand off to",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one team."},
    )
    brief = forms.CharField(
        label="Brief for them",
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8, "data-draft": "brief", "dir": "auto"}),
        help_text="It begins with what was reported. Go on in your own words, never the "
        "reporter's: wording gives a child away.",
        error_messages={
            "required": "Write a brief: what happened, where, now or when, what is needed first."
        },
    )
    with_words = forms.BooleanField(label="Also show them what the reporter wrote", required=False)
    words_reason = forms.CharField(
        label="Why they need the reporter's own words",
        required=False,
        max_length=500,
        help_text="Only with “also show”. It is kept with the brief.",
    )

    def __init__(self, *args: Any, teams: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["teams"]).choices = list(teams)

    def clean(self) -> dict[str, Any]:
        """A reason is needed to show the reporter's own words."""
        cleaned = super().clean() or {}
        if cleaned.get("with_words") and not (cleaned.get("words_reason") or "").strip():
            self.add_error("words_reason", "Say why the school needs the reporter's own words.")
        return cleaned

    @property
    def team_ids(self) -> list[int]:
        """The chosen teams."""
        return [int(team) for team in self.cleaned_data["teams"]]


def team_choices(
    teams: Iterable[Team], *, school_id: int | None, barred: Iterable[int]
) -> list[tuple[str, str]]:
    """Return the teams of a district as choices: the school's own first, barred members marked."""
    kept_out = set(barred)
    ordered = sorted(
        teams, key=lambda t: (t.school_id is None or t.school_id != school_id, t.kind, t.name)
    )
    return [
        (
            str(team.pk),
            f"{team.name} (without those who must not see it)"
            if team.pk in kept_out
            else team.name,
        )
        for team in ordered
    ]


class BarForm(forms.Form):
    """Who must not see this matter. It holds from the moment it is sent."""

    people = forms.MultipleChoiceField(
        label="Who must not see this",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person."},
        help_text=(
            "They see it in no list, count, page or search, and their team's key no longer "
            "opens what is handed off from now on. It can't be undone here."
        ),
    )

    #: Asked while it isn't settled whom the reporter means: no bar settles that by itself.
    is_meant = forms.ChoiceField(
        label="Are they who the reporter means?",
        choices=[
            ("yes", "Yes: those I ticked are who must not see it"),
            ("no", "No: they are kept out for another reason"),
        ],
        widget=RadioTiles,
        error_messages={"required": "Say whether they are who the reporter means."},
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

    reason = forms.CharField(
        label="Why nobody has to be kept out",
        max_length=500,
        help_text="It stays in the notes with your name.",
        error_messages={"required": "Say why nobody has to be kept out."},
    )


class CloseForm(forms.Form):
    """How it ended, from the list, and why."""

    disposition = forms.ChoiceField(
        label="How it ended",
        choices=[("", "Choose")] + [(d.key, d.label.capitalize()) for d in DISPOSITIONS],
        error_messages={"required": "Choose how it ended."},
    )
    words = forms.CharField(
        label="Why, for the record",
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Staff of the center read it; the reporter does not.",
        error_messages={"required": "Say in a line why it is closed so."},
    )


class WordsForm(forms.Form):
    """Something that somebody writes: a reply, a note, a reason."""

    text = forms.CharField(max_length=WORDS_LIMIT)
