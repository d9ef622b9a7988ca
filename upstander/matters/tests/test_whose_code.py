"""A person's opaque code lies in no row of a sign-in, and without it the sign-in is nobody's."""

from __future__ import annotations

from secrets import token_bytes
from uuid import uuid4

import pytest
from django.db import connection

from conftest import Cast
from upstander.matters.exclusions import Exclusions
from upstander.matters.factories import exclude
from upstander.matters.models import Exclusion, Matter
from upstander.people.keys import person_mac
from upstander.people.scope import viewing
from upstander.vault.bound import bound


@pytest.mark.django_db
def test_a_sign_in_does_not_tell_whose_code_is_whose(cast: Cast) -> None:
    viewer = cast.viewer("tom")
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM people_staffsession s")
        rows = [row for (row,) in cursor.fetchall()]
    assert rows
    assert not any(person_mac(viewer.person_id).hex() in row for row in rows)


@pytest.mark.parametrize("other", ["", "without", "uma"])
@pytest.mark.django_db
def test_a_token_with_no_code_or_another_is_nobody(cast: Cast, other: str) -> None:
    viewer = cast.viewer("tom")
    codes = {
        "": viewer.scope,
        "without": viewer.database_token,
        "uma": f"{viewer.database_token}.{person_mac(cast.people['uma'].pk).hex()}",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('upstander.token', %s, true)", [codes[other]])
        cursor.execute("SELECT api.scope_person(), api.scope_mac()")
        person, mac = cursor.fetchone() or (None, b"")
    if other:
        assert person is None
        assert mac is None
    else:
        assert (person, bytes(mac)) == (viewer.person_id, viewer.person_mac)


@pytest.mark.django_db
def test_python_and_the_database_bind_a_code_alike() -> None:
    for _ in range(50):
        code, to = token_bytes(32), uuid4()
        with connection.cursor() as cursor:
            cursor.execute("SELECT matters_bound(%s, %s)", [code, to])
            row = cursor.fetchone()
        assert row
        assert bytes(row[0]) == bound(code, to)


@pytest.mark.django_db
def test_two_exclusions_on_one_person_have_nothing_in_common(cast: Cast) -> None:
    tom = cast.people["tom"].pk
    matters = [Matter.objects.create(district_id=cast.maple.pk).pk for _ in range(2)]
    for matter in matters:
        exclude(matter, cast.maple.pk, tom)
    rows = Exclusion.objects.values_list("person_mac", flat=True)
    assert len({bytes(mac) for mac in rows} | {person_mac(tom)}) == 3
    assert all(person_mac(tom) in Exclusions.on([matter]) for matter in matters)
    assert person_mac(cast.people["uma"].pk) not in Exclusions.on(matters)


@pytest.mark.django_db
def test_a_exclusion_is_taken_over_where_two_matters_become_one(cast: Cast) -> None:
    tom = cast.people["tom"].pk
    first, second = (Matter.objects.create(district_id=cast.maple.pk).pk for _ in range(2))
    exclude(first, cast.maple.pk, tom)
    with connection.cursor() as cursor:
        cursor.execute("SELECT matters_merge(%s, %s)", [first, second])
    with viewing(cast.viewer("tom")), connection.cursor() as cursor:
        cursor.execute("SELECT api.excluded_matters()")
        found = cursor.fetchone()
    assert found
    assert {first, second} == set(found[0])
    assert person_mac(tom) in Exclusions.on([second])
