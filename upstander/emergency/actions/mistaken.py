"""A call that was recorded by mistake: nothing is erased, and who decides about 911 is asked anew.

One durable transaction with its entry in the record. The call's row stays as it was written; a row
of its own beside it says who says that it was never made, when and why.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import Http404
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.decisions.notices import tell_supervisors
from upstander.emergency.actions.help import short
from upstander.emergency.models import Call, CallCorrection
from upstander.emergency.words import sealed
from upstander.escalations.actions.reading import need_read, not_called
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.opening import OpenTip
from upstander.tips.states import TipState


def call_not_made(opened: OpenTip, call_id: UUID, why: str) -> CallCorrection:
    """Write down that a recorded call was never made, with the reason.

    Where no other call stands, nobody asks any more whether its help arrived, and "decide about
    911" is asked anew, of whoever says so first. The center's supervisors are told, as of a
    flagged call. Raises Http404, NotGranted, ReadFirst, Refused.
    """
    if not why.strip():
        raise Refused(gettext("Say how it came to be recorded: your colleagues will read it."))
    row_id = uuid4()
    blob = sealed(opened, "call correction", row_id, {"why": short(why)})
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        need_read(tip.pk)
        call = Call.objects.filter(pk=call_id, tip_id=tip.pk).first()
        if call is None:
            raise Http404
        if CallCorrection.objects.filter(call=call).exists():
            raise Refused(gettext("It has been recorded already that this call was not made."))
        made = CallCorrection.objects.create(
            id=row_id,
            call=call,
            tip_id=tip.pk,
            district_id=tip.district_id,
            person_id=viewer.person_id,
            at=now,
            sealed=blob,
        )
        record_on(tip, "call not made", viewer, line=call.line)
        tell_supervisors(tip, "call_flagged", but=viewer.person_id)
        stands = Call.objects.filter(tip_id=tip.pk, correction__isnull=True).exists()
        if not stands and tip.state != TipState.CLOSED:
            not_called(
                viewer,
                subject_id=tip.pk,
                matter_id=tip.matter_id,
                district_id=tip.district_id,
                grave=tip.rank == 0,
                now=now,
            )
    notify(opened.tip.pk)
    return made
