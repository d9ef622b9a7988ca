"""Changing the language in the middle of writing: nothing is lost, filed, kept or left behind."""

from __future__ import annotations

import html
import re
from itertools import permutations

import pytest

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.doors.tests.site import WORDS, Site, code_in, hidden_in, text_of
from upstander.intake.taxonomy import questions_for
from upstander.tips.models import Message, Talk, Tip

pytestmark = pytest.mark.usefixtures("either_intake")

PREFIX = {code: "" if code == ENGLISH.code else f"/{code}" for code in LANGUAGES}
TYPED = {
    "text": "He said “tonight” <b>& more</b>.\n\n  Second line. zq7words7qz",
    "who": "someone",
    "when": "now",
    "tile": "attack",
    "school": "Cedar Middle School",
    "place": 'Behind the gym, "left" door',
    "subject": "سامي، الصف التاسع",
    "source": "told",
    "not_see": "my coach",
    "home_safe": "no",
    "trusted_adult": "Señora Ñandú",
}


def standing(page: str) -> dict[str, str]:
    """Return what stands in the fields of a page: question → what was typed or chosen."""
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    lines = re.findall(r'<input\s[^>]*name="(\w+)"\s+type="text"[^>]*?value="([^"]*)"', page)
    chosen = re.findall(r'type="radio"\s+name="(\w+)"\s+value="([^"]*)"\s+checked', page)
    return dict(areas) | dict(lines) | dict(chosen)


def test_every_question_of_the_form_is_tried_here() -> None:
    assert set(TYPED) == {one.key for one in questions_for("", {}, step="first")} - {"files"}


@pytest.mark.parametrize(("before", "after"), list(permutations(PREFIX, 2)))
def test_the_form_comes_back_in_that_language_with_all_that_was_typed(
    site: Site, before: str, after: str
) -> None:
    kept = hidden_in(text_of(site.get(f"{PREFIX[before]}/report?d=maple-valley")))
    answer = site.post(f"{PREFIX[after]}/report", {**kept, **TYPED, "language": after})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f'<html lang="{after}"' in page
    found = {key: html.unescape(value) for key, value in standing(page).items()}
    assert found == TYPED
    assert hidden_in(page) == kept, "the same form, so that a later retry is the same tip"


def test_nothing_is_filed_or_kept_or_left_on_the_device(site: Site) -> None:
    kept = site.form()
    answer = site.post("/es/report", {**kept, **TYPED, "language": "es"})
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer, "what somebody typed is never compressed"
    assert len(answer.content) % 8192 == 0, "nor does its length tell how much"
    assert not Tip.objects.exists()
    assert not Talk.objects.exists()
    again = text_of(site.get("/es/report"))
    assert TYPED["place"] not in again
    assert kept["token"] not in again


def test_sent_from_there_it_is_a_tip_of_that_language_and_once(site: Site) -> None:
    page = text_of(site.post("/es/report", {**site.form(), **TYPED, "language": "es"}))
    sent = {**hidden_in(page), **TYPED}
    first, second = site.post("/es/report", sent), site.post("/es/report", sent)
    assert code_in(first) == code_in(second)
    assert [tip.language for tip in Tip.objects.all()] == ["es"]


def test_an_empty_form_becomes_the_one_that_everybody_gets(site: Site) -> None:
    kept = hidden_in(text_of(site.get("/report?d=maple-valley")))
    answer = site.post("/ar/report", {**kept, "text": " ", "who": "", "language": "ar"})
    assert (answer.status_code, answer["Location"]) == (303, "/ar/report?d=maple-valley")
    poster = site.form("/r/cedar")
    answer = site.post("/ar/report", {**poster, "text": "", "language": "ar"})
    assert (answer.status_code, answer["Location"]) == (303, "/ar/r/cedar")


