"""A slice of `make bench PARTS=fuzz`: all send what the pages ask for, and not quite that."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.test import Client

from conftest import Cast
from tests.access.test_every_url import own_pages
from tests.access.things import make_sides
from tests.fuzzing import Answer, Fields, Visitor, summary

pytestmark = pytest.mark.slow

#: Requests of each.
_EACH = 90


def through(client: Client, name: str) -> Visitor:
    """Return a visitor who asks by a test's browser."""
    client.raise_request_exception = False

    def ask(method: str, path: str, fields: Fields | None) -> Answer:
        data: dict[str, list[str]] = {}
        for key, value in fields or ():
            data.setdefault(key, []).append(value)
        answer = client.post(path, data) if method == "POST" else client.get(path)
        text = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        return Answer(answer.status_code, answer.headers.get("location", ""), text)

    return Visitor(name, ask, random.Random(name))


def test_no_form_breaks_a_page(cast: Cast, settings: Any) -> None:
    """In one story, one after the other: what one changed, the next one's pages show."""
    side = make_sides(cast, settings)["maple"]
    visitors = {
        name: through(cast.client(name), name)
        for name in ("alice", "sam", "tara", "tom", "dee", "ada", "otto")
    }
    for visitor in visitors.values():
        for path in own_pages(cast, visitor.name, side):
            visitor.know(path)
        sent = 0
        while sent < _EACH:
            sent += visitor.visit()
    said = summary(visitors)
    assert {name: dict(one.broken) for name, one in visitors.items() if one.broken} == {}, said
    assert sum(len(one.forms) for one in visitors.values()) > 20, said
    assert sum(one.answers[302] for one in visitors.values()) > 5, f"some were taken\n{said}"
