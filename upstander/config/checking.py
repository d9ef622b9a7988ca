"""What is wrong with the apps' manifests, in plain words; asked when a process starts.

``faults`` reads the manifests alone, so every process can ask it. ``faults_of_code`` loads the code
that they name, of which each process has its own part. ``faults_of_addresses`` walks the URLconf.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.urls import URLPattern, URLResolver, is_valid_path

from upstander.config.sweeps import MEANT_FOR
from upstander.people.permissions import Permission, Right
from upstander.people.roles import Role
from upstander.plug import Brought, Figure, Panel, manifests, panels_on
from upstander.plug import rail as rail_items
from upstander.vault.fields import SealedTextField

#: Pages that are made of panels → their parts, in their order.
PAGES: dict[str, tuple[str, ...]] = {
    "tip": ("top", "dialog", "foot", "side", "more"),
    "case": ("main", "aside"),
}
#: A schedule's kinds (upstander/retention): a table may go with one of them.
KINDS = ("tip", "case", "duty")


def faults() -> list[str]:
    """Return what is wrong with the manifests as they stand; empty: nothing."""
    found: list[str] = []
    for brought in manifests():
        found += [f"{brought.label}: {fault}" for fault in _own_faults(brought)]
    for what, named in _must_differ():
        owners: dict[object, list[str]] = {}
        for label, key in named:
            owners.setdefault(key, []).append(label)
        found += [
            f"{' and '.join(dict.fromkeys(labels))}: {what}: {key}"
            for key, labels in owners.items()
            if len(labels) > 1
        ]
    return found


def _must_differ() -> Iterator[tuple[str, list[tuple[str, object]]]]:
    """Give what no two may share: (what is said of it, [(app, what it named)])."""
    brought = manifests()

    def each(give: Callable[[Brought], Iterable[object]]) -> list[tuple[str, object]]:
        return [(one.label, key) for one in brought for key in give(one)]

    yield (
        "two entries of the rail have one place",
        each(lambda one: (item.order for item in one.manifest.rail)),
    )
    yield (
        "two entries of the rail lead to one page",
        each(lambda one: (item.path for item in one.manifest.rail)),
    )
    yield (
        "a sweep is named twice",
        each(lambda one: (f"{one.package}.{sweep.run}" for sweep in one.manifest.sweeps)),
    )
    yield (
        "two sweeps of a lane have one turn",
        each(lambda one: (f"{sweep.lane}, {sweep.order}" for sweep in one.manifest.sweeps)),
    )
    yield (
        "two panels of a page have one name",
        each(lambda one: (f"{panel.page}, {panel.key}" for panel in one.manifest.panels)),
    )
    yield (
        "two panels have one place",
        each(lambda one: (f"{panel.slot}, {panel.order}" for panel in one.manifest.panels)),
    )
    yield (
        "a permission is declared twice",
        each(lambda one: (str(right) for right in one.manifest.permissions)),
    )
    yield (
        "an act of the record is declared twice",
        each(lambda one: (act.name for act in one.manifest.acts)),
    )
    yield (
        "a published figure is declared twice",
        each(lambda one: (figure.key for figure in one.manifest.figures)),
    )
    yield (
        "a table is described twice",
        each(lambda one: (table.name for table in one.manifest.tables)),
    )


def _own_faults(brought: Brought) -> Iterator[str]:
    """Give what is wrong within one manifest."""
    manifest, known = brought.manifest, _known_rights()
    for item in manifest.rail:
        if item.permission not in known:
            yield f"the rail's “{item.label}” asks for an unknown permission: {item.permission}"
        if not item.path.startswith("/") or item.path.endswith("/"):
            yield f"the rail's “{item.label}” needs a path like /drills: {item.path}"
    for sweep in manifest.sweeps:
        if sweep.lane not in MEANT_FOR:
            yield f"{sweep.run} is to run in a lane that there is not: {sweep.lane}"
    for mount in manifest.mounts:
        if mount.prefix and (mount.prefix.startswith("/") or not mount.prefix.endswith("/")):
            yield f"the prefix of {mount.urls} must be like account/: {mount.prefix}"
    for panel in manifest.panels:
        yield from _panel_faults(panel, known)
    for right, roles in manifest.permissions.items():
        if not isinstance(right, Right) or isinstance(right, Permission):
            yield f"a permission must be a Right of the app's own: {right}"
        if not roles or not all(isinstance(role, Role) for role in roles):
            yield f"the permission “{right}” needs roles of people/roles.py"
    yield from _figure_faults(manifest.figures, known)
    yield from _table_faults(brought)


def _known_rights() -> frozenset[StrEnum]:
    declared = {right for one in manifests() for right in one.manifest.permissions}
    return frozenset(Permission) | declared


def _panel_faults(panel: Panel, known: frozenset[StrEnum]) -> Iterator[str]:
    page, _, part = panel.slot.partition(".")
    if page not in PAGES:
        yield f"the panel {panel.key} is for a page that has no panels: {page}"
    elif part not in PAGES[page]:
        yield f"the panel {panel.key} is for a part that the page has not: {panel.slot}"
    if panel.permission is not None and panel.permission not in known:
        yield f"the panel {panel.key} asks for an unknown permission: {panel.permission}"


def _figure_faults(figures: Iterable[Figure], known: frozenset[StrEnum]) -> Iterator[str]:
    """Give what published figures don't say of themselves."""
    for figure in figures:
        named = f"the figure {figure.key}"
        if not (figure.words and figure.counts and figure.unit and figure.on):
            yield f"{named} must say its words, its unit, what it counts and where it stands"
        if bool(figure.readers) is bool(figure.apart):
            yield f"{named} doesn't say who may read it"
        for right in figure.readers - known:
            yield f"{named} asks for an unknown permission: {right}"
        if figure.least is None and not figure.why:
            yield f"{named} hides nothing and doesn't say why not"
        if not (figure.groups or figure.why or figure.apart):
            yield f"{named} doesn't say why it may leave in no edition"
        if figure.apart and (figure.groups or figure.least is None or figure.unit != "min"):
            yield f"{named} is apart: whole minutes, hidden where they are reckoned from few"
        if figure.groups and figure.least is None:
            yield f"{named} is of groups, of which small ones are hidden"


