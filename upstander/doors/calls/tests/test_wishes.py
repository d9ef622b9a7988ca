"""A call asked for on the website: who may, which number is taken, and who ever sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection

from conftest import Cast
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.desk.tests.tips import a_tip
from upstander.doors.actions import calls
from upstander.doors.call_models import Call, CallBack
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import INTERPRETER, LINE, OWN_PHONE, CallDoor
from upstander.doors.calls.tests.wishing import NUMBER, TYPED, WHEN, child, frame, gone, rung, wish
from upstander.doors.tests.site import Site as Browser
from upstander.doors.tests.site import hidden_in, text_of
from upstander.doors.texts.tests.lines import at_desk
from upstander.doors.texts.tests.test_texts import everything
from upstander.escalations.tests.alerts import Clock
from upstander.people.scope import viewing
from upstander.tips.models import Message, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.reporter import Filed, open_with_code
from upstander.vault import sessions

__all__ = ["child"]

pytestmark = pytest.mark.django_db


def test_a_child_on_the_website_is_called_in_the_same_conversation(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    assert "/talk/call" in text_of(browser.get("/talk"))
    page = text_of(browser.get("/talk/call"))
    assert "phone bill" in page
    assert "911" in page
    assert "988" in page
    kept = wish(browser)
    assert (kept.status_code, kept["Location"]) == (303, "/talk?said=call")
    assert "You asked to be called" in text_of(browser.get("/talk?said=call"))
    assert "You asked to be called" in frame(browser)
    [one] = CallBack.objects.all()
    assert (one.tip_id, one.line, one.language) == (filed.tip_id, LINE, "en")
    turns = read_contents(open_tip(door.cast.viewer("alice"), filed.tip_id)).turns
    assert WHEN in turns[-1].text, "one thread"
    with at_desk():
        desk = door.cast.client("alice").get(f"/tips/{filed.tip_id}").content.decode()
    assert "Call them back" in desk
    mine, theirs = rung(door, filed)
    assert theirs["line"] == LINE
    assert theirs["whom"], "a machine is looked for first"
    hello = door.leg(theirs)
    assert hello.ends
    assert "Somebody asked" in hello.heard
    assert "Lakeside" not in hello.heard
    assert door.leg(theirs, "1").room == door.leg(mine).room
    assert Call.objects.get().tip_id == filed.tip_id
    assert Tip.objects.count() == 1
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert "call back wished" in actions
    assert "reporter called back" in actions


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_row_and_tip_say_that_they_ask_to_be_called_and_when_it_is_safe(
    door: CallDoor, cast: Cast, language: str
) -> None:
    browser, filed = Browser(cast), a_tip(cast, language=language)
    browser.post("/back", {"code": filed.code})
    wish(browser)

    def seen(path: str) -> str:
        with at_desk():
            return door.cast.client("alice").get(path).content.decode()

    row = seen("/queue")
    assert "asks to be called" in row
    assert WHEN not in row, "no word of a tip stands on a row"
    tip = seen(f"/tips/{filed.tip_id}")
    said = f'<q dir="auto">{WHEN}</q>'
    assert tip.count(said) == 2, "in the head, and where they are called"
    wish(browser, when="")
    tip = seen(f"/tips/{filed.tip_id}")
    assert said not in tip, "what was safe for an earlier wish"
    assert "Asks to be called" in tip
    assert "didn’t say when" in tip
    browser.post("/talk/call", {"take_back": "yes"})
    assert "asks to be called" not in seen("/queue")
    assert "Asks to be called" not in seen(f"/tips/{filed.tip_id}")


def test_the_number_is_in_no_row_no_log_and_on_no_page(
    door: CallDoor, child: tuple[Browser, Filed], caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    browser, filed = child
    wish(browser)
    seen = [everything(), caplog.text, text_of(browser.get("/talk")), frame(browser)]
    seen.append(text_of(browser.get("/talk/call")))
    with at_desk():
        client = door.cast.client("alice")
        seen += [client.get(at).content.decode() for at in (f"/tips/{filed.tip_id}", "/queue")]
    contents = read_contents(open_tip(door.cast.viewer("alice"), filed.tip_id))
    seen.append(repr(contents))
    door.cast.client("alice")
    _mine, theirs = rung(door, filed)
    door.leg(theirs)
    seen += [everything(), caplog.text]
    for one in (TYPED, NUMBER, NUMBER[2:], "555-0177", "5550177", NUMBER.encode().hex()):
        assert not [at for at, text in enumerate(seen) if one in text], one
    clock.move(86_500)
    gone(door, theirs)
    door.clear()
    assert CallBack.objects.get().number is None


@pytest.mark.parametrize(
    "typed",
    [
        *("911", "988", "112", "+1 911", "hello", "", "860", "555-0177", "860 555 0177 x 5"),
        *("+1 900 555 0123", "+1 876 555 0123", "+44 20 7946 0958", "+881612345678"),
        *(LINE, OWN_PHONE, INTERPRETER, "+18605550199", "9" * 400, "860\x00555", "٩١١"),
        # Whoever has these pays for each call, or takes in many: no child's phone.
        *("800-555-0123", "+1 888 555 0123", "500 555 0123", "860 976 0123", "860 950 0123"),
        *("860 911 0123", "860 411 0123", "860 555 1212"),
    ],
)
def test_no_emergency_dear_foreign_or_own_number_is_taken(
    child: tuple[Browser, Filed], typed: str
) -> None:
    browser, _filed = child
    refused = wish(browser, typed)
    assert refused.status_code == 422
    assert "That didn’t work" in text_of(refused)
    assert WHEN in text_of(refused), "what was typed stands there"
    assert not CallBack.objects.exists()
    assert Message.objects.filter(kind="text").count() == 1


def test_a_911_center_s_own_number_is_never_rung(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    door.cast.cedar.psap_phone = TYPED
    door.cast.cedar.save()
    wish(browser)
    with pytest.raises(Refused, match="may be rung"):
        calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    assert not Call.objects.exists()


def test_it_is_offered_only_where_a_line_takes_calls(cast: Cast, site: Any) -> None:
    browser, filed = Browser(cast), a_tip(cast)
    browser.post("/back", {"code": filed.code})
    assert "/talk/call" not in text_of(browser.get("/talk"))
    assert browser.get("/talk/call")["Location"] == "/talk"
    assert browser.post("/talk/call", {"number": TYPED})["Location"] == "/talk"
    assert not CallBack.objects.exists()


def test_it_is_taken_back_at_once_also_while_it_rings(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    mine, theirs = rung(door, filed)
    answer = browser.post("/talk/call", {"take_back": "yes"})
    assert answer["Location"] == "/talk?said=uncall"
    one = CallBack.objects.get()
    assert (one.number, one.how) == (None, "taken_back")
    door.work()
    assert theirs["sid"] in door.switch.ended, "nobody else picks it up"
    assert not door.leg(theirs, "1").room
    assert "asked to be called" not in frame(browser)
    gone(door, mine)
    with pytest.raises(Refused, match="does not wait"):
        calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    turns = read_contents(open_tip(door.cast.viewer("alice"), filed.tip_id)).turns
    assert "any more" in turns[-1].text


def test_who_gives_another_number_while_the_first_rings_has_that_one_hung_up(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    mine, theirs = rung(door, filed)
    wish(browser, "860 555 0178")
    door.work()
    assert theirs["sid"] in door.switch.ended
    assert not door.leg(theirs, "1").room
    gone(door, mine, theirs)
    calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    door.work()
    door.leg(door.switch.rung(EARS["alice"])[-1], "1")
    door.work()
    assert len(door.switch.rung("+18605550178")) == 1
    assert len(door.switch.rung(NUMBER)) == 1


def test_one_form_sent_twice_is_one_wish_and_five_are_all_of_a_day(
    child: tuple[Browser, Filed], clock: Clock
) -> None:
    browser, _filed = child
    form = hidden_in(text_of(browser.get("/talk/call")))
    for _ in range(3):
        browser.post("/talk/call", {**form, "number": TYPED})
    assert CallBack.objects.get().asked == 1
    assert Message.objects.filter(kind="text").count() == 2
    for number in range(4):
        assert wish(browser, f"860 555 01{60 + number}").status_code == 303
    assert "five times" in text_of(wish(browser))
    browser.post("/talk/call", {"take_back": "yes"})
    assert wish(browser).status_code == 422, "taken back is no way around it"
    clock.move(86_401)
    browser.post("/back", {"code": _filed.code})
    assert wish(browser).status_code == 303


def test_the_seven_words_stay_in_sight_of_whoever_asks_right_after_sending(
    door: CallDoor, cast: Cast
) -> None:
    browser = Browser(cast)
    thanks = text_of(browser.send("/report?d=maple-valley"))
    form = re.search(
        r'action="/talk/call#conversation".*?name="code" value="([^"]+)"', thanks, re.DOTALL
    )
    assert form
    code = form[1]
    page = text_of(browser.post("/talk/call", {"code": code}))
    assert f'value="{code}"' in page
    kept = browser.post("/talk/call", {"code": code, "number": TYPED, "once": "x"})
    assert kept.status_code == 200
    shown = text_of(kept)
    assert "You asked to be called" in shown
    assert all(word in shown for word in code.split())
    assert open_with_code(code)


def test_nobody_asks_or_takes_back_without_the_session(child: tuple[Browser, Filed]) -> None:
    browser, filed = child
    for talk in (b"x" * 32, b"", sessions.row_key("another")):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.door_wish(p_talk => %s, p_wish => gen_random_uuid(), p_line => %s,"
                " p_provider => 'north', p_language => 'en', p_number => 'x',"
                " p_message => gen_random_uuid(), p_sealed => 'x')",
                [talk, LINE],
            )
            assert cursor.fetchone() == ("over",)
    wish(browser)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_wish_back(p_talk => %s, p_message => gen_random_uuid(),"
            " p_sealed => 'x')",
            [b"x" * 32],
        )
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT * FROM api.door_wish_stands(p_talk => %s)", [b"x" * 32])
        assert cursor.fetchone() is None
    stranger = Browser(browser.cast)
    assert stranger.get("/talk/call")["Location"] == "/back"
    assert stranger.post("/talk/call", {"number": TYPED}).status_code == 403
    elsewhere = browser.post("/talk/call", {"take_back": "1"}, **{"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert CallBack.objects.get().how == ""
    assert filed


def test_the_desk_can_end_a_wish_and_never_write_a_number_of_its_own(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    wish(child[0])
    for change in ("tip_id = gen_random_uuid()", "line = '+18605550100'", "rung = 0", "at = now()"):
        with (
            pytest.raises(DatabaseError),
            viewing(door.cast.viewer("alice")),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE doors_callback SET {change}")
    with viewing(door.cast.viewer("cora")):
        assert not CallBack.objects.exists(), "another center's"


def test_a_form_that_was_sent_before_never_says_that_a_call_comes_which_does_not(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    """Back in the browser to the first number, while the second stands; or after a taking back."""
    browser, filed = child
    form = hidden_in(text_of(browser.get("/talk/call")))
    assert browser.post("/talk/call", {**form, "number": TYPED}).status_code == 303
    assert browser.post("/talk/call", {**form, "number": "860 555 0178"}).status_code == 303
    old = browser.post("/talk/call", {**form, "number": TYPED})
    assert old.status_code == 422, "the other number would be rung"
    assert "sent before" in text_of(old)
    fresh = hidden_in(text_of(old))
    del fresh["take_back"]
    assert browser.post("/talk/call", {**fresh, "number": TYPED}).status_code == 303
    door.cast.client("alice")
    rung(door, filed)
    assert len(door.switch.rung(NUMBER)) == 1
    browser.post("/talk/call", {"take_back": "yes"})
    late = browser.post("/talk/call", {**fresh, "number": TYPED})
    assert late.status_code == 422, "nobody would call"
    assert CallBack.objects.get().number is None, "a page that is sent anew rings nobody"


def test_a_wish_that_is_settled_hangs_up_what_rings_for_it(
    door: CallDoor, child: tuple[Browser, Filed]
) -> None:
    browser, filed = child
    wish(browser)
    door.cast.client("alice")
    mine, theirs = rung(door, filed)
    calls.settle_wish(door.cast.viewer("alice"), filed.tip_id)
    door.work()
    assert theirs["sid"] in door.switch.ended, "they were told that no call comes"
    gone(door, mine)
    assert not door.leg(theirs, "1").room
    wish(browser, "860 555 0178")
    calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    calls.settle_wish(door.cast.viewer("alice"), filed.tip_id)
    door.work()
    door.leg(door.switch.rung(EARS["alice"])[-1], "1")
    door.work()
    assert not door.switch.rung("+18605550178"), "not begun after it was settled either"
