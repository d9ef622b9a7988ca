"""What is done on a case's page with one press. Each is a POST that ends on the page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, reopen_case, review_closing
from upstander.cases.actions.homes import STUDENT, answer_home
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.sharing import (
    begin_inner,
    hand_over,
    keep_out_of,
    name_inner,
    raise_to_life_safety,
    share_case,
    withdraw_share,
)
from upstander.cases.actions.support import add_action, finish_action, hand_action
from upstander.cases.actions.timeline import KINDS, add_item, read_items
from upstander.cases.actions.together import add_tip, link_case, undone_of
from upstander.cases.case_views import CASE_PAGE
from upstander.cases.models import CaseAction, CaseClosing
from upstander.cases.people import add_person, change_person
from upstander.cases.rights import CaseRight
from upstander.cases.views import typed
from upstander.cases.whom import said_of_them
from upstander.people.permissions import requires
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.tips.opening import NotGranted, open_tip
from upstander.ui.forms import DayField
from upstander.ui.press import number


def _inner(request: HttpRequest) -> bool:
    return request.POST.get("seen_by") == "inner"


def _where(request: HttpRequest, opened: OpenCase) -> OpenCase:
    """Return the case with its narrower part, begun where the lead writes there for the first
    time."""
    return begin_inner(opened) if _inner(request) else opened


def uuid_of(text: str) -> UUID | None:
    """Return the id that a form sent, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


@CASE_PAGE.act
def note(request: HttpRequest, opened: OpenCase) -> str:
    """Write something down, by its kind."""
    kind, words = request.POST.get("kind", ""), typed(request, "words")
    if kind not in KINDS or not KINDS[kind].note:
        raise Refused(gettext("Choose the type of entry."))
    if not words.strip():
        raise Refused(gettext("There is nothing to save: the box is empty."))
    if kind == "note" and request.POST.get("questioned") == "yes":
        kind = "questioning"
    add_item(_where(request, opened), kind, {"words": words}, inner=_inner(request))
    messages.success(request, gettext("Saved."))
    return "#timeline"


@CASE_PAGE.act
def person(request: HttpRequest, opened: OpenCase) -> str:
    """Write down somebody whom the case is about, or what is known of them now."""
    role, sure = request.POST.get("role", ""), request.POST.get("sure", "")
    words, known = typed(request, "words"), request.POST.get("person", "")
    if known:
        with viewing(opened.viewer):
            entries = read_items(opened)
        who = next((e.id for e in entries if str(e.id) == known), UUID(int=0))
        change_person(opened, entries, who, role=role, sure=sure, words=words)
    else:
        add_person(
            _where(request, opened),
            typed(request, "name"),
            role=role,
            sure=sure,
            words=words,
            inner=_inner(request),
        )
    messages.success(request, gettext("Saved."))
    return "#people"


@CASE_PAGE.act
def home(request: HttpRequest, opened: OpenCase) -> str:
    """Answer whether a family's home is safe."""
    answer_home(
        opened,
        request.POST.get("home", ""),
        typed(request, "words"),
        family=request.POST.get("family", STUDENT.key),
        name=typed(request, "name"),
    )
    messages.success(request, gettext("Saved. This notifies nobody; a person decides."))
    return "#doing"


@CASE_PAGE.act
def action(request: HttpRequest, opened: OpenCase) -> str:
    """Put something on the list of what shall be done."""
    add_action(
        _where(request, opened),
        request.POST.get("kind", ""),
        typed(request, "words"),
        owner_id=number(request, "owner"),
        inner=_inner(request),
        sure=request.POST.get("sure") == "yes",
    )
    messages.success(request, gettext("Added to the list."))
    return "#doing"


@CASE_PAGE.act
def action_end(request: HttpRequest, opened: OpenCase, action_id: UUID) -> str:
    """Say that an action is done or not needed any more."""
    ending = request.POST.get("ending", CaseAction.Ending.DONE)
    finish_action(opened, action_id, typed(request, "words"), ending=ending)
    messages.success(request, gettext("Saved."))
    return "#doing"


@CASE_PAGE.act
def action_hand(request: HttpRequest, opened: OpenCase, action_id: UUID) -> str:
    """Give an action to somebody else."""
    owner = number(request, "owner")
    if owner is None:
        raise Refused(gettext("Choose who will do it."))
    hand_action(opened, action_id, owner)
    messages.success(request, gettext("Reassigned."))
    return "#doing"


def _person(request: HttpRequest, said: str = gettext("Choose who you mean.")) -> int:
    found = number(request, "person")
    if found is None:
        raise Refused(said)
    return found


