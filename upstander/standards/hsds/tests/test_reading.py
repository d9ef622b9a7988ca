"""Feeds as they come: the official examples, every form of a file, and what means harm."""

from __future__ import annotations

import copy
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.base.refused import Refused
from upstander.standards.hsds import reading
from upstander.standards.hsds.reading import read_json
from upstander.standards.hsds.shapes import Problem, Record, checked, kind_of, split, unknown_keys
from upstander.standards.hsds.tests.published import (
    EXAMPLES,
    KIND_OF,
    example,
    raw_example,
    validator,
)


def number(n: int) -> str:
    return str(UUID(int=n))


def service(n: int, **more: Any) -> dict[str, Any]:
    organization = {"id": number(10**6), "name": "Fern House", "description": "Food"}
    own = {"id": number(n), "name": f"Pantry {n}", "status": "active"}
    return {**own, "organization": organization, **more}


def read(given: Any, **more: Any) -> list[Record | Problem]:
    raw = given if isinstance(given, bytes) else json.dumps(given).encode()
    return list(read_json(io.BytesIO(raw), **more))


def said(found: list[Record | Problem]) -> list[tuple[str, str]]:
    """Return (field, words) of all that is wrong."""
    problems = [p for one in found for p in (one.problems if isinstance(one, Record) else (one,))]
    return [(one.field, one.words) for one in problems]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_official_examples_are_read_whole(name: str) -> None:
    found = read(raw_example(name))
    records = [one for one in found if isinstance(one, Record)]
    assert records == found
    assert all(one.sound and not unknown_keys(one.kind, one.body) for one in records)
    assert records[-1].kind == KIND_OF[name]
    # Nothing of what the entry says is lost: each text of it stands in one of the records.
    texts = json.dumps([one.body for one in records])
    for text in _texts(example(name)):
        assert json.dumps(text)[1:-1].removesuffix(":00") in texts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


FULL = ("service_full", "organization_full", "service_at_location_full")


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        way
        for key, one in inner
        for way in (
            (*path, key),
            *(paths(one, (*path, key)) if isinstance(one, dict | list) else ()),
        )
    ]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(FULL))
