"""The reporter's side in every language: no page and no state shows a word of the English source.

The pages are walked through as a reporter meets them. Each of their texts is then held against the
catalogs; on Arabic pages also every Latin word, so that words outside the catalogs show too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import polib
import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import translation

from conftest import Cast
from upstander.base.languages import ENGLISH, KNOWN, LANGUAGES
from upstander.decisions.actions import close_tip
from upstander.decisions.dispositions import DISPOSITIONS
from upstander.decisions.for_reporter import words_for_reporter
from upstander.directory.actions.loading import load_services
from upstander.doors.tests.site import Site, code_in, hidden_in, site
from upstander.doors.web import report
from upstander.front import pages, services
from upstander.intake.taxonomy import QUESTIONS, TILES
from upstander.rulefiles.translations import texts_of
from upstander.states import law
from upstander.tips import coming_back
from upstander.tips.actions.writing import add_reply
from upstander.tips.files import RefusalReason
from upstander.tips.models import Talk, Tip
from upstander.tips.opening import open_tip, words_shown
from upstander.tips.refused_files import words_for
from upstander.tips.reporter import MAX_TEXT, NotKept
from upstander.triage.actions.handoff import hand_off, send_back
from upstander.triage.actions.work import claim_tip
from upstander.ui import errors
from upstander.ui.times import ago

__all__ = ["site"]

OTHERS = tuple(code for code in LANGUAGES if code != ENGLISH.code)
#: What the reporter and the staff write here, in the language of the page.
TYPED = {"es": "Un chico de mi grado escribió eso.", "ar": "كتب ذلك ولد من صفي."}
#: Names stay as they are.
NAMES = {"Upstander", "Maple", "Valley", "Pine", "Hills", "Harbor", "Cedar", "Middle", "School"}
#: English words that are no Spanish ones and are in no name on these pages.
ENGLISH_WORDS = re.compile(r"\b(the|you|your|we|are|this|that|not|what|is|it|to)\b", re.IGNORECASE)
LEFT_OUT = "script, style, bdi, datalist, textarea, .brand, [translate=no], .languages [lang]"
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-said", "data-new")


@cache
def catalog(language: str) -> dict[str, str]:
    """Every English text of catalog and tables, and its translation."""
    found: dict[str, str] = {}
    for entry in polib.pofile(str(KNOWN[language].folder / "LC_MESSAGES/django.po")):
        found[entry.msgid] = entry.msgstr or " ".join(entry.msgstr_plural.values())
    return found | {row.en: row.text for row in texts_of(language).values()}


def seen(html: str) -> list[str]:
    """What a reader sees or hears of a page: its texts and spoken attributes.

    Left out is what stands in its own language on purpose: names, the code, what was typed.
    """
    page = BeautifulSoup(html, "html.parser")
    for element in page.select(LEFT_OUT):
        element.decompose()
    found = [str(text) for text in page.find_all(string=True) if type(text) is NavigableString]
    for element in page.find_all(True):
        assert isinstance(element, Tag)
        found += [str(element[name]) for name in SPOKEN if element.get(name)]
    return [" ".join(text.split()) for text in found if text.strip()]


def pieces(msgid: str) -> list[str]:
    """The parts of an English text as they stand on a page: between tags and filled-in values."""
    parts = re.split(r"<[^>]+>|%\(\w+\)[sd]", msgid)
    return [" ".join(p.split()) for p in parts if len(re.findall(r"[A-Za-z]{2,}", p)) > 1]


@cache
def english_of(language: str) -> tuple[set[str], set[str]]:
    """The English texts that have a translation of their own, and the pieces of them."""
    whole = {msgid for msgid, msgstr in catalog(language).items() if msgid != msgstr}
    return whole, {part for msgid in whole for part in pieces(msgid)}


def english_in(html: str, language: str) -> list[str]:
    """The English that a page shows."""
    whole, parts = english_of(language)
    found = []
    for text in seen(html):
        if (
            text in whole
            or any(part in text for part in parts)
            or (language == "es" and ENGLISH_WORDS.search(text))
        ):
            found.append(text)
        elif language == "ar" and (latin := latin_in(text) - latin_of_arabic()):
            found.append(f"{text} {latin}")
    return found


def latin_in(text: str) -> set[str]:
    """The words in Latin letters."""
    return set(re.findall(r"[A-Za-z]{2,}", text))


@cache
def latin_of_arabic() -> set[str]:
    """The Latin words that our Arabic texts themselves hold, such as "PDF", and names."""
    texts = list(catalog("ar").values())
    texts += [text for question in QUESTIONS for text in (question.text("ar"), question.hint("ar"))]
    texts += [tile.text("ar") for tile in TILES]
    services_known = json.loads(law("us-ct").services.read_text(encoding="utf-8"))
    texts += [text for service in services_known for text in service["texts"]["ar"].values()]
    texts += [line["value"] for service in services_known for line in service["lines"]]
    texts += [line.get("then", "") for service in services_known for line in service["lines"]]
    return NAMES.union(*(latin_in(re.sub(r"%\(\w+\)[sd]", "", text)) for text in texts))


class Walk:
    """A reporter who meets every page and every state in one language."""

    def __init__(self, site: Site, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site, self.language, self.monkeypatch = site, language, monkeypatch
        self.words = TYPED[language]

    def get(self, path: str) -> HttpResponse:
        """Open a page in the language."""
        return self.site.get(f"/{self.language}{path}")

    def post(self, path: str, **fields: str) -> HttpResponse:
        """Send a form in the language."""
        return self.site.post(f"/{self.language}{path}", fields)

    def send(self, **answers: str) -> HttpResponse:
        """Send a new tip of Maple Valley."""
        path = f"/{self.language}/report?d=maple-valley"
        return self.site.send(path, text=self.words, **answers)

    def before(self) -> Iterator[tuple[str, HttpResponse]]:
        """What there is before a tip is sent."""
        load_services()
        yield "home", self.get("/")
        safety = self.get("/d/maple-valley")
        yield "safety", safety
        for path in sorted(set(re.findall(r'href="([^"]*/help/[^"]*)"', safety.content.decode()))):
            yield f"help {path}", self.site.get(path)
        yield "form", self.get("/report")
        yield "form of a school", self.get("/r/cedar")
        yield "form without words", self.post("/report", text="", place="x")
        yield "form with too many words", self.post("/report", text="x" * (MAX_TEXT + 1))
        yield "form with a long answer", self.post("/report", text="x", subject="y" * 30_000)
        yield "form, language changed", self.post("/report", text=self.words, language="es")
        yield "back", self.get("/back")
        yield "back, language changed", self.post("/back", code=self.words, language="es")
        yield "word of no list", self.post("/back", code=self.words)
        yield "wrong code", self.post("/back", code="uno dos", text=self.words)
        yield "nowhere", self.get("/nowhere")
        yield "form, database away", self._while_away(self.send)
        yield "back, database away", self._while_away(lambda: self.post("/back", code="uno"))

    def conversation(self) -> Iterator[tuple[str, HttpResponse]]:
        """The thank-you page and all that can be done in the conversation."""
        yield "thanks", self.send()
        for tile in TILES:
            yield f"thanks, {tile.key}", self.send(tile=tile.key, when="now")
        thanks = self.send(tile="suicide", when="past")
        yield "thanks, questions", thanks
        fields = hidden_in(thanks.content.decode())
        yield "message", self.post("/talk/message", **fields, text=self.words)
        yield "no message", self.post("/talk/message", **fields, text="")
        yield (
            "message, language changed",
            self.post("/talk/message", **fields, text=self.words, language="es"),
        )
        yield "answers", self.post("/talk/answers", **fields, means="no")
        yield "no file", self.post("/talk/file", **fields)
        for said in ("message", "answers", "file"):
            yield f"said {said}", self.get(f"/talk?said={said}")
        yield (
            "message, away",
            self._while_away(lambda: self.post("/talk/message", **fields, text=self.words)),
        )
        yield (
            "answers, away",
            self._while_away(lambda: self.post("/talk/answers", **fields, means="yes")),
        )
        yield "frame", self.get("/talk/live")
        yield "frame, still", self.get("/talk/live?still=1")
        yield "frame, stopped", self.get("/talk/live?since=1")
        yield "frame, away", self._while_away(lambda: self.get("/talk/live"))
        yield from self._hiding()
        code = code_in(thanks)
        yield "ended", self.post("/talk/end")
        self.post("/back", code=code)
        yield "frame, ended", self.get("/talk/live")
        Talk.objects.all().delete()
        yield "closed page", self.post("/talk/message", text=self.words, once="1")
        yield "closed page, nothing written", self.post("/talk/answers", means="yes")
        yield "closed frame", self.get("/talk/live")

    def _hiding(self) -> Iterator[tuple[str, HttpResponse]]:
        link = re.search(r'href="(/\w+/talk/hide\?[^"]+)"', self.get("/talk/live").content.decode())
        assert link is not None
        asked = self.site.get(link[1])
        yield "hide?", asked
        self.post("/talk/hide", **hidden_in(asked.content.decode()))
        yield "frame, hidden", self.get("/talk/live")

    def states(self, cast: Cast) -> Iterator[tuple[str, HttpResponse]]:
        """The conversation in each state of a tip."""
        self.send()
        tip = Tip.objects.latest("received_at").pk
        alice, tom = cast.viewer("alice"), cast.viewer("tom")
        yield "new", self.get("/talk/live")
        claim_tip(alice, tip)
        yield "claimed", self.get("/talk/live")
        words_shown(opened := open_tip(alice, tip))
        add_reply(opened, self.words)
        yield "read and answered", self.get("/talk/live")
        hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], self.words)
        yield "handed off", self.get("/talk/live")
        send_back(open_tip(tom, tip), self.words)
        yield "sent back", self.get("/talk/live")
        hand_off(open_tip(alice, tip), [cast.teams["cedar"].pk], self.words)
        close_tip(open_tip(tom, tip), "support_given", self.words)
        yield "closed", self.get("/talk/live")

    def _while_away(self, step: Callable[[], HttpResponse]) -> HttpResponse:
        def away(*_: object) -> None:
            raise NotKept

        with self.monkeypatch.context() as patched:
            patched.setattr(coming_back, "call", away)
            patched.setattr(report, "file_tip", away)
            return step()


def shows_no_english(name: str, response: HttpResponse, language: str) -> None:
    html = response.content.decode()
    assert f'<html lang="{language}"' in html, name
    assert english_in(html, language) == [], name


def test_somebody_types_in_each_language() -> None:
    assert set(TYPED) == set(OTHERS)
    assert set(pages.LAST_WORDS) == set(LANGUAGES), "what is said when even templates are broken"
    assert all(f'lang="{code}"' in pages.last_words() for code in LANGUAGES)


@pytest.fixture(params=OTHERS)
def walk(request: pytest.FixtureRequest, site: Site, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """One walk in each language."""
    services._kept.clear()
    return Walk(site, request.param, monkeypatch)


def test_no_english_before_a_tip_is_sent(walk: Walk) -> None:
    for name, response in walk.before():
        shows_no_english(name, response, walk.language)


def test_no_english_in_the_conversation(walk: Walk) -> None:
    for name, response in walk.conversation():
        shows_no_english(name, response, walk.language)


def test_no_english_in_any_state(walk: Walk, cast: Cast) -> None:
    told = set()
    for name, response in walk.states(cast):
        shows_no_english(name, response, walk.language)
        told.add(BeautifulSoup(response.content, "html.parser").select(".told")[0].get_text())
    assert len(told) == 6


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_on_error_pages(language: str) -> None:
    for status in errors.PUBLIC:
        request = HttpRequest()
        request.path = f"/{language}/"
        with translation.override(language):
            shows_no_english(str(status), errors.public_page(request, status), language)
    form = "application/x-www-form-urlencoded"
    busy = pages.busy_answer(f"/{language}/report", form, b"text=hola&when=now")
    shows_no_english("busy", HttpResponse(busy.body), language)


@pytest.mark.parametrize("language", OTHERS)
def test_the_way_on_from_an_error_stays_in_the_language(language: str) -> None:
    answer = pages.error_answer(404, f"/{language}/nowhere")
    assert f'href="/{language}/"' in answer.body.decode()


@pytest.mark.parametrize("language", OTHERS)
def test_every_closing_and_every_refusal_of_a_file_is_translated(language: str) -> None:
    english = [words_for_reporter(d.key) for d in DISPOSITIONS]
    english += [words_for(reason) for reason in RefusalReason]
    with translation.override(language):
        told = [words_for_reporter(d.key) for d in DISPOSITIONS]
        told += [words_for(reason) for reason in RefusalReason]
    assert not set(english) & set(told)


def test_the_check_of_a_page_finds_english() -> None:
    assert english_in("<p>Your words were kept.</p>", "es")
    assert english_in("<p aria-label='Language'>x</p>", "es")
    assert english_in("<p>Some other words for you</p>", "es")
    assert english_in("<p>كلمات more</p>", "ar")
    assert not english_in("<p>Tus palabras se guardaron.</p><bdi>The Village</bdi>", "es")
    assert not english_in("<p>حُفظت كلماتك. PDF</p>", "ar")


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        ("es", 1, "hace 1\xa0minuto"),
        ("es", 5, "hace 5\xa0minutos"),
        ("ar", 1, "منذ دقيقة"),
        ("ar", 2, "منذ دقيقتين"),
        ("ar", 3, "منذ 3\xa0دقائق"),
        ("ar", 11, "منذ 11\xa0دقيقة"),
        ("ar", 130, "منذ ساعتين"),
        ("ar", 3 * 24 * 60, "منذ 3\xa0أيام"),
    ],
)
def test_how_long_ago_in_the_plural_of_the_language(
    language: str, minutes: int, words: str
) -> None:
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    with translation.override(language):
        assert ago(now - timedelta(minutes=minutes), now) == words


def test_phone_numbers_keep_their_order_on_a_page_from_right_to_left(site: Site) -> None:
    load_services()
    services._kept.clear()
    front = BeautifulSoup(site.get("/ar/d/maple-valley").content, "html.parser")
    paths = {str(link["href"]) for link in front.select("a[href*='/help/']")}
    pages = [front, *(BeautifulSoup(site.get(path).content, "html.parser") for path in paths)]
    numbers = "a[href^='tel:'] bdi, a[href^='sms:'] bdi"
    labels = [bdi.get_text() for page in pages for bdi in page.select(numbers)]
    grouped = [label for label in labels if re.search("\\d[-\u2011]\\d", label)]
    assert len(grouped) > 10
    assert [one for one in grouped if not re.search("\u2066[\\d\u2011-]+\u2069", one)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_staff_read_english_whatever_their_browser_asks(cast: Cast, language: str) -> None:
    client: Client = cast.client("alice")
    page = client.get("/queue", headers={"accept-language": language}).content.decode()
    assert '<html lang="en" dir="ltr"' in page
