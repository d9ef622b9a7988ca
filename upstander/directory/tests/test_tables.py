"""The directory's own tables, held against the standard's descriptor by Frictionless."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import upstander.command
from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.directory.actions.neighborhood import load_neighborhood
from upstander.directory.actions.towns import load_towns
from upstander.directory.exporting import exported
from upstander.directory.tests.feeds import feed, imported, service
from upstander.people.scope import viewing
from upstander.standards.hsds.tests.published import DESCRIPTOR, wrong_in_tables

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DEMO = Path(upstander.command.__file__).parent
TABLES = (DEMO / "demo_services.csv", DEMO / "demo_services_texts.csv")


def tables(cast: Cast) -> bytes:
    """Return the tables of the State's services, the demo's and a feed's."""
    load_services()
    load_towns(DEMO / "demo_towns.csv")
    load_neighborhood(*TABLES, state="us-ct", today=date(2026, 9, 16))
    ada = cast.viewer("ada")
    imported(ada, feed(service(1), service(2, minimum_age=3)))
    with viewing(ada), exported("tables") as file:
        return file.read()


def changed(archive: bytes, table: str, change: Callable[[list[list[str]]], None]) -> bytes:
    """Return an archive with one table's rows changed; the first has the columns' names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            if name == f"{table}.csv":
                rows = list(csv.reader(io.StringIO(raw.decode(), newline="")))
                change(rows)
                text = io.StringIO(newline="")
                csv.writer(text).writerows(rows)
                raw = text.getvalue().encode()
            new.writestr(name, raw)
    return stream.getvalue()


def test_what_goes_out_keeps_to_the_descriptor_and_what_is_broken_does_not(
    cast: Cast, tmp_path: Path
) -> None:
    archive = tables(cast)
    assert wrong_in_tables(archive, tmp_path / "own") == []
    assert wrong_in_tables(archive, tmp_path / "standard", DESCRIPTOR) == []

    def renamed(rows: list[list[str]]) -> None:
        rows[0][rows[0].index("status")] = "state"

    def no_number(rows: list[list[str]]) -> None:
        rows[1][rows[0].index("latitude")] = "north"

    def nobodys(rows: list[list[str]]) -> None:
        rows[1][rows[0].index("organization_id")] = "00000000-0000-0000-0000-000000000000"

    broken = {
        "label": ("services", renamed, "incorrect-label"),
        "number": ("locations", no_number, "type-error"),
        "owner": ("services", nobodys, "foreign-key"),
    }
    for name, (table, change, kind) in broken.items():
        wrong = wrong_in_tables(changed(archive, table, change), tmp_path / name, DESCRIPTOR)
        assert kind in {one for one, _ in wrong}, (name, wrong)
