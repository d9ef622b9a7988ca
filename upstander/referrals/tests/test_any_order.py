"""Whatever happens to a referral, in any order: what an agency sees ends with its consent."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.people.links import LinkOver
from upstander.referrals import actions, agency
from upstander.referrals.models import Referral
from upstander.referrals.sweeps import sweep_consents, sweep_silent_agencies
from upstander.referrals.tests.setup import TOLD, contact, link, told
from upstander.retention.tests.setup import set_clock

pytestmark = pytest.mark.django_db

STEPS: dict[str, Callable[[actions.OpenContact, Referral, str], object]] = {
    "take back": lambda opened, row, secret: actions.take_back(opened, row.pk),
    "met": lambda opened, row, secret: actions.family_said(opened, row.pk, "met"),
    "waits": lambda opened, row, secret: actions.family_said(opened, row.pk, ""),
    "not met": lambda opened, row, secret: actions.family_said(
        opened, row.pk, "not_met", barrier="cost"
    ),
    "not reached": lambda opened, row, secret: actions.nobody_reached(opened, row.pk),
    "lost": lambda opened, row, secret: actions.nobody_reached(opened, row.pk, lost=True),
    "hold": lambda opened, row, secret: actions.hold_place(opened, row.pk),
    "come": lambda opened, row, secret: actions.answer_place(opened, row.pk, takes=True),
    "answer": lambda opened, row, secret: agency.answer(secret, "got"),
    "an hour": lambda opened, row, secret: set_clock(database_now() + timedelta(hours=1)),
    "20 days": lambda opened, row, secret: set_clock(database_now() + timedelta(days=20)),
    "sweep": lambda opened, row, secret: (sweep_consents(), sweep_silent_agencies()),
}


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_referral_keeps_its_promises_in_any_order(cast: Cast, steps: list[str]) -> None:
    one = contact(cast)
    made, opened = told(cast, one), actions.open_contact(cast.viewer("alice"), one)
    secret, before = link(), Referral.objects.get(pk=made.id)
    until = before.consent_until
    assert until is not None
    for step in steps:
        with contextlib.suppress(Refused, LinkOver):
            STEPS[step](opened, before, secret)
        row = Referral.objects.get(pk=made.id)
        consented = until > database_now() and not row.taken_back_at and not row.outcome
        assert sees(secret, made.words) is consented, "it sees as long as it may, and no longer"
        check(before, row, database_now())
        before = row


def check(before: Referral, row: Referral, now: datetime) -> None:
    """What one step may not do, whichever it was."""
    if before.outcome:
        assert row.outcome == before.outcome, "what the family said stands"
    if row.outcome == "lost":
        assert row.tries >= 2
    if row.outcome:
        assert (row.ask_at, row.silent_at, row.mailbox, row.wrapped) == (None, None, None, None)
    if row.held_yes_at and not before.held_yes_at:
        assert row.held_until is not None
        assert row.held_until > now, "no yes counts after its hour"
    if row.agency:
        assert row.silent_at is None, "who answered is not asked again"


def sees(secret: str, words: str) -> bool:
    """Tell whether the agency can read it now."""
    try:
        return agency.read(secret, agency.referred(secret), words)["told"] == TOLD
    except LinkOver:
        return False
