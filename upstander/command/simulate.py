"""`upstander simulate crisis`: a year of mobile crisis under two policies, as a page and CSV."""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from upstander.callouts.simulation.report import write
from upstander.callouts.simulation.study import study
from upstander.config.home import Home


def simulate(_home: Home, what: str, seed: int, seeds: int, out: Path) -> None:
    """Compare dispatching policies over invented years; it needs no system and touches none.

    ``what``: "crisis". ``seed``: of the first year, ``seeds``: how many years. The same arguments
    give the same bytes.
    """
    with tqdm(total=1, unit="year", desc=what) as bar:

        def done(count: int, total: int) -> None:
            bar.total = total
            bar.update(count - bar.n)

        found = study(seed, seeds, done)
    write(found, out)
    print(f"{out / 'report.html'} and {out / 'figures.csv'}")
