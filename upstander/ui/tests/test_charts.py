"""Charts of spans: every value lies on the scale, each mark has a shape, no style is inline."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from upstander.ui.charts import Span, moments, spans

seconds = st.one_of(st.none(), st.integers(0, 400 * 86_400))


def places(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'(?:cx|x1|x2|x)="([\d.]+)%"', svg)]


@given(st.lists(st.builds(Span, st.just("A"), seconds, seconds, seconds, seconds), max_size=8))
def test_every_mark_lies_on_the_scale(rows: list[Span]) -> None:
    for wide in (False, True):
        svg = str(spans("Times", rows, wide_labels=wide))
        assert all(0 <= at <= 100 for at in places(svg))
        assert svg.count("<circle") == sum(row.median is not None for row in rows)
        assert svg.count("chart-target") == sum(row.target is not None for row in rows)
        assert "style=" not in svg
        assert 2 <= svg.count("chart-scale") <= 6


def test_longer_lies_further_and_nothing_is_drawn_at_the_edge_that_is_not_there() -> None:
    svg = str(spans("Times", [Span("A", 13, 96, 142, 60), Span("B", 24_000, 600_000)]))
    at = [float(x) for x in re.findall(r'<circle[^>]*cx="([\d.]+)%"', svg)]
    [target] = re.findall(r'chart-target" x1="([\d.]+)%"', svg)
    assert 22 < at[0] < float(target) < at[1] < 96


def test_a_title_is_read_out_and_never_markup() -> None:
    svg = str(spans('<b>"', [Span("<i>", 3)]))
    assert 'role="img" aria-label="&lt;b&gt;&quot;"' in svg
    assert "<i>" not in svg


def test_what_failed_is_a_cross_and_the_rest_bars() -> None:
    svg = str(moments("Test tips", [(1.5, True), (None, False), (3.0, True), (None, True)]))
    assert svg.count("chart-cross") == 1
    assert svg.count("<rect") == 3
    assert "<rect" not in str(moments("None", []))
