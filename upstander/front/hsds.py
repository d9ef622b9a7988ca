"""The directory for machines (``/hsds``): HSDS 3.1, for anybody, without a trace of who asked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from upstander.directory.publishing import Form, Published, Refused, published
from upstander.doors.web.responses import OpenPage
from upstander.doors.web.words import clean
from upstander.standards.hsds.openapi import LISTS, PARAMETERS, VERSION, document
from upstander.standards.hsds.pages import page
from upstander.standards.hsds.shapes import Kind

_MOST: Final = {"minimal": 5000}
_MOST_FULL, _USUAL = 100, 50
_PROFILE: Final = "https://docs.openreferral.org/"
_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_SAID_NO: Final = {
    "postcode": "It is not known here where this postcode is, so nothing can be near it.",
    "full_service": "These are more than 500 services: ask /services by organization_id.",
}


class Wrong(Exception):
    """What was asked can't be answered."""

    def __init__(self, words: str, status: int = 400, **headers: str) -> None:
        """``words`` are a sentence for whoever wrote the program that asks."""
        super().__init__(words)
        self.status, self.headers = status, headers


def hsds(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for the address ``/hsds/<rest>``; whatever is wrong is said as JSON."""
    headers = dict(_HEADERS)
    try:
        response = _answer(request, [part for part in rest.split("/") if part])
    except Wrong as wrong:
        response = _said({"error": str(wrong)}, wrong.status)
        headers |= wrong.headers
    except SuspiciousOperation:
        response = _said({"error": "Too much was sent."}, 400)
    except DatabaseError:
        response = _said({"error": "The directory can't be read now. Try again later."}, 503)
    for name, value in headers.items():
        response[name] = value
    return response


def _answer(request: HttpRequest, path: list[str]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_PREFLIGHT)
    name = path[0] if path else ""
    is_list = len(path) == 1 and name in LISTS
    allowed = ("GET", "HEAD", "POST") if is_list else ("GET", "HEAD")
    if request.method not in allowed:
        raise Wrong("This address is not asked in this way.", 405, Allow=", ".join(allowed))
    url = f"{settings.PUBLIC_URL}/hsds"
    if is_list:
        return _listed(request, name, f"{url}/{name}")
    if not path:
        about = {"version": VERSION, "profile": _PROFILE, "openapi_url": f"{url}/openapi.json"}
        return _fresh(request, _said(about))
    if path == ["openapi.json"]:
        return _fresh(request, _said(document(url)))
    if len(path) != 2 or name not in LISTS:
        raise Wrong("There is no such address. /hsds/openapi.json names those there are.", 404)
    kind, parameters = LISTS[name]
    form: Form = "full"
    if "full_service" in parameters and any(_read(request.GET.dict(), ("full_service",)).values()):
        form = "services"
    try:
        found = _published(kind, {"id": str(UUID(path[1]))}, form).contents
    except ValueError:
        found = ()
    if not found:
        raise Wrong("There is none by this id, or it is not shown.", 404)
    return _fresh(request, _said(found[0]))


def _published(
    kind: Kind, asked: Mapping[str, object], form: Form, number: int = 1, per_page: int = 1
) -> Published:
    try:
        return published(kind, asked, form, number=number, per_page=per_page)
    except Refused as refused:
        raise Wrong(_SAID_NO[str(refused)]) from refused


def _listed(request: HttpRequest, name: str, url: str) -> HttpResponse:
    kind, parameters = LISTS[name]
    sent = request.GET.dict() | (_body(request) if request.method == "POST" else {})
    if unknown := sent.keys() - set(parameters):
        raise Wrong(
            f"There is no parameter {min(unknown)[:40]!r}; there are: " + _names(parameters)
        )
    asked = _read(sent, parameters)
    if "proximity" in asked and "postcode" not in asked:
        raise Wrong("proximity needs a postcode.")
    number, per_page = asked.pop("page", 1), asked.pop("per_page", _USUAL)
    lines = asked.pop("format", "json") == "ndjson"
    forms: Mapping[str, Form] = {"minimal": "minimal", "full_service": "services", "full": "full"}
    form: Form = next((forms[key] for key in forms if asked.pop(key, False)), "short")
    asked = {key: value for key, value in asked.items() if key not in forms}
    per_page = min(per_page, _MOST.get(form, _MOST_FULL))
    if number * per_page > 2**31 - 1:
        raise Wrong("There is no page so far behind.")
    found = _published(kind, asked, form, number, per_page)
    whole = page(found.contents, total=found.total, number=number, per_page=per_page)
    if lines:
        text = "".join(f"{_json(one)}\n" for one in found.contents)
        response: HttpResponse = OpenPage(text, content_type="application/x-ndjson")
    else:
        response = _said(whole)
    if request.method == "POST":
        return response
    if number < whole["total_pages"]:
        query = urlencode({**sent, "page": number + 1})
        response["Link"] = f'<{url}?{query}>; rel="next"'
    return _fresh(request, response)


def _body(request: HttpRequest) -> dict[str, str]:
    """Return the parameters that were posted, as a form or as a JSON object. Raises Wrong."""
    kind = (request.content_type or "").lower()
    if kind == "application/x-www-form-urlencoded":
        return request.POST.dict()
    if not request.body:
        return {}
    if kind != "application/json":
        raise Wrong("Send a form (application/x-www-form-urlencoded) or application/json.", 415)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Wrong("This is no JSON.") from error
    if not isinstance(sent, dict) or any(isinstance(one, dict | list) for one in sent.values()):
        raise Wrong("Send one JSON object, with the parameters in it.")
    return {
        key: one if isinstance(one, str) else json.dumps(_whole(one))
        for key, one in sent.items()
        if one is not None
    }


def _whole(one: object) -> object:
    """Return a number without a fraction as a whole one: to JSON 2.0 and 2 are the same."""
    return int(one) if isinstance(one, float) and one.is_integer() else one


def _read(sent: Mapping[str, str], parameters: tuple[str, ...]) -> dict[str, Any]:
    """Return what was said, as the directory takes it. What is blank is left out. Raises Wrong."""
    found = {}
    for name in parameters:
        value = clean(sent.get(name, "")).strip()
        if not value:
            continue
        schema = PARAMETERS[name][0]
        try:
            found[name] = _READERS[_kind(name)](value)
        except (ValueError, KeyError, OverflowError) as error:
            raise Wrong(f"{name} must be {_WANTED[_kind(name)]}.") from error
        if value not in schema.get("enum", (value,)):
            raise Wrong(f"{name} must be one of: " + _names(schema["enum"]))
        if len(value) > schema.get("maxLength", 200):
            raise Wrong(f"{name} is too long.")
        least, most = schema.get("minimum", 0), schema.get("maximum", found[name])
        if schema["type"] in ("integer", "number") and not least <= found[name] <= most:
            raise Wrong(f"{name} must be a number above 0, and no greater than {most}.")
    if zip_code := re.fullmatch(r"(\d{5})-\d{4}", str(found.get("postcode"))):
        found["postcode"] = zip_code[1]
    return found


def _kind(name: str) -> str:
    schema = PARAMETERS[name][0]
    kind: str = schema.get("format", schema["type"])
    return kind


def _flag(value: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[value.lower()]


def _moment(value: str) -> str:
    # A plus that nobody wrote as %2B comes as a space.
    at = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", value))
    # In UTC: the database takes no offset beyond 16 hours.
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "string": str,
    "uuid": lambda value: str(UUID(value)),
    "boolean": _flag,
    "integer": lambda value: int(value) if len(value) < 11 else -1,
    "number": float,
    "date-time": _moment,
}
_WANTED: Final = {
    "uuid": "an id (UUID)",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "date-time": "a time such as 2026-03-01T09:00:00Z",
}


def _names(names: Any) -> str:
    return ", ".join(sorted(names)) + "."


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _said(value: object, status: int = 200) -> HttpResponse:
    return OpenPage(_json(value), content_type="application/json", status=status)


def _fresh(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark an answer by what it says, or say that what the asker has still holds (RFC 9110)."""
    mark = f'W/"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    held = request.headers.get("If-None-Match", "")
    if held.strip() == "*" or mark[2:] in held:
        response = OpenPage(status=HTTPStatus.NOT_MODIFIED)
        del response["Content-Type"]
    response["ETag"] = mark
    response["Cache-Control"] = "no-cache"
    return response
