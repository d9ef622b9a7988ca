"""Limits that begin anew with each test, and passwords that cost less than real ones."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from upstander.vault import invitations, passwords


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its full price would be most of the tests' time; the vault's own tests pay it."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 1024)
    monkeypatch.setattr(passwords, "PASSES", 1)
    monkeypatch.setattr(invitations, "_MEMORY_KIB", 1024)
