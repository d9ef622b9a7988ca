"""Whoever works with an advocate there: told by the client's yes, and only while somebody goes."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser

from conftest import Cast
from upstander.audit.models import Entry
from upstander.helplines.actions import accompaniments as actions
from upstander.helplines.actions.accompaniments import State
from upstander.helplines.models import Partner
from upstander.helplines.tests.setup import KNOWS, NAME, WHERE, agency, asked, client_of
from upstander.people.links import MOST_MISSES

pytestmark = pytest.mark.django_db
ENTRANCE = "Side entrance on Mill Street"
FORM = {"who": "hospital", "entrance": ENTRANCE, "email": "desk@harbor.example", "agreed": "on"}


def gone_along(cast: Cast) -> UUID:
    """Let Joss go along with a client."""
    here = agency(cast)
    one = asked(here, client_of(here))
    actions.accept(cast.viewer("joss"), one)
    return one


def told(cast: Cast, one: UUID, **more: str) -> tuple[str, str]:
    """Tell the nurse; return the address of the link that was mailed, and the four words."""
    page = cast.client("joss").post(f"/accompaniments/{one}/partners", FORM | more)
    words = re.search(r'id="words">([^<]+)<', page.content.decode())
    link = re.search(r"/n/[\w-]+", str(mail.outbox[-1].body))
    assert words is not None
    assert link is not None
    return link[0], words[1]


def opens(link: str, words: str) -> int:
    """Return the status of opening it, as somebody who has no account."""
    return Browser(HTTP_HOST="localhost").post(link, {"words": words}).status_code


def test_partner_reads_who_comes_and_nothing_else(cast: Cast) -> None:
    one = gone_along(cast)
    link, words = told(cast, one)
    mailed = f"{mail.outbox[-1].subject} {mail.outbox[-1].body}"
    nurse = Browser(HTTP_HOST="localhost")
    shut = nurse.get(link).content.decode()
    read = nurse.post(link, {"words": words}).content.decode()
    for said in ("Joss comes", ENTRANCE, "An advocate is coming"):
        assert said in read
        assert said not in shut + mailed
    for never in (NAME, WHERE, KNOWS, "Harbor", "Heron", "client", "Spanish"):
        assert never not in read + shut + mailed
    shown = cast.client("wren").get(f"/accompaniments/{one}").content.decode()
    assert "The hospital’s staff" in shown


def test_partner_without_a_yes_is_not_told(cast: Cast) -> None:
    one = gone_along(cast)
    sent = {name: text for name, text in FORM.items() if name != "agreed"}
    answer = cast.client("joss").post(f"/accompaniments/{one}/partners", sent)
    assert answer.status_code == 422
    assert not Partner.objects.exists()
    assert not mail.outbox


def test_partner_before_anybody_goes_is_not_told(cast: Cast) -> None:
    here = agency(cast)
    one = asked(here, client_of(here))
    answer = cast.client("joss").post(f"/accompaniments/{one}/partners", FORM)
    assert "Nobody goes yet" in answer.content.decode()
    assert not Partner.objects.exists()


def test_yes_taken_back_ends_that_link_alone(cast: Cast) -> None:
    one = gone_along(cast)
    nurse, clerk = told(cast, one), told(cast, one, who="court")
    first = Partner.objects.order_by("at", "pk")
    by_link = {opens(*nurse), opens(*clerk)}
    assert by_link == {200}
    page = cast.client("wren").get(f"/accompaniments/{one}").content.decode()
    assert page.count("They take their yes back") == 2
    chosen = next(pk for pk in first.values_list("pk", flat=True) if leads(nurse[0], pk))
    wren = cast.client("wren")
    assert wren.post(f"/accompaniments/{one}/partners/{chosen}/take-back").status_code == 302
    assert (opens(*nurse), opens(*clerk)) == (410, 200)
    assert Partner.objects.count() == 1, "the copy itself is gone"
    assert wren.post(f"/accompaniments/{one}/partners/{chosen}/take-back").status_code == 404


def leads(link: str, pk: UUID) -> bool:
    """Tell whether a link is the one of a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM api.partner(p_link => %s)", [link.removeprefix("/n/")])
        return bool(cursor.fetchone() == (pk,))


@pytest.mark.parametrize("how", ["off", "left", "cannot"])
def test_partner_is_told_no_more_once(cast: Cast, how: str) -> None:
    one = gone_along(cast)
    joss = cast.viewer("joss")
    nurse = told(cast, one)
    if how == "off":
        actions.call_off(joss, one)
    elif how == "cannot":
        actions.cannot(joss, one)
    else:
        actions.step(joss, one, State.ARRIVED)
        assert opens(*nurse) == 200
        actions.step(joss, one, State.LEFT)
    assert not Partner.objects.exists()
    assert opens(*nurse) == 410


def test_wrong_words_are_counted_and_destroy_the_copy(cast: Cast) -> None:
    one = gone_along(cast)
    link, words = told(cast, one)
    wrong = " ".join(reversed(words.split()))
    assert [opens(link, wrong) for _ in range(MOST_MISSES)] == [422] * MOST_MISSES
    assert opens(link, words) == 410
    assert not Partner.objects.exists()


def test_stolen_database_tells_no_partner_anything(cast: Cast) -> None:
    one = gone_along(cast)
    link, _ = told(cast, one)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM helplines_partner p")
        ((found,),) = cursor.fetchall()
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_entry e")
        ((recorded,),) = cursor.fetchall()
    for word in ("Joss", ENTRANCE, "hospital", "harbor", link.removeprefix("/n/")):
        assert word not in found
        assert word.encode().hex() not in found
    assert ENTRANCE not in recorded
    told_of = Entry.objects.get(action="client partner told")
    assert (told_of.subject_kind, told_of.detail) == ("client", {})


@pytest.mark.parametrize("who", ["alice", "lark", "ada", "cora"])
def test_partner_can_be_told_by_nobody_else(cast: Cast, who: str) -> None:
    one = gone_along(cast)
    answer = cast.client(who).post(f"/accompaniments/{one}/partners", FORM)
    assert answer.status_code in (403, 404)
    assert not Partner.objects.exists()
