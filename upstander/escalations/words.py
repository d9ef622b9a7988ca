"""How alerts read on the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.escalations.models import Acknowledgement, Cause

CHANNEL_WORDS: dict[str, str | Promise] = {
    "sms": _("text message"),
    "voice": _("phone call"),
    "email": _("email"),
    "push": _("notification"),
}
ANSWER_WORDS: dict[str, Promise] = {
    Acknowledgement.Answer.HAVE_IT: _("I have it"),
    Acknowledgement.Answer.SEEN: _("seen"),
    Acknowledgement.Answer.CANNOT: _("cannot"),
}
VIA_WORDS: dict[str, str | Promise] = {
    "sms": _(", by text message"),
    "key": _(", by a key on the phone"),
    "push": _(", by the notification"),
    "link": _(", by the link"),
}
#: Why somebody was asked, where it is not that nobody has it.
CAUSE_WORDS: dict[str, str | Promise] = {
    Cause.IDLE: _("had it and recorded no next step"),
    Cause.NEWS: _("the reporter wrote, it became more urgent, or the center learned something"),
    Cause.UNANSWERED: _("the reporter is waiting for a reply"),
    Cause.UNREAD: _("nobody has read and judged it"),
    Cause.TASK: _("a task at the center is waiting"),
    Cause.BY_HAND: _("asked by a counselor"),
}
_NEXT: dict[str, str | Promise] = {
    "holders": _("Everyone on call at the school is asked"),
    "backups": _("The school's backups are asked"),
    "team": _("The school's whole team is asked"),
    "district": _("The district's lead is asked"),
    "center": _("The counselors on call are asked"),
    "supervisor": _("The center's supervisor is asked"),
    "call_task": _("The center must call: the school, then its police dispatcher"),
    "decide_911": _("Someone at the center must read it and decide about 911"),
    "fallback": _("The center's fallback phone rings"),
}


def next_words(target: str, cause: str) -> str:
    """Say what happens when a step falls due."""
    if target.startswith("person:"):
        words = gettext("One more person is asked")
    elif target.startswith("external:"):
        words = gettext("The center must call an outside contact")
    else:
        words = str(_NEXT.get(target, target))
    if cause == Cause.UNANSWERED:
        return gettext("%(words)s, because the reporter is waiting") % {"words": words}
    if cause == Cause.UNREAD:
        return gettext("%(words)s, because nobody has read and judged it") % {"words": words}
    return words
