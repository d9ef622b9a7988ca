"""An agency's own PDF form: which fields it has, and filling them in (ISO 32000-1, 12.7).

What an administrator uploads is made harmless before it is kept: scripts, actions, attachments and
XFA go. What is filled in is drawn into the fields, so that every viewer and printer shows it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import pikepdf
from django.utils.translation import gettext
from pikepdf import Name
from pikepdf.form import (
    CheckboxField,
    ChoiceField,
    DefaultAppearanceStreamGenerator,
    Form,
    RadioButtonGroup,
    TextField,
)

from upstander.base.refused import Refused

MOST_BYTES: Final = 5 * 1024 * 1024
#: More fields than any agency's form has.
MOST_FIELDS: Final = 500
#: What can run something, or carry something along, wherever it stands.
_ACTIVE: Final = ("/OpenAction", "/AA", "/JS", "/AF", "/XFA", "/JavaScript", "/EmbeddedFiles")


def made_harmless(pdf: bytes) -> bytes:
    """Return an agency's form without anything that runs. Raises Refused."""
    if len(pdf) > MOST_BYTES:
        raise Refused(gettext("This file is larger than 5 MB."))
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if "/AcroForm" not in opened.Root:
                raise Refused(gettext("This PDF has no fillable fields."))
            _take_out(opened.Root)
            for one in opened.objects:
                if isinstance(one, pikepdf.Dictionary):
                    _take_out(one)
            kept = io.BytesIO()
            opened.save(kept)
    except pikepdf.PasswordError as error:
        raise Refused(gettext("This PDF requires a password.")) from error
    except (pikepdf.PdfError, ValueError, TypeError) as error:
        raise Refused(gettext("This file can’t be opened as a PDF.")) from error
    if not fields_of(kept.getvalue()):
        raise Refused(gettext("This PDF has no fillable fields."))
    return kept.getvalue()


def _take_out(one: Any) -> None:
    for name in _ACTIVE:
        if name in one:
            del one[name]
    # What a click does; a tagged document has other things under this name.
    if isinstance(one.get("/A"), pikepdf.Dictionary) and "/S" in one["/A"]:
        del one["/A"]
    names = one.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        _take_out(names)


def fields_of(pdf: bytes) -> list[tuple[str, str]]:
    """Return what can be mapped to, as (name in the mapping, words): each text field, and each box.

    A box that is ticked is named ``field=state``.
    """
    found: list[tuple[str, str]] = []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for name, field in Form(opened).items():
            label = str(field.alternate_name or name)
            if isinstance(field, CheckboxField):
                state = str(field.on_value)
                found.append((f"{name}={state}", f"☐ {label}"))
            elif isinstance(field, RadioButtonGroup):
                found += [
                    (f"{name}={one.on_value}", f"○ {label}: {str(one.on_value).lstrip('/')}")
                    for one in field.options
                ]
            elif isinstance(field, TextField | ChoiceField):
                found.append((name, label))
            if len(found) > MOST_FIELDS:
                raise Refused(gettext("This PDF has too many fields."))
    return found


def filled(pdf: bytes, values: Mapping[str, str], attached: Mapping[str, bytes]) -> bytes:
    """Return the form with fields filled in and files attached.

    ``values`` go by the names of ``fields_of``; one for ``field=state`` ticks that box where it is
    not empty. Fields that are no longer there are passed over: an administrator maps them anew.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form = Form(opened, DefaultAppearanceStreamGenerator)
        there = dict(form.items())
        for name, value in values.items():
            field, _, state = name.partition("=")
            if value and field in there:
                _set(there[field], value, state)
        opened.Root.AcroForm[Name.NeedAppearances] = True
        for name, content in attached.items():
            opened.attachments[name] = content
        kept = io.BytesIO()
        opened.save(kept)
    return kept.getvalue()


def _set(field: Any, value: str, state: str) -> None:
    if isinstance(field, CheckboxField):
        field.checked = True
    elif isinstance(field, RadioButtonGroup):
        for option in field.options:
            if str(option.on_value) == state:
                option.select()
    elif isinstance(field, TextField):
        most = field.max_length
        field.value = value[:most] if most else value
    elif isinstance(field, ChoiceField):
        field.value = value
