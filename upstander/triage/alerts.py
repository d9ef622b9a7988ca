"""How a tip's alert stands, in words: tried, acknowledged, or who is asked next and when.

Promise 2: a life-safety tip is acknowledged by a named person or is being escalated at this
moment, and the desk shows which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.queries import AlertState
from upstander.ui import times

#: Who is asked next, in the few words that a row has room for.
_THEN: Final[Mapping[str, Promise]] = {
    "holders": _("then the team"),
    "backups": _("then the backups"),
    "team": _("then the whole team"),
    "district": _("then the district"),
    "center": _("then counselors on call"),
    "supervisor": _("then the supervisor"),
    "call_task": _("then the center calls"),
    "decide_911": _("then counselors at work"),
    "fallback": _("then the fallback phone"),
}


@dataclass(frozen=True, slots=True)
class AlertShown:
    """One alert as a row or a panel shows it."""

    words: str
    #: How it looks (ui's TONES).
    tone: str
    #: What the countdown runs to, and what happens then; None: nothing is due.
    due: datetime | None
    due_words: str
    #: What has been tried, in words.
    tried: str
    #: Nobody has said "I have it", or whoever did has let the time for a next step pass.
    open: bool
    #: ``due_words`` after the time, in a row's few words.
    then: str = ""


def alert_words(
    alert: AlertState,
    names: Mapping[int, str],
    *,
    at_center: bool,
    unclaimed: bool,
    zone: str,
    claimed: bool = False,
) -> AlertShown | None:
    """Put an alert into words; None once it has ended. ``names`` holds colleagues by their id.

    ``at_center``: the tip was not handed off, so those who are asked are the center's own staff.
    ``unclaimed``: nobody at the center has its tip, so whoever said "I have it" has answered, and
    has it only until the time for a next step has passed; ``zone``: the clock by which that is
    said, the district's. ``claimed``: somebody at the center has its tip, as stands beside this.
    """
    if alert.state == Alert.State.ENDED:
        return None
    tried = _tried(alert)
    if not alert.open:
        who = names.get(alert.acknowledged_by or 0, gettext("Someone"))
        due = alert.next_step_due_at
        if unclaimed:
            until = times.clock(due.astimezone(ZoneInfo(zone))) if due else ""
            return AlertShown(
                gettext("%(who)s answered, until %(time)s") % {"who": who, "time": until}
                if due
                else gettext("%(who)s answered") % {"who": who},
                "working",
                due,
                gettext("Unless they claim it, others are asked in") if due else "",
                tried,
                False,
                gettext("then others are asked") if due else "",
            )
        return AlertShown(
            gettext("%(who)s has it") % {"who": who},
            "done",
            due,
            gettext("Next step due in") if due else "",
            tried,
            False,
            gettext("to the next step") if due else "",
        )
    again = alert.late or any(page.step > 1 or page.round > 1 for page in alert.asked)
    words = _waits_for(alert.stage, claimed=claimed, again=again)
    tone = "late" if again else "waiting"
    due = alert.next_due_at
    if due is None:
        return AlertShown(words, tone, None, "", tried, True)
    here = at_center and alert.next_target == "center"
    who = gettext("everyone here") if here else alert.next_words
    if due <= alert.now:
        # The worker is about to: a countdown below nothing would look like a fault.
        now = ", ".join(filter(None, (tried, gettext("asking %(who)s") % {"who": who})))
        return AlertShown(words, tone, None, "", now, True)
    in_words = gettext("Asks %(who)s in") % {"who": who}
    brief = None if here else _THEN.get(alert.next_target)
    then = str(brief) if brief else gettext("then %(who)s") % {"who": who}
    return AlertShown(words, tone, due, in_words, tried, True, then)


def _waits_for(stage: str, *, claimed: bool, again: bool) -> str:
    """Say who waits for whom while an alert is open, so that it denies nothing that stands beside.

    ``stage``: whose people are asked, the school's or the center's. ``claimed``: somebody at the
    center has its tip. ``again``: more than the first people were asked.
    """
    if stage == Alert.Stage.SCHOOL and again:
        return gettext("Team: nobody has said “I have it” yet")
    if stage == Alert.Stage.SCHOOL:
        return gettext("Team: not yet acknowledged")
    if claimed:
        return gettext("No next step in time: others are asked")
    return gettext("Nobody has said “I have it” yet") if again else gettext("Not yet acknowledged")


def _tried(alert: AlertState) -> str:
    latest = {answer.person_id: answer.answer for answer in alert.answers}
    said = list(latest.values())
    asked = {page.person_id for page in alert.asked if page.state == Page.State.SENT}
    failed = {page.person_id for page in alert.asked if page.state == Page.State.FAILED} - asked
    parts = [
        gettext("%(number)s asked") % {"number": len(asked)} if asked else "",
        gettext("%(number)s not reached") % {"number": len(failed)} if failed else "",
        gettext("seen by %(number)s") % {"number": said.count(Acknowledgement.Answer.SEEN)}
        if Acknowledgement.Answer.SEEN in said
        else "",
        gettext("%(number)s can't") % {"number": said.count(Acknowledgement.Answer.CANNOT)}
        if Acknowledgement.Answer.CANNOT in said
        else "",
    ]
    return ", ".join(part for part in parts if part)
