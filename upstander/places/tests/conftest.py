"""Limits that begin anew with each test."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()
