"""Coming back by words or digits. A wrong code learns nothing, by content or by time."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upstander.doors.calls.codes import No, open_by_digits, typed_digits
from upstander.doors.texts.bridges import BRIDGE_DIGITS, cross
from upstander.doors.web.cookie import open_session, sent_from_elsewhere
from upstander.doors.web.forms import in_another_language, read_follow_up, text_problem
from upstander.doors.web.responses import (
    OpenPage,
    from_another_website,
    page_context,
    rendered,
)
from upstander.doors.web.snapshot import any_door
from upstander.doors.web.talk_page import talk_page
from upstander.doors.web.words import clean
from upstander.tips.reporter import (
    NotKept,
    add_answers,
    add_message,
    dialog_for,
    open_with_code,
)
from upstander.vault.codes import SPOKEN_DIGITS
from upstander.vault.wordlists import CODE_WORDS, unknown_words

#: Seven words are far shorter; more than this is no try at a code.
MOST_TYPED = 500
#: No word of a list is longer; more of a wrong one would only fill the page.
LONGEST_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Type the return code; with it a message that could not be sent when the page had closed."""
    return _typed(request) if request.method == "POST" else OpenPage(_page(request))


def _typed(request: HttpRequest) -> HttpResponse:
    typed = clean(request.POST.get("code", ""))
    text = clean(request.POST.get("text", ""))
    elsewhere = sent_from_elsewhere(request)
    # Answers come along unseen: never those that another site wrote.
    given = {} if elsewhere else read_follow_up(request.POST)

    def again(status: int = 200, *problem: str, typed: str = typed) -> HttpResponse:
        page = _page(request, typed=typed, text=text, given=given, problem=problem)
        return HttpResponse(page, status=status)

    if elsewhere:
        # The words of the code may be somebody else's, who wants to read what is written next.
        return again(403, from_another_website(), typed="")
    if in_another_language(request.POST):
        return again()
    digits = typed_digits(typed[:MOST_TYPED])
    try:
        if len(digits) == BRIDGE_DIGITS:
            came = _come_over(request, digits, text)
            return came or again(
                422, _("These 8 digits open nothing. They work once, for 30 minutes.")
            )
        token, problem = _open(typed, digits)
        if token is None:
            return again(422, *problem)
        # Answers first: sent again they say nothing twice, as words would.
        if given:
            add_answers(token, given)
        if text and not text_problem(text):
            add_message(token, text, once=uuid4())
    except NotKept:
        away = _(
            "We can’t reach our records right now. Your words may be right. Try again in a minute."
        )
        return again(503, away)
    response = HttpResponseRedirect(reverse("talk"))
    response.status_code = 303
    open_session(response, token)
    return response


def _open(typed: str, digits: str) -> tuple[str | None, tuple[str, ...]]:
    """Open a conversation by words, or by a call's digits; None, and why. Raises NotKept."""
    if not digits:
        token = open_with_code(typed[:MOST_TYPED])
        return token, (_wrong(typed) if token is None else ())
    opened = open_by_digits(digits)
    return (None, (_wrong_digits(opened, digits),)) if isinstance(opened, No) else (opened, ())


def _come_over(request: HttpRequest, digits: str, text: str) -> HttpResponse | None:
    """Open a conversation that began by text; show it with the words to come back by from now on.

    None where the digits open nothing. Raises NotKept.
    """
    crossed = cross(digits)
    if crossed is None:
        return None
    token, code = crossed
    if text and not text_problem(text):
        add_message(token, text, once=uuid4())
    dialog = dialog_for(token)
    response = HttpResponse(
        talk_page(
            request,
            any_door(),
            tile=dialog.tile,
            answers=dialog.answers,
            received=dialog.received_at,
            danger=dialog.danger,
            over=dialog.over,
            code=code,
        )
    )
    open_session(response, token)
    return response


def _wrong_digits(no: No, digits: str) -> str:
    """Say why digits open nothing: what anybody can see of them, and else that there is nothing."""
    if len(digits) != SPOKEN_DIGITS:
        return _(
            "Digits you typed: %(count)d. A code from a call has 16, one that was texted has 8."
        ) % {"count": len(digits)}
    if no is No.MISTYPED:
        return _("One of these 16 digits isn’t right. Check them and try again.")
    if no is No.SHUT:
        return _(
            "Too many wrong codes were typed, by anybody. For ten minutes no code of digits opens. "
            "You can call us and talk to a person."
        )
    return _("These 16 digits open nothing here. Check them and try again.")


def _wrong(typed: str) -> tuple[str, ...]:
    """Say why nothing opens: how many words were typed, and which of them are in no list of ours.

    Both anybody can see who has the published lists. Seven words that are in them and open nothing
    get one answer, whatever is wrong with them.
    """
    count = len(typed.replace("-", " ").split())
    if count == CODE_WORDS:
        said = [_("These words open nothing here. Check each of the seven and try again.")]
    else:
        said = [
            _("Words you typed: %(count)d. It takes all seven. Check them and try again.")
            % {"count": count}
        ]
    for unknown in unknown_words(typed[:MOST_TYPED], most=CODE_WORDS):
        like = "”, “".join(unknown.like)
        words = {"word": unknown.typed[:LONGEST_SHOWN], "like": like}
        if len(unknown.like) > 1:
            said.append(
                _("“%(word)s” is not in our list. Did you mean one of these: “%(like)s”?") % words
            )
        elif like:
            said.append(_("“%(word)s” is not in our list. Did you mean “%(like)s”?") % words)
        else:
            said.append(_("“%(word)s” is not in our list.") % words)
    return tuple(said)


def _page(
    request: HttpRequest,
    *,
    typed: str = "",
    text: str = "",
    given: Mapping[str, str] = MappingProxyType({}),
    problem: tuple[str, ...] = (),
) -> str:
    context = page_context(
        request,
        any_door(),
        typed=typed,
        text=text,
        given=given,
        problem=problem,
        language_form="back-form",
        language_path=reverse("back"),
    )
    return rendered("doors/back.html", context)


class Unsent(NamedTuple):
    """What the last step carried, to be kept in the page when it did not arrive."""

    text: str = ""
    once: str = ""
    answers: Mapping[str, str] = MappingProxyType({})


NOTHING = Unsent()


def unsent_page(
    request: HttpRequest, unsent: Unsent, *, status: int, problem: str = "", code: str = ""
) -> HttpResponse:
    """Say that the last step did not arrive, with all of it still in the page to send again.

    Without a ``problem`` it is that the page has been closed meanwhile, and the code is asked for.
    """
    context = page_context(
        request,
        any_door(),
        unsent=unsent,
        problem=problem,
        code=code,
        language_form="unsent-form",
        language_path=reverse("talk_message" if problem else "back"),
    )
    return HttpResponse(rendered("doors/unsent.html", context), status=status)
