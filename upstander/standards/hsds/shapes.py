"""The tables of HSDS 3.1, what stands in each, and whether an object is as the standard says.

``data/schemas.json`` and ``data/datapackage.json`` are derived from the published ones (CC BY-SA
4.0, Open Referral); what was changed stands in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import fastjsonschema
from django.utils.translation import gettext

from upstander.rulefiles import data_file

#: Records of their own, in the order in which each names only earlier ones.
type Kind = Literal[
    "taxonomy",
    "taxonomy_term",
    "organization",
    "program",
    "location",
    "service",
    "service_at_location",
]
type Body = dict[str, Any]
KINDS: Final[tuple[Kind, ...]] = Kind.__value__.__args__

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_TIME: Final = re.compile(r"\d\d?:\d\d(:\d\d(\.\d+)?)?( ?Z| ?[+-]\d\d:?\d\d)?", re.ASCII)
_MARKUP: Final = re.compile(r"<[a-zA-Z/!]")


@dataclass(frozen=True, slots=True)
class Entity:
    """One table: its file, its columns as JSON schemas, and what is nested in it: (table, many)."""

    file: str
    required: tuple[str, ...]
    children: Mapping[str, tuple[str, bool]]
    properties: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: where in the file, in which field ("" for all of it), in a plain sentence."""

    where: str
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Record:
    """One object in normal form (split()), and what is wrong with it. Only a sound one is safe."""

    kind: Kind
    id: str
    body: Body
    where: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether it is as the standard says."""
        return not self.problems


def _load() -> dict[str, Entity]:
    raw = json.loads(data_file("upstander.standards.hsds", "schemas.json").read_bytes())["entities"]
    # What the API's forms nest besides.
    raw["organization"]["children"]["services"] = ["service", True]
    raw["service_at_location"]["children"]["service"] = ["service", False]
    return {
        name: Entity(
            one["file"],
            tuple(one["required"]),
            {key: (child, many) for key, (child, many) in one["children"].items()},
            one["properties"],
        )
        for name, one in raw.items()
    }


ENTITIES: Final = _load()
#: Nested objects that are records of their own: the key that names them here, or us there.
_UP: Final = {
    "organization": "organization_id",
    "program": "program_id",
    "location": "location_id",
    "service": "service_id",
    "taxonomy_term": "taxonomy_term_id",
    "taxonomy_detail": "taxonomy_id",
}
_DOWN: Final = {
    "locations": "organization_id",
    "services": "organization_id",
    "service_at_locations": "service_id",
}


def split(kind: Kind, full: Mapping[str, Any]) -> list[tuple[Kind, Body]]:
    """Bring an object, whatever is nested in it, into normal form: records that name each other.

    Those nested come first. Inside a record stand its parts (phones, schedules, programs …). What
    only repeats where a part stands is left out, and so is null, "" and [] in the standard's own
    fields; other fields are kept as they are.
    """
    found: list[tuple[Kind, Body]] = []
    body = _normal(kind, full, {}, found)
    return [*found, (kind, body)]


def owner_keys(entity: str, owner: str, owner_id: str) -> dict[str, str]:
    """Return the fields by which a part, standing alone, says whose it is."""
    if entity == "attribute":
        return {"link_id": owner_id, "link_entity": owner}
    if entity == "metadata":
        return {"resource_id": owner_id, "resource_type": owner}
    return {f"{owner}_id": owner_id}


def _normal(
    entity: str, full: Mapping[str, Any], owned: Mapping[str, str], found: list[tuple[Kind, Body]]
) -> Body:
    shape, body = ENTITIES[entity], {}
    for key, value in full.items():
        schema = shape.properties.get(key)
        if schema is not None and (value is None or value in ("", []) or owned.get(key) == value):
            continue
        body[key] = _plain(schema, value)
    mine = str(body.get("id") or "")
    for key, (name, many) in shape.children.items():
        parts = body.get(key) if many else [body.get(key)]
        if not isinstance(parts, list) or not all(isinstance(one, dict) for one in parts):
            continue
        if key not in _UP and key not in _DOWN:
            keys = owner_keys(name, entity, mine)
            parts = [_normal(name, one, keys, found) for one in parts]
            body[key] = parts if many else parts[0]
        elif all(isinstance(one.get("id"), str) and one["id"] for one in parts):
            del body[key]
            for one in parts:
                named = {_DOWN[key]: one.get(_DOWN[key]) or mine} if key in _DOWN else {}
                if key == "program":
                    named = {"organization_id": one.get("organization_id") or _organization(full)}
                apart = _normal(name, {**one, **named}, {}, found)
                if key in _UP:
                    body.setdefault(_UP[key], apart["id"])
                found.append((name, apart))  # type: ignore[arg-type]
    if entity == "service_capacity" and isinstance(body.get("unit"), dict):
        # In tables it names its unit; here the unit stands in it.
        body = {key: one for key, one in body.items() if (key, one) != ("unit_id", _id_of(body))}
    return body


def _id_of(capacity: Body) -> object:
    return capacity["unit"].get("id")


def _organization(service: Mapping[str, Any]) -> object:
    nested = service.get("organization")
    return service.get("organization_id") or (
        nested.get("id") if isinstance(nested, dict) else None
    )


def _plain(schema: Mapping[str, Any] | None, value: Any) -> Any:
    """Bring what is written in several ways into one: identifiers, and times without seconds."""
    kind = (schema or {}).get("format")
    if isinstance(value, str):
        if kind == "uuid":
            return value.lower()
        if kind == "time":
            return re.sub(r"^(\d\d:\d\d):00(?!\.)", r"\1", value)
    return value


def kind_of(full: Mapping[str, Any]) -> Kind:
    """Guess what an object is that nobody named: the standard's objects don't say."""
    signs: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("location", ("location_type",)),
        ("service_at_location", ("service_id", "service", "location_id")),
        ("service", ("status", "organization", "service_at_locations", "cost_options")),
        ("taxonomy_term", ("taxonomy_id", "taxonomy_detail", "parent_id", "term_uri", "code")),
        ("taxonomy", ("version",)),
    )
    return next((kind for kind, keys in signs if any(key in full for key in keys)), "organization")


def checked(
    entity: str, body: Mapping[str, Any], where: str = "", path: str = ""
) -> tuple[Problem, ...]:
    """Return what is not as the standard says, parts too; fields that it doesn't have are none."""
    found = [Problem(where, path + name, words) for name, words in wrong(entity, body)]
    for key, (name, many) in ENTITIES[entity].children.items():
        parts = body.get(key) if many else [body[key]] if key in body else []
        for place, one in enumerate(parts if isinstance(parts, list) else ()):
            inner = f"{path}{key}[{place}]" if many else f"{path}{key}"
            if isinstance(one, dict):
                found += checked(name, one, where, inner + ".")
            elif many:
                found.append(Problem(where, inner, gettext("Must be an object.")))
    return tuple(found)


