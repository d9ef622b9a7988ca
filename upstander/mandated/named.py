"""Names in the legal record: also of whoever has left, whom no list of colleagues shows any more.

A row policy shows members alone. Whose report it is, and who opened a tip and was asked, must stay
named for those who may read that: the database gives these names and no others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from upstander.matters.people_near import opened_name


def names_in_duties(duties: Collection[UUID], people: Iterable[int]) -> dict[int, str]:
    """Return names of whose duties these are, and of who wrote in them; call inside ``viewing``."""
    return _named(
        "SELECT person, name FROM api.names_in_duties(p_duties => %s, p_people => %s)",
        list(duties),
        people,
    )


def names_of_asked(asked: Iterable[int], people: Iterable[int]) -> dict[int, str]:
    """Return names of who was asked, answered or read an answer; call inside ``viewing``."""
    return _named(
        "SELECT person, name FROM api.names_of_asked(p_asked => %s, p_people => %s)",
        list(asked),
        people,
    )


def _named(statement: str, which: list[UUID] | list[int], people: Iterable[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [which, sorted(set(people))])
        return {person: opened_name(name) for person, name in cursor.fetchall()}
