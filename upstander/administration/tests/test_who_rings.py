"""The phone that an administrator keeps of somebody is not what alerts ring, and says so."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import Channel, ContactMethod
from upstander.people.models import Person

pytestmark = pytest.mark.django_db


def change(cast: Cast, phone: str) -> str:
    """Save another phone for tom; return the page that follows."""
    tom = cast.people["tom"]
    given = {"name": tom.name, "email": tom.email, "phone": phone, "language": "en"}
    answer = cast.client("ada").post(f"/people/{tom.pk}/", given, follow=True)
    return answer.content.decode()


def test_an_emptied_phone_is_said_to_ring_on_or_not_to_ring_at_all(cast: Cast) -> None:
    tom = cast.people["tom"]
    Person.objects.filter(pk=tom.pk).update(phone="860-555-0134")
    said = change(cast, "")
    assert "No alert rings this person: they have confirmed no phone" in said
    assert "shows a gap" in said
    ContactMethod.objects.create(
        person_id=tom.pk,
        kind=Channel.VOICE,
        address="+18605550101",
        address_mac=tom.pk.to_bytes(32),
        verified_at=database_second(),
        created_at=database_second(),
    )
    said = change(cast, "860-555-0135")
    assert "Alerts still ring what this person confirmed" in said
    assert "Alerts ring a phone or device that this person confirmed" in said
    assert "No alert rings" not in said
    assert "+18605550101" not in said, "the number itself stays theirs"
    assert "Alerts still ring" not in change(cast, "860-555-0135"), "said where it was changed"


def test_of_whom_nothing_is_to_ring_nothing_is_said(cast: Cast) -> None:
    ada = cast.people["ada"]
    page = cast.client("ada").get(f"/people/{ada.pk}/").content.decode()
    assert "No alert rings" not in page
