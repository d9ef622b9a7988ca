"""Calls at the desk: who waits where since when, and what each may do about it. Never a number."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F
from django.http import Http404, HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.desk.tests.tips import a_tip
from upstander.doors.actions import calls
from upstander.doors.call_models import Call, Leg
from upstander.doors.calls.cards import colleagues_for, live_cards
from upstander.doors.calls.codes import go_on
from upstander.doors.calls.shown import live_calls
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import PHONE, CallDoor
from upstander.doors.texts.tests.lines import at_desk
from upstander.people.scope import viewing
from upstander.places.models import School
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.reporter import open_with_code
from upstander.triage.actions.handoff import exclude_people

pytestmark = pytest.mark.django_db


def browser(door: CallDoor, name: str) -> Client:
    """Return somebody's browser, the same each time: what was said of a press waits in it."""
    browsers: dict[str, Client] = vars(door).setdefault("browsers", {})
    if name not in browsers:
        browsers[name] = door.cast.client(name)
    return browsers[name]


def page(door: CallDoor, path: str, name: str = "alice") -> str:
    """Return a page of the desk as somebody sees it."""
    with at_desk():
        return browser(door, name).get(path).content.decode()


def press(door: CallDoor, act: str, name: str = "alice", **fields: Any) -> HttpResponse:
    """Press a button of the call's card, as a form without script does."""
    with at_desk():
        found = browser(door, name).post(f"/tips/{door.tip().pk}/phone/{act}", fields)
    assert isinstance(found, HttpResponse)
    return found


def said(response: HttpResponse, door: CallDoor, name: str = "alice") -> str:
    """Return what the page after a press says."""
    return page(door, response["Location"], name)


def taken(door: CallDoor, name: str = "alice") -> str:
    """Let somebody take a call by their own phone; return the provider's id of the caller's leg."""
    browser(door, name)
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS[name])
    door.leg(mine, "1")
    door.work()
    return sid


def test_who_waits_stands_above_the_queue_at_once_and_without_a_number(door: CallDoor) -> None:
    door.ring()
    html = page(door, "/queue")
    card = html[html.index('id="calls"') : html.index('class="queue-bar"')]
    assert "A caller is waiting" in card
    assert "Maple Valley" in card
    assert door.tip().reference in card
    assert "Ring my phone" in card
    assert PHONE not in html
    assert PHONE[-4:] not in strip_tags(card)
    tip_page = page(door, f"/tips/{door.tip().pk}")
    assert "A caller is waiting" in tip_page
    assert tip_page.index("A caller is waiting") < tip_page.index('id="reply-text"')


def test_an_empty_line_shows_no_calls(door: CallDoor) -> None:
    html = page(door, "/queue")
    assert re.search(r'<section\s+id="calls"[^>]*hidden', html)


def test_a_press_rings_ones_own_phone_and_says_so(door: CallDoor) -> None:
    door.ring()
    response = press(door, "take", **{"from": "queue"})
    assert (response.status_code, response["Location"]) == (302, "/queue")
    assert "Press 1 there" in said(response, door)
    [leg] = Leg.objects.filter(person_id=door.cast.people["alice"].pk)
    assert leg.kind == "ear"
    html = page(door, "/queue")
    assert "ringing: Alice" in html
    assert re.search(r"data-free[^>]*hidden", html), "who is rung is not offered it again"
    assert not re.search(r"data-free[^>]*hidden", page(door, "/queue", "bea"))


