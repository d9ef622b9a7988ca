"""The manifests of all installed apps, lowest layer first (the order of the settings)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.signals import setting_changed

from upstander.base.refused import Refused
from upstander.plug.manifest import (
    Act,
    ApprovalKind,
    CenterKind,
    Counts,
    Figure,
    Group,
    HomeFigure,
    Manifest,
    Mount,
    NavItem,
    Panel,
    Site,
    ToDo,
)
from upstander.rulefiles import LawFile


class Brought(NamedTuple):
    """One app's manifest; ``package`` is where its names lead into."""

    label: str
    package: str
    manifest: Manifest

    def module(self, name: str) -> ModuleType:
        """Return a module that a manifest names. Raises ImportError."""
        return import_module(f"{self.package}.{name}")

    def find(self, name: str) -> Any:
        """Return a function that a manifest names. Raises ImportError, AttributeError."""
        module, _, last = name.rpartition(".")
        return getattr(import_module(f"{self.package}.{module}" if module else self.package), last)


@cache
def manifests() -> tuple[Brought, ...]:
    """Return every installed app's manifest; an app without a ``manifest.py`` brings nothing.

    Raises ImportError, or AttributeError where a ``manifest.py`` has no ``MANIFEST``.
    """
    return tuple(
        Brought(config.label, config.name, import_module(f"{config.name}.manifest").MANIFEST)
        for config in apps.get_app_configs()
        if find_spec(f"{config.name}.manifest") is not None
    )


def rail() -> list[NavItem]:
    """Return the rail's entries, in its order."""
    found = [item for brought in manifests() for item in brought.manifest.rail]
    groups = list(Group)
    return sorted(found, key=lambda item: (groups.index(item.group), item.order))


def center_kinds(viewer: Any) -> frozenset[CenterKind]:
    """Return what a viewer's center is for; call inside ``viewing``."""
    found = (
        kind
        for brought in manifests()
        for kind, name in brought.manifest.centers.items()
        if brought.find(name)(viewer)
    )
    return frozenset(found) or frozenset({CenterKind.HELPLINE})


def to_do(viewer: Any, now: datetime) -> list[ToDo]:
    """Return all that waits for a viewer; call inside ``viewing``.

    Where a life may be in danger it stands in front; else what is late or due first. What nobody
    has yet counts as due now.
    """
    found = [
        one
        for brought in manifests()
        if brought.manifest.todo
        for one in brought.find(brought.manifest.todo)(viewer, now)
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.grave,
            one.due is None and not one.late and not one.untaken,
            min(one.due or now, now) if one.untaken else one.due or now,
        ),
    )


def at_home(viewer: Any, now: datetime) -> list[HomeFigure]:
    """Return what a home page tells of the latest closed half-year; call inside ``viewing``."""
    return [
        one
        for brought in manifests()
        if brought.manifest.at_home
        for one in brought.find(brought.manifest.at_home)(viewer, now)
    ]


def waits() -> dict[str, str]:
    """Return what must not wait in all apps: its name, and the SQL of since when it is due."""
    return {name: sql for one in manifests() for name, sql in one.manifest.waits.items()}


def rung_now() -> str:
    """Return SQL of whose phones (``person_id``) ring for somebody on a line, or talk with one."""
    asked = [one.manifest.rings for one in manifests() if one.manifest.rings]
    return " UNION ".join(asked) or "SELECT NULL::bigint AS person_id WHERE false"


def silent_now() -> str:
    """Return SQL of whose phones (``person_id``) must make no sound now."""
    asked = [one.manifest.silences for one in manifests() if one.manifest.silences]
    return " UNION ".join(asked) or "SELECT NULL::bigint AS person_id WHERE false"


def carry(opened: Any, tip: Any, message_id: UUID, words: str) -> None:
    """Let each app that carries replies carry one; call in the transaction in which it is kept."""
    for brought in manifests():
        if brought.manifest.carries:
            brought.find(brought.manifest.carries)(opened, tip, message_id, words)