@CASE_PAGE.act
def share(request: HttpRequest, opened: OpenCase) -> str:
    """Share the case with a colleague outside the team, until the end of a day."""
    with viewing(opened.viewer):
        zone = ZoneInfo(District.objects.get(pk=opened.case.district_id).time_zone)
    try:
        day = DayField().clean(request.POST.get("until", ""))
    except ValidationError:
        raise Refused(gettext("Choose how long they can see it.")) from None
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    why = said_of_them(request)
    share_case(opened, _person(request), typed(request, "words"), end, mentioned=why)
    messages.success(request, gettext("Shared. They will be notified."))
    return "#access"


@CASE_PAGE.act
def unshare(request: HttpRequest, opened: OpenCase) -> str:
    """Take the case back from somebody."""
    withdraw_share(opened, _person(request), typed(request, "words"))
    messages.success(request, gettext("They can no longer see it."))
    return "#access"


@CASE_PAGE.act
def let_in(request: HttpRequest, opened: OpenCase) -> str:
    """Let somebody see what only some see."""
    name_inner(opened, _person(request), mentioned=said_of_them(request))
    messages.success(request, gettext("They can now see it too."))
    return "#access"


@CASE_PAGE.act
def keep_out(request: HttpRequest, opened: OpenCase) -> str:
    """Keep somebody from this matter for good."""
    keep_out_of(opened, [_person(request)], typed(request, "words"))
    messages.success(request, gettext("They will see and hear nothing of this matter."))
    return "#access"


@CASE_PAGE.act
def lead(request: HttpRequest, opened: OpenCase) -> str:
    """Have somebody else of the team lead the case."""
    why = said_of_them(request)
    hand_over(opened, _person(request), typed(request, "words"), mentioned=why)
    messages.success(request, gettext("Handed over. They will be notified."))
    return "#access"


@CASE_PAGE.act
def danger(request: HttpRequest, opened: OpenCase) -> str:
    """Say that a life may be in danger."""
    raise_to_life_safety(opened, typed(request, "words", anything=True))
    messages.success(request, gettext("Marked. Closing this case now takes two people."))
    return ""


@CASE_PAGE.act
def tip(request: HttpRequest, opened: OpenCase) -> str:
    """Add a tip that was handed to the team."""
    tip_id = uuid_of(request.POST.get("tip", ""))
    if tip_id is None:
        raise Refused(gettext("Choose a tip from the list."))
    try:
        add_tip(opened, open_tip(opened.viewer, tip_id, purpose="case"))
    except NotGranted:
        raise Refused(gettext("This tip was given to others, so you can't add it.")) from None
    messages.success(
        request, gettext("Added. Its reporter will see that your team is working on it.")
    )
    return "#together"


@CASE_PAGE.act
def link(request: HttpRequest, opened: OpenCase) -> str:
    """Link the case with another."""
    link_case(opened, typed(request, "reference"))
    messages.success(request, gettext("Linked. Only people who can see both cases see the link."))
    return "#together"


@CASE_PAGE.act(needs=requires(CaseRight.CLOSE_CASES))
def end(request: HttpRequest, opened: OpenCase) -> str:
    """Close the case, or ask for the second person that closing it takes."""
    if (undone := undone_of(opened)) and "undone" not in request.POST:
        raise Refused(
            gettext(
                "Not closed. Still open in its tips: %(undone)s. Finish this first, or tick that "
                "you are closing it anyway."
            )
            % {"undone": "; ".join(undone)}
        )
    done = close_case(opened, request.POST.get("disposition", ""), typed(request, "words"))
    if done.state == CaseClosing.State.WAITING:
        messages.warning(
            request,
            gettext(
                "Not closed yet: a life was in danger, so a second person must review it. The "
                "others will be notified."
            ),
        )
    else:
        messages.success(
            request,
            gettext("Closed. You will be reminded to check again after 7, 30, and 90 days."),
        )
    return "#ending"


@CASE_PAGE.act(needs=requires(CaseRight.CLOSE_CASES))
def review(request: HttpRequest, opened: OpenCase, closing_id: UUID) -> str:
    """Agree to a closing as the second person, or send it back."""
    agree = request.POST.get("agree") == "yes"
    review_closing(opened, closing_id, agree=agree, words=typed(request, "words"))
    messages.success(
        request, gettext("Closed.") if agree else gettext("Sent back, with your reason.")
    )
    return "#ending"


@CASE_PAGE.act
def again(request: HttpRequest, opened: OpenCase) -> str:
    """Open a closed case again."""
    reopen_case(opened, typed(request, "words"))
    messages.success(request, gettext("Reopened. How it ended stays in its history."))
    return ""
