"""This app's panel of a tip's page: that its conversation goes by text, and what became of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upstander.audit.models import Entry
from upstander.doors.models import TextOrder, Thread
from upstander.doors.texts.words import word_of
from upstander.plug import gives, reads
from upstander.tips.models import Channel
from upstander.tips.page import TipPage

#: The rows that are looked at for the newest reply: a long one goes in several parts.
_ROWS = 24


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one reply on the phone: of the least happy of its parts."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ByText:
    """How a conversation stands with the phone that it began on."""

    #: No phone any more: silent for 30 days, so that nobody knows its number.
    over: bool
    stopped_at: datetime | None
    #: The newest reply.
    sent: Sent | None
    #: They once went over to the website, where they read what no text brings any more.
    crossed: bool = False
    #: They texted the word that asks for the way to the website, and none was sent since.
    asks_web: bool = False


#: The worse first: what is said of a reply is what became of its worst part.
_WORSE = (
    TextOrder.State.STOPPED,
    TextOrder.State.FAILED,
    TextOrder.State.DUE,
    TextOrder.State.SENT,
    TextOrder.State.DELIVERED,
)


def read_by_text(page: TipPage) -> ByText | None:
    """Find the phone's thread and what was sent to it; only where the tip came by text."""
    if page.tip.channel != Channel.SMS:
        return None
    thread = Thread.objects.filter(tip_id=page.tip_id).only("stopped_at").first()
    if thread is None:
        return ByText(True, None, None, _crossed(page))
    orders = TextOrder.objects.filter(thread_id=thread.pk, tip_id=page.tip_id)
    rows = list(orders.defer("sealed").order_by("-id")[:_ROWS])
    sent = None
    if rows:
        parts = [TextOrder.State(one.state) for one in rows if one.message_id == rows[0].message_id]
        sent = Sent(rows[0].at, str(min(parts, key=_WORSE.index).label))
    crossed = thread.stopped_at is not None and _crossed(page)
    return ByText(False, thread.stopped_at, sent, crossed, _asks_web(page))


def _asks_web(page: TipPage) -> bool:
    """Whether they asked for the way to the website after whatever staff last sent them."""
    turns = page.contents.turns
    last = max((at for at, one in enumerate(turns) if one.author != "reporter"), default=-1)
    asked = [one.at for one in turns[last + 1 :] if word_of(one.text) == "web"]
    own = Entry.objects.filter(subject_kind="tip", subject_id=str(page.tip_id))
    told = own.filter(action="way to the website texted")
    return bool(asked) and not told.filter(at__gte=max(asked)).exists()


def _crossed(page: TipPage) -> bool:
    """Whether the record says so; whoever may not read that there is told nothing of it."""
    own = Entry.objects.filter(subject_kind="tip", subject_id=str(page.tip_id))
    return own.filter(action="came over to the website").exists()


@reads(read_by_text, within=True)
@gives("by_text")
def by_text(page: TipPage) -> dict[str, Any] | None:
    """That it goes by text; whether STOP came; what became of the replies."""
    found: ByText | None = page.found["by_text"]
    return {"by_text": found} if found else None