def test_the_verdict_is_that_of_the_official_schema(data: st.DataObject, name: str) -> None:
    changed = copy.deepcopy(example(name))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(changed)))
        holder = changed
        for step in path[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = data.draw(
                st.sampled_from([None, 7, 1.5, True, "words", "", [], {}, ["a"], {"id": 3}])
            )
    kind = kind_of(example(name))
    official = validator(kind).is_valid(changed)
    ours = checked(kind, changed)
    # Ours also looks at formats and markup; besides that the two agree.
    types = [
        one
        for one in ours
        if not one.words.startswith(
            ("Must be an i", "Must be a d", "Must be a w", "Must be an em", "Must be a ti")
        )
    ]
    assert (not types) == official


@pytest.mark.parametrize(
    "form",
    [
        json.dumps,
        lambda entries: json.dumps({"total_items": 3, "contents": entries, "empty": False}),
        lambda entries: json.dumps({"contents": entries}, indent=2),
        lambda entries: "\n".join(json.dumps(one) for one in entries) + "\n\n",
        lambda entries: "".join(json.dumps(one, indent=1) for one in entries),
        lambda entries: "\ufeff\r\n " + json.dumps(entries, ensure_ascii=False),
        lambda entries: "\n".join(json.dumps({"contents": [one]}) for one in entries),
    ],
    ids=["list", "page", "page in lines", "lines", "one after the other", "marked", "pages"],
)
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_every_form_of_a_file_says_the_same(form: Any, size: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "_CHUNK", size)
    entries = [service(n, description="Señor “Ñandú” 🍎") for n in (1, 2, 3)]
    found = read(form(entries).encode())
    assert [(one.kind, one.id) for one in found if isinstance(one, Record)] == [
        ("organization", number(10**6)),
        *(("service", number(n)) for n in (1, 2, 3)),
    ]
    assert not said(found)


def test_a_problem_says_where_and_which_field() -> None:
    bad = service(2, status="open", phones=[{"number": 5}, "x"], email="nobody", minimum_age="ten")
    found = read(("\n" + json.dumps(service(1)) + "\n" + json.dumps(bad)).encode())
    (record,) = [one for one in found if isinstance(one, Record) and one.problems]
    assert {one.where for one in record.problems} == {"entry 2, line 3"}
    assert [(one.field, one.words) for one in record.problems] == [
        ("email", "Must be an email address."),
        ("status", "Must be one of: active, inactive, defunct, temporarily closed."),
        ("minimum_age", "Must be a number."),
        ("phones[0].id", "Missing."),
        ("phones[0].number", "Must be text."),
        ("phones[1]", "Must be an object."),
    ]


def test_what_the_standard_does_not_know_is_kept() -> None:
    more = {"x_beds": {"free": [1, None, ""]}, "x_empty": "", "phones": [{"id": "1", "x": []}]}
    (_, record) = read(service(1, **more))
    assert isinstance(record, Record)
    assert record.body["x_beds"] == {"free": [1, None, ""]}
    assert record.body["phones"][0]["x"] == []
    assert set(unknown_keys("service", record.body)) == {"x_beds", "x_empty"}


def test_what_only_repeats_where_it_stands_is_left_out() -> None:
    ((kind, body),) = split(
        "service",
        {
            "id": number(1).upper().replace("0", "A"),
            "organization_id": None,
            "url": "",
            "phones": [{"id": number(2), "service_id": number(1).replace("0", "a"), "number": "1"}],
            "schedules": [{"id": number(3), "opens_at": "09:00:00", "closes_at": "17:30:30"}],
            "attributes": [
                {"id": number(4), "link_id": number(1).replace("0", "a"), "link_entity": "service"}
            ],
        },
    )
    assert kind == "service"
    assert body == {
        "id": number(1).replace("0", "a"),
        "phones": [{"id": number(2), "number": "1"}],
        "schedules": [{"id": number(3), "opens_at": "09:00", "closes_at": "17:30:30"}],
        "attributes": [{"id": number(4)}],
    }


def test_records_name_each_other() -> None:
    full = {
        "id": number(1),
        "name": "n",
        "description": "d",
        "locations": [{"id": number(2), "location_type": "physical"}],
        "services": [
            service(
                3,
                organization=None,
                program={"id": number(4), "name": "p", "description": ""},
                service_at_locations=[{"id": number(5), "location": {"id": number(2)}}],
                attributes=[
                    {
                        "id": number(6),
                        "taxonomy_term": {"id": number(7), "taxonomy_detail": {"id": number(8)}},
                    }
                ],
            )
        ],
    }
    found = dict(split("organization", full))
    assert found["service"]["organization_id"] == number(1)
    assert found["service"]["program_id"] == number(4)
    assert found["service_at_location"] == {
        "id": number(5),
        "service_id": number(3),
        "location_id": number(2),
    }
    assert found["service"]["attributes"] == [{"id": number(6), "taxonomy_term_id": number(7)}]
    assert found["taxonomy_term"] == {"id": number(7), "taxonomy_id": number(8)}


def test_a_program_that_its_organization_lists_is_no_record_of_its_own() -> None:
    program = {"id": number(4), "name": "p", "description": "d"}
    organization = {"id": number(9), "name": "n", "description": "d", "programs": [program]}
    found = read(service(1, organization=organization, program=program))
    assert [one.kind for one in found if isinstance(one, Record)] == ["organization", "service"]
    bare = {**organization, "programs": []}
    found = read(service(1, organization=bare, program=program))
    (other,) = [one for one in found if isinstance(one, Record) and one.kind == "program"]
    assert other.body["organization_id"] == number(9)


@pytest.mark.slow
def test_doubles_come_once_and_those_that_differ_are_told() -> None:
    entries = [service(1) for _ in range(10_000)]
    assert len(read(entries)) == 2
    entries += [
        service(1, name="Another name"),
        service(1, phones=[{"id": number(2), "number": "1"}]),
    ]
    first, second, other, more = read(entries)
    assert isinstance(other, Record)
    assert isinstance(more, Record)
    assert [one.words for one in other.problems] == [
        "This stands in the file twice and says different things. The first one holds."
    ]
    assert more.sound
    assert more.body["phones"]
    assert said([first, second]) == []


def test_a_circle_of_parents_is_found() -> None:
    terms = [
        {"id": number(n), "name": "n", "description": "d", "parent_id": number(n % 3 + 1)}
        for n in (1, 2, 3)
    ]
    sound = {"id": number(9), "name": "n", "description": "d", "parent_id": number(1)}
    itself = {"id": number(8), "name": "n", "description": "d", "parent_organization_id": number(8)}
    found = read([*terms, sound, itself])
    assert said(found) == [
        ("parent_id", "Is above itself: a circle."),
        ("parent_organization_id", "Is above itself: a circle."),
    ]


def test_a_name_with_markup_is_no_name() -> None:
    found = read(service(1, name="<script>alert(1)</script>", description="<p>Food</p>"))
    assert said(found) == [("name", "Has markup in it. Write it as plain text.")]


def test_what_no_database_keeps_is_taken_out() -> None:
    raw = json.dumps(service(1)).replace("Pantry 1", r"Pan\u0000try \ud800 \ud83c\udf4e")
    raw = raw.replace('"status"', r'"x\u0000": 1e999, "status"')
    (_, record) = read(raw.encode())
    assert isinstance(record, Record)
    assert record.body["name"] == "Pantry \ufffd 🍎"
    assert record.body["x"] == "inf"
    json.dumps(record.body, allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b'{"id": "\xff"}', "UTF-8"),
        (b'[{"id": "\xc3', "UTF-8"),
        ("[]".encode("utf-16"), "UTF-8"),
        (b"[{}", "line 1"),
        (b'[{"id": 1},]', "line 1"),
        (b'\n\n{"id" 1}', "line 3"),
        (b'{"id": NaN}', "line 1"),
        (b'{"id": ' + b"9" * 5000 + b"}", "line 1"),
        (b"[" * 100_000, "line 1"),
        (b'{"a":' * 100_000, "line 1"),
        (b'[{"x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}]", "line 1"),
        (b"id,name\n1,2\n", "line 1"),
        (b"<html></html>", "line 1"),
    ],
)
def test_what_is_no_json_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(raw)


