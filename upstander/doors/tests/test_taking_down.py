"""The desk's page on which a member of staff takes down what a child said."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.doors.adult import views
from upstander.doors.adult.relay import NotSent
from upstander.doors.tests.site import Site, hidden_in
from upstander.doors.tests.test_adult_link import FIELDS, SAID
from upstander.mandated.models import Consult
from upstander.people.scope import viewing
from upstander.tips.actions.adult_links import make_link, open_own
from upstander.tips.adult_words import taken_down
from upstander.tips.link_models import AdultLink
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.shown import dialog_panel
from upstander.vault.errors import KeySwapped


def page_of(response: Any) -> str:
    return html.unescape(response.content.decode())


CODE = "amber basin cedar delta ember flint grove"


@pytest.fixture
def handed_in(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """Stand in for the reporter's site: keep what it was sent."""
    sent: list[Mapping[str, str]] = []

    def hand_in(_link: str, fields: Mapping[str, str]) -> str:
        sent.append(fields)
        return CODE

    monkeypatch.setattr(views, "hand_in", hand_in)
    return sent


def form_of(cast: Cast, name: str = "tom") -> dict[str, str]:
    page = page_of(cast.client(name).get("/take-down"))
    return {"token": hidden_in(page)["token"]}


def test_the_words_go_in_with_who_took_them_down(cast: Cast, handed_in: list[Any]) -> None:
    tom = cast.client("tom")
    answer = tom.post("/take-down", {**form_of(cast), **FIELDS, "adult": "room 12"})
    assert answer.status_code == 200
    page = page_of(answer)
    assert all(word in page for word in CODE.split())
    assert "I suspect: go on" not in page
    [sent] = handed_in
    assert sent["text"] == SAID
    assert sent["adult"] == "Tom (school team member) – room 12"
    assert sent["district"] == cast.maple.slug


def test_who_suspects_is_asked_for_their_own_report_with_the_words(
    cast: Cast, handed_in: list[Any]
) -> None:
    tom = cast.client("tom")
    page = page_of(tom.post("/take-down", {**form_of(cast), **FIELDS, "suspects": "yes"}))
    assert "Your own report is still to be made." in page
    carried = hidden_in(page)
    assert carried["first_words"] == SAID
    begun = page_of(tom.post("/suspect", carried))
    assert SAID in begun
    assert FIELDS["adult_words"] in begun
    assert "errorlist" not in begun
    # Gone from the page without it, they find it on their day; begun, it is asked for no more.
    asked = "Your own report is not made yet: read what you wrote"
    assert asked in page_of(tom.get("/today"))
    [consult] = Consult.objects.all()
    kept = page_of(tom.get(f"/consults/{consult.pk}"))
    assert SAID in kept
    assert FIELDS["adult_words"] in kept
    assert asked not in page_of(cast.client("uma").get("/today"))
    told = {"rule": "abuse", "since": "now", "about": "nobody", "facts": SAID}
    sent = tom.post("/suspect", told | {"consult": hidden_in(begun)["consult"]})
    assert sent.status_code == 302, page_of(sent)
    consult.refresh_from_db()
    assert consult.duty_id is not None
    # They had said yes: nothing of the report says that they asked themselves first.
    assert "Asked themselves first" not in page_of(tom.get(f"/duties/{consult.duty_id}"))
    assert asked not in page_of(tom.get("/today"))


@pytest.mark.parametrize("fault", [DatabaseError("gone"), KeySwapped("tom"), Refused("no")])
def test_what_fails_after_it_went_takes_the_childs_words_from_nobody(
    cast: Cast, handed_in: list[Any], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def keep_consult(*_given: object, **_named: object) -> UUID:
        raise fault

    monkeypatch.setattr(views, "keep_consult", keep_consult)
    fields = {**form_of(cast), **FIELDS, "suspects": "yes"}
    page = page_of(cast.client("tom").post("/take-down", fields))
    assert all(word in page for word in CODE.split())
    assert "Your own report is still to be made." in page


def test_the_center_too_is_reminded_of_its_own_report(cast: Cast, handed_in: list[Any]) -> None:
    fields = {**form_of(cast, "alice"), **FIELDS, "suspects": "yes"}
    page = page_of(cast.client("alice").post("/take-down", fields))
    assert all(word in page for word in CODE.split())
    assert Consult.objects.get().person_id == cast.people["alice"].pk


@pytest.mark.parametrize("left_out", ["text", "suspects"])
def test_what_must_be_said_is_asked_and_nothing_typed_is_lost(
    cast: Cast, handed_in: list[Any], left_out: str
) -> None:
    answer = cast.client("tom").post("/take-down", {**form_of(cast), **FIELDS, left_out: ""})
    assert answer.status_code == 422
    assert FIELDS["adult_words"] in page_of(answer)
    assert handed_in == []


def test_while_the_other_site_is_away_nothing_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_link: str, _fields: Mapping[str, str]) -> str:
        raise NotSent

    monkeypatch.setattr(views, "hand_in", away)
    form = form_of(cast)
    answer = cast.client("tom").post("/take-down", {**form, **FIELDS})
    assert answer.status_code == 503
    assert SAID in page_of(answer)
    assert hidden_in(page_of(answer))["token"] == form["token"]


