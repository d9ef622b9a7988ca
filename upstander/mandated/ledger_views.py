"""The ledger's pages and file, and proofs of single duties: for offices and outside monitors."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from upstander.base.published import passing
from upstander.mandated import ledger, proving
from upstander.mandated.access import duty_for
from upstander.mandated.actions import answers
from upstander.mandated.ledger import SPANS, USUAL_SPAN, LedgerRow
from upstander.mandated.models import Duty
from upstander.mandated.queries import DutyRow, rows_of
from upstander.mandated.rights import CARRIED_BY, DutyRight
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.ui.charts import Share, shares

#: Duties in one file, the newest.
FILE_LIMIT = 10_000
_CHUNK = 1_000
#: Without the names of those whose duties they are, for a monitor.
_COLUMNS = (
    "duty",
    "owner",
    "school",
    "kind",
    "standing",
    "cause (typed)",
    "noted (server)",
    "matter opened (record)",
    "matter noted (record)",
    "first due",
    "first made (typed)",
    "first written down (server)",
    "first made, as first typed",
    "first corrected (server)",
    "way",
    "accepted",
    "first late (min)",
    "written due",
    "written sent (typed)",
    "written written down (server)",
    "written late (min)",
    "first written down after (min)",
    "written written down after (min)",
    "written, as first typed",
    "written corrected (server)",
    "written dated before the first",
    "first dated before the cause",
    "written dated before it was signed",
)


@require_GET
@requires(DutyRight.SEE_LEDGER)
def ledger_page(request: HttpRequest) -> HttpResponse:
    """Show every duty that was granted to the viewer, and how all of them were kept."""
    return _page(request, "mandated/ledger.html")


@require_GET
@requires(DutyRight.MONITOR)
def monitor_page(request: HttpRequest) -> HttpResponse:
    """Show an outside monitor how a district's duties were kept, without names."""
    return _page(request, "mandated/monitor.html")


def _page(request: HttpRequest, template: str) -> HttpResponse:
    viewer = viewer_of(request)
    months, before = _number(request, "months"), _number(request, "before")
    with viewing(viewer) as now:
        found = ledger.read_ledger(
            viewer, now, months=months if months in SPANS else USUAL_SPAN, before=before
        )
        waiting = [] if viewer.kind is TeamKind.MONITOR else answers.unanswered()
    around = {"months": found.months}
    return render(
        request,
        template,
        {
            "ledger": found,
            "spans": SPANS,
            "now": now,
            "names": viewer.kind is not TeamKind.MONITOR,
            # What reaches a chair is not what a district has: "0" would be read as that.
            "chair_alone": viewer.roles & CARRIED_BY[DutyRight.SEE_LEDGER] == {Role.BOARD_CHAIR},
            "waiting": waiting,
            "older": found.older
            and f"{request.path}?{urlencode(around | {'before': found.older})}",
            "newest": f"{request.path}?{urlencode(around)}" if before else "",
            "by_school": _drawn(gettext("Finished on time, by school"), found.by_school),
            "by_month": _drawn(gettext("Finished on time, by month"), found.by_month),
            "csv": f"{request.path}.csv?{urlencode(around)}",
        },
    )


class Drawn(NamedTuple):
    """A chart of shares, and the names of those who are not in it."""

    chart: str
    left_out: str


def _drawn(title: str, lines: list[LedgerRow]) -> Drawn | None:
    """Draw how many were finished on time; None where none is finished yet, or all are few.

    Of few a share says less than how many they are: one duty is all or nothing. A row without a
    bar would be read as 0 %.
    """
    rows = {
        line.words: None if passing(line.figures.of_few) else share
        for line in lines
        if (share := passing(line.figures.share)) is not None
    }
    few = [words for words, share in rows.items() if share is None]
    if len(few) == len(rows):
        return None
    return Drawn(shares(title, [Share(*row) for row in rows.items()]), ", ".join(few))


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@require_GET
@requires(DutyRight.SEE_LEDGER)
def ledger_csv(request: HttpRequest) -> HttpResponse:
    """Give the duties of the span as a file, newest first, with typed and server times."""
    return _file(request, "ledger")


@require_GET
@requires(DutyRight.MONITOR)
def monitor_csv(request: HttpRequest) -> HttpResponse:
    """Give a monitor the same without names."""
    return _file(request, "figures")


