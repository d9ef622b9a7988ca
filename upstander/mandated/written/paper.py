"""A duty's proof: one PDF that an outsider can check, with no word of what was reported.

Times as typed and as the server took them, the hash of what was signed, and for each entry of the
record its proof against the night's checkpoint. The proofs and the program that checks them are
attached to the PDF; the record's public key is printed, to be compared with the one that was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.audit.proofs import Proof, prove
from upstander.audit.signing import public_key
from upstander.audit.verifier.single import as_one_file
from upstander.mandated.access import duty_for
from upstander.mandated.models import Duty
from upstander.mandated.proving import TITLES, entries_of
from upstander.mandated.queries import DutyRow, rows_of
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.places.models import District
from upstander.places.permissions import Permission, may
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.ui.moments import due_words, span

#: The steps that count, by their names in the record.
STEPS = (
    "suspicion noted",
    "duty: first",
    "duty: corrected",
    "duty: redated",
    "duty: answer",
    "duty: signed",
    "duty: written",
    "duty: copy",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a duty as the record has it; its proof, once a night's checkpoint seals it."""

    entry: Entry
    title: str
    proof: Proof | None

    @property
    def file(self) -> str:
        """The name of the proof's file in the PDF."""
        return f"{self.entry.pk}.tlog-proof"

    @property
    def digest(self) -> str:
        """The hash of the signed text or of the sent proof, if this step has one."""
        detail = self.entry.detail
        return str(detail.get("sha256") or detail.get("file") or "")


def steps_of(viewer: Viewer, duty: Duty) -> list[Step]:
    """Return a duty's steps with their proofs, oldest first; call inside ``viewing``."""
    # By which minute there was how much only the center may know: others prove against the night.
    nightly = not may(viewer, Permission.SEE_SEALING)
    return [
        Step(entry, TITLES[entry.action], prove(entry, nightly=nightly))
        for entry in entries_of(duty)
        if entry.action in STEPS
    ]


def proof_pdf(viewer: Viewer, duty_id: UUID) -> bytes:
    """Return a duty's proof for whoever may know of the duty, outside monitors among them.

    The making is in the record. Raises Http404.
    """
    named = viewer.kind is not TeamKind.MONITOR
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id, names=named)
        row = rows_of([duty], now, names=False)[0]
        zone = District.objects.values_list("time_zone", flat=True).get(pk=duty.district_id)
        steps = steps_of(viewer, duty)
        record(
            # Like a reading: it can be done at will, so it is none of what can be proved.
            "duty opened",
            actor=viewer,
            subject_kind="duty",
            subject_id=duty.pk,
            district_id=duty.district_id,
            matter_id=duty.matter_id,
            detail={"purpose": "proof"},
        )
    return _set(row, steps, ZoneInfo(zone), now, named=named)


def _set(row: DutyRow, steps: list[Step], zone: ZoneInfo, now: datetime, *, named: bool) -> bytes:
    duty, rule = row.duty, row.rule

    def told(moment: datetime | None) -> str:
        if moment is None:
            return "–"
        local = moment.astimezone(zone)
        return f"{local:%B %-d, %Y, %-I:%M:%S} {'a.m.' if local.hour < 12 else 'p.m.'} {local:%Z}"

    def kept(moment: datetime | None, after: int) -> str:
        return "–" if moment is None else f"{told(moment)}: {span(after)} later"

    def due(moment: datetime | None) -> str:
        return "–" if moment is None else f"by {due_words(moment, row.zone)}"

    # What a monitor may not read of a duty.
    opened = (
        [
            ["Matter first opened by whose duty it is", "–", told(duty.matter_opened_at)],
            ["First noted by them", "–", told(duty.matter_noted_at)],
        ]
        if named
        else []
    )
    corrected = (
        [["Its time as first typed; corrected", told(fixed.typed), told(fixed.at)]]
        if (fixed := row.correction)
        else []
    )
    redated = (
        [["Its time as first typed; corrected", told(again.typed), told(again.at)]]
        if (again := row.redated)
        else []
    )
    oral = (
        [["How it was reported", row.way, "–"], ["Whether it was accepted", row.accepted, "–"]]
        if duty.first_at
        else []
    )
    key = str(public_key())
    files = {"verifier": ("verifier.py", as_one_file(), "The program that checks it")}
    for step in steps:
        if step.proof is not None:
            files[f"proof{step.entry.pk}"] = (step.file, step.proof.text, f"Proof: {step.title}")
    data = {
        "title": "Proof of a mandated report",
        "footer": f"Duty {duty.pk}",
        "day": day_of(now.astimezone(zone)),
        "lead": [
            f"{rule.label} · {row.rules.name} · {row.school or 'no school'}",
            f"Duty {duty.pk}. Made on {told(now)}. This paper names no child and holds no word of "
            "what was reported.",
        ],
        "times_title": "Times",
        "times_head": ["What", "As typed", "The server's time"],
        "times": [
            ["Reasonable cause arose", told(duty.cause_at), told(duty.opened_at)],
            *opened,
            [f"{rule.first.label}: due", due(row.clock.first_due), "–"],
            [
                rule.first.label,
                told(duty.first_at),
                kept(duty.first_recorded_at, row.written_down_after),
            ],
            *corrected,
            *oral,
            [f"{rule.written.label}: due", due(row.clock.written_due), "–"],
            [
                rule.written.label + (", dated before the first" if row.sent_before_first else ""),
                told(duty.written_at),
                kept(duty.written_recorded_at, row.sent_written_down_after),
            ],
            *redated,
        ],
        "record_title": "What the sealed record says",
        "record_lead": (
            "Each entry below is quoted as it was hashed. “typed” is the time as somebody typed "
            "it, “at” the server's."
        ),
        "entries": [_entry(step) for step in steps],
        "check_title": "How to check this",
        "steps": [
            "Save the files that are attached to this PDF (in a PDF reader: Attachments).",
            "Compare the key below with the one that you were given apart, and keep it as "
            "record.key.",
            "Run the program on each proof, with Python 3.11 or newer and nothing else:",
        ],
        "commands": [
            f"python3 verifier.py proof {step.file} --key record.key"
            for step in steps
            if step.proof is not None
        ]
        + [key]
        + ["sha256sum signed-report.txt"],
        "limits": [
            "The signed report is a paper of its own and holds its text as signed-report.txt: the "
            "last command gives the hash that stands above under “Written report signed”.",
            "What is proved: that these entries were in the record by the time of the checkpoint, "
            "and were not changed since. What is not: that a typed time is true. Entries are "
            "sealed within a minute, and proved here from the first night after.",
        ],
        "files": [{"name": n, "input": i, "what": w} for i, (n, _text, w) in files.items()],
    }
    return set_pdf(
        "proof.typ", data, {name: text for name, (_n, text, _w) in files.items()}, now=now
    )


def _entry(step: Step) -> dict[str, object]:
    lines = []
    if step.proof is None:
        lines.append("Not proved yet: no night's checkpoint seals it. Make this paper again later.")
    else:
        sealed = step.proof.checkpoint.at.astimezone(UTC)
        lines.append(
            f"Place {step.proof.place} of {step.proof.checkpoint.size}; checkpoint of "
            f"{sealed:%Y-%m-%d %H:%M:%S} UTC; attached as {step.file}."
        )
    return {
        "title": step.title,
        "lines": lines,
        "digest": f"SHA-256 {step.digest}" if step.digest else "",
        "canonical": step.entry.canonical,
    }
