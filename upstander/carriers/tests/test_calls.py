"""Calls: what is said, what a key means, and whose digit counts."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from conftest import Cast
from upstander.carriers import sending, texts
from upstander.carriers.models import Channel, Delivery, Inbound
from upstander.carriers.tests.lines import Site, a_way, call_in, sent, state_of
from upstander.carriers.webhooks import ROUNDS

pytestmark = pytest.mark.usefixtures("north")


def hear(site: Site, row: Delivery, again: int = 0, **more: str) -> str:
    """Let the provider ask for a call's script; return it."""
    path = f"/carriers/north/voice/{row.pk}" + (f"?again={again}" if again else "")
    form = {"CallSid": row.provider_ref, "CallStatus": "in-progress", **more}
    response = call_in(site, path, form)
    assert response.status_code == 200
    return response.content.decode()


def test_a_call_says_what_it_is_and_waits_for_a_key(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE), now=True)
    script = hear(site, row, AnsweredBy="human")
    assert "life safety alert. The reporter says it is happening now." in script
    assert "No one has checked this. The alert is H 6 K 2." in script
    assert "press your own digit" in script
    assert '<Gather input="dtmf" numDigits="1"' in script
    assert "AB3F" not in script, "a reference is nothing that one can hear and keep"
    assert state_of(row) == "answered"
    assert not Inbound.objects.exists(), "picking up acknowledges nothing"


def test_ones_own_digit_is_i_have_it(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    hear(site, row)
    said = hear(site, row, again=1, Digits="7")
    assert "Thank you. You have it for now." in said
    assert "<Hangup" in said
    inbound = Inbound.objects.get()
    assert (inbound.answer, inbound.kind) == ("have_it", "key")
    assert (inbound.person_id, inbound.for_id) == (cast.people["tara"].pk, row.for_id)
    hear(site, row, again=1, Digits="7")
    assert Inbound.objects.count() == 1, "the same key once more is the same answer"


@pytest.mark.parametrize(("key", "answer"), [("0", "cannot"), ("*", "seen")])
def test_keys_for_not_me_and_for_seen(cast: Cast, site: Site, key: str, answer: str) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    hear(site, row, again=1, Digits=key)
    assert Inbound.objects.get().answer == answer


def test_anothers_digit_acknowledges_nothing_and_three_are_enough(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    for key in "12":
        assert "That is not your digit" in hear(site, row, again=1, Digits=key)
    assert "can no longer take an answer" in hear(site, row, again=1, Digits="3")
    # Not even the right one, after that: there are only nine to try.
    assert "can no longer take an answer" in hear(site, row, again=1, Digits="7")
    assert not Inbound.objects.exists()


def test_somebody_without_a_digit_takes_nothing_by_phone(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"], Channel.VOICE)
    method.digit = ""
    method.save()
    row = sent(method)
    for key in "123456789":
        hear(site, row, again=1, Digits=key)
    assert not Inbound.objects.exists()


def test_a_machine_hears_it_once_and_acknowledges_nothing(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    script = hear(site, row, AnsweredBy="machine_start")
    assert state_of(row) == "machine"
    onward = re.search(r"again=(\d)", script)
    assert onward is not None
    assert "Goodbye" in hear(site, row, again=int(onward[1]))
    assert not Inbound.objects.exists()
    # A person who was taken for one still has their digit.
    hear(site, row, again=1, Digits="7")
    assert Inbound.objects.get().answer == "have_it"


def test_it_is_said_three_times_and_then_the_call_ends(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    for again in range(ROUNDS):
        assert "<Gather" in hear(site, row, again=again)
    said = hear(site, row, again=ROUNDS)
    assert "<Gather" not in said
    assert "Goodbye" in said
    assert "<Gather" in hear(site, row, again=1, Digits="#"), "hash says it again"


def test_a_code_by_phone_asks_for_no_key(cast: Cast, site: Site) -> None:
    class North:
        name, reports = "north", True

    method = a_way(cast.people["tara"], Channel.VOICE)
    row = sending._written(North(), method, texts.verification("en", "402913"), None)  # type: ignore[arg-type]
    sending._accepted(row, "CA1", reports=True)
    row.refresh_from_db()
    script = hear(site, row)
    assert "4, 0, 2, 9, 1, 3" in script
    assert "<Gather" not in script
    hear(site, row, again=1, Digits="7")
    assert not Inbound.objects.exists()


def test_a_call_that_has_ended_says_no_more(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    form = {"CallSid": row.provider_ref, "CallStatus": "completed"}
    assert call_in(site, f"/carriers/north/status/{row.pk}", form).status_code == 204
    assert "K 7" not in hear(site, row)
    assert Delivery.objects.get(pk=row.pk).sealed is None


def test_a_call_of_nobody_and_a_text_are_no_calls(cast: Cast, site: Site) -> None:
    text = sent(a_way(cast.people["tara"]))
    call = sent(a_way(cast.people["tara"], Channel.VOICE))
    for pk, ref in ((uuid4(), "CA1"), (text.pk, text.provider_ref), (call.pk, "CA-of-nobody")):
        form = {"CallSid": ref, "CallStatus": "in-progress", "Digits": "7"}
        assert call_in(site, f"/carriers/north/voice/{pk}", form).status_code == 404
    assert not Inbound.objects.exists()


def test_spanish_staff_are_called_in_spanish(cast: Cast, site: Site) -> None:
    cast.people["tara"].language = "es"
    cast.people["tara"].save()
    script = hear(site, sent(a_way(cast.people["tara"], Channel.VOICE)))
    assert 'language="es-US"' in script
    assert "oprima su propio n" in script


def test_who_picks_up_for_what_somebody_has_by_now_hears_so_and_how_many_wait(
    cast: Cast, site: Site
) -> None:
    method = a_way(cast.people["tara"], Channel.VOICE)
    row, *_others = [sent(method, now=True) for _ in range(3)]
    assert "press your own digit" in hear(site, row)
    sending.cancel_asks([row.for_id or uuid4()])
    said = hear(site, row)
    assert "Somebody has this alert now" in said
    assert "2 more are waiting for you." in said
    assert "<Gather" not in said
    assert "<Hangup" in said


def test_a_key_pressed_as_somebody_takes_it_still_counts(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    hear(site, row)
    sending.cancel_asks([row.for_id or uuid4()])
    assert "Noted that you can't" in hear(site, row, again=1, Digits="0")
    assert "are waiting" not in hear(site, row), "nothing else does"
