"""What bars somebody's way on a page, as axe finds it, what is cut off, and what sticks out."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

_SCRIPT = Axe().axe_script
# What stands in a frame is looked at as a page of its own. axe is not in the frame: it would wait
# half a second for an answer that never comes.
_ALL = {"resultTypes": ["violations"], "iframes": False, "preload": False}
_COLOURS = _ALL | {"runOnly": ["color-contrast"]}

#: What of a page's words reaches out of the window or of a box that cuts it off or has to be
#: scrolled, and which two lie on each other. Some pixels of a line are air above and below letters.
_CUT = """within => {
  scrollTo(0, 0);
  const wrong = [], seen = [], wide = document.documentElement.clientWidth;
  const part = document.querySelector(within);
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const of = node.parentElement, words = node.data.trim().slice(0, 50);
    if (!words || of.closest(".hide, .skip, option, script, textarea") || !of.checkVisibility())
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const one of range.getClientRects()) {
      if (one.width < 2 || one.height < 2) continue;
      if (one.left < -1 || one.right > wide + 1) wrong.push("out of the window: " + words);
      for (let box = of; box && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box);
        if (style.display === "inline" || style.overflow === "visible") continue;
        const at = box.getBoundingClientRect(), air = one.height * 0.2;
        if (one.left < at.left - 1 || one.right > at.right + 1
            || one.top < at.top - air || one.bottom > at.bottom + air)
          wrong.push("cut off: " + words);
      }
      for (const [other, there] of seen) {
        const tall = Math.min(one.bottom, there.bottom) - Math.max(one.top, there.top);
        const broad = Math.min(one.right, there.right) - Math.max(one.left, there.left);
        if (other !== node && broad > 2 && tall > Math.min(one.height, there.height) * 0.4)
          wrong.push(`on each other: ${other.data.trim().slice(0, 50)} / ${words}`);
      }
      seen.push([node, one]);
    }
  }
  for (const box of part.querySelectorAll("input, select, button, .button"))
    if (box.checkVisibility() && !box.matches(".hide") && box.scrollWidth > box.clientWidth + 1)
      wrong.push("wider than its box: " + box.outerHTML.slice(0, 80));
  return wrong;
}"""


def barriers(page: Page, *, colours: bool = False) -> list[str]:
    """Return what axe finds wrong, each with where.

    ``colours`` looks at the contrast alone: for a page that was looked at in its other colours,
    which change nothing else.
    """
    page.wait_for_load_state()  # after a press half a page may be there
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_SCRIPT)
    found = page.evaluate(
        "options => axe.run(options).then(said => said.violations)", _COLOURS if colours else _ALL
    )
    return [f"{f['id']}: {[n['html'][:150] for n in f['nodes']]}" for f in found]


def sideways(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    page.wait_for_load_state()
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


def cut(page: Page | Frame, within: str = "body") -> list[str]:
    """Return what of a page's words, or of a part's, can't be read as it stands."""
    found: list[str] = page.evaluate(_CUT, within)
    return found
