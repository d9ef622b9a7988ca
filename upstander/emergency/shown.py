"""What was done to bring help, in words: for the tip's page and for the sheet's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from upstander.emergency.actions.briefs import outcome_words, pages_for_center
from upstander.emergency.flags import why_flagged
from upstander.emergency.later import latest_lines
from upstander.emergency.models import Brief, Call, PoliceRequest
from upstander.emergency.queries import HelpSent, asked_for
from upstander.emergency.roster import Opening, openings_shown
from upstander.emergency.sheet import Around, Origins, Said, Told
from upstander.emergency.words import opened_data
from upstander.escalations.models import Task
from upstander.tips.asked_later import Later
from upstander.tips.models import Tip
from upstander.tips.opening import UNREADABLE, OpenTip, unasked_on
from upstander.ui.moments import said_words

type Names = Mapping[int, str]
#: Words by name as their reader may read them: by whom they are, and since when.
type Reads = Callable[[int, datetime, Mapping[str, str]], Mapping[str, str]]
_COLLEAGUE = gettext_lazy("A colleague")


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call."""

    line: str
    #: What was asked for, in words.
    asked: str
    how: str
    name: str
    at: datetime
    sheet: int
    dispatcher: str
    incident: str
    said: str
    #: It was made without what is asked for before police are called, or written down late.
    flagged: bool
    #: What was typed as its time, where nobody could read that.
    at_typed: str = ""
    #: Why it is flagged, each in words; and why danger is now, where police were not asked for.
    causes: Sequence[str] = ()
    why: str = ""
    id: UUID | None = None
    #: It was recorded by mistake: how that came, who says so and since when.
    mistake: str = ""
    mistake_by: str = ""
    mistake_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RequestShown:
    """One request that police be sent."""

    id: UUID
    why: str
    name: str
    at: datetime
    own: bool
    state: str
    decided_by: str
    decided_at: datetime | None
    stands_until: datetime
    #: While it waits: who was told of it, and for whom phones rang since, by name.
    told: Sequence[str] = ()
    rung: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BriefShown:
    """One police team's brief and what became of it."""

    id: UUID
    team: str
    state: str
    tone: str
    name: str
    at: datetime
    pages: list[tuple[int, datetime, str]]
    acknowledged: str
    acknowledged_at: datetime | None
    outcome: str
    outcome_by: str
    outcome_at: datetime | None
    words: str
    open: bool
    #: The lines that its newest page has, and what the reporter had ticked then.
    lines: Mapping[str, str]
    ticked: str
    #: What is known by now, and they were told otherwise or not at all.
    newer: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class EmergencyShown:
    """Everything of a tip's emergency that the center's pages show."""

    lines: Mapping[str, str]
    #: Who says each of them, and since when.
    told: Origins
    #: Lines that may mean the viewer, which they don't read yet.
    hidden: Mapping[str, tuple[str, Told]]
    #: The version that ``lines`` are; 0: nobody has kept one yet.
    number: int
    versions: list[tuple[int, str, datetime]]
    calls: list[CallShown]
    #: Those that were recorded by mistake, newest first too.
    not_made: list[CallShown]
    waiting: RequestShown | None
    agreed: RequestShown | None
    refused: list[RequestShown]
    briefs: list[BriefShown]
    openings: list[tuple[Opening, str]]
    confirm: Task | None
    #: Whether one of the calls was to somebody who sends help.
    called_911: bool

    @property
    def begun(self) -> bool:
        """Whether anything was done yet."""
        done = self.calls or self.not_made or self.briefs
        return bool(done or self.waiting or self.agreed or self.number)


def emergency_panel(opened: OpenTip, standing: HelpSent, names: Names) -> EmergencyShown:
    """Return a tip's emergency in words; opens transactions of its own: outside ``viewing``."""
    kept = latest_lines(opened, standing.sheets)
    reads = _reading(opened, standing)
    requests = {row.pk: _request(opened, row, names, reads) for row in standing.requests}
    if (waiting := standing.waiting) is not None:
        told, rung = (
            [names.get(person, str(_COLLEAGUE)) for person in people]
            for people in (standing.told, standing.rung)
        )
        requests[waiting.pk] = replace(requests[waiting.pk], told=told, rung=rung)
    return EmergencyShown(
        lines=kept.lines,
        told=kept.told,
        hidden=kept.hidden,
        number=standing.sheets[-1].number if standing.sheets else 0,
        versions=[
            (row.number, names.get(row.person_id, str(_COLLEAGUE)), row.at)
            for row in reversed(standing.sheets)
        ],
        calls=[_call(opened, row, names, reads) for row in reversed(standing.calls)],
        not_made=[_mistaken(opened, row, names, reads) for row in reversed(standing.not_made)],
        waiting=requests.get(waiting.pk) if waiting else None,
        agreed=requests.get(standing.agreed.pk) if standing.agreed else None,
        refused=[requests[row.pk] for row in standing.requests if row.outcome and not row.agreed],
        briefs=[_brief(opened, row, standing, names, reads) for row in standing.briefs],
        openings=[
            (one, names.get(one.person_id, str(_COLLEAGUE)))
            for one in openings_shown(opened, standing.openings)
        ],
        confirm=standing.confirm,
        called_911=standing.called_911,
    )


