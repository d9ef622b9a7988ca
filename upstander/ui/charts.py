"""Charts as inline SVG, readable without colour: each mark has its own shape and says its figure.

Positions across are parts of the width and text has its own size, so that a chart is as readable on
a phone as on a wall. A row of which nothing is known is not drawn. A table with the same figures
always stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from upstander.ui.moments import span

_MIN, _HOUR, _DAY = 60, 3600, 86_400
#: What a scale of spans is marked with, in seconds.
_ROUND: tuple[int, ...] = (
    *(1, 2, 5, 10, 20, 30),
    *(n * _MIN for n in (1, 2, 5, 10, 20, 30)),
    *(n * _HOUR for n in (1, 2, 4, 8, 24)),
    *(n * _DAY for n in (2, 4, 7, 14, 30, 60, 120, 365, 730)),
)
#: Where the scale lies, as parts of the width in percent, and how many marks have room on a phone.
_LEFT, _RIGHT, _MOST = 4.0, 95.0, 5
#: Where the scale of ``moments`` stands: left of it are its words.
_AXIS = 16.0
#: Heights: of the scale, a line of text, the marks.
_TOP, _TEXT, _MARKS = 24, 16, 24
#: The width that a sign takes, in percent of a phone's chart.
_SIGN = 2.0


@dataclass(frozen=True, slots=True)
class Span:
    """One row: half took no longer than ``median`` seconds, and so on. None: too few to say."""

    label: str
    median: float | None
    p90: float | None = None
    p99: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One row: so many percent did. None: nothing to say, and it is not drawn."""

    label: str
    percent: int | None


def spans(title: str, rows: Sequence[Span]) -> SafeString:
    """Draw one row a span on a logarithmic scale, its label above it and each figure at its mark.

    A dot is the median, a diamond the 90th and a bar the 99th percentile; a dashed line the target.
    """
    rows = [row for row in rows if row.median is not None]
    values = [v for r in rows for v in (r.median, r.p90, r.p99, r.target) if v is not None]
    marks = _marks(min(values, default=1), max(values, default=10))
    low, high = marks[0], marks[-1]

    def at(seconds: float) -> float:
        part = math.log(max(seconds, low) / low) / math.log(high / low)
        return _LEFT + (_RIGHT - _LEFT) * min(part, 1)

    drawn, top = [], _TOP
    for row in rows:
        said = _said(row, at)
        drawn.append(_row(row, said, top, at))
        top += _height(said)
    grid = [(at(seconds), span(seconds)) for seconds in marks]
    return _chart(title, top + 4, (_grid(grid, top), *drawn))


