"""What everybody keeps for themselves: by which ways they are told, and their calendar link."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.intake.priority import Priority
from upstander.oncall.models import Feed, OwnRule
from upstander.people.scope import Viewer, viewing
from upstander.vault.links import link_hash, new_link_secret


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


def _record(action: str, viewer: Viewer) -> None:
    record(action, actor=viewer, subject_kind="person", subject_id=viewer.person_id)
