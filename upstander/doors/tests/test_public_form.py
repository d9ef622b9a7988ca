"""The form: what it asks, in which words, and what it must not do."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from upstander.doors.tests.site import Site, hidden_in, text_of
from upstander.intake.taxonomy import QUESTIONS, TILES, questions_for
from upstander.people import public
from upstander.places.models import TileChange

pytestmark = pytest.mark.usefixtures("either_intake")


def test_asks_every_question_of_the_first_step_and_needs_only_what_happened(site: Site) -> None:
    page = text_of(site.get("/report"))
    for question in questions_for("", {}, step="first"):
        assert question.text("en") in page
        assert f'name="{question.key}"' in page
    assert re.findall(r'name="(\w+)"[^>]* required', page) == ["text"]


def test_asks_nothing_that_depends_on_a_choice_before_sending(site: Site) -> None:
    page = site.get("/report").content.decode()
    for question in QUESTIONS:
        if question.step == "follow_up":
            assert f'name="{question.key}"' not in page


def test_every_choice_can_be_skipped_and_skipping_is_what_stands(site: Site) -> None:
    page = site.get("/report").content.decode()
    for question in questions_for("", {}, step="first"):
        if question.kind == "choice":
            assert f'name="{question.key}" value="" checked' in page


def test_shows_the_device_warning_before_the_first_question_and_numbers_to_call(site: Site) -> None:
    page = text_of(site.get("/report"))
    assert page.index("the school may see that you came here") < page.index("Who needs help?")
    for number in ("tel:911", "sms:911", "tel:988"):
        assert number in page


def test_says_never_to_send_nude_pictures_and_takes_no_file_before_the_words(site: Site) -> None:
    page = text_of(site.get("/report"))
    assert "Never send nude or sexual pictures, not even as proof." in page
    assert 'type="file"' not in page


@pytest.mark.parametrize("path", ["/", "/report", "/r/cedar", "/d/maple-valley", "/back"])
def test_sets_no_cookie_before_a_tip_is_sent(site: Site, path: str) -> None:
    assert not site.get(path).cookies


def test_every_page_view_has_a_token_of_its_own(site: Site) -> None:
    first, second = site.form(), site.form()
    assert first["token"] != second["token"]
    assert len(first["token"]) >= 20


def test_a_poster_fills_the_school_in(site: Site) -> None:
    page = site.get("/r/cedar").content.decode()
    assert 'value="Cedar Middle School"' in page
    assert hidden_in(page)["district"] == "maple-valley"


def test_an_unknown_poster_is_a_page_in_plain_words(site: Site) -> None:
    response = site.get("/r/nowhere")
    assert response.status_code == 404
    assert "This page is not here." in text_of(response)


def test_the_list_offers_the_schools_of_the_district_only(site: Site) -> None:
    page = site.get("/report?d=maple-valley").content.decode()
    assert '<option value="Cedar Middle School">' in page
    assert "Quay School" not in page


def test_a_district_renames_moves_and_hides_tiles(site: Site) -> None:
    maple = site.cast.maple
    TileChange.objects.create(
        district=maple, tile="fight", position=1, texts={"en": "Fights and crews"}
    )
    TileChange.objects.create(district=maple, tile="drugs", hidden=True)
    public.public_places(fresh=True)
    page = text_of(site.get("/report?d=maple-valley"))
    keys = re.findall(r'name="tile" value="(\w+)"', page)
    assert keys[0] == "fight"
    assert "Fights and crews" in page
    assert "drugs" not in keys
    elsewhere = re.findall(
        r'name="tile" value="(\w+)"', site.get("/report?d=harbor").content.decode()
    )
    assert elsewhere == [tile.key for tile in TILES]


@pytest.mark.parametrize(
    ("path", "language", "direction", "words"),
    [
        ("/report", "en", "ltr", "What happened?"),
        ("/es/report", "es", "ltr", "¿Qué pasó?"),
        ("/ar/report", "ar", "rtl", "ماذا حدث؟"),
    ],
)
def test_the_language_stands_in_the_address(
    site: Site, path: str, language: str, direction: str, words: str
) -> None:
    page = text_of(site.get(path, **{"accept-language": "fr"}))
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert words in page
    assert f'action="{path}"' in page


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_the_tab_tells_the_pages_apart_and_nothing_about_a_report(site: Site, prefix: str) -> None:
    def title(response: HttpResponse) -> str:
        found = re.search("<title>(.*?)</title>", text_of(response))
        assert found is not None
        return found[1]

    titles = [
        title(site.get(f"{prefix}{path}")) for path in ("/", "/d/maple-valley", "/report", "/back")
    ]
    titles.append(title(site.send(f"{prefix}/report")))
    titles.append(title(site.post(f"{prefix}/back", {"code": "seven wrong words"})))
    titles.append(title(site.post(f"{prefix}/report", {"text": " "})))
    assert len(set(titles)) == len(titles)
    if not prefix:
        plain = ["Schools", "School page", "Form", "Words", "Messages"]
        assert titles == [*plain, "Error: Words", "Error: Form"]
    thanks = title(site.send(f"{prefix}/report"))
    assert thanks == title(site.get(f"{prefix}/talk")) == title(site.get(f"{prefix}/talk/live"))


@pytest.mark.parametrize(
    ("path", "law"),
    [
        ("/report", "The law makes some adults"),
        ("/es/report", "La ley obliga a algunos adultos"),
        ("/ar/report", "القانون يُلزم بعض الكبار"),
    ],
)
def test_who_must_report_is_said_before_anything_is_sent(site: Site, path: str, law: str) -> None:
    page = text_of(site.get(path))
    assert page.index(law) < page.index("<textarea")
