"""Drafting and signing the written report. Sending it is an action of the duty itself."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.mandated.access import duty_for, rules_of
from upstander.mandated.actions.duties import open_duty, own_or_404
from upstander.mandated.actions.events import write_event
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.queries import events_of
from upstander.mandated.words import pack, unpack
from upstander.mandated.written.acro import made_harmless
from upstander.mandated.written.evidence import Proof, keep_proof, store_proof
from upstander.mandated.written.models import AgencyPdf, Draft, Report
from upstander.mandated.written.prefill import (
    filled_from,
    known_of_duty,
    known_of_events,
    known_of_tip,
    marks_of_values,
)
from upstander.mandated.written.text import Signature, digest_of, signed_text
from upstander.matters.folders import OpenFolder
from upstander.people.models import Person
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.states import AgencyForm, Field, agency_form

#: Beside a draft's fields: what was written down of the duty when they were filled in.
_SEEN: Final = "seen "


@dataclass(frozen=True, slots=True)
class Writing:
    """A duty's written report as its owner is working on it."""

    duty: Duty
    form: AgencyForm
    folder: OpenFolder = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    #: What is written down of the duty today, by field; and a mark of what was when the draft was
    #: filled in, or somebody last looked at that line (``prefill.marks_of_values``).
    known: Mapping[str, str] = field(repr=False)
    seen: Mapping[str, str] = field(repr=False)
    #: When the draft was last kept (UTC); None: all of it is filled in from what is known.
    kept_at: datetime | None

    @property
    def changed(self) -> list[Changed]:
        """What was written down of the duty since, and the draft doesn't say."""
        if self.kept_at is None:
            return []
        now = marks_of_values(self.form, self.known)
        return [
            Changed(one, self.values.get(one.key, ""), self.known.get(one.key, ""))
            for one in self.form.fields
            if one.key in now
            and now[one.key] != self.seen.get(one.key, "")
            and self.values.get(one.key, "").split() != self.known.get(one.key, "").split()
        ]

    @property
    def otherwise(self) -> list[str]:
        """The keys of lines that say something else than what is written down of the duty."""
        return [
            key
            for key, known in self.known.items()
            if self.values.get(key, "").split() != known.split()
        ]


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of a draft, of which something else is written down by now."""

    line: Field
    #: What the draft says, and what is written down of the duty.
    says: str = field(repr=False)
    known: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A report as it was signed."""

    id: UUID
    number: int
    form: AgencyForm
    at: datetime
    digest: str
    text: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    typed: str = field(repr=False)
    account: str = field(repr=False)
    #: What says otherwise than what was written down of the duty when it was signed.
    otherwise: Sequence[Field] = ()


def form_of(duty: Duty) -> AgencyForm | None:
    """Return the form that a duty's rule asks for; None where we have none."""
    return agency_form(rules_of(duty)[1].form)


def open_writing(viewer: Viewer, duty_id: UUID, *, purpose: str = "write") -> Writing:
    """Open a duty's report for its owner: the draft, or what is known already.

    Raises Http404 (not one's own, no such form), and as open_folder.
    """
    with viewing(viewer):
        own_or_404(viewer, duty_for(viewer, duty_id))
    duty, folder = open_duty(viewer, duty_id, purpose=purpose)
    form = form_of(duty)
    if form is None:
        raise Http404
    with viewing(viewer):
        draft = Draft.objects.filter(duty_id=duty_id).first()
        zone = District.objects.get(pk=duty.district_id).time_zone
        told = known_of_events(events_of(duty, folder), zone) | known_of_duty(viewer, duty)
        # A tip's own words stay as they were: only what its owner writes down changes.
        known = filled_from(form, told)
        if draft is not None:
            kept = unpack(folder.read("draft", duty_id, draft.sealed))
            values = {key: text for key, text in kept.items() if not key.startswith(_SEEN)}
            seen = {
                key.removeprefix(_SEEN): mark for key, mark in kept.items() if key.startswith(_SEEN)
            }
            return Writing(duty, form, folder, values, known, seen, draft.at)
    values = filled_from(form, known_of_tip(viewer, duty) | told)
    return Writing(duty, form, folder, values, known, marks_of_values(form, known), None)


