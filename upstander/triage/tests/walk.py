"""For the walk over all addresses: whoever has a tip answers on its own page, and nowhere else."""

from __future__ import annotations

from tests.story import Owners

WHOSE: dict[str, Owners] = {"triage:answer_away": lambda values: set()}
