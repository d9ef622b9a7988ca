"""How a tip's alert stands, in words: tried, acknowledged, or who is asked next and when.

Promise 2: a life-safety tip is acknowledged by a named person or is being escalated at this
moment, and the desk shows which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.queries import AlertState


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


def alert_words(
    alert: AlertState, names: Mapping[int, str], *, at_center: bool
) -> AlertShown | None:
    """Put an alert into words; None once it has ended. ``names`` holds colleagues by their id.

    ``at_center``: the tip was not handed off, so those who are asked are the center's own staff.
    """
    if alert.state == Alert.State.ENDED:
        return None
    tried = _tried(alert)
    if not alert.open:
        who = names.get(alert.acknowledged_by or 0, "Somebody")
        due = alert.next_step_due_at
        return AlertShown(
            f"{who} has it", "done", due, "Next step to be noted in" if due else "", tried, False
        )
    again = alert.late or any(page.step > 1 or page.round > 1 for page in alert.asked)
    words = "Nobody has said “I have it”" if again else "Not yet acknowledged"
    tone = "late" if again else "waiting"
    due = alert.next_due_at
    if due is None:
        return AlertShown(words, tone, None, "", tried, True)
    here = at_center and alert.next_target == "center"
    who = "everybody here" if here else alert.next_words
    if due <= alert.now:
        # The worker is about to: a countdown below nothing would look like a fault.
        now = ", ".join(filter(None, (tried, f"asking {who}")))
        return AlertShown(words, tone, None, "", now, True)
    return AlertShown(words, tone, due, f"Asks {who} in", tried, True)


def _tried(alert: AlertState) -> str:
    latest = {answer.person_id: answer.answer for answer in alert.answers}
    said = list(latest.values())
    asked = {page.person_id for page in alert.asked if page.state == Page.State.SENT}
    failed = {page.person_id for page in alert.asked if page.state == Page.State.FAILED} - asked
    parts = [
        f"{len(asked)} asked" if asked else "",
        f"{len(failed)} not reached" if failed else "",
        f"seen by {said.count(Acknowledgement.Answer.SEEN)}"
        if Acknowledgement.Answer.SEEN in said
        else "",
        f"{said.count(Acknowledgement.Answer.CANNOT)} can't"
        if Acknowledgement.Answer.CANNOT in said
        else "",
    ]
    return ", ".join(part for part in parts if part)
