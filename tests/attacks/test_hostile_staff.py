"""A browser that is signed in and hostile, or a broken one: odd bytes in every field of the desk.

Nothing here ends in an error page: what the database can't hold is cleaned or refused in words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from conftest import Cast
from tests.access.test_every_url import CLOSED, cast, path_of, sides, theirs, world
from tests.access.things import Side
from tests.addresses import Address
from tests.unrendered import unrendered
from upstander.cleaning.tests.streams import whole
from upstander.people.permissions import GRANTED
from upstander.people.roles import Role

__all__ = ["cast", "sides", "world"]

SOURCE = Path(__file__).resolve().parents[2] / "upstander"
#: Each in place of every field at once, without a page's text.
ODD = {
    "NUL": "a\0b",
    "a huge number": "9" * 400,
    "below zero": "-1",
    "no number": "NaN",
    "markup and controls": "<script>alert(1)</script>{{ 7|add:7 }}{% now %}"
    + "".join(map(chr, range(1, 32)))
    + "\x7f\x85",
    # As long as all fields together may be: longer is refused before anything reads it.
    "very long": "x" * 6_000,
}
#: … and these in an address's query too.
IN_ADDRESSES = ("NUL", "no number")
#: All of them at once, a field another: what comes back is rendered, and meets each of them.
MIXED = "one after the other"


def field_names() -> dict[str, set[str]]:
    """Return every name that a form or a view of the desk reads, by app, found in the source."""
    names: dict[str, set[str]] = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        app, *rest = path.relative_to(SOURCE).parts
        if {"tests", "migrations"} & set(rest):
            continue
        text = path.read_text(encoding="utf-8")
        names[app] |= set(re.findall(r"(?:POST|GET)\.get(?:list)?\(\s*\"(\w+)\"", text))
        names[app] |= set(re.findall(r"(?:POST|GET)\[\"(\w+)\"\]", text))
        names[app] |= set(re.findall(r"^    (\w+)(?:: [^=]+)? = forms\.", text, re.MULTILINE))
    for path in SOURCE.rglob("*.html"):
        names[path.relative_to(SOURCE).parts[0]] |= set(
            re.findall(r"\bname=\"(\w+)\"", path.read_text(encoding="utf-8"))
        )
    return names


def whose(cast: Cast, address: Address, side: Side) -> str:
    """Return somebody who may open an address."""
    permission = address.view.permission  # type: ignore[attr-defined]
    for name in dict.fromkeys(("alice", "tara", "dee", "ada", "sam", "otto", *cast.people)):
        roles = map(Role, cast.people[name].memberships.values_list("role", flat=True))
        if any(permission in GRANTED[role] for role in roles) and (
            not address.converters or theirs(name, address, side)
        ):
            return name
    pytest.fail(f"nobody may open {address.name}")


def sendings(fields: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Give what is sent to an address: what it is, by which method, and each field's value."""
    for what, value in ODD.items():
        yield what, "post", dict.fromkeys(fields, value)
        if what in IN_ADDRESSES:
            yield what, "get", dict.fromkeys(fields, value)
    yield MIXED, "post", dict(zip(fields, cycle(ODD.values()), strict=False))
    few = [ODD[what] for what in IN_ADDRESSES]
    yield MIXED, "get", dict(zip(fields, cycle(few), strict=False))


@pytest.mark.slow
@pytest.mark.timeout(900)  # more than a minute where nothing else runs
def test_odd_values_in_every_field_break_no_page(cast: Cast, sides: dict[str, Side]) -> None:
    side, by_app = sides["maple"], field_names()
    assert len(set().union(*by_app.values())) > 150
    clients: dict[str, Client] = {}
    broken: list[tuple[Any, ...]] = []
    refused: set[tuple[str, str]] = set()
    for address in CLOSED:
        name = whose(cast, address, side)
        client = clients.setdefault(name, cast.client(name))
        client.raise_request_exception = False
        path = path_of(address, side.values)
        # Of its own app, and of those whose forms others show.
        app = address.view.__module__.split(".")[1]
        names = set().union(*(by_app[one] for one in {app, "desk", "triage", "ui"}))
        # A poster is set as a PDF each time, and only its address says anything.
        for what, method, form in list(sendings(sorted(names)))[
            : 2 if address.name == "poster" else None
        ]:
            if (address.name, method) in refused:
                continue
            before = connection.savepoint() or ""
            with nullcontext() if what == MIXED else unrendered():
                answer = getattr(client, method)(path, form)
            status = answer.status_code
            whole(answer)  # or a file would stay open
            connection.savepoint_rollback(before)
            if status == 405:
                refused.add((address.name, method))
            # 400 and 413 would mean that no form ever saw it.
            if status >= 500 or status in (400, 413):
                broken.append((address.name, method, what, status))
    assert broken == []
