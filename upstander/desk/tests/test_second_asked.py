"""Whoever is asked as the second person before police are sent finds the question at once."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.carriers.notices import bundle
from upstander.cases.tests.story import pass_time
from upstander.decisions.actions import decide, propose
from upstander.decisions.models import SecondOpinion
from upstander.emergency.actions.help import (
    ask_for_police,
    decide_police,
    record_call,
    refuse_police,
)
from upstander.emergency.models import Call
from upstander.emergency.tests.story import LINES, claimed
from upstander.people.models import Person
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import exclude_people

pytestmark = pytest.mark.django_db

WHY = "He is alone there and nobody picks up."


def test_the_link_leads_to_the_question_and_each_list_counts_it(cast: Cast) -> None:
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    told = Notice.objects.get(kind="second_person", person_id=cast.people["sam"].pk)
    person = Person.objects.get(pk=told.person_id)
    path = bundle(person, [(told.kind, told.detail)], urgent=True).link_path
    sam, alice = cast.client("sam"), cast.client("alice")

    tip = sam.get(path, follow=True)
    page = tip.content.decode()
    assert path == f"/tips/{opened.tip.pk}"
    assert "may police be sent?" in page
    assert WHY in page
    assert str(asked.pk) in page
    # Above all else that stands beside the words.
    assert page.index("may police be sent?") < page.index('data-part="banner"')
    assert str(asked.pk) not in alice.get(f"/tips/{opened.tip.pk}").content.decode()

    sheet = sam.get(f"/tips/{opened.tip.pk}/911").content.decode()
    assert sheet.index(str(asked.pk)) < sheet.index('id="unverified"')
    own = alice.get(f"/tips/{opened.tip.pk}/911").content.decode()
    assert own.index(str(asked.pk)) > own.index('id="unverified"')

    row = sam.get("/queue").content.decode().split(f'id="tip-{opened.tip.pk}"')[1]
    assert "police: second person asked" in row.split("</li>")[0]
    answer = sam.get("/supervisor")
    assert [one.path for one in answer.context["opinions"]] == [
        f"/tips/{opened.tip.pk}/911#police-asked"
    ]
    assert '<a href="#opinions">1</a>' in answer.content.decode()

    decide_police(cast.viewer("sam"), opened.tip.pk, asked.pk, agree=False)
    assert "police: second person asked" not in sam.get("/queue").content.decode()
    assert str(asked.pk) not in sam.get(path, follow=True).content.decode()
    assert sam.get("/supervisor").context["opinions"] == []


def test_whoever_may_agree_sees_it_above_the_queue_and_at_its_head(cast: Cast) -> None:
    others = [claimed(cast) for _ in range(2)]
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    seen = cast.client("sam").get("/queue")
    page = BeautifulSoup(seen.content, "html.parser")
    line = page.select_one("#asked a")
    assert line is not None
    assert line["href"] == f"/tips/{opened.tip.pk}"
    assert page.select_one('#figures a[href="#asked"]') is not None
    # It stands first of its priority, and its mark first on it.
    assert seen.context["rows"][0].id == opened.tip.pk
    assert seen.context["rows"][0].place < seen.context["rows"][1].place
    assert len(seen.context["rows"]) == len(others) + 1
    mark = page.select_one(f"#tip-{opened.tip.pk} .row-meta > *")
    assert mark is not None
    assert "second person asked" in mark.get_text()
    own = BeautifulSoup(cast.client("alice").get("/queue").content, "html.parser")
    assert own.select_one("#asked a") is None, "nobody is asked about their own"
    decide_police(cast.viewer("alice"), opened.tip.pk, asked.pk, agree=False)
    after = BeautifulSoup(cast.client("sam").get("/queue").content, "html.parser")
    assert after.select_one("#asked a") is None


def lines(cast: Cast, name: str, path: str) -> list[str]:
    """Where the banner of asked questions leads on somebody's page; it is hidden without any."""
    page = BeautifulSoup(cast.client(name).get(path, follow=True).content, "html.parser")
    links = [str(link["href"]) for link in page.select("#asked a")]
    assert all(box.has_attr("hidden") is not bool(links) for box in page.select("#asked"))
    return links


