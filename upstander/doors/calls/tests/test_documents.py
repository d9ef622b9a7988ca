"""Each document that leads a call: nothing records, and the first words are short."""

from __future__ import annotations

import re
from html import unescape

import pytest

from upstander.doors.calls import documents, words
from upstander.doors.calls.tests.lines import LINE, OWN_PHONE, CallDoor


def test_no_document_records_streams_or_transcribes() -> None:
    at, both = "https://x.example.org/on", ("", "en", "es")
    made = [documents.menu(at, "Lakeside"), documents.press_one(at, words.EAR)]
    made += [documents.nothing(), documents.connect()]
    for language in both:
        made += [
            documents.wait(at, language, (words.WAIT, words.KEPT, *words.QUESTIONS)),
            documents.ask_code(at, language, (words.TYPE_CODE,)),
            documents.caller_in(at, "room", language),
            documents.room(at, "room", counselor=True),
            documents.fallback(at, at, LINE, OWN_PHONE, language),
            documents.code(at, language, ("1 2 3 4",) * 4),
            documents.goodbye(language, words.BYE),
            documents.hello(at, language),
        ]
    allowed = {"Response", "Say", "Gather", "Dial", "Conference", "Number", "Hangup"}
    for document in made:
        text = document.decode()
        assert set(re.findall(r"<([A-Z]\w*)", text)) <= allowed
        # The one word that is allowed says that it is not done.
        assert not re.search(
            "transcri|stream|record",
            text.replace('record="do-not-record"', "")
            .replace("recorded", "")
            .replace("Nobody records", ""),
            re.IGNORECASE,
        )


@pytest.mark.django_db
def test_the_first_words_are_short_in_each_language(door: CallDoor) -> None:
    _sid, heard = door.ring()
    for said in re.findall(r"<Say[^>]*>(.*?)</Say>", heard.document):
        assert len(unescape(said)) <= 15 * 12, said
