"""What a form's file holds, as types that the page, the signed text and the PDF use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from msgspec import Meta, field

from upstander.rulefiles import Key, Protects, RuleType, Words, once

Kind = Literal["short", "long", "date", "choice", "choices"]


class Field(RuleType, frozen=True, kw_only=True):
    """One field of a form."""

    key: Key
    label: Words
    kind: Kind = "short"
    #: What can be chosen: key and label.
    options: tuple[tuple[Key, Words], ...] = ()
    hint: str = ""
    #: Whether the law asks for it "if known": a gap is said, and stops nothing.
    asked: bool = False
    #: Where it is known from, the first that is there (``prefill.py`` names them).
    known_from: tuple[str, ...] = field(name="from", default=())
    #: Whether all of these are filled in, and not the first alone: each suspect counts.
    every: bool = False

    def __post_init__(self) -> None:
        if (self.kind in ("choice", "choices")) != bool(self.options):
            raise ValueError(f"{self.key} is of no kind that can be filled in: see its options")
        once((key for key, _ in self.options), "the option")

    def words(self, value: str) -> str:
        """Return a value as people read it: the labels of what was chosen, else what was typed."""
        if self.kind not in ("choice", "choices"):
            return value
        labels = dict(self.options)
        return ", ".join(labels.get(one, one) for one in value.split())


class Section(RuleType, frozen=True):
    """Fields that stand together."""

    title: Words
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]


class AgencyForm(Protects, frozen=True, kw_only=True):
    """An agency's form: what it asks, by which law, and where it is sent."""

    key: str = ""
    title: Words
    revision: Words
    agency: Words
    source: Words = field(name="law")
    sent_to: Words
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    #: What the back of the form says of the law, in short.
    back: tuple[Words, ...]

    def __post_init__(self) -> None:
        once((one.key for one in self.fields), "the field")

    @property
    def file(self) -> str:
        """The name under which what it asks is confirmed."""
        return f"form-{self.key}"

    @property
    def law(self) -> str:
        """By which law it is asked."""
        return self.source

    @property
    def says(self) -> str:
        """Of which revision it is, what the law asks for, and what its back says."""
        asked = ", ".join(one.label for one in self.fields if one.asked)
        return f"{self.revision}. Asks: {asked}. {' '.join(self.back)}"

    @property
    def fields(self) -> Iterator[Field]:
        """Every field, in the form's order."""
        for section in self.sections:
            yield from section.fields

    def missing(self, values: Mapping[str, str]) -> list[Field]:
        """Return what the law asks for and is not filled in. It asks "if known": nothing is late
        or refused for it."""
        return [one for one in self.fields if one.asked and not values.get(one.key, "").strip()]
