"""Limits that begin anew with each test; and no request runs Argon2id without its turn."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.core import context
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.core.cache import cache

from upstander.people.turns import has_turn
from upstander.vault import invitations, passwords


@pytest.fixture(autouse=True)
def _no_limits_left_over(request: pytest.FixtureRequest) -> None:
    """The limits lie in the database; what asks for none of it has none."""
    if {"db", "transactional_db"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture(autouse=True)
def _no_run_without_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new way in that forgets its turn (``turns.py``) fails here."""

    def in_its_turn(**values: Any) -> Any:
        assert context.request is None or has_turn(), "Argon2id runs without a turn"
        return Argon2id(**values)

    for module in (passwords, invitations):
        monkeypatch.setattr(module, "Argon2id", in_its_turn)
