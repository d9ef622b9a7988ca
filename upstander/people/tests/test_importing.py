"""Reading what is far too long for one page: the memory it takes doesn't grow with its rows."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from upstander.base.refused import Refused
from upstander.people.importing.preview import Judged, Preview, Status
from upstander.standards.csv_tables import MAX_LINE, MOST_MISTAKES, Mistakes, Table, read_stream

#: Run apart, so that the highest mark of memory is this reading's alone (ru_maxrss is in kB).
_MILLION = """
import io, resource, tempfile
from upstander.people.importing.preview import Judged, Preview
from upstander.standards.csv_tables import read_stream

def read(file, rows):
    table = read_stream(file, columns=("id", "name", "grade"), needed=("id",),
                        most_bytes=10**9, most_rows=10**7)
    states = ("new", "same", "changed", "wrong")
    return Preview.of((Judged(one.number, one.cells["name"], states[one.number % 4])
                       for one in table.lines), show=100, standing=rows)

def written(rows):
    file = tempfile.TemporaryFile()
    file.write(b"id,name,grade\\n")
    for start in range(0, rows, 1000):
        file.write(b"".join(b"%d,Student %d,08\\n" % (n, n) for n in range(start, start + 1000)))
    file.seek(0)
    return file

short, long = written(1_000), written(1_000_000)
read(short, 1_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
shown = read(long, 1_000_000)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(shown.counts.total(), len(shown.rows), shown.gone, grown)
"""


@pytest.mark.slow
def test_a_million_rows_take_no_more_memory_than_a_thousand() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _MILLION], capture_output=True, text=True, check=True
    )
    total, shown, gone, grown = (int(word) for word in run.stdout.split())
    assert (total, shown, gone) == (1_000_000, 100, 500_000)
    assert grown < 8_000, f"{grown} kB more"


def table(raw: bytes, *, most_bytes: int = 10**7, most_rows: int = 10**5) -> Table:
    return read_stream(
        io.BytesIO(raw), columns=("id",), needed=("id",), most_bytes=most_bytes, most_rows=most_rows
    )


def test_what_breaks_off_late_is_refused_late() -> None:
    lines = table(b"id\n" + b"1\n" * 50_000 + b'"2\n').lines
    assert next(lines).cells == {"id": "1"}
    with pytest.raises(Refused, match="quotation mark"):
        list(lines)


@pytest.mark.parametrize(
    "raw",
    [
        b"id\n" + b"1" * (MAX_LINE + 1),
        b"id\n" + b"1\n" * 200_000,
        b"id\n" + b"1\n" * 90_000 + b"\0",
        b"id\n" + b"1" * (10**7),
        b"other\n1\n",
    ],
)
def test_nothing_is_read_without_bound(raw: bytes) -> None:
    with pytest.raises(Refused):
        list(table(raw).lines)


def test_a_letter_across_two_pieces_is_one_letter() -> None:
    raw = b"id\n" + b"a" * (65_536 - 4) + "ö\n".encode()
    (line,) = table(raw).lines
    assert line.cells["id"].endswith("aö")


def test_only_the_first_mistakes_are_kept_and_all_are_counted() -> None:
    mistakes = Mistakes()
    for number in range(1_000):
        mistakes.add("users.csv", number, "grades", "no such grade")
    assert (len(mistakes.first), mistakes.count) == (MOST_MISTAKES, 1_000)
    assert mistakes.first[-1].line == MOST_MISTAKES - 1


def test_what_stood_and_is_not_in_the_file_is_gone() -> None:
    states: list[Status] = ["same", "changed", "new", "wrong"]
    rows = [Judged(at, "", status) for at, status in enumerate(states)]
    assert Preview.of(rows, show=2, standing=10).gone == 8
    assert Preview.of(rows, show=2).gone == 0
