"""The figures that this app publishes: how many an agency helped, once its supervisor releases."""

from __future__ import annotations

from typing import Final

from upstander.base.suppression import LEAST
from upstander.helplines.rights import AdvocateRight
from upstander.plug import Figure

_COUNTS: Final = {
    "clients.taken": "folders that an agency of advocates opened in a half-year, by quarter, and"
    " with how many of them somebody went along",
    "clients.along": "times that an advocate was asked to go along in a half-year, by quarter, and"
    " how many of them somebody was there",
}
_READERS: Final = frozenset({AdvocateRight.RELEASE})
_ON: Final = ("/clients/figures", "/clients/figures.csv")
FIGURES: Final = tuple(
    Figure(key, said[: said.index(" in")], said, "people", _READERS, _ON, least=LEAST, groups=True)
    for key, said in _COUNTS.items()
)
