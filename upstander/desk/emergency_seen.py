"""A tip's emergency as it stands: the one source, what was done, and the words beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from upstander.desk.newer import Behind, newer_for_police, teams_behind
from upstander.desk.one_source import Facts, facts_of, places_around, words_of
from upstander.emergency.queries import HelpSent, standing_of
from upstander.emergency.sheet import Around, Lines, Origins, Told
from upstander.emergency.shown import EmergencyShown, emergency_panel
from upstander.people.permissions import viewer_of
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.models import Tip
from upstander.tips.opening import Contents, OpenTip, Turn, open_tip, read_contents
from upstander.tips.queries import names_of
from upstander.triage import shown as panel
from upstander.triage.rows import QueueRow, rows_for


@dataclass(frozen=True, slots=True)
class Seen:
    """A tip's emergency page as it stands, read anew."""

    opened: OpenTip
    tip: Tip
    row: QueueRow
    now: datetime
    standing: HelpSent
    shown: EmergencyShown
    #: The one source of all that is said.
    facts: Facts
    extras: tuple[str, ...]
    #: What the reporter wrote, beside the line that a person types of it.
    words: list[Turn]
    contents: Contents
    judgement: panel.Judgement

    def behind(self, *, anew: bool = False) -> tuple[Behind, ...]:
        """Return which teams were told older information; ``anew``: also what they know."""
        return teams_behind(self.facts, self.contents, self.tip, self.judgement, anew=anew)

    @property
    def around(self) -> Around:
        """The places, and what the reporter ticked."""
        return self.facts.around

    @property
    def lines(self) -> Lines:
        """The sheet's lines."""
        return self.facts.lines

    def told_by(self, lines: Lines, read: str = "") -> dict[str, Told]:
        """Return who says ``lines``: for what was changed, whoever types it, from now on.

        What was empty and stays so is nobody's: it is filled once anybody knows it. ``read``: the
        turns of the reporter stood on the page on which it was typed.
        """
        told, now = dict(self.facts.told), self.said("typed", read)
        given = {key: "" if words == "unknown" else words for key, words in lines.items()}
        for key in {*given, *self.lines}:
            if given.get(key, "") != self.lines.get(key, ""):
                told[key] = now
        return told

    def keeping(self, lines: Lines, told: Origins) -> tuple[Lines, Origins]:
        """Return lines with those that were not shown, as they may mean who types them.

        What somebody could not read, and emptied or left as their page had it, stays.
        """
        kept, origins = dict(lines), dict(told)
        for key, (words, origin) in self.shown.hidden.items():
            if lines.get(key, "") in ("", self.lines.get(key, "")):
                kept[key], origins[key] = words, origin
        return kept, origins

    def said(self, by: str, read: str) -> Told:
        """Return that a person says it now, with what they had read, as their page had it.

        What came while the page stood open was not before them: it is newer than what they typed.
        """
        if not (read.isdecimal() and len(read) < 9 and int(read) <= len(self.words)):
            return Told(by, self.now)
        since = [turn.at - timedelta(microseconds=1) for turn in self.words[int(read) :]]
        return Told(by, min([self.now, *since]), int(read))


#: The page with the words, and what writes or takes out without showing them: that is no reading.
SHOWN, UNSHOWN = "dispatch sheet", "sheet written or taken"


def see(request: HttpRequest, tip_id: UUID, purpose: str) -> Seen:
    """Open a tip and read all that its emergency page says. Raises Http404, NotGranted."""
    viewer = viewer_of(request)
    opened = open_tip(viewer, tip_id, purpose=purpose)
    contents = read_contents(opened)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        row = rows_for([tip])[0]
        judgement = panel.judgement_on(tip.pk, now)
        standing = standing_of(tip, now)
        names = names_of(standing.people)
        around = places_around(tip, contents)
    shown = emergency_panel(opened, standing, names)
    assessment = panel.assessment_panel(opened, judgement.assessment)
    category = assessment.category if assessment else ""
    facts = facts_of(opened, tip, contents, assessment, standing, around)
    # Page, paper and JSON speak from the same lines.
    briefs = [replace(one, newer=newer_for_police(one, facts)) for one in shown.briefs]
    shown = replace(shown, lines=facts.lines, told=facts.told, briefs=briefs)
    extras = panel.sheet_for(tile=tip.tile, category=category)
    words = words_of(contents)
    return Seen(opened, tip, row, now, standing, shown, facts, extras, words, contents, judgement)
