"""What everybody keeps for themselves: by which ways they are told, and their calendar link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.intake.priority import Priority
from upstander.oncall.models import Feed, OwnRule, Rest
from upstander.oncall.queries import plans, shift_of
from upstander.oncall.reach import ringable
from upstander.people.scope import Viewer, viewing
from upstander.vault.links import link_hash, new_link_secret

#: So long a break lasts.
BREAK: Final = timedelta(minutes=20)


def save_rules(viewer: Viewer, chosen: Mapping[Priority, Mapping[str, int]]) -> None:
    """Keep one's own rules: for each priority, channel → seconds after. Raises Refused."""
    for priority, channels in chosen.items():
        if not channels:
            word = priority.value.replace("_", " ")
            raise Refused(
                _("Choose at least one way to be alerted for %(word)s tips.") % {"word": word}
            )
    with viewing(viewer):
        OwnRule.objects.filter(person_id=viewer.person_id).delete()
        OwnRule.objects.bulk_create(
            OwnRule(
                person_id=viewer.person_id,
                priority=priority.value,
                channel=channel,
                after_seconds=after,
            )
            for priority, channels in chosen.items()
            for channel, after in channels.items()
        )
        _record("own on-call rules saved", viewer)


def make_feed(viewer: Viewer) -> str:
    """Make a new secret calendar link of one's own, and return its secret: shown once.

    The link before it ends. Only a hash is kept, so that the database opens no calendar.
    """
    token = new_link_secret(32)
    with viewing(viewer) as now:
        Feed.objects.filter(person_id=viewer.person_id).delete()
        Feed.objects.create(person_id=viewer.person_id, token_hash=link_hash(token), made_at=now)
        _record("calendar link made", viewer)
    return token


def end_feed(viewer: Viewer) -> None:
    """End one's calendar link."""
    with viewing(viewer):
        Feed.objects.filter(person_id=viewer.person_id).delete()
        _record("calendar link ended", viewer)


def take_break(viewer: Viewer) -> datetime:
    """Let nothing new be offered to oneself for a while; returns until when (UTC).

    It is refused to nobody, and no reason is asked. Where nobody else who is on call can be rung,
    the team's leads are told by phone, and whoever follows.
    """
    me = viewer.person_id
    with viewing(viewer) as now:
        Rest.objects.filter(person_id=me).delete()
        until = now + BREAK
        Rest.objects.create(person_id=me, since=now, until=until)
        _record("break begun", viewer)
        for plan in plans([one.team_id for one in viewer.memberships], now, until):
            reached = ringable(plan.members)
            shift = shift_of(plan, now, reached)
            others = {*shift.primary, *shift.backup} - {me}
            if not others & reached:
                for person in {*others, *plan.leads, *plan.members} - {me}:
                    tell(person, "break_alone", {"person": me, "team": plan.team_id})
    return until


def end_break(viewer: Viewer) -> None:
    """Be there again, before the break is over."""
    with viewing(viewer):
        if Rest.objects.filter(person_id=viewer.person_id).delete()[0]:
            _record("break ended", viewer)


def _record(action: str, viewer: Viewer) -> None:
    record(action, actor=viewer, subject_kind="person", subject_id=viewer.person_id)
