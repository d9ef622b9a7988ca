"""A course as a file that opens without a network: one page that loads nothing from elsewhere."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation

from upstander.base.languages import language_of
from upstander.training.courses.approving import Text
from upstander.training.courses.loading import Card

#: A day that means nothing: the same course is the same file.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


def zipped(text: Text) -> bytes:
    """Return a ZIP with ``index.html`` alone: the course's parts, each card with its answer."""
    course, language = text.course, language_of(text.language)
    parts = course.parts[text.language]
    shown = {
        "text": text,
        "language": language,
        "parts": [
            (one, [shown_card(card, text) for card in course.cards_after(number)])
            for number, one in enumerate(parts, 1)
        ],
        "cards": [shown_card(card, text) for card in course.cards_after(0)],
    }
    with translation.override(text.language):
        page = render_to_string("training/course/offline.html", shown)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("index.html", _DAY), page)
    return content.getvalue()


def shown_card(card: Card, text: Text) -> dict[str, object]:
    """Return a card in a language, with its best answer in words."""
    said = card.texts[text.language]
    return {"said": said, "best": said.choices[card.right - 1]}
