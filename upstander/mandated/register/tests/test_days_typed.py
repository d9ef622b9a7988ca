"""Days that calendars can't reckon with are refused by name, not by a page that breaks."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.mandated.register.models import Disclosure
from upstander.mandated.tests.test_duties import offices

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["asked_on", "worked_from", "worked_until"])
@pytest.mark.parametrize("answer", [True, False])
def test_a_question_of_no_known_year(cast: Cast, field: str, day: str, *, answer: bool) -> None:
    offices(cast)
    asked = {
        "district": cast.maple.pk,
        "name": "Rey Marlow",
        "asker": "Riverside Schools",
        "reason": "Consent of March 1",
        "asked_on": "2021-03-05",
        field: day,
    } | ({"answer": "yes"} if answer else {})
    client = cast.client("cleo")
    page = client.post("/register/disclosures", asked)
    assert page.status_code == 422
    assert "between 1900 and 2199" in page.content.decode()
    assert "Riverside Schools" in page.content.decode(), "what was typed stands there still"
    assert not Disclosure.objects.exists()
    assert client.get("/register/disclosures").status_code == 200