def test_it_stands_on_each_page_of_whoever_may_agree_but_where_it_is_decided(cast: Cast) -> None:
    other = claimed(cast, "bea")
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    tip = f"/tips/{opened.tip.pk}"
    for path in (f"/tips/{other.tip.pk}", f"/tips/{other.tip.pk}/911", "/people/me/", "/oncall"):
        assert lines(cast, "bea", path) == [tip], path
        assert lines(cast, "alice", path) == [], "who asks is not asked"
    assert lines(cast, "bea", tip) == []
    assert lines(cast, "tom", "/people/me/") == [], "nobody of a school may agree"
    exclude_people(open_tip(cast.viewer("sam"), opened.tip.pk), [cast.people["bea"].pk])
    assert lines(cast, "bea", "/people/me/") == [], "it is kept from them"
    assert lines(cast, "sam", "/people/me/") == [tip]
    decide_police(cast.viewer("sam"), opened.tip.pk, asked.pk, agree=False)
    assert lines(cast, "sam", "/people/me/") == []


def test_whoever_asked_reads_who_was_told(cast: Cast) -> None:
    opened = claimed(cast)
    ask_for_police(opened, WHY)
    sheet = cast.client("alice").get(f"/tips/{opened.tip.pk}/911").content
    police = BeautifulSoup(sheet, "html.parser").select_one("#police .request form")
    assert police is not None
    said = " ".join(police.get_text().split())
    told = Notice.objects.filter(kind="second_person").order_by("person_id")
    names = [Person.objects.get(pk=one.person_id).name for one in told]
    assert cast.people["sam"].name in names
    assert f"Told: {', '.join(names)}." in said
    assert "Asked just now." in said
    assert "Nobody has answered yet." in said


def test_no_police_has_its_reason_and_whoever_asked_reads_it(cast: Cast) -> None:
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    path = reverse("emergency:decide", args=[opened.tip.pk, asked.pk])
    sam = cast.client("sam")
    sam.get(f"/tips/{opened.tip.pk}")
    bare = sam.post(path, {"agree": "no", "why": " "}, follow=True).content.decode()
    assert "Say why no police" in bare
    asked.refresh_from_db()
    assert asked.outcome == ""
    assert not Notice.objects.filter(kind="second_person_said").exists()
    sam.post(path, {"agree": "no", "why": "His aunt is with him."})
    asked.refresh_from_db()
    assert asked.outcome == "refused"
    tip = cast.client("alice").get(f"/tips/{opened.tip.pk}").content.decode()
    assert "No police: His aunt is with him." in tip
    # One's own request is taken back without one.
    again = ask_for_police(opened, WHY)
    path = reverse("emergency:decide", args=[opened.tip.pk, again.pk])
    cast.client("alice").post(path, {"agree": "no"})
    again.refresh_from_db()
    assert again.outcome == "withdrawn"


def test_the_open_sheet_is_told_what_was_decided(cast: Cast) -> None:
    opened = claimed(cast)
    sheet = cast.client("alice").get(f"/tips/{opened.tip.pk}/911").content.decode()
    page = BeautifulSoup(sheet, "html.parser")
    assert page.select_one(f'#live-stream[data-at="{opened.tip.pk}"]') is not None
    assert page.select_one(f'#decided[data-tip="{opened.tip.pk}"]') is not None
    assert page.select_one('script[src*="desk/sheet"]') is not None


def test_whoever_asked_reads_why_not_and_not_their_own_words_as_the_reason(cast: Cast) -> None:
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    refuse_police(open_tip(cast.viewer("sam"), opened.tip.pk), asked.pk, "Ask where first.")
    alice = cast.client("alice")
    page = alice.get(f"/tips/{opened.tip.pk}").content.decode()
    assert "Ask where first." in page.split('data-part="police-asked"')[1].split("data-part")[0]
    sheet = " ".join(alice.get(f"/tips/{opened.tip.pk}/911").content.decode().split())
    [refused] = re.findall(r"did not agree.*?</p>", sheet)
    before, after = refused.split("What was asked for:")
    assert WHY not in before
    assert "a note on the tip" in before
    assert WHY in after


