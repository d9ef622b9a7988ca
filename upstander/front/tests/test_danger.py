"""A child in danger is told: whatever the floor calls life safety shows the red 911 and 988 box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from django.test import RequestFactory, override_settings
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.doors.tests.site import Site, hidden_in, text_of
from upstander.doors.web.snapshot import Door
from upstander.doors.web.talk_page import talk_page
from upstander.intake.floors import _ASKED
from upstander.intake.priority import Priority
from upstander.intake.taxonomy import QUESTIONS_BY_KEY, TILES_BY_KEY, priority_floor
from upstander.people.public import route_now
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

#: Every answer that any rule asks for, and none.
CHOICES = {key: ("", *QUESTIONS_BY_KEY[key].options) for key in _ASKED}


def combinations() -> Iterator[tuple[str, dict[str, str]]]:
    """Give each tile with all answers that its own page asks for, whatever is left out."""
    for tile in ("", *TILES_BY_KEY):
        asked = [
            key
            for key in CHOICES
            if key in ("who", "when") or not tile or tile in QUESTIONS_BY_KEY[key].tiles
        ]
        asked = [key for key in asked if tile or key in ("who", "when", "fire")]
        for said in product(*(CHOICES[key] for key in asked)):
            yield tile, {key: value for key, value in zip(asked, said, strict=True) if value}


def box_in(page: str) -> str:
    """Return the red box of a page, or the two red lines of it; "" where there is none."""
    red = r'<div class="notice notice-error".*?</div>\s*</div>|<p class="danger-line">.*?</p>'
    found = re.search(red, page, re.DOTALL)
    return found[0] if found else ""


def page(tile: str, answers: dict[str, str], language: str = "en", *, danger: bool = False) -> str:
    with override(language), override_settings(ROOT_URLCONF="upstander.config.urls_public"):
        made = talk_page(
            RequestFactory().get("/talk"),
            Door(),
            tile=tile,
            answers=answers,
            received=NOW,
            danger=danger,
        )
    return made.decode()


NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def shows(text: str) -> bool:
    box = box_in(text)
    assert bool(box) is ('href="tel:988"' in box) is ('href="tel:911"' in box)
    return bool(box)


def could_be_now(tile: str, answers: dict[str, str]) -> bool:
    """Tell who is told beside life safety: whoever left open what would make it that.

    "Now", whatever it is; words without a topic that are not over; wanting to die at any time; and
    a topic that is life safety when it is now, where nobody said when. Nobody here judges that it
    can wait.
    """
    when = answers.get("when", "")
    grave = {
        "attack",
        "threat",
        "suicide",
        "home",
        "adult",
        "sexual",
        "partner",
        "drugs",
        "missing",
    }
    return (
        when == "now"
        or tile == "suicide"
        or (tile not in TILES_BY_KEY and when != "past")
        or (tile in grave and when in ("", "unknown"))
    )


def test_each_combination_of_the_form_that_is_life_safety_shows_the_box() -> None:
    seen = 0
    for tile, answers in combinations():
        life = priority_floor(tile, answers).priority is Priority.LIFE_SAFETY
        seen += life
        told = life or could_be_now(tile, answers)
        assert shows(page(tile, answers)) is told, (tile, answers)
    assert seen > 1000


@settings(max_examples=300, deadline=None)
@given(
    tile=st.sampled_from(["", "no-such-tile", *TILES_BY_KEY]),
    answers=st.fixed_dictionaries({key: st.sampled_from(said) for key, said in CHOICES.items()}),
    language=st.sampled_from(LANGUAGES),
)
def test_nor_is_it_left_out_for_answers_that_no_page_of_ours_sends(
    tile: str, answers: dict[str, str], language: str
) -> None:
    life = priority_floor(tile, answers).priority is Priority.LIFE_SAFETY
    assert shows(page(tile, answers, language)) is (life or could_be_now(tile, answers))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_me_now_wanting_to_die_is_told_on_the_thank_you_page_and_in_the_conversation(
    site: Site, language: str
) -> None:
    prefix = "" if language == "en" else f"/{language}"
    thanks = site.send(f"{prefix}/report", tile="suicide", who="me", when="now")
    assert Tip.objects.get().priority == "life_safety"
    assert shows(thanks.content.decode())
    assert shows(site.get(f"{prefix}/talk").content.decode())


@pytest.mark.django_db
def test_answers_that_come_later_bring_the_box_and_none_takes_it_away(site: Site) -> None:
    thanks = site.send(tile="threat", who="me", when="days")
    assert not shows(thanks.content.decode())
    fields = hidden_in(text_of(thanks))
    answered = site.post("/talk/answers", {**fields, "means": "yes"})
    assert shows(answered.content.decode())
    # Taken back, perhaps by somebody who looks over a shoulder: the tip stays what it was.
    again = site.post("/talk/answers", {**fields, "means": "no"})
    assert Tip.objects.get().priority == "life_safety"
    assert shows(again.content.decode())
    assert shows(site.get("/talk").content.decode())


@pytest.mark.django_db
def test_what_the_tip_was_filed_as_is_what_its_page_goes_by(cast: Cast) -> None:
    for tile, when in product((None, "", *TILES_BY_KEY), CHOICES["when"]):
        answers = {"when": when} if when else {}
        floor = route_now(tile, answers, None, None).floor
        told = floor.priority is Priority.LIFE_SAFETY or could_be_now(tile or "", answers)
        assert shows(page(tile or "", answers)) is told


@pytest.mark.django_db
def test_whom_a_counselor_judges_in_danger_is_told_too(site: Site, cast: Cast) -> None:
    site.send("/report?d=maple-valley", tile="sad")
    assert not shows(site.get("/talk").content.decode())
    tip = Tip.objects.get().pk
    claim_tip(cast.viewer("alice"), tip)
    open_tip(cast.viewer("alice"), tip)
    Tip.objects.filter(pk=tip).update(priority="life_safety", rank=0)
    assert shows(site.get("/talk").content.decode())
