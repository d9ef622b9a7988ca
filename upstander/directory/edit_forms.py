"""The facts of a service as plain fields, one set for each language; looked at as the file is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import ENGLISH, WRITTEN
from upstander.base.refused import Refused
from upstander.directory.data import read_service
from upstander.directory.edit_rows import (
    BEGINS_WITH,
    AccessForm,
    ClosureForm,
    CostForm,
    DocumentForm,
    HoursForm,
    LineForm,
)
from upstander.directory.facts import TEXT_KEYS, Item, ServiceFacts
from upstander.directory.faults import faults, way_works
from upstander.directory.hours import besides, rule_lines
from upstander.directory.models import OF_VIOLENCE, Known, Location, Service
from upstander.directory.spoken import SPOKEN
from upstander.directory.terms import needs_in
from upstander.directory.vocabulary import NEEDS, Need
from upstander.rulefiles import RuleFileWrong
from upstander.ui.fields import Words

_LABELS = {
    "name": _("Name"),
    "description": _("What it is for"),
    "what_happens": _("What will happen when you call"),
    "ages": _("For whom"),
    "cost": _("Cost"),
    "area": _("Where"),
}
_LONG = ("description", "what_happens")
_SPOKEN = [
    *((code, WRITTEN[code].english if code in WRITTEN else own) for code, own in SPOKEN.items()),
    ("asl", _("American Sign Language")),
    ("interpreter", _("other languages by interpreter")),
]
_KNOWN = [(Known.YES, _("yes")), (Known.NO, _("no")), (Known.UNKNOWN, _("not known"))]


class FactsForm(forms.Form):
    """What is said of a service, but for its lists."""

    agency = Words(label=_("Who runs it"), max_length=200)
    website = forms.URLField(
        label=_("Its own website"), max_length=300, required=False, assume_scheme="https"
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=_SPOKEN,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mandated_reporter = forms.ChoiceField(
        label=_("Must they report when a child is being hurt?"), choices=_KNOWN
    )
    police = forms.ChoiceField(label=_("Can police come because of a call?"), choices=_KNOWN)
    safe_to_text = forms.ChoiceField(label=_("Is it safe to text?"), choices=_KNOWN)
    needs = forms.MultipleChoiceField(
        label=_("What it helps with: it is found by these"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What is marked as confidential loses where it is for good, and is read before it is"
            " shown."
        ),
    )
    youngest = forms.FloatField(
        label=_("For whom: youngest age"), min_value=0, max_value=120, required=False
    )
    oldest = forms.FloatField(label=_("Oldest age"), min_value=0, max_value=120, required=False)
    source_url = Words(label=_("Where the facts were read (https)"), max_length=300)

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        """``kind``: for which need it stands on the safety page, which isn't asked for."""
        super().__init__(*args, **more)
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (key, _need_words(need)) for key, need in NEEDS.items() if key != kind
        ]
        for code, language in WRITTEN.items():
            for key, label in _LABELS.items():
                words = self.fields[f"{key}_{code}"] = Words(
                    label=f"{label} ({language.english})",
                    required=language is ENGLISH and key in ("name", "description"),
                    max_length=600,
                    # A name that is written from right to left has a number or another script in
                    # it, and marks around that: a line would refuse them.
                    widget=forms.Textarea(attrs={"rows": 3 if key in _LONG else 1}),
                )
                words.says = True

    def clean_source_url(self) -> str:
        """Return an address that opens. Raises ValidationError."""
        found: str = self.cleaned_data["source_url"]
        if not way_works("web", found):
            raise forms.ValidationError(BEGINS_WITH)
        return found

    def clean(self) -> dict[str, Any]:
        """Return what was typed. Its error: ages that nobody has."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        youngest, oldest = said.get("youngest"), said.get("oldest")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("oldest", _("The oldest is younger than the youngest."))
        return said

    def text_fields(self) -> Iterator[forms.BoundField]:
        """Give the fields of texts, language by language."""
        for code in WRITTEN:
            yield from (self[f"{key}_{code}"] for key in TEXT_KEYS)


#: What a card doesn't say: it goes to who runs it, and to what it is found by.
_APART = ("website", "needs")
#: The lists of a service: what stands before their fields' names, each row, how many more.
_LISTS = {
    "line": (LineForm, 2),
    "hours": (HoursForm, 2),
    "closed": (ClosureForm, 1),
    "cost": (CostForm, 1),
    "document": (DocumentForm, 1),
    "access": (AccessForm, 0),
}


class EditForms:
    """The form of a service and its lists, filled with its facts or with what was typed."""

    def __init__(
        self,
        service: Service,
        facts: ServiceFacts,
        places: Iterable[Location],
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.facts = facts
        #: Why what was typed doesn't fit together; it stands with what is wrong of single fields.
        self.refused = ""
        texts = {
            f"{key}_{code}": facts.texts.get(code, {}).get(key, "")
            for code in WRITTEN
            for key in TEXT_KEYS
        }
        own = {name: getattr(facts, name) for name in FactsForm.base_fields if hasattr(facts, name)}
        own["website"] = service.organization.record.get("website", "")
        own["needs"] = needs_in(service.terms)
        self.said = FactsForm(typed, initial=texts | own, kind=service.kind)
        rows: Mapping[str, list[dict[str, Any]]] = {
            "line": [asdict(one) for one in facts.lines],
            "hours": list(_spans(facts)),
            "closed": [asdict(one) for one in facts.closures],
            "cost": [asdict(one) for one in facts.costs],
            "document": [asdict(one) for one in facts.documents],
            "access": [_access(one) for one in places],
        }
        self.lists = {
            prefix: forms.formset_factory(form, extra=more)(
                typed, prefix=prefix, initial=rows[prefix]
            )
            for prefix, (form, more) in _LISTS.items()
        }

    def is_valid(self) -> bool:
        """Whether each field alone says something, and they fit together."""
        # Each of them is asked, so that all that is wrong is said at once.
        valid = [self.said.is_valid(), *(one.is_valid() for one in self.lists.values())]
        return all(valid) and self._fits()

    def _fits(self) -> bool:
        """Say at a field what doesn't fit to the others; whether all does."""
        lines = self.lists["line"].forms
        if lines and not any(row.cleaned_data.get("value") for row in lines):
            lines[0].add_error("value", _("Give one way to reach it, at least."))
        said = self.said.cleaned_data
        costs = [Item(row["words"], row["amount"]) for row in self._rows("cost") if row]
        for fault in faults(
            self._texts(),
            youngest=said["youngest"],
            oldest=said["oldest"],
            costs=costs,
            shelter=self.facts.kind in OF_VIOLENCE,
        ):
            self.said.add_error(f"{fault.key}_{fault.language}", fault.words)
        return not self.errors()

    def _texts(self) -> dict[str, dict[str, str]]:
        said = self.said.cleaned_data
        texts = {
            code: {key: said.get(f"{key}_{code}", "") for key in TEXT_KEYS} for code in WRITTEN
        }
        return {code: own for code, own in texts.items() if any(own.values())}

    def kept_hours(self) -> list[str]:
        """Return, in words, the hours that no row has: they stay as they are."""
        today, unread = timezone.localdate(), gettext("Hours that are over, or that can’t be read")
        lines = []
        for one in besides(self.facts.record):
            lines += [*rule_lines(one, today)] or [one.get("description") or unread]
        return lines

    def _forms(self) -> list[forms.BaseForm]:
        """Return each list's rows as the page has them, and the form of all else."""
        return [*(row for rows in self.lists.values() for row in rows), self.said]

    # As ``ui/forms/errors.html`` asks a form.

    def errors(self) -> bool:
        """Whether something is missing or wrong."""
        return bool(self.refused) or any(form.errors for form in self._forms())

    def non_field_errors(self) -> list[str]:
        """Return what is wrong with no field of its own."""
        own = [error for form in self._forms() for error in form.non_field_errors()]
        return [*([self.refused] if self.refused else ()), *own]

    def visible_fields(self) -> list[forms.BoundField]:
        """Return the fields that somebody fills in."""
        return [field for form in self._forms() for field in form.visible_fields()]

    def hidden_fields(self) -> list[forms.BoundField]:
        """Return what goes along unseen."""
        return [field for form in self._forms() for field in form.hidden_fields()]

    def chosen(self) -> ServiceFacts:
        """Return the facts that were typed. Raises Refused for what doesn't fit together."""
        said = self.said.cleaned_data
        raw = {
            **{name: said[name] for name in FactsForm.base_fields if name not in _APART},
            "slug": self.facts.slug,
            "kind": self.facts.kind,
            "position": 0,
            "texts": self._texts(),
            "confirmed": False,
            "checked_on": None,
            "lines": [_with_id(row) for row in self._rows("line") if row.get("value")],
            "hours": [one for row in self._rows("hours") for one in _rules(row)],
            "closures": [
                {"first": f"{row['first']}", "last": f"{row['last'] or row['first']}"}
                for row in self._rows("closed")
                if row.get("first")
            ],
            "costs": [
                _with_id(row | ({} if row["id"] else {"currency": "USD"}))
                for row in self._rows("cost")
                if row.get("words") or row.get("amount") is not None
            ],
            "documents": [
                _with_id({name: row[name] for name in ("id", "words", "texts")})
                for row in self._rows("document")
                if row.get("words")
            ],
        }
        try:
            return read_service(raw)
        except RuleFileWrong as error:
            # Of no file: nothing stands before its first colon.
            raise Refused(str(error).removeprefix(": ")) from error

    def access(self) -> dict[UUID, tuple[str, ...]]:
        """Return what was typed of each of its places."""
        return {
            row["id"]: tuple(line.strip() for line in row["words"].splitlines() if line.strip())
            for row in self._rows("access")
            if row
        }

    def _rows(self, prefix: str) -> list[dict[str, Any]]:
        return list(self.lists[prefix].cleaned_data)