def _file(request: HttpRequest, name: str) -> HttpResponse:
    viewer, months = viewer_of(request), _number(request, "months")
    months = months if months in SPANS else USUAL_SPAN
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    lines = csv.writer(response)
    lines.writerow(_COLUMNS)
    written, before, with_names = 0, 0, viewer.kind is not TeamKind.MONITOR
    while True:
        with viewing(viewer) as now:
            first = ledger.month_back(now, months - 1)
            duties, before = ledger.page_of(viewer, before, _CHUNK)
            rows = rows_of(
                [duty for duty in duties if duty.month >= first],
                now,
                names=with_names,
            )
        lines.writerows(_cells(row, matter=with_names) for row in rows)
        written += len(rows)
        # Newest first: once one is older than the span, so are all that follow.
        if not before or len(rows) < len(duties):
            break
        if written >= FILE_LIMIT:
            lines.writerow([f"The newest {written}. Choose a shorter span for a whole file."])
            break
    response["Content-Disposition"] = f'attachment; filename="{name}-{now:%Y-%m-%d}.csv"'
    return response


def _cells(row: DutyRow, *, matter: bool) -> Iterable[Any]:
    """Return one line. ``matter``: with when the matter was opened; none of a monitor's business,
    as of whose tip or case it was."""
    duty, clock = row.duty, row.clock
    written_over = clock.written_over
    return [
        duty.pk,
        _plain(row.owner),
        _plain(row.school),
        row.rule.label,
        row.standing,
        _time(duty.cause_at),
        _time(duty.opened_at),
        _time(duty.matter_opened_at) if matter else "",
        _time(duty.matter_noted_at) if matter else "",
        _time(clock.first_due),
        _time(duty.first_at),
        _time(duty.first_recorded_at),
        _time(row.correction.typed if row.correction else None),
        _time(row.correction.at if row.correction else None),
        row.way,
        {True: "yes", False: "no", None: ""}[duty.accepted],
        _late(clock.first_over, unsure=row.times.first_before_cause),
        _time(clock.written_due),
        _time(duty.written_at),
        _time(duty.written_recorded_at),
        _late(written_over, unsure=row.times.sent_before_first or row.times.sent_before_signed),
        row.written_down_after // 60 if duty.first_at else "",
        row.sent_written_down_after // 60 if duty.written_at else "",
        _time(row.redated.typed if row.redated else None),
        _time(row.redated.at if row.redated else None),
        "yes" if row.times.sent_before_first else "",
        "yes" if row.times.first_before_cause else "",
        "yes" if row.times.sent_before_signed else "",
    ]


def _late(over: timedelta | None, *, unsure: bool) -> int | str:
    """Return minutes late; of a time that can't be right nothing: "0" would read as in time."""
    return "" if over is None or unsure else max(0, int(over.total_seconds() // 60))


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _plain(words: str) -> str:
    """Keep a name from being a formula in somebody's spreadsheet."""
    return f"'{words}" if words[:1] in "=+-@\t\r" and words else words


@require_GET
@requires(Permission.PROVE_DUTIES)
def proofs(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """List what was written down about a duty, each with its proof. Shows no name and no word."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        duty = _duty(viewer, duty_id)
        row = rows_of([duty], now, names=False)[0]
        found = proving.proofs_of(viewer, duty)
    return render(
        request,
        "mandated/proofs.html",
        {"row": row, "duty": duty, "proofs": found, "monitor": viewer.kind is TeamKind.MONITOR},
    )


@require_GET
@requires(Permission.PROVE_DUTIES)
def proof_file(request: HttpRequest, duty_id: UUID, number: int) -> HttpResponseBase:
    """Give one proof: entry, place, path and checkpoint in one file (c2sp.org/tlog-proof)."""
    viewer = viewer_of(request)
    with viewing(viewer):
        proof = proving.proof_of(viewer, _duty(viewer, duty_id), number)
    if proof is None:
        return redirect("mandated:proofs", duty_id=duty_id)
    name = proving.file_name(duty_id, number)
    return HttpResponse(
        proof.text,
        "text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _duty(viewer: Viewer, duty_id: UUID) -> Duty:
    return duty_for(viewer, duty_id, names=viewer.kind is not TeamKind.MONITOR)
