"""Writing down what begins and what ends that which falls due after the first report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.cases.actions.homes import FAMILIES, HOME, AboutHome
from upstander.mandated.access import rules_of
from upstander.mandated.actions.duties import open_duty
from upstander.mandated.actions.events import call, open_deadlines, record_on
from upstander.mandated.deadlines import begins, may_meet
from upstander.mandated.models import Deadline, DutyEvent
from upstander.mandated.words import pack
from upstander.people.scope import Viewer, viewing


def note_event(
    viewer: Viewer, duty_id: UUID, kind: DutyEvent.Kind, *, at: datetime, words: Mapping[str, str]
) -> None:
    """Keep that somebody was suspended or that an investigation has ended (``at``, UTC).

    What the rule says is due after it falls due from then. Raises Http404, Refused, FolderShut.
    """
    duty, folder = open_duty(viewer, duty_id, purpose=kind.value)
    rule = rules_of(duty)[1]
    if kind not in begins(viewer, duty, rule):
        raise Http404
    event_id = uuid4()
    with viewing(viewer) as now:
        if at > now:
            raise Refused(_("That time is in the future: only what has happened can be recorded."))
        call(
            "SELECT api.office_event(p_duty => %s, p_event => %s, p_kind => %s, "
            "p_happened => %s, p_sealed => %s)",
            duty_id,
            event_id,
            kind.value,
            at,
            folder.seal("event", event_id, pack(words)),
        )
        later = [one for one in rule.follow if one.after == kind.value]
        open_deadlines(duty.district_id, event_id, later, at, now)
        record_on(viewer, f"duty: {kind.value}", duty_id, folder)


def meet_deadline(
    viewer: Viewer,
    duty_id: UUID,
    deadline_id: UUID,
    *,
    at: datetime,
    words: Mapping[str, str],
    homes: Mapping[str, AboutHome] | None = None,
) -> None:
    """Keep that something that fell due later was done (``at``, UTC). Its owner alone.

    ``homes``: by family, whether home is safe; asked where families are told something. Where one
    isn't told, the words say what is done instead. Raises Http404, Refused, FolderShut.
    """
    duty, folder = open_duty(viewer, duty_id, purpose="met")
    event_id, homes_id = uuid4(), uuid4()
    with viewing(viewer) as now:
        row = Deadline.objects.filter(pk=deadline_id, duty_id=duty_id).first()
        if row is None or not may_meet(viewer, duty, row.owner):
            raise Http404
        if row.met_at is not None:
            raise Refused(_("This is already recorded."))
        if not row.since <= at <= now:
            raise Refused(_("That time is in the future, or before it could have been done."))
        asked = _each_home(homes or {}, words) if row.asks_home else None
        call(
            "SELECT api.meet_deadline(p_deadline => %s, p_event => %s, p_happened => %s, "
            "p_sealed => %s, p_homes_event => %s, p_homes => %s)",
            deadline_id,
            event_id,
            at,
            folder.seal("event", event_id, pack(words)),
            homes_id,
            folder.seal("event", homes_id, pack(asked)) if asked else None,
        )
        record_on(viewer, "duty: met", duty_id, folder, key=row.key)


def _each_home(homes: Mapping[str, AboutHome], words: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of each family's home, in words. Raises Refused."""
    said = {key: homes.get(key, AboutHome()) for key in FAMILIES}
    if any(one.answer not in HOME for one in said.values()):
        raise Refused(
            _("First answer whether home is safe, for each family: a parent may be the danger.")
        )
    if not all(one.tells for one in said.values()) and not words.get("words", "").strip():
        raise Refused(
            _("A family is not told. Say in the words which one, why, and what is done instead.")
        )
    return {
        key: f"{HOME[one.answer]}: {'told' if one.tells else 'not told'}"
        for key, one in said.items()
    }
