"""A written report and an allegation: things for the walks over all addresses."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from upstander.base.moment import database_second
from upstander.mandated.actions import report_first, send_written
from upstander.mandated.register.actions import file_by_hand
from upstander.mandated.register.disclosing import Question, answer
from upstander.mandated.register.filing import Allegation
from upstander.mandated.written.actions import keep_draft, open_writing, sign_report
from upstander.mandated.written.evidence import Proof
from upstander.mandated.written.models import AgencyPdf, Evidence
from upstander.mandated.written.tests.test_agency_pdf import own_form
from upstander.places.scope import Viewer


def a_report(viewer: Viewer, duty_id: UUID, words: str) -> dict[str, Any]:
    """Sign and send the written report of somebody's own duty, with a file that proves it."""
    now = database_second()
    report_first(viewer, duty_id, way="careline", at=now, words={})
    keep_draft(open_writing(viewer, duty_id), {"nature": words})
    signed = sign_report(open_writing(viewer, duty_id), "Name")
    send_written(viewer, duty_id, at=now, words={}, proof=Proof("fax.pdf", words.encode()))
    return {"report_id": signed, "evidence_id": Evidence.objects.get(duty_id=duty_id).pk}


def an_allegation(viewer: Viewer, district_id: int, words: str) -> dict[str, Any]:
    """File an allegation, and answer somebody who hires; one of the named roles."""
    day = date(2021, 3, 2)
    entry = file_by_hand(
        viewer, Allegation(district_id, day, name="Rey Marlow", words={"words": words})
    )
    asked = Question(district_id, "Nora Quill", words, words, day)
    return {
        "entry_id": entry,
        "disclosure_id": answer(viewer, asked, []),
        "form_key": "dcf-136",
    }


def an_agency_form(person_id: int) -> None:
    """Keep an agency's own PDF, mapped."""
    AgencyPdf.objects.create(
        form="dcf-136",
        pdf=own_form(),
        fields={"child_name": "Child"},
        person_id=person_id,
        at=database_second(),
    )