def _table_faults(brought: Brought) -> Iterator[str]:
    """Give what an app stores without saying so, and what it says that is not so."""
    described = {table.name: table for table in brought.manifest.tables}
    stored = {
        model._meta.db_table: model
        for model in apps.get_app_config(brought.label).get_models(include_auto_created=True)
        if not model._meta.proxy
    }
    for name in described.keys() - stored.keys():
        yield f"a table is described that there is not: {name}"
    for name in sorted(stored):
        table = described.get(name)
        if table is None:
            yield f"a table has no retention rule and no line of the threat model: {name}"
            continue
        if not table.goes:
            yield f"a table has no retention rule: {name}"
        columns = Counter(
            column.strip() for line in table.clear for column in line.names.split(",")
        )
        wanted = clear_columns(stored[name])
        for column in sorted(wanted - columns.keys()):
            yield f"{name}.{column} stands in clear, and nothing says why"
        for column in sorted(columns.keys() - wanted):
            yield f"{name}.{column} is no column that stands in clear"
        for column in sorted(column for column, times in columns.items() if times > 1):
            yield f"{name}.{column} is explained twice"
        if any(not line.why for line in table.clear):
            yield f"{name} gives no reason for a column in clear"


def clear_columns(model: Any) -> set[str]:
    """Return a model's columns that hold neither ciphertext, nor hashes, nor keys."""
    return {
        str(column.column)
        for column in model._meta.concrete_fields
        if not isinstance(column, (models.BinaryField, SealedTextField))
    }


def faults_of_code(process: str) -> list[str]:
    """Load what the manifests name, as far as a process runs it; return what can't be found."""
    named: list[tuple[Brought, str]] = []
    for brought in manifests():
        if process in ("worker", "test"):
            named += [(brought, sweep.run) for sweep in brought.manifest.sweeps]
            named += [(brought, name) for name in brought.manifest.laws]
        if process in ("desk", "test"):
            named += [(brought, panel.show) for panel in brought.manifest.panels]
            called = (brought.manifest.carries, brought.manifest.marks, brought.manifest.todo)
            named += [(brought, name) for name in called if name]
            kinds = brought.manifest.approvals
            named += [(brought, name) for kind in kinds for name in (kind.carry, kind.told) if name]
    found = []
    for brought, name in named:
        try:
            brought.find(name)
        except (ImportError, AttributeError) as error:
            found.append(f"{brought.label}: {name} can't be found: {error}")
    if process in ("desk", "test"):
        found += _templates_missing()
    if process in ("desk", "test") and not found:
        found += _words_given_twice()
    return found


def _words_given_twice() -> list[str]:
    found = []
    for page in PAGES:
        givers: dict[str, list[str]] = {}
        for one in panels_on(page):
            for word in one.gives:
                givers.setdefault(word, []).append(one.panel.show)
        found += [
            f"the page {page} gets one word from {' and '.join(panels)}: {word}"
            for word, panels in givers.items()
            if len(panels) > 1
        ]
    return found


def _templates_missing() -> list[str]:
    # Looked up as files: the engine that reads them may not be ready yet.
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    return [
        f"{brought.label}: there is no template {template}"
        for brought in manifests()
        for panel in brought.manifest.panels
        for template in filter(None, (panel.template, panel.part))
        if not any((folder / template).is_file() for folder in folders)
    ]


def faults_of_addresses(urlconf: Any, *, rail: bool = False) -> list[str]:
    """Return which addresses of a site stand there twice; ``rail``: and entries without a page.

    Loads every view of the site.
    """
    patterns = (import_module(urlconf) if isinstance(urlconf, str) else urlconf).urlpatterns
    routes = Counter(_routes(patterns))
    found = [f"an address is mounted twice: /{route}" for route, n in routes.items() if n > 1]
    if rail:
        found += [
            f"the rail leads nowhere: {item.path}"
            for item in rail_items()
            if not any(is_valid_path(f"{item.path}{end}", urlconf) for end in ("", "/"))
        ]
    return found


def refuse_addresses(urlconf: str, *, rail: bool = False) -> None:
    """Load a site's views and refuse addresses that don't fit; a site calls it when it starts.

    Raises ImproperlyConfigured.
    """
    if found := faults_of_addresses(urlconf, rail=rail):
        raise ImproperlyConfigured("An address doesn't fit:\n" + "\n".join(found))


def _routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route
