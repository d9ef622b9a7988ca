"""The codes of a call: what opens, what does not, and how that is found out by nobody."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from conftest import Cast
from upstander.accountability.models import Journey
from upstander.accountability.sweeps import gather
from upstander.base.moment import database_now
from upstander.desk.tests.tips import WORDS, a_life_safety_tip, a_tip
from upstander.doors.calls import codes as calls
from upstander.doors.calls.codes import No, go_on, mint, open_by_keys, spoken
from upstander.doors.models import UsualWait, WrongBridge
from upstander.doors.tests.site import Site, site, text_of
from upstander.doors.waits import keep_waits
from upstander.escalations.models import Alert, Page
from upstander.escalations.tests.alerts import Clock, clock, work
from upstander.people.scope import viewing
from upstander.tips import coming_back
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import ReturnCode, Tip
from upstander.tips.opening import open_tip, read_contents
from upstander.tips.reporter import (
    Filed,
    NewTip,
    close_session,
    dialog_for,
    file_tip,
    open_with_code,
)
from upstander.tips.speed import call as gateway_call
from upstander.triage.actions.work import claim_tip
from upstander.vault import codes
from upstander.vault.codes import CodeKeys, new_spoken
from upstander.vault.keypad import codes_of_keys, keys_of_word
from upstander.vault.wordlists import stem, word_list

__all__ = ["clock", "site"]

pytestmark = pytest.mark.django_db


def call(cast: Cast, of: str = "call-1", district: int | None = None) -> tuple[Filed, str]:
    """File what a call is filed as, as the public process does; return it and its digits."""
    filed = file_tip(NewTip(of, "–", "en", district_id=district or cast.maple.pk, channel="voice"))
    with transaction.atomic():
        return filed, mint(filed)


def pressed(code: str) -> str:
    """Return how seven words are pressed."""
    return "".join(keys_of_word(stem(word)) for word in code.split())


def opened(keys: str) -> UUID:
    """Open a report by keys and return which."""
    token = open_by_keys(keys)
    assert isinstance(token, str), token
    return dialog_for(token).tip_id


def test_a_call_s_digits_open_by_phone_and_on_the_website(cast: Cast, site: Site) -> None:
    filed, digits = call(cast)
    assert re.fullmatch(r"\d{16}", digits)
    assert opened(digits) == filed.tip_id
    arabic = "".join(chr(0x660 + int(digit)) for digit in digits)
    for typed in (digits, f"{digits[:4]} {digits[4:8]}-{digits[8:]} ", arabic):
        site.client.cookies.clear()
        response = site.post("/back", {"code": typed})
        assert (response.status_code, response["Location"]) == (303, "/talk")


def test_its_words_which_nobody_was_given_open_nothing_and_one_code_is_left(cast: Cast) -> None:
    filed, digits = call(cast)
    assert open_with_code(filed.code) is None
    assert ReturnCode.objects.filter(tip_id=filed.tip_id).count() == 1
    assert digits not in str(list(ReturnCode.objects.values_list()))


def test_what_does_not_become_a_call_keeps_the_words_for_who_calls_again(cast: Cast) -> None:
    filed = file_tip(NewTip("call-2", "–", "en", district_id=cast.maple.pk, channel="voice"))
    with transaction.atomic():
        lost = mint(filed)
        transaction.set_rollback(True)
    again = file_tip(NewTip("call-2", "–", "en", district_id=cast.maple.pk, channel="voice"))
    assert (again.tip_id, again.repeat) == (filed.tip_id, True)
    with transaction.atomic():
        digits = mint(again)
    assert open_by_keys(lost) is No.UNKNOWN
    assert opened(digits) == filed.tip_id


def test_no_report_of_the_website_s_gets_digits_in_place_of_its_words(cast: Cast) -> None:
    filed = a_tip(cast)
    with pytest.raises(coming_back.NotKept), transaction.atomic():
        mint(filed)
    assert open_with_code(filed.code)


def test_the_website_s_words_open_by_the_keys_of_a_phone(cast: Cast) -> None:
    for language in ("en", "es", "ar"):
        while (
            codes_of_keys(
                pressed((filed := a_tip(cast, language=language)).code), most=calls.MOST_MEANT
            )
            is None
        ):
            pass
        assert opened(pressed(filed.code)) == filed.tip_id


def test_words_that_mean_too_much_by_keys_open_on_the_website_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_MEANT", 0)
    assert open_by_keys(pressed(a_tip(cast).code)) is No.WEBSITE
    assert not WrongBridge.objects.exists(), "which the lists say, and nobody tried anything"


@pytest.mark.parametrize("keys", ["", "1", "9" * 15, "1" * 28, "0" * 21, "2" * 29, "12*4" * 4])
def test_what_can_be_no_code_is_said_to_be_mistyped(cast: Cast, keys: str) -> None:
    assert open_by_keys(keys) is No.MISTYPED


def _work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    real_keys, real_call = codes.keys_of_letters, gateway_call

    def keys(letters: str, *, pepper: bytes, memory: int = 1 << 20) -> CodeKeys:
        done.append(f"keys {memory}")
        return real_keys(letters, pepper=pepper, memory=memory)

    def asked(sql: str, values: list[Any]) -> tuple[Any, ...] | None:
        done.append(sql.split("api.")[1].split("(", maxsplit=1)[0])
        return real_call(sql, values)

    monkeypatch.setattr(codes, "keys_of_letters", keys)
    monkeypatch.setattr(coming_back, "call", asked)
    return done


def test_every_code_of_digits_costs_the_same_work(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed, digits = call(cast)
    done, costs = _work(monkeypatch), []
    for _ in range(3):
        done.clear()
        assert open_by_keys(new_spoken()) is No.UNKNOWN
        costs.append(list(done))
    near = next(
        one
        for n in range(10)
        for m in range(10)
        if codes.spoken_fits(one := f"{digits[:14]}{n}{m}") and one != digits
    )
    done.clear()
    assert open_by_keys(near) is No.UNKNOWN
    costs.append(list(done))
    assert all(
        cost == ["door_codes_open", "keys 16777216", "talk_by_code", "door_wrong_code"]
        for cost in costs
    )


def test_a_wrong_digit_is_said_at_once_and_asks_nobody(
    cast: Cast, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filed, digits = call(cast)
    wrong = f"{digits[:7]}{(int(digits[7]) + 1) % 10}{digits[8:]}"
    done = _work(monkeypatch)
    assert open_by_keys(wrong) is No.MISTYPED
    response = site.post("/back", {"code": wrong})
    assert response.status_code == 422
    assert "One of these 16 digits isn’t right." in text_of(response)
    assert done == []
    assert not WrongBridge.objects.exists()


def test_the_work_of_pressed_words_depends_on_the_presses_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = pressed(" ".join(word_list("en").words[100:107]))
    meant = codes_of_keys(keys, most=calls.MOST_MEANT) or []
    done = _work(monkeypatch)
    assert open_by_keys(keys) is No.UNKNOWN
    assert done.count("keys 1048576") == len(meant)
    assert WrongBridge.objects.count() == 1, "one try, however many codes it meant"


def test_who_tries_codes_by_the_thousand_shuts_them_and_nothing_else(
    cast: Cast, site: Site, clock: Clock
) -> None:
    filed, digits = call(cast)
    web = a_tip(cast)
    for _ in range(3):
        assert open_by_keys(new_spoken()) is No.UNKNOWN
    at = WrongBridge.objects.values_list("at", flat=True)[0]
    WrongBridge.objects.bulk_create(WrongBridge(at=at, of_code=True) for _ in range(1_996))
    assert opened(digits) == filed.tip_id
    assert open_by_keys(new_spoken()) is No.UNKNOWN
    # The right code and a wrong one get one answer now, by phone and by the website.
    assert open_by_keys(digits) is open_by_keys(new_spoken()) is No.SHUT
    assert open_by_keys(pressed(web.code)) is No.SHUT
    said = [text_of(site.post("/back", {"code": one})) for one in (digits, new_spoken())]
    assert all("no code of digits opens" in page for page in said)
    assert open_with_code(web.code), "words on the website do"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.door_bridge(p_lookup => 'x')")
    assert WrongBridge.objects.filter(of_code=False).count() == 1
    clock.move(601)
    assert opened(digits) == filed.tip_id


def test_wrong_digits_of_a_text_shut_no_code(cast: Cast) -> None:
    filed, digits = call(cast)
    with connection.cursor() as cursor:
        for _ in range(201):
            cursor.execute("SELECT * FROM api.door_bridge(p_lookup => 'x')")
    assert opened(digits) == filed.tip_id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1234", "Digits you typed: 4."),
        ("860 555 0123", "Digits you typed: 10."),
        ("1" * 300, "Digits you typed: 300."),
        ("12345678", "These 8 digits open nothing."),
        ("2692751520707992", "These 16 digits open nothing here."),
        ("12345678 orbit", "It takes all seven."),
    ],
)
def test_the_website_says_what_is_wrong_with_digits(site: Site, typed: str, said: str) -> None:
    response = site.post("/back", {"code": typed, "text": "Keep me."})
    assert response.status_code == 422
    assert said in text_of(response)
    assert "Keep me." in text_of(response)
    assert not response.cookies


def test_groups_of_four_are_read_digit_by_digit() -> None:
    assert spoken("1234567890123456") == ("1 2 3 4", "5 6 7 8", "9 0 1 2", "3 4 5 6")


def test_a_call_goes_on_in_the_report_that_its_caller_opened(cast: Cast) -> None:
    earlier = a_tip(cast)
    claim_tip(cast.viewer("alice"), earlier.tip_id)
    add_reply(open_tip(cast.viewer("alice"), earlier.tip_id, purpose="reply"), "Are you safe?")
    came, _digits = call(cast)
    session = open_with_code(earlier.code)
    assert session
    goes = go_on(session, came.tip_id)
    assert goes
    assert goes.tip_id == earlier.tip_id
    # One thread: what they said, what was answered, that they called.
    contents = read_contents(open_tip(cast.viewer("alice"), earlier.tip_id))
    assert [turn.text for turn in contents.turns] == [
        WORDS,
        "Are you safe?",
        "Called by phone, and opened this with the code.",
    ]
    tip, aside = Tip.objects.get(pk=earlier.tip_id), Tip.objects.get(pk=came.tip_id)
    assert (tip.claimed_by, tip.waiting_since is None) == (cast.people["alice"].pk, False)
    assert bytes(tip.inbox_public) == goes.inbox, "what the call brings later is sealed to it"
    assert (aside.state, aside.disposition) == ("closed", "duplicate")
    assert aside.resent_from_id == earlier.tip_id
    assert aside.claimed_by is None
    assert open_with_code(earlier.code), "and the words still open it"


def test_what_is_set_aside_rings_for_nobody(cast: Cast, clock: Clock) -> None:
    earlier = a_tip(cast)
    claim_tip(cast.viewer("alice"), earlier.tip_id)
    came, _digits = call(cast)
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, came.tip_id)
    for _ in range(6):
        work()
        clock.move(120)
    assert {a.state for a in Alert.objects.filter(subject_id=came.tip_id)} == {"ended"}
    pages = Page.objects.filter(alert__subject_id=came.tip_id)
    assert not pages.exclude(state="cancelled").exists()


def test_what_is_set_aside_makes_no_time_better_or_worse(cast: Cast, clock: Clock) -> None:
    # A usual wait is one hour's: none ends in between.
    clock.move(60 * (20 - database_now().minute))
    earlier = a_tip(cast)
    came, _digits = call(cast)
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, came.tip_id)
    clock.move(300)
    gather(10)
    row = Journey.objects.get(pk=came.tip_id)
    assert (row.channel, row.language, row.closed, row.claimed) == ("voice", "en", True, None)
    keep_waits()
    assert UsualWait.objects.get(center_id=cast.center.pk).tips == 1


def test_a_closed_report_comes_back_to_the_center_by_a_call(cast: Cast) -> None:
    earlier, digits = call(cast, "first")
    Tip.objects.filter(pk=earlier.tip_id).update(state="claimed")
    Tip.objects.filter(pk=earlier.tip_id).update(state="closed", disposition="talked")
    came, _digits = call(cast, "second")
    session = open_by_keys(digits)
    assert isinstance(session, str)
    assert go_on(session, came.tip_id)
    assert Tip.objects.get(pk=earlier.tip_id).state == "returned"
    work()
    assert Alert.objects.get(subject_id=earlier.tip_id, stage="center").state == "open"


def test_a_call_that_somebody_has_taken_stays_as_it_is(cast: Cast) -> None:
    earlier = a_tip(cast)
    came, _digits = call(cast)
    claim_tip(cast.viewer("bea"), came.tip_id)
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, came.tip_id) is None
    assert Tip.objects.get(pk=came.tip_id).state == "claimed"
    assert len(read_contents(open_tip(cast.viewer("alice"), earlier.tip_id)).turns) == 1


def test_a_call_that_says_a_life_is_in_danger_is_not_set_aside(cast: Cast) -> None:
    earlier = a_tip(cast)
    came, _digits = call(cast)
    Tip.objects.filter(pk=came.tip_id).update(rank=0, priority="life_safety")
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, came.tip_id)
    tip = Tip.objects.get(pk=came.tip_id)
    assert (tip.state, tip.resent_from_id) == ("new", earlier.tip_id)
    assert Alert.objects.get(subject_id=came.tip_id).state == "open"


def test_another_center_s_report_is_not_gone_on_in(cast: Cast) -> None:
    _theirs, digits = call(cast, "theirs", cast.harbor.pk)
    came, _digits = call(cast, "ours")
    session = open_by_keys(digits)
    assert isinstance(session, str)
    assert go_on(session, came.tip_id) is None
    assert Tip.objects.get(pk=came.tip_id).state == "new"


def test_nothing_goes_on_without_the_session_of_who_opened_it(cast: Cast) -> None:
    earlier = a_life_safety_tip(cast)
    came, _digits = call(cast)
    session = open_with_code(earlier.code)
    assert session
    close_session(session)
    with connection.cursor() as cursor:
        for talk in (b"x" * 32, b""):
            cursor.execute(
                "SELECT api.door_goes_on(p_talk => %s, p_tip => %s, p_inbox => %s,"
                " p_message => gen_random_uuid(), p_sealed => 'x')",
                [talk, came.tip_id, b"i" * 32],
            )
            assert cursor.fetchone() == (False,)
    assert Tip.objects.get(pk=came.tip_id).state == "new"


def test_a_report_goes_on_once_and_never_in_itself(cast: Cast) -> None:
    came, digits = call(cast)
    own = open_by_keys(digits)
    assert isinstance(own, str)
    assert go_on(own, came.tip_id) is None
    first, second = a_tip(cast), a_tip(cast)
    for filed, expected in ((first, True), (second, False)):
        session = open_with_code(filed.code)
        assert session
        assert (go_on(session, came.tip_id) is not None) is expected


def test_who_is_kept_out_of_the_earlier_report_learns_nothing_of_it(cast: Cast) -> None:
    earlier = a_tip(cast)
    came, _digits = call(cast)
    session = open_with_code(earlier.code)
    assert session
    assert go_on(session, came.tip_id)
    with viewing(cast.viewer("cora")):
        assert not Tip.objects.filter(pk__in=(earlier.tip_id, came.tip_id)).exists()