def times_of(tip: Tip, shown: EmergencyShown, around: Around, now: datetime) -> list[str]:
    """Return the times that stand on the sheet, in the school's zone."""
    times = [
        gettext("report came in %(said_words)s")
        % {"said_words": said_words(around.came_in, around.zone)}
    ]
    if tip.claimed_at:
        times.append(
            gettext("a counselor took it %(said_words)s")
            % {"said_words": said_words(tip.claimed_at, around.zone)}
        )
    times += [
        f"{call.line} called {said_words(call.at, around.zone)}" for call in reversed(shown.calls)
    ]
    return [*times, f"now {said_words(now, around.zone)}"]


def _reading(opened: OpenTip, standing: HelpSent) -> Reads:
    """Return what leaves out of words what may mean the viewer, and nobody has answered yet."""
    if not (standing.calls or standing.not_made or standing.requests or standing.briefs):
        return lambda by, at, words: words
    unasked, me = unasked_on(opened), opened.viewer.person_id
    return lambda by, at, words: {
        key: "" if unasked.hides(Later(by, at, text), me) else text for key, text in words.items()
    }


def _call(opened: OpenTip, row: Call, names: Names, reads: Reads) -> CallShown:
    words = opened_data(opened, "call", row.pk, row.sealed) or {"said": UNREADABLE}
    said = reads(row.person_id, row.at, words)
    how = ""
    if row.police:
        how = (
            gettext("a second person had agreed")
            if row.request_id
            else gettext("nobody had agreed")
        )
        if row.danger_now:
            how = gettext("danger was now, as the caller judged")
        if said.get("why"):
            how += f": {said['why']}"
        elif row.danger_now:
            how += gettext("; why was not written down")
    return CallShown(
        str(Call.Line(row.line).label),
        asked_for(row.police),
        how,
        names.get(row.person_id, str(_COLLEAGUE)),
        row.called_at,
        row.sheet_number,
        said.get("dispatcher", ""),
        said.get("incident", ""),
        said.get("said", ""),
        row.flagged,
        said.get("at", ""),
        why_flagged(row),
        "" if row.police else said.get("why", ""),
        row.pk,
    )


def _mistaken(opened: OpenTip, row: Call, names: Names, reads: Reads) -> CallShown:
    by = row.correction
    words = opened_data(opened, "call correction", by.pk, by.sealed) or {"why": UNREADABLE}
    return replace(
        _call(opened, row, names, reads),
        mistake=reads(by.person_id, by.at, words)["why"],
        mistake_by=names.get(by.person_id, str(_COLLEAGUE)),
        mistake_at=by.at,
    )


def _request(opened: OpenTip, row: PoliceRequest, names: Names, reads: Reads) -> RequestShown:
    words = opened_data(opened, "police request", row.pk, row.sealed or b"") or {"why": UNREADABLE}
    return RequestShown(
        row.pk,
        reads(row.asked_by, row.asked_at, words)["why"],
        names.get(row.asked_by, str(_COLLEAGUE)),
        row.asked_at,
        row.asked_by == opened.viewer.person_id,
        row.get_outcome_display(),
        names.get(row.decided_by or 0, str(_COLLEAGUE)),
        row.decided_at,
        row.stands_until,
    )


_TONES = {
    Brief.State.HANDED: "waiting",
    Brief.State.ACKNOWLEDGED: "working",
    Brief.State.ENDED: "done",
}


def _brief(
    opened: OpenTip, row: Brief, standing: HelpSent, names: Names, reads: Reads
) -> BriefShown:
    team = standing.police.get(row.team_id)
    state, pages = Brief.State(row.state), pages_for_center(opened, row.pk)
    return BriefShown(
        row.pk,
        team.name if team else gettext("A police team"),
        str(state.label),
        _TONES[state],
        names.get(row.by, str(_COLLEAGUE)),
        row.at,
        [(page.number, page.at, reads(page.by, page.at, {"": page.words})[""]) for page in pages],
        names.get(row.acknowledged_by or 0, ""),
        row.acknowledged_at,
        str(Brief.Outcome(row.outcome).label) if row.outcome else "",
        names.get(row.outcome_by or 0, ""),
        row.outcome_at,
        outcome_words(opened, row),
        state is not Brief.State.ENDED,
        pages[0].lines if pages else {},
        pages[0].around.get("ticked", "") if pages else "",
    )
