"""What is due of referrals: a line of the home page of whoever works on them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from upstander.people.permissions import may
from upstander.people.scope import Viewer
from upstander.plug import ToDo
from upstander.referrals.models import Referral
from upstander.referrals.rights import ReferralRight


def to_do(viewer: Viewer, now: datetime) -> list[ToDo]:
    """Return one line for all families who are to be asked now; call inside ``viewing``."""
    if not may(viewer, ReferralRight.WORK):
        return []
    due = Referral.objects.filter(ask_at__lte=now).order_by("ask_at")
    first = due.values_list("ask_at", flat=True).first()
    if first is None:
        return []
    number = due.count()
    words = ngettext(
        "Ask %(number)s family whether it helped",
        "Ask %(number)s families whether it helped",
        number,
    )
    return [ToDo(words % {"number": number}, "/contacts", first, late=True)]
