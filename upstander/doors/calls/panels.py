"""This app's panel of a tip's page: the call that its reporter is on, above the box for replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from upstander.audit.models import Entry
from upstander.carriers.interpreters import interpreters
from upstander.doors.calls.cards import Card, Person, cards_of, colleagues_for, psap_schools
from upstander.doors.calls.rights import CallRight
from upstander.doors.calls.shown import WishShown, call_of, wish_shown
from upstander.doors.calls.wishes import when_to_ring
from upstander.people.permissions import may
from upstander.places.models import School
from upstander.plug import gives, reads
from upstander.tips.models import Channel, Tip
from upstander.tips.page import TipPage


@dataclass(frozen=True, slots=True)
class ByPhone:
    """How a tip stands with the phone that it came by."""

    card: Card | None
    #: The call lasts, and is the viewer's: they do with it what they will.
    own: bool
    #: The viewer's own phone rings for it.
    rings_me: bool
    colleagues: list[Person]
    schools: list[School]
    #: The tip names its school, which stands first: no other's 911 center is called by a slip.
    school_known: bool
    #: Its school has no 911 center's number.
    no_line: bool
    #: Whether an interpreters' service is set up, and the viewer may ask others in.
    interpreters: bool
    may_join: bool
    #: That they wish to be called, or did and were not reached.
    wish: WishShown | None
    #: When it is safe to ring, in their words; empty: they didn't say, or nobody is to be rung.
    when: str
    #: It came by phone, so that its reporter reads on the website by the call's code.
    came: bool
    #: The earlier tip in which it goes on, if the viewer may see that.
    goes_on: Tip | None

    #: They pressed the key for danger.
    danger: bool
    #: Somebody at the center took a call of theirs, and no note stands here yet.
    unwritten: bool

    @property
    def lasts(self) -> bool:
        """Whether a call lasts."""
        return self.card is not None and self.card.call.live

    @property
    def to_write(self) -> bool:
        """Whether the viewer is asked for what is said: all through their call, and after it."""
        return self.own if self.lasts else self.unwritten

    @property
    def cut(self) -> bool:
        """Whether their line ended after the key for danger, and no number was left to ring."""
        waits = self.wish is not None and self.wish.stands
        ended = self.came and not self.lasts and self.goes_on is None
        return self.danger and ended and not waits


def read_on_the_phone(page: TipPage) -> ByPhone | None:
    """Find the tip's call, and what can be done about it; None where it never came by phone."""
    tip, me = page.tip, page.me
    call, wished = call_of(tip.pk), wish_shown(tip.pk)
    if call is None and wished is None and tip.channel != Channel.VOICE:
        return None
    goes_on = None
    if tip.channel == Channel.VOICE and tip.resent_from_id is not None:
        goes_on = Tip.objects.filter(pk=tip.resent_from_id).only("reference").first()
    found = cards_of([call]) if call else []
    card = found[0] if found else None
    own = call is not None and call.live and call.taken_by == me
    may_join = own and may(page.viewer, CallRight.JOIN_ROOM)
    schools = psap_schools(tip) if may_join else []
    known = any(one.pk == tip.school_id for one in schools)
    return ByPhone(
        card=card,
        own=own,
        rings_me=call is not None and call.asked(me),
        colleagues=colleagues_for(tip, me) if own else [],
        schools=schools,
        school_known=known,
        no_line=may_join and tip.school_id is not None and not known,
        interpreters=may_join and call is not None and bool(interpreters(tip.center_id)),
        may_join=may_join,
        wish=wished,
        when=when_to_ring(
            ((turn.text, turn.at) for turn in page.contents.turns if turn.author == "reporter"),
            wished.at,
        )
        if wished and wished.stands
        else "",
        came=tip.channel == Channel.VOICE,
        goes_on=goes_on,
        danger=page.contents.answers.get("danger") == "yes",
        unwritten=not page.contents.notes and _was_taken(page),
    )


def _was_taken(page: TipPage) -> bool:
    """Whether the record says that a counselor took a call of its reporter's."""
    own = Entry.objects.filter(subject_kind="tip", subject_id=str(page.tip_id))
    return own.filter(action__in=("call taken", "call taken at the own phone")).exists()


@reads(read_on_the_phone, within=True)
@gives("by_phone")
def on_the_phone(page: TipPage) -> dict[str, Any] | None:
    """That its reporter is on the phone, with whom, and what can be done about it."""
    found: ByPhone | None = page.found["on_the_phone"]
    return {"by_phone": found} if found else None
