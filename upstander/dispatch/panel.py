"""What was done to bring help, in words: for the tip's page and for the sheet's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from upstander.dispatch.briefs import outcome_words, pages_for_center
from upstander.dispatch.models import Brief, Call, PoliceRequest, Sheet
from upstander.dispatch.queries import Standing
from upstander.dispatch.roster import Opening, openings_shown
from upstander.dispatch.sheet import Around, Origins, Told, unpacked
from upstander.dispatch.words import opened_data
from upstander.escalations.models import Task
from upstander.tips.models import Tip
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.ui.moments import said_words

type Names = Mapping[int, str]
_COLLEAGUE = "A colleague"


@dataclass(frozen=True, slots=True)
class CallShown:
    """One call."""

    line: str
    police: bool
    how: str
    name: str
    at: datetime
    sheet: int
    dispatcher: str
    incident: str
    said: str
    #: It was made without what is asked for before police are called, or written down late.
    flagged: bool


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


@dataclass(frozen=True, slots=True)
class DispatchShown:
    """Everything of a tip's dispatch that the center's pages show."""

    lines: Mapping[str, str]
    #: Who says each of them, and since when.
    told: Origins
    #: The version that ``lines`` are; 0: nobody has kept one yet.
    number: int
    versions: list[tuple[int, str, datetime]]
    calls: list[CallShown]
    waiting: RequestShown | None
    agreed: RequestShown | None
    refused: list[RequestShown]
    briefs: list[BriefShown]
    openings: list[tuple[Opening, str]]
    confirm: Task | None

    @property
    def begun(self) -> bool:
        """Whether anything was done yet."""
        return bool(self.calls or self.briefs or self.waiting or self.agreed or self.number)


def dispatch_panel(opened: OpenTip, standing: Standing, names: Names) -> DispatchShown:
    """Return a tip's dispatch in words; opens transactions of its own: outside ``viewing``."""
    sheet = standing.sheets[-1] if standing.sheets else None
    lines, told = latest_lines(opened, sheet)
    requests = {row.pk: _request(opened, row, names) for row in standing.requests}
    return DispatchShown(
        lines=lines,
        told=told,
        number=sheet.number if sheet else 0,
        versions=[
            (row.number, names.get(row.person_id, _COLLEAGUE), row.at)
            for row in reversed(standing.sheets)
        ],
        calls=[_call(opened, row, names) for row in reversed(standing.calls)],
        waiting=requests.get(standing.waiting.pk) if standing.waiting else None,
        agreed=requests.get(standing.agreed.pk) if standing.agreed else None,
        refused=[
            requests[row.pk]
            for row in standing.requests
            if row.state == PoliceRequest.State.REFUSED
        ],
        briefs=[_brief(opened, row, standing, names) for row in standing.briefs],
        openings=[
            (one, names.get(one.person_id, _COLLEAGUE))
            for one in openings_shown(opened, standing.openings)
        ],
        confirm=standing.confirm,
    )


def latest_lines(opened: OpenTip, sheet: Sheet | None) -> tuple[dict[str, str], dict[str, Told]]:
    """Return a kept sheet's lines and who says them; nothing where none was kept."""
    if sheet is None:
        return {}, {}
    data = opened_data(opened, "dispatch sheet", sheet.pk, sheet.sealed)
    lines, told = unpacked(data if data is not None else {"what": UNREADABLE})
    # Kept before it was written down who says what: by whoever kept it, then.
    return lines, {key: Told("typed", sheet.at) for key in lines} | told


def times_of(tip: Tip, shown: DispatchShown, around: Around, now: datetime) -> list[str]:
    """Return the times that stand on the sheet, in the school's zone."""
    times = [f"report came in {said_words(around.came_in, around.zone)}"]
    if tip.claimed_at:
        times.append(f"a counselor took it {said_words(tip.claimed_at, around.zone)}")
    times += [
        f"{call.line} called {said_words(call.at, around.zone)}" for call in reversed(shown.calls)
    ]
    return [*times, f"now {said_words(now, around.zone)}"]


def _call(opened: OpenTip, row: Call, names: Names) -> CallShown:
    words = opened_data(opened, "call", row.pk, row.sealed) or {"said": UNREADABLE}
    how = ""
    if row.police:
        how = "a second person had agreed" if row.request_id else "nobody had agreed"
        if row.danger_now:
            how = "danger was now, as the caller judged"
        if words.get("why"):
            how += f": {words['why']}"
        elif row.danger_now:
            how += "; why was not written down"
    return CallShown(
        str(Call.Line(row.line).label),
        row.police,
        how,
        names.get(row.person_id, _COLLEAGUE),
        row.called_at,
        row.sheet_number,
        words.get("dispatcher", ""),
        words.get("incident", ""),
        words.get("said", ""),
        row.flagged,
    )


def _request(opened: OpenTip, row: PoliceRequest, names: Names) -> RequestShown:
    words = opened_data(opened, "police request", row.pk, row.sealed) or {"why": UNREADABLE}
    return RequestShown(
        row.pk,
        words["why"],
        names.get(row.asked_by, _COLLEAGUE),
        row.asked_at,
        row.asked_by == opened.viewer.person_id,
        str(PoliceRequest.State(row.state).label),
        names.get(row.decided_by or 0, _COLLEAGUE),
        row.decided_at,
        row.stands_until,
    )


_TONES = {
    Brief.State.HANDED: "waiting",
    Brief.State.ACKNOWLEDGED: "working",
    Brief.State.ENDED: "done",
}


def _brief(opened: OpenTip, row: Brief, standing: Standing, names: Names) -> BriefShown:
    team = standing.police.get(row.team_id)
    state = Brief.State(row.state)
    return BriefShown(
        row.pk,
        team.name if team else "A police team",
        str(state.label),
        _TONES[state],
        names.get(row.by, _COLLEAGUE),
        row.at,
        [(page.number, page.at, page.words) for page in pages_for_center(opened, row.pk)],
        names.get(row.acknowledged_by or 0, ""),
        row.acknowledged_at,
        str(Brief.Outcome(row.outcome).label) if row.outcome else "",
        names.get(row.outcome_by or 0, ""),
        row.outcome_at,
        outcome_words(opened, row),
        state is not Brief.State.ENDED,
    )
