"""An agency that says nothing is asked once more; then whoever referred somebody to it hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail

from conftest import Cast
from upstander.carriers.models import Notice
from upstander.referrals import actions, agency
from upstander.referrals.due import SILENT
from upstander.referrals.models import Referral
from upstander.referrals.sweeps import sweep_consents, sweep_silent_agencies
from upstander.referrals.tests.setup import contact, everything, link, told
from upstander.retention.tests.setup import set_clock

pytestmark = pytest.mark.django_db


def later(row: Referral, times: int) -> None:
    """Let so many waiting times have passed since a referral was made."""
    set_clock(row.made_at + times * SILENT + timedelta(minutes=times))


def told_of_silence() -> list[int]:
    """Return who is told that an agency says nothing."""
    found = Notice.objects.filter(kind="agency_silent").values_list("person_id", flat=True)
    return list(found)


def test_silent_agency_is_asked_again_then_its_sender_told(cast: Cast) -> None:
    told(cast, contact(cast))
    row = Referral.objects.get()
    assert "agency@example.org" not in everything()
    assert sweep_silent_agencies() == 0, "it has two days"
    later(row, 1)
    assert (sweep_silent_agencies(), sweep_silent_agencies()) == (1, 0), "it is asked once"
    assert [one.to for one in mail.outbox] == [["agency@example.org"]] * 2
    assert "/r/" not in mail.outbox[-1].body, "nobody but the agency keeps its link"
    assert told_of_silence() == []
    later(row, 2)
    assert (sweep_silent_agencies(), sweep_silent_agencies()) == (1, 0)
    assert told_of_silence() == [cast.viewer("alice").person_id]
    assert len(mail.outbox) == 2
    row.refresh_from_db()
    assert (row.silent_at, row.mailbox) == (None, None)


QUIET: dict[str, Callable[[actions.OpenContact, Referral, str], None]] = {
    "answered": lambda opened, row, secret: agency.answer(secret, "got"),
    "taken back": lambda opened, row, secret: actions.take_back(opened, row.pk),
    "helped": lambda opened, row, secret: actions.family_said(opened, row.pk, "met"),
    "declined": lambda opened, row, secret: actions.family_said(opened, row.pk, "declined"),
}


@pytest.mark.parametrize("what", sorted(QUIET))
def test_agency_is_asked_no_more_once_it_is(cast: Cast, what: str) -> None:
    one = contact(cast)
    told(cast, one)
    row, opened = Referral.objects.get(), actions.open_contact(cast.viewer("alice"), one)
    QUIET[what](opened, row, link())
    row.refresh_from_db()
    assert (row.silent_at, row.mailbox) == (None, None), "its address is kept no longer"
    later(row, 3)
    sweep_consents()
    assert sweep_silent_agencies() == 0
    assert (len(mail.outbox), told_of_silence()) == (1, [])


def test_family_that_calls_itself_makes_nobody_silent(cast: Cast) -> None:
    told(cast, contact(cast), consent="numbers")
    row = Referral.objects.get()
    later(row, 3)
    assert sweep_silent_agencies() == 0
