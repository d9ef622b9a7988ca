"""What the tests of the public pages share."""

from upstander.tips.tests.site import site

__all__ = ["site"]
