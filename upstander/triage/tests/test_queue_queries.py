"""What the queue costs the database, however long it is."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.triage.actions.work import claim_tip

#: What the page may cost however many wait; a round figure above what it does cost.
MOST = 44


def queries_of_the_page(client: Client) -> list[str]:
    """Return what the page asks of the database, so that a failure tells what came to it."""
    with CaptureQueriesContext(connection) as asked:
        client.get("/queue")
    return [" ".join(query["sql"].split())[:90] for query in asked]


def test_its_number_of_queries_does_not_grow(cast: Cast) -> None:
    client = cast.client("alice")
    a_tip(cast)
    claim_tip(cast.viewer("bea"), a_tip(cast).tip_id)
    few = queries_of_the_page(client)
    for number in range(12):
        filed = a_tip(cast, school=(cast.birch, cast.aspen)[number % 2])
        if number % 3:
            claim_tip(cast.viewer("bea"), filed.tip_id)
    many = queries_of_the_page(client)
    assert len(many) == len(few), "\n".join(many)
    assert len(few) <= MOST, "\n".join(few)
