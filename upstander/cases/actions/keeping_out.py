"""A member of a team that has a tip keeps it from a colleague of that team, at once.

What they wrote down may be about the colleague, who must not read on until somebody else is found.
The center is told each time, and reads the tip all the while. Nobody is left alone with a tip by
their own word: then the center keeps the colleague out, and is asked to.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.decisions.notices import excluded_macs, tell_supervisors
from upstander.matters.people_near import SHUTS_OUT, people_near, shuts_out
from upstander.people.keys import name_in, person_mac
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.models import Recipient, Tip


def keep_from_tip(viewer: Viewer, tip_id: UUID, person_ids: Collection[int]) -> None:
    """Keep colleagues of the teams that have a tip from it and all of its matter.

    It holds at once and for good, as any exclusion. Raises Http404, Refused.
    """
    out = set(person_ids)
    with viewing(viewer):
        tip = tip_for(viewer, tip_id, lock=True)
        alone = not (left_of_team(tip) - out - {viewer.person_id})
        if alone:
            tell_supervisors(tip, "team_keeps_out", but=viewer.person_id)
            record_on(tip, "center asked to keep somebody out", viewer)
        else:
            if viewer.person_id in out or not out <= left_of_team(tip):
                raise Refused(gettext("Choose colleagues on the team that has this tip."))
            if shuts_out(people_near(tip.district_id), out):
                raise Refused(str(SHUTS_OUT))
            with connection.cursor() as cursor:
                macs = [person_mac(one) for one in sorted(out)]
                cursor.execute("SELECT api.keep_from_tip(%s, %s::bytea[])", [tip.pk, macs])
            record_on(tip, "matter restricted", viewer)
            tell_supervisors(tip, "team_keeps_out", but=viewer.person_id)
    notify(tip_id)
    if alone:
        raise Refused(
            gettext(
                "Only you would be left on your team, so this takes a second person: the center’s "
                "supervisors are being notified. Call them too, or press “I suspect” and choose "
                "them there."
            )
        )


def left_of_team(tip: Tip) -> set[int]:
    """Return who of the teams that have a tip may see it now; call inside ``viewing``."""
    holders = set(Recipient.objects.filter(tip_id=tip.pk).values_list("holder", flat=True))
    excluded = excluded_macs(tip.matter_id)
    return {
        one.person_id
        for one in people_near(tip.district_id)
        if holders & {f"team:{one.team_id}", name_in(one.person_id, tip.pk)}
        and person_mac(one.person_id) not in excluded
    }