def _need_words(need: Need) -> str:
    words = need.label(get_language() or "en")
    return gettext("%(need)s (confidential)") % {"need": words} if need.confidential else words


def _access(place: Location) -> dict[str, Any]:
    said = (one.get("description") or "" for one in place.record.get("accessibility", ()))
    return {"id": place.pk, "name": place.record.get("name", ""), "words": "\n".join(said)}


def _with_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "id": str(row["id"] or uuid4())}


def _spans(facts: ServiceFacts) -> Iterator[dict[str, Any]]:
    """Give the rules as rows: those that differ in their day alone are one."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rule in facts.hours + facts.disputed:
        row = asdict(rule)
        weekday = row.pop("weekday")
        if rule.opens and rule.closes:
            row["overnight"] = time.min < rule.closes < rule.opens
        days = found.setdefault(tuple(row.values()), {**row, "days": []})["days"]
        if weekday is not None:
            days.append(weekday)
    yield from found.values()


def _rules(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a row's rules in the form of the file."""
    if not row.get("days") and not row.get("always"):
        return
    common = {
        "on_holidays": row["on_holidays"],
        "time_zone": row["time_zone"] or "America/New_York",
        "source": row["source"],
        **{name: row[name].isoformat() for name in ("effective_from", "effective_to") if row[name]},
    }
    if row["always"]:
        yield {"always": True, **common}
        return
    clock = {
        name: row[name].isoformat("minutes") if row[name] else None for name in ("opens", "closes")
    }
    for day in row["days"]:
        yield {"weekday": day, **clock, **common}
