"""A hand-off's brief: what is known now, from the one source, and below it the counselor's words.

What is known changes while a brief is written, so its lines are never kept as a draft: they are
made anew whenever the form is shown or sent. Lines that were changed by hand go as they were left;
but where the facts have changed since, whoever wrote them sees both first.
"""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext

from upstander.desk.one_source import Facts, facts_of, places_around
from upstander.emergency.brief_words import HOME, NOT_SEE
from upstander.emergency.queries import standing_of
from upstander.escalations.actions.reading import not_now
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.opening import OpenTip, read_contents
from upstander.triage import shown
from upstander.triage.handed import home_of


class Sent(NamedTuple):
    """What was sent of a form, with today's lines in it."""

    data: QueryDict
    #: The facts have changed since the form was shown.
    changed: bool
    #: Its lines were changed by hand, so today's are not put in their place.
    by_hand: bool


def facts_now(opened: OpenTip) -> str:
    """Return where, what, now and who, as 911 would be told them at this moment; then warnings."""
    lines = [
        _facts(opened).brief(),
        gettext("HOME: %(home)s") % {"home": HOME[home_of(opened)]},
    ]
    if opened.tip.not_see:
        lines.append(str(NOT_SEE))
    return "\n".join(lines)


def place_now(opened: OpenTip) -> str:
    """Return the place that somebody of the center wrote down; empty: nobody did."""
    facts = _facts(opened)
    told = facts.told.get("street")
    of_center = told is not None and told.by in ("typed", "looked", "assessed")
    return facts.lines.get("street", "") if of_center else ""


class Known(NamedTuple):
    """What is known already of a field of the assessment, to be taken by a press."""

    field: str
    value: str
    words: str


def known_for(opened: OpenTip, form: Form) -> list[Known]:
    """Return what is known of place, 911, who and now where a form has no answer yet.

    What the reporter ticked is only said. Opens transactions of its own: outside ``viewing``.
    """
    facts = _facts(opened)
    found = [
        Known(field, one.words, f"{one.say}: {one.words} ({one.source})")
        for field, key in (("place_now", "street"), ("subject", "subject"))
        for one in facts.four
        if one.key == key and one.known
    ]
    if opened.tip.happening_now:
        found.append(Known("imminence", "now", gettext("How soon: now (the reporter says)")))
    with viewing(opened.viewer) as now:
        called = standing_of(tip_for(opened.viewer, opened.tip.pk), now).called_911
        refused = not_now(opened.tip.pk)
    if called:
        found.append(Known("call_911", "now", gettext("911: called (your center)")))
    elif refused is not None:
        found.append(Known("call_911", "not_now", gettext("911: not now (your center)")))
    return [one for one in found if not form[one.field].value()]


def _facts(opened: OpenTip) -> Facts:
    contents = read_contents(opened)
    with viewing(opened.viewer) as now:
        tip = tip_for(opened.viewer, opened.tip.pk)
        row = shown.judgement_on(tip.pk, now).assessment
        standing, around = standing_of(tip, now), places_around(tip, contents)
    assessment = shown.assessment_panel(opened, row)
    return facts_of(opened, tip, contents, assessment, standing, around)


def mark_of(facts: str) -> str:
    """Return by what a form tells which lines it showed; however a browser ends them."""
    return sha256(" ".join(facts.split()).encode()).hexdigest()[:16]


def with_todays(posted: QueryDict, today: str) -> Sent:
    """Put today's lines into what was sent, unless somebody changed those that they were shown."""
    data, mark = posted.copy(), mark_of(today)
    given, seen = posted.get("facts"), posted.get("facts_mark", "")
    by_hand = given is not None and mark_of(given) not in (seen, mark)
    if not by_hand:
        data["facts"] = today
    data["facts_mark"] = mark
    return Sent(data, changed=given is not None and seen != mark, by_hand=by_hand)
