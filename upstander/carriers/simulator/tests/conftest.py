"""Phones, and a customer who rings them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.phones import Phones, phones
from upstander.carriers.simulator.tests.customer import Customer

__all__ = ["phones"]


@pytest.fixture
def customer(phones: Phones) -> Iterator[Customer]:
    """Somebody with accounts at both providers."""
    made = Customer(phones)
    yield made
    made.close()
