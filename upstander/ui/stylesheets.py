"""Puts the style sheets together: `python -m upstander.ui.stylesheets` after a change in `styles/`.

Plain CSS, so that no tool of another language is needed to change a colour. The results are
committed; a test compares them with their sources. Why not USWDS's own sheets: docs/adr.
"""

import re
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = HERE / "styles"
TARGETS = HERE / "static" / "ui"

DARK = "screen and (prefers-color-scheme: dark)"
SHARED = ("base", "controls", "notices", "talk", "cards", "leave")
SHEETS: dict[str, tuple[str, ...]] = {
    # A reporter's first load: everything in one small file, the dark colours included.
    "public.css": (
        "tokens",
        f"dark@{DARK}",
        *SHARED,
        "public",
        "print",
    ),
    "desk.css": ("tokens", *SHARED, "note", "priority", "lists", "desk", "print", "paper"),
    # Apart, so that a switch can turn it on and off whatever the system prefers.
    "dark.css": ("dark",),
}
"""Sheet to the sources it is made of, in order; `name@query` puts a source into a media query."""


def squeeze(css: str) -> str:
    """Take comments and spare white space out of `css`; nothing cleverer, so nothing breaks."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r"(?<=[{;])([\w-]+):\s+", r"\1:", css)
    return css.replace(";}", "}").strip()


def build(sheet: str) -> str:
    """Give the text of `sheet`, one line a source."""
    lines = []
    for part in SHEETS[sheet]:
        name, _, query = part.partition("@")
        css = squeeze((SOURCES / f"{name}.css").read_text())
        lines.append(f"@media {query}{{{css}}}" if query else css)
    return "\n".join(lines) + "\n"


def write_all() -> None:
    """Write every sheet into the static files."""
    for sheet in SHEETS:
        (TARGETS / sheet).write_text(build(sheet))


if __name__ == "__main__":
    write_all()
