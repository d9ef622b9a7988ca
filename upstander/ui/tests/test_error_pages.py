"""Error pages: what happened, what was kept, what to do; and on the reporter's, whom to call."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from upstander.ui import errors

STATUSES = (400, 403, 404, 405, 413, 500, 503)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("page", "told"), [(errors.public_page, errors.PUBLIC), (errors.desk_page, errors.DESK)]
)
def test_page_says_what_happened_what_was_kept_and_what_to_do(
    rf: RequestFactory,
    status: int,
    page: Callable[[HttpRequest, int], HttpResponse],
    told: dict[int, errors.Told],
) -> None:
    response = page(rf.get("/anywhere"), status)
    words = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    for said in (told[status].title, told[status].kept, told[status].do):
        assert " ".join(str(said).split()) in words


@pytest.mark.parametrize("status", STATUSES)
def test_the_reporters_pages_show_whom_to_call_and_the_way_out(
    rf: RequestFactory, status: int
) -> None:
    page = BeautifulSoup(errors.public_page(rf.get("/es/report"), status).content, "html.parser")
    links = {str(a["href"]) for a in page.select("a")}
    assert {"tel:911", "sms:911", "tel:988", "sms:988"} <= links
    assert page.select_one("a.leave")


def test_a_reporters_words_in_the_address_are_not_repeated(rf: RequestFactory) -> None:
    response = errors.public_404(rf.get("/back?code=candle+orbit"))
    assert b"candle" not in response.content


def test_a_refusal_sends_nobody_to_a_lead_whom_they_may_not_have(rf: RequestFactory) -> None:
    shown = errors.desk_403(rf.get("/")).content.decode()
    assert "lead" not in shown, "who reads it may be the lead, or of no team"
    assert "administrator" in shown
