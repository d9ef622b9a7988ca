"""A person's opaque code lies in no row of a sign-in, and without it the sign-in is nobody's."""

from __future__ import annotations

import pytest
from django.db import connection

from conftest import Cast
from upstander.places.keys import person_mac


@pytest.mark.django_db
def test_a_sign_in_does_not_tell_whose_code_is_whose(cast: Cast) -> None:
    viewer = cast.viewer("tom")
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM places_staffsession s")
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
