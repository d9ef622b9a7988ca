"""What can't be meant is refused at its field, in plain words, and nothing of it is dropped."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.directory.queries import facts_of
from upstander.directory.tests.test_editing import edit, service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _services() -> None:
    load_services()


NEW = "hours-1-"


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({f"{NEW}opens": "9:00", f"{NEW}closes": "17:00"}, f"{NEW}days", "Tick the days."),
        ({f"{NEW}opens": "9:00"}, f"{NEW}days", "Tick the days."),
        ({f"{NEW}opens": "9:00"}, f"{NEW}closes", "When does it close?"),
        ({f"{NEW}days": ["0"], f"{NEW}opens": "9:00"}, f"{NEW}closes", "When does it close?"),
        ({f"{NEW}days": ["0"], f"{NEW}closes": "9:00"}, f"{NEW}opens", "When does it open?"),
        ({f"{NEW}days": ["0"]}, f"{NEW}opens", "When does it open?"),
        ({f"{NEW}on_holidays": "open"}, f"{NEW}days", "Tick the days."),
        (
            {f"{NEW}days": ["0"], f"{NEW}opens": "18:00", f"{NEW}closes": "2:00"},
            f"{NEW}closes",
            "It closes before it opens.",
        ),
        (
            {f"{NEW}days": ["0"], f"{NEW}opens": "9:00", f"{NEW}closes": "9:00"},
            f"{NEW}closes",
            "at the same time",
        ),
        (
            {
                f"{NEW}days": ["0"],
                f"{NEW}opens": "9:00",
                f"{NEW}closes": "17:00",
                f"{NEW}overnight": "on",
            },
            f"{NEW}overnight",
            "on the same day",
        ),
        ({"hours-0-days": ["0"]}, "hours-0-always", "Untick this"),
        ({"closed-0-last": "2099-12-26"}, "closed-0-first", "the first day"),
        ({"name_es": "???"}, "name_es", "Use letters or numbers"),
        ({"description_es": "%%%"}, "description_es", "Use letters or numbers"),
        ({"description_ar": "%%%"}, "description_ar", "Use letters or numbers"),
        ({"line-0-value": "banana"}, "line-0-value", "Write a number"),
        (
            {"line-0-kind": "web", "line-0-value": "banana"},
            "line-0-value",
            "begins with https://",
        ),
        ({"line-2-then": "HELLO"}, "line-2-value", "Write the number or address."),
        ({"line-0-value": "", "line-1-value": ""}, "line-0-value", "Give one way to reach it"),
        ({"source_url": "x"}, "source_url", "begins with https://"),
        ({"cost-0-amount": "40"}, "cost_en", "The words say free, the price is 40."),
        ({"youngest": "18", "oldest": "12"}, "oldest", "The oldest is younger"),
        ({"document-0-words_es": "Una carta"}, "document-0-words", "Write it in English, too."),
    ],
)
def test_it_is_refused_at_its_field_with_a_link_from_the_top(
    cast: Cast, changes: dict[str, Any], field: str, says: str
) -> None:
    before = service().record
    answer = edit(cast, **changes)
    assert answer.status_code == 422
    assert service().record == before
    page = BeautifulSoup(answer.content, "html.parser")
    link = page.select_one(f'[data-summary] a[href="#id_{field}"]')
    assert link is not None
    assert says in link.get_text()
    assert page.select_one(f"#id_{field}") is not None
    wrong = [part.get_text() for part in page.select(".field-wrong") if part.select(f"#id_{field}")]
    wrong += [part.get_text() for part in page.select(f"#id_{field}-field.field-wrong")]
    assert any(says in text for text in wrong)


def test_a_night_and_a_whole_day_can_be_said(cast: Cast) -> None:
    changes: dict[str, Any] = {
        "hours-0-always": "",
        f"{NEW}days": ["4"],
        f"{NEW}opens": "18:00",
        f"{NEW}closes": "2:00",
        f"{NEW}overnight": "on",
        "hours-2-days": ["6"],
        "hours-2-opens": "0:00",
        "hours-2-closes": "0:00",
    }
    assert edit(cast, **changes).status_code == 302
    told = [(one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}") for one in hours()]
    assert told == [(4, "18:00", "02:00"), (6, "00:00", "00:00")]
    record = service().record
    assert edit(cast).status_code == 302
    assert service().record == record


def hours() -> Any:
    """Return the weekly hours that it has now."""
    return facts_of(service()).hours


def test_hours_go_where_all_of_them_is_cleared(cast: Cast) -> None:
    assert edit(cast, **{"hours-0-always": ""}).status_code == 302
    assert hours() == ()
