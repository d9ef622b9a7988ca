"""Contrast of every pair of colours that meet (WCAG 2.2: 1.4.3 text 4.5, 1.4.11 shapes 3)."""

import re

import pytest

from upstander.ui import stylesheets

GROUNDS = ("paper", "sheet", "sunk", "wash", "red-wash", "amber-wash", "green-wash", "note")
TEXT = [
    *(("ink", ground) for ground in GROUNDS),
    *(("ink-soft", ground) for ground in GROUNDS),
    *(("link", ground) for ground in ("paper", "sheet", "wash", "red-wash", "amber-wash")),
    *(("red-ink", ground) for ground in ("paper", "sheet", "red-wash", "wash")),
    ("on-main", "main"),
    ("on-main", "main-deep"),
    ("on-mine", "mine"),
    ("on-mine-soft", "mine"),
    ("on-night", "night"),
    ("on-night-soft", "night"),
    ("white", "red"),
    ("white", "red-deep"),
    ("black", "amber"),
]
SHAPES = [
    *(("edge", ground) for ground in ("paper", "sheet", "note")),
    *(("focus", ground) for ground in ("paper", "sheet", "wash", "note", "red-wash")),
    ("main", "sheet"),
    ("amber-ink", "sheet"),
    ("green-ink", "sheet"),
    ("note-edge", "note"),
    ("red", "paper"),
]


def colours(scheme: str) -> dict[str, str]:
    """Give name to hex colour, as the sheets of `scheme` (light, dark) leave them."""
    css = (stylesheets.SOURCES / "tokens.css").read_text()
    if scheme == "dark":
        css += (stylesheets.SOURCES / "dark.css").read_text()
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))
    return {**found, "white": "#ffffff", "black": "#1c1d1f"}


def luminance(colour: str) -> float:
    """Give the relative luminance of a hex colour, as WCAG defines it."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Give the contrast of two hex colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "ground", "least"),
    [*((*pair, 4.5) for pair in TEXT), *((*pair, 3.0) for pair in SHAPES)],
)
def test_contrast(scheme: str, front: str, ground: str, least: float) -> None:
    known = colours(scheme)
    assert contrast(known[front], known[ground]) >= least
