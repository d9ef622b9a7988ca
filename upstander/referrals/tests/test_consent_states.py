"""Every state of a consent, as a table: who agreed, to what, what happened since."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import Cast
from upstander.base.refused import Refused
from upstander.mandated.actions.confirming import confirm_fact, facts_of
from upstander.people.links import LinkOver
from upstander.plug import law_files
from upstander.referrals import actions, agency
from upstander.referrals.models import Referral
from upstander.referrals.sweeps import sweep_consents
from upstander.referrals.tests.setup import TOLD, contact, link, told
from upstander.retention.tests.setup import set_clock
from upstander.vault.errors import InvitationBroken

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("consent.csv")
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))


def ten_wrong_words(opened: actions.OpenContact, row: Referral) -> None:
    """Try ten times what isn't the four words."""
    for _ in range(10):
        with pytest.raises(InvitationBroken):
            agency.read(link(), agency.referred(link()), "abandon ability able about")


THEN: dict[str, Callable[[actions.OpenContact, Referral], None]] = {
    "": lambda opened, row: None,
    "taken back": lambda opened, row: actions.take_back(opened, row.pk),
    "run out": lambda opened, row: set_clock(row.made_at + timedelta(days=46)),
    "ten wrong words": ten_wrong_words,
    "met": lambda opened, row: actions.family_said(opened, row.pk, "met"),
    "declined": lambda opened, row: actions.family_said(opened, row.pk, "declined"),
    "waits": lambda opened, row: actions.family_said(opened, row.pk, ""),
    "not reached": lambda opened, row: actions.nobody_reached(opened, row.pk),
    "agency answers": lambda opened, row: agency.answer(link(), "got"),
}


def confirm_minors_word(cast: Cast) -> None:
    """Confirm the State's rule as an administrator does."""
    (file,) = (one for one in law_files() if one.key == "word-us-ct")
    (fact,) = (one for one in facts_of(file) if one.key == "minor")
    confirm_fact(cast.viewer("ada"), file.key, fact.key, fact.digest, stands=True)


@pytest.mark.parametrize("case", ROWS, ids=lambda case: "-".join(case.values()))
def test_consent_is_as_the_table_says(cast: Cast, case: dict[str, str]) -> None:
    if case["confirmed"] == "yes":
        confirm_minors_word(cast)
    one = contact(cast, needs=[case["need"]])
    if case["agency_reads"] == "refused":
        with pytest.raises(Refused, match="can’t consent"):
            told(cast, one, consent=case["consent"], need=case["need"])
        assert not Referral.objects.exists()
        return
    made = told(cast, one, consent=case["consent"], need=case["need"])
    row, opened = Referral.objects.get(), actions.open_contact(cast.viewer("alice"), one)
    assert bool(made.words) is (case["consent"] != "numbers")
    THEN[case["then"]](opened, row)
    sweep_consents()
    row.refresh_from_db()
    assert (row.wrapped is not None) is (case["agency_reads"] == "yes")
    if made.words:
        try:
            reads = agency.read(link(), agency.referred(link()), made.words)["told"] == TOLD
        except LinkOver:
            reads = False
        assert reads is (case["agency_reads"] == "yes")


def test_minor_s_own_word_is_offered_once_confirmed(cast: Cast) -> None:
    one = contact(cast, needs=["health"])
    told(cast, one, consent="numbers", need="health")
    at = f"/contacts/{one}/refer/{Referral.objects.get().service_id}?need=health"
    assert "a minor of" not in cast.client("alice").get(at).content.decode()
    confirm_minors_word(cast)
    assert "a minor of 16 or older" in cast.client("alice").get(at).content.decode()


def test_place_lapses_by_itself_after_an_hour(cast: Cast) -> None:
    one = contact(cast)
    told(cast, one)
    row, client = Referral.objects.get(), cast.client("alice")
    at = f"/contacts/{one}/referrals/{row.pk}/place"
    assert "Ask the family now" in client.post(at, {"act": "hold"}, follow=True).content.decode()
    assert "ask the family now" in client.get(f"/contacts/{one}").content.decode()
    row.refresh_from_db()
    assert row.held_until is not None
    set_clock(row.held_until)
    assert "it is free again" in client.get(f"/contacts/{one}").content.decode()
    late = client.post(at, {"act": "yes"}, follow=True).content.decode()
    assert "no longer held" in late
    client.post(at, {"act": "hold"})
    client.post(at, {"act": "yes"})
    row.refresh_from_db()
    assert row.held_yes_at is not None
    page = client.post(at, {"act": "hold"}, follow=True).content.decode()
    assert "has said yes" in page
    client.post(at, {"act": "no"})
    assert Referral.objects.filter(held_until=None, held_yes_at=None).count() == 1
