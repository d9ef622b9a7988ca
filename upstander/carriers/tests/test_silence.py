"""What no provider reports on is asked after, and goes by the other one when nobody knows of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from tests.phones import Phones
from upstander.base.moment import database_second
from upstander.carriers import health, queries, sending
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel, Delivery, ProviderHealth
from upstander.carriers.sweeps import (
    ASK_MOST,
    SILENT_AFTER,
    sweep_carried,
    sweep_providers,
    sweep_ringing,
    sweep_silent,
)
from upstander.carriers.tests.lines import NUMBER, a_way, as_worker, send, sent, state_of


def ask() -> int:
    """Let the time come at which silence is asked about, and ask."""
    Delivery.objects.filter(poll_at__isnull=False).update(
        poll_at=database_second() - timedelta(seconds=1)
    )
    with as_worker():
        return sweep_silent()


def chain_of(row: Delivery) -> list[tuple[str, str, bool]]:
    rows = Delivery.objects.filter(chain=row.chain)
    return sorted((one.provider, one.state, one.told) for one in rows)


def test_a_text_that_got_no_receipt_is_asked_after(cast: Cast, two: Phones) -> None:
    two.provider("north").behave(silent=True)
    row = send(a_way(cast.people["tara"]))
    with as_worker():
        assert sweep_silent() == 0, "not before its time"
    two.wait(lambda: bool(two.texts(NUMBER)))
    assert ask() == 1
    assert state_of(row) == "delivered"
    with as_worker():
        assert [one.pk for one in queries.untold(5)] == [row.pk]
    assert ask() == 0


def test_what_a_provider_keeps_goes_by_the_other_and_the_first_is_down(
    cast: Cast, two: Phones
) -> None:
    two.provider("north").behave(stuck=True)
    row = send(a_way(cast.people["tara"]))
    for _ in range(SILENT_AFTER - 1):
        ask()
        assert state_of(row) == "accepted"
    ask()
    two.wait(lambda: len(two.texts(NUMBER)) == 1)
    assert chain_of(row) == [("north", "unknown", True), ("south", "accepted", False)]
    assert ProviderHealth.objects.get(provider="north").state == "down"
    with as_worker():
        assert queries.untold(5) == [], "it is still on its way, by another road"


def test_a_provider_that_cannot_even_be_asked_is_passed_by(
    cast: Cast, two: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    from upstander.carriers import twilio  # noqa: PLC0415

    row = send(a_way(cast.people["tara"]))
    two.wait(lambda: bool(two.texts(NUMBER)))

    def away(self: twilio.Twilio, ref: str) -> None:
        raise CarrierError("the provider could not be reached (ConnectionError)")

    monkeypatch.setattr(twilio.Twilio, "ask", away)
    for _ in range(SILENT_AFTER):
        ask()
    assert [one[:2] for one in chain_of(row)] == [("north", "unknown"), ("south", "accepted")]


def test_where_no_other_takes_it_either_the_app_above_is_told(cast: Cast, two: Phones) -> None:
    two.provider("north").behave(stuck=True)
    row = send(a_way(cast.people["tara"]))
    two.provider("south").behave(refuse=500)
    for _ in range(SILENT_AFTER):
        ask()
    assert state_of(row) == "unknown"
    with as_worker():
        assert [one.pk for one in queries.untold(5)] == [row.pk]


def test_what_is_answered_meanwhile_is_not_sent_again(cast: Cast, two: Phones) -> None:
    two.provider("north").behave(stuck=True)
    row = send(a_way(cast.people["tara"]))
    assert row.for_id is not None
    with as_worker():
        sending.cancel_asks([row.for_id])
    for _ in range(SILENT_AFTER):
        ask()
    assert Delivery.objects.filter(chain=row.chain).count() == 1


def test_what_comes_after_all_still_counts(cast: Cast, two: Phones) -> None:
    two.provider("north").behave(stuck=True)
    row = send(a_way(cast.people["tara"]))
    for _ in range(SILENT_AFTER):
        ask()
    row.refresh_from_db()
    from upstander.carriers.contract import Report  # noqa: PLC0415
    from upstander.carriers.sweeps import _take_report  # noqa: PLC0415

    with as_worker():
        _take_report(row, Report("delivered", over=True))
    assert state_of(row) == "delivered"


def test_a_sender_that_was_killed_leaves_what_is_found(cast: Cast, two: Phones) -> None:
    row = send(a_way(cast.people["tara"]))
    Delivery.objects.filter(pk=row.pk).update(state="trying", provider_ref="")
    ask()
    assert state_of(row) == "unknown"
    with as_worker():
        assert [one.pk for one in queries.untold(5)] == [row.pk]


@pytest.mark.usefixtures("north")
def test_a_text_of_which_networks_say_nothing_is_not_asked_after_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from upstander.carriers import twilio  # noqa: PLC0415
    from upstander.carriers.contract import Report  # noqa: PLC0415

    monkeypatch.setattr(twilio.Twilio, "ask", lambda self, ref: Report("accepted"))
    row = sent(a_way(cast.people["tara"]))
    assert [ask() for _ in range(ASK_MOST + 2)] == [1] * ASK_MOST + [0, 0]
    assert state_of(row) == "accepted"
    assert Delivery.objects.get(pk=row.pk).sealed is None


def test_what_rings_is_hung_up_once_somebody_has_it(cast: Cast, two: Phones) -> None:
    row = send(a_way(cast.people["tara"], Channel.VOICE))
    call = two.ringing(NUMBER)
    with as_worker():
        assert sweep_ringing() == 0
        sending.cancel_asks([row.for_id or UUID(int=0)])
        assert sweep_ringing() == 1
        assert sweep_ringing() == 0
    two.wait(lambda: call.status not in ("ringing", "in-progress"))
    assert state_of(row) == "cancelled"
    with as_worker():
        assert queries.untold(5) == []


def test_one_that_is_down_is_asked_whether_it_is_back(cast: Cast, two: Phones) -> None:
    def pass_a_minute() -> None:
        ProviderHealth.objects.update(retry_at=database_second() - timedelta(seconds=1))

    with as_worker():
        health.note_down("north", Channel.SMS)
        assert sweep_providers() == 0, "not at once"
    two.provider("north").behave(hang=30)
    two.provider("north").behave(hang=0)
    pass_a_minute()
    with as_worker():
        assert sweep_providers() == 1
    row = ProviderHealth.objects.get()
    assert (row.state, row.retry_at) == ("good", None)


def test_one_that_is_gone_stays_down(cast: Cast, north: None) -> None:
    with as_worker():
        health.note_down("north", Channel.SMS)
    ProviderHealth.objects.update(retry_at=database_second() - timedelta(seconds=1))
    with as_worker():
        assert sweep_providers() == 1
        assert sweep_providers() == 0, "asked again only after another minute"
    assert ProviderHealth.objects.get().state == "down"


@pytest.mark.usefixtures("north")
def test_what_was_carried_is_forgotten_after_an_hour(cast: Cast) -> None:
    row = sent(a_way(cast.people["tara"], Channel.VOICE))
    with as_worker():
        assert sweep_carried() == 0
    Delivery.objects.update(attempted_at=database_second() - timedelta(minutes=61))
    with as_worker():
        assert sweep_carried() == 1
    assert Delivery.objects.get(pk=row.pk).sealed is None
