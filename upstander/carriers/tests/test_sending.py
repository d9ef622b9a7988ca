"""One message to one address: written first, then tried, and tried by another when one fails."""

from __future__ import annotations

from uuid import uuid4

from django.core import mail

from conftest import Cast
from upstander.carriers import queries, sending, texts
from upstander.carriers.models import Delivery
from upstander.places.models import Person


def a_page(person: Person, **more: object) -> texts.Outgoing:
    fields = {
        "for_id": uuid4(), "reference": "AB3F-K9QX", "priority": "life_safety",
        "subject_id": uuid4(), "code": "K7", **more,
    }  # fmt: skip
    return texts.page(person, **fields)  # type: ignore[arg-type]


def test_everybodys_account_address_is_a_way_to_reach_them(cast: Cast) -> None:
    tara = cast.people["tara"]
    (method,) = queries.methods_of([tara.pk])[tara.pk]
    outcome = sending.deliver(method, a_page(tara))
    assert outcome.state == "accepted"
    (row,) = Delivery.objects.all()
    assert (row.chain, row.state, row.provider) == (outcome.delivery_id, "accepted", "mail")
    assert mail.outbox[0].to == [tara.email]
    assert "AB3F-K9QX" in mail.outbox[0].subject
