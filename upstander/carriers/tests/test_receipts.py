"""What providers report: signed or not read, once, in any order, and of what was really sent."""

from __future__ import annotations

import logging
from itertools import permutations
from uuid import uuid4

import pytest

from conftest import Cast
from upstander.carriers import queries
from upstander.carriers.models import Channel, Delivery, Receipt
from upstander.carriers.tests.lines import (
    BASE,
    NUMBER,
    TOKEN,
    Site,
    a_way,
    as_worker,
    call_in,
    sent,
    state_of,
)

pytestmark = pytest.mark.usefixtures("north")


def report(site: Site, row: Delivery, status: str, **more: str) -> int:
    voice = row.channel == Channel.VOICE
    form = {
        "CallSid" if voice else "MessageSid": row.provider_ref,
        "CallStatus" if voice else "MessageStatus": status,
        "To": NUMBER,
        **more,
    }
    return call_in(site, f"/carriers/north/status/{row.pk}", form).status_code


def test_a_receipt_is_taken_once_however_often_it_comes(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    assert [report(site, row, "delivered") for _ in range(3)] == [204] * 3
    assert state_of(row) == "delivered"
    assert Receipt.objects.count() == 1
    with as_worker():
        assert [d.pk for d in queries.untold(10)] == [row.pk]
    assert Delivery.objects.get(pk=row.pk).sealed is None, "what was carried is forgotten"


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_receipts_of_a_text_mean_the_same_in_any_order(
    cast: Cast, site: Site, order: tuple[str, ...]
) -> None:
    row = sent(a_way(cast.people["tara"]))
    for status in order:
        assert report(site, row, status) == 204
    assert state_of(row) == "delivered"


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (("ringing", "busy"), "busy"),
        (("ringing", "no-answer"), "no_answer"),
        (("ringing", "in-progress", "completed"), "answered"),
        (("failed",), "failed"),
        (("canceled",), "cancelled"),
    ],
)
def test_what_became_of_a_call_is_told_apart_in_any_order(
    cast: Cast, site: Site, statuses: tuple[str, ...], state: str
) -> None:
    method = a_way(cast.people["tara"], Channel.VOICE)
    for order in permutations(statuses):
        row = sent(method)
        for status in order:
            assert report(site, row, status) == 204
        assert state_of(row) == state, order


def test_a_machine_is_a_machine_whatever_else_is_said(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"], Channel.VOICE)
    said = [
        ("in-progress", {}),
        ("in-progress", {"AnsweredBy": "machine_start"}),
        ("completed", {"AnsweredBy": "machine_start"}),
    ]
    for order in permutations(said):
        row = sent(method)
        for status, more in order:
            report(site, row, status, **more)
        assert state_of(row) == "machine"


def test_what_is_final_is_not_undone_by_what_comes_late(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    for status in ("undelivered", "sent", "delivered", "queued"):
        report(site, row, status)
    assert state_of(row) == "failed"


def test_a_receipt_may_come_before_the_answer_to_the_order(cast: Cast, site: Site) -> None:
    from upstander.carriers import sending  # noqa: PLC0415

    row = sent(a_way(cast.people["tara"]))
    Delivery.objects.filter(pk=row.pk).update(state="trying", provider_ref="")
    assert report(site, row, "delivered") == 204
    assert Delivery.objects.get(pk=row.pk).provider_ref == row.provider_ref
    sending._accepted(row, row.provider_ref, reports=True)
    assert state_of(row) == "delivered"


def test_an_address_that_is_no_good_is_marked_by_the_receipt(cast: Cast, site: Site) -> None:
    method = a_way(cast.people["tara"])
    assert report(site, sent(method), "undelivered", ErrorCode="30003") == 204
    method.refresh_from_db()
    assert method.broken_at is None, "a phone that is off may be on again"
    assert report(site, sent(method), "undelivered", ErrorCode="30006") == 204
    method.refresh_from_db()
    assert method.broken_reason == "bad_number"


@pytest.mark.parametrize("token", ["another-token", "", "a-token-of-south"])
def test_what_is_not_signed_by_the_provider_is_not_read(
    cast: Cast, site: Site, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = sent(a_way(cast.people["tara"]))
    form = {"MessageSid": row.provider_ref, "MessageStatus": "delivered", "From": NUMBER}
    path = f"/carriers/north/status/{row.pk}"
    with caplog.at_level(logging.WARNING, logger="upstander"):
        logging.getLogger("upstander").addHandler(caplog.handler)
        assert call_in(site, path, form, token=token).status_code == 403
    assert site.post(path, form).status_code == 403
    assert state_of(row) == "accepted"
    assert "was not signed by it" in caplog.text
    assert NUMBER not in caplog.text


def test_a_signature_is_good_for_its_own_words_and_address_only(cast: Cast, site: Site) -> None:
    row, other = sent(a_way(cast.people["tara"])), uuid4()
    from upstander.carriers.signatures import twilio  # noqa: PLC0415

    form = {"MessageSid": row.provider_ref, "MessageStatus": "sent"}
    path = f"/carriers/north/status/{row.pk}"
    good = twilio(TOKEN, BASE + path, {name: [value] for name, value in form.items()})
    header = {"X-Twilio-Signature": good}
    assert site.post(path, form, **header).status_code == 204
    assert site.post(path, {**form, "MessageStatus": "delivered"}, **header).status_code == 403
    assert site.post(f"{path}?x=1", form, **header).status_code == 403
    assert site.post(f"/carriers/north/status/{other}", form, **header).status_code == 403
    assert site.post(path.replace("north", "south"), form, **header).status_code == 403
    # Whatever the request says its host is, the address that we gave out is the one that counts.
    assert site.post(path, form, **header, host="localhost").status_code in (204, 400)


def test_unknown_ids_are_refused_loudly(
    cast: Cast, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    row = sent(a_way(cast.people["tara"]))
    form = {"MessageSid": row.provider_ref, "MessageStatus": "delivered"}
    logging.getLogger("upstander").addHandler(caplog.handler)
    for path, given in (
        (f"/carriers/north/status/{uuid4()}", form),
        (f"/carriers/north/status/{row.pk}", {**form, "MessageSid": "SM-of-nobody"}),
        (f"/carriers/north/status/{row.pk}", {**form, "MessageSid": ""}),
    ):
        caplog.clear()
        assert call_in(site, path, given).status_code == 404
        assert "never had from us" in caplog.text
    assert call_in(site, f"/carriers/east/status/{row.pk}", form).status_code == 404
    assert state_of(row) == "accepted"
    assert not Receipt.objects.exists()


def test_one_provider_does_not_report_on_anothers_message(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    form = {"MessageSid": row.provider_ref, "MessageStatus": "delivered"}
    path = f"/carriers/south/status/{row.pk}"
    assert call_in(site, path, form, token="a-token-of-south").status_code == 404
    assert state_of(row) == "accepted"


def test_nothing_is_done_by_a_get(cast: Cast, site: Site) -> None:
    row = sent(a_way(cast.people["tara"]))
    for path in (f"status/{row.pk}", f"voice/{row.pk}", "sms"):
        assert site.get(f"/carriers/north/{path}").status_code == 405
