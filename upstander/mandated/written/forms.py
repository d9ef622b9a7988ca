"""The form of an agency's form: made from its file. Nothing in it is required."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.mandated.forms import WrittenForm, text_field
from upstander.mandated.written.evidence import MOST_BYTES, Proof
from upstander.mandated.written.pdf import SIGNATURE
from upstander.states import AgencyForm, Field, Section
from upstander.ui.fields import PersonName, Words
from upstander.ui.forms import DayField

SHORT, LONG = 400, 6000


def _made(field: Field) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": False,
    }
    if field.kind == "date":
        return DayField(**common)
    if field.kind == "choice":
        return forms.ChoiceField(choices=[("", _("Not known")), *field.options], **common)
    if field.kind == "choices":
        return forms.MultipleChoiceField(
            choices=field.options, widget=forms.CheckboxSelectMultiple, **common
        )
    long = field.kind == "long"
    widget = forms.Textarea(attrs={"rows": 4}) if long else None
    return Words(anything=True, max_length=LONG if long else SHORT, widget=widget, **common)


class ReportForm(forms.Form):
    """A written report to be filled in, with the name that signs it."""

    #: What was written down of the duty when the page was made: field=mark, a space apart.
    seen = forms.CharField(widget=forms.HiddenInput, max_length=LONG, required=False)
    typed = PersonName(
        label=_("Your name, typed, is your signature"), max_length=SHORT, required=False
    )

    def __init__(
        self,
        *args: Any,
        form: AgencyForm,
        values: Mapping[str, str] | None = None,
        seen: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        several = {field.key for field in form.fields if field.kind == "choices"}
        initial = {
            f"f_{key}": text.split() if key in several else text
            for key, text in (values or {}).items()
        }
        initial["seen"] = " ".join(f"{key}={mark}" for key, mark in (seen or {}).items())
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.form = form
        for field in form.fields:
            self.fields[f"f_{field.key}"] = _made(field)

    @property
    def sections(self) -> Iterator[tuple[Section, list[forms.BoundField]]]:
        """Each section with its fields, as the page shows them."""
        for section in self.form.sections:
            yield section, [self[f"f_{field.key}"] for field in section.fields]

    def marks(self) -> dict[str, str]:
        """Return what the page had been made of, by field."""
        pairs = (one.partition("=") for one in self.cleaned_data["seen"].split())
        return {key: mark for key, _sep, mark in pairs}

    def values(self) -> dict[str, str]:
        """Return what was filled in, each value as the text that is kept."""
        found = {}
        for field in self.form.fields:
            value = self.cleaned_data.get(f"f_{field.key}")
            if isinstance(value, Sequence) and not isinstance(value, str):
                value = " ".join(value)
            found[field.key] = str(value or "").strip()
        return found


class _WithFile(forms.Form):
    """A form that takes a file that proves something."""

    file = forms.FileField(
        label=_("A file that proves it"),
        help_text=_(
            "A fax receipt, a screenshot, the email as a PDF; at most 10 MB. Stored encrypted."
        ),
        required=False,
    )

    def clean_file(self) -> Proof | None:
        """Return the file, if there is one. Raises ValidationError."""
        sent = self.cleaned_data.get("file")
        if not sent:
            return None
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 10 MB."))
        return Proof(sent.name or "file", sent.read())


class SentForm(_WithFile, WrittenForm):
    """How, when and to whom it was sent, with a file that proves it."""


class ProofForm(_WithFile):
    """What proves a report, added after it was written down as made."""

    worker = text_field(_("Name of the person you spoke with"))
    reference = text_field(_("Their reference or incident number"))
    how = text_field(_("How was the written report sent?"))
    to = text_field(_("To which office?"))

    def words(self) -> dict[str, str]:
        """Return what was written, by name."""
        names = ("worker", "reference", "how", "to")
        return {name: self.cleaned_data.get(name, "") for name in names}


class UploadForm(forms.Form):
    """An agency's own form."""

    pdf = forms.FileField(
        label=_("The agency’s PDF, with fillable fields"),
        help_text=_("At most 5 MB. Scripts, attachments and actions in it are removed."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class MapForm(forms.Form):
    """Which of the PDF's fields each of ours is filled into."""

    def __init__(
        self, *args: Any, form: AgencyForm, targets: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.form = form
        boxes = [("", _("Nowhere")), *(one for one in targets if "=" in one[0])]
        texts = [("", _("Nowhere")), *(one for one in targets if "=" not in one[0])]
        for name, _key, option, label in _rows(form):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=boxes if option else texts, required=False
            )

    @staticmethod
    def initial_of(form: AgencyForm, mapping: Mapping[str, Any]) -> dict[str, str]:
        """Return what is mapped now, as the form's fields have it."""
        found = {}
        for name, key, option, _label in _rows(form):
            target = mapping.get(key, "")
            found[name] = target.get(option, "") if isinstance(target, dict) else target
        return found

    def mapping(self) -> dict[str, str | dict[str, str]]:
        """Return our field → the PDF's; for one with options, option → the box that is ticked."""
        found: dict[str, str | dict[str, str]] = {}
        for name, key, option, _label in _rows(self.form):
            target = self.cleaned_data.get(name, "")
            if not target:
                continue
            if option:
                boxes = found.setdefault(key, {})
                if isinstance(boxes, dict):
                    boxes[option] = target
            else:
                found[key] = target
        return found


def _rows(form: AgencyForm) -> Iterator[tuple[str, str, str, str]]:
    """Yield (name in the form, our field, its option or "", label) for all that can be mapped."""
    for field in form.fields:
        if field.options:
            for option, label in field.options:
                yield f"m_{field.key}_{option}", field.key, option, f"{field.label}: {label}"
        else:
            yield f"m_{field.key}", field.key, "", field.label
    for key, words in SIGNATURE:
        yield f"m_{key}", key, "", str(words)
