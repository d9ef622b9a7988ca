"""How any Django form looks here: set `FORM_RENDERER = "upstander.ui.forms.Renderer"`.

`{{ form }}` then gives an error summary, and each field with its label, hint and errors tied to it
(WCAG 1.3.1, 3.3.1, 3.3.2, 4.1.2). Single fields: `{% field form.name %}` or
`{{ form.name.as_field_group }}`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import django.forms
from django.forms import DateField, DateInput, RadioSelect, ValidationError, renderers
from django.template.backends.django import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from upstander.ui.loading import LOADERS

HERE = Path(__file__).parent / "templates"
BUILT_IN = Path(django.forms.__file__).parent / "templates"


class DayField(DateField):
    """A day as a browser's own calendar gives it, in a year that can be reckoned with.

    Days before and after are reckoned from what is typed; at the calendar's ends there are none.
    """

    widget = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def validate(self, value: date | None) -> None:
        """Raise ValidationError for a year before 1900 or after 2199."""
        super().validate(value)
        if value is not None and not 1900 <= value.year < 2200:
            raise ValidationError(_("The year must be between 1900 and 2199."))


class Renderer(renderers.BaseRenderer):
    """Django's own renderer, except that our widget templates come before the built-in ones."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    @cached_property
    def engine(self) -> DjangoTemplates:
        """Give the template engine that knows our templates first, then Django's."""
        return DjangoTemplates(
            {
                "NAME": "forms",
                "APP_DIRS": False,
                "DIRS": [HERE, BUILT_IN],
                "OPTIONS": {"loaders": LOADERS},
            }
        )

    def get_template(self, template_name: str) -> Any:
        """Find a template by name; raises `TemplateDoesNotExist`."""
        return self.engine.get_template(template_name)


class RadioTiles(RadioSelect):
    """Radio buttons as big tiles, two beside each other where there is room.

    `hints` maps a choice's value to a line under its label; `icons` to an icon of ours.
    """

    template_name = "ui/forms/tiles.html"

    def __init__(
        self,
        attrs: Mapping[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        icons: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(dict(attrs or {}))
        self.hints = dict(hints or {})
        self.icons = dict(icons or {})

    def create_option(
        self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the choice's hint and icon to what Django passes to the template."""
        option = super().create_option(name, value, label, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        option["icon"] = self.icons.get(str(value), "")
        return option
