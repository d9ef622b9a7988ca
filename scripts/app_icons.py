"""Draw the app's icons anew: ``python scripts/app_icons.py`` after a change of the drawings below.

The two people of ui/static/ui/desk.svg for the named look, the grey sheet of the reporter's tabs
(ui/icons.py) for the plain one. Maskable ones fill the square, since systems cut its corners off.
"""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

WHERE = Path(__file__).resolve().parents[1] / "upstander/webapp/static/webapp"
PEOPLE = (
    '<g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"'
    ' transform="translate({at} {at}) scale({scale})"><circle cx="8" cy="6.5" r="3"/>'
    '<path d="M3 21v-4c0-3 2-5 5-5s5 2 5 5v4"/><circle cx="17" cy="11" r="2.3"/>'
    '<path d="M16.5 15.7c2.7-.4 4.5 1.3 4.5 3.8V21"/></g>'
)
SHEET = '<path fill="#fff" d="M8 5h6l3 3v11H8z" transform="translate({at} {at}) scale({scale})"/>'
LOOKS = {"named": ("#14333d", PEOPLE), "plain": ("#71767a", SHEET)}


def main() -> None:
    """Write all icons."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        for look, (ground, drawing) in LOOKS.items():
            for kind, corner, scale in (("", 5, 0.82), ("maskable-", 0, 0.62)):
                for size in (192, 512):
                    inside = drawing.format(at=round(12 * (1 - scale), 2), scale=scale)
                    page.set_viewport_size({"width": size, "height": size})
                    page.set_content(
                        f'<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg"'
                        f' viewBox="0 0 24 24" width="{size}" height="{size}"><rect'
                        f' width="24" height="24" rx="{corner}" fill="{ground}"/>{inside}</svg>'
                    )
                    page.screenshot(path=WHERE / f"{look}-{kind}{size}.png", omit_background=True)


if __name__ == "__main__":
    main()
