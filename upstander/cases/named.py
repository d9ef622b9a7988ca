"""Whether what is open of a case may mean one colleague, to whom it is about to be shown.

Nobody reads along who has not been compared: a name that was written while its bearer saw nothing
of the case was asked about by nobody. What stands in a narrower part that the viewer doesn't hold
is compared by whoever lets somebody in there.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.timeline import read_items
from upstander.matters.people_near import Near, people_near
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in
from upstander.ui.press import is_words


def named_in_case(opened: OpenCase, person_id: int, *more: str) -> Near | None:
    """Return a colleague whom a case's words may mean, or these; None: nothing met them.

    All that the viewer has open is compared, its tips too (``OpenCase.tip_words`` is read before).
    Call inside ``viewing``.
    """
    found = people_near(opened.case.district_id)
    text = "\n".join([*more, opened.tip_words, case_words(opened)])
    schools = () if opened.case.school_id is None else (opened.case.school_id,)
    text = beside_places(text, opened.case.district_id, found)
    if person_id not in met_in(text, found, schools).people:
        return None
    return next(one for one in found if one.person_id == person_id)


def need_asked(opened: OpenCase, person_id: int, reason: str, mentioned: str) -> Mapping[str, str]:
    """Raise Refused where a case may mean whom it is shown to, and nobody said that it doesn't.

    Returns what is kept of the answer, beside that they see it now. Call inside ``viewing``.
    """
    if named_in_case(opened, person_id, reason) is None:
        return {}
    if not mentioned.strip():
        raise Refused(
            gettext(
                "What is written here may be about them. First say whether it is about them: then "
                "they are kept out, or you say how you know that it isn’t."
            )
        )
    return {"mentioned": mentioned.strip()}


def case_words(opened: OpenCase) -> str:
    """Return all that somebody wrote in a case and its viewer has open; call inside ``viewing``."""
    return "\n".join(
        text
        for entry in read_items(opened)
        for name, text in entry.words.items()
        if is_words(name, text)
    )
