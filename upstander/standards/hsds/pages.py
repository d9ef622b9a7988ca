"""Records in the forms that the API of HSDS 3.1 answers with: full, short, minimal, a page of them.

Only the standard's own fields are told: what else a feed said is kept, and shown to nobody by this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from upstander.standards.hsds.shapes import ENTITIES, Body, Kind, owner_keys

#: What `minimal` asks for, and what the schema of every list demands besides.
_MINIMAL: Final = ("id", "name", "status", "last_modified")


def page(
    contents: Sequence[Mapping[str, Any]], *, total: int, number: int, per_page: int
) -> dict[str, Any]:
    """Return a page with its eight keys; ``number`` counts from 1, ``total`` is that of all pages.

    A page behind the last one is empty, and not the last.
    """
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number == max(pages, 1),
        "empty": not contents,
        "contents": list(contents),
    }


class Graph:
    """Records that answers are made of: those that are asked for, and all that they name.

    Load them before, a query a kind; what isn't among them is left out of an answer. So what must
    not be told is not put in.
    """

    def __init__(self, records: Mapping[Kind, Sequence[Body]]) -> None:
        self._known = {kind: {one["id"]: one for one in some} for kind, some in records.items()}
        self._under: dict[tuple[str, str], dict[str, list[Body]]] = {}
        for kind in ("location", "service", "service_at_location"):
            for one in records.get(kind, ()):
                for key in ("organization_id", "service_id"):
                    if key in one:
                        self._under.setdefault((kind, key), {}).setdefault(one[key], []).append(one)

    def full(self, kind: Kind, one: Body, *, services: bool = False) -> Body:
        """Return a record with all that hangs on it; ``services`` adds an organization's own."""
        found = self._opened(kind, one)
        if kind == "service":
            self._add_owners(found, self._opened)
            found["service_at_locations"] = [
                self._placed(at) for at in self._of("service_at_location", "service_id", one)
            ]
        elif kind == "service_at_location":
            found = self._placed(one)
            if service := self._get("service", one.get("service_id")):
                found["service"] = self._opened("service", service)
                self._add_owners(found["service"], self._opened)
        elif kind == "organization":
            found["locations"] = [
                self._opened("location", at) for at in self._of("location", "organization_id", one)
            ]
            if services:
                found["services"] = [
                    self.full("service", own) for own in self._of("service", "organization_id", one)
                ]
                for own in found["services"]:
                    own.pop("organization", None)
        elif kind == "taxonomy_term" and (whole := self._get("taxonomy", one.get("taxonomy_id"))):
            found["taxonomy_detail"] = self._opened("taxonomy", whole)
        return {key: value for key, value in found.items() if value != []}

    def short(self, kind: Kind, one: Body) -> Body:
        """Return a record as lists show it: its plain fields, and those of what it names."""
        if kind in ("taxonomy", "taxonomy_term"):
            return self.full(kind, one)
        found = _plain(kind, one)
        if kind == "service":
            self._add_owners(found, _plain)
        elif kind == "service_at_location":
            if location := self._get("location", one.get("location_id")):
                found["location"] = _plain("location", location)
            if service := self._get("service", one.get("service_id")):
                found["service"] = self.short("service", service)
        return found

    def _add_owners(self, service: Body, form: Any) -> None:
        organization = self._get("organization", service.get("organization_id"))
        if organization is None:
            return
        service["organization"] = form("organization", organization)
        for program in organization.get("programs", ()):
            if program["id"] == service.get("program_id"):
                service["program"] = form("program", program)

    def _placed(self, one: Body) -> Body:
        found = self._opened("service_at_location", one)
        if location := self._get("location", one.get("location_id")):
            found["location"] = self._opened("location", location)
        return found

    def _opened(self, entity: str, one: Mapping[str, Any]) -> Body:
        """Return an object's own fields and parts; an attribute with its term, both with owners."""
        shape = ENTITIES[entity]
        found: Body = {}
        for key, value in one.items():
            if key not in shape.properties:
                continue
            name, many = shape.children.get(key, ("", False))
            if many and isinstance(value, list):
                parts = [self._opened(name, part) for part in value]
                if name in ("attribute", "metadata"):
                    parts = [{**owner_keys(name, entity, one["id"]), **part} for part in parts]
                found[key] = parts
            else:
                found[key] = self._opened(name, value) if name else value
        term = self._get("taxonomy_term", one.get("taxonomy_term_id"))
        if entity == "attribute" and term is not None:
            found["taxonomy_term"] = self.full("taxonomy_term", term)
        return found

    def _get(self, kind: Kind, number: object) -> Body | None:
        return self._known.get(kind, {}).get(str(number))

    def _of(self, kind: Kind, key: str, owner: Body) -> Sequence[Body]:
        return self._under.get((kind, key), {}).get(owner["id"], ())


def minimal(one: Body) -> Body:
    """Return a service by which somebody sees what has changed since they asked last."""
    return {key: one[key] for key in _MINIMAL if key in one}


def _plain(entity: str, one: Mapping[str, Any]) -> Body:
    properties = ENTITIES[entity].properties
    return {
        key: value
        for key, value in one.items()
        if key in properties and properties[key]["type"] not in ("array", "object")
    }
