"""The forms of the API: as the official examples have them, closed to everything else."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from upstander.standards.hsds.pages import Graph, minimal, page
from upstander.standards.hsds.reading import read_json
from upstander.standards.hsds.shapes import Body, Kind, Record, split
from upstander.standards.hsds.tests.published import (
    KIND_OF,
    answer,
    example,
    raw_example,
    validator,
)


def records(name: str) -> dict[Kind, list[Body]]:
    """Return an example's records, as a directory keeps them."""
    found: dict[Kind, dict[str, Body]] = defaultdict(dict)
    for one in read_json(io.BytesIO(raw_example(name))):
        assert isinstance(one, Record)
        found[one.kind].setdefault(one.id, {}).update(one.body)
    for program in found.pop("program", {}).values():
        organization = found["organization"][program.pop("organization_id")]
        organization.setdefault("programs", []).append(program)
    return {kind: list(some.values()) for kind, some in found.items()}


@pytest.mark.parametrize("name", ["service_full", "service_at_location_full", "organization_full"])
def test_a_full_form_says_all_that_the_example_does(name: str) -> None:
    kind, known = KIND_OF[name], records(name)
    (one,) = known[kind]
    full = Graph(known).full(kind, one, services=True)
    schema = "organization_full" if kind == "organization" else name
    errors = [
        e.message for e in answer("service" if kind == "service" else schema).iter_errors(full)
    ]
    assert errors == []
    if kind == "service":
        assert validator("service", strict=True).is_valid(full)

    def said(form: Body) -> dict[tuple[Kind, str], Body]:
        parts: dict[tuple[Kind, str], Body] = {}
        for of, body in split(kind, form):
            parts.setdefault((of, body["id"]), {}).update(body)
        return parts

    wanted, found = said(example(name)), said(full)
    # What is nested in more than one place is told in one of them.
    for key, body in wanted.items():
        if key[0] != "program":
            assert {k: v for k, v in body.items() if k != "programs"}.items() <= found[key].items()


@pytest.mark.parametrize(
    "name",
    [
        "service_list",
        "organization_list",
        "service_at_location_list",
        "taxonomy_list",
        "taxonomy_term_list",
    ],
)
def test_a_short_form_is_that_of_the_example(name: str) -> None:
    kind, known = KIND_OF[name], records(name)
    (one,) = known[kind]
    short = Graph(known).short(kind, one)
    schema = name if kind not in ("taxonomy", "taxonomy_term") else kind
    assert [error.message for error in answer(schema).iter_errors(short)] == []
    (wanted,) = example(name)["contents"]
    told = {key: value for key, value in short.items() if not key.endswith("_id")}
    assert _without_ids(told) == _without_ids(wanted)


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            k: _without_ids(v) for k, v in value.items() if not k.endswith("_id") or k == "tax_id"
        }
    return value


def test_a_list_of_full_records_says_nothing_more_in_short() -> None:
    known = records("service_full")
    short = Graph(known).short("service", known["service"][0])
    assert [error.message for error in answer("service_list").iter_errors(short)] == []
    assert "phones" not in short
    assert "contacts" not in short["organization"]


def test_what_is_not_put_in_is_not_told() -> None:
    known = records("service_full")
    known.pop("location")
    known.pop("taxonomy_term")
    service = {**known["service"][0], "x_beds": 3, "phones": [{"id": "1", "number": "2", "x": 4}]}
    full = Graph(known).full("service", service)
    assert "x_beds" not in full
    assert full["phones"] == [{"id": "1", "number": "2"}]
    assert all("location" not in at for at in full["service_at_locations"])
    (attribute,) = full["attributes"]
    assert "taxonomy_term" not in attribute
    assert attribute["link_id"] == service["id"]


def test_minimal_is_enough_for_the_schema_of_a_list() -> None:
    (one,) = records("service_full")["service"]
    assert minimal(one).keys() == {"id", "name", "status", "last_modified"}
    assert answer("service_list").is_valid(minimal(one))


@pytest.mark.parametrize(
    ("contents", "total", "number", "pages", "first", "last", "empty"),
    [
        ([], 0, 1, 0, True, True, True),
        (["a", "b"], 5, 1, 3, True, False, False),
        (["a"], 5, 3, 3, False, True, False),
        (["a", "b"], 4, 2, 2, False, True, False),
        ([], 4, 3, 2, False, False, True),
    ],
)
def test_a_page_has_its_eight_keys(
    contents: Sequence[Any],
    total: int,
    number: int,
    pages: int,
    first: bool,
    last: bool,
    empty: bool,
) -> None:
    assert page(contents, total=total, number=number, per_page=2) == {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": first,
        "last_page": last,
        "empty": empty,
        "contents": contents,
    }
    assert set(page([], total=0, number=1, per_page=2)) == set(example("service_list"))
