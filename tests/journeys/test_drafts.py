"""Each draft in the demo: a reader finds it marked, and no English line in what it translates."""

from __future__ import annotations

import re

import pytest

from tests.architecture.test_translations import english_in
from tests.phone import Answer, Phone
from tests.servers import System
from upstander.base.languages import KNOWN, Language

pytestmark = [pytest.mark.servers, pytest.mark.slow]

DRAFTS = [one for one in KNOWN.values() if one.draft]
#: What a service says of itself stands in English where nobody has written it in another language,
#: and says so.
OWN_ENGLISH = re.compile(r'<span lang="en" dir="ltr">.*?</span>', re.DOTALL)


def reads(page: Answer, draft: Language, *, marked: bool = True) -> None:
    """See that a page is in the draft's language alone."""
    html = OWN_ENGLISH.sub("", page.text)
    assert f'<html lang="{draft.code}"' in html
    assert english_in(html, draft.code) == []
    assert ('class="draft"' in html) is marked


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda one: one.code)
def test_a_draft_is_marked_and_holds_no_english(system: System, draft: Language) -> None:
    phone = Phone(system.public_port)
    assert f'hreflang="{draft.code}"' in phone.get("/").text.partition("<details>")[2]
    for path in (
        "/",
        "/d/maple-valley",
        "/report",
        "/r/cedar-middle",
        "/back",
        "/find",
        "/app",
        "/d/maple-valley/come",
    ):
        page = phone.get(f"/{draft.code}{path}")
        assert page.status == 200, path
        reads(page, draft)
    reads(phone.get(f"/{draft.code}/nowhere"), draft)
    own = f"/{draft.code}/report?d=maple-valley"
    page = phone.get(own)
    sent = phone.post(
        f"/{draft.code}/report", {"token": page.field("token"), "text": draft.own, "when": "past"}
    )
    assert sent.code
    reads(sent, draft)
    reads(phone.get(f"/{draft.code}/talk/live"), draft, marked=False)
