"""What the worker does: asks for what falls due, by mail and in the daytime, and passes it on late.

Who has an account is told by a notice, in the transaction that says so. Who has none gets a mail
with a link to the course: a worker that dies in between sends a second one, never none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext

from upstander.base.moment import database_now
from upstander.carriers.notices import tell
from upstander.oncall.hours import next_open
from upstander.people.actions.invitations import send
from upstander.people.models import Membership
from upstander.people.roles import SCHOOL_OFFICE, Role, TeamKind
from upstander.places.models import District
from upstander.training.actions.completions import LINK_DAYS, LINK_PATH
from upstander.training.days import day_of
from upstander.training.models import Due
from upstander.vault.links import link_hash, new_link_secret

#: Days after the last day (before it: less than 0) on which somebody is told.
STEPS: Final = (-60, -30, -7, 0, 14, 30)
#: From how many days late the school's office is told, and the compliance lead.
OFFICE, LEAD = 14, 30
OPENS, CLOSES = time(8), time(17)
_BATCH: Final = 100


def first_reminder(due_on: date | None, today: date) -> date | None:
    """Return when somebody is first told of what is due; at once where the first step is past."""
    return None if due_on is None else max(today, due_on + timedelta(days=STEPS[0]))


def next_reminder(due_on: date, today: date) -> date | None:
    """Return the next step after today; None: no more."""
    days = (due_on + timedelta(days=step) for step in STEPS)
    return next((day for day in days if day > today), None)


def sweep_reminders() -> int:
    """Ask for what falls due, in the daytime; returns for how much."""
    asked = 0
    for district in District.objects.order_by("pk"):
        now = database_now()
        if next_open(now, OPENS, CLOSES, ZoneInfo(district.time_zone)) > now:
            continue
        today = day_of(district, now)
        waiting = Due.objects.filter(employee__district_id=district.pk, remind_on__lte=today)
        for due in waiting.select_related("employee").order_by("remind_on", "pk")[:_BATCH]:
            if due.employee.person_id is None and due.employee.email:
                _mail(due, now)
            asked += _told(due.pk, district, today)
    return asked


def _told(due_id: int, district: District, today: date) -> int:
    """Tell whom it concerns and when next, in one transaction; 0: it was met meanwhile."""
    with transaction.atomic():
        found = Due.objects.select_related("employee").select_for_update(of=("self",))
        due = found.filter(pk=due_id, remind_on__lte=today).first()
        if due is None or due.due_on is None:
            return 0
        late = (today - due.due_on).days
        if due.employee.person_id is not None:
            kind = "training_late" if late > 0 else "training_due"
            tell(due.employee.person_id, kind, {"at": f"{due.due_on}T24:00"})
        if late >= OFFICE:
            for person in _office(SCHOOL_OFFICE, school_id=due.employee.school_id):
                tell(person, "training_late_school")
        if late >= LEAD:
            for person in _office((Role.COMPLIANCE_LEAD,), district_id=district.pk):
                tell(person, "training_late_district")
        due.remind_on = next_reminder(due.due_on, today)
        due.save(update_fields=("remind_on",))
    return 1


def _office(roles: Iterable[Role], **where: int | None) -> list[int]:
    if None in where.values():
        return []
    teams = {f"team__{name}": value for name, value in where.items()}
    found = Membership.objects.filter(team__kind=TeamKind.OFFICE, role__in=roles, **teams)
    return list(found.order_by("person_id").values_list("person_id", flat=True).distinct())


def _mail(due: Due, now: datetime) -> None:
    secret = new_link_secret()
    made = Due.objects.filter(pk=due.pk, remind_on=due.remind_on).update(
        link_hash=link_hash(secret), misses=0, expires_at=now + LINK_DAYS, used_at=None
    )
    if made:
        send(
            EmailMessage(
                subject=gettext("A training course is due"),
                body=gettext(
                    "You have a training course to complete by %(day)s. Open this link; it works"
                    " once, until you have finished:\n\n%(link)s\n\nThe link is yours: don’t pass"
                    " it on.\n"
                )
                % {"day": due.due_on, "link": f"{settings.DESK_URL}{LINK_PATH}{secret}"},
                to=[due.employee.email],
                headers={"Auto-Submitted": "auto-generated"},
            )
        )
