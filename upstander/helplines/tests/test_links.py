"""A survivor and who loves them: linked by the survivor's yes, in words that are sealed."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from conftest import Cast
from upstander.base.refused import Refused
from upstander.helplines.actions import clients, links
from upstander.helplines.models import Client
from upstander.helplines.tests.setup import NAME, OTHERS, agency, client_of
from upstander.helplines.tests.test_unseen import seen_by

pytestmark = pytest.mark.django_db
LOVED = "Tern"


@pytest.fixture
def two(cast: Cast) -> tuple[UUID, UUID]:
    """Take on a survivor, and somebody who loves them."""
    here = agency(cast)
    return client_of(here), client_of(here, name=LOVED, whose="loved")


def opened(cast: Cast, one: UUID) -> clients.OpenClient:
    """Open a client's folder as Wren."""
    return clients.open_client(cast.viewer("wren"), one)


def rows_with(word: str) -> set[str]:
    """Return the tables that have a word in two rows or more, as the database's owner reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%\\_%'"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for name in tables:
            cursor.execute(f"SELECT 1 FROM {name} r WHERE r::text LIKE %s LIMIT 1", [f"%{word}%"])
            if cursor.fetchone():
                found.add(name)
    return found


def test_link_takes_the_survivor_s_yes_and_goes_back(cast: Cast, two: tuple[UUID, UUID]) -> None:
    survivor, loved = two
    wren, page = cast.client("wren"), f"/clients/{survivor}/link"
    assert LOVED in wren.get(page).content.decode()
    wren.post(page, {"other": loved})
    assert links.linked(opened(cast, survivor)) == {}
    with pytest.raises(Refused, match="survivor"):
        links.link(opened(cast, loved), survivor, agreed=True)
    wren.post(page, {"other": loved, "agreed": "yes"})
    assert links.linked(opened(cast, survivor)) == {str(loved): LOVED}
    assert links.linked(opened(cast, loved)) == {str(survivor): NAME}
    clients.change_client(opened(cast, survivor), {"name": "Egret"})
    assert LOVED in wren.get(page).content.decode(), "it stays when something else is changed"
    clients.end_client(opened(cast, survivor))
    wren.post(f"/clients/{loved}/link", {"other": survivor, "take_back": "yes"})
    assert [links.linked(opened(cast, one)) for one in two] == [{}, {}]


def test_link_stands_in_no_row_and_for_nobody_else(cast: Cast, two: tuple[UUID, UUID]) -> None:
    survivor, loved = two
    names = {field.name for field in Client._meta.get_fields()}
    before = {who: seen_by(cast, who) for who in OTHERS}
    where = {one: rows_with(str(one)) for one in two}
    links.link(opened(cast, survivor), loved, agreed=True)
    assert {one: rows_with(str(one)) for one in two} == where
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_entry e WHERE e::text LIKE %s AND e::text LIKE %s",
            [f"%{survivor}%", f"%{loved}%"],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT string_agg(c::text, ' ') FROM helplines_client c")
        (shown,) = cursor.fetchone() or ("",)
    assert [shown.count(str(one)) for one in two] == [1, 1], "each stands in its own row alone"
    assert LOVED not in shown
    assert not names & {"linked", "loved", "survivor", "other", "whose"}
    for who in OTHERS:
        after = seen_by(cast, who)
        assert {name for name in after if after[name] != before[who].get(name)} == set(), who
