"""The style sheets: made from their sources, small, and right in a right-to-left language."""

import re

import brotli  # type: ignore[import-untyped]
import pytest

from upstander.ui import stylesheets

PHYSICAL = re.compile(
    r"[{;](?:margin|padding|border)-(?:left|right)[\w-]*:|[{;](?:left|right):|float:(?:left|right)"
    r"|text-align:left"
)


@pytest.mark.parametrize("sheet", stylesheets.SHEETS)
def test_committed_sheet_is_what_its_sources_give(sheet: str) -> None:
    assert (stylesheets.TARGETS / sheet).read_text() == stylesheets.build(sheet)


@pytest.mark.parametrize("sheet", stylesheets.SHEETS)
def test_sheet_loads_nothing_and_names_no_side(sheet: str) -> None:
    css = stylesheets.build(sheet)
    assert "url(" not in css
    assert "@import" not in css
    assert not PHYSICAL.findall(css)


@pytest.mark.parametrize("sheet", stylesheets.SHEETS)
def test_every_name_used_is_given_a_value(sheet: str) -> None:
    everywhere = stylesheets.build("public.css") + stylesheets.build("desk.css")
    given = set(re.findall(r"(--[\w-]+):", everywhere))
    assert set(re.findall(r"var\((--[\w-]+)", stylesheets.build(sheet))) <= given


def test_the_reporters_sheet_is_small() -> None:
    assert len(brotli.compress(stylesheets.build("public.css").encode())) < 7_000


def test_squeeze_keeps_what_matters() -> None:
    css = "/* why */\na:hover,\nb > c { margin: 0  auto; width: calc(1px + 2px); }\n"
    assert stylesheets.squeeze(css) == "a:hover,b > c{margin:0 auto;width:calc(1px + 2px)}"
