"""What an app brings, as data: each app has one ``manifest.py`` with ``MANIFEST``.

Code is named and not imported (``"clock.sweep_due"`` is that function of the app's own ``clock``):
a manifest is read by every process, the code behind it only by the one that runs it. So the
reporter's site never loads a page of the staff's. A name can only lead into the app itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from django.utils.functional import Promise

type Site = Literal["desk", "public"]


class Group(StrEnum):
    """The parts of the rail, in the order in which they stand."""

    WORK = "work"
    PEOPLE = "people"
    PROVE = "prove"
    ME = "me"


class CenterKind(StrEnum):
    """What a center is for; one may be several."""

    CRISIS = "crisis center, which answers reports about schools"
    MOBILE = "mobile crisis, which goes out to children"
    ADVOCATES = "agency of advocates, or legal aid"
    #: Whatever is none of these: people ask it for help, and it refers them.
    HELPLINE = "helpline"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the rail beside every page of the desk."""

    group: Group
    #: Where it stands in its group; no two share a place. Whoever signs in begins at their first.
    order: int
    label: str | Promise
    path: str
    icon: str
    #: Who sees it, and to whom the page itself must be open.
    permission: StrEnum
    #: Only in the demo.
    demo: bool = False
    #: What the page shows, in one line: beside it on the home page of who begins at none of them.
    shows: str | Promise = ""
    #: At a center, only for these; empty: for all. Elsewhere the permission alone says who has it.
    serves: frozenset[CenterKind] = frozenset()
    #: Where the rail is full, the highest stand on the page "More" instead.
    more: int = 0


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that waits for somebody: a line of their home page."""

    words: str
    path: str
    #: When it is due (UTC); None: it has no time of its own.
    due: datetime | None = None
    late: bool = False
    #: A life may be in danger: it stands before what is due sooner.
    grave: bool = False
    #: Nobody has it yet: it stands before what is due later, also where it has no time of its own.
    untaken: bool = False


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """A published figure of the latest closed half-year, on the home page of who answers for it."""

    words: str
    #: The page that it comes from.
    path: str
    #: A published number, which the page insists on; None: hidden, or not published yet.
    value: int | None
    #: Out of how many, where that is told.
    of: int | None = None
    #: It is a time, in seconds.
    time: bool = False


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
    #: Counts of groups: they leave in an edition (``editions``), suppressed together.
    groups: bool = False
    #: The one exception, and its reason: whole minutes that anybody may read, in no edition.
    apart: str = ""


class Counts(StrEnum):
    """What an act counts as where the record is read for it."""

    #: Somebody had words before them.
    OPENING = "opening"
    #: They did what nobody does who has not had the matter before them.
    AT_WORK = "at work"
    #: They wrote down what they saw or heard.
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the record can say was done.

    Its name is hashed with each entry, so it never changes; what pages say of it may.
    """

    name: str
    #: What pages call it (the record's, a tip's history, a duty's proof), with an icon.
    words: str | Promise = ""
    icon: str = "info"
    counts_as: Counts | None = None
    #: Whoever sees the thing can have it written as often as they like: proved to an outsider, its
    #: place in the tree would tell how much else came in between.
    at_will: bool = False
    #: A step of a duty, which its paper proves.
    step: bool = False
    #: Somebody takes what they did not have, in their own name: no app may have it against them.
    takes: bool = False

    @property
    def title(self) -> str:
        """Its words; its name where it has none."""
        return str(self.words) or self.name.capitalize()


@dataclass(frozen=True, slots=True)
class ApprovalKind:
    """Something of an app that holds only once a second person has agreed (``approvals``)."""

    #: Its name in rows and in SQL, such as ``first_key``; it never changes.
    name: str
    #: How it is called where it waits.
    words: str | Promise
    #: The Roles that second it; whose rows are within their view say row policies.
    by: frozenset[Any]
    #: A function of the app that does it: called with the viewer who agrees and the approval, in
    #: their transaction; it returns what is called once that has ended, if anything. Empty: the
    #: approval is read where it is needed.
    carry: str = ""
    #: A function of the app that leaves word of it, and returns the addresses to mail: called with
    #: the approval and its outcome (empty: it is asked) inside ``viewing``, before it is decided.
    told: str = ""
    #: So long somebody can agree, and so long a yes holds that is read later.
    lapses: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that an app brings to the others, which need not know it."""

    rail: tuple[NavItem, ...] = ()
    #: Functions of the app that say whether a viewer's center is of a kind: called with the viewer
    #: inside ``viewing``.
    centers: Mapping[CenterKind, str] = field(default_factory=dict)
    sweeps: tuple[Sweep, ...] = ()
    panels: tuple[Panel, ...] = ()
    mounts: tuple[Mount, ...] = ()
    #: A Right of the app's own → the Roles that carry it (``places``, above: checked at start).
    permissions: Mapping[Any, frozenset[Any]] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    #: All that the app writes into the record (its ``recorded.py``): it takes nothing else.
    acts: tuple[Act, ...] = ()
    figures: tuple[Figure, ...] = ()
    #: Functions of the app that return its files with rules of law (``rulefiles.LawFile``), such
    #: as ``folders.law_files``: an administrator confirms what they say, fact by fact.
    laws: tuple[str, ...] = ()
    #: Functions of the app, such as ``leaving.queries.held``: given a viewer and a person's id
    #: inside ``viewing``, the page on which it is decided whether that person is shut out, or None
    #: where this app has nothing against it. Its triggers refuse it: constraint ``leaving_held``.
    leaving: tuple[str, ...] = ()
    #: What of the app's must not wait, by its name in words: SQL of the times (``at``) since when
    #: it is due. The watch says so where something is.
    waits: Mapping[str, str] = field(default_factory=dict)
    #: SQL of whose phone (``person_id``) rings now for somebody who is on the line, or has one on
    #: it: a page waits for it, or takes another way.
    rings: str = ""
    #: SQL of whose phones (``person_id``) must make no sound: nothing at all is sent to them.
    silences: str = ""
    #: A function of the app that carries what staff write to a reporter to where that one reads:
    #: called with the opened tip, its row, the message's id and words, in the same transaction.
    carries: str = ""
    #: A function of the app that says, in few words, what a row of the queue shows of it besides:
    #: called with the tips' ids inside ``viewing``, for all rows at once; it returns words by tip.
    marks: str = ""
    #: What of the app's waits for a second person.
    approvals: tuple[ApprovalKind, ...] = ()
    #: The function that keeps what is asked of a second person: of the app ``approvals`` alone.
    approves: str = ""
    #: A function of the app that says of whom it is not that they take something new now: called
    #: with people's ids inside ``viewing`` or as the worker, it returns why, in words, by person.
    taking: str = ""
    #: A function of the app that returns what waits for a viewer at a time, as ``ToDo``; called
    #: inside ``viewing``.
    todo: str = ""
    #: A function of the app that returns what a home page tells of a half-year, as ``HomeFigure``;
    #: called with a viewer and a time inside ``viewing``. Nobody publishes by looking.
    at_home: str = ""
    #: For the walk over all addresses (tests/access): a module of the app with ``things``.
    walk: str = ""
