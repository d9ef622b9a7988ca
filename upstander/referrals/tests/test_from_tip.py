"""A contact begun from a tip: the wall between them is as hard as between two tips."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.referrals import actions
from upstander.referrals.models import Contact
from upstander.referrals.tests.setup import everything, services
from upstander.referrals.tests.test_contacts import FORM
from upstander.tips.models import Tip
from upstander.triage.tests.test_second_readers import exclude
from upstander.triage.tests.test_stepping_aside import a_tip

pytestmark = pytest.mark.django_db
WROTE = "My aunt drinks and we have no heat."


def begun(cast: Cast, tip: Any) -> Contact:
    """Begin a contact from a tip as Alice, in her own words."""
    form = {**FORM, "district": cast.maple.pk, "tip": tip}
    assert cast.client("alice").post("/contacts/new", form).status_code == 302
    return Contact.objects.get()


def test_contact_from_tip_begins_with_none_of_its_words(cast: Cast) -> None:
    services()
    tip = a_tip(cast, WROTE)
    client = cast.client("alice")
    assert f"/contacts/new?tip={tip}" in client.get(f"/tips/{tip}").content.decode()
    page = client.get("/contacts/new", {"tip": str(tip)}).content.decode()
    assert Tip.objects.get().reference in page
    for word in ("aunt", "drinks"):
        assert word not in page
    one = begun(cast, tip)
    assert WROTE not in actions.open_contact(cast.viewer("alice"), one.pk).words.values()


def test_way_back_to_tip_stands_in_no_row(cast: Cast) -> None:
    services()
    tip = a_tip(cast, WROTE)
    begun(cast, tip)
    assert str(tip) not in everything()
    assert Tip.objects.get().reference not in everything()


def test_way_back_is_seen_by_who_may_read_both(cast: Cast) -> None:
    services()
    tip = a_tip(cast, WROTE)
    one, reference = begun(cast, tip), Tip.objects.get().reference
    for name in ("alice", "bea"):
        assert reference in cast.client(name).get(f"/contacts/{one.pk}").content.decode()
    exclude(cast, "bea", tip)
    page = cast.client("bea").get(f"/contacts/{one.pk}")
    assert page.status_code == 200, "the contact is her center's still"
    assert reference not in page.content.decode()
    assert str(tip) not in page.content.decode()
    assert reference in cast.client("alice").get(f"/contacts/{one.pk}").content.decode()


def test_changed_contact_keeps_its_way_back(cast: Cast) -> None:
    services()
    tip = a_tip(cast, WROTE)
    one = begun(cast, tip)
    form = {**FORM, "district": cast.maple.pk, "tried": "The landlord."}
    cast.client("alice").post(f"/contacts/{one.pk}", form)
    assert actions.open_contact(cast.viewer("alice"), one.pk).words["tip"] == str(tip)


@pytest.mark.parametrize("named", ["no-tip", "00000000-0000-4000-8000-000000000000"])
def test_contact_from_no_tip_of_ours_is_not_begun(cast: Cast, named: str) -> None:
    client = cast.client("alice")
    assert client.get("/contacts/new", {"tip": named}).status_code == 404
    form = {**FORM, "district": cast.maple.pk, "tip": named}
    assert client.post("/contacts/new", form).status_code == 404
    assert not Contact.objects.exists()


def test_contact_from_another_center_s_tip_is_not_begun(cast: Cast) -> None:
    tip = a_tip(cast, WROTE)
    assert cast.client("cora").get("/contacts/new", {"tip": str(tip)}).status_code == 404


def test_town_is_kept_in_clear_if_directory_knows_it(cast: Cast) -> None:
    services()
    cast.client("alice").post(
        "/contacts/new", {**FORM, "district": cast.maple.pk, "town": "12 Elm Street, by the bridge"}
    )
    assert Contact.objects.get().town == "", "an address stands nowhere in clear"
