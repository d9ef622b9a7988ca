"""Tables out and back: nothing is lost, the descriptor is kept, and what is wrong is told."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from upstander.base.refused import Refused
from upstander.standards.hsds.reading import read_json
from upstander.standards.hsds.shapes import ENTITIES, KINDS, Body, Kind, Problem, Record, split
from upstander.standards.hsds.tabular import read_tabular
from upstander.standards.hsds.tests.published import DESCRIPTOR, raw_example, wrong_in_tables
from upstander.standards.hsds.writing import write_tabular

type Pairs = list[tuple[Kind, Body]]


def number(n: int) -> str:
    return str(UUID(int=n))


def packed(records: Pairs) -> bytes:
    stream = io.BytesIO()
    write_tabular(records, stream)
    return stream.getvalue()


def read(*uploads: tuple[str, bytes]) -> list[Record | Problem]:
    return list(read_tabular(uploads))


def tables(records: Pairs) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(packed(records))) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode(), newline=""))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }


TERM: Pairs = [
    ("taxonomy", {"id": number(1), "name": "Needs", "description": "d", "version": "1"}),
    (
        "taxonomy_term",
        {
            "id": number(2),
            "name": "Food",
            "description": "d",
            "taxonomy_id": number(1),
            "code": "BD",
        },
    ),
]
HOUSE: Pairs = [
    *TERM,
    (
        "organization",
        {
            "id": number(3),
            "name": "Fern House",
            "description": "d",
            "programs": [
                {"id": number(4), "name": "p", "description": "d"},
                {"id": number(40), "name": "q", "description": "d"},
            ],
            "attributes": [{"id": number(5), "taxonomy_term_id": number(2)}],
        },
    ),
    (
        "location",
        {
            "id": number(6),
            "location_type": "physical",
            "organization_id": number(3),
            "latitude": 41.5,
            "longitude": -72,
        },
    ),
    (
        "service",
        {
            "id": number(7),
            "name": "Pantry",
            "status": "active",
            "organization_id": number(3),
            "program_id": number(4),
            "phones": [
                {"id": number(8), "number": "911", "languages": [{"id": number(9), "code": "es"}]}
            ],
            "schedules": [
                {"id": number(10), "opens_at": "09:00", "closes_at": "24:00"},
                {"id": number(11), "opens_at": "9:00", "closes_at": "12:30-05:00"},
            ],
            "capacities": [
                {
                    "id": number(12),
                    "available": 3,
                    "updated": "2026-03-01T09:00:00Z",
                    "unit": {"id": number(13), "name": "bed"},
                }
            ],
        },
    ),
    ("service_at_location", {"id": number(14), "service_id": number(7), "location_id": number(6)}),
]  # each names only earlier ones


@pytest.mark.slow
@pytest.mark.parametrize("name", ["service_full", "organization_full", "service_at_location_full"])
def test_the_official_examples_come_back_as_they_were(name: str, tmp_path: Path) -> None:
    bodies: dict[tuple[Kind, str], Body] = {}
    for one in read_json(io.BytesIO(raw_example(name))):
        assert isinstance(one, Record)
        earlier = bodies.get((one.kind, one.id), {})
        bodies[one.kind, one.id] = {**earlier, **one.body}
    records: Pairs = sorted(
        ((kind, body) for (kind, _), body in bodies.items()), key=lambda p: KINDS.index(p[0])
    )
    archive = packed(records)
    back = read(("hsds.zip", archive))
    assert {(one.kind, one.id): one.body for one in back if isinstance(one, Record)} == {
        (kind, body["id"]): body for kind, body in records if kind != "program"
    }
    assert all(isinstance(one, Record) and one.sound for one in back)
    assert wrong_in_tables(archive, tmp_path, DESCRIPTOR) == []


@pytest.mark.slow
def test_a_house_with_all_that_is_awkward_keeps_to_the_descriptor(tmp_path: Path) -> None:
    archive = packed(HOUSE)
    assert wrong_in_tables(archive, tmp_path) == []
    back = [(one.kind, one.body) for one in read(("x.zip", archive)) if isinstance(one, Record)]
    assert dict(back) == dict(HOUSE)
    rows = tables(HOUSE)
    assert [row["closes_at"] for row in rows["schedules"]] == ["23:59:00", "12:30:00-05:00"]
    assert (rows["attributes"][0]["link_entity"], rows["attributes"][0]["link_id"]) == (
        "organization",
        number(3),
    )


# Whatever a record says, all of it comes back, and the tables keep to the descriptor.

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    st.sampled_from(
        ["a,b", 'say "no"', "two\nlines", " blank ", "=1+1", "5", "null", "\r", "\ufeff"]
    ),
)
junk = st.one_of(
    texts,
    st.integers(-9, 9),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.none(),
    st.lists(texts, max_size=2),
    st.dictionaries(texts, texts, max_size=2),
)


@st.composite
def objects(draw: st.DrawFn, entity: str, depth: int = 0) -> Body:
    """Draw an object of a table: its own fields, right and wrong, and parts."""
    shape = ENTITIES[entity]
    found: Body = {"id": number(draw(st.integers(100, 10**30)))}
    fitting = {
        "uuid": number(2),
        "uri": "https://example.org",
        "email": "a@example.org",
        "date": "2026-03-01",
        "time": "09:00",
        "date-time": "2026-03-01T09:00:00Z",
    }
    for name, schema in shape.properties.items():
        if name == "id" or schema["type"] in ("array", "object"):
            continue
        if name in shape.required or draw(st.integers(0, 3)) == 0:
            right = (
                schema["enum"][0]
                if "enum" in schema
                else fitting[schema["format"]]
                if "format" in schema
                else 7
                if schema["type"] == "number"
                else draw(texts)
            )
            found[name] = draw(junk) if draw(st.integers(0, 5)) == 0 else right
    for key, (name, many) in shape.children.items():
        if (
            many
            and (name == "program" or name not in KINDS)
            and depth < 3
            and draw(st.integers(0, 2)) == 0
        ):
            found[key] = draw(st.lists(objects(name, depth + 1), max_size=2))
    if entity == "service_capacity":
        found["unit"] = draw(objects("unit", 3))
    if draw(st.integers(0, 3)) == 0:
        found[draw(texts)] = draw(junk)
    return found


def unordered(value: Any) -> Any:
    """Return a body without the order of its parts; one that stands twice is one."""
    if isinstance(value, dict):
        return {key: unordered(one) for key, one in value.items()}
    if isinstance(value, list):
        parts = [unordered(one) for one in value]
        single = [p for n, p in enumerate(parts) if not isinstance(p, dict) or p not in parts[:n]]
        return sorted(single, key=repr)
    return value


@st.composite
def directories(draw: st.DrawFn) -> Pairs:
    found = list(TERM)
    for kind in ("organization", "location", "service", "service_at_location"):
        for _ in range(draw(st.integers(0, 2))):
            body = draw(objects(kind))
            for key in ("organization_id", "program_id", "service_id", "location_id"):
                known = [one["id"] for of, one in found if f"{of}_id" == key]
                if key in ENTITIES[kind].properties:
                    body[key] = draw(st.sampled_from(known)) if known else number(99)
            if all(body["id"] != one["id"] for _, one in found):
                found.append((kind, split(kind, body)[-1][1]))
    return found


@pytest.mark.slow
@settings(max_examples=50, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(directories())
def test_whatever_is_said_comes_back(records: Pairs) -> None:
    back = read(("x.zip", packed(records)))
    found = {(one.kind, one.id): one.body for one in back if isinstance(one, Record)}
    for kind, body in records:
        assert unordered(found[kind, body["id"]]) == unordered(body)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(records=directories())
def test_whatever_is_said_keeps_to_the_descriptor(
    records: Pairs, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert wrong_in_tables(packed(records), tmp_path_factory.mktemp("tables")) == []


def test_records_in_another_order_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="taxonomy after service"):
        packed([HOUSE[-2], TERM[0]])


def test_a_folder_as_a_spreadsheet_leaves_it() -> None:
    found = read(
        ("Export/Organizations.csv", "\ufeffID;Name;Description\r\nA1;Café Fern;d\r\n".encode()),
        (
            "services.csv",
            b"id,name,status,organization_id,Minimum Age,x_beds\nB1,Pantry,active,A1,12,three\n",
        ),
        ("phones.csv", b"id,service_id,organization_id,number\nC1,b1,a1,911\n"),
        ("readme.txt", b"hello"),
    )
    bodies = {one.kind: one.body for one in found if isinstance(one, Record)}
    assert bodies["organization"]["name"] == "Café Fern"
    assert bodies["service"]["minimum_age"] == 12
    assert bodies["service"]["x_beds"] == "three"
    # The same line is the service's and the organization's.
    assert bodies["service"]["phones"] == [{"id": "c1", "organization_id": "a1", "number": "911"}]
    assert bodies["organization"]["phones"] == [{"id": "c1", "service_id": "b1", "number": "911"}]


def test_a_problem_says_which_file_line_and_field() -> None:
    found = read(
        ("organizations.csv", f"id,name,description\n{number(1)},n,d\n".encode()),
        ("services.csv", f"id,name,status,minimum_age\n\n{number(2)},n,shut,ten\n".encode()),
        (
            "phones.csv",
            f"id,service_id,number\n{number(3)},{number(2)},\n"
            f"{number(4)},{number(5)},1\n{number(6)},,2\n".encode(),
        ),
    )
    problems = [p for one in found for p in (one.problems if isinstance(one, Record) else (one,))]
    assert [(one.where, one.field, one.words) for one in problems] == [
        ("phones.csv, line 2", "number", "Missing."),
        (
            "services.csv, line 3",
            "status",
            "Must be one of: active, inactive, defunct, temporarily closed.",
        ),
        ("services.csv, line 3", "minimum_age", "Must be a number."),
        ("phones.csv, line 3", "", "Belongs to nothing that stands in these files."),
        ("phones.csv, line 4", "", "Belongs to nothing that stands in these files."),
    ]


def test_ten_thousand_doubles_are_told() -> None:
    rows = "".join(f"{number(1)},n,d\n" for _ in range(10_000)) + f"{number(1)},other,d\n"
    found = read(("organizations.csv", f"id,name,description\n{rows}".encode()))
    assert [len(one.problems) for one in found if isinstance(one, Record)] == [0, 1]


def test_circles_are_found_in_tables_too() -> None:
    rows = f"{number(1)},n,d,{number(2)}\n{number(2)},n,d,{number(1)}\n"
    found = read(("taxonomy_terms.csv", f"id,name,description,parent_id\n{rows}".encode()))
    assert [one.words for one in found if isinstance(one, Problem)] == [
        "Is above itself: a circle."
    ]


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([], "None of the files"),
        ([("notes.csv", b"id\n1\n")], "None of the files"),
        ([("services.csv", b"name\nx\n")], "services.csv: .*Missing: id"),
        ([("services.csv", b'id,name\n1,"x\n')], "services.csv: .*quotation mark"),
        ([("services.csv", b"\0\1\2")], "services.csv: "),
        ([("x.zip", packed(HOUSE)[:-30] + b"\0" * 30)], "None of the files|damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(uploads: list[tuple[str, bytes]], words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(*uploads)


def test_a_small_archive_that_unpacks_to_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", "id,name\n" + "1," + "x" * 5_000_000 + "\n")
    with pytest.raises(Refused, match="too large"):
        list(read_tabular([("x.zip", stream.getvalue())], most_bytes=1_000_000))


@pytest.mark.slow
def test_twenty_thousand_rows_take_no_longer_each_than_a_few() -> None:
    """Each row finds its owner by an index: without one this takes minutes."""
    services = "".join(f"{number(n)},n,active\n" for n in range(10_000))
    phones = "".join(f"{number(10**6 + n)},{number(n)},911\n" for n in range(10_000))
    begun = time.process_time()
    found = read(
        ("phones.csv", f"id,service_id,number\n{phones}".encode()),
        ("services.csv", f"id,name,status\n{services}".encode()),
    )
    assert time.process_time() - begun < 120
    assert [one.sound for one in found if isinstance(one, Record)] == [True] * 10_000
    assert not [one for one in found if isinstance(one, Problem)]
