"""The counselor's one-key replies: complete, in every language, and never doing harm."""

from __future__ import annotations

import re

import pytest

from upstander.intake.taxonomy import CATEGORIES, LANGUAGES, TILES
from upstander.triage.protocol import (
    REPLIES,
    STAGES,
    Group,
    about_whom,
    call_911_sheet,
    group_of,
    groups_to_offer,
    replies_for,
)
from upstander.triage.shown import prompt_lists, prompt_text


@pytest.mark.parametrize("group", Group)
def test_every_group_has_its_first_and_next_questions(group: Group) -> None:
    for stage in STAGES:
        keys = [p.key for p in replies_for(group, stage)]
        assert keys
        assert len(set(keys)) == len(keys) <= 9


def test_every_tile_and_category_leads_to_a_group() -> None:
    for tile in TILES:
        assert replies_for(group_of(tile=tile.key), "first")
    for category in CATEGORIES:
        assert replies_for(group_of(category=category), "first")
    assert group_of(tile="nonsense") is Group.GENERAL
    assert group_of(category="sextortion", tile="bullying") is Group.SEXUAL


def test_a_bullied_child_is_asked_about_suicide_too() -> None:
    assert groups_to_offer(tile="bullying") == (Group.BULLYING, Group.SUICIDE, Group.GENERAL)
    assert groups_to_offer(category="hate") == (Group.BULLYING, Group.SUICIDE, Group.GENERAL)
    assert groups_to_offer() == (Group.GENERAL,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reply_fits_a_text_message_in_each_language(language: str) -> None:
    for prompt in REPLIES:
        assert 0 < len(prompt.text(language)) <= 160, prompt


def test_another_script_is_really_another_script() -> None:
    for prompt in REPLIES:
        assert re.search(r"[\u0600-\u06ff]", prompt.text("ar")), prompt
        assert prompt.text("es") != prompt.text("en")


@pytest.mark.parametrize(
    ("language", "word"),
    [
        *(("en", w) for w in (r"\bwhy\b", r"\bpromise\b", r"\bcalm down\b", r"\bliar?\b")),
        *(("es", w) for w in (r"\bpor qué\b", r"\bprometo\b", r"\bprometemos\b")),
        *(("ar", w) for w in ("لماذا", "أعدك", "نعدك")),
    ],
)
def test_no_reply_asks_why_or_promises(language: str, word: str) -> None:
    for prompt in REPLIES:
        assert not re.search(word, prompt.text(language), re.IGNORECASE), prompt


def test_no_reply_asks_for_a_picture_of_harm() -> None:
    for prompt in REPLIES:
        if re.search(r"\bsend\b.*\bpicture", prompt.text("en")):
            assert "never send" in prompt.text("en")


def test_questions_follow_whom_the_tip_is_about() -> None:
    self_ = [p.text("en") for p in replies_for(Group.SUICIDE, "first", about="self")]
    other = [p.text("en") for p in replies_for(Group.SUICIDE, "first", about="other")]
    assert any("Are you thinking about killing yourself?" in text for text in self_)
    assert "Did they say they want to die?" in other
    assert not set(self_) & {"Did they say they want to die?"}
    assert len(replies_for(Group.SUICIDE, "first")) == 7


def test_keys_stay_where_they_are_when_some_replies_are_left_out() -> None:
    every = {p.text("en"): p.key for p in replies_for(Group.MISSING, "first")}
    for prompt in replies_for(Group.MISSING, "first", about="self"):
        assert every[prompt.text("en")] == prompt.key


@pytest.mark.parametrize("who", ["me", "someone", "unsure"])
@pytest.mark.parametrize("talk", [False, True])
def test_a_shown_list_counts_from_one_and_each_key_brings_its_own_words(
    who: str, talk: bool
) -> None:
    for tile in (tile.key for tile in TILES):
        for shown in prompt_lists(
            tile=tile, category="", answers={"who": who}, language="en", talk=talk
        ):
            keys = [prompt.key for prompt in shown.prompts]
            assert keys == [str(n) for n in range(1, len(keys) + 1)], shown.title
            assert len(keys) <= 9
            for prompt in shown.prompts:
                assert prompt_text(prompt.id, "en") == prompt.text


def test_whom_a_tip_is_about() -> None:
    assert about_whom({"who": "me"}) == "self"
    assert about_whom({"source": "self"}) == "self"
    assert about_whom({"who": "someone"}) == "other"
    assert about_whom({"who": "unsure"}) == "any"
    assert about_whom({}) == "any"


def test_the_dispatcher_hears_the_place_first() -> None:
    for group in Group:
        assert call_911_sheet(group)[0].startswith("The exact place")
    assert len(call_911_sheet(Group.DRUGS)) > len(call_911_sheet(Group.GENERAL))