def shares(title: str, rows: Sequence[Share]) -> SafeString:
    """Draw one bar a row on a scale from 0 to 100 percent, which is the target of each."""
    rows = [row for row in rows if row.percent is not None]

    def at(percent: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * percent / 100

    row_height = 2 * _TEXT + 14
    bottom = _TOP + row_height * len(rows)
    scale = _grid([(at(n), f"{n} %") for n in range(0, 101, 25)], bottom)
    drawn = [
        format_html(
            '{}<rect class="chart-column" x="{}" y="{}" width="{}" height="10"/>'
            '<text class="chart-value" x="{}" y="{}" text-anchor="{}">{}</text>',
            _label(row.label, _TOP + row_height * n),
            _part(at(0)),
            _TOP + row_height * n + _TEXT + 4,
            _part(max(at(row.percent or 0) - at(0), 0.3)),
            _part(at(row.percent or 0)),
            _TOP + row_height * n + _TEXT + 26,
            _anchor(at(row.percent or 0), "100 %"),
            f"{row.percent} %",
        )
        for n, row in enumerate(rows)
    ]
    target = format_html(
        '<line class="chart-target" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="chart-value" x="{0}" y="{3}" text-anchor="end">{4}</text>',
        _part(at(100)),
        _TOP - 4,
        bottom,
        bottom + 14,
        gettext("target: all of them"),
    )
    return _chart(title, bottom + _TEXT + 4, (scale, target, *drawn))


def _part(percent: float) -> str:
    return f"{percent:.2f}%"


def _chart(title: str, height: int, parts: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        height,
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _grid(marks: Iterable[tuple[float, str | Promise]], bottom: int) -> SafeString:
    return format_html_join(
        "",
        '<line class="chart-grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="chart-scale" x="{0}" y="12" text-anchor="middle">{3}</text>',
        ((_part(at), _TOP - 6, bottom, words) for at, words in marks),
    )


def _label(words: str, top: int) -> SafeString:
    return format_html('<text class="chart-label" x="0" y="{}">{}</text>', top + 14, words)


def _marks(shortest: float, longest: float) -> list[int]:
    """Return what the scale is marked with: from at most the shortest to at least the longest.

    At least three and at most five, as far from each other as may be, the two ends among them.
    """
    first = max((n for n, mark in enumerate(_ROUND) if mark <= shortest), default=0)
    last = next((n for n, mark in enumerate(_ROUND) if mark >= longest), len(_ROUND) - 1)
    while last - first < 3:
        first, last = max(first - 1, 0), min(last + 1, len(_ROUND) - 1)
    if last - first < _MOST:
        return list(_ROUND[first : last + 1])
    # The nearest round times to even steps of the scale.
    low, high = _ROUND[first], _ROUND[last]
    even = [low * (high / low) ** (n / (_MOST - 1)) for n in range(1, _MOST - 1)]
    between = {min(_ROUND, key=lambda one: abs(math.log(one / at))) for at in even}
    return sorted({low, high} | between)


def _anchor(at: float, words: str) -> str:
    """Return by which end words are held so that all of them stand on the chart."""
    half = len(words) * _SIGN / 2
    return "start" if at < half else "end" if at > 100 - half else "middle"


def _said(row: Span, at: Callable[[float], float]) -> list[tuple[int, float, str]]:
    """Return each figure's words, where they stand across, and in which line: 0 above the marks.

    No words lie upon others, on a phone either: those that would go into the next line.
    """
    words = [
        (value, said % {"span": span(value)})
        for value, said in (
            (row.median, "%(span)s"),
            (row.p90, "%(span)s"),
            (row.p99, "%(span)s"),
            (row.target, gettext("target %(span)s")),
        )
        if value is not None
    ]
    placed: list[tuple[int, float, str]] = []
    taken: dict[int, list[tuple[float, float]]] = {}
    seen: set[str] = set()
    for value, said in words:
        # Where most took equally long, one figure says it for all.
        if said in seen:
            continue
        seen.add(said)
        x, wide = at(value), len(said) * _SIGN
        begin = {"start": x, "end": x - wide, "middle": x - wide / 2}[_anchor(x, said)]
        line = next(
            line
            for line in range(len(words))
            if all(begin > e + 1 or begin + wide < b - 1 for b, e in taken.get(line, ()))
        )
        taken.setdefault(line, []).append((begin, begin + wide))
        placed.append((line, x, said))
    return placed


def _height(said: list[tuple[int, float, str]]) -> int:
    return 2 * _TEXT + _MARKS + _TEXT * max(line for line, _, _ in said) + 6


def _row(
    row: Span, said: list[tuple[int, float, str]], top: int, at: Callable[[float], float]
) -> SafeString:
    y = top + 2 * _TEXT + _MARKS // 2 + 1
    known = [at(v) for v in (row.median, row.p90, row.p99) if v is not None]
    parts = [_label(row.label, top)]
    if row.target is not None:
        parts.append(_line("chart-target", at(row.target), y - 11, y + 11))
    parts += [
        format_html(
            '<line class="chart-line" x1="{}" x2="{}" y1="{}" y2="{}"/>',
            _part(one),
            _part(two),
            y,
            y,
        )
        for one, two in pairwise(known)
    ]
    if row.median is not None:
        parts.append(
            format_html(
                '<circle class="chart-mark" cx="{}" cy="{}" r="5"/>', _part(at(row.median)), y
            )
        )
    if row.p90 is not None:
        parts.append(
            format_html(
                '<svg class="chart-at" x="{}" y="{}"><path class="chart-mark chart-hollow"'
                ' d="M0-6 6 0 0 6-6 0z"/></svg>',
                _part(at(row.p90)),
                y,
            )
        )
    if row.p99 is not None:
        parts.append(_line("chart-bar", at(row.p99), y - 7, y + 7))
    parts += [
        format_html(
            '<text class="chart-value" x="{}" y="{}" text-anchor="{}">{}</text>',
            _part(x),
            y - 12 if line == 0 else y + 7 + _TEXT * line,
            _anchor(x, words),
            words,
        )
        for line, x, words in said
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def _line(kind: str, at: float, y1: int, y2: int) -> SafeString:
    return format_html(
        '<line class="{0}" x1="{1}" x2="{1}" y1="{2}" y2="{3}"/>', kind, _part(at), y1, y2
    )


def moments(
    title: str,
    values: Sequence[tuple[float | None, bool]],
    *,
    first: str = "",
    last: str = "",
) -> SafeString:
    """Draw how long something took, oldest first: a bar each, a cross where it failed.

    ``values``: (seconds, whether it went well); ``first`` and ``last``: when those were. Bars stand
    on a scale of seconds from 0, which ends at a round time above the longest.
    """
    longest = max((v for v, _ in values if v is not None), default=1) or 1
    end = next((one for one in _ROUND if one >= longest), longest)
    # A single bar as wide as the page would be taken for more than one.
    step = (_RIGHT - _AXIS) / max(len(values), 12)
    height, top = 96, 10
    parts = [
        format_html(
            '<line class="chart-grid" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"/>'
            '<text class="chart-scale" x="{3}%" y="{4}" text-anchor="end">{5}</text>',
            _AXIS,
            _RIGHT,
            round(top + height * (1 - part)),
            _AXIS - 1.5,
            round(top + height * (1 - part)) + 4,
            span(end * part),
        )
        for part in (0, 0.5, 1)
    ]
    for n, (seconds, well) in enumerate(values):
        left = _AXIS + (n + 0.15) * step
        if not well:
            parts.append(
                format_html(
                    '<svg class="chart-at" x="{}" y="{}"><path class="chart-cross"'
                    ' d="M-5-5 5 5M5-5-5 5"/></svg>',
                    _part(left + 0.35 * step),
                    top + height - 10,
                )
            )
            continue
        tall = max(2.0, (seconds or 0) / end * height)
        parts.append(
            format_html(
                '<rect class="chart-column" x="{}" y="{}" width="{}" height="{}"/>',
                _part(left),
                f"{top + height - tall:.1f}",
                _part(step * 0.7),
                f"{tall:.1f}",
            )
        )
    ends = ((_AXIS, "start", first), (_AXIS + step * len(values), "end", last))
    parts += [
        format_html(
            '<text class="chart-scale" x="{}" y="{}" text-anchor="{}">{}</text>',
            _part(x),
            top + height + 18,
            anchor,
            words,
        )
        for x, anchor, words in (ends if len(values) >= 8 else ends[:1])
        if words
    ]
    return _chart(title, top + height + 24, parts)
