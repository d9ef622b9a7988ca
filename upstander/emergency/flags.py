"""Why a call bears its flag, in words: what its row leaves open, for whoever looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext

from upstander.emergency.models import Call

#: A call that lies further back than this was written down late, and is flagged.
LONGEST_AGO: Final = timedelta(hours=12)


def why_flagged(call: Call) -> list[str]:
    """Return each cause of a call's flag; empty if it bears none.

    Each is read off the same columns that the database's trigger flags by. What is left is its
    time: one that nobody could read, or that had not come yet.
    """
    if not call.flagged:
        return []
    causes = []
    if call.police is None:
        causes.append(gettext("what was asked for is not recorded"))
    elif call.police and call.request_id is None and not call.danger_now:
        causes.append(gettext("police were asked for, and no second person had agreed"))
    elif call.police and call.request_id is None and not call.why_given:
        causes.append(gettext("danger was now, but why is not recorded"))
    if call.called_at < call.at - LONGEST_AGO:
        causes.append(gettext("it was recorded more than 12 hours later"))
    return causes or [gettext("the time that was given could not be used")]


def why_looked_at(call: Call) -> list[str]:
    """Return why a call that was read with its ``correction`` is looked at, in words."""
    mistaken = [gettext("it was recorded by mistake: no call was made")]
    return (mistaken if hasattr(call, "correction") else []) + why_flagged(call)
