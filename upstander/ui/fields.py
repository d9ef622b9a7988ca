"""Fields for what staff type: they refuse what says nothing, in words, and keep what was typed.

A visible line or text of a staff form is one of these and never Django's own ``CharField``
(``tests/architecture/test_typed_fields.py``). What reporters type is refused nowhere; it is cleaned
as it comes in (``doors/web/words.py``).
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.forms import (
    CharField,
    ClearableFileInput,
    FileField,
    Textarea,
    TextInput,
    ValidationError,
)
from django.utils.translation import gettext_lazy as _

from upstander.base.phones import NoNumber, number_in
from upstander.base.refused import Refused

#: C0 and C1 controls but tab and line feed. They say nothing, and a NUL can't be stored.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Marks that turn the writing around, and separators of lines that no line shows (UAX #9).
_TURNS: Final = re.compile("[\u2028-\u202e\u2066-\u2069]")


def plain(typed: str) -> str:
    """Return what was typed with plain line ends and without control characters."""
    return _CONTROLS.sub("", re.sub("\r\n?", "\n", typed))


def said(typed: str, *, line: bool = False) -> str:
    """Return words that no form's field looks at, as ``Words`` would. Raises Refused.

    ``line``: a name or another line, in which nothing turns the writing around. Empty may be.
    """
    field = Words(required=False) if line else Words(required=False, widget=Textarea)
    field.says = True
    try:
        return str(field.clean(typed))
    except ValidationError as error:
        raise Refused(error.messages[0]) from error


class Words(CharField):
    """A line, or with a ``Textarea`` a text.

    What must be filled in, and each line, needs a letter or a digit: "%%%" is no name and "..." no
    reason. ``anything``: a line whose form is part of what it says, such as "?" beside a question.
    """

    def __init__(self, *, anything: bool = False, **more: Any) -> None:
        super().__init__(
            **more
            | {
                "error_messages": {
                    "max_length": _(
                        "At most %(limit_value)d characters fit here; this has %(show_value)d."
                    )
                }
                | (more.get("error_messages") or {})
            }
        )
        self.long = isinstance(self.widget, Textarea)
        self.says = not anything and (not self.long or self.required)

    def to_python(self, value: Any) -> Any:
        """Return what was typed without control characters; a line is one line."""
        if value not in self.empty_values:
            value = plain(str(value))
            if not self.long:
                value = re.sub(r"[\t\n]+", " ", value)
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        """Raise ValidationError where it says nothing, or would not read as it is written."""
        super().validate(value)
        if not value:
            return
        if not self.long and _TURNS.search(value):
            raise ValidationError(
                _("This has invisible marks that turn writing around. Type it instead of pasting.")
            )
        if self.says and not any(sign.isalnum() for sign in value):
            raise ValidationError(_("Use letters or numbers: this has only other signs."))


class PersonName(Words):
    """What a person is called."""

    def validate(self, value: Any) -> None:
        """Raise ValidationError where no letter is in it."""
        super().validate(value)
        if value and not any(sign.isalpha() for sign in value):
            raise ValidationError(_("Write a name, with letters."))


class Phone(Words):
    """A number that can be dialed from anywhere, kept as it was written."""

    widget = TextInput(attrs={"type": "tel"})

    def validate(self, value: Any) -> None:
        """Raise ValidationError where it is no whole number."""
        super().validate(value)
        if not value:
            return
        try:
            number_in(value)
        except NoNumber as error:
            raise ValidationError(
                _("Write a whole phone number, such as 860-555-0134, or one with + and a country.")
            ) from error


#: "6-8", "PK-5", "K to 12", "9, 10".
_GRADE: Final = r"(?:PK|TK|K|[1-9]|1[0-2])"
_GRADES: Final = re.compile(rf"{_GRADE}(?:\s*(?:-|–|,|/|&|to|and)\s*{_GRADE})*", re.IGNORECASE)


class Grades(Words):
    """The grades of a school."""

    def validate(self, value: Any) -> None:
        """Raise ValidationError where they are no grades."""
        super().validate(value)
        if value and not _GRADES.fullmatch(value):
            raise ValidationError(_("Write grades like 6-8, K-5 or 9-12."))


class SeveralFiles(ClearableFileInput):
    """A field of a browser that takes several files."""

    allow_multiple_selected = True


class Files(FileField):
    """Several files in one field."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files, each of them clean. Raises ValidationError."""
        return [super(Files, self).clean(one, initial) for one in data or [None]]
