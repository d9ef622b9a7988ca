"""What a comparison found, as a page with charts and as CSV: the same study, the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from upstander.callouts.simulation.study import (
    GOAL_IN_PERSON,
    GOAL_IN_TIME,
    LANGUAGES,
    Estimate,
    Figures,
    Study,
    estimate,
    middle,
)
from upstander.callouts.simulation.world import REGIONS, Inputs, region_of
from upstander.callouts.simulation.year import Policy

HEAD = "Invented geography and hours: a comparison of policies, no evidence about any state"
#: What is compared: attribute of Figures, words.
_MEASURES = (
    ("in_time", "in time: of those seen in person, within 45 minutes of the decision to go"),
    ("in_person", "in person: of all episodes"),
    ("kept", "kept: within 45 minutes, of all that were not settled by phone at once"),
    ("from_call", "from the call: within 45 minutes of the first call, as the family counts"),
)
_BOTH = ("in time, baseline", "in time, planned", "kept, baseline", "kept, planned")
_INPUTS = {
    "speed": "speed on the road",
    "accept": "time until an offer is accepted",
    "on_scene": "time with the child",
    "after": "time for notes and the way back",
    "elsewhere": "share of a shift spent on follow-up visits",
    "staff": "clinicians on shift",
    "patience": "time after which a callout nobody took ends by phone",
}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1b1b}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}
.banner{border:2px solid #8a4b00;padding:.5rem 1rem;font-weight:600}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{width:100%;min-width:34rem;height:auto}text{font:13px system-ui,sans-serif}
.base{fill:#9a9a9a}.product{fill:#1f5f99}.goal{stroke:#8a4b00;stroke-dasharray:4 3}
.interval{stroke:#1b1b1b;stroke-width:2}
@media(prefers-color-scheme:dark){body{background:#16181b;color:#e8e8e8}text{fill:#e8e8e8}
.base{fill:#777}.product{fill:#6aa9e0}.interval{stroke:#e8e8e8}.banner{border-color:#d9a05b}}
"""


def write(study: Study, folder: Path) -> None:
    """Write ``report.html`` and ``figures.csv`` into ``folder``, which is made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").write_text(html(study), encoding="utf-8")
    (folder / "figures.csv").write_text(table(study), encoding="utf-8")


def table(study: Study) -> str:
    """Return every run's figures as CSV, a row a run; shares from 0 to 1, minutes."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    names = [name for name, _ in _MEASURES]
    parts = [*REGIONS, *(f"language {name}" for name in LANGUAGES.values())]
    rows.writerow(
        ["note", "scenario", "policy", "seed", *names, "median", "p90", "p99", "schools", *parts]
    )
    for (scenario, policy), figures in study.years.items():
        for seed, one in zip(study.seeds, figures, strict=False):
            values = [getattr(one, name) for name in names]
            values += [*one.minutes, one.schools, *one.regions, *one.languages]
            rows.writerow(
                [HEAD, scenario, policy.value, seed, *(f"{value:.4f}" for value in values)]
            )
    return out.getvalue()


def html(study: Study) -> str:
    """Return the page: what the same staff reaches, who stays under the goal, what mends it."""
    usual = {policy: study.years["as usual", policy] for policy in Policy}
    parts = [
        format_html("<h1>{}</h1>", "Who goes: a year of mobile crisis under two policies"),
        format_html('<p class="banner">{}.</p>', HEAD),
        _method(study),
        _compared(usual),
        _by_part("By region", REGIONS, usual, "regions"),
        _by_part("By language", tuple(LANGUAGES.values()), usual, "languages"),
        _added(study),
        _scenarios(study),
        _varied(study),
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{HEAD}</title><style>{_STYLE}</style><body>{''.join(parts)}</body></html>\n"
    )


def _method(study: Study) -> SafeString:
    return format_html(
        "<p>13,328 episodes a year, 44 % of them from schools: that is published. Towns, ways, "
        "shifts and all times are made up, and set so that the baseline (the {}) meets the "
        "published 79 % in time and 92 % in person. The other policy is the product's own: offers "
        "{} and are soon free. Both meet the same calls, the same traffic and the same people. "
        "Visits for which the family chose a later day are not in it. Seeds {} to {}; hard weeks "
        "and varied inputs by a quarter of them. Intervals are of 95 %.</p>",
        Policy.BASELINE.value,
        Policy.PRODUCT.value,
        study.seeds[0],
        study.seeds[-1],
    )


def _compared(usual: dict[Policy, list[Figures]]) -> SafeString:
    rows, bars = [], []
    for name, words in _MEASURES:
        values = {p: [getattr(one, name) for one in usual[p]] for p in Policy}
        pairs = zip(values[Policy.PRODUCT], values[Policy.BASELINE], strict=True)
        gain = estimate([one - other for one, other in pairs])
        means = [estimate(values[policy]) for policy in Policy]
        rows.append([words, *(_percent(one.mean) for one in means), _points(gain)])
        bars.append((words.split(":")[0], means))
    minutes = {p: middle(usual[p]).minutes for p in Policy}
    for n, words in enumerate(("median minutes", "nine in ten within", "99 in 100 within")):
        both = [minutes[policy][n] for policy in Policy]
        rows.append([words, *(f"{one:.0f}" for one in both), f"{both[1] - both[0]:+.1f}"])
    head = ("of a year", "baseline", "planned", "difference, paired")
    return format_html(
        '<h2>With the same staff</h2><div class="wide">{}</div>{}'
        "<p>Goals: {} in time, {} in person. A policy that leaves the far ones "
        "to the phone looks better by “in time”; “kept” does not let it.</p>",
        _bars(bars),
        _table(head, rows),
        _percent(GOAL_IN_TIME),
        _percent(GOAL_IN_PERSON),
    )


