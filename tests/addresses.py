"""Walks a URLconf: what addresses there are, and which view answers each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern, RoutePattern


@dataclass(frozen=True)
class Address:
    """One pattern of a URLconf, with all that stands before it."""

    parts: tuple[str, ...]
    converters: dict[str, Any]
    view: Callable[..., Any]
    name: str

    @property
    def route(self) -> str:
        """The whole route as it is written, such as ``/tips/<uuid:tip_id>/claim``."""
        return "/" + "".join(self.parts)

    def path(self, values: dict[str, Any]) -> str:
        """Fill the route in. Raises KeyError for a value that is not given.

        A value by this address's own name holds what is other here than elsewhere: the team that
        one only watches, where ``team_id`` is the team that one leads.
        """
        values = {**values, **values.get(self.name, {})}
        whole = self.route
        for name, converter in self.converters.items():
            for kind in (f"<{_kind(converter)}:{name}>", f"<{name}>"):
                whole = whole.replace(kind, converter.to_url(values[name]))
        return whole


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")


def walk(
    patterns: Iterable[URLPattern | URLResolver],
    parts: tuple[str, ...] = (),
    converters: dict[str, Any] | None = None,
    space: str = "",
) -> Iterator[Address]:
    """Give all addresses of a URLconf. Language prefixes are left out."""
    for one in patterns:
        held = one.pattern
        mine = (*parts, str(held)) if isinstance(held, RoutePattern) else parts
        if isinstance(held, RegexPattern):
            mine = (*parts, str(held).strip("^$"))
        known = {**(converters or {}), **getattr(held, "converters", {})}
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from walk(one.url_patterns, mine, known, inside)
        else:
            yield Address(mine, known, one.callback, f"{space}{one.name}")
