"""Fixtures of the tests of carriers."""

from tests.phones import phones
from upstander.carriers.tests.lines import north, site, two

__all__ = ["north", "phones", "site", "two"]
