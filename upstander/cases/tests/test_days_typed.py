"""A share until a day that calendars can't reckon with is refused, and the case still opens."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.cases.tests.story import begin


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "", "soon"])
def test_until_no_known_year(cast: Cast, day: str) -> None:
    case, client = begin(cast, "tara"), cast.client("tara")
    sent = {"person": cast.people["dee"].pk, "until": day, "words": "To help."}
    answer = client.post(f"/cases/{case}/share", sent)
    assert answer.status_code in {302, 422}
    page = client.get(f"/cases/{case}")
    assert page.status_code == 200
