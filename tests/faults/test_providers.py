"""Providers that are down, slow, silent or lie, with the real worker: who is asked is asked."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.faults.mail import MailServer
from tests.faults.paging import OwnDatabase, Worker, run_worker
from tests.phones import Phones, phones
from tests.waiting import until
from upstander.carriers.models import Delivery
from upstander.carriers.tests.lines import NUMBER, a_way, entry, write_providers
from upstander.config.database import Role
from upstander.escalations.models import Alert, Page
from upstander.escalations.tests.alerts import an_alert

__all__ = ["phones"]
pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def start(
    own_database: OwnDatabase,
    phones: Phones,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], Worker]]:
    """Give a function that starts the real worker with two providers, north first."""
    write_providers(tmp_path, monkeypatch, entry(phones, "north", 1), entry(phones, "south", 2))
    mail, started = MailServer(), list[Worker]()

    def now() -> Worker:
        environment = own_database.environment() | {"UPSTANDER_PROVIDERS": settings.PROVIDERS}
        started.append(run_worker(environment, mail.port))
        return started[-1]

    yield now
    for worker in started:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    mail.stop()


def page_of(channel: str) -> Page | None:
    return Page.objects.filter(channel=channel, cause="policy").first()


def went(channel: str = "sms") -> bool:
    page = page_of(channel)
    return page is not None and page.state == Page.State.SENT


def asked_by_text(own_database: OwnDatabase) -> Alert:
    """Open an alert whose one person can be sent texts."""
    a_way(own_database.cast.people["bob"], "sms", NUMBER)
    return an_alert(own_database.cast, "birch")


@pytest.mark.parametrize("how", [{"refuse": 503}, {"drop": True}, {"refuse": 401}])
def test_down_the_other_is_tried_at_once(
    own_database: OwnDatabase, phones: Phones, start: Callable[[], Worker], how: dict[str, Any]
) -> None:
    phones.provider("north").behave(**how)
    asked_by_text(own_database)
    start()
    assert until(went)
    assert until(lambda: bool(phones.texts(NUMBER)))
    assert Delivery.objects.filter(provider="south", channel="sms").exists()


def test_slow_it_holds_up_nobody_else(
    own_database: OwnDatabase, phones: Phones, start: Callable[[], Worker]
) -> None:
    """A text that hangs holds one thread; mails to everybody leave meanwhile."""
    phones.provider("north").behave(hang=30.0)
    phones.provider("south").behave(hang=30.0)
    asked_by_text(own_database)
    start()
    assert until(lambda: went("email"))
    an_alert(own_database.cast, "cedar")
    assert until(lambda: Page.objects.filter(channel="email", state="sent").count() == 4)
    text = page_of("sms")
    assert text is not None
    assert text.state == Page.State.DUE


def test_silent_the_other_is_tried_and_the_page_stands(
    own_database: OwnDatabase, phones: Phones, start: Callable[[], Worker]
) -> None:
    phones.provider("north").behave(stuck=True)
    asked_by_text(own_database)
    start()
    assert until(went)
    with own_database.sign_in(Role.OWNER) as owner:

        def time_passes() -> bool:
            owner.execute("UPDATE carriers_delivery SET poll_at = now() WHERE poll_at > now()")
            return bool(phones.texts(NUMBER))

        assert until(time_passes, pause=0.5), "south took it"
    assert went()


def test_a_provider_that_says_delivered_acknowledges_nothing(
    own_database: OwnDatabase, phones: Phones, start: Callable[[], Worker]
) -> None:
    phones.provider("north").behave(lie=True)
    alert = asked_by_text(own_database)
    start()
    assert until(went)
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("open", None)
    assert alert.steps.filter(state="due").exists()


def test_all_down_and_then_back_it_is_sent(
    own_database: OwnDatabase, phones: Phones, start: Callable[[], Worker]
) -> None:
    for name in ("north", "south"):
        phones.provider(name).behave(refuse=503)
    asked_by_text(own_database)
    start()
    assert until(lambda: (page := page_of("sms")) is not None and page.attempts >= 1)
    for name in ("north", "south"):
        phones.provider(name).behave(refuse=0)
    with own_database.sign_in(Role.OWNER) as owner:

        def time_passes() -> bool:
            owner.execute(
                "UPDATE escalations_page SET due_at = now() WHERE state = 'due' AND due_at > now()"
            )
            return went()

        assert until(time_passes, pause=0.5)
    assert until(lambda: bool(phones.texts(NUMBER)))
