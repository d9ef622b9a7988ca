"""A form's press becomes a call of one action, and what comes of it an answer.

A page on which things are done is one ``Page``: who may, how it opens, where it goes on, and how it
is shown again after a refusal. ``docs/pages-and-refusals.md`` says how a new app writes one.
"""

from __future__ import annotations

import functools
import inspect
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from typing import Any, Final, Protocol, overload

from django import forms
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.ui.errors import desk_away

log = logging.getLogger(__name__)

#: Longer than a choice or a number: words that somebody would have to think of again.
_WORDS: Final = 24

type View = Callable[..., HttpResponseBase]


class Said(str):
    """What was done, in words: they are said on the page, which comes again."""

    __slots__ = ()


#: An answer of its own, words, or where to go on: "" and "#notes" on the page, "/queue" elsewhere.
type Done = HttpResponseBase | str
#: What is done on a page: gets the request and what the page opened, then the address's own ids.
type Act = Callable[..., Done]


@dataclass(frozen=True, slots=True)
class Again:
    """A press that was refused: what the page needs to be shown again as it was left."""

    #: The act's name: which of a page's forms it was.
    act: str
    #: The id by which the page was opened.
    key: Any
    #: All that was typed, as it came.
    typed: QueryDict
    refused: Refused
    #: Forms with their own words about what is wrong, by the name that the page has for them.
    forms: Mapping[str, forms.BaseForm] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Return the answer's HTTP status."""
        return self.refused.status


class Ask(Exception):
    """A question that comes before what was pressed is done, answered on a page of its own.

    The page (``asked``) carries along everything that was sent, so that nothing typed is lost. No
    refusal, so that no form says it in between.
    """

    def __init__(self, form: forms.BaseForm, words: str = "") -> None:
        """Ask by a bound form, whose fields are sent again beside all that was sent."""
        super().__init__(words)
        self.form = form
        #: What the page's head says (``asked_as``).
        self.title = ""


@contextmanager
def asked_as(title: str) -> Iterator[None]:
    """Have the head of a question that comes up inside say what wasn't done for it."""
    try:
        yield
    except Ask as ask:
        ask.title = title
        raise


