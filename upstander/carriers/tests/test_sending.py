"""One message to one address: written first, then tried, and tried by another when one fails."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.core import mail

from conftest import Cast
from tests.phones import Phones
from upstander.carriers import health, queries, sending, twilio
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel, Delivery, ProviderHealth
from upstander.carriers.tests.lines import NUMBER, a_page, a_way, as_worker, write_providers


def tried(chain: UUID | None) -> list[tuple[str, str]]:
    assert chain is not None
    rows = Delivery.objects.filter(chain=chain)
    return sorted((row.provider, row.state) for row in rows)


def test_everybodys_account_address_is_a_way_to_reach_them(cast: Cast) -> None:
    tara = cast.people["tara"]
    with as_worker():
        (method,) = queries.methods_of([tara.pk])[tara.pk]
        outcome = sending.deliver(method, a_page(tara))
    assert outcome.state == "accepted"
    (row,) = Delivery.objects.all()
    assert (row.chain, row.state, row.provider) == (outcome.delivery_id, "accepted", "mail")
    assert row.poll_at is None, "mail can't be asked after"
    assert mail.outbox[0].to == [tara.email]
    assert "AB3F-K9QX" in mail.outbox[0].subject


def test_a_text_says_how_to_answer_and_nothing_of_the_tip(cast: Cast, two: Phones) -> None:
    method = a_way(cast.people["tara"])
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert outcome.state == "accepted"
    two.wait(lambda: bool(two.texts(NUMBER)))
    (text,) = two.texts(NUMBER)
    assert text.startswith("LIFE SAFETY H6K2")
    assert "Reply 1 H6K2 I have it" in text
    assert "/a/" in text
    assert tried(outcome.delivery_id) == [("north", "accepted")]


@pytest.mark.parametrize("fault", [{"refuse": 503}, {"refuse": 401}, {"drop": True}])
def test_when_one_provider_fails_the_other_is_tried_at_once(
    cast: Cast, two: Phones, fault: dict[str, object]
) -> None:
    two.provider("north").behave(**fault)
    method = a_way(cast.people["tara"])
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert outcome.state == "accepted"
    assert tried(outcome.delivery_id) == [("north", "failed"), ("south", "accepted")]
    assert queries.untold(10) == [], "whoever sent it heard of it already"
    method.refresh_from_db()
    assert method.broken_at is None


def test_a_provider_that_does_not_answer_holds_nobody_up(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio, "_ANSWER", 0.2)
    two.provider("north").behave(hang=3)
    method = a_way(cast.people["tara"])
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert tried(outcome.delivery_id) == [("north", "failed"), ("south", "accepted")]
    row = Delivery.objects.get(provider="north")
    assert row.reason == "the provider did not answer in time"


def test_a_number_that_both_refuse_is_marked_as_broken(cast: Cast, two: Phones) -> None:
    two.behave(NUMBER, texts="refused")
    method = a_way(cast.people["tara"])
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
        assert (outcome.state, outcome.permanent) == ("failed", True)
        kinds = [m.kind for m in queries.methods_of([method.person_id])[method.person_id]]
    assert kinds == [Channel.EMAIL], "nobody tries it again"
    method.refresh_from_db()
    assert method.broken_reason == "bad_number"
    assert not ProviderHealth.objects.filter(failed__gt=0).exists(), "it is not their fault"


def test_a_number_that_only_one_provider_finds_bad_is_not_given_up(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: twilio.Twilio, *given: object) -> str:
        if self.name == "north":
            raise CarrierError("the provider refused (400, 21211)", broken="bad_number")
        return "SM1"

    monkeypatch.setattr(twilio.Twilio, "send", refuse)
    method = a_way(cast.people["tara"])
    with as_worker():
        assert sending.deliver(method, a_page(method.person)).state == "accepted"
    method.refresh_from_db()
    assert method.broken_at is None


def test_when_all_refuse_it_is_said_and_nothing_raises(cast: Cast, two: Phones) -> None:
    for name in ("north", "south"):
        two.provider(name).behave(refuse=500)
    method = a_way(cast.people["tara"], Channel.VOICE)
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert (outcome.state, outcome.permanent) == ("failed", False)
    assert tried(outcome.delivery_id) == [("north", "failed"), ("south", "failed")]


def test_even_a_carrier_with_a_fault_of_its_own_leaves_the_other_to_be_tried(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = twilio.Twilio.send

    def broken(self: twilio.Twilio, *given: object) -> str:
        if self.name == "north":
            raise ZeroDivisionError
        return whole(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(twilio.Twilio, "send", broken)
    method = a_way(cast.people["tara"])
    with as_worker():
        assert sending.deliver(method, a_page(method.person)).state == "accepted"


def test_an_attempt_is_written_before_the_provider_is_called(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look(self: twilio.Twilio, to: str, outgoing: object, delivery: UUID) -> str:
        seen.append(Delivery.objects.get(pk=delivery).state)
        return "SM1"

    monkeypatch.setattr(twilio.Twilio, "send", look)
    method = a_way(cast.people["tara"])
    with as_worker():
        sending.deliver(method, a_page(method.person))
    assert seen == ["trying"]


def test_one_id_for_two_orders_is_noted_and_breaks_nothing(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio.Twilio, "send", lambda *given: "SM-the-same")
    method = a_way(cast.people["tara"])
    with as_worker():
        for _ in range(2):
            assert sending.deliver(method, a_page(method.person)).state == "accepted"
    assert sorted(Delivery.objects.values_list("provider_ref", flat=True)) == ["", "SM-the-same"]


def test_a_providers_file_that_is_wrong_is_a_failure_and_not_a_crash(
    cast: Cast, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_providers(tmp_path, monkeypatch, {"name": "x", "kind": "carrier-pigeon"})  # type: ignore[arg-type]
    method = a_way(cast.people["tara"])
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert outcome.state == "failed"


def test_a_notification_goes_to_the_browser_and_can_be_opened_by_it_alone(
    cast: Cast, phones: Phones, settings: object
) -> None:
    settings.PUSH_SERVICE = phones.url  # type: ignore[attr-defined]
    method = a_way(cast.people["tara"], Channel.PUSH, json.dumps(phones.subscribe(NUMBER)))
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert outcome.state == "accepted", outcome
    phones.wait(lambda: bool(phones.pushes(NUMBER)))
    told = json.loads(phones.pushes(NUMBER)[0])
    assert (told["title"], told["ask"]) == ("LIFE SAFETY: tip AB3F-K9QX needs you now", True)
    assert told["url"].startswith("/a/")
    phones.behave(NUMBER, pushes="gone")
    with as_worker():
        assert sending.deliver(method, a_page(method.person)).permanent
    method.refresh_from_db()
    assert method.broken_reason == "gone"


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:5432/x",
        "https://10.0.0.1/x",
        "https://fcm.googleapis.com.evil.example/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:22/x",
        "file:///etc/passwd",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evilnotify.windows.com.example/",
        "",
    ],
)
def test_a_subscription_leads_to_the_browsers_makers_and_nowhere_else(
    cast: Cast, endpoint: str
) -> None:
    way = json.dumps({"endpoint": endpoint, "keys": {"p256dh": "a", "auth": "b"}})
    method = a_way(cast.people["tara"], Channel.PUSH, way)
    with as_worker():
        outcome = sending.deliver(method, a_page(method.person))
    assert (outcome.state, outcome.reason) == ("failed", "this leads to no known push service")


def test_one_that_is_down_is_tried_last_and_not_left_out(cast: Cast, two: Phones) -> None:
    method = a_way(cast.people["tara"])
    with as_worker():
        for _ in range(health.DOWN_AFTER):
            health.note("north", Channel.SMS, ok=False)
        assert {(h.provider, h.state) for h in queries.provider_states()} == {("north", "down")}
        first = sending.deliver(method, a_page(method.person))
        two.provider("south").behave(refuse=500)
        second = sending.deliver(method, a_page(method.person))
    assert tried(first.delivery_id) == [("south", "accepted")]
    assert tried(second.delivery_id) == [("north", "accepted"), ("south", "failed")]


def test_a_provider_is_judged_by_its_last_twenty(cast: Cast) -> None:
    def state(marks: str) -> str:
        ProviderHealth.objects.all().delete()
        for mark in marks:
            health.note("north", Channel.SMS, ok=mark == "+")
        return ProviderHealth.objects.get().state

    assert state("+" * 30) == "good"
    assert state("+--" * 2) == "degraded"
    assert state("+++---") == "down"
    assert state("---+") == "good"
    assert state("----+") == "degraded"
    assert state("----" + "+" * 20) == "good", "what was long ago is forgotten"