def test_entries_that_are_none_are_told() -> None:
    assert [words for _, words in said(read(b'[1, "x", null, {"name": "n"}]'))] == [
        "Must be an object.",
        "Must be an object.",
        "Must be an object.",
        "Missing: nothing can be kept by it.",
    ]


class Endless(io.RawIOBase):
    """A file of so many bytes that nobody has."""

    def __init__(self, begin: bytes, again: bytes, most: int) -> None:
        self._parts, self._again, self._left = [begin], again, most

    def read(self, size: int = -1) -> bytes:
        if self._parts:
            return self._parts.pop()
        if self._left <= 0:
            return b""
        piece = self._again * max(1, size // len(self._again))
        self._left -= len(piece)
        return piece


def test_fifty_megabytes_without_an_end_are_refused_early() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Refused, match="too large"):
            list(read_json(Endless(b'[{"id": "', b"x" * 65_536, 50_000_000)))  # type: ignore[arg-type]
        with pytest.raises(Refused, match="larger than 30 MB"):
            list(read_json(Endless(b"[", b" " * 65_536, 50_000_000), most_bytes=30_000_000))  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 200_000_000
    finally:
        tracemalloc.stop()


def test_too_many_records_are_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "MOST_RECORDS", 10)
    with pytest.raises(Refused, match="More than 10 records"):
        read([service(n) for n in range(1, 30)])


@pytest.mark.slow
def test_memory_does_not_grow_with_what_entries_say() -> None:
    """10,000 services of 2 kB each: 20 MB of text, of which a tenth is kept to know them again."""

    class Feed(io.RawIOBase):
        def __init__(self) -> None:
            self._n = 0

        def read(self, size: int = -1) -> bytes:
            self._n += 1
            if self._n > 1000:
                return b""
            ten = range(self._n * 10, self._n * 10 + 10)
            return "\n".join(json.dumps(service(n, description="x" * 2000)) for n in ten).encode()

    tracemalloc.start()
    try:
        count = 0
        for _ in read_json(Feed()):  # type: ignore[arg-type]
            count += 1
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_001
    assert peak < 8_000_000
