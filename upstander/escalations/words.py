"""How alerts read on the desk."""

from __future__ import annotations

from upstander.escalations.models import Cause

CHANNEL_WORDS: dict[str, str] = {
    "sms": "text message",
    "voice": "phone call",
    "email": "email",
    "push": "notification",
}
VIA_WORDS: dict[str, str] = {
    "sms": ", by text message",
    "key": ", by a key on the phone",
    "push": ", by the notification",
    "link": ", by the link",
}
#: Why somebody was asked, where it is not that nobody has it.
CAUSE_WORDS: dict[str, str] = {
    Cause.IDLE: "had it and wrote no next step",
    Cause.NEWS: "the reporter wrote, it became more urgent, or the center learned something",
    Cause.UNANSWERED: "the reporter waits for an answer",
    Cause.TASK: "a task on the desk waits",
    Cause.BY_HAND: "asked by a counselor",
}
_NEXT: dict[str, str] = {
    "holders": "Everybody on call at the school is asked",
    "backups": "The school's backups are asked",
    "team": "The school's whole team is asked",
    "district": "The district's lead is asked",
    "center": "The counselors on call are asked",
    "supervisor": "The center's supervisor is asked",
    "call_task": "A call from the desk is due: the school, then its police dispatcher",
    "decide_911": "Somebody at the desk must read it and decide about 911",
    "fallback": "The center's fallback phone rings",
}


def next_words(target: str, cause: str) -> str:
    """Say what happens when a step falls due."""
    if target.startswith("person:"):
        words = "One more person is asked"
    elif target.startswith("external:"):
        words = "A call from the desk to an outside contact is due"
    else:
        words = _NEXT.get(target, target)
    return f"{words}, as the reporter waits" if cause == Cause.UNANSWERED else words
