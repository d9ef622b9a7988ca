"""The second door of the form: to talk with the center, not to report."""

from __future__ import annotations

import pytest

from upstander.doors.tests.site import Site, code_in, hidden_in, text_of
from upstander.intake.taxonomy import questions_for
from upstander.tips.models import Tip

pytestmark = pytest.mark.usefixtures("either_intake")

FIRST = "A life in danger, or somebody hurting a child, can’t stay between us"
WORDS = "I don't know who to talk to."
SCHOOLS = ("Your school’s team", "the school’s team", "school at the school gets it")


@pytest.mark.parametrize("path", ["/report/talk", "/r/cedar/talk", "/report/talk?d=pine-hills"])
def test_its_first_line_says_what_cant_stay_there(site: Site, path: str) -> None:
    page = text_of(site.get(path))
    main = page[page.index("<main") :]
    assert main.index("</h1>") < main.index(FIRST) < main.index("<form")
    assert "<summary" not in main[: main.index(FIRST)]
    assert "unless you say yes" in main


def test_it_is_the_same_form_with_fewer_questions(site: Site) -> None:
    page = text_of(site.get("/report/talk?d=maple-valley"))
    asked = {q.key for q in questions_for("", {}, step="first", talk=True)}
    every = {q.key for q in questions_for("", {}, step="first")}
    assert asked < every
    assert {"who", "when", "tile"} < asked
    for key in every:
        assert (f'name="{key}"' in page) == (key in asked), key
    assert hidden_in(page).keys() == {"token", "district", "to_talk"}
    assert site.form("/report/talk").keys() == {"token", "to_talk"}


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/report", "/report/talk"),
        ("/report?d=maple-valley", "/report/talk?d=maple-valley"),
        ("/r/cedar", "/r/cedar/talk"),
        ("/d/maple-valley", "/report/talk?d=maple-valley"),
        ("/es/r/cedar", "/es/r/cedar/talk"),
        ("/report/talk", "/report"),
        ("/ar/r/cedar/talk", "/ar/r/cedar"),
    ],
)
def test_each_of_the_two_leads_to_the_other(site: Site, path: str, link: str) -> None:
    assert f'href="{link}"' in text_of(site.get(path))


def test_sent_it_is_kept_as_a_talk_and_spoken_of_as_one(site: Site) -> None:
    answer = site.send("/r/cedar/talk", text=WORDS, who="me")
    page = text_of(answer)
    assert answer.status_code == 200
    assert len(code_in(answer).split()) == 7
    assert "You did a good thing" in page
    assert FIRST in page
    assert not any(said in page for said in SCHOOLS)
    tip = Tip.objects.get()
    assert (tip.to_talk, tip.shared_for, tip.school_id) == (True, "", site.cast.cedar.pk)
    assert not any(said in text_of(site.get("/talk/live")) for said in SCHOOLS)
    assert not Tip.objects.exclude(to_talk=True).exists()


def test_danger_raises_it_as_it_raises_a_report(site: Site) -> None:
    page = text_of(site.send("/report/talk", text=WORDS, who="me", when="now", tile="suicide"))
    assert "Is somebody in danger right now?" in page
    tip = Tip.objects.get()
    assert (tip.priority, tip.happening_now, tip.to_talk) == ("life_safety", True, True)


def test_a_report_is_no_talk_whatever_else_is_sent(site: Site) -> None:
    site.send("/report", to_talk="")
    site.send("/report", to_talk="no")
    assert not Tip.objects.filter(to_talk=True).exists()


def test_another_language_and_an_error_keep_it_a_talk(site: Site) -> None:
    form = site.form("/r/cedar/talk")
    page = text_of(site.post("/es/report/language", {**form, "text": WORDS, "language": "es"}))
    assert WORDS in page
    assert "Si una vida peligra" in page
    assert hidden_in(page)["to_talk"] == "yes"
    assert hidden_in(page)["school"] == "Cedar Middle School"
    empty = site.post("/report", {**form, "text": ""})
    assert empty.status_code == 422
    assert hidden_in(text_of(empty))["to_talk"] == "yes"
    back = site.post("/es/report/language", {**form, "text": "", "language": "es"})
    assert back.headers["Location"] == "/es/r/cedar/talk"


def test_an_unknown_poster_is_not_here_either(site: Site) -> None:
    assert site.get("/r/nowhere/talk").status_code == 404
