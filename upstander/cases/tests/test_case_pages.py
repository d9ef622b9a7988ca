"""A case on its page, from the first press to the last: what is refused keeps what was typed."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.models import Notice
from upstander.cases.actions.ending import close_case
from upstander.cases.models import Case, CaseAction, CaseClosing
from upstander.cases.rights import CaseRight
from upstander.cases.tests.story import begin, opened, teacher
from upstander.people.permissions import GRANTED
from upstander.people.roles import Role

WORDS = "What somebody wrote at length."


def press(client: Client, case: UUID, what: str, **sent: Any) -> str:
    """Press a button and read the page on which one ends up."""
    response = client.post(f"/cases/{case}/{what}", sent, follow=True)
    assert response.status_code in (200, 422), what
    return unescape(response.content.decode())


@pytest.mark.slow
@pytest.mark.django_db
def test_a_case_from_its_first_press_to_its_last(cast: Cast) -> None:
    case, tess = begin(cast, "tara"), teacher(cast)
    tara, tom = cast.client("tara"), cast.client("tom")
    tomorrow = (database_now() + timedelta(days=1)).date().isoformat()
    page = press(tara, case, "share", person=tess, until=tomorrow, words="Teaches the class.")
    assert "Tess" in page
    assert "Teaches the class." in page
    assert cast.client("tess").get(f"/cases/{case}").status_code == 200
    assert "Shared with me" in unescape(cast.client("tess").get("/cases").content.decode())
    assert str(case) in cast.client("tess").get("/cases").content.decode()
    page = press(tara, case, "note", kind="note", words="Only for few.", seen_by="inner")
    assert "Only for few." in page
    assert "Only for few." not in tom.get(f"/cases/{case}").content.decode()
    press(tara, case, "let-in", person=cast.people["tom"].pk)
    assert "Only for few." in tom.get(f"/cases/{case}").content.decode()
    press(tara, case, "unshare", person=tess)
    assert cast.client("tess").get(f"/cases/{case}").status_code == 404
    assert "life-safety" in press(tom, case, "danger", words="He said it again.")
    other = begin(cast, "tara")
    number = Case.objects.get(pk=other).reference
    assert number in press(tom, case, "links", reference=number)
    press(tara, case, "home", home="yes", words="He said so.")
    press(tara, case, "action", kind="parents", owner=cast.people["tom"].pk, words="By phone.")
    action = CaseAction.objects.get(case_id=case, kind="parents")
    page = press(tara, case, "close", disposition="resolved", words=WORDS)
    assert "still on the list" in page
    assert WORDS in page, "what was typed is not lost"
    press(tom, case, f"actions/{action.pk}/hand", owner=cast.people["uma"].pk)
    press(cast.client("uma"), case, f"actions/{action.pk}/end", words="They came at once.")
    page = press(tom, case, "close", disposition="resolved", words=WORDS)
    assert "a second person" in page
    closing = CaseClosing.objects.get(case_id=case)
    assert "not the case lead" in press(tara, case, f"closings/{closing.pk}", agree="yes")
    assert "What you reviewed" in unescape(
        cast.client("uma").get(f"/cases/{case}").content.decode()
    )
    page = press(cast.client("uma"), case, f"closings/{closing.pk}", agree="yes", words="I agree.")
    assert "reviewed by Uma" in page
    assert "Look again, 7 days after closing" in page
    assert str(case) in tara.get("/cases?list=closed").content.decode()
    follow_up = CaseAction.objects.filter(closing_id=closing.pk).earliest("due_at")
    press(tara, case, f"actions/{follow_up.pk}/end", words="All is well.")
    page = press(tara, case, "reopen", words="It began again.")
    assert "It began again." in page
    assert Case.objects.get(pk=case).state == "open"
    page = press(tara, case, "lead", person=cast.people["uma"].pk)
    assert "led by Uma" in page
    page = press(tom, case, "keep-out", person=cast.people["tara"].pk, words="It is about her.")
    assert "Somebody is kept out" in page
    assert tara.get(f"/cases/{case}").status_code == 404


@pytest.mark.django_db
def test_whoever_works_on_a_case_without_the_right_to_close_does_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, of_life = begin(cast, "tara"), begin(cast, "tara", life_safety=True)
    closing = close_case(opened(cast, "tara", of_life), "resolved", "Over.")
    uma = cast.client("uma")
    assert "Close the case" in uma.get(f"/cases/{case}").content.decode()
    assert "I agree: close it" in uma.get(f"/cases/{of_life}").content.decode()
    without = GRANTED[Role.TEAM_MEMBER] - {CaseRight.CLOSE_CASES}
    monkeypatch.setitem(GRANTED, Role.TEAM_MEMBER, without)
    assert "Close the case" not in uma.get(f"/cases/{case}").content.decode()
    assert "I agree: close it" not in uma.get(f"/cases/{of_life}").content.decode()
    ends = {"disposition": "resolved", "words": WORDS}
    assert uma.post(f"/cases/{case}/close", ends).status_code == 403
    agrees = {"agree": "yes", "words": WORDS}
    assert uma.post(f"/cases/{of_life}/closings/{closing.pk}", agrees).status_code == 403
    assert {row.state for row in Case.objects.all()} == {"open", "review"}
    # The rest of the page is theirs as before, and nobody asks them for a review.
    assert WORDS in press(uma, case, "note", kind="note", words=WORDS)
    Notice.objects.all().delete()
    close_case(opened(cast, "tara", begin(cast, "tara", life_safety=True)), "resolved", "Over.")
    assert not Notice.objects.filter(kind="case_review", person_id=cast.people["uma"].pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "sent"),
    [
        ("note", {"kind": "begun", "words": WORDS}),
        ("note", {"kind": "note", "words": "  "}),
        ("person", {"name": WORDS, "role": "nobody", "sure": "said"}),
        ("person", {"person": "nonsense", "role": "harmed", "sure": "said"}),
        ("home", {"home": "perhaps"}),
        ("action", {"kind": "follow_up", "words": WORDS}),
        ("action", {"kind": "check_in", "owner": "999999", "words": WORDS}),
        ("share", {"person": "x", "until": "2026-13-40"}),
        ("share", {"person": "1", "until": "2099-01-01", "words": WORDS}),
        ("unshare", {}),
        ("let-in", {"person": "1"}),
        ("keep-out", {"person": ""}),
        ("lead", {"person": "0"}),
        ("danger", {"words": ""}),
        ("tips", {"tip": "no-id"}),
        ("links", {"reference": "C0000-0000"}),
        ("close", {"disposition": "no such", "words": WORDS}),
        ("reopen", {"words": WORDS}),
        ("files", {}),
    ],
)
def test_nonsense_is_refused_in_words_and_changes_nothing(
    cast: Cast, what: str, sent: dict[str, str]
) -> None:
    case = begin(cast)
    before = Case.objects.values().get(pk=case)
    response = cast.client("tom").post(f"/cases/{case}/{what}", sent)
    assert response.status_code == 422
    assert "notice" in response.content.decode()
    assert Case.objects.values().get(pk=case) == before


@pytest.mark.django_db
def test_its_page_asks_the_same_however_long_its_story(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    case, tom = begin(cast), cast.client("tom")
    sent = {"kind": "note", "words": WORDS}
    person = {"name": "A student", "role": "witness", "sure": "said"}
    tom.post(f"/cases/{case}/note", sent)
    with django_assert_max_num_queries(90) as few:
        tom.get(f"/cases/{case}")
    asked = len(few.captured_queries)
    for _ in range(4):
        tom.post(f"/cases/{case}/note", sent)
        tom.post(f"/cases/{case}/person", person)
        tom.post(f"/cases/{case}/action", {"kind": "check_in", "words": WORDS})
    with django_assert_max_num_queries(asked):
        tom.get(f"/cases/{case}")
