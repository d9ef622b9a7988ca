"""Charts of spans of time as inline SVG, readable without colour: each mark has its own shape.

Positions across are parts of the width and text has its own size, so that a chart is as readable on
a phone as on a wall. A table with the same figures always stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Spans that the scale is marked with, in seconds, and how they are written.
_MARKS: tuple[tuple[int, str], ...] = (
    (1, "1 s"),
    (10, "10 s"),
    (60, "1 min"),
    (600, "10 min"),
    (3600, "1 h"),
    (6 * 3600, "6 h"),
    (86_400, "1 day"),
    (7 * 86_400, "1 week"),
    (30 * 86_400, "30 days"),
    (365 * 86_400, "1 year"),
)
#: Where the scale lies, as parts of the width in percent: left of it stand the labels.
_LEFT, _RIGHT = 22.0, 96.0
_ROW, _TOP = 26, 26


@dataclass(frozen=True, slots=True)
class Span:
    """One row: half took no longer than ``median`` seconds, and so on. None: too few to say."""

    label: str
    median: float | None
    p90: float | None = None
    p99: float | None = None
    target: float | None = None


def spans(title: str, rows: Sequence[Span], *, wide_labels: bool = False) -> SafeString:
    """Draw one row a span on a logarithmic scale; ``wide_labels``: labels stand above their row.

    A dot is the median, a diamond the 90th and a bar the 99th percentile; a dashed line the target.
    """
    left = 3.0 if wide_labels else _LEFT
    row = _ROW + 18 if wide_labels else _ROW
    drawn_values = [v for r in rows for v in (r.median, r.p90, r.p99, r.target) if v is not None]
    marks = _marks(min(drawn_values, default=1), max(drawn_values, default=10))
    low, high = marks[0][0], max(max(drawn_values, default=10) * 1.1, marks[-1][0])

    def x(seconds: float) -> str:
        part = math.log(max(seconds, low) / low) / math.log(high / low)
        return f"{left + (_RIGHT - left) * part:.2f}%"

    height = _TOP + row * len(rows) + 4
    grid = format_html_join(
        "",
        '<line class="chart-grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="chart-scale" x="{0}" y="14" text-anchor="middle">{3}</text>',
        ((x(seconds), _TOP - 6, height, words) for seconds, words in marks),
    )
    drawn = format_html_join(
        "",
        "{}",
        ((_row(span, _TOP + row * at, row, x, wide=wide_labels),) for at, span in enumerate(rows)),
    )
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}{}</svg>',
        height,
        title,
        grid,
        drawn,
    )


def _marks(shortest: float, longest: float) -> list[tuple[int, str]]:
    """Return what the scale is marked with: from at most the shortest to about the longest."""
    first = max((at for at, mark in enumerate(_MARKS[:-1]) if mark[0] <= shortest), default=0)
    last = next((at for at, mark in enumerate(_MARKS) if mark[0] >= longest), len(_MARKS) - 1)
    marks = list(_MARKS[first : max(last, first + 1) + 1])
    # On a phone there is room for five.
    return marks if len(marks) <= 5 else [*marks[:-1:2], marks[-1]]


def _row(
    span: Span, top: int, height: int, place: Callable[[float], str], *, wide: bool
) -> SafeString:
    y = top + height - _ROW // 2
    known = [v for v in (span.median, span.p90, span.p99) if v is not None]
    parts = [
        format_html(
            '<text class="chart-label" x="{}" y="{}">{}</text>',
            "0" if wide else "0.5%",
            top + 12 if wide else y + 4,
            span.label,
        )
    ]
    if span.target is not None:
        parts.append(
            format_html(
                '<line class="chart-target" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
                place(span.target),
                y - 11,
                y + 11,
            )
        )
    if len(known) > 1:
        parts.append(
            format_html(
                '<line class="chart-line" x1="{}" x2="{}" y1="{}" y2="{}"/>',
                place(known[0]),
                place(known[-1]),
                y,
                y,
            )
        )
    if span.median is not None:
        parts.append(
            format_html('<circle class="chart-mark" cx="{}" cy="{}" r="5"/>', place(span.median), y)
        )
    if span.p90 is not None:
        parts.append(
            format_html(
                '<svg class="chart-at" x="{}" y="{}"><path class="chart-mark chart-hollow"'
                ' d="M0-6 6 0 0 6-6 0z"/></svg>',
                place(span.p90),
                y,
            )
        )
    if span.p99 is not None:
        parts.append(
            format_html(
                '<line class="chart-bar" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>',
                place(span.p99),
                y - 7,
                y + 7,
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts))


def moments(title: str, values: Sequence[tuple[float | None, bool]]) -> SafeString:
    """Draw how long something took, oldest first: a bar each, a cross where it failed.

    ``values``: (seconds, whether it went well). Bars are as tall as the longest allows.
    """
    longest = max((v for v, _ in values if v is not None), default=1) or 1
    step = 100 / max(len(values), 1)
    height = 80
    drawn = []
    for at, (seconds, well) in enumerate(values):
        left = f"{at * step:.2f}%"
        if not well:
            drawn.append(
                format_html(
                    '<svg class="chart-at" x="{}" y="{}"><path class="chart-cross"'
                    ' d="M-5-5 5 5M5-5-5 5"/></svg>',
                    f"{(at + 0.5) * step:.2f}%",
                    height - 10,
                )
            )
            continue
        tall = max(2.0, (seconds or 0) / longest * (height - 8))
        drawn.append(
            format_html(
                '<rect class="chart-column" x="{}" y="{}" width="{}" height="{}"/>',
                left,
                f"{height - tall:.1f}",
                f"{step * 0.7:.2f}%",
                f"{tall:.1f}",
            )
        )
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-label="{}">{}'
        '<line class="chart-grid" x1="0" x2="100%" y1="{}" y2="{}"/></svg>',
        height + 2,
        title,
        format_html_join("", "{}", ((one,) for one in drawn)),
        height + 1,
        height + 1,
    )
