"""The form can be heard: by recordings of its very texts, and by nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest_django import Settings

from upstander.base.languages import LANGUAGES
from upstander.config.home import Home
from upstander.doors.recordings import folder_of, hash_of
from upstander.doors.tests.site import Site, text_of
from upstander.doors.web.aloud import lines
from upstander.doors.web.forms import PICTURES
from upstander.intake.taxonomy import TILES
from upstander.ui.icons import LINES

QUESTION = "Who needs help?"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Home:
    """A data folder in which nothing was recorded."""
    settings.HOME = Home(tmp_path)
    return Home(tmp_path)


def record(text: str, language: str = "en") -> Path:
    """Put a recording of a text where it belongs."""
    folder = folder_of(language)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{hash_of(text)}.wav"
    file.write_bytes(b"RIFF....WAVE")
    return file


def heard_in(page: str) -> list[str]:
    """Return the names of what plays something."""
    return re.findall(r'<a class="hear"[^>]* aria-label="([^"]*)"', page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_form_can_be_recorded(site: Site, language: str) -> None:
    asked = lines(language)
    assert not any(asked.values())
    for text in asked:
        record(text, language)
    assert all(lines(language).values())
    prefix = "" if language == "en" else f"/{language}"
    page = text_of(site.get(f"{prefix}/report?hear=yes"))
    main = re.sub(r"<(script|datalist|textarea|a |summary)\b.*?</\1?>", " ", page, flags=re.DOTALL)
    # Each question, each choice with its "Skip", both buttons, what is said before sending.
    assert len(heard_in(page)) >= main.count("<legend>") + main.count('type="radio"') + 10


def test_no_recording_no_offer(site: Site) -> None:
    page = text_of(site.get("/report"))
    assert page.count("This page cannot be heard in English.") == 1
    assert "hear=yes" not in page
    assert heard_in(text_of(site.get("/report?hear=yes"))) == []
    record(QUESTION, "es")
    assert "cannot be heard in English" in text_of(site.get("/report"))


def test_recording_of_a_changed_text_is_offered_nowhere(site: Site) -> None:
    record("Who needs some help?")
    record("Send it")
    page = text_of(site.get("/report?hear=yes"))
    assert heard_in(page) == ["Listen: Send it"]
    record(QUESTION)
    page = text_of(site.get("/report?hear=yes"))
    assert heard_in(page) == [f"Listen: {QUESTION}", "Listen: Send it"]
    (folder_of("en") / f"{hash_of(QUESTION)}.wav").unlink()
    assert heard_in(text_of(site.get("/report?hear=yes"))) == ["Listen: Send it"]


def test_form_stays_one_that_is_heard(site: Site) -> None:
    for language in LANGUAGES:
        for text in lines(language):
            record(text, language)
    page = text_of(site.get("/report"))
    assert 'href="/report?hear=yes"' in page
    assert heard_in(page) == []
    fields = site.form("/report?hear=yes")
    assert fields["hear"] == "yes"
    wrong = site.post("/report", {**fields, "text": " "})
    assert wrong.status_code == 422
    assert f"Listen: {QUESTION}" in heard_in(text_of(wrong))
    moved = site.post("/es/report/language", {**fields, "language": "es"})
    assert moved["Location"].endswith("hear=yes")
    sent = site.post("/report", {**fields, "text": "He has a knife."})
    assert sent.status_code == 200


def test_each_tile_has_a_picture() -> None:
    assert set(PICTURES) == {tile.key for tile in TILES}
    assert len(set(PICTURES.values())) == len(TILES)
    assert set(PICTURES.values()) <= set(LINES)
