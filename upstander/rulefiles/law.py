"""What a file says of the law: it is not confirmed by the file, and acts by which way it errs.

A file confirms nothing. Somebody named, an administrator, compares what it says with the law in
force and confirms it; what changes afterwards is unconfirmed again. Until then a rule that
**protects** (a clock, a reminder, a wall, what is kept) runs and says that it is not confirmed,
since a reminder too many harms nobody. One that **permits** (to destroy, to waive, to go by a
minor's own consent) does nothing. Each such rule is one of the two types; nothing else asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy
from msgspec import Struct, structs

from upstander.rulefiles.types import RuleType, Words

#: How a page says it.
MARK: Final = gettext_lazy("not yet confirmed")


class OfLaw(RuleType, frozen=True, kw_only=True):
    """A rule that stands for what a law or a schedule says. Use one of the two below."""

    source: Words
    #: Always false in a file (the reader refuses true): true once an administrator confirmed it.
    confirmed: bool = False

    @property
    def permits(self) -> bool:
        """Whether it does nothing before it is confirmed, as its type says unless it says more."""
        return isinstance(self, Permits)

    @property
    def runs(self) -> bool:
        """Whether it does anything now."""
        return self.confirmed or not self.permits

    @property
    def mark(self) -> str:
        """What a page says beside it; "" once it is confirmed."""
        return "" if self.confirmed else str(MARK)

    @property
    def says(self) -> str:
        """What it says, in words, for who compares it with the law."""
        return ""


class Protects(OfLaw, frozen=True, kw_only=True):
    """It runs before anybody has confirmed it, and says so."""


class Permits(OfLaw, frozen=True, kw_only=True):
    """It does nothing before an administrator has confirmed it."""


class LawFile(NamedTuple):
    """A file with rules of law, as an app's manifest names it (``laws``)."""

    #: At most 20 characters: confirmations are kept under it.
    key: str
    name: str
    root: Struct


class Found(NamedTuple):
    """One rule of law in a file: its place there, its name with those around it, the rule."""

    place: str
    label: str
    law: OfLaw


def laws_in(root: object) -> Iterator[Found]:
    """Give every rule of law in what a file says, in the file's order.

    A place is made of keys (``duties.abuse.first``); what stands in a list is known by its own.
    """
    yield from _laws(root, "", "")


def with_confirmed[T: Struct](root: T, confirmed: Callable[[str, OfLaw], bool]) -> T:
    """Return what a file says, with what somebody has confirmed marked as confirmed."""
    made: T = _rebuilt(root, "", confirmed)
    return made


def _laws(one: object, place: str, label: str) -> Iterator[Found]:
    if isinstance(one, Struct):
        own = getattr(one, "label", "") or getattr(one, "words", "") or getattr(one, "title", "")
        label = ": ".join(filter(None, (label, own if isinstance(own, str) else "")))
    if isinstance(one, OfLaw):
        yield Found(place, label or place, one)
    for inner, value in _parts(one, place):
        yield from _laws(value, inner, label)


def _rebuilt(one: Any, place: str, confirmed: Callable[[str, OfLaw], bool]) -> Any:
    if isinstance(one, Struct):
        changed = {
            name: new
            for name, (inner, old) in zip(one.__struct_fields__, _parts(one, place), strict=True)
            if (new := _rebuilt(old, inner, confirmed)) is not old
        }
        if isinstance(one, OfLaw) and not one.confirmed and confirmed(place, one):
            changed["confirmed"] = True
        return structs.replace(one, **changed) if changed else one
    parts = list(_parts(one, place))
    news = [_rebuilt(value, inner, confirmed) for inner, value in parts]
    if all(new is old for new, (_, old) in zip(news, parts, strict=True)):
        return one
    return dict(zip(one, news, strict=True)) if isinstance(one, Mapping) else tuple(news)


def _parts(one: object, place: str) -> Iterator[tuple[str, object]]:
    if isinstance(one, Struct):
        for name in one.__struct_fields__:
            value = getattr(one, name)
            # What stands in a list is named by its own key alone.
            yield (place if isinstance(value, tuple) else _join(place, name)), value
    elif isinstance(one, Mapping):
        for key, value in one.items():
            yield _join(place, str(key)), value
    elif isinstance(one, tuple):
        for number, value in enumerate(one):
            yield _join(place, str(getattr(value, "key", number))), value


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
