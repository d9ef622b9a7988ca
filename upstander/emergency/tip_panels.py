"""This app's panel of the tip's page: what was done to bring help."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from upstander.emergency.later import typed_about_911
from upstander.emergency.queries import SAID_FOR, HelpSent, standing_of
from upstander.emergency.shown import emergency_panel
from upstander.places.models import School
from upstander.plug import gives, reads
from upstander.tips.models import Note
from upstander.tips.opening import unasked_on
from upstander.tips.page import TipPage
from upstander.tips.whom_form import named


def read_help(page: TipPage) -> tuple[School | None, HelpSent]:
    """Find the tip's school, whose numbers are shown, and what was done so far."""
    tip = page.tip
    school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
    standing = standing_of(tip, page.now)
    page.want(standing.people)
    return school, standing


@reads(read_help)
@gives("school", "help")
def help_sent(page: TipPage) -> dict[str, Any]:
    """Calls, briefs, and what waits; opens transactions of its own."""
    school, standing = page.found["help_sent"]
    return {"school": school, "help": emergency_panel(page.opened, standing, page.names)}


@gives("police_asked", "police_said")
def police_asked(page: TipPage) -> dict[str, Any]:
    """Whether the viewer is asked as the second person before police are sent, or was answered.

    The answer to whoever asked stands until they act on it, or two hours.
    """
    _school, standing = page.found["help_sent"]
    waiting, last = standing.waiting, standing.requests[-1] if standing.requests else None
    said: dict[str, Any] | None = None
    if last is not None and last.asked_by == page.me != last.decided_by and last.decided_at:
        acted = [one.at for one in (*standing.calls, *standing.briefs)]
        if last.decided_at > max([page.now - SAID_FOR, *acted]):
            name = page.names.get(last.decided_by or 0, gettext("A colleague"))
            # A no has its reason in a note of the same person and moment (``refuse_police``).
            by = (Note.Kind.HELP, last.decided_by, last.decided_at)
            notes = page.contents.notes
            why = [one.text for one in notes if (one.kind, one.person_id, one.at) == by]
            said = {"request": last, "agreed": last.agreed, "name": name}
            said["why"] = "".join(why[:1])
    return {
        "police_asked": waiting is not None and waiting.asked_by != page.me,
        "police_said": said,
    }


@gives("may_be_meant")
def asked_later(page: TipPage) -> dict[str, Any]:
    """Whom words about 911 may mean, with those words; opens a transaction of its own."""
    _school, standing = page.found["help_sent"]
    words = typed_about_911(page.opened, page.contents, standing)
    if not words:
        return {"may_be_meant": []}
    people, text = unasked_on(page.opened).met(words, page.me)
    return {"may_be_meant": sorted(named(people, text).values())}
