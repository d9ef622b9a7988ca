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

from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.audit.proofs import Proof, prove
from upstander.audit.signing import public_key
from upstander.audit.verifier.single import as_one_file
from upstander.mandated.access import duty_for
from upstander.mandated.models import Duty
from upstander.mandated.proving import entries_of
from upstander.mandated.queries import DutyRow, rows_of
from upstander.mandated.written.layout import day_of, set_pdf
from upstander.people.permissions import Permission, may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.plug import act_of
from upstander.ui.moments import due_words, second_words, span


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
        Step(entry, act_of(entry.action).title, prove(entry, nightly=nightly))
        for entry in entries_of(duty)
        if act_of(entry.action).step
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
        return second_words(moment, zone)

    def kept(moment: datetime | None, after: int) -> str:
        if moment is None:
            return "–"
        return gettext("%(moment)s: %(span)s later") % {
            "moment": told(moment),
            "span": span(after),
        }

    def due(moment: datetime | None) -> str:
        if moment is None:
            return "–"
        return gettext("by %(moment)s") % {"moment": due_words(moment, row.zone)}

    def due_of(label: str) -> str:
        return gettext("%(deadline)s: due") % {"deadline": label}

    def marked(label: str, marks: list[str]) -> str:
        return "; ".join([label, *marks])

    # What a monitor may not read of a duty.
    opened = (
        [
            [gettext("Matter first opened by whose duty it is"), "–", told(duty.matter_opened_at)],
            [gettext("They first noted it"), "–", told(duty.matter_noted_at)],
        ]
        if named
        else []
    )
    corrected = (
        [[gettext("Its time as first typed; corrected"), told(fixed.typed), told(fixed.at)]]
        if (fixed := row.correction)
        else []
    )
    redated = (
        [[gettext("Its time as first typed; corrected"), told(again.typed), told(again.at)]]
        if (again := row.redated)
        else []
    )
    oral = (
        [
            [gettext("How it was reported"), row.way, "–"],
            [gettext("Whether it was accepted"), row.accepted, "–"],
        ]
        if duty.first_at
        else []
    )
    key = str(public_key())
    files = {"verifier": ("verifier.py", as_one_file(), gettext("The program that checks it"))}
    for step in steps:
        if step.proof is not None:
            files[f"proof{step.entry.pk}"] = (
                step.file,
                step.proof.text,
                gettext("Proof: %(step)s") % {"step": step.title},
            )
    data = {
        "title": gettext("Proof of a mandated report"),
        "footer": gettext("Duty %(number)s") % {"number": duty.pk},
        "day": day_of(now.astimezone(zone)),
        "lead": [
            f"{rule.label} · {row.rules.name} · {row.school or gettext('no school')}",
            gettext(
                "Duty %(number)s, on paper since %(moment)s: it names no child and holds no word "
                "of what was reported."
            )
            % {"number": duty.pk, "moment": told(now)},
        ],
        "times_title": gettext("Times"),
        "times_head": [gettext("What"), gettext("As typed"), gettext("The server's time")],
        "times": [
            [gettext("Reasonable cause arose"), told(duty.cause_at), told(duty.opened_at)],
            *opened,
            [due_of(rule.first.label), due(row.clock.first_due), "–"],
            [
                marked(rule.first.label, [row.first_mark] if row.first_mark else []),
                told(duty.first_at),
                kept(duty.first_recorded_at, row.written_down_after),
            ],
            *corrected,
            *oral,
            [due_of(rule.written.label), due(row.clock.written_due), "–"],
            [
                marked(rule.written.label, row.sent_marks),
                told(duty.written_at),
                kept(duty.written_recorded_at, row.sent_written_down_after),
            ],
            *redated,
        ],
        "record_title": gettext("What the sealed record says"),
        "record_lead": gettext(
            "Each entry below is quoted as it was hashed. “typed” is the time as someone typed "
            "it, “at” the server's."
        ),
        "entries": [_entry(step) for step in steps],
        "check_title": gettext("How to check this"),
        "steps": [
            gettext("Save the files that are attached to this PDF (in a PDF reader: Attachments)."),
            gettext(
                "Compare the key below with the one that you were given apart, and keep it as "
                "record.key."
            ),
            gettext("Run the program on each proof, with Python 3.11 or newer and nothing else:"),
        ],
        "commands": [
            f"python3 verifier.py proof {step.file} --key record.key"
            for step in steps
            if step.proof is not None
        ]
        + [key]
        + ["sha256sum signed-report.txt"],
        "limits": [
            gettext(
                "The signed report is a paper of its own and holds its text as signed-report.txt: "
                "the last command gives the hash that stands above under “Written report signed”."
            ),
            gettext(
                "What is proved: that these entries were in the record by the time of the "
                "checkpoint, and were not changed since. What is not: that a typed time is true. "
                "Entries are sealed within a minute, and proved here from the first night after."
            ),
        ],
        "files": [{"name": n, "input": i, "what": w} for i, (n, _text, w) in files.items()],
    }
    return set_pdf(
        "proof.typ", data, {name: text for name, (_n, text, _w) in files.items()}, now=now
    )


def _entry(step: Step) -> dict[str, object]:
    lines = []
    if step.proof is None:
        lines.append(
            gettext("Not proved yet: no night's checkpoint seals it. Make this paper again later.")
        )
    else:
        sealed = step.proof.checkpoint.at.astimezone(UTC)
        lines.append(
            gettext(
                "Place %(place)s of %(size)s; checkpoint of %(moment)s UTC; attached as %(file)s."
            )
            % {
                "place": step.proof.place,
                "size": step.proof.checkpoint.size,
                # As the checkpoint itself has it, in ISO 8601.
                "moment": f"{sealed:%Y-%m-%d %H:%M:%S}",
                "file": step.file,
            }
        )
    return {
        "title": step.title,
        "lines": lines,
        "digest": f"SHA-256 {step.digest}" if step.digest else "",
        "canonical": step.entry.canonical,
    }