def _by_part(
    title: str, names: Sequence[str], usual: dict[Policy, list[Figures]], part: str
) -> SafeString:
    means = {policy: getattr(middle(usual[policy]), part) for policy in Policy}
    rows, below = [], []
    for n, name in enumerate(names):
        both = [means[policy][n] for policy in Policy]
        rows.append([name, *(_percent(one) for one in both), f"{(both[1] - both[0]) * 100:+.1f}"])
        if both[1] < GOAL_IN_TIME:
            below.append(name)
    said = (
        f"Still under {_percent(GOAL_IN_TIME)} when planned: {', '.join(below)}."
        if below
        else f"All reach {_percent(GOAL_IN_TIME)} when planned."
    )
    head = ("seen in time", "baseline", "planned", "points")
    return format_html("<h2>{}</h2>{}<p>{}</p>", title, _table(head, rows), said)


def _added(study: Study) -> SafeString:
    rows = [
        [
            str(len(sites)),
            f"site {sites[-1] + 1} ({REGIONS[region_of(sites[-1])]})" if sites else "nobody",
            _percent(figures.in_time),
            f"{_percent(min(figures.regions))} "
            f"({REGIONS[figures.regions.index(min(figures.regions))]})",
        ]
        for sites, figures in study.added
    ]
    whole = min(study.added[-1][1].regions) >= GOAL_IN_TIME
    number = len(study.added[-1][0])
    said = (
        f"{number} more on each shift bring every region to {_percent(GOAL_IN_TIME)}."
        if whole
        else f"{number} more on each shift do not bring every region there."
    )
    head = ("added", "the last one at", "in time", "the region that does worst")
    return format_html(
        "<h2>How many more, and where</h2>{}<p>One more around the clock each time, where fewest "
        "are reached in time. {}</p>",
        _table(head, rows),
        said,
    )


def _scenarios(study: Study) -> SafeString:
    rows = []
    for name in dict.fromkeys(scenario for scenario, _ in study.years):
        both = [middle(study.years[name, policy]) for policy in Policy]
        rows.append(
            [
                name,
                *(_percent(getattr(one, part)) for part in ("in_time", "kept") for one in both),
            ]
        )
    head = ("a year with", *_BOTH)
    return format_html("<h2>When it is hard</h2>{}", _table(head, rows))


def _varied(study: Study) -> SafeString:
    rows = []
    for name, factor, *both in study.varied:
        value = getattr(Inputs(), name)
        rows.append(
            [
                f"{_INPUTS[name]} {'−' if factor < 1 else '+'}30 % ({value * factor:.3g})",
                *(_percent(getattr(one, part)) for part in ("in_time", "kept") for one in both),
                f"{(both[1].kept - both[0].kept) * 100:+.1f}",
            ]
        )
    head = ("one input changed", *_BOTH, "points kept")
    return format_html("<h2>What nobody publishes, 30 % less and more</h2>{}", _table(head, rows))


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _points(one: Estimate) -> str:
    return f"{one.mean * 100:+.2f} points ± {one.half * 100:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    first, *others = head
    return format_html(
        '<div class="wide"><table><thead><tr><th>{}</th>{}</tr></thead>{}</table></div>',
        first,
        format_html_join("", '<th class="n">{}</th>', ((one,) for one in others)),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            (
                (row[0], format_html_join("", '<td class="n">{}</td>', ((v,) for v in row[1:])))
                for row in rows
            ),
        ),
    )


def _bars(rows: Sequence[tuple[str, Sequence[Estimate]]]) -> SafeString:
    """Draw two bars a measure from 60 to 100 %, each with its interval and its figure."""
    left, right, low = 200, 660, 0.6

    def at(share: float) -> float:
        return left + (right - left) * (min(max(share, low), 1.0) - low) / (1 - low)

    drawn = []
    for n, (words, both) in enumerate(rows):
        top = 12 + n * 56
        drawn.append(format_html('<text x="0" y="{}">{}</text>', top + 24, words))
        for k, (one, kind) in enumerate(zip(both, ("base", "product"), strict=True)):
            y = top + k * 20
            drawn.append(
                format_html(
                    '<rect class="{}" x="{}" y="{}" width="{}" height="16"/>'
                    '<line class="interval" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                    '<text x="{}" y="{}">{} {}</text>',
                    kind,
                    left,
                    y,
                    f"{at(one.mean) - left:.1f}",
                    f"{at(one.mean - one.half):.1f}",
                    f"{at(one.mean + one.half):.1f}",
                    y + 8,
                    y + 8,
                    right + 8,
                    y + 13,
                    _percent(one.mean),
                    ("baseline", "planned")[k],
                )
            )
    goal, height = at(GOAL_IN_TIME), 12 + len(rows) * 56
    line = format_html(
        '<line class="goal" x1="{0}" x2="{0}" y1="4" y2="{1}"/>'
        '<text x="{0}" y="{2}" text-anchor="middle">80 %</text>'
        '<text x="{3}" y="{2}">60 %</text><text x="{4}" y="{2}" text-anchor="end">100 %</text>',
        f"{goal:.1f}",
        height,
        height + 14,
        left,
        right,
    )
    return format_html(
        '<svg viewBox="0 0 820 {}" role="img" aria-label="The shares below">{}{}</svg>',
        height + 20,
        mark_safe("".join(drawn)),  # noqa: S308 -- joined of format_html's own
        line,
    )
