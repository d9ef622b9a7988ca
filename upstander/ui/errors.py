"""Error pages of both sites: what happened, what was kept, what to do now.

Each URLconf names its handlers (`handler404 = errors.public_404`). A page renders without the
database, without context processors and without the reader's session, so that it shows when those
are what broke. For 405, 413 and 503, call `public_page(request, 413)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upstander.ui.languages import home_path


@dataclass(frozen=True)
class Told:
    """The words of one error page."""

    title: str | Promise
    kept: str | Promise
    do: str | Promise


GO_BACK = _("Go back: your words should still be there. Then send them again.")

PUBLIC = {
    400: Told(
        _("We could not read what was sent."),
        _("Nothing from this last step was kept. What you sent before is safe."),
        GO_BACK,
    ),
    403: Told(
        _("This page can’t be opened from here."),
        _("Nothing from this last step was kept. What you sent before is safe."),
        _("Go to the start. If you have your words to come back, type them in there."),
    ),
    404: Told(
        _("This page is not here."),
        _("Nothing is lost. What you sent before is safe."),
        _("Check the address, or go to the start."),
    ),
    405: Told(
        _("This page only opens from a form."),
        _("Nothing is lost. What you sent before is safe."),
        _("Go to the start and try again from there."),
    ),
    413: Told(
        _("That was too big to send."),
        _("Nothing from this last step was kept. What you sent before is safe."),
        _("Go back and send fewer words or a smaller file. Your words matter more than the file."),
    ),
    500: Told(
        _("Something broke on our side. It is not your fault."),
        _("If you have seen your seven words, your message is safe. If not, it may not have come."),
        _("Go back and send it again. The same message is never kept twice."),
    ),
    503: Told(
        _("We can’t take messages right now."),
        _("Nothing was sent. Your words are still on the page before this one."),
        _(
            "Go back and try again in a few minutes. If it can’t wait, call 911. To talk, call or "
            "text 988."
        ),
    ),
}

DESK = {
    400: Told(
        _("The desk could not read what was sent."),
        _("Nothing was changed. Drafts saved before are kept."),
        _("Go back, reload the page, and try again."),
    ),
    403: Told(
        _("You may not do this."),
        _("Nothing was changed."),
        _(
            "If you were writing for a long time, go back, reload and send again. Otherwise it "
            "belongs to a role that you don’t have; an administrator can tell you who has it."
        ),
    ),
    404: Told(
        _("This page is not here, or it is not yours to see."),
        _("Nothing was changed."),
        _("Go to your home page. If someone sent you the link, ask them to hand it to you."),
    ),
    405: Told(
        _("This page only opens from a form."),
        _("Nothing was changed."),
        _("Go to your home page and start from there."),
    ),
    413: Told(
        _("That was too big."),
        _("Nothing of it was kept."),
        _("Go back and send fewer words or a smaller file."),
    ),
    500: Told(
        _("Something broke in the desk."),
        _("What was saved before is kept. The last step may not have been saved."),
        _(
            "Go back and look whether it is there; if not, do it again. "
            "A life in danger can’t wait for the desk: call 911 and your supervisor."
        ),
    ),
    503: Told(
        _("The desk can’t reach its data."),
        _("What was saved before is kept. The last step was not saved."),
        _(
            "Try again in a minute. A life in danger can’t wait for the desk: call 911 and your "
            "supervisor."
        ),
    ),
}


def _page(
    site: str,
    told: dict[int, Told],
    request: HttpRequest,
    status: int,
    words: Sequence[str] = (),
) -> HttpResponse:
    context = {
        "request": request,
        "status": status,
        "told": told[status],
        # What was typed, given back. Shown to who typed it alone: no-store.
        "words": words,
        # The way on stays in the reader's language.
        "home_url": home_path(),
    }
    return HttpResponse(
        get_template(f"ui/error_{site}.html").render(context),
        status=status,
        headers={"Cache-Control": "no-store"},
    )


def public_page(request: HttpRequest, status: int) -> HttpResponse:
    """Give the reporter's page for `status`. Raises `KeyError` for one that has no words here."""
    return _page("public", PUBLIC, request, status)


def desk_page(request: HttpRequest, status: int) -> HttpResponse:
    """Give the staff's page for `status`. Raises `KeyError` for one that has no words here."""
    return _page("desk", DESK, request, status)


def desk_away(request: HttpRequest, words: Sequence[str]) -> HttpResponse:
    """Say that the database went away in the middle of a press, and give back what was typed.

    Nobody knows whether the last step arrived: unlike the desk's 503, it promises neither.
    """
    unsure = Told(DESK[503].title, DESK[500].kept, DESK[500].do)
    return _page("desk", {503: unsure}, request, 503, words)


def desk_busy(request: HttpRequest) -> HttpResponse:
    """Say that too many sign in at this moment."""
    busy = Told(_("The desk is busy."), _("Nothing was changed."), _("Try again in a moment."))
    return _page("desk", {503: busy}, request, 503)


def desk_cut(request: HttpRequest, words: Sequence[str]) -> HttpResponse:
    """Say that what was sent did not come whole in its time, and give back what had come."""
    late = Told(
        _("The desk did not get all that you sent."),
        _("Nothing was changed."),
        _("Your connection is slow, or too many send at once. Go back and send it again."),
    )
    return _page("desk", {503: late}, request, 503, words)


def public_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a bad request on the reporter's site; one with too many words says so."""
    return public_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def public_403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a refusal on the reporter's site."""
    return public_page(request, 403)


def public_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle an unknown address on the reporter's site."""
    return public_page(request, 404)


def public_500(request: HttpRequest) -> HttpResponse:
    """Handle a fault on the reporter's site."""
    return public_page(request, 500)


def desk_400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle a bad request on the desk; one with too many words says so."""
    return desk_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def desk_403(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    """Handle a refusal on the desk; also good as `CSRF_FAILURE_VIEW` (which passes a `reason`)."""
    return desk_page(request, 403)


def desk_404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handle an unknown or foreign address on the desk."""
    return desk_page(request, 404)


def desk_500(request: HttpRequest) -> HttpResponse:
    """Handle a fault on the desk."""
    return desk_page(request, 500)