def keep_draft(
    writing: Writing,
    values: Mapping[str, str],
    *,
    seen: Mapping[str, str] | None = None,
    take: Collection[str] = (),
    leave: Collection[str] = (),
) -> None:
    """Keep what was filled in so far, in place of what was kept before. Sealed; the owner's own.

    ``seen``: the marks that came with the page on which it was filled in, whichever was kept since.
    ``take``: lines that are to say what is written down by now; ``leave``: those that stay as they
    are, on purpose.
    """
    viewer, duty = writing.folder.viewer, writing.duty
    fields = {one.key for one in writing.form.fields}
    kept = {key: text for key, text in values.items() if key in fields}
    kept |= {key: writing.known.get(key, "") for key in take if key in fields}
    stands = marks_of_values(writing.form, writing.known)
    marks = dict(writing.seen if seen is None else seen)
    marks |= {key: stands[key] for key in {*take, *leave} & set(stands)}
    kept |= {f"{_SEEN}{key}": mark for key, mark in marks.items() if key in stands}
    with viewing(viewer) as now:
        Draft.objects.update_or_create(
            duty_id=duty.pk,
            defaults={
                "district_id": duty.district_id,
                "at": now,
                "sealed": writing.folder.seal("draft", duty.pk, pack(kept)),
            },
        )


def sign_report(writing: Writing, typed: str) -> UUID:
    """Sign the draft as it was kept: a typed name, the server's time, the account.

    What is missing stops nothing: the law asks for it "if known". The hash of the text stands in
    the duty's event and in the record. Returns the report's id. Raises Refused (no name, nothing
    kept yet).
    """
    viewer, duty, form = writing.folder.viewer, writing.duty, writing.form
    if not typed.strip():
        raise Refused(_("Type your name to sign."))
    if writing.kept_at is None:
        raise Refused(_("Review the report and save it first; then sign what was saved."))
    if changed := writing.changed:
        lines = ", ".join(f"“{one.line.label}”" for one in changed)
        raise Refused(
            _(
                "Something was recorded after this was filled in: %(lines)s. Copy each one "
                "or keep yours; then sign."
            )
            % {"lines": lines}
        )
    report_id = uuid4()
    with viewing(viewer) as now:
        person = Person.objects.get(pk=viewer.person_id)
        if _plain(typed) != _plain(person.name):
            raise Refused(
                _("Type your own name as your account has it, to sign: %(name)s.")
                % {"name": person.name}
            )
        account = (
            f"{person.name}, {viewer.memberships[0].role.label}, {viewer.memberships[0].team_name}"
        )
        signature = Signature(
            secrets.token_hex(16), duty.pk, typed.strip(), account, viewer.person_id, now
        )
        text = signed_text(form, writing.values, signature)
        digest = digest_of(text)
        about = {
            "text": text,
            "typed": signature.typed,
            "account": account,
            # The lines alone: what is written down of them stands on the duty's page.
            "otherwise": " ".join(writing.otherwise),
        }
        values = {f"field {key}": value for key, value in writing.values.items()}
        # One at a time: a second signing waits here, and takes the number after.
        Draft.objects.select_for_update().get(duty_id=duty.pk)
        number = Report.objects.filter(duty_id=duty.pk).count() + 1
        Report.objects.bulk_create(
            [
                Report(
                    id=report_id,
                    duty_id=duty.pk,
                    district_id=duty.district_id,
                    person_id=viewer.person_id,
                    number=number,
                    form=form.key,
                    at=now,
                    digest=digest,
                    sealed=writing.folder.seal("report", report_id, pack(about | values)),
                )
            ]
        )
        write_event(
            viewer,
            writing.folder,
            duty.pk,
            DutyEvent.Kind.SIGNED,
            {"name": signature.typed, "sha256": digest},
            detail={"sha256": digest, "report": str(report_id)},
        )
    return report_id


