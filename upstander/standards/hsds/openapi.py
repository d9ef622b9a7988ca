"""What the API of HSDS 3.1 takes and gives, as one table, and the OpenAPI document made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from upstander.standards.hsds.shapes import ENTITIES, Body, Kind

VERSION: Final = "3.1"
_TEXT: Final = {"type": "string"}
_ID: Final = {"type": "string", "format": "uuid"}
_YES: Final = {"type": "boolean"}
_COUNT: Final = {"type": "integer", "minimum": 1, "maximum": 999_999_999}

#: Parameters by name: what each may be (JSON schema), and what it does.
PARAMETERS: Final[Mapping[str, tuple[Mapping[str, Any], str]]] = {
    "search": (_TEXT | {"maxLength": 200}, "Words, in English, Spanish or Arabic."),
    "page": (_COUNT, "Which page, from 1."),
    "per_page": (
        _COUNT,
        "How many on a page: 50 if nothing is said, at most 100, or 5,000 with minimal. A greater"
        " number is taken for the most there can be; the page says its size.",
    ),
    "format": (
        _TEXT | {"enum": ["json", "ndjson"]},
        "json, or ndjson: the page's records alone, one a line. The header Link has the next page.",
    ),
    "taxonomy_term_id": (_ID, "What is for this, or for something narrower."),
    "taxonomy_id": (_ID, "What has a term of this taxonomy; of terms, those in it."),
    "organization_id": (_ID, "What this organization does."),
    "modified_after": (
        _TEXT | {"format": "date-time"},
        "What has changed at this time or later. Without an offset it is in UTC.",
    ),
    "minimal": (_YES, "Services by id, name, status and time of change only."),
    "full": (_YES, "Each record with all that is nested in it."),
    "full_service": (
        _YES,
        "Organizations in full, with their services in full. Refused with 400 where these are more"
        " than 500: ask for /services by organization_id.",
    ),
    "top_only": (_YES, "Terms that stand beneath no other."),
    "parent_id": (_ID, "Terms right beneath this one."),
    "postcode": (
        _TEXT | {"maxLength": 12},
        "What serves it: what lists postcodes without this one is left out.",
    ),
    "proximity": (
        {"type": "number", "minimum": 1, "maximum": 500_000},
        "No further than so many meters from the middle of the postcode.",
    ),
}
_PAGES: Final = ("search", "page", "per_page", "format")
_BY_TERM: Final = (*_PAGES, "taxonomy_term_id", "taxonomy_id", "full")
#: Lists by address: of what, and which parameters each takes.
LISTS: Final[Mapping[str, tuple[Kind, tuple[str, ...]]]] = {
    "services": ("service", (*_BY_TERM, "organization_id", "modified_after", "minimal")),
    "organizations": ("organization", (*_BY_TERM, "full_service")),
    "service_at_locations": (
        "service_at_location",
        (*_BY_TERM, "organization_id", "modified_after", "postcode", "proximity"),
    ),
    "taxonomies": ("taxonomy", _PAGES),
    "taxonomy_terms": ("taxonomy_term", (*_PAGES, "taxonomy_id", "top_only", "parent_id")),
}


def document(url: str) -> Body:
    """Return the OpenAPI 3.1 document of the API that is served at ``url``."""
    paths: Body = {"/": {"get": _operation("about", "What this API is.", _ref("about"))}}
    for name, (kind, parameters) in LISTS.items():
        taken = {key: _described(key) for key in parameters}
        content = {"type": "array", "items": _ref(kind)}
        page = {"allOf": [_ref("page"), {"properties": {"contents": content}}]}
        listing = _operation(f"list_{name}", f"A page of {name}.", page, wrong=True)
        listing["responses"]["200"]["content"]["application/x-ndjson"] = {"schema": _TEXT}
        body = {"type": "object", "properties": taken, "additionalProperties": False}
        sent = {
            kind: {"schema": body}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        }
        paths[f"/{name}"] = {
            "get": listing | {"parameters": [_parameter(key, "query") for key in parameters]},
            "post": listing
            | {
                "operationId": f"ask_{name}",
                "description": "The same, with words that stand in no address.",
                "requestBody": {"content": sent},
            },
        }
        one = _operation(f"get_{name}", f"One of {name}, in full.", _ref(kind))
        one["responses"]["404"] = _failed("There is none, or it is not shown.")
        if kind == "organization":
            one["parameters"] = [_parameter("full_service", "query")]
            one["responses"]["400"] = _failed("The sentence says what is wrong.")
        where = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
        paths[f"/{name}/{{id}}"] = {"parameters": [where], "get": one}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Helping services (HSDS)",
            "version": VERSION,
            "description": "The directory of helping services by the Human Services Data"
            " Specification (Open Referral). Anybody may read it; nothing is kept of who does.",
        },
        "servers": [{"url": url}],
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _operation(name: str, summary: str, schema: Body, *, wrong: bool = False) -> Body:
    responses = {"200": {"description": summary, "content": {"application/json": {}}}}
    responses["200"]["content"] = {"application/json": {"schema": schema}}
    if wrong:
        responses["400"] = _failed("The sentence says what is wrong.")
    responses["default"] = _failed("The sentence says why there is no answer.")
    return {"operationId": name, "summary": summary, "responses": responses}


def _failed(words: str) -> Body:
    return {"description": words, "content": {"application/json": {"schema": _ref("error")}}}


def _described(name: str) -> Body:
    schema, words = PARAMETERS[name]
    return {**schema, "description": words}


def _parameter(name: str, where: str) -> Body:
    schema, words = PARAMETERS[name]
    return {"name": name, "in": where, "description": words, "schema": schema}


def _ref(name: str) -> Body:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Body:
    counts = dict.fromkeys(("total_items", "total_pages", "page_number", "size"), "integer")
    flags = dict.fromkeys(("first_page", "last_page", "empty"), "boolean")
    page = {key: {"type": kind} for key, kind in (counts | flags | {"contents": "array"}).items()}
    schemas: Body = {
        "error": {"type": "object", "properties": {"error": _TEXT}, "required": ["error"]},
        "about": {
            "type": "object",
            "properties": {"version": _TEXT, "profile": _TEXT, "openapi_url": _TEXT},
            "required": ["version", "profile", "openapi_url"],
        },
        "page": {"type": "object", "properties": page, "required": list(page)},
    }
    for name, shape in ENTITIES.items():
        nested = {
            key: {"type": "array", "items": _ref(child)} if many else _ref(child)
            for key, (child, many) in shape.children.items()
        }
        schemas[name] = {
            "type": "object",
            "properties": {
                # A time of the standard is not JSON's, which has seconds and no 24:00.
                key: {k: v for k, v in schema.items() if (k, v) != ("format", "time")}
                for key, schema in shape.properties.items()
            }
            | nested,
            "required": list(shape.required),
            "additionalProperties": False,
        }
    return schemas
