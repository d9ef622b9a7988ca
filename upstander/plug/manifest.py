"""What an app brings, as data: each app has one ``manifest.py`` with ``MANIFEST``.

Code is named and not imported (``"clock.sweep_due"`` is that function of the app's own ``clock``):
a manifest is read by every process, the code behind it only by the one that runs it. So the
reporter's site never loads a page of the staff's. A name can only lead into the app itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

type Site = Literal["desk", "public"]


@dataclass(frozen=True, slots=True)
class RailItem:
    """One entry of the rail beside every page of the desk."""

    #: Where it stands; no two share a place. Whoever signs in begins at their first.
    order: int
    label: str
    path: str
    icon: str
    #: Who sees it, and to whom the page itself must be open.
    permission: StrEnum
    #: Only in the demo.
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something that the worker does over and over; returns how much it did, so idle is idle."""

    #: One of the worker's threads (``config/sweeps.py``): what is slow in one holds up no other.
    lane: str
    #: Its turn in the lane; no two share one.
    order: int
    #: A function of the app without arguments, such as ``clock.sweep_due``.
    run: str


@dataclass(frozen=True, slots=True)
class Mount:
    """Addresses that an app serves: a module of it with ``urlpatterns``."""

    site: Site
    urls: str
    #: What stands before them all; ends with a slash.
    prefix: str = ""
    #: The language stands before them too (the reporter's site).
    languages: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of a page that is made of panels (``tip``, ``case``)."""

    #: The page and the part of it, such as ``tip.side``.
    slot: str
    #: Its place there; no two share one.
    order: int
    #: A function of the app that gets the page and returns what the template needs, or None where
    #: there is nothing to show (``reads`` says what it needs of the database). It names the panel.
    show: str
    template: str
    #: What an open page gets when something changes, where that is not all of the template.
    part: str = ""
    #: It stays as it is on an open page: somebody may be writing in it.
    still: bool = False
    #: Who sees it, of those who see the page; None: everybody.
    permission: StrEnum | None = None

    @property
    def page(self) -> str:
        """The page it is for."""
        return self.slot.partition(".")[0]

    @property
    def key(self) -> str:
        """Its name, under which what it read is found."""
        return self.show.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Column:
    """Columns that stand in clear, and why; a line of docs/threat-model.md."""

    names: str
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """What an app stores: in clear, and until when."""

    name: str
    #: With what it goes: a kind of a retention schedule (``tip``, ``case``, ``duty``), or in words.
    goes: str
    clear: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leaves the house: on a page or in a file, for who may not see each row.

    Each passes ``published`` on its way, which hides it by what is said here.
    """

    #: Its name in the code, such as ``times.median``.
    key: str
    #: How it is called, and what it is counted from.
    words: str
    counts: str
    #: Such as ``tips``, ``s``, ``%``.
    unit: str
    #: The rights with which it may be read, of which a page asks one.
    readers: frozenset[StrEnum]
    #: The pages and files that show it, as paths.
    on: tuple[str, ...]
    #: Hidden where it is reckoned from fewer; None: never.
    least: int | None
    #: Why it may leave without the others of its half-year: mostly, that its reader may see each
    #: row that is counted. All but ``groups`` and ``apart`` say so.
    why: str = ""
    #: Counts of groups: they leave in an edition (``places.editions``), suppressed together.
    groups: bool = False
    #: The one exception, and its reason: whole minutes that anybody may read, in no edition.
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that an app brings to the others, which need not know it."""

    rail: tuple[RailItem, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    panels: tuple[Panel, ...] = ()
    mounts: tuple[Mount, ...] = ()
    #: A Right of the app's own → the Roles that carry it (``places``, above: checked at start).
    permissions: Mapping[Any, frozenset[Any]] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    #: Functions of the app that return its files with rules of law (``rulefiles.LawFile``), such
    #: as ``rule_sets.law_files``: an administrator confirms what they say, fact by fact.
    laws: tuple[str, ...] = ()
    #: Functions of the app, such as ``leaving.queries.held``: given a viewer and a person's id
    #: inside ``viewing``, the page on which it is decided whether that person is shut out, or None
    #: where this app has nothing against it. Its triggers refuse it: constraint ``leaving_held``.
    leaving: tuple[str, ...] = ()
    #: For the walk over all addresses (tests/access): a module of the app with ``things``.
    walk: str = ""
