"""Careless, damaged and hostile files: each is refused with words for whoever owns it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta, field

from upstander.rulefiles import (
    LARGEST,
    Key,
    RuleFileWrong,
    RuleType,
    Words,
    as_rules,
    digest_of,
    key_entries,
    once,
    parse_rules,
    parse_table,
    read_rules,
    read_table,
    translated,
)


class Clock(RuleType, frozen=True):
    """An interval."""

    amount: Annotated[int, Meta(ge=1, description="a number of hours")]
    unit: Literal["hours", "school_days", "working_days"] = "hours"


class Duty(RuleType, frozen=True, kw_only=True):
    """An entry with a key, and groups within."""

    key: str = ""
    label: Words
    first: Clock
    asks: tuple[Clock, ...] = ()
    checked_on: date | None = None
    known_from: tuple[Words, ...] = field(name="from", default=())


class Law(RuleType, frozen=True):
    """A file."""

    duties: Mapping[str, Duty]

    def __post_init__(self) -> None:
        key_entries(self.duties)
        once((duty.label for duty in self.duties.values()), "the label")


GOOD = """
[duties.abuse]
label = "Abuse"
[duties.abuse.first]
amount = 12

[duties.bullying]
label = "Bullying"
from = ["child"]
checked_on = 2026-11-25
[duties.bullying.first]
amount = 1
unit = "school_days"
[[duties.bullying.asks]]
amount = 2
"""


def refused(text: str | bytes, expected: type = Law, name: str = "law.toml") -> str:
    """Return with which words a file is refused."""
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(RuleFileWrong) as caught:
        parse_rules(content, name, expected)
    assert str(caught.value).startswith(name)
    return str(caught.value).removeprefix(name).lstrip(":, ")


def test_a_good_file_is_read_and_its_entries_know_their_keys() -> None:
    law = parse_rules(GOOD.encode(), "law.toml", Law)
    assert list(law.duties) == [duty.key for duty in law.duties.values()] == ["abuse", "bullying"]
    assert law.duties["bullying"].first == Clock(1, "school_days")


@pytest.mark.parametrize(
    ("from_text", "to_text", "says"),
    [
        (
            "amount = 12",
            'amount = "soon"',
            "duties, abuse, first: amount is 'soon'; amount must be a number of hours",
        ),
        (
            "amount = 12",
            "amount = true",
            "duties, abuse, first: amount is true; amount must be a number of hours",
        ),
        (
            "amount = 12",
            "amount = 0",
            "duties, abuse, first: amount is 0; amount must be a number of hours",
        ),
        ("amount = 12", "", "duties, abuse, first: amount is missing: a number of hours"),
        (
            "amount = 12",
            "amount = 12\nammount = 3",
            "duties, abuse, first: unknown entries: ammount. There can be: amount, unit",
        ),
        (
            "amount = 1\n",
            'amount = ""\n',
            "duties, bullying, first: amount is empty; amount must be a number of hours",
        ),
        (
            "school_days",
            "weeks",
            "duties, bullying, first: unit is 'weeks'; unit must be one of: hours, school_days, "
            "working_days",
        ),
        (
            "amount = 2",
            "amount = -2",
            "duties, bullying, asks number 1: amount is -2; amount must be a number of hours",
        ),
        (
            "2026-11-25",
            '"soon"',
            "duties, bullying: checked_on is 'soon'; checked_on must be a date like 2026-11-25",
        ),
        (
            '["child"]',
            '["child", 3]',
            "duties, bullying: from 2 is 3; from 2 must be a text without blanks around it",
        ),
        ('["child"]', '"child"', "duties, bullying: from is 'child'; from must be a list"),
        (
            '"Bullying"',
            '" Bullying"',
            "duties, bullying: label is ' Bullying'; label must be a text without blanks around it",
        ),
        ('"Bullying"', '"Abuse"', "the label 'Abuse' stands twice"),
        ('label = "Abuse"', 'label = "Abuse"\nkey = "x"', "key is 'x', but its place says 'abuse'"),
        (
            "[duties.bullying]",
            "[duties.abuse]",
            "Cannot declare ('duties', 'abuse') twice (at line 7,",
        ),
        ("amount = 12", "amount = ", "Invalid value (at line 5,"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(from_text: str, to_text: str, says: str) -> None:
    assert from_text in GOOD
    assert refused(GOOD.replace(from_text, to_text, 1)).startswith(says)


def test_a_long_value_is_not_shown_whole() -> None:
    said = refused(GOOD.replace("amount = 12", f'amount = "{"x" * 5000}"'))
    assert len(said) < 200


def test_what_editors_and_spreadsheets_add_means_nothing() -> None:
    plain = parse_rules(GOOD.encode(), "law.toml", Law)
    windows = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert parse_rules(windows, "law.toml", Law) == plain
    assert digest_of(windows) != digest_of(GOOD.encode()), "what was approved is the bytes"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = 1\nb = '\xff'", "line 2: this is no text in UTF-8"),
        ("x = 1".encode("utf-16"), "line 1: this is no text in UTF-8"),
        (b"#" * (LARGEST + 1), "is bigger than 1,000,000 bytes"),
        (b"x = " + b"[" * 100_000, "too many groups within groups"),
        (b"", "duties is missing: a group of entries"),
        (b"\0", "Invalid statement (at line 1,"),
    ],
)
def test_damage_is_refused(content: bytes, says: str) -> None:
    assert refused(content).startswith(says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"duties": {}, "duties": {}}', "'duties' stands twice"),
        ('{"duties": {"a": {"label": "A", "first": {"amount": NaN}}}}', "NaN is no number"),
        (
            '{"duties": {"a": {"label": "A", "first": {"amount": 1.5}}}}',
            "duties, a, first: amount is 1.5; amount must be a number of hours",
        ),
        ("[]", "Expected `object`, got `array`"),
        ("[" * 100_000, "too many groups within groups"),
        ('{"duties": ', "Expecting value: line 1 column 12 (char 11)"),
    ],
)
def test_json_that_passes_elsewhere_is_refused(text: str, says: str) -> None:
    assert refused(text, name="law.json") == says


def test_a_file_that_is_not_there_or_grew_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileWrong, match=r"none.toml: can't be read \(No such file"):
        read_rules(tmp_path / "none.toml", Law)
    with pytest.raises(RuleFileWrong, match="can't be read"):
        read_table(tmp_path, Line)
    (tmp_path / "big.csv").write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(RuleFileWrong, match="bigger than"):
        read_table(tmp_path / "big.csv", Line)


class Line(RuleType, frozen=True, kw_only=True):
    """A line of a table with every kind of cell."""

    key: Key
    number: int
    call_911: bool = field(name="call 911")
    tiles: tuple[str, ...]
    when: frozenset[str]
    answer: frozenset[str] = frozenset()
    kind: Literal["line", "area", "choice"]
    texts: Annotated[Mapping[str, Words], translated("key")]


HEADER = "key,number,call 911,tiles,when,answer,kind,en\n"
FIRST = "a,1,yes,x y,now or soon,,line,One\n"


def test_a_cell_becomes_what_its_type_asks_for() -> None:
    (line,) = parse_table((HEADER + FIRST).encode(), "lines.csv", Line)
    assert line == Line(
        key="a",
        number=1,
        call_911=True,
        tiles=("x", "y"),
        when=frozenset({"now", "soon"}),
        answer=frozenset(),
        kind="line",
        texts={"en": "One"},
    )


def test_marks_line_ends_and_the_order_of_columns_mean_nothing() -> None:
    content = b"\xef\xbb\xbf" + (HEADER + FIRST).replace("\n", "\r\n").encode()
    turned = "en,kind,answer,when,tiles,call 911,number,key\nOne,line,,now or soon,x y,yes,1,a"
    plain = parse_table((HEADER + FIRST).encode(), "lines.csv", Line)
    assert parse_table(content, "lines.csv", Line).rows == plain.rows
    assert parse_table(turned.encode(), "lines.csv", Line).rows == plain.rows


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b,1,maybe,,any,,line,O", "line 3: call 911 is 'maybe'; call 911 must be yes or no"),
        ("b,1,Yes,,any,,line,O", "line 3: call 911 is 'Yes'; call 911 must be yes or no"),
        ("b,one,yes,,any,,line,O", "line 3: number is 'one'; number must be a whole number"),
        ("b,١,yes,,any,,line,O", "line 3: number is '١'; number must be a whole number"),
        (
            "b,1,yes,,now soon,,line,O",
            "line 3: 'when' is 'now soon'; write it as 'this or that', or 'any'",
        ),
        (
            "b,1,yes,,now or now,,line,O",
            "line 3: 'when' is 'now or now'; write it as 'this or that', or 'any'",
        ),
        ("b,1,yes,,,,line,O", "line 3: 'when' is ''; write it as 'this or that', or 'any'"),
        (
            "b,1,yes,,any,,lines,O",
            "line 3: kind is 'lines'; kind must be one of: area, choice, line",
        ),
        (
            "b,1,yes,,any,,line,",
            "line 3: texts: en is empty; en must be a text without blanks around it",
        ),
        ("b,1,yes,,any,,line, O", "line 3: a blank at the edge of 'en'"),
        ("b,1,yes,,any,,line,O,more", "line 3: 9 cells, expected 8"),
        ("b", "line 3: 1 cells, expected 8"),
        ('b,1,yes,,any,,line,"O', "line 3: no table can be read: unexpected end of data"),
        (
            "B 2,1,yes,,any,,line,O",
            "line 3: key is 'B 2'; key must be a key: small letters, digits, _ and -",
        ),
    ],
)
def test_a_careless_line_is_refused_with_its_number(line: str, says: str) -> None:
    with pytest.raises(RuleFileWrong) as caught:
        parse_table((HEADER + FIRST + line + "\n").encode(), "lines.csv", Line)
    assert str(caught.value) == f"lines.csv, {says}"


@pytest.mark.parametrize(
    "header",
    ["", "key", HEADER.replace(",en", ",fr"), HEADER.replace(",en", ",en,en"), "key," + HEADER],
)
def test_the_header_names_each_column_once(header: str) -> None:
    with pytest.raises(RuleFileWrong, match=r"lines.csv: the columns are .*; expected key, number"):
        parse_table((header.strip() + "\n" + FIRST).encode(), "lines.csv", Line)


def test_a_key_that_stands_twice_is_refused_where_it_stands_again() -> None:
    two = 'b,1,yes,,any,,line,"One\nmore"\n'
    table = parse_table((HEADER + FIRST + two + FIRST).encode(), "lines.csv", Line)
    with pytest.raises(RuleFileWrong, match=r"\Alines.csv, line 5: 'a' stands twice\Z"):
        table.by_key()
    assert str(table.wrong(None, "x")) == "lines.csv: x"


#: A busy machine is no fault of the reader.
unhurried = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text() | st.sampled_from(["key", "label", "first", "amount", "asks", "from"]), inner
        )
    ),
    max_leaves=12,
)


@unhurried
@given(st.dictionaries(st.just("duties"), st.dictionaries(st.text(), values)))
def test_whatever_stands_in_it_nothing_but_the_one_error_comes(data: dict[str, Any]) -> None:
    with suppress(RuleFileWrong):
        as_rules(data, "law.toml", Law)


@unhurried
@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda it: (HEADER + it).encode()))
def test_whatever_bytes_come_nothing_but_the_one_error_comes(content: bytes) -> None:
    for name in ("x.toml", "x.json"):
        with suppress(RuleFileWrong):
            parse_rules(content, name, Law)
    with suppress(RuleFileWrong):
        parse_table(content, "x.csv", Line)
