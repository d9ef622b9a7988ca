"""What falls due, done with the worker's own rights: whom it asks, what becomes of what it sent."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.escalations.actions import acknowledge, step_aside
from upstander.escalations.clock import sweep_news, sweep_next_steps, sweep_steps
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.queries import database_now
from upstander.escalations.sending import MAX_ATTEMPTS, sweep_pages
from upstander.escalations.tests.alerts import an_alert
from upstander.places.keys import mac_holder, person_mac
from upstander.places.models import MatterBar, Person
from upstander.places.priority import Priority

TEAM = ("tara", "tom", "uma")
HAVE_IT, CANNOT = Acknowledgement.Answer.HAVE_IT, Acknowledgement.Answer.CANNOT


@contextmanager
def as_worker() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def work() -> None:
    """One second of the worker's life."""
    with as_worker():
        sweep_news()
        sweep_steps()
        sweep_pages()
        sweep_next_steps()


def pass_time(alert: Alert, seconds: float) -> None:
    """Let time pass for one alert: everything that is due comes nearer by so much."""
    by = timedelta(seconds=seconds)
    for step in Step.objects.filter(alert_id=alert.pk):
        Step.objects.filter(pk=step.pk).update(due_at=step.due_at - by)
    for page in Page.objects.filter(alert_id=alert.pk):
        Page.objects.filter(pk=page.pk).update(due_at=page.due_at - by)
    fresh = Alert.objects.get(pk=alert.pk)
    if fresh.next_step_due_at:
        Alert.objects.filter(pk=alert.pk).update(next_step_due_at=fresh.next_step_due_at - by)


def asked(cast: Cast, alert: Alert, state: str = Page.State.SENT) -> set[str]:
    """Return the names of those whose page has this state."""
    by_id = {person.pk: name for name, person in cast.people.items()}
    return {by_id[p.person_id] for p in Page.objects.filter(alert_id=alert.pk, state=state)}


def bar(alert: Alert, person: Person) -> None:
    MatterBar.objects.create(
        matter_id=alert.matter_id, district_id=alert.district_id, person_mac=person_mac(person.pk)
    )


