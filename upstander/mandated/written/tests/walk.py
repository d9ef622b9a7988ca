"""For the walk over all addresses: a report that was written, signed and sent."""

from __future__ import annotations

from typing import Any

from tests.story import BRIEF, Story
from upstander.base.moment import database_second
from upstander.mandated.actions.duties import report_first, send_written
from upstander.mandated.written.actions import keep_draft, open_writing, sign_report
from upstander.mandated.written.evidence import Proof
from upstander.mandated.written.models import AgencyPdf, Evidence
from upstander.mandated.written.tests.test_agency_pdf import own_form


def things(story: Story) -> dict[str, Any]:
    """Sign and send the written report of somebody's own duty, with a file that proves it."""
    viewer, duty_id = story.viewer(story.member), story.values["duty_id"]
    now = database_second()
    report_first(viewer, duty_id, way="careline", at=now, words={})
    keep_draft(open_writing(viewer, duty_id), {"nature": BRIEF})
    signed = sign_report(open_writing(viewer, duty_id), story.member.capitalize())
    send_written(viewer, duty_id, at=now, words={}, proof=Proof("fax.pdf", BRIEF.encode()))
    return {"report_id": signed, "evidence_id": Evidence.objects.get(duty_id=duty_id).pk}


def later(story: Story) -> dict[str, Any]:
    """Keep an agency's own PDF, mapped: one for both districts."""
    if not AgencyPdf.objects.exists():
        AgencyPdf.objects.create(
            form="dcf-136",
            pdf=own_form(),
            fields={"child_name": "Child"},
            person_id=story.cast.people["ada"].pk,
            at=database_second(),
        )
    return {"form_key": "dcf-136"}
