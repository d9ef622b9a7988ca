"""The form of ways: for each priority, which channel after how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.carriers.models import Channel
from upstander.intake.priority import Priority
from upstander.oncall.rules import DEFAULTS, SLOWEST_FLOOR

#: Seconds → words. What is chosen is one of these.
AFTER = {
    0: gettext_lazy("at once"),
    60: gettext_lazy("after 1 minute"),
    120: gettext_lazy("after 2 minutes"),
    300: gettext_lazy("after 5 minutes"),
    900: gettext_lazy("after 15 minutes"),
}
_FIELD = "{priority}_{channel}"
_PRIORITIES = (Priority.LIFE_SAFETY, Priority.URGENT, Priority.ROUTINE)


class RulesForm(forms.Form):
    """One's own ways for each priority. The center's floor shows as choices that are left."""

    def __init__(
        self,
        own: Mapping[Priority, Mapping[str, int]],
        floor: Mapping[str, int],
        *args: Any,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        for priority in _PRIORITIES:
            shown = own.get(priority) or DEFAULTS[priority]
            for channel in Channel:
                latest = floor.get(channel) if priority is Priority.LIFE_SAFETY else None
                self.fields[_FIELD.format(priority=priority, channel=channel)] = _after(
                    channel, shown.get(channel), latest
                )

    def groups(self) -> list[tuple[Priority, list[forms.BoundField]]]:
        """Give each priority with its fields, the most urgent first."""
        return [
            (p, [self[_FIELD.format(priority=p, channel=c)] for c in Channel]) for p in _PRIORITIES
        ]

    def chosen(self) -> dict[Priority, dict[str, int]]:
        """Return what was chosen: priority → channel → seconds."""
        return {
            priority: {
                channel.value: int(after)
                for channel in Channel
                if (after := self.cleaned_data[_FIELD.format(priority=priority, channel=channel)])
            }
            for priority in Priority
        }


class FloorForm(forms.Form):
    """A center's floor for life safety: each channel, at the latest."""

    def __init__(self, floor: Mapping[str, int], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for channel in Channel:
            self.fields[channel.value] = _after(
                channel, floor.get(channel), None, slowest=SLOWEST_FLOOR
            )

    def floor(self) -> dict[str, int]:
        """Return what was chosen: channel → seconds."""
        return {c.value: int(after) for c in Channel if (after := self.cleaned_data[c.value])}


def _after(
    channel: Channel, shown: int | None, latest: int | None, slowest: int = max(AFTER)
) -> forms.ChoiceField:
    """Make the select of a channel; ``latest`` is what the center's floor leaves, if it has one."""
    until = slowest if latest is None else latest
    choices: list[tuple[str, Any]] = [
        (str(after), word) for after, word in AFTER.items() if after <= until
    ]
    if latest is None:
        choices.insert(0, ("", _("not used")))
        value = "" if shown is None else str(shown)
    else:
        value = str(latest if shown is None else min(shown, latest))
    return forms.ChoiceField(
        label=channel.label.capitalize(),
        choices=choices,
        required=latest is not None,
        initial=value,
        help_text=""
        if latest is None
        else _("Your center requires this when a life is in danger."),
    )