def test_what_the_desk_hands_in_is_a_tip_that_opens_nothing_to_its_writer(
    site: Site, cast: Cast
) -> None:
    tom, alice = cast.viewer("tom"), cast.viewer("alice")
    fields = {**FIELDS, "token": "t" * 24, "district": cast.maple.slug}
    codes = []
    for _ in range(2):  # the first answer was lost on its way
        link = open_own(tom, district_id=cast.maple.pk, school_id=cast.cedar.pk)
        codes.append(site.post(f"/adult/{link}", fields).content)
    assert codes[0] == codes[1]
    tip = Tip.objects.get()
    assert (tip.channel, tip.district_id) == ("staff", cast.maple.pk)
    assert not AdultLink.objects.exists()
    with viewing(tom):
        assert not Tip.objects.exists()
    assert read_contents(open_tip(alice, tip.pk)).turns[0].text == SAID


def test_the_record_keeps_who_it_was_and_no_page_shows_it(site: Site, cast: Cast) -> None:
    tom, ada, alice, dee = (cast.viewer(name) for name in ("tom", "ada", "alice", "dee"))
    link = open_own(tom, district_id=cast.maple.pk, school_id=None)
    site.post(f"/adult/{link}", {**FIELDS, "token": "t" * 24})
    entry = Entry.objects.get(action="words taken down")
    assert entry.actor_id == tom.person_id
    assert entry.matter_id == Tip.objects.get().matter_id
    for viewer in (ada, alice, dee):
        with viewing(viewer):
            assert not Entry.objects.filter(action="words taken down").exists()


@pytest.mark.parametrize("name", ["otto", "ada"])
def test_who_works_with_no_children_has_no_such_page(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/take-down").status_code == 403
    assert cast.client(name).get("/take-down/links").status_code == 403


def test_a_lead_makes_a_link_that_is_shown_once(cast: Cast) -> None:
    tara = cast.client("tara")
    page = page_of(tara.post("/take-down/links", {"school": cast.cedar.pk, "note": "Bus 4"}))
    assert "/adult/" in page
    again = page_of(tara.get("/take-down/links"))
    assert "/adult/" not in again
    assert "Bus 4" in again
    assert cast.client("tom").get("/take-down/links").status_code == 403


def test_the_centers_page_keeps_the_adults_words_apart(site: Site, cast: Cast) -> None:
    link = open_own(cast.viewer("tom"), district_id=cast.maple.pk, school_id=cast.cedar.pk)
    fields = {**FIELDS, "token": "t" * 24, "district": cast.maple.slug}
    site.post(f"/adult/{link}", fields)
    opened = open_tip(cast.viewer("alice"), Tip.objects.get().pk)
    contents = read_contents(opened)
    first, second = dialog_panel(contents.turns, {}, taken_down(opened.tip, contents.answers))
    assert (first.name, first.text) == ("Exact words, taken down by an adult", SAID)
    assert second.voice == "note"
    assert second.name == FIELDS["adult"]
    assert FIELDS["adult_words"] in second.text


def test_behind_a_link_nobody_poses_as_staff_or_picks_another_district(
    site: Site, cast: Cast
) -> None:
    link = make_link(cast.viewer("tara"), district_id=cast.maple.pk, school_id=None, note="Bus 4")
    fields = {
        **FIELDS,
        "token": "t" * 24,
        "adult": "Tom (school team member)",
        "signed_in": "yes",
        "by_desk": "1",
        "district": cast.pine.slug,
    }
    answer = site.post(f"/adult/{link}", fields)
    assert answer["Content-Type"].startswith("text/html")
    tip = Tip.objects.get()
    assert tip.district_id == cast.maple.pk
    opened = open_tip(cast.viewer("alice"), tip.pk)
    taken = taken_down(opened.tip, read_contents(opened).answers)
    assert taken is not None
    assert taken.who == "Not signed in: Tom (school team member)"
    assert "They had no account" in taken.text
