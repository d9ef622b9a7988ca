"""The manifests of all installed apps, lowest layer first (the order of the settings)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple

from django.apps import apps
from django.core.signals import setting_changed

from upstander.plug.manifest import Figure, Manifest, Mount, Panel, RailItem, Site
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


def rail() -> list[RailItem]:
    """Return the rail's entries, in its order."""
    found = [item for brought in manifests() for item in brought.manifest.rail]
    return sorted(found, key=lambda item: item.order)


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


def law_files() -> tuple[LawFile, ...]:
    """Return all files with rules of law. Raises ImportError, AttributeError, RuleFileWrong."""
    return tuple(
        file
        for brought in manifests()
        for name in brought.manifest.laws
        for file in brought.find(name)()
    )


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
    _holding.cache_clear()


def _apps_changed(*, setting: str, **_: object) -> None:
    if setting == "INSTALLED_APPS":
        forget()


setting_changed.connect(_apps_changed)
