"""Tips that may tell of the same are linked with one press, and nobody types a reference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.decisions.actions import close_tip
from upstander.desk.tests.tips import a_tip
from upstander.matters.models import Exclusion
from upstander.people.keys import person_mac
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.tips.reporter import Filed
from upstander.triage.actions.work import claim_tip
from upstander.triage.alike import MOST_ALIKE

pytestmark = pytest.mark.django_db


def offered(cast: Cast, one: Filed, name: str = "alice") -> dict[str, Any]:
    """Return reference → form of what the panel "Same matter" offers to link."""
    page = BeautifulSoup(cast.client(name).get(f"/tips/{one.tip_id}").content, "html.parser")
    panel = page.select_one("[data-part=related]")
    assert panel is not None
    return {str(f.select_one("[name=reference]")["value"]): f for f in panel.select("form")}  # type: ignore[index]


def received(cast: Cast, *others: Filed) -> None:
    """Let all have come in the middle of one quarter of an hour."""
    start = Tip.objects.get(pk=others[0].tip_id).received_at
    middle = start.replace(minute=start.minute // 15 * 15 + 7, second=0)
    Tip.objects.filter(pk__in=[one.tip_id for one in others]).update(received_at=middle)


def test_the_alike_are_offered_and_linked_with_one_press(cast: Cast) -> None:
    one, two = a_tip(cast), a_tip(cast)
    received(cast, one, two)
    forms = offered(cast, one)
    assert set(forms) == {two.reference}
    cast.client("alice").post(forms[two.reference]["action"], {"reference": two.reference})
    assert Tip.objects.values("matter_id").distinct().count() == 1
    assert offered(cast, one) == {}, "what is linked is offered no more"


def test_what_is_of_elsewhere_another_time_or_over_is_not_offered(cast: Cast) -> None:
    one = a_tip(cast)
    elsewhere, other = a_tip(cast, school=cast.birch), a_tip(cast, tile="bullying")
    late, closed = a_tip(cast), a_tip(cast)
    received(cast, one, elsewhere, other, late, closed)
    then = Tip.objects.get(pk=one.tip_id).received_at
    Tip.objects.filter(pk=late.tip_id).update(received_at=then + timedelta(minutes=15))
    alice = cast.viewer("alice")
    claim_tip(alice, closed.tip_id)
    close_tip(open_tip(alice, closed.tip_id), "unfounded", "A song.")
    assert offered(cast, one) == {}


def test_what_the_viewer_may_not_see_is_not_offered(cast: Cast) -> None:
    one, two = a_tip(cast), a_tip(cast)
    received(cast, one, two)
    matter = Tip.objects.get(pk=two.tip_id).matter_id
    out = Exclusion(
        matter_id=matter,
        district_id=cast.maple.pk,
        person_mac=person_mac(cast.people["alice"].pk),
    )
    Exclusion.objects.bulk_create([out], ignore_conflicts=True)
    assert offered(cast, one) == {}
    assert set(offered(cast, one, "bea")) == {two.reference}


def test_a_flood_offers_no_more_than_are_read(cast: Cast) -> None:
    many = [a_tip(cast) for _ in range(MOST_ALIKE + 3)]
    received(cast, *many)
    assert len(offered(cast, many[0])) == MOST_ALIKE


def test_who_names_the_same_student_is_offered_too(cast: Cast) -> None:
    one, two = a_tip(cast), a_tip(cast, tile="bullying")
    alice = cast.client("alice")
    for tip in (one, two):
        alice.post(f"/tips/{tip.tip_id}/subjects", {"name": "Jordan Example"})
    page = BeautifulSoup(alice.get(f"/tips/{one.tip_id}").content, "html.parser")
    links = page.select("form[action$='/link'] [name=reference]")
    assert [one["value"] for one in links] == [two.reference], "once, where the name stands"