def told_by_notice(cast: Cast, name: str, kind: str) -> list[str]:
    """Return where the notices of a kind lead somebody; each tells nothing but the number."""
    person = cast.people[name]
    rows = Notice.objects.filter(kind=kind, person_id=person.pk)
    assert all(set(row.detail) == {"reference", "tip"} for row in rows)
    made = [bundle(person, [(row.kind, row.detail)], urgent=True) for row in rows]
    return [one.link_path for one in made]


@pytest.mark.parametrize("agree", [True, False])
def test_whoever_asked_hears_what_was_decided(cast: Cast, agree: bool) -> None:
    opened = claimed(cast)
    path = f"/tips/{opened.tip.pk}"
    asked = ask_for_police(opened, WHY)
    alice, bea = cast.client("alice"), cast.client("bea")
    open_tip(cast.viewer("sam"), opened.tip.pk)
    decide_police(cast.viewer("sam"), opened.tip.pk, asked.pk, agree=agree)
    assert told_by_notice(cast, "alice", "second_person_said") == [path]
    assert told_by_notice(cast, "sam", "second_person_said") == []
    words = "a second person agreed" if agree else "a second person said no"
    # The row is everybody's and says whose question it was; the line above is the asker's.
    queue, other = (client.get("/queue").content.decode() for client in (alice, bea))
    row = f'data-answered="{cast.people["alice"].pk}"'
    assert row in queue
    assert row in other
    assert f"You asked for police: {words}" in queue
    assert "You asked for police" not in other
    pass_time(seconds=5)
    shown = alice.get(path).content.decode()
    assert words in shown.lower()
    # What the open page fetches when the stream tells of the tip says it too.
    assert words in alice.get(f"{path}/parts").content.decode().lower()
    assert "Sam" in shown.split('data-part="police-asked"')[1].split("data-part")[0]
    assert words not in bea.get(path).content.decode().lower()
    # Read: the line above goes, the answer on the tip stays until it is acted on.
    assert "You asked for police" not in alice.get("/queue").content.decode()
    record_call(opened, LINES, line=Call.Line.E911, police=True, danger_now=False)
    assert words not in alice.get(path).content.decode().lower()


def test_who_takes_it_back_or_is_kept_out_by_now_is_told_of_nothing(cast: Cast) -> None:
    opened = claimed(cast)
    asked = ask_for_police(opened, WHY)
    decide_police(opened.viewer, opened.tip.pk, asked.pk, agree=False)
    assert "You asked for police" not in cast.client("alice").get("/queue").content.decode()
    asked = ask_for_police(opened, WHY)
    exclude_people(open_tip(cast.viewer("sam"), opened.tip.pk), [cast.people["alice"].pk])
    decide_police(cast.viewer("sam"), opened.tip.pk, asked.pk, agree=False)
    assert told_by_notice(cast, "alice", "second_person_said") == []
    assert "You asked for police" not in cast.client("alice").get("/queue").content.decode()


def test_whoever_proposed_hears_that_a_second_person_decided(cast: Cast) -> None:
    opened = claimed(cast)
    asked = propose(
        opened, SecondOpinion.Kind.LOWER, words="He is safe at home.", to_priority="urgent"
    )
    decide(cast.viewer("sam"), asked.pk, agree=False)
    assert told_by_notice(cast, "alice", "second_opinion_said") == [f"/tips/{opened.tip.pk}"]


def test_figures_count_each_call_that_the_text_above_them_names(cast: Cast) -> None:
    opened = claimed(cast)
    call = record_call(opened, LINES, line=Call.Line.E911, police=None, danger_now=False)
    assert call.flagged
    answer = cast.client("sam").get("/supervisor")
    assert [one.flagged for one in answer.context["shares"]] == [1, 1, 1]
    assert [one.police for one in answer.context["shares"]] == [0, 0, 0]
    assert len(answer.context["flagged"]) == 1