def marks_on(tips: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Return what apps above the queue say on its rows, by tip. Call inside ``viewing``."""
    found: dict[UUID, list[str]] = {}
    for brought in manifests() if tips else ():
        if brought.manifest.marks:
            for tip, words in brought.find(brought.manifest.marks)(tips).items():
                found.setdefault(tip, []).append(str(words))
    return found


def approval_kinds() -> dict[str, tuple[Brought, ApprovalKind]]:
    """Return all that waits for a second person, by its name, with the app that declares it."""
    return {kind.name: (one, kind) for one in manifests() for kind in one.manifest.approvals}


def ask_approval(viewer: Any, now: datetime, kind: str, **asked: Any) -> Callable[[], None] | None:
    """Ask a second person for something, in the transaction that is open (``approvals``).

    ``asked`` is what ``approvals.actions.ask`` takes. Returns what mails those concerned: call it
    once the transaction has ended; None: it was agreed to before. Raises KeyError for a kind that
    no app declares.
    """
    brought = next(one for one in manifests() if one.manifest.approves)
    told: Callable[[], None] | None = brought.find(brought.manifest.approves)(
        viewer, now, approval_kinds()[kind][1].name, **asked
    )
    return told


def mounts(site: Site) -> Iterator[tuple[Mount, str]]:
    """Give what is mounted on a site with the module of its addresses; the highest layer first."""
    for brought in reversed(manifests()):
        for mount in brought.manifest.mounts:
            if mount.site == site:
                yield mount, f"{brought.package}.{mount.urls}"


def sweeps_by_lane() -> dict[str, list[Callable[[], int]]]:
    """Return each lane's sweeps in their order. Raises ImportError, AttributeError."""
    found: dict[str, list[tuple[int, Callable[[], int]]]] = {}
    for brought in manifests():
        for sweep in brought.manifest.sweeps:
            found.setdefault(sweep.lane, []).append((sweep.order, brought.find(sweep.run)))
    return {
        lane: [run for _, run in sorted(sweeps, key=lambda one: one[0])]
        for lane, sweeps in found.items()
    }


class PanelOn(NamedTuple):
    """A panel with its function, what that reads before, and whether it still reads itself."""

    panel: Panel
    show: Callable[[Any], Mapping[str, Any] | None]
    read: Callable[[Any], Any] | None
    within: bool
    #: What it shares with the page's other templates.
    gives: tuple[str, ...]


def reads[**P, R](
    find: Callable[[Any], Any], *, within: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a panel's function be called after ``find``, which is called inside ``viewing``.

    What ``find`` returns stands in the page's ``found`` under the panel's name. Only there may
    names be asked for: all panels' are looked up at once. ``within``: the function needs the names
    and the database, so it is called inside the same ``viewing``, once the names are known.
    """

    def mark(show: Callable[P, R]) -> Callable[P, R]:
        show.find, show.within = find, within  # type: ignore[attr-defined]
        return show

    return mark


def gives[**P, R](*words: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let all templates of the page have these words of what a panel's function returns.

    Its own template has all of it as ``panel``. No two panels of a page give one word.
    """

    def mark(show: Callable[P, R]) -> Callable[P, R]:
        show.gives = words  # type: ignore[attr-defined]
        return show

    return mark


@cache
def panels_on(page: str) -> tuple[PanelOn, ...]:
    """Return a page's panels, by slot and order. Raises ImportError, AttributeError."""
    found = []
    for brought in manifests():
        for panel in brought.manifest.panels:
            if panel.page == page:
                show = brought.find(panel.show)
                find, within = getattr(show, "find", None), getattr(show, "within", False)
                found.append(PanelOn(panel, show, find, within, getattr(show, "gives", ())))
    return tuple(sorted(found, key=lambda one: (one.panel.slot, one.panel.order)))


@cache
def figures() -> Mapping[str, Figure]:
    """Return the register of published figures, by key."""
    return {figure.key: figure for one in manifests() for figure in one.manifest.figures}


@cache
def acts() -> Mapping[str, Act]:
    """Return all that the record can say was done, by name."""
    return {act.name: act for one in manifests() for act in one.manifest.acts}


def act_of(name: str) -> Act:
    """Return what pages say of an entry; one of an app that is gone says its name alone."""
    return acts().get(name) or Act(name)


def acts_that_count(*kinds: Counts) -> list[str]:
    """Return the names of the acts that count as one of ``kinds``."""
    return sorted(act.name for act in acts().values() if act.counts_as in kinds)


def law_files() -> tuple[LawFile, ...]:
    """Return all files with rules of law. Raises ImportError, AttributeError, RuleFileWrong."""
    return tuple(
        file
        for brought in manifests()
        for name in brought.manifest.laws
        for file in brought.find(name)()
    )


def may_not_take(people: Collection[int]) -> dict[int, str]:
    """Return who of these may take nothing new now, and why in words.

    Call inside ``viewing`` or as the worker. What somebody has already stays theirs.
    """
    found: dict[int, str] = {}
    for brought in manifests() if people else ():
        if brought.manifest.taking:
            found |= brought.find(brought.manifest.taking)(people)
    return found


def need_may_take(person_id: int) -> None:
    """Raise Refused where somebody may take nothing new now. Call as ``may_not_take``."""
    if why := may_not_take([person_id]):
        raise Refused(why[person_id])


@cache
def _holding() -> tuple[Callable[[Any, int], str | None], ...]:
    return tuple(brought.find(name) for brought in manifests() for name in brought.manifest.leaving)


def held_at(viewer: Any, person_id: int) -> str | None:
    """Return the page that decides whether somebody is shut out; None: nothing is against it.

    Called inside ``viewing``. Raises ImportError, AttributeError.
    """
    return next((path for hold in _holding() if (path := hold(viewer, person_id))), None)


def forget() -> None:
    """Read all manifests anew: the list of installed apps has changed (in tests only)."""
    manifests.cache_clear()
    panels_on.cache_clear()
    figures.cache_clear()
    acts.cache_clear()
    _holding.cache_clear()


def _apps_changed(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        forget()


setting_changed.connect(_apps_changed)
