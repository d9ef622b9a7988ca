"""The safety plan: what it asks, in each language, and what is printed of it."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.helplines.models import Client
from upstander.helplines.plan import PARTS, texts
from upstander.helplines.tests.setup import NAME, PLAN, agency, client_of

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).with_name("plan.txt")


def test_plan_asks_what_it_asks() -> None:
    said = "\n".join(
        f"{key}/{language}: {texts()[key].texts[language]}"
        for key in ("cover", "title", "about", *PARTS, "call", "mine")
        for language in ("en", "es")
    )
    assert said + "\n" == GOLDEN.read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_printed_plan_lies_under_a_cover_that_tells_nothing(cast: Cast, language: str) -> None:
    here = agency(cast)
    one = client_of(here)
    sent = {"do": "print", "language": language, "home": PLAN, "phone": "555-0142"}
    answer = cast.client("wren").post(f"/clients/{one}/plan", sent)
    assert answer["Content-Type"] == "application/pdf"
    assert "plan" not in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    made = pypdfium2.PdfDocument(answer.content)
    cover, inside = (made[n].get_textpage().get_text_bounded() for n in (0, 1))
    assert made.get_metadata_dict()["Title"] == texts()["cover"].texts[language]
    if language != "ar":  # its letters come out joined, and its lines from the right
        assert cover.split() == texts()["cover"].texts[language].split()
        assert texts()["leaving"].texts[language] in inside
        assert PLAN in inside
    assert len(made) == 2
    assert "garden" in inside
    for word in (NAME, "Lantern", "Upstander"):
        assert word not in cover + inside
    assert Client.objects.get().plan is None, "printing keeps nothing"


def test_plan_is_kept_by_their_yes_alone(cast: Cast) -> None:
    here = agency(cast)
    one = client_of(here)
    wren, path = cast.client("wren"), f"/clients/{one}/plan"
    sent = {"do": "keep", "language": "es", "home": PLAN}
    refused = wren.post(path, sent)
    assert refused.status_code == 409
    assert PLAN in refused.content.decode(), "what was typed is still there"
    assert Client.objects.get().plan is None
    assert wren.post(path, {**sent, "agreed": "yes"}).status_code == 302
    shown = cast.client("joss").get(path).content.decode()
    assert PLAN in shown
    assert texts()["leaving"].texts["es"] in shown, "in their language"
