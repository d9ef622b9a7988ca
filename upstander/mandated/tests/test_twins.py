"""Who owns a later duty stands in Python and in the database, and both say the same."""

import pytest
from django.db import connection

from upstander.mandated.deadlines import OWNERS

pytestmark = pytest.mark.django_db


def _owners(owner: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mandated_owners(%s)", [owner])
        return set(cursor.fetchall()[0][0])


@pytest.mark.parametrize("owner", sorted({*OWNERS, "reporter", "nobody", ""}))
def test_an_owner_is_the_same_roles(owner: str) -> None:
    assert _owners(owner) == {role.value for role in OWNERS.get(owner, frozenset())}
