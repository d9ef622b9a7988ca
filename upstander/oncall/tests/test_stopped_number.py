"""A number that texts are stopped to is nobody's way to be rung."""

from __future__ import annotations

import pytest

from conftest import Cast
from tests.phones import phones
from upstander.carriers import queries
from upstander.carriers.tests.lines import OTHER, Site, a_way, as_worker, north, site
from upstander.carriers.tests.test_texts_in import text_in
from upstander.oncall.reach import ringable

__all__ = ["north", "phones", "site"]

pytestmark = pytest.mark.usefixtures("north")


def test_a_stopped_number_is_a_gap_on_call(cast: Cast, site: Site) -> None:
    """By a forged STOP nobody is passed over unseen: the others are asked beside them."""
    tara = cast.people["tara"]
    a_way(tara)
    a_way(tara, "voice", address=OTHER)
    with as_worker():
        assert tara.pk in ringable([tara.pk])
    text_in(site, "STOP")
    with as_worker():
        assert tara.pk not in ringable([tara.pk])
        assert {m.kind for m in queries.methods_of([tara.pk])[tara.pk]} == {"email", "voice"}
    text_in(site, "START")
    with as_worker():
        assert tara.pk in ringable([tara.pk])
