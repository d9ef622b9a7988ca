"""A hand-off's brief: what is known now, from the one source, and below it the counselor's words.

What is known changes while a brief is written, so its lines are never kept as a draft: they are
made anew whenever the form is shown or sent. Lines that were changed by hand go as they were left;
but where the facts have changed since, whoever wrote them sees both first.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final, NamedTuple

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext

from upstander.desk.one_source import Facts, facts_of, places_around, words_of
from upstander.emergency.brief_words import HOME, NOT_SEE
from upstander.emergency.queries import standing_of
from upstander.emergency.words import cut
from upstander.escalations.actions.reading import not_now
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.opening import OpenTip, read_contents
from upstander.triage import shown
from upstander.triage.handed import home_of
from upstander.triage.handoff_form import WHAT, WHAT_LIMIT


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


def asks_of(opened: OpenTip, today: str) -> set[str]:
    """Return what a hand-off must say of words that nobody has judged: ``HandoffForm.asks``.

    ``today``: what is known (``facts_now``). Opens transactions of its own: outside ``viewing``.
    """
    if any(line.startswith(WHAT) for line in today.split("\n")):
        return set()
    contents = read_contents(opened)
    written = any(_SAYS_NOW.search(turn.text) for turn in words_of(contents))
    said = contents.answers.get("when", "") in ("now", "soon") or opened.tip.happening_now
    with viewing(opened.viewer) as now:
        called = standing_of(tip_for(opened.viewer, opened.tip.pk), now).called_911
        decided = called or not_now(opened.tip.pk) is not None
    return {"what", "not_911"} if (said or written) and not decided else {"what"}


#: Words for now and tonight, as a child writes them. Too many ask one question more.
_SAYS_NOW: Final = re.compile(
    r"\b(now|today|tonight|ahora|hoy|esta noche|الآن|اليوم|الليلة)\b", re.IGNORECASE
)


def first_words(opened: OpenTip) -> str:
    """Return the beginning of what the reporter wrote first; empty: no word."""
    return next((cut(turn.text, WHAT_LIMIT) for turn in words_of(read_contents(opened))), "")


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