def test_whose_phone_is_not_proved_is_told_how_to_prove_it(door: CallDoor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM carriers_contactmethod")
    door.ring()
    assert "Ways to reach" in said(press(door, "take"), door)
    assert not Leg.objects.exists()


def test_hold_resume_and_leave_are_only_for_whoever_has_it(door: CallDoor) -> None:
    taken(door)
    assert Call.objects.get().state == "talking"
    for act in ("hold", "move", "end", "resume"):
        fields = {"person": str(door.cast.people["alice"].pk)} if act == "move" else {}
        assert "take it first" in said(press(door, act, "bea", **fields), door, "bea")
    assert Call.objects.get().state == "talking"
    mine, theirs = (page(door, f"/tips/{door.tip().pk}", name) for name in ("alice", "bea"))
    assert "phone/hold" in mine
    assert "phone/hold" not in theirs
    assert "On the phone" in theirs
    assert ">Alice<" in theirs
    press(door, "hold")
    assert Call.objects.get().state == "held"
    assert "Resume" in page(door, "/queue")
    press(door, "resume")
    assert Call.objects.get().state == "talking"
    assert "hears the code" in said(press(door, "end"), door)
    door.work()
    recorded = set(Entry.objects.values_list("action", flat=True))
    assert {"call held", "call resumed", "call ended"} <= recorded


def test_a_call_is_passed_on_to_a_colleague_of_the_center_and_to_nobody_else(
    door: CallDoor,
) -> None:
    taken(door)
    people = door.cast.people
    for name in ("tara", "cora", "ada", "otto"):
        assert press(door, "move", person=str(people[name].pk)).status_code == 404
    for typed in ("", "x", "-1", "9" * 30):
        assert press(door, "move", person=typed).status_code == 404
    assert set(Leg.objects.values_list("person_id", flat=True)) == {people["alice"].pk}
    assert "Bea" in page(door, f"/tips/{door.tip().pk}")
    response = press(door, "move", person=str(people["bea"].pk))
    assert "until they press 1" in said(response, door)
    assert "asked to take over: Bea" in page(door, "/queue", "sam")
    door.work()
    [ear] = door.switch.rung(EARS["bea"])
    door.leg(ear, "1")
    call = Call.objects.get()
    assert (call.taken_by, call.moving_to) == (people["bea"].pk, None)


def test_whoever_is_kept_out_is_not_offered_and_sees_no_call(door: CallDoor) -> None:
    taken(door)
    alice, bea = door.cast.viewer("alice"), door.cast.people["bea"]
    exclude_people(open_tip(alice, door.tip().pk), [bea.pk])
    with viewing(alice):
        assert "Bea" not in [one.name for one in colleagues_for(door.tip(), alice.person_id)]
    assert press(door, "move", person=str(bea.pk)).status_code == 404
    with viewing(door.cast.viewer("bea")):
        assert live_calls() == []
        assert live_cards() == []
        assert not Call.objects.exists()
        assert not Leg.objects.exists()
    assert door.tip().reference not in page(door, "/queue", "bea")
    assert press(door, "take", "bea").status_code == 404


@pytest.mark.parametrize("name", ["cora", "tara", "dee", "ada", "otto", "paul"])
def test_nobody_else_sees_or_does_anything(door: CallDoor, name: str) -> None:
    """View, query and database refuse."""
    taken(door)
    call = Call.objects.get()
    acts = ("take", "hold", "resume", "move", "end", "interpreter", "psap", "back")
    for act in acts:
        assert press(door, act, name, person="1", school="1").status_code in (403, 404), act
    viewer = door.cast.viewer(name)
    for do in (calls.take, calls.hold, calls.end, calls.join_interpreter):
        with pytest.raises((Http404, PermissionDenied, Refused, Exception)):
            do(viewer, call.pk)
    assert Call.objects.get().state == "talking"
    assert Leg.objects.exclude(person_id=door.cast.people["alice"].pk).count() == 0


def test_the_database_gives_the_desk_no_id_of_the_provider_s_and_no_room(door: CallDoor) -> None:
    taken(door)
    with connection.cursor() as cursor:
        for column in ("sid", "held", "mark", "room", "number"):
            for role in ("center", "school", "district", "former", "signin"):
                cursor.execute(
                    "SELECT has_column_privilege(%s, 'doors_call', %s, 'SELECT')",
                    [f"upstander_{role}", column],
                )
                assert cursor.fetchone() == (False,), (role, column)


def test_interpreter_and_911_center_are_asked_in_by_whoever_talks(door: CallDoor) -> None:
    School.objects.filter(pk=door.cast.cedar.pk).update(psap_phone="+18605550911")
    taken(door)
    html = page(door, f"/tips/{door.tip().pk}")
    assert "Add interpreter" in html
    assert "Cedar" in html[html.index("call-school") :]
    assert "+18605550911" not in html
    press(door, "interpreter")
    press(door, "psap", school=str(door.cast.cedar.pk))
    kinds = set(Leg.objects.exclude(kind="ear").values_list("kind", flat=True))
    assert kinds == {"interpreter", "psap"}
    html = page(door, "/queue")
    assert "calling: interpreter" in html
    assert "calling: 911 center" in html
    html = page(door, f"/tips/{door.tip().pk}")
    assert "Add interpreter" not in html
    assert "Add 911 center" not in html


def test_where_the_named_school_has_no_number_no_other_s_stands_chosen(door: CallDoor) -> None:
    """A slip would ring another town's dispatchers."""
    other = School.objects.create(
        district=door.cast.cedar.district, name="Elm", slug="elm", psap_phone="+18605550911"
    )
    taken(door)
    Tip.objects.update(school_id=door.cast.cedar.pk)
    html = page(door, f"/tips/{door.tip().pk}")
    chosen = html[html.index('id="call-school"') :]
    assert chosen.index("Choose the school") < chosen.index(other.name)
    assert "911 number is missing" in html
    School.objects.filter(pk=door.cast.cedar.pk).update(psap_phone="+18605550912")
    html = page(door, f"/tips/{door.tip().pk}")
    assert "911 number is missing" not in html
    assert "Choose the school" not in html


def test_another_district_s_911_center_is_not_called(door: CallDoor) -> None:
    School.objects.filter(pk=door.cast.quay.pk).update(psap_phone="+18605550911")
    taken(door)
    assert press(door, "psap", school=str(door.cast.quay.pk)).status_code == 404
    assert not Leg.objects.filter(kind="psap").exists()


def test_a_wish_to_be_called_back_stands_on_the_tip_s_page(door: CallDoor) -> None:
    sid, menu = door.ring()
    answer = door.press(sid, menu)
    Call.objects.update(waits_since=F("waits_since") - timedelta(seconds=100))
    door.press(sid, door.press(sid, answer), "5")
    assert "They wish to be called back" not in page(door, f"/tips/{door.tip().pk}")
    door.hang_up(sid)
    html = page(door, f"/tips/{door.tip().pk}")
    assert "They wish to be called back" in html
    assert PHONE not in html
    assert "Press 1 there" in said(press(door, "back"), door)
    assert "Calling them back" in page(door, f"/tips/{door.tip().pk}")
    # Nobody is reached: then nobody has hung up, and it can be tried again.
    door.work()
    [mine] = door.switch.rung(EARS["alice"])[-1:]
    door.leg(mine, "1")
    door.work()
    [theirs] = door.switch.rung(PHONE)
    door.leg(theirs)
    door.leg_says(theirs, "completed")
    door.work()
    html = page(door, f"/tips/{door.tip().pk}")
    assert "The call back is over" in html
    assert "has hung up" not in html
    assert "They wish to be called back" in html


def test_a_call_that_is_over_can_not_be_taken_from_a_page_that_stood_open(door: CallDoor) -> None:
    sid, _heard = door.ring()
    door.hang_up(sid)
    assert "has hung up" in said(press(door, "take"), door)
    Call.objects.all().delete()
    assert press(door, "take").status_code == 404


def test_a_call_set_aside_names_where_it_goes_on(door: CallDoor) -> None:
    earlier = a_tip(door.cast)
    door.ring()
    tip = door.tip().pk
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, tip)
    html = page(door, f"/tips/{tip}")
    reference = Tip.objects.get(pk=earlier.tip_id).reference
    assert "goes on in" in html
    assert reference in html


def test_cards_cost_no_more_queries_for_many_calls(
    door: CallDoor, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        door.ring(phone=f"+1860555{2000 + n}")
    with viewing(door.cast.viewer("alice")), django_assert_max_num_queries(5):
        assert len(live_cards()) == 8
