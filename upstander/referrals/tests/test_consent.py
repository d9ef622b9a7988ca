"""A consent: what the agency sees ends with it, in every order of what may happen."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from conftest import Cast
from upstander.base.refused import Refused
from upstander.people.links import LinkOver
from upstander.referrals import actions, agency
from upstander.referrals.due import next_ask
from upstander.referrals.models import Referral
from upstander.referrals.sweeps import sweep_consents
from upstander.referrals.tests.setup import TOLD, contact, link, told
from upstander.retention.tests.setup import set_clock
from upstander.vault.errors import InvitationBroken

pytestmark = pytest.mark.django_db


def reads(secret: str, words: str) -> bool:
    """Tell whether the agency can read it now."""
    try:
        return agency.read(secret, agency.referred(secret), words)["told"] == TOLD
    except LinkOver:
        return False


#: What may happen to a referral; those that end the agency's view.
ENDS: dict[str, Callable[[actions.OpenContact, Referral], None]] = {
    "taken back": lambda opened, row: actions.take_back(opened, row.pk),
    "helped": lambda opened, row: actions.family_said(opened, row.pk, "met"),
    "in part": lambda opened, row: actions.family_said(opened, row.pk, "partly", barrier="cost"),
    "run out": lambda opened, row: set_clock(row.made_at + timedelta(days=46)),
}
GOES_ON: dict[str, Callable[[actions.OpenContact, Referral], None]] = {
    "not reached": lambda opened, row: actions.nobody_reached(opened, row.pk),
    "waits": lambda opened, row: actions.family_said(opened, row.pk, ""),
    "swept": lambda opened, row: (sweep_consents(), None)[1],
}


@pytest.mark.parametrize("order", list(itertools.permutations(GOES_ON, 2)), ids="-".join)
@pytest.mark.parametrize("end", sorted(ENDS))
def test_agency_reads_until_consent_ends(cast: Cast, end: str, order: tuple[str, ...]) -> None:
    one = contact(cast)
    made, opened = told(cast, one), actions.open_contact(cast.viewer("alice"), one)
    secret, row = link(), Referral.objects.get()
    for step in order:
        GOES_ON[step](opened, row)
        assert reads(secret, made.words)
    ENDS[end](opened, row)
    assert not reads(secret, made.words)
    sweep_consents()
    row.refresh_from_db()
    assert (row.wrapped, row.link_hash) == (None, None), "the copy is destroyed"
    with pytest.raises(LinkOver):
        agency.answer(secret, "served")


def test_wrong_words_end_the_link_after_ten(cast: Cast) -> None:
    made, secret = told(cast, contact(cast)), link()
    for _ in range(10):
        with pytest.raises(InvitationBroken):
            agency.read(secret, agency.referred(secret), "abandon ability able about")
    assert not reads(secret, made.words)


def test_numbers_alone_tell_nobody_anything(cast: Cast) -> None:
    made = told(cast, contact(cast), consent="numbers")
    row = Referral.objects.get()
    assert (made.words, row.link_hash, row.wrapped, row.consent_until) == ("", None, None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(link_hash=b"x" * 32)


def test_lost_takes_two_tries_and_is_not_met(cast: Cast) -> None:
    one = contact(cast)
    told(cast, one)
    row, opened = Referral.objects.get(), actions.open_contact(cast.viewer("alice"), one)
    for _ in range(2):
        with pytest.raises(Refused, match="twice"):
            actions.nobody_reached(opened, row.pk, lost=True)
        actions.nobody_reached(opened, row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(outcome="lost", tries=1)
    actions.nobody_reached(opened, row.pk, lost=True)
    assert Referral.objects.get().outcome == "lost"
    with pytest.raises(Refused, match="has ended"):
        actions.family_said(opened, row.pk, "met")


def test_not_met_names_what_stood_in_the_way(cast: Cast) -> None:
    one = contact(cast)
    told(cast, one)
    opened = actions.open_contact(cast.viewer("alice"), one)
    with pytest.raises(Refused):
        actions.family_said(opened, Referral.objects.get().pk, "not_met")
    actions.family_said(opened, Referral.objects.get().pk, "not_met", barrier="transport")
    assert Referral.objects.get().barrier == "transport"


def test_referral_of_another_contact_is_not_changed(cast: Cast) -> None:
    told(cast, contact(cast))
    other = actions.open_contact(cast.viewer("alice"), contact(cast))
    with pytest.raises(Http404):
        actions.take_back(other, Referral.objects.get().pk)
    assert Referral.objects.get().taken_back_at is None


def test_family_is_asked_after_7_and_30_days() -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert next_ask(start, start) == start + timedelta(days=7)
    assert next_ask(start, start + timedelta(days=7)) == start + timedelta(days=30)
    assert next_ask(start, start + timedelta(days=31)) == start + timedelta(days=61)
