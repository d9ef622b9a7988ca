"""The team member's list and tip page."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.desk.tests.story import Handed, handed_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed(cast: Cast) -> Handed:
    return handed_off(cast)


def test_the_list_says_what_is_here_and_who_has_it(cast: Cast, handed: Handed) -> None:
    page = cast.client("tom").get("/team")
    assert page.status_code == 200
    html = page.content.decode()
    assert handed.reference in html
    assert "Nobody has it yet" in html
    assert "Asks the school’s team in" in html or "Asks the school&#x27;s team in" in html
    for secret in (handed.text, handed.brief):
        assert secret not in html


def test_the_brief_comes_first_and_their_own_words_do_not(cast: Cast, handed: Handed) -> None:
    html = cast.client("tom").get(f"/team/{handed.tip_id}").content.decode()
    assert handed.brief in html
    assert handed.text not in html
    assert html.index(handed.brief) < html.index("I have it") < html.index("Write to them")
