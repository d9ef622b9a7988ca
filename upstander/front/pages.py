"""Answers that the gate gives by itself: errors, and "send it again in a moment"."""

from __future__ import annotations

import logging
import threading
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import override

from upstander.base.languages import language_of as spoken
from upstander.doors.web.responses import rendered
from upstander.doors.web.words import clean
from upstander.front.middleware import dressed, pad
from upstander.tips.speed import Shelf, slot
from upstander.ui.errors import public_page
from upstander.ui.languages import home_path

Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """What goes out."""

    status: int
    headers: Headers
    body: bytes


log = logging.getLogger("upstander.front")

#: What is said when even templates are broken, by language: no catalog is asked then.
LAST_WORDS = {
    "en": "If you have not seen your seven words, your message may not have come. Go back and send "
    "it again.",
    "es": "Si no has visto tus siete palabras, quizás no llegó. Vuelve y envíalo otra vez.",
    "ar": "إن لم تظهر لك كلماتك السبع فربما لم تصل رسالتك. ارجع وأرسلها مرة أخرى.",
}


def last_words() -> str:
    """Return the page that is given when no page can be made."""
    said = "\n".join(
        f'<p lang="{code}" dir="{"rtl" if spoken(code).right_to_left else "ltr"}">{words}'
        for code, words in LAST_WORDS.items()
    )
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>School page</title>
<h1>Something broke on our side</h1>
{said}
<p><a href="tel:911">911</a> · <a href="tel:988">988</a> · <a href="tel:211">211</a>"""


#: Where programs read the directory.
API = "/hsds"
_lock = threading.Lock()
_errors: dict[tuple[int, str], Answer] = {}
_refusals = Shelf()


def language_of(path: str) -> str:
    """Return the language that an address carries."""
    first = path.lstrip("/").partition("/")[0]
    known = {code for code, _ in settings.LANGUAGES}
    return first if first in known else settings.LANGUAGE_CODE


def is_api(path: str) -> bool:
    """Tell whether an address is one that programs ask, and read the answer of."""
    return path == API or path.startswith(f"{API}/")


def error_answer(status: int, path: str) -> Answer:
    """Return the error page for ``status`` in the language of ``path``, rendered once."""
    if is_api(path):
        words = f'{{"error": "{HTTPStatus(status).phrase}. Try again later, or ask for less."}}'
        told = HttpResponse(words, status=status, content_type="application/json")
        told["Access-Control-Allow-Origin"] = "*"
        return _finished(told)
    language = language_of(path)
    with _lock:
        if answer := _errors.get((status, language)):
            return answer
    request = HttpRequest()
    request.path = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    try:
        with override(language):
            response = public_page(request, status)
    except Exception:
        # Templates themselves are broken. Whoever needs help gets at least the numbers.
        log.exception("an error page could not be made")
        return _finished(HttpResponse(last_words(), status=status))
    answer = _finished(response)
    with _lock:
        _errors[status, language] = answer
    return answer


def busy_answer(path: str, content_type: str, body: bytes, *, cut: bool = False) -> Answer:
    """Return the page that says "too much at once", with all that was typed, to send again.

    ``cut``: perhaps not all of it had come, and the page says so. It costs no thread and no
    template, since it is given when there is too much to do.
    """
    try:
        if not content_type.startswith("application/x-www-form-urlencoded"):
            return error_answer(503, path)
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100
        )
    except ValueError:
        return error_answer(503, path)
    language = language_of(path)

    def render() -> str:
        with override(language):
            return rendered(
                "front/busy.html",
                {
                    "path": slot("path"),
                    "hidden": slot("hidden"),
                    "text": slot("text"),
                    "home_url": home_path(),
                    "cut": cut,
                    # It is not offered here; what leads away opens beside the words.
                    "language_form": "again",
                },
            )

    text = next((value for name, value in fields if name == "text"), "")
    hidden = "".join(
        f'<input type="hidden" name="{escape(clean(name))}" value="{escape(clean(value))}">'
        for name, value in fields
        if name != "text"
    )
    page = _refusals.page(f"{language} cut" if cut else language, render).filled(
        {"path": escape(path), "hidden": hidden, "text": escape(clean(text))}
    )
    return _finished(HttpResponse(page, status=503, headers={"Retry-After": "10"}))


def _finished(response: HttpResponse) -> Answer:
    dressed(response)
    pad(response)
    response["X-Robots-Tag"] = "noindex"
    headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    return Answer(response.status_code, headers, response.content)
