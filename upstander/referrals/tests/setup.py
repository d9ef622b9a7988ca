"""What the tests of referrals share: a contact, and a referral with consent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core import mail
from django.db import connection

from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Service
from upstander.referrals import actions
from upstander.referrals.models import Contact, Referral

STORY, TOLD = "The rent is two months late.", "A family of three needs help with rent."


def services() -> None:
    """Load what ships of the directory."""
    if not Service.objects.exists():
        load_services()


def contact(cast: Cast, who: str = "alice", **facts: Any) -> UUID:
    """Take a contact about housing."""
    given = {"way": "call", "needs": ["housing"]} | facts
    return actions.take_contact(cast.viewer(who), cast.maple.pk, given, {"story": STORY})


def told(cast: Cast, contact_id: UUID, **more: Any) -> actions.Told:
    """Refer them to the first service, with an adult's consent and a mail to its agency."""
    services()
    opened = actions.open_contact(cast.viewer("alice"), contact_id)
    given: dict[str, Any] = {
        "service_id": Service.objects.order_by("slug")[0].pk,
        "need": "housing",
        "consent": "adult",
        "words": {"told": TOLD, "channel": "call", "reach": "860-555-0142"},
        "email": "agency@example.org",
    }
    return actions.refer(opened, **(given | more))


def link() -> str:
    """Return the secret part of the link that was mailed last."""
    found = re.search(r"/r/([\w-]+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def everything() -> str:
    """Return all rows of both tables as the database's owner reads them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(c::text, ' ') FROM referrals_contact c) || "
            "coalesce((SELECT string_agg(r::text, ' ') FROM referrals_referral r), '')"
        )
        (found,) = cursor.fetchone() or ("",)
    return str(found)


def ended(cast: Cast, outcomes: Iterable[str], at: datetime, **facts: Any) -> None:
    """Let contacts have ended at a time, each with one referral and its outcome; "": with none."""
    given = {"way": "call", "needs": ["housing"], "language": "es"} | facts
    for outcome in outcomes:
        one = Contact.objects.create(
            id=uuid4(),
            district_id=cast.maple.pk,
            person_id=1,
            taken_at=at,
            ended_at=at,
            sealed=b"x",
            **given,
        )
        if outcome:
            Referral.objects.create(
                contact=one,
                need=given["needs"][0],
                service_id=uuid4(),
                made_by=1,
                made_at=at,
                consent="numbers",
                tries=2,
                outcome=outcome,
                outcome_at=at,
                outcome_by=1,
                barrier="cost",
                sealed=b"x",
            )
