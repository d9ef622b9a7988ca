"""What bars somebody's way on a page, as axe finds it, and what sticks out of its window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SCRIPT = Axe().axe_script
# What stands in a frame is looked at as a page of its own. axe is not in the frame: it would wait
# half a second for an answer that never comes.
_ALL = {"resultTypes": ["violations"], "iframes": False, "preload": False}
_COLOURS = _ALL | {"runOnly": ["color-contrast"]}


def barriers(page: Page, *, colours: bool = False) -> list[str]:
    """Return what axe finds wrong, each with where.

    ``colours`` looks at the contrast alone: for a page that was looked at in its other colours,
    which change nothing else.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_SCRIPT)
    found = page.evaluate(
        "options => axe.run(options).then(said => said.violations)", _COLOURS if colours else _ALL
    )
    return [f"{f['id']}: {[n['html'][:150] for n in f['nodes']]}" for f in found]


def sideways(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