def _plain(name: str) -> str:
    """Return a name as it is compared: letters alike, whatever their case, and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def add_proof(
    viewer: Viewer, duty_id: UUID, *, words: Mapping[str, str], proof: Proof | None = None
) -> None:
    """Add what proves a report that was made: whom one spoke to, a reference, how and where the
    written one went (``words``: worker, reference, how, to), a file. The owner alone.

    What was written down before stays as it was. Raises Http404, Refused, NotStored.
    """
    duty, folder = open_duty(viewer, duty_id, purpose=DutyEvent.Kind.PROOF.value)
    own_or_404(viewer, duty)
    if duty.first_at is None:
        raise Refused(_("Report by phone first: record when you made it."))
    if proof is None and not any(text.strip() for text in words.values()):
        raise Refused(_("There is nothing to add: every field is empty."))
    file_id = store_proof(folder, proof) if proof else None
    told = {"file": proof.name, "sha256": proof.digest} if proof else {}
    with viewing(viewer) as now:
        duty = duty_for(viewer, duty_id)
        detail = {"file": proof.digest} if proof else None
        write_event(viewer, folder, duty_id, DutyEvent.Kind.PROOF, {**words, **told}, detail=detail)
        if proof and file_id:
            keep_proof(folder, duty, file_id, proof, now)


def reports_of(folder: OpenFolder, duty_id: UUID) -> list[Signed]:
    """Return a duty's signed reports, the latest first; call inside ``viewing``."""
    return [
        _signed(folder, row) for row in Report.objects.filter(duty_id=duty_id).order_by("-number")
    ]


def _signed(folder: OpenFolder, row: Report) -> Signed:
    kept = unpack(folder.read("report", row.pk, row.sealed))
    form = agency_form(row.form)
    if form is None:
        raise Http404
    return Signed(
        id=row.pk,
        number=row.number,
        form=form,
        at=row.at,
        digest=row.digest,
        text=kept["text"],
        values={
            key.removeprefix("field "): text
            for key, text in kept.items()
            if key.startswith("field ")
        },
        typed=kept["typed"],
        account=kept["account"],
        otherwise=[one for one in form.fields if one.key in kept.get("otherwise", "").split()],
    )


def upload_form(viewer: Viewer, form: AgencyForm, pdf: bytes) -> UUID:
    """Keep an agency's own PDF, made harmless, in place of the one before; an administrator alone.

    Its fields are mapped next (``map_fields``). Raises Refused.
    """
    harmless = made_harmless(pdf)
    row = AgencyPdf(id=uuid4(), form=form.key, pdf=harmless, person_id=viewer.person_id)
    with viewing(viewer) as now:
        row.at = now
        AgencyPdf.objects.filter(form=form.key, withdrawn_at__isnull=True).update(withdrawn_at=now)
        AgencyPdf.objects.bulk_create([row])
        _record_form(viewer, "form uploaded", form.key, pdf=str(row.pk))
    return row.pk


def map_fields(viewer: Viewer, form: AgencyForm, fields: Mapping[str, object]) -> None:
    """Keep which of the PDF's fields each of ours is filled into. Raises Http404."""
    with viewing(viewer):
        changed = AgencyPdf.objects.filter(form=form.key, withdrawn_at__isnull=True).update(
            fields=dict(fields)
        )
        if not changed:
            raise Http404
        _record_form(viewer, "form mapped", form.key, fields=len(fields))


def withdraw_form(viewer: Viewer, form: AgencyForm) -> None:
    """Take an agency's own PDF out of use: from now on our own layout is written."""
    with viewing(viewer) as now:
        AgencyPdf.objects.filter(form=form.key, withdrawn_at__isnull=True).update(withdrawn_at=now)
        _record_form(viewer, "form withdrawn", form.key)


def form_in_use(form: AgencyForm) -> AgencyPdf | None:
    """Return the agency's own PDF that is in use; call inside ``viewing``."""
    return AgencyPdf.objects.filter(form=form.key, withdrawn_at__isnull=True).first()


def _record_form(viewer: Viewer, action: str, form: str, **detail: object) -> None:
    record(action, actor=viewer, subject_kind="form", subject_id=form, detail=detail)
