"""What ``/hsds`` answers, held against two documents: the standard's and our own."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from upstander.doors.tests.site import Site
from upstander.front.tests import test_hsds
from upstander.front.tests.test_hsds import got
from upstander.standards.hsds.openapi import LISTS, document
from upstander.standards.hsds.tests.published import FOLDER

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
loaded, neighborhood = test_hsds.loaded, test_hsds._neighborhood


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's transaction open between requests, as Django's own client does."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


def the_standards(_site: Site) -> Any:
    return json.loads((FOLDER / "openapi-3.1-bundled.json").read_bytes())


def our_own(site: Site) -> Any:
    return got(site, "/openapi.json")


@pytest.mark.parametrize("whose", [the_standards, our_own])
def test_whatever_is_asked_is_answered_as_it_is_written(site: Site, whose: Any) -> None:
    schema = schemathesis.openapi.from_dict(whose(site))
    schema.location = "http://127.0.0.1/hsds/openapi.json"
    schema.app = WSGIHandler()
    known = {name: [one["id"] for one in got(site, f"/{name}")["contents"]] for name in LISTS}
    seen: set[tuple[str, int]] = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=25,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=operation.as_strategy(), data=st.data())
        def ask(case: Any, data: st.DataObject) -> None:
            if "id" in case.path_parameters and data.draw(st.integers(0, 3)):
                name = case.path.split("/")[1]
                case.path_parameters["id"] = data.draw(st.sampled_from(known[name]))
            response = case.call_and_validate(
                base_url="http://127.0.0.1/hsds",
                checks=CHECKS,
                headers={"Accept-Encoding": "identity"},
            )
            seen.add((f"{case.method} {case.path}", response.status_code))

        ask()
    ways = {way for way, _ in seen}
    assert len(ways) == 1 + 3 * len(LISTS)
    assert {way for way, status in seen if status == 200} == ways, "each is answered at least once"
    assert {status for _, status in seen} == {200, 400, 404}


def test_our_document_takes_all_that_the_standards_does(site: Site) -> None:
    def asked(whole: Any) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path, ways in whole["paths"].items():
            for way in {"get", "post"} & ways.keys():
                some = [*ways.get("parameters", ()), *ways[way].get("parameters", ())]
                names = {one.get("name", one.get("$ref", "").split("/")[-1]) for one in some}
                body = ways[way].get("requestBody", {}).get("content", {})
                for kind in body.values():
                    names |= kind["schema"]["properties"].keys()
                found[f"{way} {path}"] = names
        return found

    assert asked(our_own(site)) == asked(the_standards(site))


@pytest.mark.parametrize("name", sorted(LISTS))
def test_our_schemas_are_closed_and_fit_what_is_told(site: Site, name: str) -> None:
    whole = document("https://public.example/hsds")
    kind = LISTS[name][0]
    root = {"$ref": f"#/components/schemas/{kind}", "components": whole["components"]}
    closed = Draft202012Validator(root)
    for form in ("", "?full=true&per_page=100"):
        if form and "full" not in LISTS[name][1]:
            continue
        response = site.get(f"/hsds/{name}{form}")
        for one in json.loads(response.content)["contents"]:
            assert [error.message for error in closed.iter_errors(one)] == []
            assert not closed.is_valid(one | {"keeper": "1"})
