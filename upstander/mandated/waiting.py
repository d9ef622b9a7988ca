"""A report that only its owner holds yet: who is asked to change that, over and over.

While the center has not settled who must not see a tip, its counselors are asked; from then on the
owner, who alone holds the key, is asked to open the report once: that grants it (``granting``).
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from upstander.base.moment import database_second
from upstander.carriers.notices import tell
from upstander.mandated.actions.answers import MOST_SELDOM
from upstander.mandated.models import Duty, Routing
from upstander.mandated.silence import counselors_of, excluded_in, is_excluded
from upstander.tips.actions.not_see import matter_unsettled

_BATCH = 50
#: Until somebody is asked for the second time; then twice as long each time, up to four hours.
FIRST = timedelta(minutes=10)


def sweep_waiting() -> int:
    """Ask for what a report waits for; returns of how many."""
    with transaction.atomic():
        now = database_second()
        rows = list(
            Routing.objects.filter(remind_at__lte=now)
            .order_by("remind_at", "pk")
            .select_for_update(skip_locked=True)[:_BATCH]
        )
        duties = Duty.objects.in_bulk({row.duty_id for row in rows})
        for row in rows:
            if matter_unsettled(row.matter_id):
                excluded = excluded_in({row.matter_id})
                for person in counselors_of(row.district_id):
                    if not is_excluded(person, row.matter_id, excluded):
                        tell(person, "settle_asked")
            else:
                tell(duties[row.duty_id].person_id, "duty_to_share")
            row.reminded += 1
            row.remind_at = now + min(MOST_SELDOM, FIRST * 2 ** min(row.reminded - 1, 8))
        Routing.objects.bulk_update(rows, ["remind_at", "reminded"])
    return len(rows)
