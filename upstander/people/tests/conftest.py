"""Limits that begin anew with each test."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_over(request: pytest.FixtureRequest) -> None:
    """The limits lie in the database; what asks for none of it has none."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()
