"""Every style and script that a page names is there, and the reporter's site gives out its own."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from upstander.front import static

ROOT = Path(__file__).resolve().parents[2]
NAMED = {
    (str(path.relative_to(ROOT)), name)
    for path in (ROOT / "upstander").rglob("*.html")
    for name in re.findall(r"{%\s*static\s+['\"]([^'\"]+)['\"]", path.read_text("utf-8"))
}


def test_each_is_found() -> None:
    assert len(NAMED) > 20
    assert not {one for one in NAMED if finders.find(one[1]) is None}


def test_what_a_reporters_page_names_is_given_out() -> None:
    public = {one for one in NAMED if one[0].startswith(("upstander/doors/", "upstander/front/"))}
    assert public
    assert not {one for one in public if not one[1].startswith(static._FOLDERS)}


def test_each_folder_that_is_given_out_is_there() -> None:
    for folder in static._FOLDERS:
        assert list(ROOT.glob(f"upstander/*/static/{folder}*")), folder
