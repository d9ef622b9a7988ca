"""Forms of alerts and of policies. A policy's problems are told in plain words, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.escalations.policy import (
    CENTER,
    MOST_STEPS,
    TARGET_WORDS,
    Plan,
    PolicyStep,
    Situation,
    problems_with,
)
from upstander.ui.fields import Phone, Words

type Choices = Iterable[tuple[str, Any]]

#: Rows of a policy's form beyond those that are filled.
SPARE_ROWS = 3
_UNITS = {"s": 1, "min": 60, "h": 3600}
_UNIT_CHOICES = [("s", "seconds"), ("min", "minutes"), ("h", "hours")]
_SCHOOL_ONLY = ("holders", "backups", "team", "district")


class AddPersonForm(forms.Form):
    """Whom to ask besides."""

    person = forms.ChoiceField(
        label=_("Ask"), error_messages={"required": _("Choose someone from the list.")}
    )

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["person"])
        field.choices = [("", gettext("Choose someone")), *groups]

    @property
    def person_id(self) -> int:
        """The chosen person."""
        return int(self.cleaned_data["person"])


def target_choices(
    stage: str, people: Choices, contacts: Sequence[tuple[int, str]]
) -> list[tuple[str, Any]]:
    """Return whom a step of this stage can ask: kinds first, then single persons and contacts."""
    kinds = [
        (key, capfirst(str(words)))
        for key, words in TARGET_WORDS.items()
        if stage != CENTER or key not in _SCHOOL_ONLY
    ]
    named = [
        (team, [(f"person:{person}", name) for person, name in members]) for team, members in people
    ]
    outside = [
        (f"external:{pk}", gettext("A call by the center to %(name)s") % {"name": name})
        for pk, name in contacts
    ]
    return [("", "–"), *kinds, *named, *([(gettext("Outside"), outside)] if outside else [])]


class _Seconds(forms.MultiWidget):
    """A number and its unit."""

    def __init__(self) -> None:
        super().__init__(
            {
                "number": forms.NumberInput(attrs={"min": 0, "inputmode": "numeric", "size": 5}),
                "unit": forms.Select(choices=_UNIT_CHOICES),
            }
        )

    def decompress(self, value: int | None) -> list[Any]:
        """Show seconds in the largest unit that divides them."""
        if value is None:
            return [None, "min"]
        unit = next(unit for unit in ("h", "min", "s") if value % _UNITS[unit] == 0)
        return [value // _UNITS[unit], "s" if value == 0 else unit]


class SecondsField(forms.MultiValueField):
    """A time in seconds, typed as a number and its unit."""

    widget = _Seconds

    def __init__(self, **kwargs: Any) -> None:
        number = forms.IntegerField(min_value=0, max_value=1_000_000)
        unit = forms.ChoiceField(choices=_UNIT_CHOICES)
        super().__init__(fields=(number, unit), widget=_Seconds(), **kwargs)

    def compress(self, data_list: Sequence[Any]) -> int | None:
        """Return seconds; None where nothing was typed."""
        if not data_list or data_list[0] is None:
            return None
        return int(data_list[0]) * _UNITS[data_list[1] or "s"]


class PolicyForm(forms.Form):
    """A policy as rows of "after … ask …", and after how long all of it comes again."""

    every = SecondsField(label=_("If nobody has it, repeat all steps every"), required=True)

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        stage: str,
        situation: Situation,
        targets: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.stage, self.situation = stage, situation
        self.fields["every"].initial = plan.every
        self.rows = min(len(plan.steps) + SPARE_ROWS, MOST_STEPS)
        choices = list(targets)
        for row in range(self.rows):
            step = plan.steps[row] if row < len(plan.steps) else None
            self.fields[f"after_{row}"] = SecondsField(
                label=gettext("%(number)d. After") % {"number": row + 1},
                required=False,
                initial=step.after if step else None,
            )
            self.fields[f"target_{row}"] = forms.ChoiceField(
                label=gettext("ask"),
                required=False,
                choices=choices,
                initial=step.target if step else "",
            )

    @property
    def step_rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The rows: number, time, target."""
        return [(row + 1, self[f"after_{row}"], self[f"target_{row}"]) for row in range(self.rows)]

    @property
    def plan(self) -> Plan:
        """What was typed, in the order of time."""
        steps = [
            PolicyStep(int(self.cleaned_data[f"after_{row}"]), self.cleaned_data[f"target_{row}"])
            for row in range(self.rows)
            if self.cleaned_data.get(f"target_{row}")
        ]
        return Plan(
            tuple(sorted(steps, key=lambda step: step.after)), int(self.cleaned_data["every"])
        )

    def clean(self) -> dict[str, Any]:
        """A half-filled row is a mistake; what the plan may not do is said in plain words."""
        cleaned = super().clean() or {}
        for row in range(self.rows):
            after, target = cleaned.get(f"after_{row}"), cleaned.get(f"target_{row}")
            if target and after is None and f"after_{row}" not in self.errors:
                self.add_error(f"after_{row}", gettext("After how long?"))
            if after is not None and not target and f"target_{row}" not in self.errors:
                self.add_error(f"target_{row}", gettext("Who is asked then?"))
        if not self.errors:
            for problem in problems_with(self.plan, self.stage, self.situation):
                self.add_error(None, problem)
        return cleaned


class FallbackForm(forms.Form):
    """Whose phone is the center's last one."""

    person = forms.ChoiceField(
        label=_("Whose phone"),
        required=False,
        help_text=_(
            "Contacted by every method at once, two minutes after a tip that was reported as "
            "happening now."
        ),
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["person"])
        field.choices = [
            ("", gettext("Nobody's: everyone at the center is called")),
            *((str(person), name) for person, name in people),
        ]

    @property
    def person_id(self) -> int | None:
        """The chosen person, if any."""
        chosen = self.cleaned_data["person"]
        return int(chosen) if chosen else None


class ContactForm(forms.Form):
    """Somebody outside whom a policy can name."""

    name = Words(label=_("Who"), max_length=120)
    phone = Phone(label=_("Phone number"), max_length=30)