def unknown_keys(entity: str, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that the standard doesn't have; they are kept."""
    return tuple(key for key in body if key not in ENTITIES[entity].properties)


def wrong(entity: str, one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with an object's own fields: (field, sentence)."""
    shape = ENTITIES[entity]
    try:
        _validator(entity)(one)
    except fastjsonschema.JsonSchemaException:
        for name in shape.required:
            if name not in one:
                yield name, gettext("Missing.")
        for name, schema in shape.properties.items():
            if name in one and not fits(entity, name, one[name]):
                yield name, _said(schema, one[name])
    for name in ("name", "alternate_name"):
        if isinstance(one.get(name), str) and _MARKUP.search(one[name]):
            yield name, gettext("Has markup in it. Write it as plain text.")


def fits(entity: str, name: str, value: object) -> bool:
    """Whether a value is one that a field can have."""
    try:
        _validator(entity, name)(value)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


@cache
def _validator(entity: str, name: str = "") -> Callable[[object], object]:
    shape = ENTITIES[entity]
    whole = {
        "type": "object",
        "properties": shape.properties,
        "required": list(shape.required),
    }
    compiled: Callable[[object], object] = fastjsonschema.compile(
        {**(shape.properties[name] if name else whole)},
        formats={
            "uuid": lambda text: bool(_UUID.fullmatch(text)),
            "time": lambda text: bool(_TIME.fullmatch(text)),
        },
    )
    return compiled


def _said(schema: Mapping[str, Any], value: object) -> str:
    types = {
        "string": gettext("Must be text."),
        "number": gettext("Must be a number."),
        "array": gettext("Must be a list."),
        "object": gettext("Must be an object."),
    }
    if schema["type"] != "string" or not isinstance(value, str):
        return types[schema["type"]]
    if "enum" in schema:
        return gettext("Must be one of: %(values)s.") % {"values": ", ".join(schema["enum"])}
    formats = {
        "uuid": gettext("Must be an identifier (UUID)."),
        "uri": gettext("Must be a whole address, such as https://example.org."),
        "email": gettext("Must be an email address."),
        "date": gettext("Must be a date, such as 2026-03-01."),
        "time": gettext("Must be a time, such as 09:00."),
        "date-time": gettext("Must be a date with its time, such as 2026-03-01T09:00:00Z."),
    }
    return formats[schema["format"]]


def descriptor() -> bytes:
    """Return the descriptor of the tables (Frictionless data package)."""
    return data_file("upstander.standards.hsds", "datapackage.json").read_bytes()


@cache
def columns_of() -> dict[str, dict[str, dict[str, Any]]]:
    """Return each table's columns: if required, unique, a number, and which table they name."""
    raw = json.loads(descriptor())
    found = {}
    for resource in raw["resources"]:
        schema = resource["schema"]
        names = {
            key["fields"]: key["reference"]["resource"] for key in schema.get("foreignKeys", ())
        }
        found[resource["name"]] = {
            one["name"]: {
                "number": one["type"] == "number",
                "names": names.get(one["name"]),
                **one.get("constraints", {}),
            }
            for one in schema["fields"]
        }
    return found
