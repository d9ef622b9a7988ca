"""Reading a form's file into types that the page, the signed text and the PDF use."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

Kind = Literal["short", "long", "date", "choice", "choices"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    key: str
    label: str
    kind: Kind
    options: tuple[tuple[str, str], ...]
    hint: str
    #: Whether the law asks for it "if known": a gap is said, and stops nothing.
    asked: bool
    #: Whether that it asks was checked against the text in force.
    confirmed: bool
    #: Where it is known from, the first that is there (``prefill.py`` names them).
    known_from: tuple[str, ...]

    def words(self, value: str) -> str:
        """Return a value as people read it: the labels of what was chosen, else what was typed."""
        if self.kind not in ("choice", "choices"):
            return value
        labels = dict(self.options)
        return ", ".join(labels.get(one, one) for one in value.split())


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class AgencyForm:
    """An agency's form: what it asks, by which law, and where it is sent."""

    key: str
    title: str
    revision: str
    agency: str
    law: str
    sent_to: str
    sections: tuple[Section, ...]
    #: What the back of the form says of the law, in short.
    back: tuple[str, ...]

    @property
    def fields(self) -> Iterator[Field]:
        """Every field, in the form's order."""
        for section in self.sections:
            yield from section.fields

    def missing(self, values: Mapping[str, str]) -> list[Field]:
        """Return what the law asks for and is not filled in. It asks "if known": nothing is late
        or refused for it."""
        return [one for one in self.fields if one.asked and not values.get(one.key, "").strip()]


@cache
def agency_form(key: str) -> AgencyForm | None:
    """Return a form by its key; None where there is no file, and only the agency's own will do.

    Raises ValueError for a file with a mistake in it.
    """
    if not key.replace("-", "").isalnum():
        return None
    file = Path(__file__).with_name(f"{key}.toml")
    if not file.exists():
        return None
    return _read(key, tomllib.loads(file.read_text("utf-8")))


def agency_forms() -> list[AgencyForm]:
    """Return every form that there is a file for, by key."""
    found = (agency_form(file.stem) for file in sorted(Path(__file__).parent.glob("*.toml")))
    return [form for form in found if form is not None]


def _read(key: str, data: dict[str, Any]) -> AgencyForm:
    form = AgencyForm(
        key=key,
        title=data["title"],
        revision=data["revision"],
        agency=data["agency"],
        law=data["law"],
        sent_to=data["sent_to"],
        sections=tuple(
            Section(one["title"], tuple(_field(key, field) for field in one["fields"]))
            for one in data["sections"]
        ),
        back=tuple(data["back"]),
    )
    keys = [field.key for field in form.fields]
    if len(keys) != len(set(keys)):
        raise ValueError(f"{key}: a field stands twice")
    return form


def _field(form: str, data: dict[str, Any]) -> Field:
    kind = data.get("kind", "short")
    options = tuple((one[0], one[1]) for one in data.get("options", []))
    if kind not in get_args(Kind) or (kind in ("choice", "choices")) != bool(options):
        raise ValueError(f"{form}: {data['key']} is of no kind that can be filled in")
    return Field(
        key=data["key"],
        label=data["label"],
        kind=kind,
        options=options,
        hint=data.get("hint", ""),
        asked=data.get("asked", False),
        confirmed=data.get("confirmed", True),
        known_from=tuple(data.get("from", [])),
    )
