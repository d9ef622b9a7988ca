"""What the tests of tips share."""

from upstander.tips.tests.site import site

__all__ = ["site"]