def test_a_page_is_written_before_it_is_sent(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker():
        sweep_steps()
    assert asked(cast, alert, Page.State.DUE) == set(TEAM)
    assert mail.outbox == []
    with as_worker():
        assert sweep_pages() == 3
    assert {message.to[0] for message in mail.outbox} == {cast.people[n].email for n in TEAM}
    assert asked(cast, alert) == set(TEAM)
    work()
    assert len(mail.outbox) == 3


def test_nobody_answers_and_the_next_are_asked_until_somebody_does(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    pass_time(alert, 181)
    work()
    assert Page.objects.filter(alert_id=alert.pk, step_number=2).count() == 3
    pass_time(alert, 181)
    work()
    assert "dee" in asked(cast, alert)
    for _ in range(3):
        pass_time(alert, 121)
        work()
    rounds = Page.objects.filter(alert_id=alert.pk, step_number=4).values_list("round", flat=True)
    assert set(rounds) == {1, 2, 3}
    assert {"alice", "bea", "sam"} < asked(cast, alert)
    assert not {"cora", "charlie", "pia", "bob", "ada"} & asked(cast, alert)


def test_an_answer_cancels_what_was_to_come(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker():
        sweep_steps()
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    work()
    pass_time(alert, 500)
    work()
    assert mail.outbox == []
    assert asked(cast, alert, Page.State.CANCELLED) == set(TEAM)


def test_have_it_and_then_silence_is_silence(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    pass_time(alert, 601)
    work()
    fresh = Alert.objects.get(pk=alert.pk)
    assert fresh.state == Alert.State.OPEN
    assert fresh.acknowledged_by is None
    # The team again, at once; then the others, each after as long as before.
    work()
    assert Page.objects.filter(alert_id=alert.pk, step_number=2, state="sent").count() == 3
    assert not Page.objects.filter(alert_id=alert.pk, step_number__gt=2).exists()
    pass_time(alert, 181)
    work()
    assert "dee" in asked(cast, alert)


def test_who_cannot_is_asked_no_more_and_the_others_at_once(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    acknowledge(cast.viewer("tom"), alert.pk, CANNOT)
    work()
    second = Page.objects.filter(alert_id=alert.pk, step_number=2)
    assert {page.person_id for page in second} == {
        cast.people["tara"].pk,
        cast.people["uma"].pk,
    }


def test_a_team_of_which_nobody_can_is_not_waited_for(cast: Cast) -> None:
    alert = an_alert(cast, "birch")
    work()
    acknowledge(cast.viewer("bob"), alert.pk, CANNOT)
    work()  # the second step finds nobody …
    work()  # … so the third is due now
    assert "dee" in asked(cast, alert)


def test_who_had_it_and_cannot_after_all_is_followed_at_once(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    tom = cast.viewer("tom")
    acknowledge(tom, alert.pk, HAVE_IT)
    acknowledge(tom, alert.pk, CANNOT)
    work()
    assert Page.objects.filter(alert_id=alert.pk, step_number=2, state="sent").count() == 2


def test_who_leaves_the_matter_is_followed(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    work()
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    step_aside(alert.subject_id, cast.people["tom"].pk, database_now())
    bar(alert, cast.people["tom"])
    work()
    second = Page.objects.filter(alert_id=alert.pk, step_number=2, state="sent")
    assert cast.people["tom"].pk not in {page.person_id for page in second}
    assert second.count() == 2


def test_a_bar_set_between_writing_and_sending_holds(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker():
        sweep_steps()
    bar(alert, cast.people["uma"])
    with as_worker():
        sweep_pages()
    assert cast.people["uma"].email not in {message.to[0] for message in mail.outbox}
    assert asked(cast, alert, Page.State.CANCELLED) == {"uma"}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    barred=st.sets(st.sampled_from(["tara", "tom", "uma", "dee", "alice", "bea", "sam"])),
    gone=st.sets(st.sampled_from(["tara", "tom", "bea"])),
    by_name=st.booleans(),
)
def test_nobody_barred_or_gone_is_ever_asked(
    cast: Cast, barred: set[str], gone: set[str], by_name: bool
) -> None:
    """Whatever the policy's step, and whether it was handed to a team or to persons."""
    with transaction.atomic():
        mail.outbox.clear()
        holders = [mac_holder(cast.people[name].pk) for name in TEAM] if by_name else None
        alert = an_alert(cast, "cedar", holders=holders)
        for name in barred:
            bar(alert, cast.people[name])
        Person.objects.filter(pk__in=[cast.people[name].pk for name in gone]).update(
            is_active=False
        )
        for _ in range(6):
            work()
            pass_time(alert, 200)
        reached = asked(cast, alert)
        assert not reached & (barred | gone)
        assert reached == {*TEAM, "dee", "alice", "bea", "sam"} - barred - gone
        addresses = {message.to[0] for message in mail.outbox}
        assert not addresses & {cast.people[name].email for name in barred | gone}
        transaction.set_rollback(True)


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception, address: str = "") -> None:
    """Let the mail server refuse everybody, or one address."""

    def send(message: mail.EmailMessage, **_more: object) -> int:
        if not address or message.to == [address]:
            raise error
        mail.outbox.append(message)
        return 1

    monkeypatch.setattr(mail.EmailMessage, "send", send)


def test_a_failed_mail_is_tried_again_with_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = an_alert(cast, "birch")
    with monkeypatch.context() as broken:
        failing(broken, ConnectionRefusedError())
        work()
        page = Page.objects.get(alert_id=alert.pk)
        assert (page.state, page.attempts) == (Page.State.DUE, 1)
        assert "ConnectionRefusedError" in page.reason
        work()
        assert Page.objects.get(pk=page.pk).attempts == 1, "not before its time"
        pass_time(alert, 16)
        work()
        assert Page.objects.get(pk=page.pk).attempts == 2
    pass_time(alert, 31)
    work()
    page.refresh_from_db()
    assert (page.state, page.reason) == (Page.State.SENT, "")
    assert len(mail.outbox) == 1


def test_after_the_last_attempt_it_has_failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = an_alert(cast, "birch", priority=Priority.ROUTINE)
    failing(monkeypatch, TimeoutError())
    for _ in range(MAX_ATTEMPTS + 2):
        work()
        pass_time(alert, 901)
    first = Page.objects.get(alert_id=alert.pk, step_number=1)
    assert (first.state, first.attempts) == (Page.State.FAILED, MAX_ATTEMPTS)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"bob@example.org": (550, b"no")}), Page.State.FAILED),
        (smtplib.SMTPRecipientsRefused({"bob@example.org": (450, b"later")}), Page.State.DUE),
        (smtplib.SMTPDataError(554, b"no"), Page.State.FAILED),
        (smtplib.SMTPDataError(451, b"later"), Page.State.DUE),
        (smtplib.SMTPAuthenticationError(535, b"who?"), Page.State.DUE),
        (smtplib.SMTPServerDisconnected(), Page.State.DUE),
        (ValueError("Header values can't contain newlines"), Page.State.FAILED),
    ],
)
def test_what_can_never_arrive_has_failed_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    alert = an_alert(cast, "birch")
    failing(monkeypatch, error)
    work()
    page = Page.objects.get(alert_id=alert.pk, step_number=1)
    assert page.state == state
    assert page.reason
    assert "bob@" not in page.reason


def test_a_step_whose_every_mail_failed_begins_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = an_alert(cast, "birch")
    refused = smtplib.SMTPRecipientsRefused({"x": (550, b"no")})
    failing(monkeypatch, refused, cast.people["bob"].email)
    for _ in range(3):
        work()
    assert "dee" in asked(cast, alert)


def test_one_bad_address_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = an_alert(cast, "cedar")
    failing(monkeypatch, ValueError("newline"), cast.people["tara"].email)
    work()
    assert asked(cast, alert) == {"tom", "uma"}
    assert asked(cast, alert, Page.State.FAILED) == {"tara"}


def test_life_safety_goes_out_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upstander.escalations.clock._BATCH", 60)
    for _ in range(3):
        an_alert(cast, "birch", priority=Priority.ROUTINE)
    an_alert(cast, "birch", priority=Priority.LIFE_SAFETY)
    work()
    assert "LIFE SAFETY" in mail.outbox[0].subject
    assert len(mail.outbox) == 4


def test_the_worker_reads_no_tip(cast: Cast) -> None:
    with as_worker(), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("SELECT * FROM tips_tip")
