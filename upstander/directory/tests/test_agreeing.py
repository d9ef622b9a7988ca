"""Words and numbers of a card: which can't both be true."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.directory.actions.loading import load_services
from upstander.directory.agreeing import ages_differ, cost_differs
from upstander.directory.cards import Card
from upstander.directory.facts import Item
from upstander.directory.queries import public_cards
from upstander.directory.tests.test_editing import edit, service


def careline(language: str = "en") -> Card:
    return next(c for c in public_cards("any", language) if c.slug == "careline")


@pytest.mark.parametrize(
    ("words", "amounts", "differs"),
    [
        ("Free", (40,), True),
        ("Gratis", (40,), True),
        ("مجاني وسري", (40,), True),
        ("No charge", (1,), True),
        ("Free", (0,), False),
        ("Free for children", (0, 40), False),
        ("$10", (10,), False),
        ("$10", (40,), True),
        ("10 dólares", (0,), True),
        ("٤٠ دولار", (40,), False),
        ("Up to $40", (20,), False),
        ("$5 to $40", (20,), False),
        ("$5 to $40", (60,), True),
        ("Ask them", (40,), False),
        ("Sliding scale", (40,), False),
        ("Free", (), False),
        ("", (40,), False),
    ],
)
def test_cost(words: str, amounts: tuple[float, ...], differs: bool) -> None:
    assert cost_differs(words, [Item("", one) for one in amounts]) is differs


@pytest.mark.parametrize(
    ("words", "youngest", "oldest", "differs"),
    [
        ("All ages", 13, None, True),
        ("Anyone", None, 17, True),
        ("أي شخص", 13, 17, True),
        ("Todas las edades", 60, None, True),
        ("All ages", 0, None, False),
        ("All ages", None, None, False),
        ("Anyone in Hartford", 13, None, False),
        ("Children under 18", None, 17, False),
        ("Children under 18", 13, 17.5, False),
        ("Menores de 18 años", 20, None, True),
        ("18 and older", 18, None, False),
        ("18 and older", 60, None, True),
        ("Ages 5 to 17", 5, 17, False),
        ("Ages 5 to 17", 13, 17, True),
        ("5-18", 5, 18, False),
        ("Up to 18; 19 if still in high school", None, 18, False),
        ("Grades 6 to 12", 11, 18, False),
        ("Families", 13, 17, False),
        ("Call 211", 13, None, False),
    ],
)
def test_ages(words: str, youngest: float | None, oldest: float | None, differs: bool) -> None:
    assert ages_differ(words, youngest, oldest) is differs


@pytest.mark.django_db
def test_a_price_without_words_is_said_all_the_same(cast: Cast) -> None:
    load_services()
    for amount, says in (("0", "Free"), ("12.5", "$12.50")):
        gone = dict.fromkeys((f"cost_{code}" for code in LANGUAGES), "")
        assert edit(cast, **gone | {"cost-0-amount": amount}).status_code == 302
        assert careline().price == says


@pytest.mark.django_db
def test_a_card_says_what_a_keeper_counted_and_words_beside_it(cast: Cast) -> None:
    load_services()
    wanted: dict[str, Any] = {
        "youngest": "13",
        "oldest": "17",
        "cost-0-amount": "0",
        "cost-TOTAL_FORMS": "2",
        "cost-1-amount": "40",
        "cost-1-words": "for adults",
        "document-0-words": "A letter of your school",
    }
    assert edit(cast, **wanted).status_code == 302
    card = careline()
    assert (card.years, card.ages) == ("13 to 17 years old", "Children under 18")
    assert (card.price, card.cost) == ("Free; $40 (for adults)", "Free")
    assert card.bring == ("A letter of your school",)
    html = render_to_string("directory/card.html", {"card": card})
    assert all(words in html for words in ("13 to 17 years old", "$40 (for adults)", "A letter"))


@pytest.mark.django_db
def test_words_that_came_with_other_numbers_give_way_to_them(cast: Cast) -> None:
    load_services()
    row = service()
    price = {"id": str(row.pk), "amount": 40, "currency": "USD"}
    row.record |= {"cost_options": [price], "minimum_age": 60}
    row.save()
    for language in LANGUAGES:
        card = careline(language)
        assert (card.price, card.cost, card.ages) == ("$40", "", "")
        assert "60" in card.years
