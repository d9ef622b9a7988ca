"""The fonts that come with the program: what is printed looks the same on each machine."""

from __future__ import annotations

from importlib.resources import as_file, files

import typst


def fonts() -> typst.Fonts:
    """Return them for the typesetter, which looks for no others."""
    with as_file(files("upstander.ui").joinpath("fonts")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
