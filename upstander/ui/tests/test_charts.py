"""Charts of spans: every value lies on the scale, each mark has a shape, no style is inline."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from upstander.ui.charts import Share, Span, moments, shares, spans

seconds = st.one_of(st.none(), st.integers(0, 400 * 86_400))


def places(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'(?:cx|x1|x2|x)="([\d.]+)%"', svg)]


def texts(svg: str, kind: str) -> list[tuple[float, int, str, str]]:
    """Return what is written: where across, at which height, how it is anchored, and the words."""
    found = re.findall(
        rf'<text class="chart-{kind}" x="([\d.]+)%" y="(\d+)" text-anchor="(\w+)">([^<]*)<', svg
    )
    return [(float(x), int(y), anchor, words) for x, y, anchor, words in found]


def on_a_phone(one: tuple[float, int, str, str]) -> tuple[float, float]:
    """Return from where to where words go on a chart of 328 pixels, a sign being 6 wide."""
    x, _, anchor, words = one
    at, wide = x * 3.28, 6 * len(words)
    begin = {"start": at, "middle": at - wide / 2, "end": at - wide}[anchor]
    return begin, begin + wide


@given(st.lists(st.builds(Span, st.just("A"), seconds, seconds, seconds, seconds), max_size=8))
def test_every_mark_lies_on_the_scale(rows: list[Span]) -> None:
    svg = str(spans("Times", rows))
    told = [row for row in rows if row.median is not None]
    assert all(0 <= at <= 100 for at in places(svg))
    assert svg.count("<circle") == svg.count("chart-label") == len(told), "no row is empty"
    assert svg.count('"chart-target"') == sum(row.target is not None for row in told)
    assert "style=" not in svg
    assert 3 <= svg.count("chart-scale") <= 5


@given(st.lists(st.builds(Span, st.just("A"), seconds, seconds, seconds, seconds), max_size=4))
def test_no_words_lie_upon_others_on_a_phone(rows: list[Span]) -> None:
    svg = str(spans("Times", rows))
    height = int(re.findall(r'height="(\d+)" role="img"', svg)[0])
    for kind in ("scale", "value"):
        lines: dict[int, list[tuple[float, float]]] = {}
        for one in texts(svg, kind):
            lines.setdefault(one[1], []).append(on_a_phone(one))
            assert 0 < one[1] < height
        for line in lines.values():
            for before, after in pairwise(sorted(line)):
                assert before[1] <= after[0], (line, svg)
    assert all(begin >= 0 and end <= 328 for begin, end in map(on_a_phone, texts(svg, "value")))


def test_each_figure_stands_at_its_mark_and_the_target_is_drawn_and_named() -> None:
    svg = str(spans("Times", [Span("A", 41, 96, 142, 60), Span("None known", None, target=60)]))
    [target] = re.findall(r'class="chart-target" x1="([\d.]+)%"', svg)
    [median] = re.findall(r'<circle[^>]*cx="([\d.]+)%"', svg)
    said = {words: x for x, _, _, words in texts(svg, "value")}
    assert list(said) == ["41 s", "96 s", "2 min 22 s", "target 60 s"]
    assert (said["target 60 s"], said["41 s"]) == (float(target), float(median))
    assert "None known" not in svg
    marks = [words for _, _, _, words in texts(svg, "scale")]
    assert marks == ["30 s", "60 s", "2 min", "5 min"]


def test_shares_stand_on_a_scale_to_all_of_them_which_is_the_target() -> None:
    svg = str(shares("On time", [Share("A", 86), Share("Not known", None), Share("C", 0)]))
    assert [w for _, _, _, w in texts(svg, "scale")] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert svg.count("<rect") == 2
    assert "Not known" not in svg
    [target] = re.findall(r'class="chart-target" x1="([\d.]+)%"', svg)
    scale = {words: x for x, _, _, words in texts(svg, "scale")}
    assert float(target) == scale["100 %"]
    said = {words: x for x, _, _, words in texts(svg, "value")}
    assert scale["75 %"] < said["86 %"] < scale["100 %"]


def test_longer_lies_further_and_nothing_is_drawn_at_the_edge_that_is_not_there() -> None:
    svg = str(spans("Times", [Span("A", 13, 96, 142, 60), Span("B", 24_000, 600_000)]))
    at = [float(x) for x in re.findall(r'<circle[^>]*cx="([\d.]+)%"', svg)]
    [target] = re.findall(r'chart-target" x1="([\d.]+)%"', svg)
    assert 4 < at[0] < float(target) < at[1] < 96


def test_a_title_is_read_out_and_never_markup() -> None:
    svg = str(spans('<b>"', [Span("<i>", 3)]))
    assert 'role="img" aria-label="&lt;b&gt;&quot;"' in svg
    assert "<i>" not in svg


def test_what_failed_is_a_cross_and_the_rest_bars() -> None:
    svg = str(moments("Test tips", [(1.5, True), (None, False), (3.0, True), (None, True)]))
    assert svg.count("chart-cross") == 1
    assert svg.count("<rect") == 3
    assert "<rect" not in str(moments("None", []))
    assert [words for _, _, _, words in texts(svg, "scale")] == ["0 s", "2.5 s", "5 s"]


def test_moments_say_when_the_first_and_last_were() -> None:
    svg = str(moments("T", [(1.5, True)] * 8, first="3 hours ago", last="1 minute ago"))
    assert [words for *_, words in texts(svg, "scale")][-2:] == ["3 hours ago", "1 minute ago"]
    one = str(moments("T", [(1.5, True)], first="now", last="now"))
    assert [words for *_, words in texts(one, "scale")][3:] == ["now"], "once"