def asked(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Show a question, with what was typed to be changed and the rest of it hidden; 422."""
    sent = [
        (name, str(one), is_words(name, str(one)))
        for name, values in request.POST.lists()
        for one in values
        if name not in ask.form.fields and name != "csrfmiddlewaretoken"
    ]
    shown = {"form": ask.form, "said": str(ask), "sent": sent, "files": list(request.FILES)}
    shown["title"] = ask.title
    return render(request, "ui/asked.html", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def asking(view: View) -> View:
    """Have a question that a view raises (Ask) shown, where the view is no page's act."""

    @functools.wraps(view)
    def shown(request: HttpRequest, /, *args: Any, **ids: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **ids)
        except Ask as ask:
            return asked(request, ask)

    return shown


class Misfilled(Refused):
    """A form is not filled in as it should be, and says so itself: no other words are needed."""

    def __init__(self, **filled: forms.BaseForm) -> None:
        """Name each form as the page does."""
        super().__init__("")
        self.forms = filled


def filled[F: forms.BaseForm](name: str, form: F) -> F:
    """Return a bound form that is filled in well. Raises Misfilled, and the page shows it again."""
    if not form.is_valid():
        raise Misfilled(**{name: form})
    return form


@contextmanager
def refused_as(name: str, form: forms.BaseForm) -> Iterator[None]:
    """Have a refusal of what is done inside said by one of a page's forms. Raises Misfilled."""
    try:
        yield
    except Refused as refused:
        _say_on(form, refused, None)
        raise Misfilled(**{name: form}) from refused


def _say_on(form: forms.BaseForm, refused: Refused, at: str | None) -> None:
    for name, words in refused.problems or ((at or "", str(refused)),):
        form.add_error(name if name in form.fields else None, words)


def _as_it_is(view: View) -> View:
    return view


class Shows(Protocol):
    """Shows a page again after a refusal, with what was typed in its place."""

    def __call__(self, request: HttpRequest, opened: Any, again: Again, /) -> HttpResponseBase:
        """Answer with ``again.status``; ``opened`` is what the page's ``opens`` gave."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page on which things are done, each by a POST that ends there or says where."""

    #: Who may: ``requires(Permission.X)``. Outermost but for the method, so that a test finds it.
    guard: Callable[[View], View]
    #: The address's id that the page opens by: "tip_id". An act gets it too if it asks for it.
    key: str
    #: Opens the page for the act of this name, or answers by itself (a folder that is shut).
    #: It raises Http404 where there is nothing for this person.
    opens: Callable[[HttpRequest, Any, str], Any]
    #: The page's address, of the id.
    home: Callable[[Any], str]
    #: Shows the page again. Without it a refusal is a message on the page that follows: then what
    #: was typed must be kept by the act (a draft), or be no more than a choice.
    again: Shows | None = None
    #: What a GET of an act's address does first (after signing in again, say); then it leads home.
    looks: Callable[[HttpRequest, Any], object] | None = None
    #: Shows the page itself, where a GET of this address is the page.
    reads: Callable[[HttpRequest, Any], HttpResponseBase] | None = None
    #: Looks at what was sent before it is done: (request, opened, key, act). It may raise Ask; what
    #: it returns, if anything, is the press's answer, and nothing more is done.
    first: Callable[[HttpRequest, Any, Any, str], Done | None] | None = None
    #: An act's address answers a POST alone: anything else is 405.
    only_post: bool = False

    @overload
    def act(self, do: Act) -> View: ...
    @overload
    def act(self, *, needs: Callable[[View], View]) -> Callable[[Act], View]: ...
    def act(
        self, do: Act | None = None, *, needs: Callable[[View], View] | None = None
    ) -> View | Callable[[Act], View]:
        """Make a view of what is done on the page.

        ``needs``: this act's own guard beside the page's: ``requires(CaseRight.CLOSE_CASES)``.

        A refusal is said in its own words. What may not be known of is 404 and what is not granted
        403, as everywhere (they are raised). A database that goes away in the middle is said so,
        with what was typed, and is never taken for a success.
        """
        if do is None:
            return lambda done: self._view(done, needs)
        return self._view(do, needs)

    def _view(self, do: Act, needs: Callable[[View], View] | None) -> View:
        named = self.key in inspect.signature(do).parameters

        @require_http_methods(["POST"] if self.only_post else ["GET", "POST"])
        @(needs or _as_it_is)
        @self.guard
        @functools.wraps(do)
        def view(request: HttpRequest, /, **ids: Any) -> HttpResponseBase:
            key = ids[self.key]
            if request.method != "POST" and self.reads is None:
                if self.looks is not None:
                    self.looks(request, key)
                return redirect(self.home(key))
            rest = ids if named else {name: one for name, one in ids.items() if name != self.key}
            with database_stays(request) as held:
                opened = self.opens(request, key, do.__name__)
                if isinstance(opened, HttpResponseBase):
                    return opened
                if self.reads is not None and request.method != "POST":
                    return self.reads(request, opened)
                return self._press(request, opened, functools.partial(do, **rest), key)
            return held.answer

        return view

    def _press(
        self, request: HttpRequest, opened: Any, do: functools.partial[Done], key: Any
    ) -> HttpResponseBase:
        try:
            looked = self.first and self.first(request, opened, key, do.func.__name__)
            done = do(request, opened) if looked is None else looked
        except Ask as ask:
            return asked(request, ask)
        except Refused as refused:
            tell(request, refused)
            if self.again is None:
                return redirect(self.home(key))
            forms_left = getattr(refused, "forms", {})
            again = Again(do.func.__name__, key, request.POST, refused, forms_left)
            return _whole(self.again, request, opened, again)
        if isinstance(done, Said):
            messages.success(request, done)
            return redirect(self.home(key))
        if isinstance(done, str):
            return redirect(done if done.startswith("/") else f"{self.home(key)}{done}")
        return done


def _whole(show: Shows, request: HttpRequest, opened: Any, again: Again) -> HttpResponseBase:
    """Show a page again. Words for which it has no form any more are said above it.

    That is so where somebody else was faster: what was to be closed is closed, and its form is
    gone. The page is made twice then, which is rare.
    """
    answer = show(request, opened, again)
    if not isinstance(answer, HttpResponse):
        return answer
    shown = _even(unescape(answer.content.decode()))
    lost = [one for one in typed_words(request.POST) if _even(one) not in shown]
    if not lost:
        return answer
    for one in lost:
        messages.info(
            request, gettext("What you wrote, so that it isn’t lost: “%(one)s”") % {"one": one}
        )
    answer = show(request, opened, again)
    # Said now or not at all: left over, sealed words would go into the session's store in clear.
    list(messages.get_messages(request))
    return answer


def typed_words(posted: QueryDict) -> list[str]:
    """Return what was typed that somebody would have to think of again, and no choice or number."""
    return [
        str(one)
        for name, values in posted.lists()
        for one in values
        if name != "csrfmiddlewaretoken" and len(str(one)) > _WORDS
    ]


#: Fields that take somebody's own words, however short.
_FOR_WORDS: Final = frozenset({"words", "name", "text", "reason", "why"})
#: A choice, a number, an id, a time.
_KEY: Final = re.compile(r"[a-z0-9_.:T+-]*")


def is_words(name: str, value: str) -> bool:
    """Tell whether what was sent in a field is somebody's own words, and no choice or number."""
    return bool(value.strip()) and (name in _FOR_WORDS or not _KEY.fullmatch(value))


def own_words(request: HttpRequest) -> str:
    """Return all that was typed in somebody's own words, a line for each field."""
    return "\n".join(
        str(one)
        for name, values in request.POST.lists()
        for one in values
        if name != "csrfmiddlewaretoken" and is_words(name, str(one))
    )


def number(request: HttpRequest, name: str) -> int | None:
    """Return a person's or team's number that a form sent, or None."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 16 else None


def _even(text: str) -> str:
    """Return a text without the differences that a page makes to spaces and line ends."""
    return " ".join(text.split())


def tell(request: HttpRequest, refused: Refused, level: int = messages.ERROR) -> None:
    """Say a refusal's words above the page, unless its form says them."""
    if said := str(refused):
        messages.add_message(request, level, said)


class refusal_on:  # noqa: N801 - read as a statement: "with refusal_on(form):"
    """Have a refusal of what is done inside said beside a form's field or above it: it keeps all.

    ``at``: the field, where the refusal names none of its own. A block that ends by ``return`` is
    left by it unless something was refused: what stands after the block shows the form again.
    """

    def __init__(self, form: forms.BaseForm, at: str | None = None) -> None:
        self._form, self._at = form, at

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Swallow a refusal, and nothing else."""
        if isinstance(error, Refused):
            _say_on(self._form, error, self._at)
        return isinstance(error, Refused)


class refusal_told:  # noqa: N801 - as above
    """Have a refusal of what is done inside said above the page: for a press without words.

    ``level``: one of Django's message levels, where somebody else was only faster.
    """

    def __init__(self, request: HttpRequest, level: int = messages.ERROR) -> None:
        self._request, self._level = request, level

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Swallow a refusal, and nothing else."""
        if isinstance(error, Refused):
            tell(self._request, error, self._level)
        return isinstance(error, Refused)


class database_stays:  # noqa: N801 - as above
    """Answer in words, with what was typed, where the database goes away inside.

    Only a connection that is lost or refused: what the database says about a row is a fault of ours
    and stays one. Whether the last commit arrived can't be known then, and ``answer`` says that.
    """

    answer: HttpResponse

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __enter__(self) -> database_stays:
        """Begin."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Swallow the loss of the database, and nothing else."""
        if not isinstance(error, OperationalError | InterfaceError):
            return False
        log.error(
            "the database went away in the middle of a press: %s",
            self._request.path,
            exc_info=error,
            extra={"request": self._request},
        )
        self.answer = desk_away(self._request, typed_words(self._request.POST))
        return True