def test_what_another_website_filled_in_is_said_to_be_so(site: Site) -> None:
    forged = {"token": "known-to-them", "text": "Not mine.", "language": "es"}
    answer = site.post("/es/report", forged, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert hidden_in(text_of(answer))["token"] != "known-to-them"


@pytest.mark.parametrize("path", ["/report", "/r/cedar", "/back"])
def test_enter_in_a_field_never_presses_a_language(site: Site, path: str) -> None:
    page = site.get(path).content.decode()
    form = re.search(r'<form[^>]* id="([\w-]+)"', page)
    assert form is not None
    own = [
        button
        for button in re.findall(r"<button[^>]*>", page)
        if f'form="{form[1]}"' in button or page.index(button) > page.index(form[0])
    ]
    assert 'name="language"' not in own[0]
    assert sum('name="language"' in button for button in own) == len(LANGUAGES)


def test_links_that_lead_away_from_a_form_open_beside_it(site: Site) -> None:
    thanks = site.send("/report?d=maple-valley", text=WORDS)
    for page in (site.get("/report"), site.get("/back"), site.get("/talk"), thanks):
        for link in re.findall(r"<a\s[^>]*>", page.content.decode()):
            target = re.search(r'href="([^"]*)"', link)
            assert target is not None
            if target[1].startswith(("#", "tel:", "sms:")) or "data-leave" in link:
                continue
            assert 'target="_blank"' in link, link
            assert 'rel="noopener"' in link, link


def test_the_reply_and_the_answers_stay_with_the_code_in_sight(site: Site) -> None:
    thanks = site.send("/report?d=maple-valley", tile="suicide", when="now")
    typed = {"text": "I am “here” & well", "means": "yes", "place": "at home"}
    fields = {**hidden_in(text_of(thanks)), **typed}
    turns = Message.objects.count()
    answer = site.post("/es/talk/message", {**fields, "language": "es"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert '<html lang="es"' in page
    assert code_in(answer) == code_in(thanks)
    assert standing(text_of(answer)) | typed == standing(text_of(answer))
    assert Message.objects.count() == turns
    assert not answer.cookies
    # Without the code the same, at the conversation's own page.
    fields.pop("code")
    answer = site.post("/ar/talk/message", {**fields, "language": "ar"})
    assert '<html lang="ar"' in answer.content.decode()
    assert standing(text_of(answer)) | typed == standing(text_of(answer))
    assert Message.objects.count() == turns


def test_either_button_sends_message_and_answers(site: Site) -> None:
    for path, text in (("message", "By the first."), ("answers", "By the second.")):
        fields = hidden_in(text_of(site.send("/report?d=maple-valley", tile="suicide")))
        answer = site.post(f"/talk/{path}", {**fields, "text": text, "means": "yes"})
        assert answer.status_code == 200
        assert 'name="means"' not in text_of(answer), "what is answered is not asked again"
        assert text in text_of(site.get("/talk/live"))


def test_what_could_not_be_sent_stays_whole_when_the_conversation_was_closed(site: Site) -> None:
    code = code_in(site.send("/report?d=maple-valley", tile="suicide"))
    Talk.objects.all().delete()
    typed = {"text": "One more thing.", "means": "yes", "once": "x"}
    page = text_of(site.post("/es/talk/message", {**typed, "language": "es"}))
    assert standing(page)["text"] == "One more thing."
    site.post("/es/back", {**hidden_in(page), "text": "One more thing.", "code": code})
    assert "One more thing." in text_of(site.get("/talk/live"))
    assert 'name="means"' not in text_of(site.get("/talk"))


def test_words_typed_to_come_back_stay_and_are_not_tried(site: Site) -> None:
    code = code_in(site.send())
    site.client.cookies.clear()
    answer = site.post("/ar/back", {"code": code, "text": "Keep me.", "language": "ar"})
    assert answer.status_code == 200
    assert not answer.cookies
    page = text_of(answer)
    assert '<html lang="ar"' in page
    assert (standing(page)["code"], standing(page)["text"]) == (code, "Keep me.")


def test_at_the_address_of_the_change_nothing_is_ever_filed(site: Site) -> None:
    """It counts as no tip of its place, so that it must take none."""
    answer = site.post("/report/language", {"text": "She is crying.", "tile": "bullying"})
    assert answer.status_code == 200
    assert "She is crying." in text_of(answer)
    assert not Tip.objects.exists()
    assert site.get("/report/language")["Location"] == "/report"
