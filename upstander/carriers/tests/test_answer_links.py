"""The link of a page answers for one person, to one alert, for a day; never by being opened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers import answers
from upstander.carriers.models import Inbound
from upstander.carriers.tests.lines import a_way, sent


def link_for(cast: Cast, **more: Any) -> tuple[str, UUID]:
    row = sent(a_way(cast.people["tara"]), **more)
    assert row.for_id is not None
    return f"/a/{answers.sign(cast.people['tara'].pk, row.for_id)}", row.for_id


@pytest.fixture
def stranger() -> Client:
    return Client(HTTP_HOST="localhost", enforce_csrf_checks=True)


pytestmark = pytest.mark.usefixtures("north")


def test_opening_it_answers_nothing_and_shows_no_tip(cast: Cast, stranger: Client) -> None:
    path, _ = link_for(cast)
    for _ in range(3):
        page = stranger.get(path)
        assert page.status_code == 200
    head = stranger.head(path)
    assert head.status_code == 405
    assert not Inbound.objects.exists()
    shown = page.content.decode()
    assert "I have it" in shown
    for secret in ("AB3F", "H6K2", "Tara", "/tips/", "tara@"):
        assert secret not in shown
    assert page["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("answer", ["have_it", "seen", "cannot"])
def test_a_button_answers_without_signing_in(cast: Cast, stranger: Client, answer: str) -> None:
    path, about = link_for(cast)
    page = stranger.post(path, {"answer": answer})
    assert page.status_code == 200
    assert "Noted" in page.content.decode()
    inbound = Inbound.objects.get()
    assert (inbound.answer, inbound.kind, inbound.for_id) == (answer, "link", about)
    stranger.post(path, {"answer": answer})
    assert Inbound.objects.count() == 1, "a double press is one answer"


def test_a_notifications_button_says_so(cast: Cast, stranger: Client) -> None:
    path, _ = link_for(cast)
    stranger.post(path, {"answer": "have_it", "by": "push"})
    assert Inbound.objects.get().kind == "push"


def test_one_may_change_ones_mind(cast: Cast, stranger: Client) -> None:
    path, _ = link_for(cast)
    for answer in ("have_it", "cannot"):
        stranger.post(path, {"answer": answer})
    given_ = list(Inbound.objects.order_by("pk").values_list("answer", flat=True))
    assert given_ == ["have_it", "cannot"]


def test_what_is_no_answer_is_asked_again(cast: Cast, stranger: Client) -> None:
    path, _ = link_for(cast)
    for answer in ("", "unclear", "yes", "have_it\0"):
        assert stranger.post(path, {"answer": answer}).status_code == 422
    assert not Inbound.objects.exists()


def test_a_link_about_what_that_person_never_got_answers_nothing(
    cast: Cast, stranger: Client
) -> None:
    _, about = link_for(cast)
    for person, alert in ((cast.people["tom"].pk, about), (cast.people["tara"].pk, uuid4())):
        token = answers.sign(person, alert)
        assert stranger.post(f"/a/{token}", {"answer": "have_it"}).status_code == 404
    assert not Inbound.objects.exists()


def test_it_runs_out_after_a_day(cast: Cast, stranger: Client) -> None:
    row = sent(a_way(cast.people["tara"]))
    then = database_second() - timedelta(seconds=answers.LIFE + 1)
    token = answers.sign(cast.people["tara"].pk, row.for_id or uuid4(), now=then)
    page = stranger.post(f"/a/{token}", {"answer": "have_it"})
    assert page.status_code == 410
    assert "expired" in page.content.decode()
    assert not Inbound.objects.exists()


def test_whoever_has_left_answers_nothing(cast: Cast, stranger: Client) -> None:
    path, _ = link_for(cast)
    cast.people["tara"].is_active = False
    cast.people["tara"].save()
    assert stranger.post(path, {"answer": "have_it"}).status_code == 404


def test_the_page_speaks_the_persons_language(cast: Cast, stranger: Client) -> None:
    cast.people["tara"].language = "es"
    cast.people["tara"].save()
    path, _ = link_for(cast)
    page = stranger.get(path).content.decode()
    assert "Lo tengo" in page
    assert '<html lang="es"' in page


@given(at=st.integers(0, 58), by=st.integers(1, 63))
def test_no_letter_of_a_token_can_be_changed(at: int, by: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    now = _NOW
    token = answers.sign(7, _ALERT, now=now)
    at %= len(token)
    changed = letters[(letters.index(token[at]) + by) % 64]
    with pytest.raises(answers.NoSuchLink):
        answers.read(token[:at] + changed + token[at + 1 :], now=now)


@given(text=st.text(max_size=80))
def test_no_other_text_is_a_token(text: str) -> None:
    with pytest.raises(answers.NoSuchLink):
        answers.read(text, now=_NOW)


_ALERT = uuid4()
_NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def test_a_token_says_whom_it_asks_about_what() -> None:
    assert answers.read(answers.sign(7, _ALERT, now=_NOW), now=_NOW) == answers.Asked(7, _ALERT)
