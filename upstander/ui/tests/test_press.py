"""The page wrapper: what was typed outlives a refusal, a wrong method and a lost database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from upstander.base.refused import Refused
from upstander.ui.press import (
    Again,
    Done,
    Misfilled,
    Page,
    Said,
    filled,
    refusal_on,
    refusal_told,
    refused_as,
)

WORDS = "Two sentences that nobody <b>types</b> twice. They took a while."


class NoteForm(forms.Form):
    """A form with a field of its own, and one that any page may have."""

    text = forms.CharField()
    kind = forms.CharField(required=False)


class Door:
    """A page of room 7 that counts who came how far."""

    def __init__(self) -> None:
        self.opened: list[tuple[object, str]] = []
        self.looked: list[object] = []
        self.again: list[Again] = []
        self.page = Page(
            guard=lambda view: view,
            key="room_id",
            opens=self._open,
            home="/rooms/{}".format,
            again=self._again,
            looks=lambda _request, key: self.looked.append(key),
        )

    def _open(self, _request: HttpRequest, key: object, act: str) -> object:
        if key == 404:
            raise Http404
        if key == 8:
            return HttpResponse("shut", status=403)
        self.opened.append((key, act))
        return f"room {key}"

    def _again(self, _request: HttpRequest, opened: object, again: Again) -> HttpResponse:
        self.again.append(again)
        return HttpResponse(
            f"{opened}: {' '.join(map(str, again.typed.values()))}", status=again.status
        )


@pytest.fixture
def door() -> Door:
    return Door()


def sent(method: str = "post", **typed: str) -> HttpRequest:
    """Make a request on which messages can be left."""
    make: Callable[..., HttpRequest] = getattr(RequestFactory(), method)
    request = make("/rooms/7/note", typed)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def said(request: HttpRequest) -> list[tuple[str, str]]:
    return [(one.level_tag, str(one)) for one in get_messages(request)]


def refuse(*words: str, **more: Any) -> Callable[..., Done]:
    def note(request: HttpRequest, opened: str) -> str:
        raise Refused(*words, **more)

    return note


def test_an_act_gets_what_the_page_opened_and_says_where_to_go_on(door: Door) -> None:
    asked: list[tuple[object, ...]] = []

    def note(request: HttpRequest, opened: str, row_id: int) -> str:
        """Keep a note."""
        asked.append((opened, row_id))
        return "#notes"

    view = door.page.act(note)
    answer = view(sent(), room_id=7, row_id=3)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rooms/7#notes")
    assert asked == [("room 7", 3)]
    assert door.opened == [(7, "note")], "the record says for what it was opened"
    assert (view.__name__, view.__doc__) == ("note", "Keep a note.")


def test_an_act_may_need_more_than_its_page(door: Door) -> None:
    def note(request: HttpRequest, opened: str) -> str:
        """Keep a note."""
        return ""

    def nobody(view: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(request: HttpRequest, /, **ids: object) -> HttpResponse:
            raise PermissionDenied

        return guarded

    for method in ("post", "get"):
        with pytest.raises(PermissionDenied):
            door.page.act(needs=nobody)(note)(sent(method), room_id=7)
    assert (door.opened, door.looked) == ([], []), "not even opened"
    assert door.page.act(needs=lambda view: view)(note)(sent(), room_id=7).status_code == 302
    # It is asked for beside the page's own, and never in its place.
    shut = replace(door.page, guard=nobody)
    with pytest.raises(PermissionDenied):
        shut.act(needs=lambda view: view)(note)(sent(), room_id=7)


def test_an_act_gets_the_id_too_if_it_asks_for_it_and_may_lead_elsewhere(door: Door) -> None:
    def leave(request: HttpRequest, opened: str, room_id: int) -> str:
        return f"/after/{room_id}"

    assert door.page.act(leave)(sent(), room_id=7).headers["Location"] == "/after/7"


def test_what_was_done_is_said_and_an_own_answer_is_given_as_it_is(door: Door) -> None:
    request = sent()
    answer = door.page.act(lambda _request, _opened: Said("Kept."))(request, room_id=7)
    assert (answer.headers["Location"], said(request)) == ("/rooms/7", [("success", "Kept.")])
    answer = door.page.act(lambda _request, _opened: HttpResponse("a file"))(sent(), room_id=7)
    assert answer.content == b"a file"  # type: ignore[attr-defined]


def test_a_refusal_shows_the_page_again_with_all_that_was_typed(door: Door) -> None:
    request = sent(text=WORDS)
    refused = refuse("It is closed.", kept="Your words stand below.")
    answer = door.page.act(refused)(request, room_id=7)
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()  # type: ignore[attr-defined]
    assert said(request) == [("error", "It is closed. Your words stand below.")]
    assert (door.again[0].act, door.again[0].key) == ("note", 7)


def test_a_refusal_may_have_another_status(door: Door) -> None:
    answer = door.page.act(refuse("Somebody was faster.", status=409))(sent(), room_id=7)
    assert answer.status_code == 409


def test_a_page_that_is_not_shown_again_says_the_refusal_where_it_leads(door: Door) -> None:
    page = Page(guard=lambda view: view, key="room_id", opens=door._open, home="/rooms/{}".format)
    request = sent(text=WORDS)
    answer = page.act(refuse("It is closed."))(request, room_id=7)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rooms/7")
    assert said(request) == [("error", "It is closed.")]


def test_a_form_with_a_mistake_says_so_itself(door: Door) -> None:
    def note(request: HttpRequest, opened: str) -> str:
        filled("note", NoteForm(request.POST))
        raise AssertionError("a form with a mistake went through")

    request = sent(kind=WORDS)
    assert door.page.act(note)(request, room_id=7).status_code == 422
    form = door.again[0].forms["note"]
    assert list(form.errors) == ["text"]
    assert form["kind"].value() == WORDS
    assert said(request) == [], "nothing is said twice"


def test_what_the_action_refuses_stands_in_the_form_beside_its_field(door: Door) -> None:
    def note(request: HttpRequest, opened: str) -> str:
        form = filled("note", NoteForm(request.POST))
        with refused_as("note", form):
            raise Refused("No.", problems={"text": "Too short.", "no such field": "No time."})

    assert door.page.act(note)(sent(text=WORDS), room_id=7).status_code == 422
    form = door.again[0].forms["note"]
    assert form["text"].value() == WORDS
    assert form.errors == {"text": ["Too short."], "__all__": ["No time."]}


def test_a_form_of_its_own_page_keeps_what_was_typed() -> None:
    form = NoteForm({"text": WORDS})
    form.is_valid()
    with refusal_on(form, "text"):
        raise Refused("Not now.")
    assert form.errors == {"text": ["Not now."]}
    with refusal_on(form):
        raise Refused("Nor later.", kept="Your words are here.")
    assert form.errors["__all__"] == ["Nor later. Your words are here."]
    assert form["text"].value() == WORDS


@pytest.mark.parametrize("error", [ValueError, Http404, PermissionDenied, IntegrityError])
def test_nothing_but_a_refusal_is_ever_swallowed(door: Door, error: type[Exception]) -> None:
    def note(request: HttpRequest, opened: str) -> str:
        raise error

    with pytest.raises(error):
        door.page.act(note)(sent(text=WORDS), room_id=7)
    with pytest.raises(error), refusal_on(NoteForm({})):
        raise error
    with pytest.raises(error), refusal_told(sent()):
        raise error


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_wrong_method_does_nothing(door: Door, method: str) -> None:
    assert door.page.act(refuse("Never."))(sent(method), room_id=7).status_code == 405
    assert (door.opened, door.looked) == ([], [])


def test_a_get_of_an_acts_address_leads_to_the_page_and_does_nothing(door: Door) -> None:
    answer = door.page.act(refuse("Never."))(sent("get"), room_id=7)
    assert answer.headers["Location"] == "/rooms/7"
    assert (door.opened, door.looked) == ([], [7])


def test_an_act_that_takes_a_press_alone_answers_nothing_else(door: Door) -> None:
    page = Page(guard=lambda view: view, key="room_id", opens=door._open, home=str, only_post=True)
    assert page.act(refuse("Never."))(sent("get"), room_id=7).status_code == 405
    assert door.opened == []


def test_a_page_that_is_its_own_form_is_read_by_a_get(door: Door) -> None:
    page = Page(
        guard=lambda view: view,
        key="room_id",
        opens=door._open,
        home=str,
        reads=lambda _request, opened: HttpResponse(opened),
    )
    answer = page.act(refuse("Never."))(sent("get"), room_id=7)
    assert answer.content == b"room 7"  # type: ignore[attr-defined]


def test_what_is_shut_or_not_there_is_answered_before_anything_is_done(door: Door) -> None:
    view = door.page.act(refuse("Never."))
    assert view(sent(), room_id=8).status_code == 403
    with pytest.raises(Http404):
        view(sent(), room_id=404)


def test_the_guard_stands_before_the_page_is_opened(door: Door) -> None:
    def closed(view: object) -> Callable[..., HttpResponse]:
        def guarded(*_args: object, **_ids: object) -> HttpResponse:
            raise PermissionDenied

        return guarded

    page = Page(guard=closed, key="room_id", opens=door._open, home=str)
    with pytest.raises(PermissionDenied):
        page.act(refuse("Never."))(sent(), room_id=7)
    assert door.opened == []


@pytest.mark.django_db
def test_a_database_that_goes_away_gives_the_words_back(door: Door) -> None:
    """A connection is really cut, in the middle of the act."""

    def note(request: HttpRequest, opened: str) -> Said:
        second = connection.copy()
        try:
            with second.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        finally:
            second.close()
        return Said("Kept.")

    request = sent(text=WORDS, csrfmiddlewaretoken="t" * 64, kind="urgent")
    answer = door.page.act(note)(request, room_id=7)
    shown = answer.content.decode()  # type: ignore[attr-defined]
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "Two sentences that nobody &lt;b&gt;types&lt;/b&gt; twice." in shown
    assert "may not have been saved" in shown, "it promises neither"
    assert "t" * 64 not in shown
    assert said(request) == [], "nothing is said to be kept"


def test_a_refusal_says_its_words_and_what_was_kept() -> None:
    assert str(Refused("Not now.")) == "Not now."
    assert str(Refused("Not now.", kept="Your words are a draft.")) == (
        "Not now. Your words are a draft."
    )
    assert Refused("No.", problems=[("", "One."), ("", "Two.")]).problems == (
        ("", "One."),
        ("", "Two."),
    )
    assert str(Misfilled(note=NoteForm({}))) == ""


def test_words_for_which_the_page_has_no_form_any_more_are_said_above_it() -> None:
    def show(request: HttpRequest, opened: object, again: Again) -> HttpResponse:
        return HttpResponse("Closed. " + " ".join(str(one) for one in get_messages(request)))

    page = Page(
        guard=lambda view: view,
        key="room_id",
        opens=lambda *_args: "room",
        home="/rooms/{}".format,
        again=show,
    )
    request = sent(text=WORDS.replace(". ", ".\r\n"), kind="urgent")
    answer = page.act(refuse("It is closed."))(request, room_id=7)
    shown = answer.content.decode()  # type: ignore[attr-defined]
    assert shown.count("types") == 1
    assert "It is closed." in shown
    assert "urgent" not in shown, "a choice is chosen again in a moment"
    left = HttpResponse()
    request._messages.update(left)  # type: ignore[attr-defined]
    kept = left.cookies["messages"].value
    assert kept == "", "no word is left over where it would lie in clear"
