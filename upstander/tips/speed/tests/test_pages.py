"""Pages with slots, kept or rendered each time: what comes out is the page, plain or packed."""

from __future__ import annotations

import gzip
import zlib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from upstander.tips.speed import Page, Shelf, slot
from upstander.tips.speed.kept import KeptPage
from upstander.tips.speed.plain import RenderedPage

HTML = f"<p>{slot('one')}</p>" + "some words " * 50 + f"<b>{slot('two')}</b>{slot('one')}"
PAGE = KeptPage(HTML)
EITHER = pytest.mark.parametrize("page", [PAGE, RenderedPage(HTML)], ids=["quick", "plain"])


@EITHER
@given(one=st.text(max_size=200), two=st.text(max_size=200))
def test_packed_and_plain_are_the_same_page(page: Page, one: str, two: str) -> None:
    one, two = (text.encode("utf-8", "replace").decode() for text in (one, two))
    values = {"one": one, "two": two}
    plain = page.filled(values)
    assert plain.decode() == f"<p>{one}</p>" + "some words " * 50 + f"<b>{two}</b>{one}"
    packed = page.gzipped(values)
    assert packed is None or gzip.decompress(packed) == plain


def test_a_value_longer_than_a_stored_block_is_packed_too() -> None:
    values = {"one": "ä" * 70_000, "two": ""}
    assert gzip.decompress(PAGE.gzipped(values)) == PAGE.filled(values)


def test_what_fills_a_slot_does_not_show_in_the_length() -> None:
    alike = PAGE.gzipped({"one": "some words " * 3, "two": ""})
    unlike = PAGE.gzipped({"one": "qzjxkvbwyph" * 3, "two": ""})
    assert len(alike) == len(unlike)
    assert len(alike) < len(zlib.compress(PAGE.filled({"one": "", "two": ""}))) + 200


@EITHER
def test_a_value_that_looks_like_a_slot_stays_what_it_is(page: Page) -> None:
    assert slot("two").encode() in page.filled({"one": slot("two"), "two": "2"})


@EITHER
def test_a_slot_left_out_is_an_error(page: Page) -> None:
    with pytest.raises(KeyError):
        page.filled({"one": "1"})


def test_without_the_machinery_a_shelf_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "PLAIN_INTAKE", True)
    shelf, rendered = Shelf(), iter("ab")
    assert [shelf.page("key", lambda: next(rendered)).filled({}) for _ in "ab"] == [b"a", b"b"]


def test_a_shelf_renders_once_and_forgets_the_longest_unused() -> None:
    rendered: list[str] = []

    def page(shelf: Shelf, name: str) -> Page:
        def render() -> str:
            rendered.append(name)
            return name

        return shelf.page(name, render)

    shelf = Shelf(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert page(shelf, name).filled({}) == name.encode()
    assert rendered == ["a", "b", "c", "b"]
