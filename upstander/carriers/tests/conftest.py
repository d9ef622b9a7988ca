"""Fixtures of the tests of carriers."""

from tests.phones import phones
from upstander.carriers.tests.lines import north, two
from upstander.tips.tests.site import site

__all__ = ["north", "phones", "site", "two"]
